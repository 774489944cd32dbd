"""Serve the simulated gateways until interrupted, and say how to point a build at them."""

import argparse
import datetime as dt
import shlex
import signal
import sys
import threading
from pathlib import Path

from leaderboard.simulator.server import Simulator


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m leaderboard.simulator",
        description="Serve the three gateways, simulated or replayed, on a local port.",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument(
        "--today",
        type=dt.date.fromisoformat,
        default=dt.datetime.now(dt.UTC).date(),
        metavar="DATE",
        help="the running UTC day; default: the real one",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replay", type=Path, metavar="DIR", help="serve recorded answers")
    arguments = parser.parse_args()
    if arguments.replay is not None and not arguments.replay.is_dir():
        parser.error(f"--replay: {arguments.replay} is no folder")
    return arguments


def main() -> int:
    """Print the environment, then serve."""
    arguments = _arguments()
    # A shell without job control has what it starts in the background ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Simulator(
            today=arguments.today,
            seed=arguments.seed,
            replay=arguments.replay,
            port=arguments.port,
        ) as simulator:
            for name, value in simulator.environment.items():
                print(f"export {name}={shlex.quote(value)}")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as error:
        print(f"The simulator cannot serve: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

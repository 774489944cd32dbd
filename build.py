#!/usr/bin/env python3
"""Fetch what the gateways publish, snapshot it under data/, render the site.

Exit status: 0 all well; 1 a source failed or was refused and the site was published with its
last data; 2 nothing could be published, and the previous site is untouched.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

TYPE_CHECKING = False  # typing itself costs --help a good part of its time, datetime a tenth
if TYPE_CHECKING:
    import datetime as dt
    from typing import NoReturn

    from leaderboard.console import Advance, Tally, Voice
    from leaderboard.http import Session
    from leaderboard.keeping import Keep
    from leaderboard.records import DatasetStatus, Edition
    from leaderboard.snapshots import Store
    from leaderboard.sources import Fetched, Job, Source

ROOT = Path(__file__).resolve().parent


class Arguments(argparse.ArgumentParser):
    """Refuses in one line, as every other problem is told."""

    def error(self, message: str) -> NoReturn:  # noqa: D102 — the base class says
        self.exit(2, f"build.py: {message}\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Measures the terminal without what argparse would import for it."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size().columns
        except (ValueError, OSError):
            columns = 80
        super().__init__(prog, width=columns - 2)


def arguments() -> Arguments:
    """Return the command's options."""
    parser = Arguments(description=__doc__, formatter_class=_Help)
    parser.add_argument("--demo", action="store_true", help="simulated gateways, into _demo/")
    only = parser.add_mutually_exclusive_group()
    add = parser.add_argument
    only.add_argument("--no-fetch", action="store_true", help="render from data/ alone")
    only.add_argument("--fetch-only", action="store_true", help="fetch, snapshot, render nothing")
    add("--source", action="append", metavar="NAME", help="fetch this one only; repeatable")
    add("--data", type=Path, metavar="DIR", help="snapshots (default: data)")
    add("--out", type=Path, metavar="DIR", help="the site (default: _site)")
    add("--base-url", type=_base_url, metavar="URL", help="where the site will stand")
    add("--cache", type=Path, metavar="DIR", help="drawings of earlier builds (default: .cache)")
    add("--as-of", type=_date, metavar="DATE", help="render what was known when that day ended")
    add("--backfill", action="store_true", help="fetch all history the sources still give")
    add("--now", type=_moment, metavar="TIME", help="the run's clock, for tests")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see the module's docstring for the exit status."""
    options = arguments().parse_args(argv)
    import datetime as dt

    now = options.now or dt.datetime.now(dt.UTC)
    if options.as_of is not None and options.as_of > now.date():
        arguments().error(f"--as-of: {options.as_of} has not come yet")
    try:
        if not options.demo:
            return run(options, now, os.environ, ROOT / "data", ROOT / "_site")
        if options.no_fetch or options.as_of:
            return run(options, now, {}, ROOT / "_demo/data", ROOT / "_demo/site")

        from leaderboard.simulator import Simulator

        with Simulator(today=now.date()) as simulator:
            options.backfill = True
            settings = simulator.environment
            return run(options, now, settings, ROOT / "_demo/data", ROOT / "_demo/site")
    except OSError as error:
        from leaderboard.console import one_line

        print(f"build.py: {one_line(str(error))}", file=sys.stderr)
        return 2


def run(
    options: argparse.Namespace,
    now: dt.datetime,
    environ: Mapping[str, str],
    data: Path,
    out: Path,
) -> int:
    """Fetch and render as *options* say; *data* and *out* are their defaults."""
    # Imported late, so that --help and a refused option answer at once; the clients and parsers
    # later still, so that a site that already stands is found without them.
    import datetime as dt
    import tomllib

    from leaderboard import standing
    from leaderboard.keeping import Keep
    from leaderboard.records import Edition

    data, out = options.data or data, options.out or out
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["leaderboard"]
    repository = config["repository_url"] or building_repository(environ)
    edition = Edition(
        title=config["title"],
        base_url=(options.base_url or config["base_url"]).rstrip("/"),
        repository_url=repository,
        contact=config["contact"] or (repository and f"{repository}/issues"),
        built_at=now,
        simulated=options.demo,
        known_at=options.as_of,
    )
    keep = Keep(options.cache or ROOT / ".cache")
    is_fetching = not (options.no_fetch or options.as_of)
    if not is_fetching and stands(out, standing.fingerprint(edition, data, ROOT), keep):
        return 0

    import asyncio

    from leaderboard.console import Voice, one_line
    from leaderboard.http import MalformedKey
    from leaderboard.site.publish import NotASite
    from leaderboard.snapshots import DamagedFile, Store, sweep
    from leaderboard.sources import SOURCES

    voice = Voice()
    names = [source.ID for source in SOURCES]
    if unknown := set(options.source or ()) - set(names):
        arguments().error(f"--source: {sorted(unknown)[0]!r} is none of {', '.join(names)}")
    known_at = options.as_of and dt.datetime.combine(options.as_of, dt.time.max, dt.UTC)
    problems = 0
    try:
        store = Store(data, known_at=known_at)
        require_whole(store)
        if is_fetching:
            sweep(data)
            problems = asyncio.run(fetch(options, edition, environ, store, voice))
        if options.fetch_only:
            return 1 if problems else 0
        made_from = standing.fingerprint(edition, data, ROOT)
        if is_fetching and stands(out, made_from, keep):
            return 1 if problems else 0
        gc.disable()  # all that is read is held to the end: looking for what is not costs a tenth
        status = render(edition, store, out, voice, keep, made_from)
        return max(status, 1 if problems else 0)
    except (DamagedFile, MalformedKey, NotASite) as error:
        print(f"build.py: {one_line(str(error))}", file=sys.stderr)
        return 2
    finally:
        gc.enable()


def stands(out: Path, made_from: str, keep: Keep) -> bool:
    """Tell, and say, whether the site at *out* is what a build would make."""
    from leaderboard import standing

    built = standing.built_at(out, made_from, keep)
    if built is not None:
        print(f"Nothing has changed since {built:%Y-%m-%d %H:%M} UTC: the site stays, {out}")
    return built is not None


def require_whole(store: Store) -> None:
    """Read every file under the data directory; raises `DamagedFile` for the first damaged one."""
    from leaderboard import catalog, plausibility, status
    from leaderboard.sources import SOURCES

    for source in SOURCES:
        for dataset in store.datasets(source.ID):
            store.load(source.ID, dataset)
    catalog.load(store.root)
    status.load(store.root)
    plausibility.accepted(store.root)


def building_repository(environ: Mapping[str, str]) -> str:
    """Give the address of the repository whose workflow runs this, empty outside of one."""
    named = environ.get("GITHUB_REPOSITORY", "")
    return f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{named}" if named else ""


async def fetch(
    options: argparse.Namespace,
    edition: Edition,
    environ: Mapping[str, str],
    store: Store,
    voice: Voice,
) -> int:
    """Fetch the sources side by side, saving each dataset as it comes; return how many failed."""
    import asyncio
    import datetime as dt

    from leaderboard import catalog, status
    from leaderboard.console import Tally
    from leaderboard.http import Policy, Session
    from leaderboard.sources import SOURCES, Asked

    known, listed = catalog.load(store.root), [source.read(store) for source in SOURCES]
    agent = "llm-gateway-leaderboard"
    if edition.repository_url:
        agent += f" (+{edition.repository_url}; {edition.contact})"
    clock = (lambda: edition.built_at) if options.now else (lambda: dt.datetime.now(dt.UTC))
    asked = Asked(now=edition.built_at, environ=environ, backfill=options.backfill)
    policy = Policy(source_s=3600) if options.backfill else Policy()
    async with Session(
        user_agent=agent, clock=clock, paced=not options.demo, policy=policy
    ) as session:
        # All jobs are named before the first request: a malformed key stops the run here.
        planned = [
            (source, list(source.fetch(session, asked)), Tally(name=source.NAME))
            for source in SOURCES
            if source.ID in (options.source or [source.ID])
        ]
        totals = {source.NAME: len(jobs) for source, jobs, _ in planned}
        with voice.progress(totals) as advance:
            fetched = await asyncio.gather(
                *(
                    fetch_source(source, jobs, tally, session, store, edition.built_at, advance)
                    for source, jobs, tally in planned
                )
            )
    statuses = status.load(store.root)
    for found in fetched:
        statuses |= {(s.source, s.dataset): s for s in found}
    status.save(store.root, statuses.values())
    tallies = [tally for _, _, tally in planned]
    tally_of = {source.ID: tally for source, _, tally in planned}
    moved = catalog.changed(known, catalog.load(store.root), listed)
    for name, line in catalog.reported(moved).items():
        # One gateway's catalogue can change who another's names are.
        tally_of.get(name, tallies[0]).notes.append(f"{name}: {line}")
    voice.summarise(tallies)
    for tally in tallies:
        for problem in tally.problems:
            voice.warn(problem)
        for note in tally.notes:
            voice.say(note)
    return sum(len(tally.problems) for tally in tallies)


async def fetch_source(
    source: Source,
    jobs: Sequence[Job],
    tally: Tally,
    session: Session,
    store: Store,
    now: dt.datetime,
    advance: Advance,
) -> list[DatasetStatus]:
    """Fetch one source's datasets in turn; a dataset that fails leaves the others going on."""
    from leaderboard import status
    from leaderboard.console import stopwatch
    from leaderboard.http import GatewayError, SourceStopped
    from leaderboard.plausibility import accepted, require_plausible

    before, allowed = status.load(store.root), accepted(store.root)
    found: list[DatasetStatus] = []
    stopped: SourceStopped | None = None
    wanting: set[str] = set()
    for job in jobs:
        error: GatewayError | None = stopped
        unknown: Sequence[str] = ()
        asked_before = session.requests(source.NAME)
        if job.run is None:
            wanting.add(job.needs_key or "")
        elif stopped is None:
            try:
                with stopwatch(tally):
                    fetched = await job.run()
                    held = store.load(source.ID, job.dataset)
                    require_plausible(fetched.observations, held, allowed)
                    save(source, fetched, store, now, tally)
                    unknown = fetched.unknown_fields
            except GatewayError as problem:
                error = problem
                if isinstance(problem, SourceStopped):
                    stopped = problem
                last = max(store.load(source.ID, job.dataset), default=None)
                tally.problems.append(failure(source.NAME, job.dataset, problem, last))
        found.append(
            status.after_attempt(
                before.get((source.ID, job.dataset)),
                source=source.ID,
                dataset=job.dataset,
                attempted=now if job.run else None,
                error=error if job.run else None,
                needs_key=job.needs_key,
                through=max(store.load(source.ID, job.dataset), default=None),
                unknown_fields=unknown,
                requests=session.requests(source.NAME) - asked_before,
            )
        )
        if unknown:
            tally.notes.append(drift(source.NAME, job.dataset, unknown))
        advance(source.NAME)
    tally.requests = session.requests(source.NAME)
    for variable in sorted(wanting):
        tally.notes.append(f"{source.NAME}: set {variable} for the datasets that need a key")
    return found


def save(source: Source, fetched: Fetched, store: Store, now: dt.datetime, tally: Tally) -> None:
    """Write what a dataset's requests brought."""
    from leaderboard import catalog

    for seen in fetched.observations:
        outcome = store.save(seen)
        tally.rows += len(seen.rows)
        tally.days_new += outcome == "new"
        tally.days_revised += outcome == "revised"
    if fetched.catalogue:
        tally.rows += len(fetched.catalogue)
        known = catalog.load_catalogue(store.root, source.ID)
        catalog.save_catalogue(store.root, catalog.accumulate(known, fetched.catalogue, now.date()))


def failure(name: str, dataset: str, problem: Exception, last: dt.date | None) -> str:
    """Say what failed and what happens next."""
    after = (
        f"its last snapshot, {last}, stays on the site" if last else "there is no earlier snapshot"
    )
    return f"{name} {dataset} failed ({problem}); {after}."


def drift(name: str, dataset: str, unknown: Sequence[str]) -> str:
    """Say which fields came that the contract does not know."""
    fields = "1 field" if len(unknown) == 1 else f"{len(unknown)} fields"
    return f"{name} {dataset}: {fields} beyond the contract, let through: {', '.join(unknown)}"


def render(
    edition: Edition, store: Store, out: Path, voice: Voice, keep: Keep, made_from: str
) -> int:
    """Render the site from the store; return 2 where there is nothing to render."""
    from leaderboard import boards, catalog, site, standing, status
    from leaderboard.sources import SOURCES

    identity = catalog.load(store.root)
    sent = [source.read(store) for source in SOURCES]
    readings = [boards.derive(catalog.named(reading, identity)) for reading in sent]
    store.forget()
    if not any(reading.boards for reading in readings):
        voice.warn(
            f"{store.root} holds no snapshots yet: run `python build.py` to fetch some, "
            "or `python build.py --demo` to see the site with simulated data."
        )
        return 2
    statuses = list(status.load(store.root).values())
    made = site.render(
        edition,
        readings,
        statuses,
        out,
        processes=processors(),
        cache=keep.folder,
        identity=identity,
        sent=sent,
    )
    for chart in made.failed_charts:
        voice.warn(f"a chart could not be drawn, its page has the table alone: {chart}")
    if not made.failed_charts:
        standing.remember(out, made_from, edition, keep)
    voice.say(
        f"{made.pages:,} pages, {made.charts:,} charts, {made.files:,} files, "
        f"{made.bytes / 1e6:.1f} MB, {made.drawn:,} drawings made anew: {out}"
    )
    return 0


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _date(text: str) -> dt.date:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-19") from None


def _moment(text: str) -> dt.datetime:
    import datetime as dt

    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; write it as 2026-11-20T02:37:00Z"
        ) from None
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)


def _base_url(text: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise argparse.ArgumentTypeError(f"{text!r} is no web address")
    return text


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        import traceback

        # Python's own status for a crash, 1, would say that the site was published.
        traceback.print_exc()
        sys.exit(2)

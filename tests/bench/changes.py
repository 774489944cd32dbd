"""Print what changed between two runs of the bench: ``python -m tests.bench.changes OLD NEW``."""

import json
import sys
from pathlib import Path


def changes(old: list[dict[str, object]], new: list[dict[str, object]]) -> list[str]:
    """Say for each figure of both runs what it was, what it is, and the change in percent."""
    before = {one["name"]: one for one in old}
    lines = []
    for one in new:
        was, now = before.get(one["name"], {}).get("value"), one["value"]
        if isinstance(was, int | float) and isinstance(now, int | float):
            change = f"{100 * (now - was) / was:+.0f} %" if was else "from nothing"
            lines.append(f"{one['name']}: {was:,.4g} -> {now:,.4g} {one['unit']} ({change})")
        elif isinstance(now, int | float):
            lines.append(f"{one['name']}: {now:,.4g} {one['unit']} (new)")
    return lines


if __name__ == "__main__":
    first, second = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
    print("\n".join(changes(first, second)))

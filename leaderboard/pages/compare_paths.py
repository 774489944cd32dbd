"""Addresses of the comparison's pages and files."""

from typing import Final

from leaderboard.pages.downloads import API

CLAIMS: Final = f"{API}/claims.json"


def page_path(what: str) -> str:
    """Give the address of a comparison's page."""
    return "compare" if what == "labs" else f"compare/{what}"


def file_paths(what: str) -> tuple[str, str, str]:
    """Give the addresses of a comparison's CSV, JSON, and daily shares."""
    start = f"{API}/compare/{what}"
    return f"{start}.csv", f"{start}.json", f"{start}-daily.json"

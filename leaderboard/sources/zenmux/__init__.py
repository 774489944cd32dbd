"""ZenMux: tokens and list-price cost, per model and per lab. Its figures carry no licence.

Contract: https://docs.zenmux.ai (management statistics API)
"""

from leaderboard.sources.zenmux.fetching import fetch
from leaderboard.sources.zenmux.reading import read
from leaderboard.sources.zenmux.terms import HOMEPAGE, ID, NAME

__all__ = ["HOMEPAGE", "ID", "NAME", "fetch", "read"]

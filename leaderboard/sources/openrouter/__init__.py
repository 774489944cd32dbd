"""OpenRouter: tokens per model and day, and its public apps.

Contract: https://openrouter.ai/docs/cookbook/administration/data-api
"""

from leaderboard.sources.openrouter.fetching import fetch
from leaderboard.sources.openrouter.reading import read
from leaderboard.sources.openrouter.terms import HOMEPAGE, ID, NAME

__all__ = ["HOMEPAGE", "ID", "NAME", "fetch", "read"]

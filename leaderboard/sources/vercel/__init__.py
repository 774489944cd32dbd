"""Vercel AI Gateway: daily shares of models and labs; ranked apps and providers.

Contract: https://vercel.com/docs/ai-gateway/leaderboards
"""

from leaderboard.sources.vercel.fetching import fetch
from leaderboard.sources.vercel.reading import read
from leaderboard.sources.vercel.terms import HOMEPAGE, ID, NAME

__all__ = ["HOMEPAGE", "ID", "NAME", "fetch", "read"]

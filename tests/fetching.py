"""Helpers to run one source's jobs against a simulator, without the command around them."""

import asyncio
import datetime as dt
from collections.abc import Mapping

from leaderboard.http import Policy, Session
from leaderboard.sources import SOURCES, Asked, Fetched

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 3, 0, tzinfo=dt.UTC)
# For what never ends: so that it takes a moment here. Not for answers that are to come, which on
# a busy machine can take longer than that.
IMPATIENT = Policy(
    attempts=2,
    attempt_s=0.4,
    total_s=3,
    first_wait_s=0.01,
    longest_wait_s=1.5,
    max_bytes=8 * 1024 * 1024,
)
PATIENT = Policy(attempts=2, first_wait_s=0.01)


def fetch_dataset(
    environ: Mapping[str, str],
    source: str,
    dataset: str,
    *,
    policy: Policy = PATIENT,
    now: dt.datetime = NOW,
    backfill: bool = False,
) -> Fetched:
    """Fetch one dataset; raises as its job does."""

    async def run() -> Fetched:
        async with Session(
            user_agent="tests", clock=lambda: now, paced=False, policy=policy
        ) as session:
            asked = Asked(now=now, environ=environ, backfill=backfill)
            (module,) = (one for one in SOURCES if source == one.ID)
            (job,) = (job for job in module.fetch(session, asked) if job.dataset == dataset)
            assert job.run is not None
            return await job.run()

    return asyncio.run(run())

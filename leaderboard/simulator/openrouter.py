"""OpenRouter's datasets: daily rankings of models, rankings of apps."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from leaderboard.simulator import answers, growth, listings, tables, world
from leaderboard.simulator.answers import Refused
from leaderboard.simulator.world import World

_DEFAULT_DAYS: Final = 30
_MAX_DAYS: Final = 366
_LISTED: Final = 50
_EXACT: Final = {
    "modality": ("text", "image", "image_output", "audio", "tool_calling"),
    "context_bucket": ("1K", "10K", "100K", "1M", "10M"),
}
_SAMPLED: Final = {
    "category": (
        "programming",
        "roleplay",
        "marketing",
        "marketing/seo",
        "technology",
        "science",
        "translation",
        "legal",
        "finance",
        "health",
        "trivia",
        "academia",
    ),
    "language_type": ("natural", "programming"),
}
_PERIODS: Final = ("day", "week", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    """A valid request for rankings-daily."""

    start: dt.date
    end: dt.date
    period: str
    filters: Mapping[str, str]

    @property
    def is_sampled(self) -> bool:
        """Say whether the figures are weekly estimates from a sample."""
        return bool(self.filters.keys() & _SAMPLED.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRankings:
    """A valid request for app-rankings; *tag* is the category or subcategory asked for."""

    start: dt.date
    end: dt.date
    sort: str
    tag: str | None
    limit: int
    offset: int


class Data(Protocol):
    """Where the bodies come from: the simulated world, or recordings."""

    def rankings(self, asked: Rankings) -> Any:
        """Give the body of rankings-daily."""
        ...

    def apps(self, asked: AppRankings) -> Any:
        """Give the body of app-rankings."""
        ...

    def catalogue(self, query: Mapping[str, str]) -> Any:
        """Give the body of models."""
        ...


def window(query: Mapping[str, str], today: dt.date) -> tuple[dt.date, dt.date]:
    """Check and complete the asked days; a start before the floor is moved to it."""
    end = today - dt.timedelta(days=1)
    if "end_date" in query:
        end = min(answers.day(query["end_date"]), today)
    start = end - dt.timedelta(days=_DEFAULT_DAYS - 1)
    if "start_date" in query:
        start = answers.day(query["start_date"])
    if end < world.OPENROUTER_FLOOR or start > end:
        raise Refused(400)
    start = max(start, world.OPENROUTER_FLOOR)
    if (end - start).days >= _MAX_DAYS:
        raise Refused(400)
    return start, end


def rankings(query: Mapping[str, str], today: dt.date) -> Rankings:
    """Check the parameters of rankings-daily."""
    start, end = window(query, today)
    filters = {
        name: answers.choice(query[name], allowed)
        for name, allowed in (_EXACT | _SAMPLED).items()
        if name in query
    }
    sampled = filters.keys() & _SAMPLED.keys()
    if sampled and len(filters) > 1:
        raise Refused(400)
    period = answers.choice(query.get("period", "week" if sampled else "day"), _PERIODS)
    if sampled and period == "day":
        raise Refused(400)
    return Rankings(start=start, end=end, period=period, filters=filters)


def app_rankings(query: Mapping[str, str], today: dt.date) -> AppRankings:
    """Check the parameters of app-rankings."""
    start, end = window(query, today)
    tag = None
    if "category" in query:
        tag = answers.choice(query["category"], tables.CATEGORIES)
    if "subcategory" in query:
        allowed = [
            name
            for category, names in tables.CATEGORIES.items()
            if tag in (None, category)
            for name in names
        ]
        tag = answers.choice(query["subcategory"], allowed)
    offset = query.get("offset", "0")
    return AppRankings(
        start=start,
        end=end,
        sort=answers.choice(query.get("sort", "popular"), ("popular", "trending")),
        tag=tag,
        limit=answers.whole(query.get("limit", "50"), 1, 100),
        offset=0 if offset == "null" else answers.whole(offset, 0, 100),
    )


def meta(asked: Rankings | AppRankings, as_of: str) -> dict[str, str]:
    """Give the block that says what was answered, and when."""
    return {
        "as_of": as_of,
        "version": "v1",
        "start_date": asked.start.isoformat(),
        "end_date": asked.end.isoformat(),
    }


def ranked(amounts: Mapping[str, int]) -> list[tuple[str, int]]:
    """List the top 50, then everything else as ``other`` where there is anything else."""
    named = {slug: tokens for slug, tokens in amounts.items() if slug != "other" and tokens}
    order = world.by_size(named)
    other = amounts.get("other", 0) + sum(tokens for _, tokens in order[_LISTED:])
    return order[:_LISTED] + ([("other", other)] if other else [])


class Simulated:
    """OpenRouter's datasets from the simulated world."""

    def __init__(self, source: World) -> None:
        self._world = source
        self.as_of = f"{source.today}T02:47:31.204Z"

    def rankings(self, asked: Rankings) -> Any:
        """Rank the models of each day, week or month."""
        buckets: dict[dt.date, Counter[str]] = {}
        for day in answers.days(asked.start, self._last(asked)):
            bucket = buckets.setdefault(bucket_start(day, asked.period), Counter())
            for slug, tokens in self._world.openrouter(day, seen=self._world.today).items():
                bucket[slug] += self._filtered(slug, tokens, asked.filters)
        data = [
            {"date": day.isoformat(), "model_permaslug": slug, "total_tokens": str(tokens)}
            for day, amounts in sorted(buckets.items())
            for slug, tokens in ranked(amounts)
        ]
        return {"data": data, "meta": meta(asked, self.as_of)}

    def _last(self, asked: Rankings) -> dt.date:
        """A sampled request's last week may pass the asked end."""
        if not asked.is_sampled:
            return asked.end
        sunday = asked.end + dt.timedelta(days=6 - asked.end.weekday())
        return min(sunday, self._world.today - dt.timedelta(days=1))

    def _filtered(self, slug: str, tokens: int, filters: Mapping[str, str]) -> int:
        for name, value in filters.items():
            if name == "modality" and value != "tool_calling":
                tokens = tokens if listings.has_modality(slug, value) else 0
            else:
                options = ("yes", "no") if value == "tool_calling" else (_EXACT | _SAMPLED)[name]
                rng = growth.chance(self._world.seed, "filter", slug, name)
                shares = [rng.random() ** 2 for _ in options]
                wanted = 0 if value == "tool_calling" else options.index(value)
                tokens = int(tokens * shares[wanted] / sum(shares))
        return tokens

    def apps(self, asked: AppRankings) -> Any:
        """Rank apps by volume, or by volume beyond the mean of three windows before."""
        length = dt.timedelta(days=(asked.end - asked.start).days + 1)
        volumes = self._world.app_volumes(asked.start, asked.end)
        size: Mapping[tables.App, float] = volumes
        if asked.sort == "trending":
            before = self._world.app_volumes(
                asked.start - 3 * length, asked.start - dt.timedelta(days=1)
            )
            size = {app: tokens - before.get(app, 0) / 3 for app, tokens in volumes.items()}
        order = sorted(
            (app for app in volumes if size[app] > 0 and _has_tag(app, asked.tag)),
            key=lambda app: (-size[app], app.app_id),
        )
        page = order[asked.offset : asked.offset + asked.limit]
        data = [
            {
                "rank": rank,
                "app_id": app.app_id,
                "app_name": app.name,
                "total_tokens": str(volumes[app]),
                "total_requests": self._world.requests(app, volumes[app]),
            }
            for rank, app in enumerate(page, start=asked.offset + 1)
        ]
        return {"data": data, "meta": meta(asked, self.as_of)}

    def catalogue(self, query: Mapping[str, str]) -> Any:
        """List the models that OpenRouter serves today."""
        return listings.openrouter(query, self._world.today)


def bucket_start(day: dt.date, period: str) -> dt.date:
    """Give the day under which *day* is added up."""
    if period == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day


def _has_tag(app: tables.App, tag: str | None) -> bool:
    if tag is None:
        return True
    return any(name in app.subcategories for name in tables.CATEGORIES.get(tag, (tag,)))

"""The simulated traffic of the three gateways, day by day.

A past day's figures depend on the seed and the day alone. The two exceptions are meant:
OpenRouter restates its last days, and Vercel a day until two days later.
"""

import datetime as dt
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Literal

from leaderboard.simulator import growth, tables
from leaderboard.simulator.tables import App, Model

OPENROUTER_FLOOR: Final = growth.ORIGIN
VERCEL_FLOOR: Final = dt.date(2025, 10, 1)
ZENMUX_FLOOR: Final = dt.date(2025, 9, 29)

RUNNING: Final = 0.116  # of the running day is over at the simulated hour, 02:47 UTC
_ZENMUX_SIZE: Final = 1 / 172
_TAIL: Final = 0.02  # of OpenRouter's traffic goes to models too small to be named
_LISTED: Final = 50
_RESTATED: Final = 3e-4

VercelModality = Literal["all", "text", "image", "video"]
VERCEL_METRICS: Final[Mapping[VercelModality, tuple[str, ...]]] = {
    "all": ("requests", "spend", "tokens"),
    "text": ("requests", "spend", "tokens"),
    "image": ("imageCount", "requests", "spend"),
    "video": ("requests", "spend", "videoCount"),
}
UNITS: Final = 1_000_000
"""Vercel's whole in units of its fourth decimal: 100.0000 percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZenmuxDay:
    """One ZenMux slug on one day, with the label it carried then."""

    slug: str
    label: str
    author: str
    author_label: str
    tokens: int
    cost: float


class World:
    """The traffic of all gateways from their floors to *today*, computed when asked for."""

    def __init__(self, *, today: dt.date, seed: int) -> None:
        if today <= growth.ORIGIN:
            raise ValueError(f"the simulated world begins on {growth.ORIGIN}, not by {today}")
        self.today = today
        self.seed = seed
        self._days = (today - growth.ORIGIN).days + 1
        self._wobbles: dict[str, list[float]] = {}
        self._openrouter: dict[dt.date, dict[str, int]] = {}
        self._zenmux: dict[dt.date, tuple[ZenmuxDay, ...]] = {}
        self._vercel: dict[tuple[dt.date, VercelModality], dict[str, dict[Model, int]]] = {}
        self._apps: dict[int, list[int]] = {}

    def _wobble(
        self, name: str, *, slow: float = 0.16, fast: float = 0.05, weekend: float = 0.07
    ) -> list[float]:
        if name not in self._wobbles:
            rng = growth.chance(self.seed, name)
            self._wobbles[name] = growth.wobble(
                rng, self._days, slow=slow, fast=fast, weekend=weekend
            )
        return self._wobbles[name]

    def _weights(
        self, day: dt.date, gateway: str, share: Callable[[Model], float]
    ) -> dict[Model, float]:
        index = (day - growth.ORIGIN).days
        weights = {}
        for model in tables.models():
            size = share(model) * growth.life(
                day, launched=model.launched, ended=model.ended, halflife=model.halflife
            )
            if size > 0:
                name = model.openrouter or model.name
                common = self._wobble(name)[index]
                own = self._wobble(f"{gateway}/{name}", slow=0.1, fast=0.07)[index]
                weights[model] = size * common * own
        return weights

    def _total(self, day: dt.date, gateway: str) -> float:
        index = (day - growth.ORIGIN).days
        noise = self._wobble(f"all of {gateway}", slow=0.03, fast=0.02, weekend=0)[index]
        return growth.volume(day) * noise

    # OpenRouter

    def _openrouter_final(self, day: dt.date) -> dict[str, int]:
        if day not in self._openrouter:
            weights = self._weights(day, "openrouter", lambda model: model.share)
            tail = _TAIL * min(1.0, max(0, len(weights) - _LISTED) / 20)
            scale = self._total(day, "openrouter") / sum(weights.values())
            tokens = {
                model.permaslug: int(weight * scale * (1 - tail))
                for model, weight in weights.items()
            }
            tokens["other"] = int(sum(weights.values()) * scale * tail)
            self._openrouter[day] = tokens
        return self._openrouter[day]

    def openrouter(self, day: dt.date, *, seen: dt.date) -> dict[str, int]:
        """Give tokens by permaslug on *day* as published on *seen*; ``other`` is the tail.

        The running day is partial. The first two readings of a day miss up to 0.03 percent
        of a model's tokens, and some days are restated once more after twelve days.
        """
        final = self._openrouter_final(day)
        age = (seen - day).days
        if age <= 0:
            return {slug: int(tokens * RUNNING) for slug, tokens in final.items()}
        if age > 12:
            return final
        rng = growth.chance(self.seed, "restated", day)
        is_restated_late = rng.random() < 0.2
        missing = {1: 1.0, 2: 0.3}.get(age, 0.0) * _RESTATED
        late = 0.2 * _RESTATED if is_restated_late else 0.0
        return {
            slug: int(tokens * (1 - missing * rng.random() + late * rng.random()))
            if missing or late
            else tokens
            for slug, tokens in final.items()
        }

    def app_volumes(self, start: dt.date, end: dt.date) -> dict[App, int]:
        """Give the tokens of every app from *start* to *end*, both included."""
        if not self._apps:  # assigned whole: requests come side by side
            self._apps = {
                app.app_id: [0, *itertools.accumulate(self._app_days(app))] for app in tables.apps()
            }
        first = max(0, (start - growth.ORIGIN).days)
        last = min(self._days, (end - growth.ORIGIN).days + 1)
        if last <= first:
            return {}
        volumes = {
            app: self._apps[app.app_id][last] - self._apps[app.app_id][first]
            for app in tables.apps()
        }
        return {app: volume for app, volume in volumes.items() if volume > 0}

    def _app_days(self, app: App) -> list[int]:
        rng = growth.chance(self.seed, "app", app.app_id)
        yearly = rng.gauss(0, 0.35)  # some apps grow faster than all traffic, some slower
        noise = growth.wobble(rng, self._days, slow=0.25, fast=0.1, weekend=0.12)
        tokens = []
        for index in range(self._days):
            day = growth.ORIGIN + dt.timedelta(days=index)
            age = (day - app.launched).days
            rise = growth.life(day, launched=app.launched, ended=None, halflife=1e9, ramp=25)
            years = max(-1.0, min(age / 365, 3.0))
            part = app.share / 100 * rise * noise[index] * math.exp(yearly * years)
            tokens.append(int(self._total(day, "openrouter") * part))
        tokens[-1] = int(tokens[-1] * RUNNING)  # the running day
        return tokens

    def requests(self, app: App, tokens: int) -> int:
        """Give the requests in which *app* used *tokens*."""
        per_request = 10 ** growth.chance(self.seed, "requests", app.app_id).uniform(3.3, 5.0)
        return max(1, round(tokens / per_request))

    # ZenMux

    def zenmux(self, day: dt.date) -> tuple[ZenmuxDay, ...]:
        """Give all ZenMux slugs on *day*, most tokens first."""
        if day not in self._zenmux:
            weights = self._weights(day, "zenmux", lambda model: model.zenmux_share)
            scale = self._total(day, "zenmux") * _ZENMUX_SIZE / sum(weights.values())
            found: dict[str, ZenmuxDay] = {}
            for model, weight in sorted(weights.items(), key=lambda pair: pair[0].launched):
                slug = model.zenmux or ""
                newer = successor(slug, model)
                if newer is not None and day > newer + dt.timedelta(days=1):
                    continue  # the slug has been given to another model
                tokens = int(weight * scale)
                before = found.get(slug)
                found[slug] = ZenmuxDay(
                    slug=slug,
                    label=model.zenmux_name,
                    author=model.lab.zenmux,
                    author_label=model.lab.zenmux_name,
                    tokens=tokens + (before.tokens if before else 0),
                    cost=round(
                        tokens * model.blended_usd / 1e6 + (before.cost if before else 0), 6
                    ),
                )
            rows = sorted(found.values(), key=lambda row: (-row.tokens, row.slug))
            self._zenmux[day] = tuple(row for row in rows if row.tokens)
        return self._zenmux[day]

    # Vercel

    def vercel(
        self, day: dt.date, modality: VercelModality, *, seen: dt.date
    ) -> dict[str, dict[Model, int]]:
        """Give each metric's models on *day* in units of 0.0001 percent, 1,000,000 in all.

        *seen* less than two days later gives shares that will still change a little.
        """
        if (seen - day).days >= 2 and (day, modality) in self._vercel:
            return self._vercel[day, modality]
        amounts = self._vercel_amounts(day, modality)
        if (seen - day).days < 2:
            rng = growth.chance(self.seed, "early", day, (seen - day).days)
            amounts = {
                metric: each
                if metric == "spend"
                else {model: value * rng.uniform(0.99, 1.01) for model, value in each.items()}
                for metric, each in amounts.items()
            }
        shares = {
            metric: dict(
                zip(each, growth.parts(list(each.values()), UNITS), strict=True),
            )
            for metric, each in amounts.items()
        }
        if (seen - day).days >= 2:
            self._vercel[day, modality] = shares
        return shares

    def _vercel_amounts(
        self, day: dt.date, modality: VercelModality
    ) -> dict[str, dict[Model, float]]:
        weights = self._weights(day, "vercel", lambda model: model.vercel_share)
        text = {m: w for m, w in weights.items() if m.kind in ("text", "embedding")}
        requests = {m: w / _tokens_per_request(m) for m, w in text.items()}
        spend = {m: w * m.blended_usd / 1e6 for m, w in text.items()}
        tokens = dict(text)
        if modality == "text":
            return {"requests": requests, "spend": spend, "tokens": tokens}
        text_requests = sum(requests.values())
        for kind, part in (("image", 0.012), ("video", 0.0004)):
            made = {m: w for m, w in weights.items() if m.kind == kind}
            total = sum(made.values())
            calls = {m: w / total * text_requests * part for m, w in made.items()}
            cost = {m: n * m.input_usd * (1 if kind == "image" else 6) for m, n in calls.items()}
            if modality == kind:
                count = {m: n * (1 + m.input_usd % 0.7) for m, n in calls.items()}
                return {"requests": calls, "spend": cost, f"{kind}Count": count}
            requests |= calls
            spend |= cost
            tokens |= {m: n * 1300 for m, n in calls.items() if kind == "image"}
        return {"requests": requests, "spend": spend, "tokens": tokens}

    def vercel_list(self, dataset: str, ranked_by: str) -> list[tables.Listed]:
        """Rank Vercel's apps or providers as of today by *ranked_by*."""
        index = (self.today - growth.ORIGIN).days

        def size(entry: tables.Listed) -> float:
            weight = entry.tokens if ranked_by == "Token Volume" else entry.spend
            name = f"vercel/{dataset}/{entry.name}"
            return weight * self._wobble(name, slow=0.08, fast=0.02, weekend=0)[index]

        entries = [entry for entry in tables.listed() if entry.dataset == dataset]
        return sorted(entries, key=size, reverse=True)


def successor(slug: str, model: Model) -> dt.date | None:
    """Find the day on which ZenMux gave *slug* to a newer model than *model*."""
    newer = [
        other.launched
        for other in tables.models()
        if other.zenmux == slug and other.launched > model.launched
    ]
    return min(newer, default=None)


def _tokens_per_request(model: Model) -> float:
    """Cheap models answer short questions, dear ones work through repositories."""
    return 1500.0 * math.pow(max(0.4, (model.blended_usd or 0.2) / 0.1), 0.8)


def by_size(amounts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Sort by amount, largest first, ties by name."""
    return sorted(sorted(amounts.items()), key=itemgetter(1), reverse=True)

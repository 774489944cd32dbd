"""Which path is answered by what, and who may ask how often."""

import datetime as dt
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from leaderboard.simulator import answers, exports, openrouter, replay, vercel, zenmux
from leaderboard.simulator.answers import Answer, Gateway, Refused, Request
from leaderboard.simulator.world import World

OPENROUTER_KEY: Final = "sk-or-v1-simulated-inference-key"
ZENMUX_KEY: Final = "sk-mg-v1-simulated-management-key"

_OPENROUTER: Final = "/openrouter/api/v1/"
_ZENMUX: Final = "/zenmux/api/v1/"
_STATISTICS: Final = f"{_ZENMUX}management/statistics/"
_MINUTE_S: Final = 60.0
_TOO_MANY: Final[Mapping[str, int]] = {"openrouter": 429, "zenmux": 422}


class Gateways:
    """The three gateways behind their paths, answering by the contract."""

    def __init__(
        self,
        *,
        today: dt.date,
        seed: int,
        recorded: Path | None,
        limits: Mapping[Gateway, int],
    ) -> None:
        self._limits = limits
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._routes = _routes(today, seed, recorded)

    def answer(self, request: Request) -> Answer:
        """Answer *request*, or refuse it in its gateway's words."""
        try:
            if request.method != "GET":
                raise Refused(405, "Method Not Allowed")
            return self._routed(request)
        except Refused as refused:
            return answers.refusal(request.gateway, refused.status, refused.message)

    def forget(self) -> None:
        """Set all counters of requests to zero."""
        with self._lock:
            self._recent.clear()

    def _routed(self, request: Request) -> Answer:
        is_export = request.path.startswith(exports.PATH)
        route = self._routes.get(exports.PATH if is_export else request.path)
        if route is None:
            raise Refused(404)
        if request.path.startswith(f"{_OPENROUTER}datasets/") and not is_export:
            _authorise(request, OPENROUTER_KEY, otherwise=401)
            self._count("openrouter", "openrouter")
        elif request.path.startswith(_STATISTICS):
            _authorise(request, ZENMUX_KEY, otherwise=403)
            self._count("zenmux", request.path)
        return route(request)

    def _count(self, gateway: Gateway, counter: str) -> None:
        limit = self._limits.get(gateway)
        if limit is None:
            return
        now = time.monotonic()
        with self._lock:
            recent = self._recent[counter]
            while recent and recent[0] <= now - _MINUTE_S:
                recent.popleft()
            if len(recent) >= limit:
                raise Refused(_TOO_MANY[gateway])
            recent.append(now)


def _authorise(request: Request, key: str, *, otherwise: int) -> None:
    given = request.headers.get("authorization")
    if given is None:
        raise Refused(401)
    if given != f"Bearer {key}":
        raise Refused(otherwise, "Invalid API key" if otherwise == 401 else None)


def _routes(
    today: dt.date, seed: int, recorded: Path | None
) -> Mapping[str, Callable[[Request], Answer]]:
    """Lay the paths to what answers them: the seeded world or the recordings."""
    of_vercel: vercel.Data
    of_openrouter: openrouter.Data
    of_zenmux: zenmux.Data
    if recorded is None:
        world = World(today=today, seed=seed)
        of_vercel, of_zenmux = vercel.Simulated(world), zenmux.Simulated(world)
        of_openrouter, export = openrouter.Simulated(world), exports.Simulated(world).answer
    else:
        of_vercel = replay.Vercel(recorded)
        of_openrouter, of_zenmux = (
            replay.OpenRouter(recorded, today),
            replay.ZenMux(recorded, today),
        )
        export = replay.Exports(recorded).answer

    def statistics(body: Callable[[Mapping[str, str]], Any]) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            data = {"success": True, "data": body(request.query)}
            return answers.json_answer(data, headers={"X-ZenMux-RequestId": "simulated"})

        return answer

    def json(body: Callable[[Mapping[str, str]], Any]) -> Callable[[Request], Answer]:
        return lambda request: answers.json_answer(body(request.query))

    return {
        "/vercel/api/ai/leaderboard-export": lambda r: vercel.answer(r, of_vercel, today),
        "/vercel/v1/models": json(lambda _: of_vercel.catalogue()),
        f"{_OPENROUTER}datasets/rankings-daily": json(
            lambda query: of_openrouter.rankings(openrouter.rankings(query, today))
        ),
        f"{_OPENROUTER}datasets/app-rankings": json(
            lambda query: of_openrouter.apps(openrouter.app_rankings(query, today))
        ),
        f"{_OPENROUTER}models": json(of_openrouter.catalogue),
        exports.PATH: lambda r: export(r.path.removeprefix(exports.PATH), r.base_url),
        f"{_STATISTICS}leaderboard": statistics(
            lambda query: of_zenmux.leaderboard(zenmux.leaderboard(query, today))
        ),
        f"{_STATISTICS}timeseries": statistics(
            lambda query: of_zenmux.series(zenmux.series("models", query, today))
        ),
        f"{_STATISTICS}market_share": statistics(
            lambda query: of_zenmux.series(zenmux.series("authors", query, today))
        ),
        f"{_STATISTICS}model_usage": statistics(
            lambda query: of_zenmux.usage(zenmux.usage(query, today))
        ),
        f"{_ZENMUX}models": json(lambda _: of_zenmux.catalogue()),
    }

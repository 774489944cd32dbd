"""ZenMux's names, credit and caveats."""

from typing import Final

from leaderboard.records import Metric, Window

ID: Final = "zenmux"
NAME: Final = "ZenMux"
HOMEPAGE: Final = "https://zenmux.ai/leaderboard"
KEY_VARIABLE: Final = "ZENMUX_MANAGEMENT_API_KEY"

METRICS: Final[tuple[Metric, ...]] = ("tokens", "cost")
WINDOWS: Final[dict[Window, int | None]] = {"30d": 30, "7d": 7, "all": None}

CREDIT: Final = "Source: ZenMux (zenmux.ai), as of {as_of}."
POPULATION: Final = (
    "Requests that developers send through ZenMux, a smaller gateway. Its statistics are "
    "credited here, and carry no open licence."
)
TOKENS_CAVEAT: Final = (
    "ZenMux names at most the top 50 of a day; a model it does not name is somewhere within "
    "Others. A model's free variant is counted with it."
)
COST_CAVEAT: Final = (
    "Cost is what the traffic would come to at list price, in US dollars; it is not what was paid."
)

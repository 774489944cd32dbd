"""ZenMux's answers as documented (https://docs.zenmux.ai, management statistics)."""

from typing import Annotated, ClassVar, Final, Literal

import pydantic

from leaderboard.sources._contract import Excerpt, IsoDate, Name, Wire

_OF_A_SERIES: Final = frozenset({"bucket_width", "starting_at", "ending_at", "total_buckets"})
Figure = Annotated[int | float, pydantic.Field(ge=0, allow_inf_nan=False)]


class Entry(Wire):
    """One model's place over a window."""

    rank: Annotated[int, pydantic.Field(ge=1)]
    model: Name
    label: str
    author: str
    author_label: str
    value: Figure


class Leaderboard(Wire):
    """``leaderboard``."""

    metric: Literal["tokens", "cost"]
    starting_at: IsoDate
    ending_at: IsoDate
    entries: list[Entry]


class ModelValue(Wire):
    """One model's figure in one bucket."""

    model: Name
    label: str
    value: Figure


class AuthorValue(Wire):
    """One lab's figure in one bucket."""

    author: str  # empty for others
    label: str
    value: Figure


class ModelBucket(Wire):
    """One day of models."""

    documented: ClassVar[frozenset[str]] = frozenset({"period"})
    date: IsoDate
    models: list[ModelValue]


class AuthorBucket(Wire):
    """One day of labs."""

    documented: ClassVar[frozenset[str]] = frozenset({"period"})
    date: IsoDate
    authors: list[AuthorValue]


class ModelSeries(Wire):
    """``timeseries``."""

    documented: ClassVar[frozenset[str]] = _OF_A_SERIES
    metric: Literal["tokens", "cost"]
    series: list[ModelBucket]


class AuthorSeries(Wire):
    """``market_share``: labs, in absolute figures in spite of its name."""

    documented: ClassVar[frozenset[str]] = _OF_A_SERIES
    metric: Literal["tokens", "cost"]
    series: list[AuthorBucket]


class Envelope(Excerpt):
    """What every answer is wrapped in."""

    success: bool
    data: dict[str, object]


class CatalogueRow(Excerpt):
    """One model on offer."""

    id: Name
    display_name: str


class Catalogue(Excerpt):
    """``GET /models``, as far as joining needs it."""

    data: list[CatalogueRow]

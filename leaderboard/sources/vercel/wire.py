"""Vercel's answers as documented (https://vercel.com/docs/ai-gateway/leaderboards)."""

from typing import Annotated, ClassVar, Literal

import pydantic

from leaderboard.sources._contract import Excerpt, IsoDate, Name, Wire

Modality = Literal["all", "text", "image", "video"]
SentMetric = Literal["requests", "tokens", "spend", "imageCount", "videoCount"]


class ShareRow(Wire):
    """One name's share of one metric on one day."""

    date: IsoDate
    group: Literal["model", "lab"]
    name: Name
    metric: SentMetric
    modality: Modality
    share_percent: Annotated[float, pydantic.Field(ge=0, le=100, allow_inf_nan=False)]


class Shares(Wire):
    """``dataset=models`` and ``dataset=labs``."""

    documented: ClassVar[frozenset[str]] = frozenset({"from", "to", "earliest_available_date"})
    dataset: Literal["models", "labs"]
    modality: Modality
    license: str
    license_url: str
    rows: list[ShareRow]


class RankedRow(Wire):
    """One name's place in one ranking."""

    rank: Annotated[int, pydantic.Field(ge=1)]
    name: Name
    ranked_by: Literal["Token Volume", "Spend"]
    url: str
    description: str


class Ranked(Wire):
    """``dataset=apps`` and ``dataset=providers``."""

    dataset: Literal["apps", "providers"]
    license: str
    license_url: str
    rows: list[RankedRow]


class Licensed(Excerpt):
    """What every answer says of its licence."""

    license: str


class CatalogueRow(Excerpt):
    """One model on offer."""

    id: Name
    name: str


class Catalogue(Excerpt):
    """``GET /v1/models``, as far as joining needs it."""

    data: list[CatalogueRow]

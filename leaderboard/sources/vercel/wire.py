"""Vercel's answers as documented (https://vercel.com/docs/ai-gateway/leaderboards)."""

from typing import Annotated, Literal

import pydantic

from leaderboard.sources._contract import IsoDate, Name, Wire

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


class Licensed(Wire):
    """What every answer says of its licence."""

    license: str


class CatalogueRow(Wire):
    """One model on offer."""

    id: Name
    name: str


class Catalogue(Wire):
    """``GET /v1/models``, as far as joining needs it."""

    data: list[CatalogueRow]

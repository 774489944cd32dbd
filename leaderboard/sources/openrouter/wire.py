"""OpenRouter's answers as documented (https://openrouter.ai/docs, Data API v1)."""

from typing import Annotated, ClassVar

import pydantic

from leaderboard.sources._contract import Excerpt, IsoDate, Name, Wire

Total = Annotated[str, pydantic.Field(pattern=r"^[0-9]{1,40}$")]
Count = Annotated[int, pydantic.Field(ge=0)]


class _Meta(Wire):
    as_of: str
    version: str
    start_date: IsoDate
    end_date: IsoDate


class RankingsRow(Wire):
    """One model's tokens on one day."""

    date: IsoDate
    model_permaslug: Name
    total_tokens: Total


class ExportRow(RankingsRow):
    """One line of the daily export; its share is a fraction of the whole day."""

    documented: ClassVar[frozenset[str]] = frozenset({"rank", "share_of_daily_tokens"})


class Rankings(Wire):
    """``GET /datasets/rankings-daily``."""

    data: list[RankingsRow]
    meta: _Meta


class AppRow(Wire):
    """One app's place in a list."""

    rank: Count
    app_id: Count
    app_name: str
    total_tokens: Total
    total_requests: Count


class Apps(Wire):
    """``GET /datasets/app-rankings``."""

    data: list[AppRow]
    meta: _Meta


class _CatalogueRow(Excerpt):
    id: Name
    canonical_slug: Name
    name: str


class Catalogue(Excerpt):
    """``GET /models``, as far as joining needs it."""

    data: list[_CatalogueRow]


class _ExportFile(Excerpt):
    bytes: Count
    sha256: Annotated[str, pydantic.Field(pattern=r"^[0-9a-f]{64}$")]


class _ExportFiles(Excerpt):
    csv: _ExportFile


class ExportManifest(Excerpt):
    """The manifest of one dated export."""

    dataset: str
    snapshot_date: IsoDate
    retrieved_at: str
    attribution: str
    files: _ExportFiles

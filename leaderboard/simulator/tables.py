"""Who takes part in the simulated world, read from the tables beside this module.

Shares in the tables are percent of a gateway's traffic soon after launch; the world grows,
fades and disturbs them.
"""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

ModelKind = Literal["text", "embedding", "image", "video"]
MODEL_KINDS: Final[tuple[str, ...]] = get_args(ModelKind)

CATEGORIES: Final = {
    "coding": (
        "cli-agent",
        "ide-extension",
        "cloud-agent",
        "programming-app",
        "native-app-builder",
    ),
    "creative": ("creative-writing", "video-gen", "image-gen", "audio-gen"),
    "productivity": ("writing-assistant", "general-chat", "personal-agent", "legal"),
    "entertainment": ("roleplay", "game"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lab:
    """A lab as each gateway spells it."""

    author: str  # at OpenRouter
    name: str
    zenmux: str
    zenmux_name: str
    vercel: str
    vercel_prefix: str  # of its models' ids in Vercel's catalogue


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A model as each gateway that serves it names it; None: that gateway does not."""

    lab: Lab
    kind: ModelKind
    launched: dt.date
    ended: dt.date | None  # the last day it is served
    halflife: float  # days in which its share halves after its first month
    name: str
    openrouter: str | None
    permaslug: str
    share: float
    zenmux: str | None
    zenmux_name: str
    zenmux_share: float
    vercel: str | None
    vercel_name: str
    vercel_share: float
    input_usd: float  # per million tokens; per image or second for images and videos
    output_usd: float

    def is_served(self, day: dt.date) -> bool:
        """Say whether it is on offer on *day*."""
        return self.launched <= day and (self.ended is None or day <= self.ended)

    @property
    def blended_usd(self) -> float:
        """Price a million tokens at list, four fifths of them input."""
        if self.kind in ("image", "video"):
            return 10.0
        return 0.8 * self.input_usd + 0.2 * self.output_usd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class App:
    """An app at OpenRouter; its name is whatever its maker typed."""

    app_id: int
    name: str
    subcategories: tuple[str, ...]
    share: float
    launched: dt.date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """An entry of Vercel's ranked lists."""

    dataset: str
    name: str
    url: str
    description: str
    tokens: float
    spend: float


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _slug(text: str, author: str, own: str) -> str | None:
    """Complete a table's cell: ``=`` is *own* slug, a bare slug lacks its author."""
    if not text:
        return None
    slug = own if text == "=" else text
    return slug if "/" in slug else f"{author}/{slug}"


def _model(row: dict[str, str], labs: dict[str, Lab]) -> Model:
    lab = labs[row["author"]]
    base, _, variant = row["slug"].partition(":")
    bare = row["name"].removeprefix("!")  # "!": listed without its lab's name
    name = bare if bare != row["name"] else f"{lab.name}: {bare}"
    permaslug = _slug(row["permaslug"] or "=", lab.author, base) or ""
    vercel = _slug(row["vercel"], lab.vercel_prefix, base)
    kind = row["kind"]
    if kind not in MODEL_KINDS:
        raise ValueError(f"models.csv: {row['slug']} is of an unknown kind, {kind!r}")
    launched = _day(row["launched"])
    if launched is None:
        raise ValueError(f"models.csv: {row['slug']} has no launch day")
    return Model(
        lab=lab,
        kind=kind,  # type: ignore[arg-type]  # checked above
        launched=launched,
        ended=_day(row["ended"]),
        halflife=float(row["halflife"] or 120),
        name=f"{name} ({variant})" if variant else name,
        openrouter=f"{lab.author}/{row['slug']}" if row["slug"] else None,
        permaslug=f"{permaslug}:{variant}" if variant else permaslug,
        share=float(row["share"] or 0),
        zenmux=_slug(row["zenmux"], lab.zenmux, base),
        zenmux_name=row["zenmux_name"] or bare,
        zenmux_share=float(row["zenmux_share"] or 0),
        vercel=vercel,
        vercel_name=row["vercel_name"] or bare,
        vercel_share=float(row["vercel_share"] or 0),
        input_usd=float(row["input_usd"]),
        output_usd=float(row["output_usd"]),
    )


@cache
def models() -> tuple[Model, ...]:
    """Read all models that are ever served."""
    labs = {row["author"]: Lab(**row) for row in _rows("labs.csv")}
    return tuple(_model(row, labs) for row in _rows("models.csv"))


@cache
def apps() -> tuple[App, ...]:
    """Read all apps at OpenRouter."""
    return tuple(
        App(
            app_id=int(row["app_id"]),
            name=row["name"],
            subcategories=tuple(row["subcategories"].split(";")),
            share=float(row["share"]),
            launched=dt.date.fromisoformat(row["launched"]),
        )
        for row in _rows("apps.csv")
    )


@cache
def listed() -> tuple[Listed, ...]:
    """Read the apps and providers of Vercel's ranked lists."""
    return tuple(
        Listed(
            dataset=row["dataset"],
            name=row["name"],
            url=row["url"],
            description=row["description"],
            tokens=float(row["tokens"]),
            spend=float(row["spend"]),
        )
        for row in _rows("vercel_lists.csv")
    )

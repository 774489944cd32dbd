"""What a page is, whatever family it belongs to."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same content in another form, announced in a page's head."""

    path: str
    media_type: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its address, the template that prints it, and everything printed."""

    path: str
    template: str
    title: str
    description: str
    context: Mapping[str, object] = field(default_factory=dict)
    modified: dt.date | None = None
    is_listed: bool = True
    alternates: tuple[Alternate, ...] = ()

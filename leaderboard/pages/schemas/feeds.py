"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), with this site's own ``_event``."""

from typing import Final

from leaderboard.pages.schemas.parts import (
    DAY,
    DIALECT,
    FLAG,
    METRIC,
    STAMP,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    list_of,
    obj,
)

_EVENT: Final = obj(
    {
        "event": TEXT,
        "source": TEXT,
        "board": TEXT,
        "metric": METRIC,
        "day": DAY,
        "since": DAY,
        "key": TEXT,
        "other_key": TEXT_OR_NULL,
        "is_lower_bound": FLAG,
        "citation": TEXT,
        "license": TEXT_OR_NULL,
    },
    "The event's exact figures are numbers beside these.",
    others={"type": ["number", "null"]},
)

FEED: Final[Schema] = {
    "$schema": DIALECT,
    "title": "What changed, as a feed",
    **obj(
        {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": TEXT,
            "description": TEXT,
            "language": TEXT,
            "authors": list_of(obj({"name": TEXT}, optional={"url": TEXT})),
            "items": list_of(
                obj(
                    {
                        "id": {"type": "string", "pattern": "^tag:"},
                        "title": TEXT,
                        "content_html": TEXT,
                        "date_published": STAMP,
                        "tags": list_of(TEXT),
                        "_event": _EVENT,
                    },
                    optional={"url": TEXT},
                )
            ),
        },
        optional={"home_page_url": TEXT, "feed_url": TEXT},
    ),
}

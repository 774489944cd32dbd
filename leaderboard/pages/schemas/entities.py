"""Models, labs and apps, each with its whole course; and which name is whom."""

from typing import Final

from leaderboard.pages.schemas.parts import (
    DAY,
    DAY_OR_NULL,
    FIGURE,
    FILE,
    FLAG,
    METRIC,
    NUMBER,
    PAGE,
    SHARE,
    SIMULATED,
    STAMP,
    TEXT,
    TEXT_OR_NULL,
    WINDOW,
    Schema,
    document,
    list_of,
    obj,
)

_RANK: Final[Schema] = {
    "type": "integer",
    "minimum": 0,
    "description": "0 where the list gives no rank.",
}
_RANK_OR_NULL: Final[Schema] = {**_RANK, "type": ["integer", "null"]}
_DAYS: Final[Schema] = {"type": "integer", "minimum": 0}
_LINKS: Final = obj({"page": PAGE, "csv": FILE, "json": FILE})

CREDIT: Final = obj(
    {
        "source": TEXT,
        "source_name": TEXT,
        "data_through": DAY,
        "as_of": TEXT_OR_NULL,
        "retrieved_at": STAMP,
        "license": TEXT_OR_NULL,
        "license_url": TEXT_OR_NULL,
        "citation": TEXT,
        "notice": TEXT,
        "citation_url": TEXT,
    }
)

_STANDING: Final = obj(
    {
        "source": TEXT,
        "board": TEXT,
        "page": PAGE,
        "key": TEXT,
        "name": TEXT,
        "metric": METRIC,
        "scope": TEXT_OR_NULL,
        "window": WINDOW,
        "start": DAY_OR_NULL,
        "data_through": DAY,
        "rank": _RANK_OR_NULL,
        "previous_rank": _RANK_OR_NULL,
        "share_pct": SHARE,
        "share_high_pct": SHARE,
        "share_change_pp": NUMBER,
        "newest_share_pct": SHARE,
        "value": FIGURE,
        "requests": FIGURE,
        "tokens": FIGURE,
        "is_lower_bound": FLAG,
        "best_rank": _RANK,
        "best_rank_on": DAY,
        "first_listed": DAY,
        "last_listed": DAY,
        "last_rank": _RANK,
        "last_share_pct": SHARE,
    },
    "Where it stands on a board; what is null is not known, for it is not in the list.",
)

_NOW: Final = obj(
    {
        "source": TEXT,
        "board": TEXT,
        "metric": METRIC,
        "start": DAY_OR_NULL,
        "data_through": DAY,
        "rank": {**_RANK_OR_NULL, "description": "Of the first of its names."},
        "share_pct": SHARE,
        "value": FIGURE,
        "requests": FIGURE,
        "is_lower_bound": FLAG,
    },
    "All its names together on the board by which it is measured at one gateway.",
)

_BRIEF: Final = obj(
    {
        "kind": {"enum": ["model", "lab", "app"]},
        "id": TEXT_OR_NULL,
        "name": TEXT,
        "lab": TEXT_OR_NULL,
        "lab_name": TEXT_OR_NULL,
        "page": PAGE,
        "first_listed": DAY,
        "last_listed": DAY,
        "best_rank": _RANK_OR_NULL,
        "standings": list_of(_NOW),
    }
)

_NEIGHBOURS: Final = obj(
    {
        "source": TEXT,
        "board": TEXT,
        "window": WINDOW,
        "rows": list_of(
            obj(
                {
                    "rank": _RANK,
                    "key": TEXT,
                    "name": TEXT,
                    "share_pct": SHARE,
                    "share_high_pct": SHARE,
                    "value": FIGURE,
                    "is_lower_bound": FLAG,
                }
            )
        ),
    }
)

_NAME: Final = {
    "source": TEXT,
    "name": {"type": "string", "description": "As the source sent it."},
    "label": TEXT_OR_NULL,
    "rule": {**TEXT_OR_NULL, "description": "The rule that says whose name it is."},
    "flags": list_of(TEXT),
    "reason": TEXT_OR_NULL,
    "valid_from": DAY_OR_NULL,
    "valid_to": DAY_OR_NULL,
    "first_listed": DAY_OR_NULL,
    "last_listed": DAY_OR_NULL,
    "share_pct": SHARE,
}

_SERIES: Final = obj(
    {
        "source": TEXT,
        "board": TEXT,
        "key": TEXT,
        "metric": METRIC,
        "is_lower_bound": FLAG,
        "dates": list_of(DAY),
        "ranks": list_of(_RANK),
        "share_pct": list_of(SHARE),
    },
    "All lists of one board it was in; the lists run side by side.",
    optional={
        "value": list_of(FIGURE),
        "requests": list_of(FIGURE),
        "tokens": list_of(FIGURE),
        "windows": list_of(WINDOW),
    },
)

ENTITY: Final = document(
    "entity",
    "A model, lab or app: where it stands, and its course on every board",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "entity": obj(
            {
                "kind": {"enum": ["model", "lab", "app"]},
                "id": TEXT_OR_NULL,
                "name": TEXT,
                "lab": TEXT_OR_NULL,
                "lab_name": TEXT_OR_NULL,
            }
        ),
        "summary": TEXT,
        "first_listed": DAY_OR_NULL,
        "last_listed": DAY_OR_NULL,
        "sources": list_of(CREDIT),
        "standings": list_of(_STANDING),
        "together": list_of(_NOW),
        "neighbours": list_of(_NEIGHBOURS),
        "unknown": list_of(
            obj(
                {
                    "source": {**TEXT_OR_NULL, "description": "null: at no gateway."},
                    "board": TEXT_OR_NULL,
                    "start": DAY_OR_NULL,
                    "data_through": DAY_OR_NULL,
                    "share_low_pct": SHARE,
                    "share_high_pct": SHARE,
                    "days_outside": {"type": ["integer", "null"], "minimum": 0},
                    "text": TEXT,
                },
                "Where it is outside a list: between what bounds its share lies.",
            )
        ),
        "names": list_of(obj(_NAME)),
        "offers": list_of(
            obj({"source": TEXT, "first_seen": DAY_OR_NULL, "last_seen": DAY_OR_NULL})
        ),
        "models": {**list_of(_BRIEF), "description": "A lab's."},
        "chart": list_of(
            obj(
                {
                    "source": TEXT,
                    "board": TEXT,
                    "days": _DAYS,
                    "end": DAY,
                    "share_pct": SHARE,
                    "is_lower_bound": FLAG,
                }
            )
        ),
        "series": list_of(_SERIES),
        "links": _LINKS,
    },
)

ENTITIES: Final = document(
    "entities",
    "Every model, lab or app ever listed, with where each stands now",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "of": {"enum": ["model", "lab", "app"]},
        "sources": list_of(CREDIT),
        "entities": list_of(_BRIEF),
        "links": _LINKS,
    },
)

CROSSWALK: Final = document(
    "crosswalk",
    "Which name at which gateway is which model, by which rule",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "sources": list_of(CREDIT),
        "rules": list_of(obj({"rule": TEXT, "text": TEXT})),
        "coverage": list_of(
            obj(
                {
                    "source": TEXT,
                    "start": DAY,
                    "data_through": DAY,
                    "matched_pct": SHARE,
                    "unmatched_pct": SHARE,
                    "outside_pct": SHARE,
                    "of_listed_pct": SHARE,
                }
            )
        ),
        "rows": list_of(
            obj(
                {
                    **_NAME,
                    "model": {**TEXT_OR_NULL, "description": "null: unmatched, never guessed."},
                    "lab": TEXT_OR_NULL,
                    "page": {**PAGE, "type": ["string", "null"]},
                }
            )
        ),
        "links": _LINKS,
    },
)

"""Views, the index, the manifest and the search index."""

from typing import Final

from leaderboard.pages.schemas.parts import (
    DAY,
    DAY_OR_NULL,
    FIGURE,
    FILE,
    FLAG,
    KIND,
    METRIC,
    NUMBER,
    PAGE,
    SHARE,
    SIMULATED,
    STAMP,
    TEXT,
    TEXT_OR_NULL,
    WINDOW,
    document,
    list_of,
    map_of,
    obj,
    or_null,
)

_ROW: Final = obj(
    {
        "rank": {"type": ["integer", "null"], "minimum": 1, "description": "null for others."},
        "previous_rank": {"type": ["integer", "null"], "minimum": 1},
        "key": {"type": "string", "description": "The source's own identifier, as sent."},
        "name": TEXT,
        "lab": TEXT_OR_NULL,
        "lab_name": TEXT_OR_NULL,
        "url": TEXT_OR_NULL,
        "description": TEXT_OR_NULL,
        "share_pct": SHARE,
        "share_high_pct": {**SHARE, "description": "The upper bound, where the share is lower."},
        "share_change_pp": {**NUMBER, "description": "Percentage points."},
        "newest_share_pct": SHARE,
        "value": FIGURE,
        "requests": FIGURE,
        "tokens": {**FIGURE, "description": "Where the list is ranked by another figure."},
        "tokens_per_request": {"type": ["number", "null"], "minimum": 0},
        "is_lower_bound": FLAG,
        "is_new": FLAG,
        "history": {
            **list_of(SHARE),
            "description": "The share of each of dates; empty if none is known.",
        },
        "values": {
            **list_of(FIGURE),
            "description": "The figure of each of dates; empty if none is known.",
        },
    }
)

VIEW: Final = document(
    "view",
    "A board in a window: what one page shows",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "headline": TEXT,
        "source": TEXT,
        "source_name": TEXT,
        "board": obj(
            {
                "path": TEXT,
                "kind": KIND,
                "metric": METRIC,
                "scope": TEXT_OR_NULL,
                "order": {**TEXT_OR_NULL, "description": "What the source ranks by instead."},
                "is_lower_bound": FLAG,
                "is_reranked": {**FLAG, "description": "True where the order is this site's."},
            }
        ),
        "window": WINDOW,
        "start": DAY_OR_NULL,
        "data_through": {**DAY, "description": "The last complete day, UTC."},
        "as_of": {**TEXT_OR_NULL, "description": "The stamp the source sent."},
        "retrieved_at": {**STAMP, "description": "When it was fetched, UTC."},
        "license": {**TEXT_OR_NULL, "description": "null: the source grants none."},
        "license_url": TEXT_OR_NULL,
        "citation": {**TEXT, "description": "The source line beside a figure."},
        "notice": {**TEXT, "description": "The notice that goes with the data."},
        "citation_url": TEXT,
        "population": TEXT,
        "caveats": list_of(TEXT),
        "measure": {
            "enum": ["mean of daily shares", "share of the window's total", "rank only"],
        },
        "measure_text": TEXT,
        "total": FIGURE,
        "dates": list_of(DAY),
        "missing": {**list_of(DAY), "description": "Days of the window without data."},
        "rows": list_of(_ROW),
        "others": or_null(_ROW),
        "movements": list_of(
            obj(
                {
                    "key": TEXT,
                    "name": TEXT,
                    "start": DAY,
                    "end": DAY,
                    "share_pct": SHARE,
                    "previous_share_pct": SHARE,
                    "change_pp": NUMBER,
                    "usual_pp": NUMBER,
                    "is_new": FLAG,
                },
                "A change of 7-day means beyond the entity's own usual variation.",
            )
        ),
        "links": obj({"page": PAGE, "csv": FILE, "json": FILE}),
    },
)

INDEX: Final = document(
    "index",
    "Every source, board, view and file",
    {
        "title": TEXT,
        "base_url": TEXT,
        "built_at": STAMP,
        "known_at": DAY_OR_NULL,
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "manifest": FILE,
        "openapi": FILE,
        "schemas": map_of(FILE),
        "comparisons": list_of(
            obj({"what": TEXT, "page": PAGE, "csv": FILE, "json": FILE, "daily": FILE})
        ),
        "claims": FILE,
        "sources": list_of(
            obj(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "homepage": TEXT,
                    "population": TEXT,
                    "page": PAGE,
                    "data_through": DAY_OR_NULL,
                    "license": TEXT_OR_NULL,
                    "license_url": TEXT_OR_NULL,
                    "citation": TEXT_OR_NULL,
                    "changes_csv": or_null(FILE),
                }
            )
        ),
        "boards": list_of(
            obj(
                {
                    "path": TEXT,
                    "source": TEXT,
                    "kind": KIND,
                    "metric": METRIC,
                    "scope": TEXT_OR_NULL,
                    "name": TEXT,
                    "is_lower_bound": FLAG,
                    "daily_csv": {**FILE, "type": ["string", "null"]},
                    "views": list_of(
                        obj(
                            {
                                "window": WINDOW,
                                "start": DAY_OR_NULL,
                                "data_through": DAY,
                                "as_of": TEXT_OR_NULL,
                                "retrieved_at": STAMP,
                                "license": TEXT_OR_NULL,
                                "citation": TEXT,
                                "page": PAGE,
                                "csv": FILE,
                                "json": FILE,
                            }
                        )
                    ),
                }
            )
        ),
    },
)

MANIFEST: Final = document(
    "manifest",
    "Every published file, its length, hash and credit",
    {
        "built_at": STAMP,
        "simulated": SIMULATED,
        "files": list_of(
            obj(
                {
                    "path": {"type": "string", "minLength": 1},
                    "bytes": {"type": "integer", "minimum": 0},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "source": TEXT_OR_NULL,
                    "as_of": TEXT_OR_NULL,
                    "license": TEXT_OR_NULL,
                    "citation": TEXT_OR_NULL,
                }
            )
        ),
    },
)

SEARCH: Final = document(
    "search",
    "The index that the site's search reads",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "pages": list_of(PAGE),
        "entries": list_of(
            {
                "description": "Name, what it is, its place in pages, perhaps an anchor.",
                "type": "array",
                "prefixItems": [
                    {"type": "string", "minLength": 1},
                    {"type": "string", "minLength": 1},
                    {"type": "integer", "minimum": 0},
                    {"type": "string", "pattern": "^[a-z0-9-]+$"},
                ],
                "items": False,
                "minItems": 3,
            }
        ),
    },
)

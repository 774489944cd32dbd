"""What the gateways agree on: comparisons, their daily shares, and claims."""

from typing import Final

from leaderboard.pages.schemas.parts import (
    DAY,
    FILE,
    FLAG,
    METRIC,
    PAGE,
    SHARE,
    SIMULATED,
    STAMP,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    document,
    list_of,
    map_of,
    obj,
    or_null,
)

_RANK: Final[Schema] = {"type": "integer", "minimum": 1}
_RANK_OR_NULL: Final[Schema] = {"type": ["integer", "null"], "minimum": 1}
_AGREEMENT: Final[Schema] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_WHAT: Final[Schema] = {"enum": ["models", "labs"]}
_PAIR: Final[Schema] = {"type": "array", "items": SHARE, "minItems": 2, "maxItems": 2}
_PLACE: Final[Schema] = {"type": "string", "pattern": "^[a-z0-9-]+(/[a-z0-9-]+)*/#[a-z0-9.-]+$"}
_BOUNDS: Final = obj({"low_pct": SHARE, "high_pct": SHARE}, "Between these the share is.")

_SOURCE: Final = obj(
    {
        "id": TEXT,
        "name": TEXT,
        "board": TEXT,
        "population": TEXT,
        "data_through": DAY,
        "as_of": TEXT_OR_NULL,
        "retrieved_at": STAMP,
        "license": TEXT_OR_NULL,
        "license_url": TEXT_OR_NULL,
        "citation": TEXT,
        "notice": TEXT,
        "citation_url": TEXT,
        "unmatched_pct": SHARE,
        "is_lower_bound": FLAG,
        "is_complete": FLAG,
        "caveats": list_of(TEXT),
    }
)

COMPARISON: Final = document(
    "comparison",
    "Models or labs across gateways, on the days complete at all",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "what": _WHAT,
        "metric": METRIC,
        "headline": TEXT,
        "not_computed": {**TEXT_OR_NULL, "description": "Why there is no comparison, if so."},
        "sources": list_of(_SOURCE),
        "tokens_and_spend": list_of(
            obj(
                {"source": TEXT, "metrics": list_of(METRIC), "not_computed": TEXT_OR_NULL},
                optional={
                    "start": DAY,
                    "data_through": DAY,
                    "days": {"type": "integer", "minimum": 1},
                    "entities": list_of(
                        obj(
                            {
                                "id": TEXT,
                                "name": TEXT,
                                "tokens": or_null(_BOUNDS),
                                "spend": or_null(_BOUNDS),
                            }
                        )
                    ),
                },
            )
        ),
        "links": obj({"page": PAGE, "csv": FILE, "json": FILE, "daily": FILE, "claims": FILE}),
    },
    optional={
        "start": DAY,
        "data_through": DAY,
        "days": list_of(DAY),
        "measure": TEXT,
        "left_out": map_of(TEXT),
        "rank_method": TEXT_OR_NULL,
        "ranked": {"type": "integer", "minimum": 0},
        "entities": list_of(
            obj(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "lab": TEXT,
                    "swatch": TEXT,
                    "shares": map_of(
                        or_null(obj({"low_pct": SHARE, "high_pct": SHARE, "rank": _RANK_OR_NULL}))
                    ),
                    "ranks": or_null(
                        obj(
                            {
                                "listed_best": _RANK,
                                "listed_worst": _RANK,
                                "best": _RANK,
                                "worst": _RANK,
                            }
                        )
                    ),
                }
            )
        ),
        "agreement": list_of(
            obj(
                {
                    "gateways": list_of(TEXT),
                    "extrapolated": _AGREEMENT,
                    "minimum": _AGREEMENT,
                    "residual": _AGREEMENT,
                    "persistence": _AGREEMENT,
                    "not_computed": TEXT_OR_NULL,
                }
            )
        ),
        "conventions": list_of(
            obj(
                {
                    "id": TEXT,
                    "label": TEXT,
                    "weights": map_of({"type": "number", "minimum": 0, "maximum": 1}),
                    "ranking": list_of(
                        obj({"rank": _RANK, "id": TEXT, "low_pct": SHARE, "high_pct": SHARE})
                    ),
                }
            )
        ),
    },
)

COMPARISON_DAILY: Final = document(
    "comparison-daily",
    "The daily shares under a comparison, and its windows",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "what": _WHAT,
        "metric": METRIC,
        "decimals": {"type": "integer", "minimum": 0},
        "sources": list_of(_SOURCE),
        "windows": map_of(
            obj(
                {
                    "start": DAY,
                    "data_through": DAY,
                    "days": {"type": "integer", "minimum": 1},
                    "shares": map_of(map_of(or_null(_PAIR))),
                }
            )
        ),
        "dates": list_of(DAY),
        "entities": list_of(
            obj(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "lab": TEXT,
                    "colours": list_of({"type": "string", "pattern": "^#[0-9a-f]{6}$"}),
                }
            )
        ),
        "shares": map_of(
            map_of(
                obj(
                    {"from": {"type": "integer", "minimum": 0}, "values": list_of(SHARE)},
                    "The values begin at that place of dates.",
                )
            )
        ),
    },
)

CLAIMS: Final = document(
    "claims",
    "Statements about several gateways, with their figures",
    {
        "simulated": SIMULATED,
        "simulated_notice": TEXT_OR_NULL,
        "not_computed": list_of(obj({"what": _WHAT, "reason": TEXT})),
        "claims": list_of(
            obj(
                {
                    "id": TEXT,
                    "kind": TEXT,
                    "text": TEXT,
                    "values": {"type": "object"},
                    "start": DAY,
                    "data_through": DAY,
                    "days": {"type": "integer", "minimum": 1},
                    "gateways": list_of(TEXT),
                    "caveat": TEXT,
                    "sources": list_of(
                        obj(
                            {"citation": TEXT, "notice": TEXT, "url": TEXT, "license": TEXT_OR_NULL}
                        )
                    ),
                    "page": _PLACE,
                }
            )
        ),
    },
)

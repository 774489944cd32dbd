"""What the schemas are made of."""

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

TEXT: Final[Schema] = {"type": "string"}
TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
FLAG: Final[Schema] = {"type": "boolean"}
DAY: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
DAY_OR_NULL: Final[Schema] = {**DAY, "type": ["string", "null"]}
STAMP: Final[Schema] = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
}
FIGURE: Final[Schema] = {
    "type": ["string", "null"],
    "pattern": "^-?[0-9]+([.][0-9]+)?$",
    "description": "An exact decimal; a string, for token totals pass 2^53. null: not known.",
}
SHARE: Final[Schema] = {
    "type": ["number", "null"],
    "minimum": 0,
    "maximum": 100.5,
    "description": "Percent of the gateway's own total, 0-100. null: not known, never zero.",
}
NUMBER: Final[Schema] = {"type": ["number", "null"]}
KIND: Final[Schema] = {"enum": ["model", "lab", "app", "provider"]}
METRIC: Final[Schema] = {"enum": ["tokens", "requests", "spend", "cost", "images", "videos"]}
WINDOW: Final[Schema] = {
    "enum": ["1d", "7d", "30d", "90d", "1y", "all", None],
    "description": "null: the list comes without a window.",
}
FILE: Final[Schema] = {
    "type": "string",
    "pattern": "^[a-z0-9][A-Za-z0-9._/-]*$",
    "description": "Relative to the site's root.",
}
PAGE: Final[Schema] = {
    "type": "string",
    "pattern": "^([a-z0-9][a-z0-9._/-]*/)?$",
    "description": "Relative to the site's root.",
}
SIMULATED: Final[Schema] = {
    "type": "boolean",
    "description": "True where no gateway published the figures.",
}


def obj(
    required: Mapping[str, Schema],
    description: str = "",
    *,
    optional: Mapping[str, Schema] | None = None,
    others: Schema | None = None,
) -> dict[str, Any]:
    """Describe an object by its fields; *others* is what fields not named must be."""
    fields = {**required, **(optional or {})}
    made: dict[str, Any] = {
        "type": "object",
        "required": sorted(required),
        "properties": {name: dict(schema) for name, schema in fields.items()},
    }
    if others is not None:
        made["additionalProperties"] = dict(others)
    return {"description": description, **made} if description else made


def list_of(schema: Schema) -> dict[str, Any]:
    """Describe a list."""
    return {"type": "array", "items": dict(schema)}


def map_of(schema: Schema) -> dict[str, Any]:
    """Describe an object whose names are data."""
    return {"type": "object", "additionalProperties": dict(schema)}


def or_null(schema: Schema) -> dict[str, Any]:
    """Allow null for what is not known or not there."""
    return {"oneOf": [{"type": "null"}, dict(schema)]}


def document(
    kind: str,
    title: str,
    fields: Mapping[str, Schema],
    *,
    optional: Mapping[str, Schema] | None = None,
) -> Schema:
    """Describe a whole document of a kind."""
    head: dict[str, Schema] = {"kind": {"const": kind}, "version": {"const": 1}}
    return {"$schema": DIALECT, "title": title, **obj({**head, **fields}, optional=optional)}

"""OpenRouter's and ZenMux's catalogues of models."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from leaderboard.simulator import answers, tables, vercel, world
from leaderboard.simulator.tables import Model

_SEES: Final = frozenset({"anthropic", "openai", "google", "x-ai", "meta", "amazon", "moonshotai"})
_HEARS: Final = frozenset({"google"})
_OUTPUT: Final = {"text": "text", "embedding": "embeddings", "image": "image", "video": "video"}
_TOKENIZERS: Final = {
    "anthropic": "Claude",
    "openai": "GPT",
    "google": "Gemini",
    "x-ai": "Grok",
    "deepseek": "DeepSeek",
    "qwen": "Qwen",
    "mistralai": "Mistral",
    "meta-llama": "Llama3",
    "amazon": "Nova",
    "cohere": "Cohere",
}
# Families whose newest member OpenRouter also serves under an alias.
_ALIASES: Final = {
    "~anthropic/claude-opus-latest": ("anthropic/claude-opus-", "Anthropic: Claude Opus Latest"),
    "~anthropic/claude-sonnet-latest": (
        "anthropic/claude-sonnet-",
        "Anthropic Claude Sonnet Latest",
    ),
    "~moonshotai/kimi-latest": ("moonshotai/kimi-k", "MoonshotAI Kimi Latest"),
}
# Ranked by ZenMux, yet not in its catalogue.
_UNLISTED_AT_ZENMUX: Final = frozenset({"deepseek/deepseek-chat", "bytedance/doubao-seedance-2.0"})


def _inputs(model: Model) -> list[str]:
    sees = model.lab.author in _SEES or model.kind in ("image", "video")
    return ["text", *["image"][: sees and model.kind != "embedding"], *_audio(model)]


def _audio(model: Model) -> list[str]:
    return ["audio"] if model.lab.author in _HEARS and model.kind == "text" else []


def has_modality(permaslug: str, modality: str) -> bool:
    """Say whether the model takes or makes what OpenRouter's filter *modality* names."""
    for model in tables.models():
        if model.permaslug == permaslug:
            if modality in ("text", "image_output"):
                return _OUTPUT[model.kind] == modality.removesuffix("_output")
            return modality in _inputs(model)
    return False


def openrouter(query: Mapping[str, str], today: dt.date) -> Any:
    """Answer ``/models``: by default, what writes text."""
    wanted = set(query.get("output_modalities", "text").split(","))
    limit = answers.whole(query.get("limit", "500"), 1, 1000)
    offset = answers.whole(query.get("offset", "0"), 0, 100_000)
    served = sorted(
        (model for model in tables.models() if model.openrouter and model.is_served(today)),
        key=lambda model: (model.launched, model.openrouter),
        reverse=True,
    )
    entries = [_entry(model) for model in served] + _alias_entries(served)
    found = [
        entry
        for entry in entries
        if "all" in wanted or wanted & set(entry["architecture"]["output_modalities"])
    ]
    rest = max(0, len(found) - offset - limit)
    following = f"/api/v1/models?offset={offset + limit}&limit={limit}" if rest else None
    return {
        "data": found[offset : offset + limit],
        "links": {"next": following},
        "total_count": len(found),
    }


def _entry(model: Model) -> dict[str, Any]:
    inputs, output = _inputs(model), _OUTPUT[model.kind]
    is_priced = model.kind in ("text", "embedding")
    return {
        "id": model.openrouter,
        "canonical_slug": model.permaslug.partition(":")[0],
        "hugging_face_id": None,
        "name": model.name,
        "created": vercel.created(model.launched),
        "description": "",
        "context_length": 262_144,
        "architecture": {
            "modality": f"{'+'.join(inputs)}->{output}",
            "input_modalities": inputs,
            "output_modalities": [output],
            "tokenizer": _TOKENIZERS.get(model.lab.author, "Other"),
            "instruct_type": None,
        },
        "pricing": {
            "prompt": vercel.price(model.input_usd if is_priced else 0),
            "completion": vercel.price(model.output_usd if is_priced else 0),
        },
        "top_provider": {
            "context_length": 262_144,
            "max_completion_tokens": None,
            "is_moderated": False,
        },
        "per_request_limits": None,
        "supported_parameters": [],
        "default_parameters": None,
        "supported_voices": None,
        "links": {"details": f"/api/v1/models/{model.permaslug.partition(':')[0]}/endpoints"},
        "expiration_date": None,
    }


def _alias_entries(served: list[Model]) -> list[dict[str, Any]]:
    entries = []
    for alias, (family, name) in _ALIASES.items():
        newest = next((m for m in served if (m.openrouter or "").startswith(family)), None)
        if newest is not None:
            target = {"name": newest.name, "slug": newest.openrouter}
            own = {"id": alias, "canonical_slug": alias, "name": name, "alias_target": target}
            entries.append(_entry(newest) | own)
    return entries


def zenmux(today: dt.date) -> Any:
    """Answer ZenMux's ``/models``; a slug given to a newer model lists that one."""
    entries = []
    for model in tables.models():
        slug = model.zenmux
        if slug is None or slug in _UNLISTED_AT_ZENMUX or not model.is_served(today):
            continue
        newer = world.successor(slug, model)
        if newer is not None and newer <= today:
            continue
        lab = "Z.AI" if model.lab.zenmux == "z-ai" else model.lab.zenmux_name
        entries.append(
            {
                "id": slug,
                "object": "model",
                "display_name": f"{lab}: {model.zenmux_name}",
                "created": vercel.created(model.launched),
                "owned_by": model.lab.zenmux,
                "input_modalities": _inputs(model),
                "output_modalities": [_OUTPUT[model.kind]],
                "capabilities": {},
                "context_length": 262_144,
                "pricings": {},
                "publish_time": model.launched.isoformat(),
            }
        )
    return {
        "data": sorted(entries, key=lambda e: str(e["publish_time"]), reverse=True),
        "object": "list",
    }

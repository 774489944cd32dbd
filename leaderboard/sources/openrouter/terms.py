"""OpenRouter's names, credits and caveats, in its own words."""

from typing import Final

from leaderboard.records import Citation, Window

ID: Final = "openrouter"
NAME: Final = "OpenRouter"
HOMEPAGE: Final = "https://openrouter.ai/rankings"
APPS_PAGE: Final = "https://openrouter.ai/apps"
KEY_VARIABLE: Final = "OPENROUTER_API_KEY"

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
APP_WINDOWS: Final[dict[Window, int]] = {"1d": 1, "7d": 7, "30d": 30}
LICENSE: Final = "CC-BY-4.0"
LICENSE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
RANKINGS_CREDIT: Final = "Source: OpenRouter (openrouter.ai/rankings), as of {as_of}."
APPS_CREDIT: Final = "Source: OpenRouter (openrouter.ai/apps), as of {as_of}."
REPUBLISHED: Final = " Licensed under CC BY 4.0."
EXPORT_CREDIT: Final = (
    "Source: OpenRouter (openrouter.ai), licensed under CC BY 4.0: "
    "reuse and republish with attribution to OpenRouter."
)
TOKENS_CAVEAT: Final = (
    "Token counts come from each upstream provider's own tokenizer (Anthropic counts are as "
    "reported by Anthropic, OpenAI counts are as reported by OpenAI, etc.), so a token in one row "
    "is not directly comparable to a token in another row from a different provider."
)
OTHER_CAVEAT: Final = (
    "The `other` row sums tokens across many providers and so should be treated as a coarse "
    "magnitude only."
)
APPS_CAVEAT: Final = (
    "Token counts come from each upstream provider's own tokenizer, so a token attributed to one "
    "app is not directly comparable to a token attributed to another app whose traffic flows "
    "through a different provider."
)
TRENDING_CAVEAT: Final = (
    "Trending is OpenRouter's own order: an app's tokens in this window less their mean over the "
    "three equal windows before it. The tokens shown are the whole window's, so they do not "
    "decrease down the list."
)


POPULATION: Final = (
    "Requests that developers and apps send through OpenRouter, one API in front of many "
    "providers. Private models and traffic under zero data retention are not counted."
)


def credit(text: str, url: str) -> Citation:
    """Return the citation whose line is *text*, with OpenRouter's terms for the data itself."""
    return Citation(
        text=text, notice=text + REPUBLISHED, url=url, license=LICENSE, license_url=LICENSE_URL
    )


def export_credit() -> Citation:
    """Return the citation that the keyless export asks for; it names its licence itself."""
    return Citation(
        text=EXPORT_CREDIT,
        notice=EXPORT_CREDIT,
        url=HOMEPAGE,
        license=LICENSE,
        license_url=LICENSE_URL,
    )

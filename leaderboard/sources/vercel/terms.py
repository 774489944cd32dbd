"""Vercel's names, credit and caveats, in its own words."""

from typing import Final

from leaderboard.records import Citation, Metric

ID: Final = "vercel"
NAME: Final = "Vercel AI Gateway"
HOMEPAGE: Final = "https://vercel.com/ai-gateway/leaderboards"

LICENSE: Final = "CC-BY-4.0"
METRICS: Final[dict[str, Metric]] = {
    "tokens": "tokens",
    "spend": "spend",
    "requests": "requests",
    "imageCount": "images",
    "videoCount": "videos",
}
RANKED_BY: Final[dict[str, Metric]] = {"Token Volume": "tokens", "Spend": "spend"}
OTHER: Final = "Other"

CITATION: Final = Citation(
    text=(
        '© 2026 Vercel. "AI Gateway Leaderboard Data" is licensed under CC BY 4.0. To view a copy '
        "of this license, visit https://creativecommons.org/licenses/by/4.0/"
    ),
    notice=(
        '© 2026 Vercel. "AI Gateway Leaderboard Data" is licensed under CC BY 4.0. To view a copy '
        "of this license, visit https://creativecommons.org/licenses/by/4.0/"
    ),
    url=HOMEPAGE,
    license=LICENSE,
    license_url="https://creativecommons.org/licenses/by/4.0/",
)
POPULATION: Final = (
    "Requests that developers send through Vercel AI Gateway. Vercel publishes percentages of "
    "its own traffic, never volumes."
)
SHARES_CAVEAT: Final = (
    "Vercel publishes daily shares, not volumes: a window's figure is the unweighted mean of its "
    "days."
)
NAMED_CAVEAT: Final = (
    "Vercel names only the top models of the calendar month asked for; a model it does not name "
    "is somewhere within Other, which is not the same as zero."
)
SPEND_CAVEAT: Final = (
    "Spend share as Vercel reports it; whether discounts, caching or customers' own keys count "
    "is not stated."
)
APPS_CAVEAT: Final = (
    "Apps take part only if their makers opted in. The list is all-time and carries no dates: it "
    "is filed under the day it was observed."
)
PROVIDERS_CAVEAT: Final = (
    "A provider here is who serves the inference, not who made the model. The list is all-time "
    "and carries no dates: it is filed under the day it was observed."
)

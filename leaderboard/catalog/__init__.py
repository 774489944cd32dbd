"""Who is who: model and lab identity across the gateways."""

from leaderboard.catalog.accumulated import (
    Catalogue,
    Label,
    Listing,
    accumulate,
    catalogue_path,
    load_catalogue,
    save_catalogue,
)
from leaderboard.catalog.crosswalk import (
    Change,
    Coverage,
    Crosswalk,
    CrosswalkRow,
    changed,
    crosswalk,
)
from leaderboard.catalog.identity import Identity, load
from leaderboard.catalog.known import Model
from leaderboard.catalog.naming import named
from leaderboard.catalog.reporting import reported
from leaderboard.catalog.reviewed import Alias, Lab, Labs
from leaderboard.catalog.rules import RULES, Match, Rule

__all__ = [
    "RULES",
    "Alias",
    "Catalogue",
    "Change",
    "Coverage",
    "Crosswalk",
    "CrosswalkRow",
    "Identity",
    "Lab",
    "Label",
    "Labs",
    "Listing",
    "Match",
    "Model",
    "Rule",
    "accumulate",
    "catalogue_path",
    "changed",
    "crosswalk",
    "load",
    "load_catalogue",
    "named",
    "reported",
    "save_catalogue",
]

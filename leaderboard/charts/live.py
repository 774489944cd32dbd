"""The specs that a page's script brings alive: those of the still chart, with what it needs."""

from leaderboard.charts import Figure, stacking, theme
from leaderboard.charts.forms import Spec
from leaderboard.records import View


def specs(view: View, figure: Figure, *, simulated: bool) -> tuple[Spec, Spec]:
    """Give both layouts of a figure as it was drawn, each with two datasets more.

    Nothing is drawn of either: ``credit`` is what the chart may not be shown without, and
    ``series`` has every row's colour, for those that a reader picks out of the tail.
    """
    colours = {series.key: series.colour for series in figure.series}
    credit = {
        "citation": view.citation.text,
        "notice": view.citation.notice,
        "url": view.citation.url,
        "license": view.citation.license,
        "license_url": view.citation.license_url,
        "as_of": view.published.as_of,
        "simulated": simulated,
    }
    series = [
        {
            "key": row.entity.key,
            "colour": colours.get(row.entity.key) or theme.colour(stacking.lab_of(row.entity)),
        }
        for row in view.rows
    ]
    wide, narrow = (
        {**spec, "datasets": {**spec["datasets"], "credit": [credit], "series": series}}
        for spec in (figure.wide, figure.narrow)
    )
    return wide, narrow

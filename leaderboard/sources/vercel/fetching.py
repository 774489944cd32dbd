"""What Vercel is asked, and what its answers must be before they are saved."""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from leaderboard.http import Gateway, GatewayError, RequestRefused, Session, SourceStopped
from leaderboard.records import (
    Published,
)
from leaderboard.snapshots import Observation
from leaderboard.sources._contract import (
    Asked,
    Fetched,
    Job,
    by_day,
    cut,
    day,
    months,
    require_ranks,
    require_rows,
    require_unique,
    require_within,
    unknown_fields,
    validated,
)
from leaderboard.sources.vercel.terms import (
    CITATION,
    ID,
    LICENSE,
    NAME,
    OTHER,
    RANKED_BY,
)
from leaderboard.sources.vercel.wire import (
    Catalogue,
    Licensed,
    Modality,
    Ranked,
    ShareRow,
    Shares,
)

FLOOR: Final = dt.date(2025, 10, 1)
RESTATED_DAYS: Final = 35
MOST_A_DAY_PCT: Final = 100.5


def fetch(session: Session, asked: Asked) -> Iterator[Job]:
    """Name the datasets to fetch, the text models first."""
    export = session.gateway(
        name=NAME,
        base_url=asked.setting(
            "VERCEL_LEADERBOARD_URL", "https://vercel.com/api/ai/leaderboard-export"
        ),
    )
    catalogue = session.gateway(
        name=NAME,
        base_url=asked.setting("VERCEL_CATALOG_URL", "https://ai-gateway.vercel.sh/v1/models"),
    )
    for dataset in ("models", "labs"):
        for modality in get_args(Modality):
            run = functools.partial(_shares, export, asked, dataset, modality)
            yield Job(dataset=f"{dataset}-{modality}", run=run)
    for dataset in ("apps", "providers"):
        yield Job(dataset=dataset, run=functools.partial(_ranked, export, asked, dataset))
    yield Job(dataset="catalog", run=functools.partial(_catalogue, catalogue))


async def _shares(export: Gateway, asked: Asked, dataset: str, modality: str) -> Fetched:
    start = FLOOR if asked.backfill else asked.today - dt.timedelta(days=RESTATED_DAYS)
    params = {"dataset": dataset, "modality": modality}
    days: dict[dt.date, Observation] = {}
    answers: list[Shares] = []
    refused: RequestRefused | None = None
    for first, last in months(max(start.replace(day=1), FLOOR), asked.through):
        window = {"from": first.isoformat(), "to": last.isoformat()}
        try:
            observed, sent = await _share_days(export, asked, params, window)
        except RequestRefused as error:
            refused = error
        else:
            days |= {seen.date: seen for seen in observed}
            answers.append(sent)
    if refused is not None:
        # Ranges are newer than the endpoint: what they do not give, the plain request may.
        plain, sent = await _share_days(export, asked, params, None)
        days = {seen.date: seen for seen in plain} | days
        answers.append(sent)
    return Fetched(
        observations=[days[date] for date in sorted(days)], unknown_fields=unknown_fields(*answers)
    )


async def _share_days(
    export: Gateway, asked: Asked, params: dict[str, str], window: dict[str, str] | None
) -> tuple[list[Observation], Shares]:
    body, answer = await export.get_json("", {**params, **(window or {})})
    _require_license(body)
    sent = validated(Shares, body)
    require_rows(sent.rows, "rows")
    if (sent.dataset, sent.modality) != (params["dataset"], params["modality"]):
        raise GatewayError(
            f"asked for {params['dataset']} {params['modality']}, "
            f"answered {sent.dataset} {sent.modality}"
        )
    for number, row in enumerate(sent.rows):
        place = f"rows.{number}"
        date = day(row.date, f"{place}.date")
        if f"{row.group}s" != sent.dataset or row.modality != sent.modality:
            raise GatewayError(f"{place}: {row.group} {row.modality} within {sent.dataset}")
        if window is not None:
            first, last = (dt.date.fromisoformat(window[end]) for end in ("from", "to"))
            require_within(date, first, last, place)
    require_unique(((row.date, row.metric, row.name) for row in sent.rows), "rows")
    _require_closure(sent.rows)
    observations = [
        Observation(
            source=ID,
            dataset=f"{sent.dataset}-{sent.modality}",
            date=date,
            citation=CITATION,
            url=answer.url,
            published=Published(retrieved_at=answer.retrieved_at, as_of=None),
            window=window,
            key=("metric", "name"),
            figures=("share_percent",),
            residual=("name", OTHER),
            measure="share_percent",
            grouped_by="metric",
            rows=rows,
        )
        for date, rows in by_day(body["rows"])
        if date < asked.today  # the running day is sent too, and is not over
    ]
    return observations, sent


def _require_license(body: object) -> None:
    """Stop the source unless its data still comes under the licence the site relies on."""
    sent = validated(Licensed, body).license
    if sent != LICENSE:
        raise SourceStopped(f"license: {cut(sent)} where {LICENSE} is relied on")


def _require_closure(rows: Sequence[ShareRow]) -> None:
    totals: dict[tuple[str, str], float] = {}
    for row in rows:
        totals[row.date, row.metric] = totals.get((row.date, row.metric), 0.0) + row.share_percent
    for (date, metric), total in totals.items():
        if total > MOST_A_DAY_PCT:
            raise GatewayError(f"rows: {metric} shares of {date} add up to {total:.4f}")


async def _ranked(export: Gateway, asked: Asked, dataset: str) -> Fetched:
    body, answer = await export.get_json("", {"dataset": dataset})
    _require_license(body)
    sent = validated(Ranked, body)
    require_rows(sent.rows, "rows")
    if sent.dataset != dataset:
        raise GatewayError(f"asked for {dataset}, answered {sent.dataset}")
    for ranked_by in RANKED_BY:
        require_ranks((row.rank for row in sent.rows if row.ranked_by == ranked_by), "rows")
    require_unique(((row.ranked_by, row.name) for row in sent.rows), "rows")
    observation = Observation(
        source=ID,
        dataset=dataset,
        date=asked.today,
        citation=CITATION,
        url=answer.url,
        published=Published(retrieved_at=answer.retrieved_at, as_of=None),
        window=None,
        key=("ranked_by", "name"),
        figures=("rank", "url", "description"),
        grouped_by="ranked_by",
        rows=body["rows"],
    )
    return Fetched(observations=[observation], unknown_fields=unknown_fields(sent))


async def _catalogue(catalogue: Gateway) -> Fetched:
    body, _ = await catalogue.get_json()
    require_rows(validated(Catalogue, body).data, "data")
    return Fetched(catalogue=body["data"])

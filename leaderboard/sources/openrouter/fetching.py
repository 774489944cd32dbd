"""What OpenRouter is asked, and what its answers must be before they are saved."""

import csv
import datetime as dt
import functools
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard.http import Answer, Gateway, GatewayError, RequestRefused, Session
from leaderboard.records import Citation, Published, Window
from leaderboard.snapshots import Observation, Row
from leaderboard.sources._contract import (
    Asked,
    Fetched,
    Job,
    as_of,
    by_day,
    day,
    require_ranks,
    require_rows,
    require_unique,
    require_within,
    spans,
    unknown_fields,
    validated,
)
from leaderboard.sources.openrouter.terms import (
    APP_WINDOWS,
    APPS_CREDIT,
    APPS_PAGE,
    CATEGORIES,
    HOMEPAGE,
    ID,
    KEY_VARIABLE,
    NAME,
    RANKINGS_CREDIT,
    credit,
    export_credit,
)
from leaderboard.sources.openrouter.wire import (
    Apps,
    Catalogue,
    ExportManifest,
    ExportRow,
    Rankings,
)

FLOOR: Final = dt.date(2025, 1, 1)
RESTATED_DAYS: Final = 30
LONGEST_SPAN_DAYS: Final = 366
PAGE: Final = 100
# How many windows before the newest a backfill asks of each popular list.
EARLIER_WINDOWS: Final[dict[Window, int]] = {"1d": 13, "7d": 12, "30d": 11}


def fetch(session: Session, asked: Asked) -> Iterator[Job]:
    """Name the datasets to fetch, the rankings first."""
    key = asked.setting(KEY_VARIABLE) or None
    gateway = session.gateway(
        name=NAME,
        base_url=asked.setting("OPENROUTER_API_URL", "https://openrouter.ai/api/v1"),
        key=key,
        # 30 a minute are allowed; a margin keeps a clock's or a proxy's jitter from mattering.
        # 500 a day are; three daily runs, or one with all history, stay well below.
        per_minute=28,
        budget=400 if asked.backfill else 40,
    )
    rankings = _rankings if key else _exported_rankings
    yield Job(dataset="rankings-daily", run=lambda: rankings(gateway, asked))
    yield Job(dataset="models", run=lambda: _catalogue(gateway))
    for asked_list in _app_lists(asked):
        yield Job(
            dataset=asked_list.dataset,
            run=None if key is None else functools.partial(_apps, gateway, asked_list),
            needs_key=None if key else KEY_VARIABLE,
        )


async def _rankings(gateway: Gateway, asked: Asked) -> Fetched:
    start = FLOOR if asked.backfill else asked.today - dt.timedelta(days=RESTATED_DAYS)
    observations: list[Observation] = []
    answers: list[Rankings] = []
    for first, last in spans(start, asked.through, LONGEST_SPAN_DAYS):
        params = {"start_date": first.isoformat(), "end_date": last.isoformat()}
        try:
            body, answer = await gateway.get_json("/datasets/rankings-daily", params)
        except RequestRefused:
            if not observations:
                raise
            break  # the history the gateway still gives ends here
        sent = validated(Rankings, body)
        if not sent.data and observations:
            break
        answers.append(sent)
        require_rows(sent.data, "data")
        for number, row in enumerate(sent.data):
            require_within(day(row.date, f"data.{number}.date"), first, last, f"data.{number}")
        stated = as_of(sent.meta.as_of)
        observations += _observed_days(
            body["data"],
            url=answer.url,
            published=Published(retrieved_at=answer.retrieved_at, as_of=stated),
            citation=credit(RANKINGS_CREDIT.format(as_of=stated), HOMEPAGE),
        )
    return Fetched(observations=observations, unknown_fields=unknown_fields(*answers))


async def _exported_rankings(gateway: Gateway, asked: Asked) -> Fetched:
    """Take the trailing 30 days from the keyless daily export, checked against its manifest."""
    exports = "/datasets/exports/rankings-daily"
    body, _ = await gateway.get_json(f"{exports}/latest.manifest.json")
    manifest = validated(ExportManifest, body)
    published = day(manifest.snapshot_date, "snapshot_date")
    # Of what the manifest names, the dated file: it never changes once published, while
    # "latest" can be a day ahead of its manifest. Its address is ours, not the answer's.
    dated = f"{exports}/{published}"
    answer = await gateway.get_bytes(f"{dated}.csv")
    if hashlib.sha256(answer.body).hexdigest() != manifest.files.csv.sha256:
        raise GatewayError(
            f"the export of {manifest.snapshot_date} does not match its manifest's sha256: refused"
        )
    rows, sent = _export_rows(answer.body)
    for number, row in enumerate(rows):
        date = day(row["date"], f"line {number + 2}")
        require_within(date, FLOOR, published, f"line {number + 2}")
    return Fetched(
        observations=_observed_days(
            [row for row in rows if row["date"] < asked.today.isoformat()],
            url=answer.url,
            published=Published(
                retrieved_at=answer.retrieved_at, as_of=as_of(manifest.retrieved_at)
            ),
            citation=export_credit(),
        ),
        unknown_fields=unknown_fields(*sent),
    )


def _export_rows(body: bytes) -> tuple[list[Row], list[ExportRow]]:
    try:
        rows: list[Row] = list(csv.DictReader(io.StringIO(body.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise GatewayError("the export is no CSV in UTF-8") from None
    require_rows(rows, "the export")
    sent = []
    for number, row in enumerate(rows):
        if None in row or None in row.values():
            raise GatewayError(f"line {number + 2}: another number of fields than the header's")
        try:
            sent.append(validated(ExportRow, row))
        except GatewayError as error:
            raise GatewayError(f"line {number + 2}: {error}") from None
    return rows, sent


def _observed_days(
    rows: Sequence[Row], *, url: str, published: Published, citation: Citation
) -> list[Observation]:
    require_unique(((row["date"], row["model_permaslug"]) for row in rows), "data")
    return [
        Observation(
            source=ID,
            dataset="rankings-daily",
            date=date,
            citation=citation,
            url=url,
            published=published,
            window=None,
            key=("model_permaslug",),
            figures=("total_tokens",),
            measure="total_tokens",
            is_absolute=True,
            rows=listed,
        )
        for date, listed in by_day(rows)
    ]


async def _catalogue(gateway: Gateway) -> Fetched:
    body, _ = await gateway.get_json("/models")
    require_rows(validated(Catalogue, body).data, "data")
    return Fetched(catalogue=body["data"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _AppList:
    """One app list to ask: *params* select it, *ends* are its windows' last days, newest first.

    Of each window *pages* are asked.
    """

    dataset: str
    params: Mapping[str, str]
    days: int
    ends: Sequence[dt.date]
    pages: int = 1


def _app_lists(asked: Asked) -> Iterator[_AppList]:
    newest = [asked.through]
    for window, days in APP_WINDOWS.items():
        earlier = EARLIER_WINDOWS[window] if asked.backfill else 0
        yield _AppList(
            dataset=f"apps-popular-{window}",
            params={"sort": "popular"},
            days=days,
            ends=[asked.through - dt.timedelta(days=days * n) for n in range(earlier + 1)],
            pages=2,
        )
    for window, days in APP_WINDOWS.items():
        yield _AppList(
            dataset=f"apps-trending-{window}", params={"sort": "trending"}, days=days, ends=newest
        )
    for category, subcategories in CATEGORIES.items():
        params = {"category": category}
        yield _AppList(dataset=f"apps-{category}-30d", params=params, days=30, ends=newest)
        for subcategory in subcategories:
            yield _AppList(
                dataset=f"apps-{category}--{subcategory}-30d",
                params={**params, "subcategory": subcategory},
                days=30,
                ends=newest,
            )


async def _apps(gateway: Gateway, asked: _AppList) -> Fetched:
    observations: list[Observation] = []
    answers: list[Apps] = []
    for end in asked.ends:
        observation, sent = await _app_list(gateway, asked, end)
        observations.append(observation)
        answers += sent
    return Fetched(observations=observations, unknown_fields=unknown_fields(*answers))


async def _app_list(
    gateway: Gateway, asked: _AppList, end: dt.date
) -> tuple[Observation, list[Apps]]:
    window = {
        "start_date": (end - dt.timedelta(days=asked.days - 1)).isoformat(),
        "end_date": end.isoformat(),
    }
    for _ in range(2):
        rows, sent, answer = await _app_pages(gateway, asked.params, window, asked.pages)
        if len({row["app_id"] for row in rows}) == len(rows):
            break  # else the list was restated between its pages: ask both once more
    require_rows(rows, "data")
    require_unique(((row["app_id"],) for row in rows), "data")
    require_ranks((row["rank"] for row in rows), "data")
    stated = as_of(sent[-1].meta.as_of)
    observation = Observation(
        source=ID,
        dataset=asked.dataset,
        date=end,
        citation=credit(APPS_CREDIT.format(as_of=stated), APPS_PAGE),
        url=answer.url,
        published=Published(retrieved_at=answer.retrieved_at, as_of=stated),
        window=window,
        key=("app_id",),
        rows=rows,
        may_be_short=asked.params.get("sort") == "trending",
    )
    return observation, sent


async def _app_pages(
    gateway: Gateway, selection: Mapping[str, str], window: Mapping[str, str], pages: int
) -> tuple[list[Row], list[Apps], Answer]:
    rows: list[Row] = []
    answers: list[Apps] = []
    for page in range(pages):
        params = {**selection, **window, "limit": str(PAGE), "offset": str(page * PAGE)}
        body, answer = await gateway.get_json("/datasets/app-rankings", params)
        sent = validated(Apps, body)
        answered = {"start_date": sent.meta.start_date, "end_date": sent.meta.end_date}
        if answered != window:
            raise GatewayError(f"meta: asked for {_spell(window)}, answered for {_spell(answered)}")
        rows += body["data"]
        answers.append(sent)
        if len(sent.data) < PAGE:
            break
    return rows, answers, answer


def _spell(window: Mapping[str, str]) -> str:
    return f"{window['start_date']} to {window['end_date']}"

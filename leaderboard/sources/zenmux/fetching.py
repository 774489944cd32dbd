"""What ZenMux is asked, and what its answers must be before they are saved."""

import datetime as dt
import functools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Final

from leaderboard.http import Gateway, GatewayError, RequestRefused, Session
from leaderboard.records import (
    Citation,
    Published,
)
from leaderboard.snapshots import Observation, Row, stamp
from leaderboard.sources._contract import (
    Asked,
    Fetched,
    Job,
    cut,
    day,
    require_ranks,
    require_rows,
    require_unique,
    require_within,
    spans,
    unknown_fields,
    validated,
)
from leaderboard.sources.zenmux.terms import (
    CREDIT,
    HOMEPAGE,
    ID,
    KEY_VARIABLE,
    METRICS,
    NAME,
    WINDOWS,
)
from leaderboard.sources.zenmux.wire import (
    AuthorSeries,
    Catalogue,
    Envelope,
    Leaderboard,
    ModelSeries,
)

FLOOR: Final = dt.date(2025, 9, 29)
# Its days settle within 7; 30 come in the same single request and fill a window at once.
RESTATED_DAYS: Final = 30
MOST_BUCKETS: Final = 60
LIMIT: Final = 50


def fetch(session: Session, asked: Asked) -> Iterator[Job]:
    """Name the datasets to fetch; all but the catalogue need the management key."""
    key = asked.setting(KEY_VARIABLE) or None
    base_url = asked.setting("ZENMUX_API_URL", "https://zenmux.ai/api/v1")
    statistics = session.gateway(
        name=NAME,
        base_url=f"{base_url.rstrip('/')}/management/statistics",
        key=key,
        also_passing=frozenset({422}),  # ZenMux's own sign for its rate limit
    )
    public = session.gateway(name=NAME, base_url=base_url)

    def keyed(dataset: str, run: Callable[[], Awaitable[Fetched]]) -> Job:
        if key is None:
            return Job(dataset=dataset, run=None, needs_key=KEY_VARIABLE)
        return Job(dataset=dataset, run=run)

    for metric in METRICS:
        for window, days in WINDOWS.items():
            yield keyed(
                f"leaderboard-{metric}-{window}",
                functools.partial(_leaderboard, statistics, asked, metric, window, days),
            )
        yield keyed(
            f"timeseries-{metric}",
            functools.partial(_series, statistics, asked, "timeseries", metric),
        )
        yield keyed(
            f"market-share-{metric}",
            functools.partial(_series, statistics, asked, "market_share", metric),
        )
    yield Job(dataset="models", run=functools.partial(_catalogue, public))


async def _leaderboard(
    statistics: Gateway, asked: Asked, metric: str, window: str, days: int | None
) -> Fetched:
    start = FLOOR if days is None else asked.through - dt.timedelta(days=days - 1)
    span = {"starting_at": start.isoformat(), "ending_at": asked.through.isoformat()}
    body, answer = await statistics.get_json(
        "/leaderboard", {"metric": metric, **span, "limit": str(LIMIT)}
    )
    sent = validated(Leaderboard, _opened(body))
    require_rows(sent.entries, "entries")
    answered = {"starting_at": sent.starting_at, "ending_at": sent.ending_at}
    if answered != span or sent.metric != metric:
        raise GatewayError(f"asked for {metric} {_spell(span)}, answered {_spell(answered)}")
    require_unique(((entry.model,) for entry in sent.entries), "entries")
    require_ranks((entry.rank for entry in sent.entries), "entries")
    _require_whole(metric, body["data"]["entries"], "entries")
    return Fetched(
        observations=[
            _observation(
                f"leaderboard-{metric}-{window}",
                asked.through,
                body["data"]["entries"],
                key="model",
                url=answer.url,
                retrieved_at=answer.retrieved_at,
                window=span,
            )
        ],
        unknown_fields=unknown_fields(sent),
    )


async def _series(statistics: Gateway, asked: Asked, endpoint: str, metric: str) -> Fetched:
    start = FLOOR if asked.backfill else asked.today - dt.timedelta(days=RESTATED_DAYS)
    of_models = endpoint == "timeseries"
    entity, entities = ("model", "models") if of_models else ("author", "authors")
    observations: list[Observation] = []
    answers: list[ModelSeries | AuthorSeries] = []
    for first, last in spans(start, asked.through, MOST_BUCKETS):
        params = {
            "metric": metric,
            "bucket_width": "1d",
            "starting_at": first.isoformat(),
            "ending_at": last.isoformat(),
            "limit": str(LIMIT),
        }
        try:
            body, answer = await statistics.get_json(f"/{endpoint}", params)
        except RequestRefused:
            if not observations:
                raise
            break  # the history the gateway still gives ends here
        opened = _opened(body)
        sent: ModelSeries | AuthorSeries = (
            validated(ModelSeries, opened) if of_models else validated(AuthorSeries, opened)
        )
        if sent.metric != metric:
            raise GatewayError(f"asked for {metric}, answered {sent.metric}")
        if not sent.series and observations:
            break
        answers.append(sent)
        require_rows(sent.series, "series")
        require_unique(((bucket.date,) for bucket in sent.series), "series")
        dates = [bucket.date for bucket in sent.series]
        for number, (sent_date, raw) in enumerate(zip(dates, body["data"]["series"], strict=True)):
            place = f"series.{number}"
            date = day(sent_date, f"{place}.date")
            require_within(date, first, last, place)
            rows = raw[entities]
            require_unique(((row[entity],) for row in rows), f"{place}.{entities}")
            _require_whole(metric, rows, f"{place}.{entities}")
            if rows:  # a day without any is not stored: missing is not zero
                dataset = f"{endpoint.replace('_', '-')}-{metric}"
                observations.append(
                    _observation(
                        dataset,
                        date,
                        rows,
                        key=entity,
                        url=answer.url,
                        retrieved_at=answer.retrieved_at,
                    )
                )
    require_rows(observations, "series")
    return Fetched(
        observations=sorted(observations, key=lambda seen: seen.date),
        unknown_fields=unknown_fields(*answers),
    )


async def _catalogue(public: Gateway) -> Fetched:
    body, _ = await public.get_json("/models")
    require_rows(validated(Catalogue, body).data, "data")
    return Fetched(catalogue=body["data"])


def _opened(body: object) -> object:
    envelope = validated(Envelope, body)
    if not envelope.success:
        raise GatewayError("success: the answer says false")
    return envelope.data


def _observation(
    dataset: str,
    date: dt.date,
    rows: list[Row],
    *,
    key: str,
    url: str,
    retrieved_at: dt.datetime,
    window: Mapping[str, str] | None = None,
) -> Observation:
    # ZenMux sends no time of its own; the day it was asked is what a reader can check.
    text = CREDIT.format(as_of=stamp(retrieved_at))
    return Observation(
        source=ID,
        dataset=dataset,
        date=date,
        citation=Citation(
            text=text,
            notice=f"{text} No open licence.",
            url=HOMEPAGE,
            license=None,
            license_url=None,
        ),
        url=url,
        published=Published(retrieved_at=retrieved_at, as_of=None),
        window=window,
        key=(key,),
        measure="value",
        is_absolute=True,
        rows=rows,
    )


def _require_whole(metric: str, rows: list[Row], place: str) -> None:
    """Raise `GatewayError` where tokens come as a float: it cannot hold every total exactly."""
    for number, row in enumerate(rows):
        if metric == "tokens" and not isinstance(row["value"], int):
            raise GatewayError(f"{place}.{number}.value: tokens sent as {cut(row['value'])}")


def _spell(span: Mapping[str, str]) -> str:
    return f"{span['starting_at']} to {span['ending_at']}"

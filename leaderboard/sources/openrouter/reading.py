"""What OpenRouter's snapshots mean."""

from collections.abc import Iterator, Mapping

from leaderboard.records import (
    OTHERS,
    Board,
    DailyValue,
    Day,
    Entity,
    RankedEntry,
    RankedList,
    Reading,
    Window,
)
from leaderboard.snapshots import Snapshot, Store
from leaderboard.sources._contract import asked_window, validated_rows
from leaderboard.sources.openrouter.queries import queries
from leaderboard.sources.openrouter.terms import (
    APP_WINDOWS,
    APPS_CAVEAT,
    CATEGORIES,
    HOMEPAGE,
    ID,
    KEY_VARIABLE,
    NAME,
    OTHER_CAVEAT,
    POPULATION,
    TOKENS_CAVEAT,
    TRENDING_CAVEAT,
)
from leaderboard.sources.openrouter.wire import AppRow, RankingsRow


def read(store: Store) -> Reading:
    """Return OpenRouter's boards: models by tokens per day, and each app list."""
    return Reading(
        source=ID,
        name=NAME,
        homepage=HOMEPAGE,
        population=POPULATION,
        boards=tuple(_boards(store)),
        caveats=(TOKENS_CAVEAT,),
        needs_key=KEY_VARIABLE,
        queries=tuple(queries()),
    )


def _boards(store: Store) -> Iterator[Board]:
    days = tuple(_day(s) for s in store.load(ID, "rankings-daily").values())
    if days:
        yield Board(
            source=ID,
            kind="model",
            metric="tokens",
            scope=None,
            path=f"{ID}/models/tokens",
            entities=_models(days),
            days=days,
            datasets=("rankings-daily",),
            caveats=(TOKENS_CAVEAT, OTHER_CAVEAT),
        )
    yield from _apps_board(store, "popular", tuple(APP_WINDOWS), caveats=(APPS_CAVEAT,))
    yield from _apps_board(
        store, "trending", tuple(APP_WINDOWS), caveats=(TRENDING_CAVEAT, APPS_CAVEAT)
    )
    for category, subcategories in CATEGORIES.items():
        for scope in (category, *(f"{category}/{sub}" for sub in subcategories)):
            yield from _apps_board(store, scope, ("30d",), caveats=(APPS_CAVEAT,))


def _day(snapshot: Snapshot) -> Day:
    rows = validated_rows(RankingsRow, snapshot)
    values = [
        DailyValue(
            date=snapshot.day,
            entity=OTHERS if row.model_permaslug == "other" else row.model_permaslug,
            value=int(row.total_tokens),
            share_pct=None,
        )
        for row in rows
    ]
    return Day(
        date=snapshot.day,
        values=tuple(v for v in values if v.entity != OTHERS),
        others=next((v for v in values if v.entity == OTHERS), None),
        published=snapshot.published,
        citation=snapshot.credit,
        revised=len(snapshot.revisions),
    )


def _models(days: tuple[Day, ...]) -> Mapping[str, Entity]:
    keys = sorted({value.entity for day in days for value in day.values})
    return {
        key: Entity(kind="model", key=key, name=key, lab=key.split("/")[0] if "/" in key else None)
        for key in keys
    }


def _apps_board(
    store: Store, scope: str, windows: tuple[Window, ...], *, caveats: tuple[str, ...]
) -> Iterator[Board]:
    lists: list[RankedList] = []
    entities: dict[str, Entity] = {}
    datasets = {window: f"apps-{scope.replace('/', '--')}-{window}" for window in windows}
    for window, dataset in datasets.items():
        for snapshot in store.load(ID, dataset).values():
            rows = validated_rows(AppRow, snapshot)
            start, end = asked_window(snapshot, "start_date", "end_date")
            lists.append(
                RankedList(
                    window=window,
                    start=start,
                    end=end,
                    entries=tuple(
                        RankedEntry(
                            rank=row.rank,
                            entity=str(row.app_id),
                            value=int(row.total_tokens),
                            requests=row.total_requests,
                        )
                        for row in rows
                    ),
                    others=None,
                    published=snapshot.published,
                    citation=snapshot.credit,
                )
            )
            # An app may be renamed; its newest name, under its lasting id, is what is shown.
            entities |= {
                str(row.app_id): Entity(
                    kind="app",
                    key=str(row.app_id),
                    name=row.app_name if row.app_name.strip() else f"App {row.app_id}",
                )
                for row in rows
            }
    if lists:
        yield Board(
            source=ID,
            kind="app",
            metric="tokens",
            scope=scope,
            path=f"{ID}/apps/{scope}",
            entities=entities,
            lists=tuple(sorted(lists, key=lambda ranked: ranked.end)),
            datasets=tuple(datasets.values()),
            order="trending" if scope == "trending" else None,
            caveats=caveats,
        )

"""What ZenMux's snapshots mean."""

from collections.abc import Iterator
from decimal import Decimal

from leaderboard.records import (
    OTHERS,
    Board,
    DailyValue,
    Day,
    Entity,
    Kind,
    Metric,
    Quantity,
    RankedEntry,
    RankedList,
    Reading,
    Window,
)
from leaderboard.snapshots import Snapshot, Store
from leaderboard.sources._contract import (
    asked_window,
    validated_rows,
)
from leaderboard.sources.zenmux.queries import queries
from leaderboard.sources.zenmux.terms import (
    COST_CAVEAT,
    HOMEPAGE,
    ID,
    KEY_VARIABLE,
    METRICS,
    NAME,
    POPULATION,
    TOKENS_CAVEAT,
    WINDOWS,
)
from leaderboard.sources.zenmux.wire import AuthorValue, Entry, ModelValue


def read(store: Store) -> Reading:
    """Return ZenMux's boards: models and labs by tokens and by list-price cost."""
    boards = [
        *(_board(store, "model", metric) for metric in METRICS),
        *(_board(store, "lab", metric) for metric in METRICS),
    ]
    return Reading(
        source=ID,
        name=NAME,
        homepage=HOMEPAGE,
        population=POPULATION,
        boards=tuple(board for board in boards if board.days or board.lists),
        caveats=(COST_CAVEAT,),
        needs_key=KEY_VARIABLE,
        queries=tuple(queries()),
    )


def _board(store: Store, kind: Kind, metric: Metric) -> Board:
    entities: dict[str, Entity] = {}
    dataset = f"{'timeseries' if kind == 'model' else 'market-share'}-{metric}"
    days = []
    for snapshot in store.load(ID, dataset).values():
        values = []
        for key, label, value in _daily(kind, snapshot):
            values.append(
                DailyValue(
                    date=snapshot.day, entity=key, value=_quantity(metric, value), share_pct=None
                )
            )
            if key != OTHERS:
                entities[key] = _entity(kind, key, label)
        days.append(
            Day(
                date=snapshot.day,
                values=tuple(v for v in values if v.entity != OTHERS),
                others=next((v for v in values if v.entity == OTHERS), None),
                published=snapshot.published,
                citation=snapshot.credit,
                revised=len(snapshot.revisions),
            )
        )
    lists: list[RankedList] = []
    ranked_in = {w: f"leaderboard-{metric}-{w}" for w in WINDOWS} if kind == "model" else {}
    for window, ranked_dataset in ranked_in.items():
        for snapshot in store.load(ID, ranked_dataset).values():
            ranked, named = _ranked_list(snapshot, metric, window)
            lists.append(ranked)
            entities = named | entities
    return Board(
        source=ID,
        kind=kind,
        metric=metric,
        scope=None,
        path=f"{ID}/{kind}s/{metric}",
        entities=entities,
        days=tuple(days),
        lists=tuple(sorted(lists, key=lambda ranked: ranked.end)),
        datasets=(dataset, *ranked_in.values()),
        caveats=(TOKENS_CAVEAT, *((COST_CAVEAT,) if metric == "cost" else ())),
    )


def _daily(kind: Kind, snapshot: Snapshot) -> Iterator[tuple[str, str, int | float]]:
    if kind == "model":
        for row in validated_rows(ModelValue, snapshot):
            yield row.model, row.label, row.value
    else:
        for author in validated_rows(AuthorValue, snapshot):
            yield author.author or OTHERS, author.label, author.value


def _ranked_list(
    snapshot: Snapshot, metric: Metric, window: Window
) -> tuple[RankedList, dict[str, Entity]]:
    rows = validated_rows(Entry, snapshot)
    start, end = asked_window(snapshot, "starting_at", "ending_at")
    entries = [
        RankedEntry(
            rank=0 if row.model == OTHERS else row.rank,
            entity=row.model,
            value=_quantity(metric, row.value),
        )
        for row in rows
    ]
    ranked = RankedList(
        window=window,
        start=start,
        end=end,
        entries=tuple(entry for entry in entries if entry.rank),
        others=next((entry for entry in entries if not entry.rank), None),
        published=snapshot.published,
        citation=snapshot.credit,
    )
    named = {
        row.model: _entity("model", row.model, row.label) for row in rows if row.model != OTHERS
    }
    return ranked, named


def _entity(kind: Kind, key: str, label: str) -> Entity:
    lab = key if kind == "lab" else key.split("/")[0] if "/" in key else None
    return Entity(kind=kind, key=key, name=label or key, lab=lab)


def _quantity(metric: Metric, value: int | float) -> Quantity:
    if metric == "tokens" and isinstance(value, int):
        return value
    # Through the shortest decimal that reads back the same: what was sent, not its binary tail.
    return Decimal(repr(value))

"""What Vercel's snapshots mean."""

from collections.abc import Iterator

from leaderboard.records import (
    OTHERS,
    Board,
    DailyValue,
    Day,
    Entity,
    Kind,
    RankedEntry,
    RankedList,
    Reading,
)
from leaderboard.snapshots import Store
from leaderboard.sources._contract import (
    validated_rows,
)
from leaderboard.sources.vercel.queries import queries
from leaderboard.sources.vercel.terms import (
    APPS_CAVEAT,
    HOMEPAGE,
    ID,
    METRICS,
    NAME,
    NAMED_CAVEAT,
    OTHER,
    POPULATION,
    PROVIDERS_CAVEAT,
    RANKED_BY,
    SHARES_CAVEAT,
    SPEND_CAVEAT,
)
from leaderboard.sources.vercel.wire import RankedRow, ShareRow


def read(store: Store) -> Reading:
    """Return Vercel's boards: shares of models and labs per day, apps and providers as ranked."""
    return Reading(
        source=ID,
        name=NAME,
        homepage=HOMEPAGE,
        population=POPULATION,
        boards=(
            *_share_boards(store, "model"),
            *_share_boards(store, "lab"),
            *_ranked_boards(store, "app", APPS_CAVEAT),
            *_ranked_boards(store, "provider", PROVIDERS_CAVEAT),
        ),
        caveats=(SHARES_CAVEAT,),
        queries=tuple(queries()),
    )


def _share_boards(store: Store, kind: Kind) -> Iterator[Board]:
    for modality in ("text", "all", "image", "video"):
        days: dict[str, list[Day]] = {}
        for snapshot in store.load(ID, f"{kind}s-{modality}").values():
            listed: dict[str, list[DailyValue]] = {}
            for row in validated_rows(ShareRow, snapshot):
                listed.setdefault(row.metric, []).append(
                    DailyValue(
                        date=snapshot.day,
                        entity=OTHERS if row.name == OTHER else row.name,
                        value=None,
                        share_pct=row.share_percent,
                    )
                )
            for metric, values in listed.items():
                days.setdefault(metric, []).append(
                    Day(
                        date=snapshot.day,
                        values=tuple(v for v in values if v.entity != OTHERS),
                        others=next((v for v in values if v.entity == OTHERS), None),
                        published=snapshot.published,
                        citation=snapshot.credit,
                        revised=len(snapshot.revisions),
                    )
                )
        for sent_metric, metric in METRICS.items():
            if sent_metric in days:
                keys = {value.entity for day in days[sent_metric] for value in day.values}
                yield Board(
                    source=ID,
                    kind=kind,
                    metric=metric,
                    scope=modality,
                    path=f"{ID}/{kind}s/{modality}/{metric}",
                    entities={
                        key: Entity(
                            kind=kind, key=key, name=key, lab=key if kind == "lab" else None
                        )
                        for key in sorted(keys)
                    },
                    days=tuple(days[sent_metric]),
                    cut="request" if kind == "model" else "day",
                    datasets=(f"{kind}s-{modality}",),
                    caveats=(
                        SHARES_CAVEAT,
                        *((NAMED_CAVEAT,) if kind == "model" else ()),
                        *((SPEND_CAVEAT,) if metric == "spend" else ()),
                    ),
                )


def _ranked_boards(store: Store, kind: Kind, caveat: str) -> Iterator[Board]:
    for ranked_by, metric in RANKED_BY.items():
        lists: list[RankedList] = []
        entities: dict[str, Entity] = {}
        for snapshot in store.load(ID, f"{kind}s").values():
            rows = [
                row for row in validated_rows(RankedRow, snapshot) if row.ranked_by == ranked_by
            ]
            if not rows:
                continue
            lists.append(
                RankedList(
                    window=None,
                    start=None,
                    end=snapshot.day,
                    entries=tuple(RankedEntry(rank=row.rank, entity=row.name) for row in rows),
                    others=None,
                    published=snapshot.published,
                    citation=snapshot.credit,
                )
            )
            entities |= {
                row.name: Entity(
                    kind=kind,
                    key=row.name,
                    name=row.name,
                    url=row.url or None,
                    description=row.description or None,
                )
                for row in rows
            }
        if lists:
            yield Board(
                source=ID,
                kind=kind,
                metric=metric,
                scope=None,
                path=f"{ID}/{kind}s/{metric}",
                entities=entities,
                lists=tuple(lists),
                datasets=(f"{kind}s",),
                caveats=(caveat, *((SPEND_CAVEAT,) if metric == "spend" else ())),
            )

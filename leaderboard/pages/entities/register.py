"""Who has a page: every model, lab and app that was ever ranked, with its whole course.

Derived from the whole history held, never from a window: once ranked, always here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from leaderboard import words
from leaderboard.catalog import Crosswalk, CrosswalkRow, Identity, Match, crosswalk
from leaderboard.pages import entity_paths
from leaderboard.pages.entities import addresses
from leaderboard.pages.entities.addresses import Sight
from leaderboard.pages.entity_paths import Places
from leaderboard.records import OTHERS, Board, Entity, Kind, Quantity, Reading, Window

Owner = str | tuple[str, str]
"""Who owns a page: an id of this site, or what is one gateway's alone, by source and key."""


class Point(NamedTuple):
    """Where someone stood on one day, or in the list of the *window* that ended on it."""

    date: dt.date
    rank: int
    share_pct: float | None = None
    value: Quantity | None = None
    requests: int | None = None
    tokens: int | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One name's whole course on one board, oldest first: only days on which it was listed."""

    reading: Reading
    board: Board
    entity: Entity
    points: tuple[Point, ...]

    @property
    def best(self) -> Point:
        """The best rank, on the first day it was reached."""
        return min(self.points, key=lambda point: (point.rank, point.date))

    @property
    def first(self) -> dt.date:
        """The first day listed."""
        return self.points[0].date

    @property
    def last(self) -> Point:
        """Where it stood when it was last listed."""
        return self.points[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is known of one model, lab or app.

    *id* is the model's or lab's on this site (None: a name that no rule matches, or an app,
    which are one gateway's alone). *names* are the crosswalk's lines about a model.
    *offers* says which gateways' catalogues were seen with it.
    """

    kind: Kind
    path: str
    name: str
    id: str | None
    lab: str | None
    lab_name: str | None
    courses: tuple[Course, ...]
    names: tuple[CrosswalkRow, ...] = ()
    offers: Mapping[str, Sight] = field(default_factory=dict)

    @property
    def first(self) -> dt.date:
        """The first day it was listed anywhere."""
        return min(course.first for course in self.courses)

    @property
    def last(self) -> dt.date:
        """The last day it was listed anywhere."""
        return max(course.last.date for course in self.courses)

    def at(self, source: str) -> tuple[Course, ...]:
        """Give its courses at one gateway."""
        return tuple(course for course in self.courses if course.reading.source == source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everybody who has a page, by name; where they are, and where they were called else.

    *catalogued* is the newest day of each gateway's catalogue.
    """

    models: tuple[Dossier, ...] = ()
    labs: tuple[Dossier, ...] = ()
    apps: tuple[Dossier, ...] = ()
    places: Places = field(default_factory=Places)
    forwards: Mapping[str, str] = field(default_factory=dict)
    crosswalk: Crosswalk = field(default_factory=lambda: Crosswalk(rows=(), coverage=()))
    catalogued: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Dossier, ...]:
        """Everybody, models first."""
        return (*self.models, *self.labs, *self.apps)

    @property
    def by_model(self) -> Mapping[str, Dossier]:
        """The models by their ids on this site, those that no rule matches left out."""
        return {dossier.id: dossier for dossier in self.models if dossier.id is not None}


NOBODY: Final = Register()

_Matches = Mapping[str, Mapping[str, Mapping[dt.date, Match]]]  # by source, name and day
_Courses = Mapping[Owner, Sequence[Course]]


def register(readings: Sequence[Reading], sent: Sequence[Reading], identity: Identity) -> Register:
    """Enter everybody ever ranked; *sent* are the *readings* before `catalog.named`."""
    matches = {reading.source: _matches(reading, identity) for reading in sent}
    walked = crosswalk(identity, sent)
    sights = addresses.sights(identity)
    models = tuple(
        _model(owner, courses, walked, sights, identity, matches)
        for owner, courses in _model_courses(readings, matches).items()
    )
    labs = tuple(
        _lab(lab, courses, identity) for lab, courses in _lab_courses(readings, identity).items()
    )
    homes = {
        (source, key): _home(source, key, by_day[max(by_day)])
        for source, names in matches.items()
        for key, by_day in names.items()
    }
    return Register(
        models=_by_name(models),
        labs=_by_name(labs),
        apps=_by_name(map(_app, _app_courses(readings).values())),
        places=Places(models=homes, labs=identity.labs),
        forwards=addresses.forwards(
            {dossier.path for dossier in (*models, *labs)}, homes, sights, readings, identity
        ),
        crosswalk=walked,
        catalogued={
            source: max(listing.newest.last_seen for listing in catalogue.listings)
            for source, catalogue in identity.catalogues.items()
            if catalogue.listings
        },
    )


def _matches(reading: Reading, identity: Identity) -> dict[str, dict[dt.date, Match]]:
    """Match each name of a gateway's models on each day it is listed.

    A name that stands in no day's list is matched over the windows of the lists it is in.
    """
    by_day: defaultdict[dt.date, dict[str, str | None]] = defaultdict(dict)
    windows: defaultdict[tuple[dt.date, dt.date], dict[str, str | None]] = defaultdict(dict)
    for board in reading.boards:
        if board.kind != "model":
            continue
        labels = {
            key: entity.name if entity.name != key else None
            for key, entity in board.entities.items()
        }
        for day in board.days:
            by_day[day.date].update((v.entity, labels.get(v.entity)) for v in day.values)
        for ranked in board.lists:
            window = (ranked.end, ranked.start or ranked.end)
            windows[window].update((e.entity, labels.get(e.entity)) for e in ranked.entries)
    found: defaultdict[str, dict[dt.date, Match]] = defaultdict(dict)
    for date, names in by_day.items():
        for name, match in identity.matches(reading.source, names.items(), date).items():
            found[name][date] = match
    daily = set(found)
    for (end, start), names in windows.items():
        matched = identity.matches(reading.source, names.items(), end, since=start)
        for name, match in matched.items():
            if name not in daily:
                found[name][end] = match
    found.pop(OTHERS, None)
    return found


def _home(source: str, key: str, match: Match) -> str:
    if match.model is not None:
        return entity_paths.model_path(match.model)
    return entity_paths.unmatched_path(source, key, match.lab)


def _model_courses(readings: Sequence[Reading], matches: _Matches) -> dict[Owner, list[Course]]:
    """Part each name's points among the models it stood for."""
    courses: defaultdict[Owner, list[Course]] = defaultdict(list)
    for reading in readings:
        for board in reading.boards:
            if board.kind != "model":
                continue
            for key, points in _points(board).items():
                by_day = matches[reading.source][key]
                parted: defaultdict[Owner, list[Point]] = defaultdict(list)
                for point in points:
                    parted[by_day[point.date].model or (reading.source, key)].append(point)
                newest = by_day[max(by_day)].model or (reading.source, key)
                for owner, own in parted.items():
                    # Days on which a name stood for nothing certain are no page's, where the
                    # name has since come to stand for a model.
                    if isinstance(owner, str) or owner == newest:
                        courses[owner].append(_course(reading, board, key, own))
    return courses


def _lab_courses(readings: Sequence[Reading], identity: Identity) -> dict[str, list[Course]]:
    courses: defaultdict[str, list[Course]] = defaultdict(list)
    for reading in readings:
        for board in reading.boards:
            if board.kind == "lab":
                for key, points in _points(board).items():
                    if lab := identity.labs.of(key):
                        courses[lab].append(_course(reading, board, key, points))
    return courses


def _app_courses(readings: Sequence[Reading]) -> dict[tuple[str, str], list[Course]]:
    courses: defaultdict[tuple[str, str], list[Course]] = defaultdict(list)
    for reading in readings:
        for board in reading.boards:
            if board.kind == "app":
                for key, points in _points(board).items():
                    courses[reading.source, key].append(_course(reading, board, key, points))
    return courses


def _course(reading: Reading, board: Board, key: str, points: Sequence[Point]) -> Course:
    entity = board.entities.get(key) or Entity(kind=board.kind, key=key, name=key)
    return Course(reading=reading, board=board, entity=entity, points=tuple(points))


def _points(board: Board) -> dict[str, list[Point]]:
    """Give where each entity stood: day by day, or in each list of a board without days."""
    points: defaultdict[str, list[Point]] = defaultdict(list)
    for day in sorted(board.days, key=lambda day: day.date):
        for rank, value in enumerate(day.values, start=1):
            points[value.entity].append(Point(day.date, rank, value.share_pct, value.value))
    if not board.days:
        for ranked in sorted(board.lists, key=lambda ranked: (ranked.end, ranked.window or "")):
            for entry in ranked.entries:
                points[entry.entity].append(
                    Point(
                        ranked.end,
                        entry.rank,
                        entry.share_pct,
                        entry.value,
                        entry.requests,
                        entry.tokens,
                        ranked.window,
                    )
                )
    points.pop(OTHERS, None)
    return points


def _model(
    owner: Owner,
    courses: Sequence[Course],
    walked: Crosswalk,
    sights: addresses.Sights,
    identity: Identity,
    matches: _Matches,
) -> Dossier:
    newest = max(courses, key=lambda course: course.last.date)
    if isinstance(owner, str):
        known = identity.models.get(owner)
        lab, _, tail = owner.partition("/")
        return Dossier(
            kind="model",
            path=entity_paths.model_path(owner),
            name=known.name if known else tail,
            id=owner,
            lab=lab,
            lab_name=identity.labs.name(lab),
            courses=tuple(courses),
            names=tuple(row for row in walked.rows if row.model == owner),
            offers=sights.offers.get(owner, {}),
        )
    source, key = owner
    by_day = matches[source][key]
    own_lab = by_day[max(by_day)].lab
    return Dossier(
        kind="model",
        path=entity_paths.unmatched_path(source, key, own_lab),
        name=words.named(newest.entity.name, key),
        id=None,
        lab=own_lab,
        lab_name=identity.labs.name(own_lab) if own_lab else None,
        courses=tuple(courses),
        names=tuple(
            row for row in walked.rows if row.model is None and (row.source, row.name) == owner
        ),
    )


def _lab(lab: str, courses: Sequence[Course], identity: Identity) -> Dossier:
    known = identity.labs.known(lab)
    newest = max(courses, key=lambda course: course.last.date)
    name = known.name if known else words.named(newest.entity.name, lab)
    return Dossier(
        kind="lab",
        path=entity_paths.lab_path(lab),
        name=name,
        id=lab,
        lab=lab,
        lab_name=name,
        courses=tuple(courses),
    )


def _app(courses: Sequence[Course]) -> Dossier:
    newest = max(courses, key=lambda course: course.last.date)
    source, key = newest.reading.source, newest.entity.key
    return Dossier(
        kind="app",
        path=entity_paths.app_path(source, key),
        name=words.named(newest.entity.name, key),
        id=None,
        lab=None,
        lab_name=None,
        courses=tuple(courses),
    )


def _by_name(dossiers: Iterable[Dossier]) -> tuple[Dossier, ...]:
    return tuple(sorted(dossiers, key=lambda one: (one.name.casefold(), one.path)))

"""Which pages there are about models, labs and apps, with what on them; their downloads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from leaderboard import words
from leaderboard.pages import headlines
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import Document
from leaderboard.pages.entities import apps, credits, files, index_files, indexes
from leaderboard.pages.entities.dossiers import Profile, profile
from leaderboard.pages.entities.figures import Drawn
from leaderboard.pages.entities.register import Dossier
from leaderboard.pages.entities.standing import Desk
from leaderboard.pages.page import Alternate, Page
from leaderboard.records import Kind, Reading

_KINDS: Final[tuple[Kind, ...]] = ("model", "lab", "app")


def profiles(build: Build, drawn: Mapping[str, Drawn]) -> dict[str, Profile]:
    """Gather what every page says, by page."""
    desk = Desk(build)
    made: dict[str, Profile] = {}
    by_lab: dict[str | None, list[Profile]] = {}
    for dossier in build.register.models:
        found = profile(desk, dossier, drawn.get(dossier.path))
        made[dossier.path] = found
        by_lab.setdefault(dossier.lab, []).append(found)
    for dossier in build.register.labs:
        own = by_lab.get(dossier.id, [])
        made[dossier.path] = profile(desk, dossier, drawn.get(dossier.path), own)
    for dossier in build.register.apps:
        made[dossier.path] = profile(desk, dossier, None)
    return made


def pages(build: Build) -> Iterator[Page]:
    """Give the pages about everybody, the indexes first, and the ways from old addresses."""
    lab_paths = {dossier.path for dossier in build.register.labs}
    entries = {
        path: indexes.entry(found, build.readings, build.sparkline, _lab_path(build, found))
        for path, found in build.profiles.items()
        if found.dossier.kind != "app"
    }
    for kind in _KINDS:
        held = [one for one in build.profiles.values() if one.dossier.kind == kind]
        if held:
            yield _index(build, kind, held)
    for found in build.profiles.values():
        yield _page(build, found, entries, lab_paths)
    for old, now in build.register.forwards.items():
        yield Page(
            path=old,
            template="entity_moved.html",
            title=f"Moved: {build.profiles[now].dossier.name}",
            description="This page has moved.",
            context={"now": now, "name": build.profiles[now].dossier.name},
            is_listed=False,
        )


def documents(build: Build) -> Iterator[Document]:
    """Give the downloads of all pages."""
    for found in build.profiles.values():
        yield from files.documents(build.edition, found)
    for kind in _KINDS:
        held = [one for one in build.profiles.values() if one.dossier.kind == kind]
        if held:
            given = credits.credits(build, index_files.boards_of(held).values())
            yield from index_files.documents(build.edition, kind, held, given)


def _page(
    build: Build,
    found: Profile,
    entries: Mapping[str, indexes.Entry],
    lab_paths: set[str],
) -> Page:
    dossier = found.dossier
    csv_path, json_path = files.file_paths(dossier.path)
    kinds = headlines.KIND_NAMES[dossier.kind]
    is_app = dossier.kind == "app"
    by = f" by {dossier.lab_name}" if dossier.kind == "model" and dossier.lab_name else ""
    lab_path = _lab_path(build, found)
    return Page(
        path=dossier.path,
        template="entity_app.html" if is_app else "entity.html",
        title=f"{dossier.name}{by}: {'rank and tokens' if is_app else 'share'} at "
        f"{words.listing(list(dict.fromkeys(c.reading.name for c in dossier.courses)))}",
        description=found.summary,
        context={
            "found": found,
            "dossier": dossier,
            "kinds": kinds,
            "lab_path": lab_path if lab_path in lab_paths else None,
            "picture": build.pictures.get(dossier.path),
            "readings": build.readings,
            "models": sorted(
                (entries[one.dossier.path] for one in found.models),
                key=indexes.by_rank,
            ),
            "course": apps.course(found) if is_app else None,
            "csv_path": csv_path,
            "json_path": json_path,
        },
        modified=dossier.last,
        alternates=(
            Alternate(path=json_path, media_type="application/json", title="This page as JSON"),
            Alternate(path=csv_path, media_type="text/csv", title="This page as CSV"),
        ),
    )


def _index(build: Build, kind: Kind, held: Sequence[Profile]) -> Page:
    shown = _columns(build.readings, [one.dossier for one in held])
    lines = [indexes.entry(one, shown, build.sparkline, _lab_path(build, one)) for one in held]
    boards = index_files.boards_of(held)
    given = credits.credits(build, boards.values())
    csv_path, json_path = files.file_paths(headlines.KIND_NAMES[kind])
    names = headlines.KIND_NAMES[kind]
    return Page(
        path=names,
        template="entities.html",
        title=f"All {names} ever listed",
        description=f"Every {kind} that a gateway ever ranked: where it stands, since when.",
        context={
            "kind": kind,
            "kinds": names,
            "lines": sorted(lines, key=indexes.by_rank),
            "retired": sum(line.is_retired for line in lines),
            "readings": shown,
            "credits": given,
            "caveats": credits.caveats(given, boards.values()),
            "csv_path": csv_path,
            "json_path": json_path,
        },
        modified=max(one.dossier.last for one in held),
        alternates=(
            Alternate(path=json_path, media_type="application/json", title="This page as JSON"),
            Alternate(path=csv_path, media_type="text/csv", title="This page as CSV"),
        ),
    )


def _lab_path(build: Build, found: Profile) -> str | None:
    lab = found.dossier.lab
    path = build.register.places.at("", "lab", lab) if lab else None
    return path if path in build.profiles else None


def _columns(readings: Sequence[Reading], dossiers: Sequence[Dossier]) -> list[Reading]:
    """Give the gateways at which any of them was ever listed."""
    sources = {course.reading.source for one in dossiers for course in one.courses}
    return [reading for reading in readings if reading.source in sources]

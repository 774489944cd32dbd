"""Names for people: entities with their display name and their lab, on every board."""

from collections import Counter
from dataclasses import replace

from leaderboard.catalog.identity import Identity
from leaderboard.catalog.spelling import parts
from leaderboard.records import OTHERS, Board, Entity, Reading


def named(reading: Reading, identity: Identity) -> Reading:
    """Fill in the name and the lab that people read for every model and lab of *reading*.

    A gateway's own display names stay as it sends them; slugs get the catalogue's name, with
    the variant behind it (``GLM 4.5 Air (free)``). What is unmatched keeps the name as sent.
    *lab* becomes the lab's id on this site.
    """
    return replace(
        reading,
        boards=tuple(_named_board(reading.source, board, identity) for board in reading.boards),
    )


def _named_board(source: str, board: Board, identity: Identity) -> Board:
    if board.kind not in ("model", "lab"):
        return board
    days = [day.date for day in board.days] + [ranked.end for ranked in board.lists]
    entities = {}
    for key, entity in board.entities.items():
        if key == OTHERS or not days:
            entities[key] = entity
        elif board.kind == "lab":
            entities[key] = _named_lab(entity, identity)
        else:
            match = identity.match(source, key, entity.name, max(days))
            known = identity.models.get(match.model or "")
            name = entity.name
            if parts(name) and known:
                name = known.name + "".join(f" ({flag})" for flag in match.flags)
            lab = match.lab or identity.labs.of(entity.lab)
            entities[key] = _with_lab(entity, name, lab, identity)
    return replace(board, entities=_told_apart(entities))


def _named_lab(entity: Entity, identity: Identity) -> Entity:
    lab = identity.labs.of(entity.key)
    known = identity.labs.known(lab)
    return _with_lab(entity, known.name if known else entity.name, lab, identity)


def _with_lab(entity: Entity, name: str, lab: str | None, identity: Identity) -> Entity:
    if lab is None:
        return entity  # nor has it another name: what is known has a lab
    known = identity.labs.known(lab)
    lab_name = known.name if known else (entity.lab_name or lab)
    return replace(entity, name=name, lab=lab, lab_name=lab_name)


def _told_apart(entities: dict[str, Entity]) -> dict[str, Entity]:
    """Put the key behind names that two entities of one board would share."""
    uses = Counter(entity.name for entity in entities.values())
    return {
        key: replace(entity, name=f"{entity.name} [{key}]")
        if uses[entity.name] > 1 and entity.name != key and key != OTHERS
        else entity
        for key, entity in entities.items()
    }

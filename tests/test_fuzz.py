"""The targets of ``make fuzz``, tried a little in every run: seeds, old finds, some mutations."""

import random

import pytest

from tests.fuzz.mutating import mutated
from tests.fuzz.seeds import FOUND, SEEDS
from tests.fuzz.targets import TARGETS

each = pytest.mark.parametrize("name", TARGETS)


def test_every_target_has_seeds() -> None:
    assert SEEDS.keys() == TARGETS.keys()
    assert FOUND.keys() <= TARGETS.keys()


@each
def test_what_a_target_begins_from_is_taken(name: str) -> None:
    """Else fuzzing would try nothing but the refusal."""
    assert [seed for seed in SEEDS[name] if not TARGETS[name](seed)] == []


@each
def test_what_once_broke_a_parser_is_answered_now(name: str) -> None:
    for body in FOUND.get(name, []):
        assert TARGETS[name](body) in (True, False)


@each
def test_a_parser_takes_or_refuses_any_bytes(name: str) -> None:
    chance = random.Random(81)
    outcomes = set()
    for seed in SEEDS[name]:
        for _ in range(max(20, 400 // len(SEEDS[name]))):
            body = bytearray(seed)
            for _ in range(chance.randint(1, 4)):
                if body:
                    body[chance.randrange(len(body))] = chance.randrange(256)
            start = 1 if name in {"openrouter", "vercel", "zenmux", "snapshot"} else 0
            made = mutated(seed[start:], chance)
            outcomes.add(TARGETS[name](bytes(body)))
            outcomes.add(TARGETS[name](seed[:start] + (made or b"")))
    assert outcomes <= {True, False}

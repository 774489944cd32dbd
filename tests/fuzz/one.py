"""Fuzz one target, guided by coverage: ``python -m tests.fuzz.one TARGET [LIBFUZZER OPTIONS]``."""

import random
import sys

import atheris

with atheris.instrument_imports(include=["leaderboard", "tomllib"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.mutating import mutated

NUMBERED = frozenset({"openrouter", "vercel", "zenmux", "snapshot"})
"""Targets whose first byte says which of several answers the rest is."""


def main() -> None:
    name = sys.argv[1]
    start = 1 if name in NUMBERED else 0

    def mutate(body: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.7:
            made = mutated(body[start:], chance)
            if made is not None and len(made) + start <= most:
                return body[:start] + made
        return atheris.Mutate(body, most)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[name], custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

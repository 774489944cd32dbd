"""What holds of identity whatever the catalogues say."""

import datetime as dt
import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from leaderboard.catalog import (
    RULES,
    Identity,
    accumulate,
    changed,
)
from tests.catalogues import (
    GATEWAYS,
    TABLES,
    catalogue,
    days,
    reading_of,
)

# Laws

AUTHORS = ["anthropic", "z-ai", "qwen", "alibaba", "meta", "meta-llama", "newcomer"]
SUFFIXES = [
    "pro",
    "mini",
    "nano",
    "lite",
    "fast",
    "flash",
    "max",
    "thinking",
    "non-reasoning",
    "air",
    "3b",
    "30b",
    "a3b",
    "preview",
    "turbo",
]
STEMS = ["claude-opus-4.8", "claude-4.8-opus", "glm-4.6", "glm-4.6v", "qwen3", "qwen3.5", "r1"]
DATES = ["", "-20260101", "-2026-01-01", "-0101", "-20260202", "-0202", "-02-02"]

tails = st.builds(
    lambda stem, suffixes, date: "-".join([stem, *suffixes]) + date,
    st.sampled_from(STEMS),
    st.lists(st.sampled_from(SUFFIXES), max_size=2, unique=True),
    st.sampled_from(DATES),
)
variants = st.sampled_from(["", "", ":free", ":thinking"])


def display(tail):
    return tail.replace("-", " ").title()


@st.composite
def openrouter_entries(draw):
    author, tail = draw(st.sampled_from(AUTHORS)), draw(tails)
    canonical = draw(st.just(tail) | st.sampled_from(DATES).map(lambda date: tail + date) | tails)
    return {
        "id": f"{author}/{tail}{draw(variants)}",
        "canonical_slug": f"{author}/{canonical}",
        "name": draw(st.sampled_from(["", "Lab: "])) + display(draw(st.just(tail) | tails)),
    }


@st.composite
def other_entries(draw):
    author, tail = draw(st.sampled_from(AUTHORS)), draw(tails)
    name = display(draw(st.just(tail) | tails))
    return {"id": f"{author}/{tail}", "display_name": f"Lab: {name}"}


@st.composite
def worlds(draw):
    """Three gateways' catalogues, seen over some days, ids and names changing hands."""
    seen = st.lists(st.tuples(openrouter_entries(), days), min_size=1, max_size=8)
    others = st.lists(st.tuples(other_entries(), days), max_size=4)
    return Identity(
        labs=TABLES.labs,
        aliases=TABLES.aliases,
        catalogues={
            "openrouter": catalogue("openrouter", *draw(seen)),
            "zenmux": catalogue("zenmux", *draw(others)),
            "vercel": catalogue("vercel", *draw(others)),
        },
    )


def names_in(world):
    """List all that the catalogues of *world* could have a gateway say, with labels."""
    found = set()
    for known in world.catalogues.values():
        for listing in known.listings:
            for label in listing.labels:
                shown = label.name.removeprefix("Lab: ")
                found |= {(listing.id, shown), (listing.id, None), (shown, None)}
                found |= {(label.canonical_slug, shown)} if label.canonical_slug else set()
    return sorted(found, key=repr)


anything = st.text(max_size=12) | st.builds("{}/{}".format, st.sampled_from(AUTHORS), tails)


def spoken(world, data):
    """Draw a gateway, a name and a label that it may send, known or not."""
    gateway = data.draw(st.sampled_from(GATEWAYS))
    name, label = data.draw(
        st.sampled_from(names_in(world))
        | st.tuples(anything, st.none() | anything | tails.map(display))
    )
    return gateway, name, label


@given(worlds(), st.data(), days)
def test_one_name_is_one_model_on_one_day_however_the_catalogues_were_built(world, data, day):
    gateway, name, label = spoken(world, data)
    match = world.match(gateway, name, label, day)
    assert (match.model is None) == (match.rule is None)
    assert match.rule is None or match.rule in RULES
    assert (match.valid_from or day) <= day <= (match.valid_to or day)
    rebuilt = {}
    for source, known in world.catalogues.items():
        seen = [
            (
                {"id": listing.id, "name": label.name, "canonical_slug": label.canonical_slug},
                seen_on,
            )
            for listing in known.listings
            for label in listing.labels
            for seen_on in (label.first_seen, label.last_seen)
        ]
        random.Random(len(seen)).shuffle(seen)
        rebuilt[source] = catalogue(source, *seen)
    again = Identity(labs=world.labs, aliases=tuple(reversed(world.aliases)), catalogues=rebuilt)
    assert again.match(gateway, name, label, day) == match


@given(worlds(), st.data(), days)
def test_what_a_match_says_holds_on_every_day_it_claims(world, data, day):
    gateway, name, label = spoken(world, data)
    match = world.match(gateway, name, label, day)
    for offset in range(-15, 16):
        other = day + dt.timedelta(days=offset)
        is_claimed = (match.valid_from or other) <= other <= (match.valid_to or other)
        assert (world.match(gateway, name, label, other) == match) == is_claimed


@given(worlds(), st.data(), days)
def test_never_crosses_labs(world, data, day):
    gateway, name, label = spoken(world, data)
    match = world.match(gateway, name, label, day)
    if match.model is None:
        return
    assert match.model.partition("/")[0] == match.lab
    if name.count("/") == 1:
        assert match.lab == TABLES.labs.of(name.partition("/")[0])
    if match.model in world.models:
        assert world.models[match.model].lab == match.lab


@given(worlds(), st.data(), days, st.sampled_from(SUFFIXES))
def test_never_merges_what_a_suffix_tells_apart(world, data, day, suffix):
    gateway, name, label = spoken(world, data)
    joint = "-" if "/" in name else " "
    stem, colon, variant = name.partition(":")
    longer = f"{stem}{joint}{suffix}{colon}{variant}"
    match = world.match(gateway, name, label, day)
    other = world.match(gateway, longer, label and f"{label} {suffix.title()}", day)
    # OpenRouter's own catalogue may call one canonical slug by such an id: its word is taken.
    vouched = {"canonical slug", "catalogue id", "variant stripped"}
    if match.model is not None and {match.rule, other.rule} - vouched:
        assert match.model != other.model


@given(worlds(), days)
def test_never_merges_two_canonical_slugs(world, day):
    slugs = {
        label.canonical_slug
        for listing in world.catalogues["openrouter"].listings
        for label in listing.labels
    }
    found = [world.match("openrouter", slug, None, day).model for slug in sorted(slugs)]
    assert None not in found
    assert len(set(found)) == len(found)


@given(worlds(), st.data(), days)
def test_never_merges_two_names_of_one_gateway_listed_on_one_day(world, data, day):
    gateway = data.draw(st.sampled_from(GATEWAYS))
    listed = dict(data.draw(st.lists(st.sampled_from(names_in(world)), max_size=8)))
    matches = world.matches(gateway, listed.items(), day)
    assert set(matches) == set(listed)
    for one, other in itertools.combinations(matches.values(), 2):
        if one.model is not None and one.flags == other.flags:
            assert one.model != other.model


@given(worlds(), openrouter_entries() | other_entries(), st.data(), days)
def test_no_added_entry_changes_a_match_silently(world, entry, data, day):
    source = "openrouter" if "canonical_slug" in entry else data.draw(st.sampled_from(GATEWAYS[1:]))
    grown = accumulate(world.catalogues[source], [entry], day)
    after = Identity(
        labs=world.labs, aliases=world.aliases, catalogues={**world.catalogues, source: grown}
    )
    gateway, name, label = spoken(world, data)
    key = name if label is None else f"{name}"
    reading = reading_of(gateway, "tokens", {day: {key: 10}}, labels={key: label or key})
    reported = {(change.source, change.name) for change in changed(world, after, [reading])}
    label = label if label and label != name else None
    one, other = (side.match(gateway, name, label, day) for side in (world, after))
    if (one.model, one.lab, one.flags) != (other.model, other.lab, other.flags):
        assert (gateway, name) in reported
    assert changed(world, world, [reading]) == ()

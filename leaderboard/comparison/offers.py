"""Which labs and models a gateway is known not to offer, from its catalogue."""

import datetime as dt
from collections.abc import Collection

from leaderboard.catalog import Identity
from leaderboard.catalog.spelling import parts


def not_offered(
    identity: Identity, source: str, ids: Collection[str], since: dt.date
) -> frozenset[str]:
    """Give those of *ids* that *source* did not offer on any day from *since* on.

    Known only where its catalogue was kept all that time: what left before the catalogue was
    first seen may have been there. A model is not known to be absent while the catalogue has a
    name of its lab that no rule matches.
    """
    catalogue = identity.catalogues.get(source)
    listings = catalogue.listings if catalogue else ()
    if min((listing.first_seen for listing in listings), default=dt.date.max) > since:
        return frozenset()
    offered: set[str] = set()
    doubtful: set[str | None] = set()
    for listing in listings:
        author = parts(listing.id)
        lab = identity.labs.of(author[0]) if author else None
        if lab is not None:
            offered.add(lab)
        for label in listing.labels:
            day = label.last_seen
            meant = {
                identity.match(source, name, sent, day).model
                for name, sent in (
                    (listing.id, label.name),
                    (label.canonical_slug or listing.id, label.name),
                    (label.name, None),
                )
            } - {None}
            offered.update(one for one in meant if one is not None)
            if not meant:
                doubtful.add(lab)
    if None in doubtful:
        return frozenset()
    return frozenset(
        one for one in ids if one not in offered and one.partition("/")[0] not in doubtful
    )

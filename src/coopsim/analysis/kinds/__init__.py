"""The kinds of question: of each, what a scenario's question of it is to every timeline.

To add one: docs/architecture.md, "Adding a kind of question".
"""

from __future__ import annotations

from collections.abc import Mapping

from coopsim.analysis.kinds.base import Query
from coopsim.analysis.kinds.counts import CountQuery
from coopsim.analysis.kinds.dates import AllOfQuery, EventQuery, LastQuery
from coopsim.analysis.kinds.firsts import FirstOfQuery
from coopsim.analysis.kinds.gaps import BetweenQuery
from coopsim.analysis.kinds.indices import IndexQuery
from coopsim.analysis.kinds.levels import DriverQuery

KINDS: Mapping[str, type[Query]] = {
    each.kind: each
    for each in (
        EventQuery,
        LastQuery,
        CountQuery,
        BetweenQuery,
        FirstOfQuery,
        AllOfQuery,
        DriverQuery,
        IndexQuery,
    )
}


def kind_of(name: str) -> type[Query]:
    """Get the kind of question that has this name in a scenario."""
    return KINDS[name]

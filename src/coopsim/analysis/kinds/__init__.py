"""The kinds of question, each in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["date", "count", "gap", "first", "level", "index"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question; those of a family are answered in the same form."""

    name: str
    family: Family


KINDS = {
    kind.name: kind
    for kind in (
        Kind("event", "date"),
        Kind("last", "date"),
        Kind("count", "count"),
        Kind("between", "gap"),
        Kind("first_of", "first"),
        Kind("all_of", "date"),
        Kind("driver", "level"),
        Kind("index", "index"),
    )
}


def kind_of(name: str) -> Kind:
    """Get the kind of question that has this name in a scenario."""
    return KINDS[name]

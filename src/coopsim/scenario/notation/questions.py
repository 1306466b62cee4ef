"""What a question of a scenario is about: the places where events stand, weighted conditions."""

from __future__ import annotations

from dataclasses import dataclass

from coopsim.scenario.notation.conditions import Condition, read_condition
from coopsim.scenario.notation.quantities import read_number
from coopsim.scenario.text.reading import (
    Faults,
    invalid,
    keys_within,
    mapping_of,
    names_of,
    show,
)

QUESTION_KINDS = (
    "event",
    "last",
    "count",
    "between",
    "first_of",
    "all_of",
    "driver",
    "index",
)
Place = tuple[str, ...]  # any of these events
SINGLE = ("event", "last", "count")


@dataclass(frozen=True, slots=True)
class IndexItem:
    """Count a weight towards an index while a condition holds."""

    when: Condition
    weight: float


def read_places(kind: str, raw: object) -> tuple[Place, ...]:
    """Read where events stand: one place, two for `between`, a list for the others."""
    event = "an event, or a list of events"
    if kind in SINGLE:
        return (names_of(raw, event),)
    count = 2 if kind == "between" else None
    expected = "two events [A, B]" if count else "a list of events"
    if not isinstance(raw, list | tuple) or not raw or (count and len(raw) != count):
        raise invalid(show(raw), expected)
    faults = Faults()
    places: list[Place] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            places.append(names_of(item, event))
    if kind == "first_of":
        _check_apart(places, faults)
    faults.check()
    return tuple(places)


def _check_apart(places: list[Place], faults: Faults) -> None:
    """Record every event that stands in more than one place: it could not come before itself."""
    seen: set[str] = set()
    for position, place in enumerate(places):
        for name in sorted(seen & set(place)):
            faults.add(f"'{name}' again", "each event once", position)
        seen |= set(place)


def read_index(raw: object) -> tuple[IndexItem, ...]:
    """Read the weighted conditions of an index; weights are above 0."""
    expected = "a list of {when: CONDITION, weight: NUMBER}"
    if not isinstance(raw, list | tuple) or not raw:
        raise invalid(show(raw), expected)
    faults = Faults()
    items: list[IndexItem] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            items.append(_index_item(mapping_of(item, "{when: CONDITION, weight: NUMBER}")))
    faults.check()
    return tuple(items)


def _index_item(data: dict[str, object]) -> IndexItem:
    faults = Faults()
    keys_within(data, ("when", "weight"), faults)
    for key in ("when", "weight"):
        if key not in data:
            faults.add("nothing", f"`{key}`", key)
    faults.check()
    with faults.at("when"):
        when = read_condition(data["when"])
    with faults.at("weight"):
        weight = read_number(data["weight"], "a number above 0")
        if weight <= 0:
            raise invalid(show(data["weight"]), "a number above 0")
    faults.check()
    return IndexItem(when, weight)

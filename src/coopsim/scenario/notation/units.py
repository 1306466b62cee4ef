"""Units said once: `{by: climate, per: year, freeze: 0.1 to 0.4, drift: 0.5}`.

`per: UNIT` in a mapping of rates, `in: UNIT` in one of durations, gives its unit to every number
below that has none. Tables by level, notations such as {p5:, p50:, p95:} and lags all take it.
"""

from __future__ import annotations

from collections.abc import Callable

from coopsim.scenario.notation.quantities import LUCK_KEYS, NOTATIONS, NUMBER
from coopsim.scenario.notation.values import parse_duration, parse_number, split_range
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    Faults,
    Invalid,
    Key,
    invalid,
    listing,
    name_of,
    show,
    text_of,
)
from coopsim.scenario.text.tree import Map, Seq

UNIT_KEYS = {"rate": "per", "duration": "in"}
_UNITS = ("hour", "day", "week", "month", "year")
_EXPECTED = {
    "rate": "the unit of these rates, such as `per: year` or `per: 2 years`",
    "duration": "the unit of these durations, such as `in: months`",
}
_WITHOUT = ("by", "like", "growth", "not_before", *LUCK_KEYS)  # what has no unit, or another one


def with_units(kind: str, node: object) -> object:
    """Give the unit that a mapping states once to each of its numbers; others stay as they are.

    `kind` is `rate` or `duration`. Raises Invalid for what is no unit.
    """
    key = UNIT_KEYS[kind]
    if not isinstance(node, Map) or key not in node:
        return node
    suffix = _suffix(kind, key, node[key])
    changed = node.copy()
    changed.drop(key)
    return _spread(changed, lambda number: f"{number}{suffix}")


def _suffix(kind: str, key: str, raw: object) -> str:
    """Get what stands behind a number: ` per year` or ` months`."""
    faults = Faults()
    with faults.at(key):
        unit = " ".join(name_of(raw, _EXPECTED[kind]).split())
        written = unit if unit[:1].isdigit() and kind == "rate" else f"1 {unit}"
        if not _is_unit(written):
            known = listing((one if kind == "rate" else f"{one}s" for one in _UNITS), "and")
            hint = near_miss(unit.removesuffix("s"), _UNITS) or f"the units are {known}"
            raise invalid(show(raw), _EXPECTED[kind], hint=hint)
    faults.check()
    return f" per {unit}" if kind == "rate" else f" {unit}"


def _is_unit(written: str) -> bool:
    try:
        return parse_duration(written) > 0
    except ValueError:
        return False


def _spread(node: Map, unit: Callable[[str], str]) -> Map:
    """Put the unit behind each number in a mapping, and in the notations below it."""
    for key, item in node.items():
        if key in _WITHOUT:
            continue
        if isinstance(item, Map):
            node[key] = _spread(item.copy(), unit)
        elif isinstance(item, Seq):
            node[key] = _spread_list(key, item.copy(), unit)
        else:
            node[key] = _with_unit(item, unit)
    return node


def _spread_list(key: Key, items: Seq, unit: Callable[[str], str]) -> Seq:
    """Put the unit behind the items of a notation, but for its shapes and sigmas."""
    roles = next((one.roles for one in NOTATIONS if one.listed and one.keys == (key,)), ())
    for place, item in enumerate(items):
        if place >= len(roles) or roles[place] != NUMBER:
            items[place] = _with_unit(item, unit)
    return items


def _with_unit(raw: object, unit: Callable[[str], str]) -> object:
    """Put the unit behind a number, or behind the second number of a range."""
    if raw is None or isinstance(raw, bool):
        return raw
    try:
        text = text_of(raw)
    except Invalid:
        return raw
    low, high = split_range(text) or (text, text)
    return unit(text) if _is_number(low) and _is_number(high) else raw


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except ValueError:
        return False
    return True

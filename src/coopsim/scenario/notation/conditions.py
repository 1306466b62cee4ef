"""Conditions and triggers: what must hold, and what sets an event off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from coopsim.scenario.notation.slips import conditions as condition_slips
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    Faults,
    in_a_list,
    invalid,
    keys_within,
    mapping_of,
    name_of,
    names_of,
    show,
)

EXPECTED_LEVEL = "a level, a list of levels, {at_least: LEVEL} or {at_most: LEVEL}"
EXPECTED_CONDITION = "a condition such as {sanctions: full}, or a list of such mappings"
EXPECTED_TRIGGERS = "a list of events, or a mapping such as {climate: thaw}"


@dataclass(frozen=True, slots=True)
class LevelTest:
    """A test whether a driver or event stands at one of some levels, or within a range of them."""

    name: str
    levels: tuple[str, ...] | None = None
    at_least: str | None = None
    at_most: str | None = None

    @property
    def named_levels(self) -> tuple[str, ...]:
        """List every level that the test names."""
        bounds = tuple(level for level in (self.at_least, self.at_most) if level is not None)
        return (self.levels or ()) + bounds


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: it holds where any row holds, and a row where all of its tests do."""

    rows: tuple[tuple[LevelTest, ...], ...] = ((),)
    listed: bool = False  # written as a list of mappings; only paths in messages need it

    def tests(self) -> list[tuple[tuple[str | int, ...], LevelTest]]:
        """List every test with its path below the condition."""
        return [
            ((position, test.name) if self.listed else (test.name,), test)
            for position, row in enumerate(self.rows)
            for test in row
        ]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets an event off: firings of an event, or entries into levels."""

    name: str
    levels: tuple[str, ...] | None = None  # None: every firing of the event
    direction: Literal["falls_to", "rises_to"] | None = None


def read_condition(raw: object) -> Condition:
    """Read a condition: a mapping (all entries hold) or a list of mappings (any of them)."""
    if isinstance(raw, Mapping):
        return Condition((_row(raw),))
    if not isinstance(raw, list | tuple) or not raw:
        raise invalid(show(raw), EXPECTED_CONDITION, hint=condition_slips.about_text(raw))
    faults = Faults()
    rows: list[tuple[LevelTest, ...]] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            rows.append(_row(mapping_of(item, "a mapping such as {sanctions: full}")))
    faults.check()
    return Condition(tuple(rows), listed=True)


def _row(raw: Mapping[str, object]) -> tuple[LevelTest, ...]:
    faults = Faults()
    tests: list[LevelTest] = []
    for name, wanted in mapping_of(raw, EXPECTED_CONDITION).items():
        with faults.at(name):
            joint = condition_slips.about_joint(name)
            if joint is not None and _holds_conditions(wanted):
                raise invalid(show(wanted), EXPECTED_LEVEL, hint=joint)
            tests.append(_level_test(name, wanted))
    faults.check()
    return tuple(tests)


def _holds_conditions(wanted: object) -> bool:
    """Check whether conditions stand where a level belongs, as below `and`, `or` or `not`."""
    if isinstance(wanted, Mapping):
        return not {"at_least", "at_most"} & set(wanted)
    return isinstance(wanted, list | tuple) and any(isinstance(one, Mapping) for one in wanted)


def _level_test(name: str, wanted: object) -> LevelTest:
    if not isinstance(wanted, Mapping):
        return LevelTest(name, levels=names_of(wanted, EXPECTED_LEVEL))
    faults = Faults()
    bounds = mapping_of(wanted, EXPECTED_LEVEL)
    for key in bounds:
        if key not in ("at_least", "at_most"):
            hint = near_miss(key, ("at_least", "at_most"))
            meant = condition_slips.bound_meant(key, bounds[key])
            faults.add(f"the key {show(key)}", "only at_least or at_most", key, hint=meant or hint)
    if not bounds:
        faults.add("an empty mapping", EXPECTED_LEVEL)
    read = {}
    for key in ("at_least", "at_most"):
        if key in bounds:
            with faults.at(key):
                read[key] = name_of(bounds[key], "a level")
    faults.check()
    return LevelTest(name, None, read.get("at_least"), read.get("at_most"))


def read_triggers(raw: object) -> tuple[Trigger, ...]:
    """Read `upon`: a list of events, or a mapping from a driver or event to levels entered."""
    if isinstance(raw, list | tuple):
        return tuple(Trigger(name) for name in names_of(raw, EXPECTED_TRIGGERS))
    if isinstance(raw, str):
        raise invalid(show(raw), EXPECTED_TRIGGERS, hint=in_a_list(raw))
    entries = mapping_of(raw, EXPECTED_TRIGGERS)
    if not entries:
        raise invalid("an empty mapping", EXPECTED_TRIGGERS)
    faults = Faults()
    triggers: list[Trigger] = []
    for name, wanted in entries.items():
        with faults.at(name):
            triggers.extend(_level_triggers(name, wanted))
    faults.check()
    return tuple(triggers)


def _level_triggers(name: str, wanted: object) -> list[Trigger]:
    expected = "a level, a list of levels, {falls_to: LEVEL} or {rises_to: LEVEL}"
    if not isinstance(wanted, Mapping):
        return [Trigger(name, names_of(wanted, expected))]
    entries = mapping_of(wanted, expected)
    faults = Faults()
    keys_within(entries, ("falls_to", "rises_to"), faults)
    if not entries:
        faults.add("an empty mapping", expected)
    triggers: list[Trigger] = []
    directions: tuple[Literal["falls_to", "rises_to"], ...] = ("falls_to", "rises_to")
    for direction in directions:
        if direction in entries:
            with faults.at(direction):
                triggers.append(Trigger(name, names_of(entries[direction], "a level"), direction))
    faults.check()
    return triggers

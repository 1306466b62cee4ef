"""What can happen at all: the levels that can be reached, and the events that can fire.

An over-estimate, found in one pass: whatever can be reached stays reached, so that each test of a
condition is looked at until it holds, and never again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coopsim.scenario.checks.soundness import (
    Happening,
    LevelStep,
    changed,
    endings,
    rows_that_allow,
)
from coopsim.scenario.notation.logic import LevelsOf
from coopsim.scenario.notation.quantities import Value

LevelSteps = tuple[str | int, ...]  # what a firing does to one driver, in order


@dataclass(slots=True)
class _Way:
    """One of the ways in which a happening may come about, and how much of it holds."""

    happening: str
    tests: list[tuple[str, frozenset[str]]]
    come: set[str]  # where the happening is noted once all tests hold
    place: int = 0


def can_fire(
    listed: list[Happening],
    first_levels: Mapping[str, Iterable[str]],
    levels_of: LevelsOf,
    impossible: Iterable[str] = (),
) -> set[str]:
    """Find the happenings that can fire, given the levels at which drivers may begin.

    Those that are `impossible` on other grounds (their day never comes) do not.
    """
    reaching = _Reaching({h.name: h for h in listed}, levels_of)
    for name, levels in first_levels.items():
        for level in levels:
            reaching.reach(name, level)
    for happening in listed:
        reaching.reach(happening.name, "false")
    barred = set(impossible)
    for happening in listed:
        if happening.name not in barred:
            reaching.await_ways(happening)
    reaching.go_on()
    return reaching.possible


class _Reaching:
    """Spread what can be reached, level by level."""

    def __init__(self, happenings: Mapping[str, Happening], levels_of: LevelsOf) -> None:
        self.happenings, self.levels_of = happenings, levels_of
        self.possible: set[str] = set()
        self.reached: dict[str, set[str]] = defaultdict(set)
        self.new: list[tuple[str, str]] = []
        self.waiting: dict[str, list[_Way]] = defaultdict(list)
        self.triggered: set[str] = set()
        self.allowed: set[str] = set()
        self.shifts: dict[str, set[LevelSteps]] = defaultdict(set)

    def reach(self, name: str, level: str) -> None:
        """Note that a driver or event can stand at a level."""
        if level not in self.reached[name]:
            self.reached[name].add(level)
            self.new.append((name, level))

    def await_ways(self, happening: Happening) -> None:
        """Look out for a row of its condition to hold, and for one of its triggers."""
        for row in rows_that_allow(happening, self.levels_of):
            self._look(_Way(happening.name, list(row.items()), self.allowed))
        if happening.spec.upon is None:
            self.triggered.add(happening.name)
        for trigger in happening.spec.upon or ():
            levels = trigger.levels or self.levels_of(trigger.name)[1:]
            self._look(_Way(happening.name, [(trigger.name, frozenset(levels))], self.triggered))
        self._fire_if_possible(happening.name)

    def go_on(self) -> None:
        """Follow everything newly reached until nothing is."""
        while self.new:
            name, level = self.new.pop()
            for steps in self.shifts[name]:
                self.reach(name, self._after(name, level, steps))
            for way in self.waiting.pop(name, ()):
                self._look(way)
                self._fire_if_possible(way.happening)

    def _look(self, way: _Way) -> None:
        """Go through a way's tests from the first that did not hold, up to the next such."""
        for place in range(way.place, len(way.tests)):
            name, levels = way.tests[place]
            if not levels & self.reached[name]:
                way.place = place
                self.waiting[name].append(way)
                return
        way.come.add(way.happening)

    def _fire_if_possible(self, name: str) -> None:
        if name in self.possible or name not in self.triggered & self.allowed:
            return
        self.possible.add(name)
        happening = self.happenings[name]
        for own, changes in endings(happening):
            if _cannot_be(happening, own):
                continue
            self.reach(name, own)
            for driver, steps in _by_driver(changes).items():
                self._change(driver, steps)

    def _change(self, driver: str, steps: LevelSteps) -> None:
        if steps not in self.shifts[driver]:
            self.shifts[driver].add(steps)
            for level in list(self.reached[driver]):
                self.reach(driver, self._after(driver, level, steps))

    def _after(self, driver: str, level: str, steps: LevelSteps) -> str:
        for step in steps:
            (level,) = changed(step, frozenset({level}), self.levels_of(driver))
        return level


def _cannot_be(happening: Happening, outcome: str) -> bool:
    """Check whether an outcome's chance is surely 0."""
    branch = happening.outcomes.get(outcome)
    chance = None if branch is None else branch.chance
    return isinstance(chance, Value) and chance.is_surely(0.0)


def _by_driver(changes: Iterable[LevelStep]) -> dict[str, LevelSteps]:
    found: dict[str, LevelSteps] = {}
    for driver, change in changes:
        found[driver] = (*found.get(driver, ()), change)
    return found

"""Errors in the meaning of a scenario whose parts are each well formed.

Days in the wrong order, conditions and windows beyond measure, loops within one second.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from coopsim.scenario.fields import parse_switch
from coopsim.scenario.notation.logic import LevelRow, LevelsOf, conjunction, negation, rows_of
from coopsim.scenario.notation.values import Period, format_date
from coopsim.scenario.spec import OutcomeSpec, Scenario, Timed
from coopsim.scenario.text.reading import Path

MAX_OPENINGS = 100_000
MAX_ROWS = 256  # ways in which a condition may hold; all are held against all
MAX_TESTS = 20_000  # of levels, in all these ways together
LevelStep = tuple[str, str | int]  # a driver, and the level it is set to or the steps of its shift


class Report(Protocol):
    """Take what is wrong at a path, what was expected, and perhaps how to write it."""

    def __call__(self, path: Path, found: str, expected: str, hint: str | None = None) -> None:
        """Note it."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event or a switch in one form, with its path and what it changes."""

    name: str
    path: Path
    spec: Timed
    repeat: bool
    driver_levels: LevelRow  # what a switch adds to the condition
    outcomes: Mapping[str, OutcomeSpec]
    sets: Mapping[str, str]
    shifts: Mapping[str, int]


def happenings(scenario: Scenario) -> Iterator[Happening]:
    """List switches and events in declaration order, switches first."""
    for driver, spec in scenario.drivers.items():
        for name, switch in spec.switches.items():
            here, there = parse_switch(name)
            path: Path = ("drivers", driver, "switches", name)
            row = {driver: frozenset({here})}
            full = f"{driver}: {here} -> {there}"
            yield Happening(full, path, switch, True, row, {}, {driver: there}, {})
    for name, event in scenario.events.items():
        yield Happening(
            name,
            ("events", name),
            event,
            event.repeat,
            {},
            event.outcomes,
            event.sets,
            event.shifts,
        )


def rows_that_allow(happening: Happening, levels_of: LevelsOf) -> list[LevelRow]:
    """Join everything that must hold for an event to fire, but for days."""
    spec = happening.spec
    rows = [happening.driver_levels]
    if spec.when is not None:
        rows = conjunction(rows, rows_of(spec.when, levels_of))
    if spec.unless is not None:
        rows = conjunction(rows, negation(rows_of(spec.unless, levels_of), levels_of))
    happened = {name: frozenset(levels_of(name)[1:]) for name in spec.after}
    return conjunction(rows, [happened])


# --- each entry by itself ---------------------------------------------------------------------


def check_days(scenario: Scenario, report: Report) -> None:
    """Report an end or a closing day before the start, and a last day before the first."""
    later = f"a day after the start, {format_date(scenario.start.first)}"
    if scenario.end.end_of_day <= scenario.start.first:
        report(("end",), f"{_last_day(scenario.end)}, before the start", later)
        return
    for name, question in scenario.outcomes.items():
        if question.by is not None and question.by.end_of_day <= scenario.start.first:
            path = ("outcomes", name, "by")
            report(path, f"{_last_day(question.by)}, before the start", later)
    for happening in happenings(scenario):
        opens, until = happening.spec.opens, happening.spec.until
        if opens is not None and until is not None and until.end_of_day <= opens.first:
            found = f"{_last_day(until)}, before `from`"
            report((*happening.path, "until"), found, f"a day after {format_date(opens.first)}")


def _last_day(period: Period) -> str:
    return format_date(period.end_of_day - 1)


def check_conditions(scenario: Scenario, report: Report) -> None:
    """Report conditions that stand for more combinations than can be gone through."""
    for happening in happenings(scenario):
        spec = happening.spec
        rows = len(spec.when.rows) if spec.when is not None else 1
        if spec.unless is not None:
            rows *= math.prod(max(1, len(row)) for row in spec.unless.rows)
        if rows > MAX_ROWS or rows * _names_in(spec) > MAX_TESTS:
            path = (*happening.path, "unless" if spec.unless is not None else "when")
            report(path, "a condition of too many combinations", "fewer or shorter alternatives")


def _names_in(spec: Timed) -> int:
    """Count the names that a way in which a condition holds may have."""
    longest = max((len(row) for row in spec.when.rows), default=0) if spec.when else 0
    return longest + len(spec.after) + (len(spec.unless.rows) if spec.unless else 0)


def check_windows(scenario: Scenario, report: Report) -> None:
    """Report windows that open more often before the end than anybody can mean."""
    windows = [((*h.path, "window"), h.spec.window) for h in happenings(scenario)]
    windows += [
        (("references", name), reference.window) for name, reference in scenario.references.items()
    ]
    for path, window in windows:
        if window is not None and window.opens is not None and window.every is not None:
            openings = (scenario.end.end_of_day - window.opens.first) // window.every.length
            if openings > MAX_OPENINGS:
                found = f"a window that opens {openings:,} times before the end"
                report((*path, "every"), found, f"{MAX_OPENINGS:,} times at most")


# --- loops within one second ------------------------------------------------------------------


def check_loops(scenario: Scenario, levels_of: LevelsOf, report: Report) -> None:
    """Report events that would set each other (or themselves) off without end in one second."""
    repeating = [h for h in happenings(scenario) if h.repeat and _is_immediate(h.spec)]
    rows = {h.name: rows_that_allow(h, levels_of) for h in repeating}
    immediate: list[Happening] = []
    for happening in repeating:
        stays = _stays_possible(happening, rows[happening.name], levels_of)
        if happening.spec.upon is not None or not stays:
            immediate.append(happening)
        else:
            report(
                happening.path,
                "an immediate event that repeats and leaves its own condition true",
                "`sets` that make its condition false, a timing, or `upon`",
            )
    next_ones = _Followers(immediate, rows, levels_of)
    following = {h.name: next_ones.of(h) for h in immediate}
    reported: set[str] = set()
    for happening in immediate:
        loop = _loop_from(happening.name, following)
        if loop is not None and not reported & set(loop):
            reported |= set(loop)
            found = f"events that set each other off without end: {' -> '.join(loop)}"
            report(happening.path, found, "a timing, or a condition that ends it")


def _is_immediate(spec: Timed) -> bool:
    return spec.takes is None and spec.rate is None and getattr(spec, "date", None) is None


def endings(happening: Happening) -> list[tuple[str, list[LevelStep]]]:
    """List an event's own level and the changes, in order, for each way it can turn out."""
    changes: list[LevelStep] = [*happening.sets.items(), *happening.shifts.items()]
    if not happening.outcomes:
        return [("true", changes)]
    return [
        (name, [*changes, *branch.sets.items(), *branch.shifts.items()])
        for name, branch in happening.outcomes.items()
    ]


def changed(change: str | int, before: frozenset[str], levels: Sequence[str]) -> frozenset[str]:
    """Find where a driver may stand after it was set to a level or shifted by some steps."""
    if isinstance(change, str):
        return frozenset({change})
    last = len(levels) - 1
    return frozenset(levels[min(max(levels.index(one) + change, 0), last)] for one in before)


def _after_firing(happening: Happening, row: LevelRow, levels_of: LevelsOf) -> list[LevelRow]:
    """Find where the names of a row may stand once the event has fired in it."""
    return [_after(row, *ending, levels_of) for ending in _effects(happening, levels_of)]


def _effects(happening: Happening, levels_of: LevelsOf) -> list[tuple[LevelRow, list[LevelStep]]]:
    """Find for each ending where it puts names whatever the row, and what it shifts beside that."""
    found = []
    for own, changes in endings(happening):
        fixed: LevelRow = {}
        shifts: list[LevelStep] = []
        for driver, change in changes:
            if isinstance(change, str) or driver in fixed:
                before = fixed.get(driver, frozenset())
                fixed[driver] = changed(change, before, levels_of(driver))
            else:
                shifts.append((driver, change))
        fixed[happening.name] = frozenset({own})
        found.append((fixed, shifts))
    return found


def _after(
    row: LevelRow, fixed: LevelRow, shifts: list[LevelStep], levels_of: LevelsOf
) -> LevelRow:
    after = dict(row)
    for driver, steps in shifts:
        levels = levels_of(driver)
        after[driver] = changed(steps, after.get(driver, frozenset(levels)), levels)
    return after | fixed


def _stays_possible(happening: Happening, rows: list[LevelRow], levels_of: LevelsOf) -> bool:
    """Check whether an event's condition may hold just after it has fired.

    A row that agrees with what is fixed agrees with itself elsewhere, if nothing is shifted.
    """
    for fixed, shifts in _effects(happening, levels_of):
        left = [row for row in rows if _agree(row, fixed)]
        if left and not shifts:
            return True
        for row in rows if left else ():
            after = _after(row, fixed, shifts, levels_of)
            if any(_agree(other, after) for other in left):
                return True
    return False


def _agree(row: LevelRow, other: LevelRow) -> bool:
    """Check whether two rows may hold at once."""
    return not any(levels.isdisjoint(other[name]) for name, levels in row.items() if name in other)


class _Followers:
    """The immediate events that surely follow a firing, found without trying each after each."""

    def __init__(
        self, immediate: list[Happening], rows: Mapping[str, list[LevelRow]], levels_of: LevelsOf
    ) -> None:
        self.rows, self.levels_of = rows, levels_of
        self.order = {happening.name: place for place, happening in enumerate(immediate)}
        self.triggered: dict[str, list[Happening]] = {}
        self.waiting: dict[str | None, list[Happening]] = {}  # by a name that some row needs
        for happening in immediate:
            for trigger in happening.spec.upon or ():
                if trigger.levels is None:
                    self.triggered.setdefault(trigger.name, []).append(happening)
            if happening.spec.upon is None:
                for row in rows[happening.name]:
                    need = next((n for n, ls in row.items() if ls < set(levels_of(n))), None)
                    self.waiting.setdefault(need, []).append(happening)

    def of(self, happening: Happening) -> list[str]:
        """Name the events that every firing of this one sets off in the same second."""
        after = [
            result
            for row in self.rows[happening.name]
            for result in _after_firing(happening, row, self.levels_of)
        ]
        if not after:
            return []  # it never fires
        others = [*self.triggered.get(happening.name, ()), *self.waiting.get(None, ())]
        for name in after[0]:
            others += self.waiting.get(name, ())
        names = {
            other.name
            for other in {id(one): one for one in others}.values()
            if (other is not happening or other.spec.upon is not None)
            and all(_holds_within(one, self.rows[other.name], self.levels_of) for one in after)
        }
        return sorted(names, key=self.order.__getitem__)


def _holds_within(after: LevelRow, rows: list[LevelRow], levels_of: LevelsOf) -> bool:
    """Check whether some row holds wherever the names may stand."""
    return any(
        all(after.get(name, frozenset(levels_of(name))) <= levels for name, levels in row.items())
        for row in rows
    )


def _loop_from(start: str, following: Mapping[str, list[str]]) -> list[str] | None:
    """Find the shortest way from an event back to itself."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        for follower in following[name]:
            if follower == start:
                return _way(start, name, before)
            if follower not in before:
                before[follower] = name
                waiting.append(follower)
    return None


def _way(start: str, last: str, before: Mapping[str, str]) -> list[str]:
    way = [last]
    while way[-1] != start:
        way.append(before[way[-1]])
    return [*reversed(way), start]

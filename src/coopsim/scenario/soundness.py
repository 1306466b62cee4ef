"""Errors in the meaning of a scenario whose parts are each well formed.

Chances that do not sum to 1, days in the wrong order, loops within one second.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopsim.scenario import notation
from coopsim.scenario.logic import LevelsOf, Row, conjunction, negation, rows_of
from coopsim.scenario.quantities import Value
from coopsim.scenario.reading import Path, listing
from coopsim.scenario.resolving import References, resolve_value
from coopsim.scenario.spec import EventSpec, OutcomeSpec, Scenario, Timed, parse_switch

MAX_COMBINATIONS = 400_000  # of levels, at which the chances of all events are summed
MAX_OPENINGS = 100_000
MAX_ROWS = 256  # ways in which a condition may hold; all are held against all
Change = tuple[str, str | int]  # a driver, and the level it is set to or the steps of its shift
Report = Callable[[Path, str, str], None]


@dataclass(frozen=True, slots=True)
class Happening:
    """Hold an event or a switch in one form, with its path and what it changes."""

    name: str
    path: Path
    spec: Timed
    repeat: bool
    driver_levels: Row  # what a switch adds to the condition
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


def rows_that_allow(happening: Happening, levels_of: LevelsOf) -> list[Row]:
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
    if scenario.end.end_of_day <= scenario.start.first:
        report(("end",), "an end before the start", "a later day")
    for name, question in scenario.outcomes.items():
        if question.by is not None and question.by.end_of_day <= scenario.start.first:
            report(("outcomes", name, "by"), "a day before the start", "a later day")
    for happening in happenings(scenario):
        opens, until = happening.spec.opens, happening.spec.until
        if opens is not None and until is not None and until.end_of_day <= opens.first:
            report((*happening.path, "until"), "a last day before the first", "a later day")


def check_conditions(scenario: Scenario, report: Report) -> None:
    """Report conditions that stand for more combinations than can be gone through."""
    for happening in happenings(scenario):
        spec = happening.spec
        rows = len(spec.when.rows) if spec.when is not None else 1
        if spec.unless is not None:
            rows *= math.prod(max(1, len(row)) for row in spec.unless.rows)
        if rows > MAX_ROWS:
            path = (*happening.path, "unless" if spec.unless is not None else "when")
            report(path, "a condition of too many combinations", "fewer or shorter alternatives")


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


def check_chances(scenario: Scenario, levels_of: LevelsOf, report: Report) -> None:
    """Report chances of an event's outcomes that do not sum to 1, at any levels."""
    branching = {name: event for name, event in scenario.events.items() if event.outcomes}
    combinations = MAX_COMBINATIONS // max(1, len(branching))
    for name, event in branching.items():
        fault = _chance_fault(event, scenario.references, levels_of, combinations)
        if fault is not None:
            report(("events", name, "outcomes"), *fault)


def _chance_fault(
    event: EventSpec, references: References, levels_of: LevelsOf, combinations: int
) -> tuple[str, str] | None:
    """Say (found, expected) where chances do not sum to 1."""
    chances = [outcome.chance for outcome in event.outcomes.values()]
    has_rest = any(isinstance(chance, notation.Rest) for chance in chances)
    values = [value for chance in chances for value in _chance_values(chance)]
    if any(value.like is not None and value.like not in references for value in values):
        return None
    resolved = [resolve_value(value, "chance", references) for value in values]
    if not has_rest and not all(value.certain for value in resolved):
        return "uncertain chances", "a `rest` among them, which takes up what they leave"
    names = sorted({name for chance in chances for name in _chance_reads(chance)})
    chances_at = [_chance_at(chance, references, levels_of) for chance in chances]
    every = itertools.product(*(levels_of(name) for name in names))
    for levels in itertools.islice(every, combinations):
        at = dict(zip(names, levels, strict=True))
        total = sum(chance_at(at) for chance_at in chances_at)
        if total > 1 + 1e-9 or (not has_rest and total < 1 - 1e-9):
            where = listing([f"{name}: {level}" for name, level in at.items()], "and")
            found = f"chances that sum to {total:.6g}" + (f" at {where}" if where else "")
            return found, "at most 1, beside the `rest`" if has_rest else "chances that sum to 1"
    return None


def _chance_values(chance: notation.ChanceValue) -> list[Value]:
    if isinstance(chance, notation.ByLevel):
        return list(chance.table.values())
    if isinstance(chance, notation.Cases):
        return [case.chance for case in chance.cases]
    return [chance] if isinstance(chance, Value) else []


def _chance_reads(chance: notation.ChanceValue) -> set[str]:
    if isinstance(chance, notation.ByLevel):
        return {chance.by}
    if isinstance(chance, notation.Cases):
        return {test.name for case in chance.cases for _, test in case.when.tests()}
    return set()


def _chance_at(
    chance: notation.ChanceValue, references: References, levels_of: LevelsOf
) -> Callable[[Mapping[str, str]], float]:
    """Make the function from levels to a chance.

    An uncertain one counts with its upper bound, or its 95th percentile where it has none.
    """

    def highest(value: Value) -> float:
        distribution = resolve_value(value, "chance", references).distribution
        assert distribution is not None
        bound = distribution.bounds[1]
        return min(1.0, max(0.0, distribution.quantile(0.95) if bound is None else bound))

    if isinstance(chance, notation.Rest):
        return lambda _at: 0.0
    if isinstance(chance, Value):
        number = highest(chance)
        return lambda _at: number
    if isinstance(chance, notation.ByLevel):
        by, table = chance.by, {level: highest(value) for level, value in chance.table.items()}
        return lambda at: table[at[by]]
    cases = [(rows_of(case.when, levels_of), highest(case.chance)) for case in chance.cases]
    return lambda at: next(number for rows, number in cases if any(holds(row, at) for row in rows))


def holds(row: Row, at: Mapping[str, str]) -> bool:
    """Tell whether a row holds at given levels."""
    return all(at[name] in levels for name, levels in row.items())


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
    following = {h.name: _surely_next(h, immediate, rows, levels_of) for h in immediate}
    reported: set[str] = set()
    for happening in immediate:
        loop = _loop_from(happening.name, following)
        if loop is not None and not reported & set(loop):
            reported |= set(loop)
            found = f"events that set each other off without end: {' -> '.join(loop)}"
            report(happening.path, found, "a timing, or a condition that ends it")


def _is_immediate(spec: Timed) -> bool:
    return spec.takes is None and spec.rate is None and getattr(spec, "date", None) is None


def endings(happening: Happening) -> list[tuple[str, list[Change]]]:
    """List an event's own level and the changes, in order, for each way it can turn out."""
    changes: list[Change] = [*happening.sets.items(), *happening.shifts.items()]
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


def _after_firing(happening: Happening, row: Row, levels_of: LevelsOf) -> list[Row]:
    """Find where the names of a row may stand once the event has fired in it."""
    results = []
    for own, changes in endings(happening):
        after = dict(row)
        for driver, change in changes:
            levels = levels_of(driver)
            after[driver] = changed(change, after.get(driver, frozenset(levels)), levels)
        after[happening.name] = frozenset({own})
        results.append(after)
    return results


def _stays_possible(happening: Happening, rows: list[Row], levels_of: LevelsOf) -> bool:
    return any(
        conjunction([after], rows)
        for row in rows
        for after in _after_firing(happening, row, levels_of)
    )


def _surely_next(
    happening: Happening,
    others: list[Happening],
    rows: Mapping[str, list[Row]],
    levels_of: LevelsOf,
) -> list[str]:
    """Name the events that every firing of this one sets off in the same second."""
    after = [
        result
        for row in rows[happening.name]
        for result in _after_firing(happening, row, levels_of)
    ]
    return [
        other.name
        for other in others
        if (other is not happening if other.spec.upon is None else _sets_off(happening, other))
        and all(_holds_within(result, rows[other.name], levels_of) for result in after)
    ]


def _sets_off(happening: Happening, other: Happening) -> bool:
    """Tell whether every firing of an event triggers another."""
    return any(
        trigger.name == happening.name and trigger.levels is None
        for trigger in other.spec.upon or ()
    )


def _holds_within(after: Row, rows: list[Row], levels_of: LevelsOf) -> bool:
    """Tell whether some row holds wherever the names may stand."""
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

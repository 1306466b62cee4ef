"""Errors in the meaning of a scenario whose parts are each well formed.

Chances that do not sum to 1, days in the wrong order, loops within one second.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopsim.scenario import notation
from coopsim.scenario.logic import LevelsOf, Row, conjunction, negation, rows_of
from coopsim.scenario.quantities import Value
from coopsim.scenario.reading import Path, listing
from coopsim.scenario.resolving import resolve_value
from coopsim.scenario.spec import EventSpec, OutcomeSpec, Scenario, Timed, parse_switch

MAX_COMBINATIONS = 4096
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
    """Report an end before the start, and a last day before the first."""
    if scenario.end.end_of_day <= scenario.start.first:
        report(("end",), "an end before the start", "a later day")
    for happening in happenings(scenario):
        opens, until = happening.spec.opens, happening.spec.until
        if opens is not None and until is not None and until.end_of_day <= opens.first:
            report((*happening.path, "until"), "a last day before the first", "a later day")


def check_chances(scenario: Scenario, levels_of: LevelsOf, report: Report) -> None:
    """Report chances of an event's outcomes that do not sum to 1, at any levels."""
    for name, event in scenario.events.items():
        if event.outcomes:
            fault = _chance_fault(event, scenario, levels_of)
            if fault is not None:
                report(("events", name, "outcomes"), fault, "chances that sum to 1")


def _chance_fault(event: EventSpec, scenario: Scenario, levels_of: LevelsOf) -> str | None:
    chances = [outcome.chance for outcome in event.outcomes.values()]
    has_rest = any(isinstance(chance, notation.Rest) for chance in chances)
    values = [value for chance in chances for value in _chance_values(chance)]
    if any(value.like is not None and value.like not in scenario.references for value in values):
        return None
    resolved = [resolve_value(value, "chance", scenario.references) for value in values]
    if not has_rest and not all(value.certain for value in resolved):
        return "uncertain chances without a `rest`"
    names = sorted({name for chance in chances for name in _chance_reads(chance)})
    choices = [levels_of(name) for name in names]
    for levels in itertools.islice(itertools.product(*choices), MAX_COMBINATIONS):
        at = dict(zip(names, levels, strict=True))
        total = sum(_chance_at(chance, at, scenario, levels_of) for chance in chances)
        if total > 1 + 1e-9 or (not has_rest and total < 1 - 1e-9):
            where = listing([f"{name}: {level}" for name, level in at.items()], "and")
            return f"chances that sum to {total:.6g}" + (f" at {where}" if where else "")
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
    chance: notation.ChanceValue, at: Mapping[str, str], scenario: Scenario, levels_of: LevelsOf
) -> float:
    """Get a chance at given levels; an uncertain one counts with its median."""
    value: Value | None = chance if isinstance(chance, Value) else None
    if isinstance(chance, notation.ByLevel):
        value = chance.table[at[chance.by]]
    if isinstance(chance, notation.Cases):
        value = next(
            case.chance
            for case in chance.cases
            if any(holds(row, at) for row in rows_of(case.when, levels_of))
        )
    if value is None:
        return 0.0
    distribution = resolve_value(value, "chance", scenario.references).distribution
    assert distribution is not None
    return min(1.0, max(0.0, distribution.quantile(0.5)))


def holds(row: Row, at: Mapping[str, str]) -> bool:
    """Tell whether a row holds at given levels."""
    return all(at[name] in levels for name, levels in row.items())


# --- loops within one second ------------------------------------------------------------------


def check_loops(scenario: Scenario, levels_of: LevelsOf, report: Report) -> None:
    """Report events that would set each other (or themselves) off without end in one second."""
    immediate = [h for h in happenings(scenario) if h.repeat and _is_immediate(h.spec)]
    rows = {h.name: rows_that_allow(h, levels_of) for h in immediate}
    for happening in immediate:
        stays = _stays_possible(happening, rows[happening.name], levels_of)
        if happening.spec.upon is None and stays:
            report(
                happening.path,
                "an immediate event that repeats and leaves its own condition true",
                "`sets` that make its condition false, a timing, or `upon`",
            )
    certain = {h.name: _certainly_next(h, immediate, rows) for h in immediate}
    for happening in immediate:
        loop = _loop_from(happening.name, certain)
        if loop is not None:
            report(
                happening.path,
                f"events that set each other off without end: {' -> '.join(loop)}",
                "a timing or a condition that ends it",
            )


def _is_immediate(spec: Timed) -> bool:
    return spec.takes is None and spec.rate is None and getattr(spec, "date", None) is None


def endings(happening: Happening) -> list[tuple[str, Mapping[str, str], Mapping[str, int]]]:
    """List (own level, levels set, levels shifted) for each way an event can turn out."""
    if not happening.outcomes:
        return [("true", happening.sets, happening.shifts)]
    return [
        (name, {**happening.sets, **branch.sets}, {**happening.shifts, **branch.shifts})
        for name, branch in happening.outcomes.items()
    ]


def _after_firing(happening: Happening, row: Row, levels_of: LevelsOf) -> list[Row]:
    """Find where the names of a row may stand once the event has fired in it."""
    results = []
    for own, sets, shifts in endings(happening):
        after = dict(row)
        for driver, step in shifts.items():
            after[driver] = frozenset(
                shifted(level, step, levels_of(driver))
                for level in row.get(driver, levels_of(driver))
            )
        after.update({driver: frozenset({level}) for driver, level in sets.items()})
        after[happening.name] = frozenset({own})
        results.append(after)
    return results


def shifted(level: str, step: int, levels: Sequence[str]) -> str:
    return levels[min(max(levels.index(level) + step, 0), len(levels) - 1)]


def _stays_possible(happening: Happening, rows: list[Row], levels_of: LevelsOf) -> bool:
    return any(
        conjunction([after], rows)
        for row in rows
        for after in _after_firing(happening, row, levels_of)
    )


def _certainly_next(
    happening: Happening, others: list[Happening], rows: Mapping[str, list[Row]]
) -> list[str]:
    """Name the events that every firing of this one surely sets off in the same second."""
    return [
        other.name
        for other in others
        if rows[other.name] == [{}]
        and any(t.name == happening.name and t.levels is None for t in other.spec.upon or ())
    ]


def _loop_from(start: str, following: Mapping[str, list[str]]) -> list[str] | None:
    paths = [[start]]
    while paths:
        path = paths.pop()
        for name in following[path[-1]]:
            if name == start:
                return [*path, start]
            if name not in path:
                paths.append([*path, name])
    return None

"""Chances of an event's outcomes that do not sum to 1, at any levels of what they depend on."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopsim.scenario.checks.soundness import Report
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation.logic import LevelRow, LevelsOf, rows_of
from coopsim.scenario.notation.quantities import Value
from coopsim.scenario.resolving import References, resolve_value
from coopsim.scenario.spec import EventSpec, Scenario
from coopsim.scenario.text.reading import listing

MAX_STEPS = 4_000_000  # tests of a level, with which the chances of all events are summed
ROUNDING = 1e-9
At = Mapping[str, str]  # the level of each driver or event


@dataclass(frozen=True, slots=True)
class _Chance:
    """The chance of one outcome, the highest it can be, at the levels it depends on.

    Each case is its rows, of which any may hold, and its chance; the last holds always.
    """

    cases: tuple[tuple[tuple[LevelRow, ...], float], ...]

    def at(self, at: At) -> float:
        """Get the chance at given levels: that of the first case that holds."""
        return next(
            number for rows, number in self.cases if any(row_holds(row, at) for row in rows)
        )

    def numbers(self) -> list[float]:
        """List every number that the chance may be."""
        return [number for _, number in self.cases]

    def rows(self) -> Iterator[LevelRow]:
        """List all rows of all cases."""
        return (row for rows, _ in self.cases for row in rows)


def row_holds(row: LevelRow, at: At) -> bool:
    """Check whether a row holds at given levels."""
    return all(at[name] in levels for name, levels in row.items())


def check_chances(scenario: Scenario, levels_of: LevelsOf, report: Report) -> None:
    """Report chances of an event's outcomes that do not sum to 1, at any levels.

    Where levels combine in more ways than can be gone through, the first of them are.
    """
    branching = {name: event for name, event in scenario.events.items() if event.outcomes}
    steps = MAX_STEPS // max(1, len(branching))
    for name, event in branching.items():
        values = [v for outcome in event.outcomes.values() for v in _values(outcome.chance)]
        if all(value.like is None or value.like in scenario.references for value in values):
            fault = _fault(event, scenario.references, levels_of, steps)
            if fault is not None:
                report(("events", name, "outcomes"), *fault)


def _fault(
    event: EventSpec, references: References, levels_of: LevelsOf, steps: int
) -> tuple[str, str, str | None] | None:
    """Give (found, expected, hint) where chances do not sum to 1."""
    written = {name: outcome.chance for name, outcome in event.outcomes.items()}
    rest = next((n for n, one in written.items() if isinstance(one, notation.Rest)), None)
    values = [value for chance in written.values() for value in _values(chance)]
    if rest is None and not all(resolve_value(v, "chance", references).certain for v in values):
        expected = "a `rest` among them, which takes up what they leave"
        return "uncertain chances", expected, f"write `{list(written)[-1]}: {{chance: rest}}`"
    chances = {
        name: _read(chance, references, levels_of)
        for name, chance in written.items()
        if name != rest
    }
    at = _where_wrong(list(chances.values()), rest is not None, levels_of, steps)
    if at is None:
        return None
    total = sum(chance.at(at) for chance in chances.values())
    where = listing([f"{name}: {level}" for name, level in at.items()], "and")
    found = f"chances that sum to {total:.6g}" + (f" at {where}" if where else "")
    if rest is not None:
        return found, "at most 1, beside the `rest`", None
    last = next(reversed(chances))
    leaves = total - chances[last].at(at) <= 1 and isinstance(written[last], Value)
    hint = f"write `{last}: {{chance: rest}}` to give it what the others leave"
    return found, "chances that sum to 1", hint if leaves and len(chances) > 1 else None


def _where_wrong(
    chances: Sequence[_Chance], has_rest: bool, levels_of: LevelsOf, steps: int
) -> At | None:
    """Find levels at which chances pass 1, or do not reach it without a rest."""
    most = math.fsum(max(chance.numbers()) for chance in chances)
    least = math.fsum(min(chance.numbers()) for chance in chances)
    if most <= 1 + ROUNDING and (has_rest or least >= 1 - ROUNDING):
        return None
    rows = [row for chance in chances for row in chance.rows()]
    kinds = told_apart(rows, levels_of)
    each = len(kinds) + sum(1 + len(row) for row in rows)
    every = itertools.product(*kinds.values())
    for levels in itertools.islice(every, max(1, steps // each)):
        at = dict(zip(kinds, levels, strict=True))
        total = math.fsum(chance.at(at) for chance in chances)
        if total > 1 + ROUNDING or (not has_rest and total < 1 - ROUNDING):
            return at
    return None


def told_apart(rows: Sequence[LevelRow], levels_of: LevelsOf) -> dict[str, list[str]]:
    """List for each name one level of every set of levels that no row tells apart."""
    sets: dict[str, list[frozenset[str]]] = {}
    for row in rows:
        for name, levels in row.items():
            sets.setdefault(name, []).append(levels)
    found: dict[str, list[str]] = {}
    for name in sorted(sets):
        kinds: dict[tuple[bool, ...], str] = {}
        for level in levels_of(name):
            kinds.setdefault(tuple(level in levels for levels in sets[name]), level)
        found[name] = list(kinds.values())
    return found


def _values(chance: notation.ChanceValue) -> list[Value]:
    if isinstance(chance, notation.ByLevel):
        return list(chance.table.values())
    if isinstance(chance, notation.Cases):
        return [case.chance for case in chance.cases]
    return [chance] if isinstance(chance, Value) else []


def _read(chance: notation.ChanceValue, references: References, levels_of: LevelsOf) -> _Chance:
    """Read a chance, each uncertain number as its upper bound, or its 95th percentile."""

    def highest(value: Value) -> float:
        distribution = resolve_value(value, "chance", references).distribution
        assert distribution is not None
        bound = distribution.bounds[1]
        return min(1.0, max(0.0, distribution.quantile(0.95) if bound is None else bound))

    if isinstance(chance, notation.ByLevel):
        table = chance.table.items()
        return _Chance(
            tuple((({chance.by: frozenset({level})},), highest(value)) for level, value in table)
        )
    if isinstance(chance, notation.Cases):
        return _Chance(
            tuple(
                (tuple(rows_of(case.when, levels_of)), highest(case.chance))
                for case in chance.cases
            )
        )
    assert isinstance(chance, Value)
    return _Chance(((({},), highest(chance)),))

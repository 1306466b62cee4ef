"""Conditions as sets of levels: what they allow, joined by AND, negated.

A *row* maps names to the levels they may stand at; names left out may stand anywhere. A list of
rows holds where any of them does: no row never holds, an empty row always does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coopsim.scenario.notation.conditions import Condition, LevelTest

LevelRow = dict[str, frozenset[str]]
LevelsOf = Callable[[str], Sequence[str]]


def passing(test: LevelTest, levels: Sequence[str]) -> frozenset[str]:
    """Find the levels at which a test holds; an event's outcomes all count as `true`."""
    if test.levels is not None:
        wanted = set(test.levels)
        if "true" in wanted - set(levels) and levels[:1] == ("false",):
            wanted |= set(levels[1:])
        return frozenset(level for level in levels if level in wanted)
    if not {test.at_least, test.at_most} - {None} <= set(levels):
        return frozenset()
    low = levels.index(test.at_least) if test.at_least is not None else 0
    high = levels.index(test.at_most) if test.at_most is not None else len(levels) - 1
    return frozenset(levels[low : high + 1])


def rows_of(condition: Condition, levels_of: LevelsOf) -> list[LevelRow]:
    """Turn a condition into rows, leaving out those that can never hold."""
    rows = []
    for written in condition.rows:
        row: LevelRow | None = {}
        for test in written:
            single = {test.name: passing(test, tuple(levels_of(test.name)))}
            row = None if row is None else _both(row, single)
        if row is not None:
            rows.append(row)
    return rows


def _both(first: LevelRow, second: LevelRow) -> LevelRow | None:
    """Join two rows by AND; None where no level is left for some name."""
    joined = dict(first)
    for name, levels in second.items():
        joined[name] = joined.get(name, levels) & levels
    return joined if all(joined.values()) else None


def conjunction(first: list[LevelRow], second: list[LevelRow]) -> list[LevelRow]:
    """Join two lists of rows by AND."""
    joined = (_both(one, other) for one in first for other in second)
    return [row for row in joined if row is not None]


def negation(rows: list[LevelRow], levels_of: LevelsOf) -> list[LevelRow]:
    """Turn rows into those that hold exactly where none of them does."""
    result: list[LevelRow] = [{}]
    for row in rows:
        opposite: list[LevelRow] = []
        for name, levels in row.items():
            others = frozenset(levels_of(name)) - levels
            if others:
                opposite.append({name: others})
        result = conjunction(result, opposite)
    return result

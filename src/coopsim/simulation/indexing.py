"""The names of a scenario's drivers and events as indices, and sets of their levels as masks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coopsim.scenario.notation.conditions import Condition as Written
from coopsim.scenario.notation.logic import LevelRow, rows_of
from coopsim.simulation import program as p


@dataclass(frozen=True, slots=True)
class Names:
    """The index and the levels of every driver and event."""

    variables: dict[str, int]
    levels: dict[str, tuple[str, ...]]

    def condition(self, written: Written) -> p.IndexedCondition:
        """Turn a condition into tests on variables."""
        return self.rows(rows_of(written, self.levels.__getitem__))

    def rows(self, rows: Iterable[LevelRow]) -> p.IndexedCondition:
        """Turn rows of named levels into tests; rows that always hold need no test."""
        return tuple(
            tuple(p.Test(self.variables[name], self.mask(name, row[name])) for name in row)
            for row in rows
        )

    def mask(self, name: str, levels: Iterable[str]) -> int:
        """Set the bit of each level; `true` stands for every outcome of an event."""
        known = self.levels[name]
        wanted = set(levels)
        if "true" in wanted and known[0] == "false":
            wanted |= set(known[1:])
        return sum(1 << known.index(level) for level in wanted if level in known)

    @classmethod
    def of(cls, program: p.Program) -> Names:
        """Collect the names of a program."""
        names = [driver.name for driver in program.drivers]
        names += [event.name for event in program.events]
        variables = {name: index for index, name in enumerate(names)}
        return cls(variables, {name: program.levels_of(i) for name, i in variables.items()})

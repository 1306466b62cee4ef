"""The state of one run: at which level every variable stands, and the numbers drawn for the run.

Conditions, tables, paces, chances and effects are read here; clocks are the engine's matter.
"""

from __future__ import annotations

from itertools import accumulate

from coopsim.simulation.draws import Draws
from coopsim.simulation.limits import LARGEST_PRODUCT
from coopsim.simulation.program import (
    Event,
    Factor,
    IndexedCases,
    IndexedCondition,
    LevelEffect,
    LevelTable,
    Outcome,
    Program,
)
from coopsim.simulation.sampling import initial_levels, run_numbers


class State:
    """The levels of all variables and the numbers of one run."""

    def __init__(self, program: Program, draws: Draws, run: int) -> None:
        self.program = program
        self.levels = initial_levels(program, draws, run)
        self.numbers = run_numbers(program, draws, run)

    def holds(self, condition: IndexedCondition) -> bool:
        """Check whether any row of a condition holds now."""
        levels = self.levels
        for row in condition:
            for variable, mask in row:
                if not mask >> levels[variable] & 1:
                    break
            else:
                return True
        return False

    def number(self, table: LevelTable) -> float:
        """Get a number by the level its variable has now."""
        at = 0 if table.variable is None else self.levels[table.variable]
        return self.numbers[table.numbers[at]]

    def product(self, amount: float, factors: tuple[Factor | LevelTable, ...]) -> float:
        """Multiply by every factor that counts now, in written order."""
        for factor in factors:
            if isinstance(factor, LevelTable):
                amount = min(amount * self.number(factor), LARGEST_PRODUCT)
            elif self.holds(factor.when):
                amount = min(amount * self.numbers[factor.number], LARGEST_PRODUCT)
        return amount

    def weights(self, outcomes: tuple[Outcome, ...]) -> list[float]:
        """Get the chances of some outcomes times their odds; they need not sum to 1."""
        chances = [self._chance(outcome.chance) for outcome in outcomes]
        *_, given = accumulate(0.0 if chance is None else chance for chance in chances)
        rest = max(0.0, 1.0 - given)
        return [
            self.product(rest if chance is None else chance, outcome.odds)
            for chance, outcome in zip(chances, outcomes, strict=True)
        ]

    def _chance(self, chance: LevelTable | IndexedCases | None) -> float | None:
        if chance is None:
            return None
        if isinstance(chance, LevelTable):
            return self.number(chance)
        case = next(case for case in chance.cases if self.holds(case.when))
        return self.numbers[case.number]

    def set_levels(self, event: Event, outcome: int) -> dict[int, int]:
        """Set the event's own level and apply its effects; gives the levels there were before."""
        before = {event.variable: self.levels[event.variable]}
        self.levels[event.variable] = outcome + 1
        for effect in event.effects + event.outcomes[outcome].effects:
            before.setdefault(effect.driver, self.levels[effect.driver])
            self.levels[effect.driver] = self._level_after(effect)
        return before

    def _level_after(self, effect: LevelEffect) -> int:
        if effect.level is not None:
            return effect.level
        highest = len(self.program.drivers[effect.driver].levels) - 1
        return min(max(self.levels[effect.driver] + effect.shift, 0), highest)

"""What is known of each timeline early on: its once-per-run draws, and what is seen by a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.evidence.facts import (
    Fact,
    Occurs,
    StandsAt,
    Stretch,
    cells_in,
    is_so,
    variables_in,
)
from coopsim.analysis.once_per_run import RunDraw, RunDrawKind, run_draws, uniform_draws
from coopsim.analysis.timelines import IntArray, Timelines, drawn_levels
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.draws import Draws
from coopsim.simulation.program import Driver, Program
from coopsim.simulation.sampling import sample

_FEW_RUNS = 200  # enough to tell at which level most begin


@dataclass(frozen=True, slots=True)
class DrawnPredictor:
    """A number that is drawn once per run: the name of its stream, and what it is.

    A `rate` is per second, a `chance` and `luck` go from 0 to 1, a `level` is the number of the
    one at which a driver begins, among `levels`.
    """

    path: str
    kind: RunDrawKind
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPredictor:
    """A statement of what may be seen by a day, and the fact that it states."""

    statement: str
    fact: Fact


def drawn_predictors(program: Program) -> list[DrawnPredictor]:
    """List what is drawn once per run: what nobody knows, shared luck, uncertain first levels."""
    return [
        DrawnPredictor(draw.name, draw.kind, _levels(draw, program)) for draw in _draws(program)
    ]


def _draws(program: Program) -> list[RunDraw]:
    """List the draws with first levels last: among columns as good as each other, the first counts.

    That one is a box's limit (statistics/prim.py), so the order shows in results.
    """
    return sorted(run_draws(program), key=lambda draw: draw.kind == "level")


def _levels(draw: RunDraw, program: Program) -> tuple[str, ...]:
    return () if draw.driver is None else program.drivers[draw.driver].levels


def drawn_columns(program: Program, first_run: int, runs: int) -> FloatArray:
    """Draw again what `drawn_predictors` lists, shape (runs, predictors)."""
    draws = Draws(program.seed, program.streams, first_run, runs)

    def column(draw: RunDraw) -> Sequence[float] | FloatArray | IntArray:
        if draw.quantity is not None:
            return [
                sample(draw.quantity, draws, run, 0) for run in range(first_run, first_run + runs)
            ]
        if draw.driver is not None:
            return drawn_levels(program, draw.driver, first_run, runs)
        return uniform_draws(program, draw.stream, first_run, runs)

    columns = [column(draw) for draw in _draws(program)]
    return np.array(columns, dtype=np.float64).reshape(-1, runs).T


def seen_events(program: Program, without: Fact, instant: int, day: str) -> list[SeenPredictor]:
    """List each event, or each of its outcomes, to be seen by a day, whose end is the instant.

    Left out are those that a fact is about, and the moves of drivers, whose levels tell as much.
    """
    left_out = set(cells_in(without))
    return [
        SeenPredictor(f"{statement} by {day}", Occurs((cell,), Stretch(closes=instant)))
        for cell, statement in _events(program)
        if cell not in left_out
    ]


def _events(program: Program) -> Iterator[tuple[tuple[int, int], str]]:
    drivers = {driver.name for driver in program.drivers}
    for number, event in enumerate(program.events):
        if event.hidden or event.name.partition(": ")[0] in drivers:
            continue
        for place, outcome in enumerate(event.outcomes):
            alone = outcome.name == "true"
            yield (number, place), event.name if alone else f"{event.name} = {outcome.name}"


def seen_levels(program: Program, without: Fact, instant: int, day: str) -> list[SeenPredictor]:
    """List how drivers may have left their usual first level, to be seen on a day.

    Left out are the drivers that a fact is about.
    """
    left_out = set(variables_in(without))
    return [
        predictor
        for index, driver in enumerate(program.drivers)
        if index not in left_out
        for predictor in _away(index, driver, _usual(index, program), instant, day)
    ]


def _usual(driver: int, program: Program) -> int:
    return int(np.bincount(drawn_levels(program, driver, 0, _FEW_RUNS)).argmax())


def _away(
    index: int, driver: Driver, usual: int, instant: int, day: str
) -> Iterator[SeenPredictor]:
    count = len(driver.levels)
    for level, name in enumerate(driver.levels):
        if level != usual:
            sign = ">=" if level > usual else "<="
            if level in (0, count - 1):
                sign = "="
            reached = range(level, count) if level > usual else range(level + 1)
            fact = StandsAt(index, sum(1 << one for one in reached), instant)
            yield SeenPredictor(f"{driver.name} {sign} {name} on {day}", fact)


def seen_columns(seen: Sequence[SeenPredictor], timelines: Timelines) -> FloatArray:
    """Mark what is seen in which timeline, 1 or 0, shape (runs, predictors)."""
    columns = np.zeros((timelines.runs, len(seen)))
    for column, predictor in enumerate(seen):
        columns[:, column] = is_so(predictor.fact, timelines)
    return columns

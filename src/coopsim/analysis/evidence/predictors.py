"""What is known of each timeline early on: its once-per-run draws, and what is seen by a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coopsim.analysis.evidence.facts import (
    Fact,
    Occurs,
    StandsAt,
    Stretch,
    cells_in,
    holds,
    variables_in,
)
from coopsim.analysis.timelines import FloatArray, Timelines, drawn_levels
from coopsim.simulation.draws import Draws, stream_key, uniforms
from coopsim.simulation.program import Driver, Program
from coopsim.simulation.sampling import sample

_FEW_RUNS = 200  # enough to tell at which level most begin

PredictorKind = Literal["rate", "chance", "factor", "luck", "level"]


@dataclass(frozen=True, slots=True)
class DrawnPredictor:
    """Name a number that is drawn once per run: its path, and what it is.

    A `rate` is per second, a `chance` and `luck` go from 0 to 1, a `level` is the number of the
    one at which a driver begins, among `levels`.
    """

    path: str
    kind: PredictorKind
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPredictor:
    """Hold a statement of what may be seen by a day, and the fact that it states."""

    statement: str
    fact: Fact


def draw_marks(program: Program) -> list[DrawnPredictor]:
    """List what is drawn once per run: what nobody knows, shared luck, uncertain first levels."""
    drawn = [program.streams[q.stream] for _, q in program.per_run if q.stream is not None]
    lucky = [path for path in program.streams if path.startswith("luck.")]
    begun = [driver for driver in program.drivers if driver.stream is not None]
    return [
        *(DrawnPredictor(path, _kind(path)) for path in drawn),
        *(DrawnPredictor(path, "luck") for path in lucky),
        *(
            DrawnPredictor(f"drivers.{driver.name}.initial", "level", driver.levels)
            for driver in begun
        ),
    ]


def _kind(path: str) -> PredictorKind:
    if ".rate.value" in path:
        return "rate"
    return "chance" if ".chance" in path else "factor"


def draw_columns(program: Program, first_run: int, runs: int) -> FloatArray:
    """Draw what `draw_marks` lists, shape (runs, marks)."""
    draws = Draws(program.seed, program.streams, first_run, runs)
    numbers = [
        [sample(quantity, draws, run, 0) for run in range(first_run, first_run + runs)]
        for _, quantity in program.per_run
    ]
    lucky = [
        uniforms(stream_key(program.seed, mark.path), first_run, runs, 0)
        for mark in draw_marks(program)
        if mark.kind == "luck"
    ]
    uncertain = [driver.stream is not None for driver in program.drivers]
    levels = drawn_levels(program, first_run, runs)[:, uncertain]
    columns = np.array([*numbers, *lucky], dtype=np.float64).reshape(-1, runs).T
    return np.hstack([columns, levels])


def event_sights(program: Program, without: Fact, instant: int, day: str) -> list[SeenPredictor]:
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


def level_sights(program: Program, without: Fact, instant: int, day: str) -> list[SeenPredictor]:
    """List how drivers may have left their usual first level, to be seen on a day.

    Left out are the drivers that a fact is about.
    """
    left_out = set(variables_in(without))
    firsts = drawn_levels(program, 0, _FEW_RUNS)
    return [
        sight
        for index, driver in enumerate(program.drivers)
        if index not in left_out
        for sight in _away(index, driver, int(np.bincount(firsts[:, index]).argmax()), instant, day)
    ]


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


def sight_columns(sights: Sequence[SeenPredictor], timelines: Timelines) -> FloatArray:
    """Tell what is seen in which timeline, 1 or 0, shape (runs, sights)."""
    columns = np.zeros((timelines.runs, len(sights)))
    for column, sight in enumerate(sights):
        columns[:, column] = holds(sight.fact, timelines)
    return columns

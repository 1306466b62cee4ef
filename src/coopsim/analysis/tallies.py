"""Answers of many parts, gathered one part at a time in counts that give exact quantiles.

A part can be tallied by itself, by whichever thread has simulated it. Tallies are whole numbers,
so neither who made them nor in which order they are merged shows in the answers. Answers are
days, so counting by the day loses nothing, and a billion timelines take no more space than a
thousand.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Semaphore

from coopsim.analysis.checkpoints import steps
from coopsim.analysis.counting import TallyCells
from coopsim.analysis.kinds.base import Tally
from coopsim.analysis.outcomes import matters, queries
from coopsim.analysis.timelines import (
    DrawLevels,
    Timelines,
    drawn_levels,
    telling,
)
from coopsim.errors import CoopsimError
from coopsim.scenario.spec import Question
from coopsim.simulation.firings import Firings, join
from coopsim.simulation.program import Program

# Whoever counts needs the interpreter all the time, whoever plays does not. Threads that began
# together would count together, each in twice the time: so one counts, and the others play on.
_TURNS = Semaphore(max(1, (os.cpu_count() or 1) // 4))


@dataclass(frozen=True, slots=True)
class Gathered:
    """The tallies of all questions, in their order, and over how many runs they go."""

    runs: int
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class TalliedRuns:
    """What was counted of some runs, on its way to the tallies that add it all up.

    It is handed over as it is, and goes to another machine as cells, a tenth of the size.
    """

    runs: int
    counted: tuple[Tally | TallyCells, ...]

    def __reduce__(self) -> tuple[type[TalliedRuns], tuple[int, tuple[TallyCells, ...]]]:
        return TalliedRuns, (self.runs, tuple(map(_cells, self.counted)))

    def add_to(self, tallies: Sequence[Tally]) -> None:
        """Add it to the tallies of the same survey."""
        for one, other in zip(tallies, self.counted, strict=True):
            if isinstance(other, TallyCells):
                one.put(other, self.runs)
            else:
                one.merge(other)


def _cells(counted: Tally | TallyCells) -> TallyCells:
    return counted if isinstance(counted, TallyCells) else counted.cells().narrow()


class Survey:
    """A scenario's questions, put to parts; drivers and indices are looked at at every step."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        program: Program,
        draw_levels: DrawLevels = drawn_levels,
    ) -> None:
        self._program = program
        self._queries = queries(questions, program)
        self._draw_levels = draw_levels
        closes = (query.closes for query in self._queries)
        self._matters = matters(self._queries, program)
        self._looks = tuple(sorted({0, *steps(program), *closes, program.horizon}))

    def blank(self) -> Gathered:
        """Make the tallies of no timeline yet."""
        tallies = (one.tally(self._program, self._looks) for one in self._queries)
        return Gathered(0, tuple(tallies))

    def tally(self, part: Firings, draw_levels: DrawLevels | None = None) -> Gathered:
        """Gather the answers of one part; several threads may do so at once."""
        return self._gathered(telling(self._matters, part), draw_levels or self._draw_levels)

    def count(self, parts: Iterable[Firings]) -> TalliedRuns:
        """Count the answers of some neighbouring parts, to be added to others.

        Of each no more than it tells is held until all are counted at one stroke, which takes a
        third less than one by one. Threads may do so at once.
        """
        told = [telling(self._matters, part) for part in parts]
        gathered = self._gathered(join(told), self._draw_levels) if told else self.blank()
        return TalliedRuns(gathered.runs, gathered.tallies)

    def _gathered(self, told: Firings, draw_levels: DrawLevels) -> Gathered:
        """Gather the answers of firings that tell something."""
        with _TURNS:
            timelines = Timelines(self._program, told, draw_levels)
            tallies = self.blank().tallies
            for one in tallies:
                one.take(timelines)
            return Gathered(told.runs, tallies)


def merged(pieces: Iterable[Gathered]) -> Gathered:
    """Merge what the same survey has gathered of several parts; the first piece is used up.

    Raises CoopsimError where there is no timeline at all.
    """
    waiting = iter(pieces)
    first = next(waiting, None)
    if first is None:
        raise CoopsimError("there are no timelines to summarise")
    runs = first.runs
    for piece in waiting:
        runs += piece.runs
        for one, other in zip(first.tallies, piece.tallies, strict=True):
            one.merge(other)
    return Gathered(runs, first.tallies)


def gather(
    questions: Mapping[str, Question],
    program: Program,
    parts: Iterable[Firings],
    draw_levels: DrawLevels = drawn_levels,
) -> Gathered:
    """Gather the answers to all questions over the parts, one part in memory at a time.

    Raises CoopsimError where there is no timeline at all.
    """
    return merged(map(Survey(questions, program, draw_levels).tally, parts))

"""Answers of many parts, gathered one part at a time; what is kept gives exact quantiles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.checkpoints import Checkpoints, at_ends, calendar_years
from coopsim.analysis.estimates import Mean, mean_of, rank, weighted_quantile
from coopsim.analysis.outcomes import (
    LONGER,
    NEITHER,
    SHORTER,
    Counts,
    Dates,
    Firsts,
    Gaps,
    Indices,
    Levels,
    Query,
    answer,
    queries,
)
from coopsim.analysis.timelines import (
    NEVER,
    DrawLevels,
    FloatArray,
    IntArray,
    Timelines,
    drawn_levels,
)
from coopsim.errors import CoopsimError
from coopsim.scenario.spec import Question
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

A = TypeVar("A")


class Tally(ABC, Generic[A]):
    """Gather the answers to one query; `days` are those at whose end it is looked at."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        self.query = query
        self.program = program
        self.days = days
        self.runs = 0

    def update(self, answers: A, runs: int) -> None:
        """Take in the answers of one part."""
        self.runs += runs
        self._take(answers)

    @abstractmethod
    def _take(self, answers: A) -> None: ...


class _Column:
    """Gather arrays of whole numbers and give them back as one."""

    def __init__(self) -> None:
        self._pieces: list[IntArray] = []

    def append(self, piece: IntArray) -> None:
        self._pieces.append(piece)

    def joined(self) -> IntArray:
        self._pieces = [np.concatenate(self._pieces)]
        return self._pieces[0]


class DateTally(Tally[Dates]):
    """Gather when it happened."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        super().__init__(query, program, days)
        self._times = _Column()

    def _take(self, answers: Dates) -> None:
        self._times.append(answers.times)

    def sorted_times(self) -> IntArray:
        """Get the seconds since start of all timelines in order, NEVER last."""
        return np.sort(self._times.joined())


def quantile_or_never(ordered: IntArray, percent: int) -> int | None:
    """Get an order statistic of sorted times; None where it is NEVER, or nothing is sorted."""
    if not len(ordered):
        return None
    found = int(ordered[rank(percent, len(ordered))])
    return None if found == NEVER else found


@dataclass(frozen=True, slots=True, eq=False)
class SortedGaps:
    """Hold gaps in seconds, in order, and how often which of the two happened.

    `applicable` are those in which either did, SHORTER first and LONGER last; `seen` those in
    which both did.
    """

    counts: dict[str, int]
    applicable: IntArray
    seen: IntArray


class GapTally(Tally[Gaps]):
    """Gather how long after the first the second happened."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        super().__init__(query, program, days)
        self._gaps = _Column()

    def _take(self, answers: Gaps) -> None:
        self._gaps.append(answers.seconds)

    def sorted_gaps(self) -> SortedGaps:
        """Sort the gaps of all timelines."""
        gaps = np.sort(self._gaps.joined())
        neither, shorter = np.searchsorted(gaps, [NEITHER, SHORTER], side="right").tolist()
        longer = int(np.searchsorted(gaps, LONGER))
        counts = {
            "both": longer - shorter,
            "only_first": len(gaps) - longer,
            "only_second": shorter - neither,
            "neither": neither,
        }
        return SortedGaps(counts, gaps[neither:], gaps[shorter:longer])


class FirstTally(Tally[Firsts]):
    """Gather which branch came first, and when."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        super().__init__(query, program, days)
        self._branches = _Column()
        self._times = _Column()

    def _take(self, answers: Firsts) -> None:
        self._branches.append(answers.branch)
        self._times.append(answers.times)

    def sorted_times(self) -> IntArray:
        """Get when the first of them came, in order, NEVER last."""
        return np.sort(self._times.joined())

    def incidence(self) -> IntArray:
        """Count the timelines that each branch has won by each day, shape (branches, days)."""
        branches, times = self._branches.joined(), self._times.joined()
        won = (np.sort(times[branches == b]) for b in range(len(self.query.labels)))
        return np.stack([np.searchsorted(ordered, self.days.instants) for ordered in won])


class LevelTally(Tally[Levels]):
    """Gather how many timelines are at each level; `counts` has shape (days, levels)."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        super().__init__(query, program, days)
        self.labels = program.levels_of(query.variable)
        self.counts = np.zeros((len(days.days), len(self.labels)), dtype=np.int64)

    def _take(self, answers: Levels) -> None:
        levels = len(self.labels)
        cells = answers.levels + np.arange(len(self.counts)) * levels
        counted = np.bincount(cells.ravel(), minlength=self.counts.size)
        self.counts += counted.reshape(self.counts.shape)


class Histogram:
    """Count how often each number occurs in each column."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._counts: dict[float, IntArray] = {}

    def update(self, numbers: NDArray[np.int64] | FloatArray) -> None:
        """Count the numbers of a table of shape (runs, columns)."""
        values = np.unique(numbers)
        cells = np.searchsorted(values, numbers) * self._columns + np.arange(self._columns)
        counted = np.bincount(cells.ravel(), minlength=len(values) * self._columns)
        for value, counts in zip(values.tolist(), counted.reshape(-1, self._columns), strict=True):
            self._counts[value] = self._counts.get(value, 0) + counts

    def column(self, column: int) -> tuple[FloatArray, IntArray]:
        """Get the values that occur in a column, in order, and how often each does."""
        values = np.array(sorted(self._counts), dtype=np.float64)
        counts = np.array([self._counts[value][column] for value in values.tolist()])
        return values[counts > 0], counts[counts > 0]

    def mean(self, column: int) -> Mean:
        """Estimate the mean of a column."""
        return mean_of(*self.column(column))

    def quantile(self, column: int, percent: int) -> float:
        """Get an order statistic of a column."""
        return weighted_quantile(*self.column(column), percent)


class CountTally(Tally[Counts]):
    """Gather counts: in all (column 0 of the histogram) and by calendar year."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        super().__init__(query, program, days)
        self.years = calendar_years(program)
        self.histogram = Histogram(1 + len(self.years))

    def _take(self, answers: Counts) -> None:
        total = answers.by_year.sum(axis=1, keepdims=True)
        self.histogram.update(np.hstack((total, answers.by_year)))


class IndexTally(Tally[Indices]):
    """Gather the index in percent; its histogram has a column for each day."""

    def __init__(self, query: Query, program: Program, days: Checkpoints) -> None:
        super().__init__(query, program, days)
        self.histogram = Histogram(len(days.days))

    def _take(self, answers: Indices) -> None:
        self.histogram.update(answers.percent)


TALLIES: Mapping[str, type[Tally[Any]]] = {
    "event": DateTally,
    "last": DateTally,
    "all_of": DateTally,
    "count": CountTally,
    "between": GapTally,
    "first_of": FirstTally,
    "driver": LevelTally,
    "index": IndexTally,
}


def checkpoints(query: Query, program: Program, steps: Sequence[int]) -> Checkpoints:
    """Find the days at whose end a query is looked at: the steps, the horizon and its own.

    After an event's query closes it is known that nothing happens, so its days go on to the
    horizon; the level of a driver and an index are no longer asked for.
    """
    if query.kind in ("driver", "index"):
        return at_ends(program, [*(step for step in steps if step < query.closes), query.closes])
    return at_ends(program, [*steps, query.closes, program.horizon])


@dataclass(frozen=True, slots=True)
class Gathered:
    """Hold the tallies of all questions, in their order, and over how many runs they go."""

    runs: int
    tallies: tuple[Tally[Any], ...]


def gather(
    questions: Mapping[str, Question],
    program: Program,
    parts: Iterable[Firings],
    steps: Sequence[int],
    draw_levels: DrawLevels = drawn_levels,
) -> Gathered:
    """Gather the answers to all questions over the parts, one part in memory at a time.

    `steps` are the seconds since start, each the end of a day, at which timelines are looked
    at. Raises CoopsimError where there is no timeline at all.
    """
    tallies = tuple(
        TALLIES[query.kind](query, program, checkpoints(query, program, steps))
        for query in queries(questions, program)
    )
    runs = 0
    for part in parts:
        timelines = Timelines(program, part, draw_levels)
        runs += part.runs
        for one in tallies:
            one.update(answer(one.query, timelines, one.days.instants), part.runs)
    if not runs:
        raise CoopsimError("there are no timelines to summarise")
    return Gathered(runs, tallies)

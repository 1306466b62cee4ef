"""Answers of many parts, gathered one part at a time in counts that give exact quantiles.

A part can be tallied by itself, by whichever thread has simulated it. Tallies are whole numbers,
so neither who made them nor in which order they are merged shows in the answers. Answers are
days, so counting by the day loses nothing, and a thousand million timelines take no more space
than a thousand.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from coopsim.analysis.checkpoints import (
    Checkpoints,
    at_ends,
    calendar_years,
    count_spans,
    is_short,
    steps,
)
from coopsim.analysis.counting import Histogram, TallyCells
from coopsim.analysis.outcomes import (
    LONGER,
    NEITHER,
    SHORTER,
    Query,
    counts,
    dates,
    firsts,
    gaps,
    index_changes,
    queries,
    whole_days,
)
from coopsim.analysis.timelines import (
    DrawLevels,
    IntArray,
    Timelines,
    drawn_levels,
)
from coopsim.errors import CoopsimError
from coopsim.scenario.notation.values import DAY
from coopsim.scenario.spec import Question
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


class Tally(ABC):
    """Gather the answers to one query over `runs` timelines.

    `looks` are the seconds since start at which drivers and indices are looked at. What is
    gathered takes no more space for more timelines.
    """

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        self.query = query
        self.program = program
        self.looks = looks
        self.runs = 0

    def take(self, timelines: Timelines) -> None:
        """Take in the timelines of one part."""
        self.runs += timelines.runs
        self._take(timelines)

    def merge(self, other: Self) -> None:
        """Take in what another tally of the same query has gathered of other runs."""
        self.runs += other.runs
        self._merge(other)

    def put(self, cells: TallyCells, runs: int) -> None:
        """Take in what was counted elsewhere of other runs; raises IndexError for unknown cells."""
        self.runs += runs
        self._put(cells)

    @abstractmethod
    def cells(self) -> TallyCells:
        """List what was counted."""

    @abstractmethod
    def counted(self) -> IntArray:
        """Count the timelines in each way in which every one of them must be counted once."""

    @abstractmethod
    def _take(self, timelines: Timelines) -> None: ...

    @abstractmethod
    def _merge(self, other: Self) -> None: ...

    @abstractmethod
    def _put(self, cells: TallyCells) -> None: ...


class TableTally(Tally):
    """Gather in a table of counts whose shape the question settles."""

    def __init__(
        self, query: Query, program: Program, looks: Sequence[int], shape: tuple[int, int]
    ) -> None:
        super().__init__(query, program, looks)
        self._table = np.zeros(shape, dtype=np.int64)

    def _merge(self, other: Self) -> None:
        self._table += other._table

    def cells(self) -> TallyCells:
        """List what was counted."""
        rows, columns = np.nonzero(self._table)
        return TallyCells(rows.astype(np.float64), columns, self._table[rows, columns])

    def counted(self) -> IntArray:
        """Count the timelines of the whole table."""
        counted: IntArray = self._table.sum(keepdims=True)
        return counted

    def _put(self, cells: TallyCells) -> None:
        rows = cells.values.astype(np.int64)
        if (rows < 0).any():
            raise IndexError("it counts what lies before the start")
        np.add.at(self._table, (rows, cells.columns), cells.counts)


def _days(program: Program) -> int:
    """Count the days from the start to the horizon; both are midnights."""
    return program.horizon // DAY


class DayTally(TableTally):
    """Gather on which day something came, for some columns; the row after the last is never."""

    def __init__(
        self, query: Query, program: Program, looks: Sequence[int], columns: int = 1
    ) -> None:
        super().__init__(query, program, looks, (_days(program) + 1, columns))

    def _count(self, times: IntArray, columns: IntArray | int = 0) -> None:
        rows, width = np.minimum(times // DAY, len(self._table) - 1), self._table.shape[1]
        counted = np.bincount(rows * width + columns, minlength=self._table.size)
        self._table += counted.reshape(self._table.shape)

    def reached(self, days: Checkpoints) -> IntArray:
        """Count what had come by the ends of some days, shape (columns, days)."""
        before = np.zeros((len(self._table), self._table.shape[1]), dtype=np.int64)
        np.cumsum(self._table[:-1], axis=0, out=before[1:])
        ended = np.clip(np.array(days.instants) // DAY, 0, len(before) - 1)
        counted: IntArray = before[ended].T
        return counted

    def at(self, position: int) -> int | None:
        """Get the day, counted from the start, at a position from 0 in time; None for never."""
        reached = np.cumsum(self._table.sum(axis=1))
        found = int(np.searchsorted(reached, position, side="right"))
        return None if found == len(reached) - 1 else found


class DateTally(DayTally):
    """Gather when it happened."""

    def _take(self, timelines: Timelines) -> None:
        self._count(dates(self.query, timelines).times)


class FirstTally(DayTally):
    """Gather which branch came first, and when; the last column is of those without any."""

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        super().__init__(query, program, looks, len(query.labels) + 1)

    def _take(self, timelines: Timelines) -> None:
        answers = firsts(self.query, timelines)
        self._count(answers.times, answers.branch)

    def incidence(self, days: Checkpoints) -> IntArray:
        """Count the timelines that each branch has won by each day, shape (branches, days)."""
        return self.reached(days)[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class SeenGaps:
    """Hold gaps in whole days, in order, how often each was seen, and which of the two happened."""

    counts: dict[str, int]
    days: IntArray
    seen: IntArray

    @property
    def applicable(self) -> int:
        """Count the timelines in which either happened."""
        return sum(self.counts.values()) - self.counts["neither"]

    def at(self, position: int) -> int | None:
        """Get the gap in days at a position, from 0 for the shortest, where either happened.

        None where only one of the two happened there, or in none either.
        """
        place = position - self.counts["only_second"]
        if not 0 <= place < self.counts["both"]:
            return None
        return int(self.days[np.searchsorted(np.cumsum(self.seen), place, side="right")])


class GapTally(TableTally):
    """Gather how long after the first the second happened, to the nearest day.

    The table has a row for each gap, from the longest with the second first to the longest with
    it last, and three for those that cannot be seen.
    """

    _UNSEEN: ClassVar[dict[str, int]] = {
        "only_first": LONGER,
        "only_second": SHORTER,
        "neither": NEITHER,
    }

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        self._longest = _days(program)
        super().__init__(query, program, looks, (2 * self._longest + 1 + len(self._UNSEEN), 1))

    def _take(self, timelines: Timelines) -> None:
        seconds = gaps(self.query, timelines).seconds
        unseen = [seconds == value for value in self._UNSEEN.values()]
        seen = seconds[~np.any(unseen, axis=0)]
        days = whole_days(seen) + self._longest
        edge = 2 * self._longest + 1
        self._table[:edge, 0] += np.bincount(days, minlength=edge)
        self._table[edge:, 0] += np.count_nonzero(unseen, axis=1)

    def gaps(self) -> SeenGaps:
        """Get the gaps of all timelines."""
        counted, edge = self._table[:, 0], 2 * self._longest + 1
        unseen = dict(zip(self._UNSEEN, counted[edge:].tolist(), strict=True))
        seen = np.flatnonzero(counted[:edge])
        held = {"both": int(counted[:edge].sum()), **unseen}
        return SeenGaps(held, seen - self._longest, counted[seen])


class LevelTally(TableTally):
    """Gather how many timelines are at each level, shape (looks, levels)."""

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        self.labels = program.levels_of(query.variable)
        super().__init__(query, program, looks, (len(looks), len(self.labels)))

    def _take(self, timelines: Timelines) -> None:
        changes = timelines.changes(self.query.variable)
        self._table += timelines.counted(changes, self.looks, len(self.labels))

    def counted(self) -> IntArray:
        """Count the timelines at each look."""
        counted: IntArray = self._table.sum(axis=1)
        return counted

    def counts(self, days: Checkpoints) -> IntArray:
        """Count the timelines at each level at the end of some days, shape (days, levels)."""
        return self._table[np.searchsorted(self.looks, days.instants)]


class HistogramTally(Tally):
    """Gather numbers, whichever occur."""

    def __init__(self, query: Query, program: Program, looks: Sequence[int], columns: int) -> None:
        super().__init__(query, program, looks)
        self.histogram = Histogram(columns)

    def _merge(self, other: Self) -> None:
        self.histogram.merge(other.histogram)

    def cells(self) -> TallyCells:
        """List what was counted."""
        return self.histogram.cells()

    def counted(self) -> IntArray:
        """Count the timelines in each column."""
        return self.histogram.counted()

    def _put(self, cells: TallyCells) -> None:
        self.histogram.put(cells)


class CountTally(HistogramTally):
    """Gather counts: in all (column 0 of the histogram) and by calendar year.

    Where the simulated time is short, by month or day too: the columns after those of the years.
    """

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        self.years = calendar_years(program)
        self.unit, self.edges = count_spans(program)
        finer = len(self.edges) + 1 if is_short(program) else 0
        super().__init__(query, program, looks, 1 + len(self.years) + finer)

    @property
    def bars(self) -> range:
        """Get the columns that a figure shows, those of the finest spans."""
        finer = is_short(self.program)
        first = 1 + len(self.years) if finer else 1
        return range(first, first + len(self.edges) + 1)

    def _take(self, timelines: Timelines) -> None:
        by_year = counts(self.query, timelines).by_year
        tables = [by_year.sum(axis=1, keepdims=True), by_year]
        if is_short(self.program):
            rows = timelines.rows(self.query.places[0], self.query.closes)
            tables.append(timelines.counts(rows, self.edges))
        table = np.hstack(tables)
        most, columns = int(table.max()), table.shape[1]
        cells = (table * columns + np.arange(columns)).ravel()
        counted = np.bincount(cells, minlength=(most + 1) * columns)
        self.histogram.update(range(most + 1), counted.reshape(-1, columns))


class IndexTally(HistogramTally):
    """Gather the index in percent; its histogram has a column for each look."""

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        super().__init__(query, program, looks, len(looks))

    def _take(self, timelines: Timelines) -> None:
        values, changes = index_changes(self.query, timelines)
        counted = timelines.counted(changes, self.looks, len(values))
        self.histogram.update(values.tolist(), counted.T)

    def columns(self, days: Checkpoints) -> list[int]:
        """Find the columns of the histogram that belong to the ends of some days."""
        columns: list[int] = np.searchsorted(self.looks, days.instants).tolist()
        return columns


TALLIES: Mapping[str, Callable[[Query, Program, Sequence[int]], Tally]] = {
    "event": DateTally,
    "last": DateTally,
    "all_of": DateTally,
    "count": CountTally,
    "between": GapTally,
    "first_of": FirstTally,
    "driver": LevelTally,
    "index": IndexTally,
}


def checkpoints(query: Query, program: Program, ends: Sequence[int]) -> Checkpoints:
    """Find the days at whose end a query is looked at: those given, the horizon and its own.

    After an event's query closes it is known that nothing happens, so its days go on to the
    horizon; the level of a driver and an index are no longer asked for.
    """
    if query.kind in ("driver", "index"):
        return at_ends(program, [*(end for end in ends if end < query.closes), query.closes])
    return at_ends(program, [*ends, query.closes, program.horizon])


@dataclass(frozen=True, slots=True)
class Gathered:
    """Hold the tallies of all questions, in their order, and over how many runs they go."""

    runs: int
    tallies: tuple[Tally, ...]


class Survey:
    """Put a scenario's questions to parts; drivers and indices are looked at at every step."""

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
        self._looks = tuple(sorted({0, *steps(program), *closes, program.horizon}))

    def blank(self) -> Gathered:
        """Make the tallies of no timeline yet."""
        tallies = (TALLIES[one.kind](one, self._program, self._looks) for one in self._queries)
        return Gathered(0, tuple(tallies))

    def tally(self, part: Firings) -> Gathered:
        """Gather the answers of one part; several threads may do so at once."""
        timelines = Timelines(self._program, part, self._draw_levels)
        tallies = self.blank().tallies
        for one in tallies:
            one.take(timelines)
        return Gathered(part.runs, tallies)


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

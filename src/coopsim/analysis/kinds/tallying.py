"""The two ways to tally: a table of a known shape, and a histogram of whatever occurs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Self

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints, day_of
from coopsim.analysis.counting import Histogram, TallyCells
from coopsim.analysis.kinds.base import Query, Tally
from coopsim.analysis.statistics.estimates import Mean
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import DAY
from coopsim.simulation.program import Program

_JUMP = 0.005  # of the timelines on one day


class TableTally(Tally):
    """Answers gathered in a table of counts whose shape the question settles."""

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
            raise IndexError("it counts events before the start")
        np.add.at(self._table, (rows, cells.columns), cells.counts)


def days_of(program: Program) -> int:
    """Count the days from the start to the horizon; both are midnights."""
    return program.horizon // DAY


class DayTally(TableTally):
    """The day on which something came, for some columns; the row after the last is never."""

    def __init__(
        self, query: Query, program: Program, looks: Sequence[int], columns: int = 1
    ) -> None:
        super().__init__(query, program, looks, (days_of(program) + 1, columns))

    def _count(self, times: IntArray, columns: IntArray | int = 0) -> None:
        cells, width = np.minimum(times // DAY, len(self._table) - 1), self._table.shape[1]
        if width > 1:
            cells = cells * width + columns
        counted = np.bincount(cells, minlength=self._table.size)
        self._table += counted.reshape(self._table.shape)

    def reached(self, days: Checkpoints) -> IntArray:
        """Count what had come by the ends of some days, shape (columns, days)."""
        before = self._before()
        ended = np.clip(np.array(days.instants) // DAY, 0, len(before) - 1)
        counted: IntArray = before[ended].T
        return counted

    def _before(self) -> IntArray:
        """Count what had come before each day, shape (days, columns)."""
        before = np.zeros((len(self._table), self._table.shape[1]), dtype=np.int64)
        np.cumsum(self._table[:-1], axis=0, out=before[1:])
        return before

    def _dates(self) -> Callable[[int], date | None]:
        """Get what finds the date at a position, from 0, in time; None for never."""
        first = day_of(self.program.start)
        reached = np.cumsum(self._table.sum(axis=1))

        def at(position: int) -> date | None:
            day = int(reached.searchsorted(position, side="right"))
            return None if day == len(reached) - 1 else first + timedelta(day)

        return at

    def _days_with_jumps(self, ends: Sequence[int]) -> Checkpoints:
        """Find the days at which to look, and besides those around which some share jumps."""
        before = self._before()[: self.program.horizon // DAY + 1]
        jumped = np.flatnonzero((np.diff(before, axis=0) > _JUMP * self.runs).any(axis=1))
        around = [(day + side) * DAY for day in jumped.tolist() for side in (0, 1)]
        return self._days((*ends, *around))


class HistogramTally(Tally):
    """Numbers gathered, whichever occur."""

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


def mean_and_band(means: list[Mean]) -> tuple[FloatArray, FloatArray | None, FloatArray | None]:
    """Get some means and both ends of their intervals; None where these are not known."""
    centre = np.array([mean.mean for mean in means])
    bands = [mean.interval for mean in means if mean.interval is not None]
    if not bands:
        return centre, None, None
    low, high = np.array(bands).T
    return centre, low, high

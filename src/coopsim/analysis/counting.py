"""What tallies count with: cells to hand over, and histograms of whatever occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.statistics.estimates import Mean, mean_of, written_out
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TallyCells:
    """What a tally has counted, as far as it is not 0: one entry for each cell.

    A `value` is a row of the tally's table, or the number that a histogram has counted.
    """

    values: NDArray[Any]
    columns: NDArray[Any]
    counts: NDArray[Any]

    def narrow(self) -> TallyCells:
        """Pack the same in the smallest types, a fifth of the size, to be sent."""
        return TallyCells(_narrow(self.values), _narrow(self.columns), _narrow(self.counts))


def _narrow(numbers: NDArray[Any]) -> NDArray[Any]:
    whole = numbers.astype(np.int64)
    if not len(numbers) or whole.min() < 0 or (whole != numbers).any():
        return numbers
    return whole.astype(np.min_scalar_type(int(whole.max())))


class Histogram:
    """How often each number occurs in each column."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._counts: dict[float, IntArray] = {}

    def update(self, values: Iterable[float], counts: Iterable[IntArray]) -> None:
        """Add how often each value occurs in each column, shape (values, columns)."""
        for value, counted in zip(values, counts, strict=True):
            self._counts[value] = self._counts.get(value, 0) + counted

    def merge(self, other: Self) -> None:
        """Add what another one has counted."""
        self.update(other._counts.keys(), other._counts.values())

    def cells(self) -> TallyCells:
        """List what was counted."""
        ordered = sorted(self._counts)
        values = np.array(ordered, dtype=np.float64)
        table = np.array([self._counts[value] for value in ordered], dtype=np.int64)
        table = table.reshape(len(values), self.columns)
        rows, columns = np.nonzero(table)
        return TallyCells(values[rows], columns, table[rows, columns])

    def put(self, cells: TallyCells) -> None:
        """Add what was counted elsewhere; raises IndexError for a column that is not there."""
        values, rows = np.unique(cells.values, return_inverse=True)
        table = np.zeros((len(values), self.columns), dtype=np.int64)
        np.add.at(table, (rows, cells.columns), cells.counts)
        self.update(values.tolist(), table)

    def counted(self) -> IntArray:
        """Count everything in each column."""
        return sum(self._counts.values(), np.zeros(self.columns, dtype=np.int64))

    def column(self, column: int) -> tuple[FloatArray, IntArray]:
        """Get the values that occur in a column, in order, and how often each does."""
        values = np.array(sorted(self._counts), dtype=np.float64)
        counted = np.array([self._counts[value][column] for value in values.tolist()])
        return values[counted > 0], counted[counted > 0]

    def mean(self, column: int, unit: str) -> Mean:
        """Estimate the mean of a column."""
        return mean_of(*self.column(column), unit)

    def sorted(self, column: int) -> Callable[[int], float]:
        """Get what finds the number at a position, from 0, of all in a column, in order."""
        return written_out(*self.column(column))

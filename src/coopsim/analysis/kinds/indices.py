"""Questions of how high an index stands: the weights of the conditions that hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints
from coopsim.analysis.courses import held
from coopsim.analysis.kinds.base import (
    Answers,
    Column,
    Curve,
    DateArray,
    LeadingNumber,
    OutcomeSummary,
    Query,
    Reduced,
    Tally,
    TidyColumn,
)
from coopsim.analysis.kinds.conditions import percent_followed
from coopsim.analysis.kinds.long_rows import LongRow, quantile_rows, row
from coopsim.analysis.kinds.tallying import HistogramTally, mean_and_band
from coopsim.analysis.statistics.estimates import QUANTILES, Interval, rank
from coopsim.analysis.statistics.order_statistics import Bounds, quantiles
from coopsim.analysis.timelines import Changes, IntArray, Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class IndexQuery(Query):
    """How high an index stands, in percent of its whole weight."""

    kind = "index"
    family = "index"
    unit = "percent"
    course_unit = "percent"
    day_words = ("by", "on")
    of_an_instant = True

    def answer(self, timelines: Timelines, instants: Sequence[int]) -> Indices:
        """Answer how high it stands at some instants."""
        values, changes = percent_followed(self, timelines)
        standing = values[timelines.standing(changes, instants)]
        return Indices(self, timelines, standing, values, changes)

    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""
        return IndexTally(self, program, looks)

    def columns(self, _program: Program, days: Checkpoints, _first_year: int) -> list[Column]:
        """List the index on each day."""
        return [Column("mean", "percent", day) for day in days.days]


@dataclass(frozen=True, slots=True, eq=False)
class Indices(Answers):
    """The index in percent at some instants, shape (runs, instants), and how it changes."""

    percent: FloatArray
    values: FloatArray
    changes: Changes

    def _numbers(self, _looks: IntArray, _first_year: int) -> FloatArray:
        """Get the index at each instant."""
        return self.percent

    def _course(self) -> FloatArray:
        """Average the index over time."""
        closes = self.query.closes
        return held(self.timelines, self.changes, closes, self.values) / closes

    def _sample(self, _column: int, _after: int) -> FloatArray:
        """Get the index at the first instant."""
        return self.percent[:, 0]

    def as_columns(self) -> list[TidyColumn]:
        """Write the index at the last instant."""
        return [TidyColumn("percent", self.percent[:, -1])]

    def reduced(self) -> Reduced:
        """Reduce the answers to the index at the last instant."""
        return Reduced(self.percent[:, -1], True, None)

    def plain(self) -> float:
        """Get the index at the last instant in the first timeline."""
        return float(self.percent[0, -1])


class IndexTally(HistogramTally):
    """The index in percent, counted; its histogram has a column for each look."""

    def __init__(self, query: IndexQuery, program: Program, looks: Sequence[int]) -> None:
        super().__init__(query, program, looks, len(looks))

    def _take(self, timelines: Timelines) -> None:
        values, changes = percent_followed(self.query, timelines)
        counted = timelines.counted(changes, self.looks, len(values))
        self.histogram.update(values.tolist(), counted.T)

    def columns(self, days: Checkpoints) -> list[int]:
        """Find the columns of the histogram that belong to the ends of some days."""
        columns: list[int] = np.searchsorted(self.looks, days.instants).tolist()
        return columns

    def summary(self, ends: Sequence[int]) -> IndexSummary:
        """Summarise how high it stands."""
        days = self._days(ends)
        by = {
            day: self._estimate(column)
            for column, day in zip(self.columns(days), days.days, strict=True)
        }
        return IndexSummary(self.query.kind, self.query.title, by)

    def _estimate(self, column: int) -> IndexEstimate:
        average = self.histogram.mean(column, "percent")
        found = quantiles(self.histogram.sorted(column), self.runs)
        return IndexEstimate(average.mean, average.se, average.interval, *found)

    def curve(self, ends: Sequence[int]) -> IndexFan:
        """Follow how it is spread over the timelines."""
        days = self._days(ends)
        columns = self.columns(days)
        means = [self.histogram.mean(column, "percent") for column in columns]
        ordered = [self.histogram.sorted(column) for column in columns]
        ranks = [rank(percent, self.runs) for percent in QUANTILES.values()]
        return IndexFan(
            self.query.kind,
            self.query.title,
            self._midnights(days.instants),
            *mean_and_band(means),
            np.array([[at(position) for at in ordered] for position in ranks]),
        )


@dataclass(frozen=True, slots=True)
class IndexEstimate:
    """An index in percent at the end of a day."""

    mean: float
    se: float | None
    interval: Interval | None
    quantiles: dict[str, float]
    quantile_intervals: dict[str, Bounds[float]]


@dataclass(frozen=True, slots=True)
class IndexSummary(OutcomeSummary):
    """How high an index stands at the end of a day."""

    by: dict[date, IndexEstimate]

    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""
        for day, estimate in self.by.items():
            average = estimate.mean, estimate.se, estimate.interval
            yield row("mean", "percent", *average, day=day)
            found, intervals = estimate.quantiles, estimate.quantile_intervals
            yield from quantile_rows("percent", found, intervals, day)

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the mean at the end."""
        last = self.by[max(self.by)]
        yield LeadingNumber("percent", last.mean, last.interval)


@dataclass(frozen=True, slots=True, eq=False)
class IndexFan(Curve):
    """The mean of an index in percent, shape (dates,), with its 95 % interval.

    `quantiles` has the shape (5, dates): 5, 25, 50, 75 and 95 %. Of one timeline alone the
    interval is not known: low and high are then None.
    """

    dates: DateArray
    mean: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    quantiles: FloatArray

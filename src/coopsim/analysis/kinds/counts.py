"""Questions of how often: the firings, in all and by calendar year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.checkpoints import (
    YEARLY,
    Checkpoints,
    boundaries,
    calendar_years,
    count_spans,
    is_short,
)
from coopsim.analysis.courses import counted
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
from coopsim.analysis.kinds.long_rows import LongRow, quantile_rows, row
from coopsim.analysis.kinds.tallying import HistogramTally, mean_and_band
from coopsim.analysis.statistics.estimates import Interval, Mean
from coopsim.analysis.statistics.order_statistics import Bounds, quantiles
from coopsim.analysis.timelines import IntArray, Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class CountQuery(Query):
    """How often an event happens."""

    kind = "count"
    family = "count"
    unit = "count"
    course_unit = "count"

    def rows(self, timelines: Timelines) -> IntArray:
        """Get the rows that count."""
        return timelines.rows(self.places[0], self.closes)

    def answer(self, timelines: Timelines, _instants: Sequence[int] = ()) -> Counts:
        """Answer how often it happened."""
        years = boundaries(timelines.program, YEARLY)
        return Counts(self, timelines, timelines.counts(self.rows(timelines), years))

    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""
        return CountTally(self, program, looks)

    def columns(self, program: Program, _days: Checkpoints, first_year: int) -> list[Column]:
        """List the number in all, and by calendar year."""
        years = (year for year in calendar_years(program) if year >= first_year)
        by_year = (Column("per_year", "count", None, str(year)) for year in years)
        return [Column("mean", "count"), *by_year]


@dataclass(frozen=True, slots=True, eq=False)
class Counts(Answers):
    """Firings by calendar year, shape (runs, years)."""

    query: CountQuery
    by_year: IntArray

    @property
    def in_all(self) -> IntArray:
        """Count the firings of all years, shape (runs,)."""
        counts: IntArray = self.by_year.sum(axis=1)
        return counts

    def _numbers(self, _looks: IntArray, first_year: int) -> IntArray:
        """Count in all, and by calendar year."""
        years = self.by_year[:, first_year - calendar_years(self.timelines.program)[0] :]
        return np.hstack((self.in_all[:, np.newaxis], years))

    def _course(self) -> FloatArray:
        """Average over time how often it has happened so far."""
        rows, closes = self.query.rows(self.timelines), self.query.closes
        return counted(self.timelines, rows, closes) / closes

    def _sample(self, _column: int, _after: int) -> IntArray:
        """Count in all."""
        return self.in_all

    def as_columns(self) -> list[TidyColumn]:
        """Write the count in all."""
        return [TidyColumn("count", self.in_all)]

    def reduced(self) -> Reduced:
        """Reduce the answers to their counts."""
        return Reduced(self.in_all, True, None)

    def plain(self) -> int:
        """Get the count of the first timeline."""
        return int(self.in_all[0])


class CountTally(HistogramTally):
    """Counts, counted: in all (column 0 of the histogram) and by calendar year.

    Where the simulated time is short, by month or day too: the columns after those of the years.
    """

    query: CountQuery

    def __init__(self, query: CountQuery, program: Program, looks: Sequence[int]) -> None:
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
        answers = self.query.answer(timelines)
        tables = [answers.in_all[:, np.newaxis], answers.by_year]
        if is_short(self.program):
            tables.append(timelines.counts(self.query.rows(timelines), self.edges))
        table = np.hstack(tables)
        most, columns = int(table.max()), table.shape[1]
        cells = (table * columns + np.arange(columns)).ravel()
        counts = np.bincount(cells, minlength=(most + 1) * columns)
        self.histogram.update(range(most + 1), counts.reshape(-1, columns))

    def summary(self, _ends: Sequence[int]) -> CountSummary:
        """Summarise how often it happens."""
        numbers = self.histogram
        in_all, ordered = numbers.mean(0, "count"), numbers.sorted(0)
        found, intervals = quantiles(lambda position: int(ordered(position)), self.runs)
        values, counts = numbers.column(0)
        return CountSummary(
            kind=self.query.kind,
            title=self.query.title,
            mean=in_all.mean,
            se=in_all.se,
            interval=in_all.interval,
            quantiles=found,
            quantile_intervals=intervals,
            distribution={
                int(value): int(count) / self.runs
                for value, count in zip(values, counts, strict=True)
            },
            per_year={
                year: numbers.mean(column, "count")
                for column, year in enumerate(self.years, start=1)
            },
        )

    def curve(self, _ends: Sequence[int]) -> CountBars:
        """Get the mean count of each span."""
        means = [self.histogram.mean(column, "count") for column in self.bars]
        dates = self._midnights((0, *self.edges, self.program.horizon))
        if self.unit == "year":
            years = np.arange(self.years[0], self.years[-1] + 2)
            dates = years.astype(str).astype("datetime64[D]")
        query = self.query
        return CountBars(query.kind, query.title, self.unit, dates, *mean_and_band(means))


@dataclass(frozen=True, slots=True)
class CountSummary(OutcomeSummary):
    """How often something happens, in all and by calendar year."""

    mean: float
    se: float | None
    interval: Interval | None
    quantiles: dict[str, int]
    quantile_intervals: dict[str, Bounds[int]]
    distribution: dict[int, float]
    per_year: dict[int, Mean]

    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""
        yield row("mean", "count", self.mean, self.se, self.interval)
        yield from quantile_rows("count", self.quantiles, self.quantile_intervals)
        for number, share in self.distribution.items():
            yield row("distribution", "share", share, number=number)
        for year, mean in self.per_year.items():
            yield row("per_year", "count", mean.mean, mean.se, mean.interval, year=year)

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the mean count."""
        yield LeadingNumber("count", self.mean, self.interval)


@dataclass(frozen=True, slots=True, eq=False)
class CountBars(Curve):
    """The mean count of each year, month or day (`unit`) and its 95 % interval, shape (spans,).

    `dates` are those on which the spans begin, years on their 1 January, and the end of the last.
    Of one timeline alone the interval is not known: low and high are then None.
    """

    unit: str
    dates: DateArray
    mean: FloatArray
    low: FloatArray | None
    high: FloatArray | None

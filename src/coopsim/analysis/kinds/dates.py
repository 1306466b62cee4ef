"""Questions of when: the first time, the last time, or when all of several have come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints, day_of
from coopsim.analysis.courses import waits
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
    date_column,
)
from coopsim.analysis.kinds.long_rows import LongRow, quantile_rows, row
from coopsim.analysis.kinds.tallying import DayTally
from coopsim.analysis.statistics.estimates import Interval, share_of, wilson
from coopsim.analysis.statistics.order_statistics import Bounds, quantiles
from coopsim.analysis.timelines import NEVER, BoolArray, IntArray, Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class DateQuery(Query):
    """A question whose answer is a date."""

    family = "date"
    until_a_date = True
    median = "date"
    day_words = ("by", "after")

    def rows(self, timelines: Timelines) -> IntArray:
        """Get the row of each run with which it has happened: the last of its first ones."""
        rows: IntArray = self.first_rows(timelines).max(axis=0)
        return rows

    def answer(self, timelines: Timelines, _instants: Sequence[int] = ()) -> Dates:
        """Answer when it happened."""
        return Dates(self, timelines, timelines.times(self.rows(timelines)))

    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""
        return DateTally(self, program, looks)

    def columns(self, _program: Program, days: Checkpoints, _first_year: int) -> list[Column]:
        """List the chance by the last day, and by each."""
        by = [Column("by", "share", day) for day in days.days]
        return [Column("probability", "share", days.days[-1]), *by]


@dataclass(frozen=True, slots=True, eq=False)
class EventQuery(DateQuery):
    """When an event first happens."""

    kind = "event"
    by_firsts = True

    def latest(self) -> Query:
        """Ask when it last happens."""
        return LastQuery(*(getattr(self, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class LastQuery(DateQuery):
    """When an event last happens."""

    kind = "last"

    def rows(self, timelines: Timelines) -> IntArray:
        """Get the last row of each run with which it happens."""
        return timelines.last(timelines.rows(self.places[0], self.closes))


@dataclass(frozen=True, slots=True, eq=False)
class AllOfQuery(DateQuery):
    """When all of several events have happened, each for the first time."""

    kind = "all_of"
    by_firsts = True


@dataclass(frozen=True, slots=True, eq=False)
class Dates(Answers):
    """Seconds since start or NEVER, shape (runs,)."""

    times: IntArray

    def _numbers(self, looks: IntArray, _first_year: int) -> BoolArray:
        """Mark what had happened by some instants, that by the last of them first."""
        happened: BoolArray = self.times[:, np.newaxis] < np.append(looks[-1:], looks)
        return happened

    def _course(self) -> FloatArray:
        """Get the years until it comes, never counting as the close."""
        return waits(self.times, self.query.closes)

    def _sample(self, _column: int, after: int) -> BoolArray:
        """Mark where it happens, from a second on."""
        happens: BoolArray = (self.times != NEVER) & (self.times >= after)
        return happens

    def moments(self) -> IntArray:
        """Get when it happens, in epoch seconds, or NEVER."""
        start = self.timelines.program.start
        return self.times + np.where(self.times != NEVER, start, 0)

    def as_columns(self) -> list[TidyColumn]:
        """Write the day on which it happens."""
        return [date_column(self.timelines.program, self.times)]

    def reduced(self) -> Reduced:
        """Reduce the answers to their times, and to whether it happened."""
        return Reduced(self.times, True, (self.times != NEVER).astype(np.int64))

    def plain(self) -> str | None:
        """Write the day in the first timeline."""
        seconds = int(self.times[0])
        return None if seconds == NEVER else str(day_of(self.timelines.program.start + seconds))


class DateTally(DayTally):
    """The days on which it happened, counted."""

    query: DateQuery

    def _take(self, timelines: Timelines) -> None:
        self._count(self.query.answer(timelines).times)

    def summary(self, ends: Sequence[int]) -> DateSummary:
        """Summarise whether and when it happens."""
        days = self._days(ends)
        (happened,) = self.reached(days)
        share = share_of(int(happened[-1]), self.runs)
        dates, intervals = quantiles(self._dates(), self.runs)
        return DateSummary(
            kind=self.query.kind,
            title=self.query.title,
            probability=share.share,
            se=share.se,
            interval=share.interval,
            quantiles=dates,
            quantile_intervals=intervals,
            by={
                day: int(count) / self.runs for day, count in zip(days.days, happened, strict=True)
            },
        )

    def curve(self, ends: Sequence[int]) -> IncidenceCurve:
        """Follow the chance of having happened."""
        days = self._days_with_jumps(ends)
        (happened,) = self.reached(days)
        return IncidenceCurve(
            self.query.kind,
            self.query.title,
            self.runs,
            self._midnights(days.instants),
            happened / self.runs,
            *wilson(happened, self.runs),
        )


@dataclass(frozen=True, slots=True)
class DateSummary(OutcomeSummary):
    """Whether and when something happens.

    `probability` is of happening by the horizon, or by the question's own date; a quantile
    that is not reached by then is None. Here and in other summaries, `quantile_intervals` are 95 %,
    and an end is None where it is not reached, or where there are too few timelines for one.
    """

    probability: float
    se: float
    interval: Interval
    quantiles: dict[str, date | None]
    quantile_intervals: dict[str, Bounds[date]]
    by: dict[date, float]

    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""
        yield row("probability", "share", self.probability, self.se, self.interval)
        yield from quantile_rows("date", self.quantiles, self.quantile_intervals)
        yield from (row("by", "share", share, day=day) for day, share in self.by.items())

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the chance that it happens."""
        yield LeadingNumber("share", self.probability, self.interval)


@dataclass(frozen=True, slots=True, eq=False)
class IncidenceCurve(Curve):
    """The chance of having happened, with its 95 % Wilson band, shape (dates,)."""

    runs: int
    dates: DateArray
    probability: FloatArray
    low: FloatArray
    high: FloatArray

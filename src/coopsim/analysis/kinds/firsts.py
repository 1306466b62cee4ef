"""Questions of which of several events comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints
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
from coopsim.scenario.notation.values import YEAR
from coopsim.simulation.program import Program

NEITHER = "neither"  # the branch of the timelines in which none comes


@dataclass(frozen=True, slots=True, eq=False)
class FirstOfQuery(Query):
    """Which of several events comes first."""

    kind = "first_of"
    family = "first"
    until_a_date = True
    one_number = False
    by_firsts = True

    @property
    def branches(self) -> tuple[str, ...]:
        """List the branches, and at last that none has come."""
        return (*self.labels, NEITHER)

    def answer(self, timelines: Timelines, _instants: Sequence[int] = ()) -> Firsts:
        """Answer which came first and when."""
        rows = self.first_rows(timelines)
        earliest = rows.min(axis=0)
        branch = np.where(earliest == NEVER, len(self.places), rows.argmin(axis=0))
        return Firsts(self, timelines, branch, timelines.times(earliest))

    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""
        return FirstTally(self, program, looks)

    def columns(self, _program: Program, days: Checkpoints, _first_year: int) -> list[Column]:
        """List each branch, and each but the last by each day."""
        shares = [Column("share", "share", None, label) for label in self.branches]
        return shares + [Column("by", "share", day, k) for day in days.days for k in self.labels]

    def parts(self, _program: Program) -> tuple[str, ...]:
        """List the branches."""
        return self.branches


@dataclass(frozen=True, slots=True, eq=False)
class Firsts(Answers):
    """The number of the branch that came first and when, shape (runs,) each.

    Where none came, the branch is the number of branches and the time NEVER.
    """

    query: FirstOfQuery
    branch: IntArray
    times: IntArray

    def _numbers(self, looks: IntArray, _first_year: int) -> BoolArray:
        """Mark the branch, and which had come by some instants."""
        branches = len(self.query.labels)
        won = np.eye(branches + 1, dtype=np.bool_)
        before = self.times[:, np.newaxis] < looks
        by_then = np.where(before, self.branch[:, np.newaxis], branches)
        by_day = won[:, :branches].take(by_then, axis=0)
        return np.hstack((won.take(self.branch, axis=0), by_day.reshape(len(by_then), -1)))

    def _course(self) -> FloatArray:
        """Get the years until each branch comes first, and until any does."""
        closes = self.query.closes
        until = waits(self.times, closes)[:, np.newaxis]
        won = self.branch[:, np.newaxis] == np.arange(len(self.query.labels))
        return np.hstack((np.where(won, until, closes / YEAR), until))

    def _sample(self, column: int, _after: int) -> BoolArray:
        """Mark where a branch comes first."""
        first: BoolArray = self.branch == column
        return first

    def as_columns(self) -> list[TidyColumn]:
        """Write what comes first, and on which day."""
        labels, program = self.query.labels, self.timelines.program
        first = TidyColumn("label", self.branch, self.branch == len(labels), labels)
        return [first, date_column(program, self.times, "date")]

    def reduced(self) -> Reduced:
        """Reduce the answers to their branches, which have no order."""
        return Reduced(self.branch, False, self.branch)

    def plain(self) -> str:
        """Name what comes first in the first timeline."""
        return self.query.branches[int(self.branch[0])]


class FirstTally(DayTally):
    """Which branch came first, and when, counted; the last column is of those without any."""

    query: FirstOfQuery

    def __init__(self, query: FirstOfQuery, program: Program, looks: Sequence[int]) -> None:
        super().__init__(query, program, looks, len(query.branches))

    def _take(self, timelines: Timelines) -> None:
        answers = self.query.answer(timelines)
        self._count(answers.times, answers.branch)

    def incidence(self, days: Checkpoints) -> IntArray:
        """Count the timelines that each branch has won by each day, shape (branches, days)."""
        return self.reached(days)[:-1]

    def summary(self, ends: Sequence[int]) -> FirstSummary:
        """Summarise which comes first."""
        days = self._days(ends)
        won, labels = self.incidence(days), self.query.labels
        counts = dict(zip(labels, won[:, -1].tolist(), strict=True))
        counts[NEITHER] = self.runs - sum(counts.values())
        shares = {label: share_of(count, self.runs) for label, count in counts.items()}
        dates, intervals = quantiles(self._dates(), self.runs)
        by_day = zip(days.days, (won / self.runs).T.tolist(), strict=True)
        return FirstSummary(
            kind=self.query.kind,
            title=self.query.title,
            shares={label: share.share for label, share in shares.items()},
            se={label: share.se for label, share in shares.items()},
            intervals={label: share.interval for label, share in shares.items()},
            quantiles=dates,
            quantile_intervals=intervals,
            by={day: dict(zip(labels, row, strict=True)) for day, row in by_day},
        )

    def curve(self, ends: Sequence[int]) -> CompetingCurves:
        """Follow the chance of each branch of having come first."""
        days = self._days_with_jumps(ends)
        won = self.incidence(days)
        return CompetingCurves(
            self.query.kind,
            self.query.title,
            self.runs,
            self.query.labels,
            self._midnights(days.instants),
            won / self.runs,
            *wilson(won, self.runs),
        )


@dataclass(frozen=True, slots=True)
class FirstSummary(OutcomeSummary):
    """Which of several comes first; `quantiles` are of the date on which any does."""

    shares: dict[str, float]
    se: dict[str, float]
    intervals: dict[str, Interval]
    quantiles: dict[str, date | None]
    quantile_intervals: dict[str, Bounds[date]]
    by: dict[date, dict[str, float]]

    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""
        for label, share in self.shares.items():
            yield row("share", "share", share, self.se[label], self.intervals[label], label=label)
        yield from quantile_rows("date", self.quantiles, self.quantile_intervals)
        for day, shares in self.by.items():
            for label, share in shares.items():
                yield row("by", "share", share, day=day, label=label)

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the chance of each branch."""
        for label, share in self.shares.items():
            yield LeadingNumber("share", share, self.intervals[label], label, alone=False)


@dataclass(frozen=True, slots=True, eq=False)
class CompetingCurves(Curve):
    """The cumulative incidence of each branch, shape (branches, dates), with 95 % Wilson bands.

    What they leave of 1 is the share in which none has come yet.
    """

    runs: int
    labels: tuple[str, ...]
    dates: DateArray
    probability: FloatArray
    low: FloatArray
    high: FloatArray

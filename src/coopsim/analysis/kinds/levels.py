"""Questions of at which level a driver stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints
from coopsim.analysis.courses import spent
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
from coopsim.analysis.kinds.long_rows import LongRow, row
from coopsim.analysis.kinds.tallying import TableTally
from coopsim.analysis.statistics.estimates import Interval, share_of
from coopsim.analysis.timelines import BoolArray, IntArray, Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class DriverQuery(Query):
    """At which level a driver stands."""

    kind = "driver"
    family = "level"
    one_number = False
    day_words = ("on",)
    of_an_instant = True

    def answer(self, timelines: Timelines, instants: Sequence[int]) -> Levels:
        """Answer at which level it stands at some instants."""
        return Levels(self, timelines, timelines.levels(self.variable, instants))

    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""
        return LevelTally(self, program, looks)

    def columns(self, program: Program, days: Checkpoints, _first_year: int) -> list[Column]:
        """List each level on each day."""
        levels = self.parts(program)
        return [Column("share", "share", day, level) for day in days.days for level in levels]

    def parts(self, program: Program) -> tuple[str, ...]:
        """List the levels."""
        return program.levels_of(self.variable)


@dataclass(frozen=True, slots=True, eq=False)
class Levels(Answers):
    """The levels of a driver at some instants, shape (runs, instants)."""

    levels: IntArray

    @property
    def _names(self) -> tuple[str, ...]:
        return self.query.parts(self.timelines.program)

    def _numbers(self, _looks: IntArray, _first_year: int) -> BoolArray:
        """Mark the level at each instant."""
        return np.eye(len(self._names), dtype=np.bool_).take(self.levels, axis=0)

    def _course(self) -> FloatArray:
        """Get the years spent at each level."""
        changes = self.timelines.changes(self.query.variable)
        return spent(self.timelines, changes, self.query.closes, len(self._names)) / YEAR

    def _sample(self, column: int, _after: int) -> BoolArray:
        """Mark where it stands at a level at the first instant."""
        at: BoolArray = self.levels[:, 0] == column
        return at

    def as_columns(self) -> list[TidyColumn]:
        """Write the level at the last instant."""
        return [TidyColumn("label", self.levels[:, -1], None, self._names)]

    def reduced(self) -> Reduced:
        """Reduce the answers to the levels at the last instant."""
        return Reduced(self.levels[:, -1], True, self.levels[:, -1])

    def plain(self) -> str:
        """Name the level at the last instant in the first timeline."""
        return self._names[int(self.levels[0, -1])]


class LevelTally(TableTally):
    """How many timelines are at each level, shape (looks, levels)."""

    query: DriverQuery

    def __init__(self, query: DriverQuery, program: Program, looks: Sequence[int]) -> None:
        self.labels = query.parts(program)
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

    def summary(self, ends: Sequence[int]) -> DriverSummary:
        """Summarise how often it is at each level."""
        days = self._days(ends)
        shares = {
            day: {
                label: share_of(count, self.runs)
                for label, count in zip(self.labels, row, strict=True)
            }
            for day, row in zip(days.days, self.counts(days).tolist(), strict=True)
        }
        return DriverSummary(
            kind=self.query.kind,
            title=self.query.title,
            shares={day: {k: e.share for k, e in row.items()} for day, row in shares.items()},
            intervals={day: {k: e.interval for k, e in row.items()} for day, row in shares.items()},
        )

    def curve(self, ends: Sequence[int]) -> LevelShares:
        """Follow the share at each level."""
        days = self._days(ends)
        return LevelShares(
            self.query.kind,
            self.query.title,
            self.runs,
            self.labels,
            self._midnights(days.instants),
            self.counts(days).T / self.runs,
        )


@dataclass(frozen=True, slots=True)
class DriverSummary(OutcomeSummary):
    """How often a driver is at each of its levels at the end of a day."""

    shares: dict[date, dict[str, float]]
    intervals: dict[date, dict[str, Interval]]

    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""
        for day, shares in self.shares.items():
            for level, share in shares.items():
                interval = self.intervals[day][level]
                yield row("share", "share", share, None, interval, day=day, label=level)

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the share of each level at the end."""
        last = max(self.shares)
        for level, share in self.shares[last].items():
            interval = self.intervals[last][level]
            yield LeadingNumber("share", share, interval, level, alone=False)


@dataclass(frozen=True, slots=True, eq=False)
class LevelShares(Curve):
    """The share of timelines at each level of a driver, shape (levels, dates)."""

    runs: int
    labels: tuple[str, ...]
    dates: DateArray
    shares: FloatArray

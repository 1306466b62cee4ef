"""Questions of how long it takes from one event to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints, is_short
from coopsim.analysis.courses import waits
from coopsim.analysis.kinds.base import (
    Answers,
    Column,
    Curve,
    LeadingNumber,
    OutcomeSummary,
    Query,
    Reduced,
    Tally,
    TidyColumn,
)
from coopsim.analysis.kinds.long_rows import LongRow, quantile_rows, row
from coopsim.analysis.kinds.tallying import TableTally, days_of
from coopsim.analysis.statistics.estimates import Interval, mean_of, share_of
from coopsim.analysis.statistics.order_statistics import Bounds, quantiles
from coopsim.analysis.timelines import (
    LONGER,
    NEITHER,
    NEVER,
    SHORTER,
    BoolArray,
    IntArray,
    Timelines,
)
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.simulation.program import Program

# Gaps that cannot be seen, by what is so of the two events.
_UNSEEN = {"only_first": LONGER, "only_second": SHORTER, "neither": NEITHER}
_SHARES = ("both", *_UNSEEN)
_STEP = 0.25  # years
_HAIR = 1e-9  # by which rounding may miss a step

Seconds = TypeVar("Seconds", int, IntArray)


def whole_days(gap: Seconds) -> Seconds:
    """Round a gap to whole days."""
    return (gap + DAY // 2) // DAY


@dataclass(frozen=True, slots=True, eq=False)
class BetweenQuery(Query):
    """How long after the first of two events the second happens."""

    kind = "between"
    family = "gap"
    median = "years"
    by_firsts = True
    in_order = True

    def answer(self, timelines: Timelines, _instants: Sequence[int] = ()) -> Gaps:
        """Answer how long after the first the second happened."""
        first, second = self.first_times(timelines)
        unseen = np.select([second != NEVER, first != NEVER], [SHORTER, LONGER], NEITHER)
        both = (first != NEVER) & (second != NEVER)
        seconds = np.where(both, second, 0) - np.where(both, first, 0)
        return Gaps(self, timelines, np.where(both, seconds, unseen))

    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""
        return GapTally(self, program, looks)

    def columns(self, _program: Program, _days: Checkpoints, _first_year: int) -> list[Column]:
        """List which of the two happen."""
        return [Column("share", "share", None, key) for key in _SHARES]

    def labels_in(self, _program: Program) -> tuple[str, ...]:
        """List what may be so of the two events: that both happen first."""
        return _SHARES

    def measured(self, _program: Program) -> tuple[str, ...]:
        """Measure whether both happen."""
        return _SHARES[:1]

    @property
    def course_whole(self) -> float:
        """Get how far the courses of two timelines may be apart: either event may come first."""
        return 2 * self.closes / YEAR

    def shown(self, moment: int | None) -> float | None:
        """Show a gap in years, to the nearest day."""
        return None if moment is None else whole_days(moment) * DAY / YEAR


@dataclass(frozen=True, slots=True, eq=False)
class Gaps(Answers):
    """Seconds from the first to the second, LONGER, SHORTER or NEITHER, shape (runs,)."""

    seconds: IntArray

    def _flags(self) -> list[BoolArray]:
        """Mark for each of the shares the runs that are in it."""
        unseen = [self.seconds == value for value in _UNSEEN.values()]
        return [~np.any(unseen, axis=0), *unseen]

    def _numbers(self, _looks: IntArray, _first_year: int) -> BoolArray:
        """Mark which of the two happen."""
        return np.column_stack(self._flags())

    def _course(self) -> FloatArray:
        """Get the years from the one to the other, each counted as it comes or as the close."""
        first, second = waits(self.query.first_times(self.timelines), self.query.closes)
        course: FloatArray = second - first
        return course

    def _sample(self, column: int, _after: int) -> BoolArray:
        """Mark where this much of the two happens."""
        return self._flags()[column]

    def moments(self) -> IntArray:
        """Get the gaps."""
        return self.seconds

    def as_columns(self) -> list[TidyColumn]:
        """Write the years between the two, to the nearest day, and which of the two happens."""
        flags = np.array(self._flags())
        missing = ~flags[0]
        years = whole_days(np.where(missing, 0, self.seconds)) * DAY / YEAR
        happens = TidyColumn("label", flags.argmax(axis=0), None, _SHARES, "happens")
        return [TidyColumn("years", years, missing), happens]

    def reduced(self) -> Reduced:
        """Reduce the answers to the gaps, and to which of the two happened."""
        seconds = self.seconds
        unseen = [seconds == SHORTER, seconds == LONGER, seconds == NEITHER]
        kinds = np.select(unseen, [1, 2, 3], 0)
        # In order: shorter than any seen, seen, longer, and last those in which neither happened.
        longest = np.where(seconds == LONGER, NEVER - 1, seconds)
        return Reduced(np.where(seconds == NEITHER, NEVER, longest), True, kinds)

    def plain(self) -> float | str:
        """Get the years in the first timeline, or what is so of the two events."""
        seconds = int(self.seconds[0])
        unseen = {value: key for key, value in _UNSEEN.items()}
        return unseen.get(seconds, round(seconds / YEAR, 2))


@dataclass(frozen=True, slots=True, eq=False)
class SeenGaps:
    """Gaps in whole days, in order, how often each was seen, and which of the two happened."""

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
    """How long after the first the second happened, to the nearest day, counted.

    The table has a row for each gap, from the longest with the second first to the longest with
    it last, and three for those that cannot be seen.
    """

    query: BetweenQuery

    def __init__(self, query: BetweenQuery, program: Program, looks: Sequence[int]) -> None:
        self._longest = days_of(program)
        super().__init__(query, program, looks, (2 * self._longest + 1 + len(_UNSEEN), 1))

    def _take(self, timelines: Timelines) -> None:
        seconds = self.query.answer(timelines).seconds
        unseen = [seconds == value for value in _UNSEEN.values()]
        seen = seconds[~np.any(unseen, axis=0)]
        days = whole_days(seen) + self._longest
        edge = 2 * self._longest + 1
        self._table[:edge, 0] += np.bincount(days, minlength=edge)
        self._table[edge:, 0] += np.count_nonzero(unseen, axis=1)

    def gaps(self) -> SeenGaps:
        """Get the gaps of all timelines."""
        counted, edge = self._table[:, 0], 2 * self._longest + 1
        unseen = dict(zip(_UNSEEN, counted[edge:].tolist(), strict=True))
        seen = np.flatnonzero(counted[:edge])
        shares = {"both": int(counted[:edge].sum()), **unseen}
        return SeenGaps(shares, seen - self._longest, counted[seen])

    def summary(self, _ends: Sequence[int]) -> GapSummary:
        """Summarise how long it takes from the one to the other."""
        gaps = self.gaps()
        shares = {key: share_of(count, self.runs) for key, count in gaps.counts.items()}
        average = mean_of(gaps.days * DAY / YEAR, gaps.seen, "years") if len(gaps.seen) else None
        years, intervals = quantiles(lambda position: _in_years(gaps.at(position)), gaps.applicable)
        return GapSummary(
            kind=self.query.kind,
            title=self.query.title,
            shares={key: share.share for key, share in shares.items()},
            se=shares["both"].se,
            intervals={key: share.interval for key, share in shares.items()},
            mean_years=average.mean if average else None,
            mean_se=average.se if average else None,
            mean_interval=average.interval if average else None,
            quantiles=years,
            quantile_intervals=intervals,
        )

    def curve(self, _ends: Sequence[int]) -> GapCurve:
        """Follow the share with a gap of at most so many years."""
        gaps = self.gaps()
        seen = gaps.days * DAY / YEAR
        years = _steps_around(seen, DAY / YEAR if is_short(self.program) else _STEP)
        so_far = np.cumsum([0, *gaps.seen])
        shorter = gaps.counts["only_second"]
        reached = shorter + so_far[np.searchsorted(seen, years + _HAIR, side="right")]
        applicable = max(gaps.applicable, 1)
        return GapCurve(
            self.query.kind,
            self.query.title,
            gaps.applicable,
            years,
            reached / applicable,
            shorter / applicable,
            {key: count / self.runs for key, count in gaps.counts.items()},
        )


def _in_years(days: int | None) -> float | None:
    return None if days is None else days * DAY / YEAR


def _steps_around(seen: FloatArray, step: float) -> FloatArray:
    """Get the steps, in years, that enclose the gaps seen; none where there is no gap."""
    if not len(seen):
        return np.zeros(0)
    first, last = np.floor(seen[0] / step + _HAIR), np.ceil(seen[-1] / step - _HAIR)
    alone = first == last  # one gap in all timelines is seen by what lies beside it
    years: FloatArray = step * np.arange(first - alone, last + alone + 1)
    return years


@dataclass(frozen=True, slots=True)
class GapSummary(OutcomeSummary):
    """How many years of 365.25 days pass from one event to another, to the nearest day.

    `se` is that of the share `both`. The mean is over the timelines with both. Quantiles are
    over those with either: None is longer than seen (only the first happened), shorter than
    seen (only the second), or that neither ever happened.
    """

    shares: dict[str, float]
    se: float
    intervals: dict[str, Interval]
    mean_years: float | None
    mean_se: float | None
    mean_interval: Interval | None
    quantiles: dict[str, float | None]
    quantile_intervals: dict[str, Bounds[float]]

    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""
        for key, share in self.shares.items():
            se = self.se if key == "both" else None
            yield row("share", "share", share, se, self.intervals[key], label=key)
        yield row("mean_years", "years", self.mean_years, self.mean_se, self.mean_interval)
        yield from quantile_rows("years", self.quantiles, self.quantile_intervals)

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the chance that both happen."""
        yield LeadingNumber("share", self.shares["both"], self.intervals["both"], "both")


@dataclass(frozen=True, slots=True, eq=False)
class GapCurve(Curve):
    """The share with a gap of at most so many years, among those in which either happened.

    The curve starts at the share of those with only the second, `shorter` than any seen, and ends
    below 1 by those with only the first; without any gap seen it is empty. `shares` is as in the
    summary.
    """

    runs: int
    years: FloatArray
    probability: FloatArray
    shorter: float
    shares: dict[str, float]

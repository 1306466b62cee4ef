"""Scales of a page, from 0 to 100: of time, and of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_STEPS = (1, 2, 5, 10, 20, 50, 100)  # years between ticks
_FEWEST_READ, _READ = 3, 12  # rows of a table: fewer years than that are read by days
_MOST_TICKS = 5  # so many have room on a phone


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on a scale, and what stands there."""

    at: float
    text: str

    @property
    def anchor(self) -> str:
        """Get which part of its text stands at the mark: no text leaves the scale."""
        if self.at < 4:
            return "start"
        return "end" if self.at > 90 else "middle"


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days from the start of the timelines to their last one."""

    start: date
    end: date

    def at(self, day: date) -> float:
        """Place a day."""
        return 100 * (day - self.start).days / max((self.end - self.start).days, 1)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Mark the beginnings of some years, or both ends where there are none between."""
        years = range(self.start.year + 1, self.end.year + 1)
        for step in _STEPS:
            marked = [year for year in years if year % step == 0]
            if 0 < len(marked) <= _MOST_TICKS:
                return tuple(Tick(self.at(date(year, 1, 1)), str(year)) for year in marked)
        return Tick(0, str(self.start)), Tick(100, str(self.end))

    @property
    def read_at(self) -> tuple[date, ...]:
        """List the days of the tables behind curves: the ends of years, or days evenly apart."""
        ends = [date(year, 12, 31) for year in range(self.start.year, self.end.year)]
        if len(ends) < _FEWEST_READ:
            days = (self.end - self.start).days
            step = max(days // _READ, 1)
            ends = [self.start + timedelta(days=day) for day in range(step, days, step)]
        return (*(day for day in ends if day > self.start), self.end)


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """The numbers from a lowest to a highest one."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Place a number."""
        return 100 * (value - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Mark both ends, and 0 where it lies well between them."""
        marked = [self.low, self.high]
        if 10 < self.at(0) < 90:
            marked.insert(1, 0.0)
        return tuple(Tick(self.at(value), f"{value:g}") for value in marked)


def day_after(day: date) -> date:
    """Get the midnight at which a day is over, as curves count."""
    return day + timedelta(days=1)

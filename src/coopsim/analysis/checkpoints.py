"""The days at whose end timelines are looked at: ends of years or months, and the horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count, takewhile

from coopsim.scenario.notation.values import DAY, add_months
from coopsim.scenario.spec import Scenario
from coopsim.simulation.program import Program

MONTHLY = 1
YEARLY = 12

SHORT = 400 * DAY  # up to here, curves and bars go by days or months, not by months or years
_FEW_DAYS = 62

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Days, and the seconds since start at which each is over."""

    days: tuple[date, ...]
    instants: tuple[int, ...]


def day_of(instant: int) -> date:
    """Get the day in which an epoch second falls."""
    return date.fromordinal(_EPOCH.toordinal() + instant // DAY)


def known_on(scenario: Scenario) -> date:
    """Get the day of what is known: the last one of `as_of`, without it the day of the start."""
    if scenario.as_of is None:
        return day_of(scenario.start.first)
    return day_of(scenario.as_of.end_of_day - 1)


def last_day(program: Program, closes: int) -> date:
    """Get the last day before a moment in seconds since start, such as the horizon."""
    return day_of(program.start + closes - 1)


def boundaries(program: Program, months: int) -> tuple[int, ...]:
    """Find where calendar years or months begin strictly within the simulated time.

    `months` is YEARLY or MONTHLY; seconds since start, in order.
    """
    return _boundaries(program.start, program.horizon, months)


@lru_cache(maxsize=64)  # asked for by each question in every block
def _boundaries(start: int, horizon: int, months: int) -> tuple[int, ...]:
    first = day_of(start).replace(day=1)
    first = first.replace(month=1) if months == YEARLY else first
    midnight = (first - _EPOCH).days * DAY
    steps = (add_months(midnight, step * months) for step in count(1))
    return tuple(step - start for step in takewhile(lambda step: step < start + horizon, steps))


def is_short(program: Program) -> bool:
    """Check whether the simulated time is so short that every day of it counts."""
    return program.horizon <= SHORT


def steps(program: Program) -> tuple[int, ...]:
    """Find the ends of days, or of months where there are many, within the simulated time."""
    if is_short(program):
        return tuple(range(DAY, program.horizon, DAY))
    return boundaries(program, MONTHLY)


def count_spans(program: Program) -> tuple[str, tuple[int, ...]]:
    """Name the spans in which a figure counts, `year`, `month` or `day`, and where they part."""
    if program.horizon <= _FEW_DAYS * DAY:
        return "day", tuple(range(DAY, program.horizon, DAY))
    if is_short(program):
        return "month", boundaries(program, MONTHLY)
    return "year", boundaries(program, YEARLY)


def calendar_years(program: Program) -> tuple[int, ...]:
    """List the calendar years from the start to the horizon."""
    first, last = day_of(program.start).year, last_day(program, program.horizon).year
    return tuple(range(first, last + 1))


def at_ends(program: Program, instants: Sequence[int]) -> Checkpoints:
    """Make checkpoints of seconds since start, each the end of a day."""
    ordered = tuple(sorted(set(instants)))
    return Checkpoints(tuple(last_day(program, instant) for instant in ordered), ordered)

"""The rows of the long format: one number a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from coopsim.analysis.statistics.estimates import Interval

Cell = str | int | float | date | None
LongRow = tuple[Cell, ...]  # measure, date_or_key, value, se, low, high


def row(
    measure: str,
    key: Cell,
    value: Cell,
    se: float | None = None,
    interval: Interval | None = None,
) -> LongRow:
    """Make the row of a number and its simulation error."""
    low, high = interval or (None, None)
    return (measure, key, value, se, low, high)


def plain_rows(
    measure: str, numbers: Mapping[str, Cell] | Mapping[int, Cell] | Mapping[date, Cell]
) -> Iterable[LongRow]:
    """Make the rows of numbers that stand without their error."""
    return (row(measure, key, value) for key, value in numbers.items())


def quantile_rows(
    values: Mapping[str, Cell], intervals: Mapping[str, tuple[Cell, Cell]], day: str = ""
) -> Iterator[LongRow]:
    """Make the rows of quantiles and their intervals, perhaps of a day."""
    return (
        ("quantile", f"{day}{key}", value, None, *intervals[key]) for key, value in values.items()
    )

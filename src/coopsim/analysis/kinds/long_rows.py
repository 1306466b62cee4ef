"""The rows of the long format: one number a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from coopsim.analysis.statistics.estimates import Interval

LongCell = str | int | float | date | None
LongRow = tuple[LongCell, ...]  # measure, date_or_key, value, se, low, high


def row(
    measure: str,
    key: LongCell,
    value: LongCell,
    se: float | None = None,
    interval: Interval | None = None,
) -> LongRow:
    """Make the row of a number and its simulation error."""
    low, high = interval or (None, None)
    return (measure, key, value, se, low, high)


def plain_rows(
    measure: str, numbers: Mapping[str, LongCell] | Mapping[int, LongCell] | Mapping[date, LongCell]
) -> Iterable[LongRow]:
    """Make the rows of numbers that stand without their error."""
    return (row(measure, key, value) for key, value in numbers.items())


def quantile_rows(
    values: Mapping[str, LongCell],
    intervals: Mapping[str, tuple[LongCell, LongCell]],
    day: str = "",
) -> Iterator[LongRow]:
    """Make the rows of quantiles and their intervals, perhaps of a day."""
    return (
        ("quantile", f"{day}{key}", value, None, *intervals[key]) for key, value in values.items()
    )

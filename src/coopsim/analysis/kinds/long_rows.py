"""The rows of the long format: one number or date a line, and what it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict, Unpack

LongUnit = Literal["share", "count", "percent", "years", "date"]
LongValue = float | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRow:
    """A value in a unit, with its standard error and the ends of its 95 % interval.

    What it is of stands in a field for each kind of thing: the `day` at whose end, the calendar
    `year` in which, which `quantile`, which `number` of times, and which `label`, a branch or a
    level.
    """

    measure: str
    unit: LongUnit
    value: LongValue
    se: float | None = None
    low: LongValue = None
    high: LongValue = None
    day: date | None = None
    year: int | None = None
    quantile: str | None = None
    number: int | None = None
    label: str | None = None


class Of(TypedDict, total=False):
    """What a number is of, in the fields of its row."""

    day: date
    year: int
    number: int
    label: str


def row(
    measure: str,
    unit: LongUnit,
    value: float | None,
    se: float | None = None,
    interval: tuple[float, float] | None = None,
    **of: Unpack[Of],
) -> LongRow:
    """Make the row of a number and its simulation error, and of what it is."""
    low, high = interval or (None, None)
    return LongRow(measure=measure, unit=unit, value=value, se=se, low=low, high=high, **of)


def quantile_rows(
    unit: LongUnit,
    values: Mapping[str, LongValue],
    intervals: Mapping[str, tuple[LongValue, LongValue]],
    day: date | None = None,
) -> Iterator[LongRow]:
    """Make the rows of quantiles and their intervals, perhaps of a day."""
    for key, value in values.items():
        low, high = intervals[key]
        yield LongRow(
            measure="quantile", unit=unit, value=value, low=low, high=high, day=day, quantile=key
        )

"""A summary as a long table of comma-separated values: one number a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from coopsim.analysis.statistics.estimates import Interval, Mean
from coopsim.analysis.summaries import (
    CountSummary,
    DateSummary,
    DriverSummary,
    FirstSummary,
    GapSummary,
    IndexSummary,
    OutcomeSummary,
    Summary,
    plain,
)
from coopsim.printable import for_spreadsheet

HEADER = (
    "outcome", "kind", "title", "measure", "date_or_key", "value", "se", "low", "high",
)  # fmt: skip

Cell = str | int | float | date | None
LongRow = tuple[Cell, ...]  # measure, date_or_key, value, se, low, high


def summary_csv(summary: Summary) -> str:
    """Write a summary as CSV, one line for each number, None as an empty cell.

    A key of two parts, such as the day and the level of a driver's share, has a space between. A
    text that a spreadsheet would calculate has a quote before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for name, outcome in summary.outcomes.items():
        rows = ((name, outcome.kind, outcome.title, *row) for row in _rows(outcome))
        writer.writerows(map(_safe, row) for row in rows)
    return text.getvalue()


def _safe(value: Cell) -> Cell:
    return for_spreadsheet(value) if isinstance(value, str) else plain(value)


def _rows(outcome: OutcomeSummary) -> Iterator[LongRow]:
    match outcome:
        case DateSummary():
            share = (outcome.probability, outcome.se, outcome.interval)
            yield _row("probability", None, *share)
            yield from _quantile_rows(outcome.quantiles, outcome.quantile_intervals)
            yield from _plain_rows("by", outcome.by)
        case CountSummary():
            yield _row("mean", None, outcome.mean, outcome.se, outcome.interval)
            yield from _quantile_rows(outcome.quantiles, outcome.quantile_intervals)
            yield from _plain_rows("distribution", outcome.distribution)
            yield from (_mean_row("per_year", year, m) for year, m in outcome.per_year.items())
        case GapSummary():
            yield from _gap_rows(outcome)
        case FirstSummary():
            yield from _first_rows(outcome)
        case DriverSummary():
            yield from _driver_rows(outcome)
        case IndexSummary():
            yield from _index_rows(outcome)


def _gap_rows(outcome: GapSummary) -> Iterator[LongRow]:
    for key, share in outcome.shares.items():
        se = outcome.se if key == "both" else None
        yield _row("share", key, share, se, outcome.intervals[key])
    yield _row("mean_years", None, outcome.mean_years, outcome.mean_se, outcome.mean_interval)
    yield from _quantile_rows(outcome.quantiles, outcome.quantile_intervals)


def _first_rows(outcome: FirstSummary) -> Iterator[LongRow]:
    for label, share in outcome.shares.items():
        yield _row("share", label, share, outcome.se[label], outcome.intervals[label])
    yield from _quantile_rows(outcome.quantiles, outcome.quantile_intervals)
    for day, row in outcome.by.items():
        yield from _plain_rows("by", {f"{day} {label}": share for label, share in row.items()})


def _driver_rows(outcome: DriverSummary) -> Iterator[LongRow]:
    for day, row in outcome.shares.items():
        for level, share in row.items():
            interval = outcome.intervals[day][level]
            yield _row("share", f"{day} {level}", share, None, interval)


def _index_rows(outcome: IndexSummary) -> Iterator[LongRow]:
    for day, estimate in outcome.by.items():
        yield _row("mean", day, estimate.mean, estimate.se, estimate.interval)
        yield from _quantile_rows(estimate.quantiles, estimate.quantile_intervals, f"{day} ")


def _plain_rows(
    measure: str, numbers: Mapping[str, Cell] | Mapping[int, Cell] | Mapping[date, Cell]
) -> Iterable[LongRow]:
    return (_row(measure, key, value, None, None) for key, value in numbers.items())


def _quantile_rows(
    values: Mapping[str, Cell], intervals: Mapping[str, tuple[Cell, Cell]], day: str = ""
) -> Iterator[LongRow]:
    return (
        ("quantile", f"{day}{key}", value, None, *intervals[key]) for key, value in values.items()
    )


def _mean_row(measure: str, key: Cell, mean: Mean) -> LongRow:
    return _row(measure, key, mean.mean, mean.se, mean.interval)


def _row(
    measure: str, key: Cell, value: Cell, se: float | None, interval: Interval | None
) -> LongRow:
    low, high = interval or (None, None)
    return (measure, key, value, se, low, high)

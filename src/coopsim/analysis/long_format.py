"""A summary as a long table of comma-separated values: one number or date a line."""

from __future__ import annotations

import csv
import io
from datetime import date

from coopsim.analysis.kinds.long_rows import LongRow
from coopsim.analysis.summaries import Summary, plain
from coopsim.printable import for_spreadsheet

HEADER = (
    "outcome", "kind", "title", "measure", "unit", "day", "year", "quantile", "number", "label",
    "value", "se", "low", "high", "date", "date_low", "date_high",
)  # fmt: skip

_CsvCell = str | int | float | date | None


def summary_csv(summary: Summary) -> str:
    """Write a summary as CSV, one line for each value, None as an empty cell.

    Every column holds one kind of thing: numbers stand in `value`, `low` and `high`, dates in
    `date`, `date_low` and `date_high`. A text that a spreadsheet would calculate has a quote before
    it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for name, outcome in summary.outcomes.items():
        lines = ((name, outcome.kind, outcome.title, *_cells(row)) for row in outcome.rows())
        writer.writerows(map(_safe, line) for line in lines)
    return text.getvalue()


def _cells(row: LongRow) -> tuple[_CsvCell, ...]:
    of = (row.measure, row.unit, row.day, row.year, row.quantile, row.number, row.label)
    ends = (row.value, row.low, row.high)
    value, low, high = (None, None, None) if row.unit == "date" else ends
    dates = ends if row.unit == "date" else (None, None, None)
    return (*of, value, row.se, low, high, *dates)


def _safe(value: _CsvCell) -> _CsvCell:
    if value is None or isinstance(value, int):  # most of them
        return value
    return for_spreadsheet(value) if isinstance(value, str) else plain(value)

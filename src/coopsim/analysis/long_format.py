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
        asked = [for_spreadsheet(told) for told in (name, outcome.kind, outcome.title)]
        writer.writerows([*asked, *_cells(row)] for row in outcome.rows())
    return text.getvalue()


def _cells(row: LongRow) -> tuple[_CsvCell, ...]:
    label = None if row.label is None else for_spreadsheet(row.label)
    of = (row.measure, row.unit, row.day, row.year, row.quantile, row.number, label)
    if row.unit == "date":
        return (*of, None, row.se, None, None, row.value, row.low, row.high)
    numbers = (row.value, row.se, row.low, row.high)
    return (*of, *map(plain, numbers), None, None, None)

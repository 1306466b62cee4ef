"""A summary as a long table of comma-separated values: one number a line."""

from __future__ import annotations

import csv
import io

from coopsim.analysis.kinds.long_rows import LongCell
from coopsim.analysis.summaries import Summary, plain
from coopsim.printable import for_spreadsheet

HEADER = (
    "outcome", "kind", "title", "measure", "date_or_key", "value", "se", "low", "high",
)  # fmt: skip


def summary_csv(summary: Summary) -> str:
    """Write a summary as CSV, one line for each number, None as an empty cell.

    A key of two parts, such as the day and the level of a driver's share, has a space between. A
    text that a spreadsheet would calculate has a quote before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for name, outcome in summary.outcomes.items():
        rows = ((name, outcome.kind, outcome.title, *row) for row in outcome.rows())
        writer.writerows(map(_safe, row) for row in rows)
    return text.getvalue()


def _safe(value: LongCell) -> LongCell:
    return for_spreadsheet(value) if isinstance(value, str) else plain(value)

"""Views as comma-separated values: a line for each cell, with its value beside its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date

from coopsim.presentation.views.view import Cell, Row, Section, Shown, View
from coopsim.printable import for_spreadsheet

HEADER = (
    "section", "row", "id", "column", "text", "value", "low", "high", "unit", "mark",
)  # fmt: skip


def views_csv(views: Sequence[View]) -> str:
    """Write every cell of some views as a line, None as an empty cell.

    `id` is that of what the row, or the cell, is about; `value`, and the `low` and `high` of its
    95 % interval, are those from which the text is made. A text that a spreadsheet would calculate
    has a quote before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for view in views:
        for section in view.sections:
            for row in section.rows:
                writer.writerows(map(_safe, line) for line in _lines(section, row))
    return text.getvalue()


def _lines(section: Section, row: Row) -> Iterator[tuple[Shown | None, ...]]:
    place = 0
    for cell in row.cells:
        titles = section.columns[place : place + cell.span]
        named = titles[0].title if len(titles) == 1 else None
        yield _line(section, row, cell, cell.name or named or "")
        place += cell.span
    for cell in row.listed:
        yield _line(section, row, cell, cell.name)
    if row.note or not (row.cells or row.listed):
        yield (section.title, row.title, row.about, "", row.note, None, None, None, "", "")


def _line(section: Section, row: Row, cell: Cell, column: str) -> tuple[Shown | None, ...]:
    low, high = cell.interval or (None, None)
    about = cell.about or row.about
    return (
        section.title, row.title, about, column, cell.text, cell.value, low, high, cell.unit,
        cell.mark,
    )  # fmt: skip


def _safe(value: Shown | None) -> Shown | None:
    if isinstance(value, str):
        return for_spreadsheet(value)
    return value if value is None or isinstance(value, date) else value + 0

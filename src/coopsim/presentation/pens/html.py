"""A view as HTML: a heading, a table for each section, and paragraphs; nothing but what is shown.

Titles and names come from anyone, so that every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from coopsim.presentation.views.view import Cell, Emphasis, Holds, Row, Section, TableColumn, View
from coopsim.printable import printable

_LEFT, _RIGHT = "text-align:left", "text-align:right;white-space:nowrap"
_ASIDE = "opacity:0.7"
_INDENT = 1.2  # em, by level of nesting


def html_of(view: View) -> str:
    """Write a view as a piece of HTML."""
    if view.verbatim:
        return f"<pre>{_text(chr(10).join(_lines(view)))}</pre>"
    title, *about = view.heading or ("",)
    pieces = [f"<p><strong>{_text(title)}</strong></p>" if title else ""]
    pieces += [f"<p>{_text(line)}</p>" for line in about]
    pieces += [_table(section) for section in view.sections]
    pieces += [f"<p><small>{_text(note)}</small></p>" for note in view.notes]
    return f"<div>{''.join(pieces)}</div>"


def _lines(view: View) -> Iterator[str]:
    yield from view.heading
    for section in view.sections:
        yield section.title
        yield from ("  " * row.level + row.title for row in section.rows)
    yield from view.notes


def _table(section: Section) -> str:
    columns = section.columns
    titles = "".join(_head(column) for column in columns)
    head = f'<tr><th style="{_LEFT}">{_text(section.title)}</th>{titles}</tr>'
    rows = "".join(_row(row, columns) for row in section.rows)
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _head(column: TableColumn) -> str:
    return f'<th style="{_side(column)}">{_text(column.title or "")}</th>'


def _row(row: Row, columns: tuple[TableColumn, ...]) -> str:
    style = f"{_LEFT};padding-left:{_INDENT * row.level + 0.4:g}em"
    if row.emphasis is Emphasis.ASIDE:
        style = f"{style};{_ASIDE}"
    tag = "th" if row.emphasis is Emphasis.STRONG else "td"
    cells, filled = [f'<{tag} style="{style}">{_text(row.title)}</{tag}>'], 0
    for cell in row.cells:
        cells.append(_cell(cell, columns[filled] if filled < len(columns) else None))
        filled += cell.span
    note = row.note or ", ".join(_words(cell, cell.name) for cell in row.listed)
    if note:
        across = max(len(columns) - filled, 1)
        cells.append(f'<td style="{_LEFT}" colspan="{across}">{_text(note)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _cell(cell: Cell, column: TableColumn | None) -> str:
    across = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f'<td style="{_side(column)}"{across}>{_text(_words(cell))}</td>'


def _words(cell: Cell, name: str = "") -> str:
    return " ".join(filter(None, (name, cell.text, cell.mark, cell.words)))


def _side(column: TableColumn | None) -> str:
    return _LEFT if column is None or column.holds is Holds.TEXT else _RIGHT


def _text(text: str) -> str:
    return escape(printable(text))

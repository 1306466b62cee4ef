"""The rows of a view as lines: titles indented, cells padded so that their numbers align.

Numbers align to the right and a mark such as `~0` has room behind them, in all lines of a column
or in none; quantiles become one column, as wide as three dates, across which may stand what is
said in the place of those that are not reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from coopsim.presentation.views.view import (
    Cell,
    ColumnGroup,
    Emphasis,
    Holds,
    Row,
    Section,
    TableColumn,
)
from coopsim.presentation.words.wording import NBSP

_INDENT = "  "
_DATE = 10  # columns
_DIFFERENCE = 12  # columns of a difference and its error
_MARK = 2
_UNIT = 3
_STYLES = {None: "", Emphasis.STRONG: "bold", Emphasis.ASIDE: "dim"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a title that may wrap, and cells that may not.

    Cells align to the right, the last column to the left. `short` stands in for `cells` where
    the terminal is narrow. A `note` stands below the cells, or in their place; it may
    wrap, but not at NBSP. What is `cut` has two lines at most.
    """

    title: str
    cells: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    note: str = ""
    style: str = ""
    cut: bool = False


def lines_of(section: Section) -> list[Line]:
    """Write a section's heading and rows as lines."""
    columns = section.columns
    return [_heading(section), *(_line(row, columns) for row in section.rows)]


# --- headings ------------------------------------------------------------------------------------


def _heading(section: Section) -> Line:
    columns = [column for column in section.columns if column.title is not None]
    kept = [column for column in columns if column.kept]
    return Line(section.title, _titles(columns), _titles(kept, brief=True), style="bold")


def _titles(columns: Sequence[TableColumn], *, brief: bool = False) -> tuple[str, ...]:
    titles = []
    for group, some in groupby(columns, key=lambda column: column.group):
        texts = [_column_title(one, brief, last=one is columns[-1]) for one in some]
        titles += [" ".join(texts)] if group is ColumnGroup.QUANTILES else texts
    return tuple(titles)


def _column_title(column: TableColumn, brief: bool, *, last: bool) -> str:
    """Write a title as its numbers stand: right-aligned, with room for what stands behind them."""
    title = (brief and column.brief) or column.title or ""
    if column.group is ColumnGroup.QUANTILES:
        return title.rjust(_DATE)
    if column.group is ColumnGroup.MEDIAN:
        return title
    if column.holds is Holds.DIFFERENCE:
        title = title.rjust(_DIFFERENCE)
    marks = (1 + _MARK) * column.marked
    units = column.units and (brief or not last)  # behind the last column there is room anyway
    return title + " " * (marks + units)


# --- rows ----------------------------------------------------------------------------------------


def _line(row: Row, columns: Sequence[TableColumn]) -> Line:
    placed = list(_placed(row.cells, columns))
    kept = [column for column in columns if column.kept]
    brief = _kept(placed) if row.brief is None else list(_placed(row.brief, kept))
    return Line(
        title=_INDENT * row.level + row.title,
        cells=_texts(placed),
        short=_texts(brief),
        note=row.note or ", ".join(map(_listed, row.listed)),
        style=_STYLES[row.emphasis],
        cut=row.cut,
    )


_Placed = tuple[Cell, tuple[TableColumn, ...]]


def _placed(cells: Sequence[Cell], columns: Sequence[TableColumn]) -> Iterator[_Placed]:
    """Pair each cell with the columns across which it stands."""
    start = 0
    for cell in cells:
        yield cell, tuple(columns[start : start + cell.span])
        start += cell.span


def _kept(placed: Sequence[_Placed]) -> list[_Placed]:
    """Choose the cells that stand in a column which is kept."""
    return [(cell, across) for cell, across in placed if any(one.kept for one in across)]


def _texts(placed: Sequence[_Placed]) -> tuple[str, ...]:
    texts: list[str] = []
    for group, some in groupby(placed, key=lambda one: one[1][0].group):
        cells = [_cell(cell, across[0]) for cell, across in some]
        texts += [" ".join(cells)] if group is ColumnGroup.QUANTILES else cells
    return tuple(texts)


def _cell(cell: Cell, column: TableColumn) -> str:
    """Pad a cell as its column asks; what spans several, and an empty one, is not padded."""
    if cell.span > 1:
        return cell.text
    if column.group is ColumnGroup.QUANTILES:
        return cell.text.rjust(_DATE)
    if not cell.text or column.holds not in (Holds.DIFFERENCE, Holds.EFFECT):
        return cell.text
    text = cell.text.rjust(_DIFFERENCE) if column.holds is Holds.DIFFERENCE else cell.text
    marked = f"{text} {cell.mark:{_MARK}}" if column.marked else text
    return f"{marked} {cell.words:{_UNIT}}" if column.units else marked


def _listed(cell: Cell) -> str:
    """Write a cell behind its name, on one line with the last word of it."""
    return NBSP.join(filter(None, (cell.name, cell.text, cell.mark, cell.words)))

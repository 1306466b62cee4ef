"""The data of what is shown: sections, rows and cells as values, before any pen.

A view knows neither widths nor colours, and no text in it is padded or indented, so that a table
in the terminal, a page of HTML and a tree of JSON can be made from the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Shown: TypeAlias = float | date | str
CellEnds: TypeAlias = tuple[Shown | None, Shown | None]


class Holds(StrEnum):
    """What a column holds; numbers and dates align to the right."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    DIFFERENCE = "difference"  # of an answer, between results or with and without evidence
    EFFECT = "effect"  # what a change of an assumption does to an answer


class ColumnGroup(StrEnum):
    """Columns that belong together."""

    QUANTILES = "quantiles"
    MEDIAN = "median"


class Emphasis(StrEnum):
    """How a row stands out from the others."""

    STRONG = "strong"  # it leads those below
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, date or text, as it is read and as what it is.

    `text` is written as finely as the 95 % `interval` supports and has the margin in it; `value`
    is what it is made from, in `unit`: `share`, `count`, `percent` (of an index), `years`, `date`
    or `index`; both are missing of what is only text. A `mark` such as `~0` says more of a
    difference. `words` name the unit where the column does not, `name` says what a cell is about
    that no column names, `about` is the id of that. What stands in the place of several cells
    spans so many columns.
    """

    text: str = ""
    value: Shown | None = None
    interval: CellEnds | None = None
    unit: str = ""
    mark: str = ""
    words: str = ""
    name: str = ""
    about: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class TableColumn:
    """What the cells below each other are.

    `title` is None where no column of the section has one. Where there is little room `brief`
    stands in for it, and columns that are not `kept` are left out. Cells of a `marked` one may
    bear a mark, those of one with `units` name their own unit.
    """

    title: str | None
    holds: Holds = Holds.NUMBER
    group: ColumnGroup | None = None
    kept: bool = True
    brief: str = ""
    marked: bool = False
    units: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A title with its cells, at a level of nesting below the rows before it.

    A row may have fewer cells than its section has columns. Where there is little room `brief`
    stands in for the cells of the columns that are kept. A `note` goes with the row, or the cells
    that are `listed` one behind the other. A sentence in the title or the note has the cells that
    are in it `told` beside it, in its order. `about` is the id of what the row is about. A title
    that stands whole above the table may be `cut` where it would take more than two lines.
    """

    title: str
    cells: tuple[Cell, ...] = ()
    note: str = ""
    listed: tuple[Cell, ...] = ()
    told: tuple[Cell, ...] = ()
    brief: tuple[Cell, ...] | None = None
    level: int = 0
    emphasis: Emphasis | None = None
    about: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title, with the same columns.

    The columns of a section that `folds` go on below one another where there is little room,
    under the same titles of rows: as those of a grid, none of which can be left out.
    """

    title: str
    rows: tuple[Row, ...]
    columns: tuple[TableColumn, ...] = ()
    about: str = ""
    folds: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """All that is shown of an answer.

    The heading's first line is the title, the others say what the answer is of; notes say how to
    read it. Lines of a `verbatim` view are never broken, so that others can read them as well.
    """

    heading: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    verbatim: bool = False

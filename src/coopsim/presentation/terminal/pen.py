"""The one pen for the terminal: a view in lines that keep their numbers whole at any width."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderableType
from rich.text import Text

from coopsim.presentation.terminal.lines import Line, lines_of
from coopsim.presentation.views.view import Section, View
from coopsim.presentation.words.variants import shortened
from coopsim.presentation.words.wording import NBSP, kept_whole
from coopsim.printable import printable

_GAP = 2
_LEAST_TITLE = 18  # where titles would get fewer columns, the short cells are shown
_MOST_LINES = 2  # of a title that may be cut
_HANG = 2  # a title goes on under itself so far to the right
_ASCII = {"±": "+-", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{HORIZONTAL ELLIPSIS}": "..."}


@dataclass(frozen=True, slots=True)
class Page:
    """A view as rich prints it: a heading, sections in aligned columns and paragraphs."""

    view: View

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Lay the view out in the width of the terminal, in ASCII where it knows no more."""
        pen = _Pen(options.max_width, options.ascii_only)
        view = self.view
        blocks = [
            [pen.text(text, "" if place else "bold") for place, text in enumerate(view.heading)],
            *pen.sections([lines_of(part) for one in view.sections for part in pen.folded(one)]),
            *([pen.text(text)] for text in view.notes),
        ]
        for place, block in enumerate(filter(None, blocks)):
            yield from [Text(), *block] if place else block


@dataclass(frozen=True, slots=True)
class _Pen:
    width: int
    ascii_only: bool

    def text(self, text: str, style: str = "") -> Text:
        lines = _wrapped(self._plain(text), self.width)
        return _text("\n".join(lines), style)

    def folded(self, section: Section) -> Iterator[Section]:
        """Yield a section, or its columns a few at a time where they do not all fit."""
        if not section.folds:
            yield section
            return
        lines = lines_of(section)
        widest = max(self._cell_widths(lines, short=False))
        room = self.width - min(self._longest(lines), _LEAST_TITLE)
        count = max(room // (widest + _GAP), 1)
        for first in range(0, len(section.columns), count):
            rows = (replace(row, cells=row.cells[first : first + count]) for row in section.rows)
            columns = section.columns[first : first + count]
            yield replace(section, rows=tuple(rows), columns=columns)

    def sections(self, sections: Sequence[Sequence[Line]]) -> Iterator[list[Text]]:
        """Lay out the lines of sections, whose columns are as wide in all of them."""
        lines = [line for section in sections for line in section]
        short = self._room(lines, short=False) < min(self._longest(lines), _LEAST_TITLE)
        width = max(1, min(self._room(lines, short=short), self._longest(lines)))
        columns = self._cell_widths(lines, short=short)
        cut = self._cut([line.title for line in lines if line.cut], width)
        for section in sections:
            whole = (replace(line, title=cut.get(line.title, line.title)) for line in section)
            yield [text for line in whole for text in self._line(line, short, width, columns)]

    def _cut(self, titles: Sequence[str], width: int) -> dict[str, str]:
        """Cut titles to two lines of a width, those of one level as one, and keep them apart."""
        cut: dict[str, str] = {}
        for lead in {_lead(title) for title in titles}:
            level = [title for title in dict.fromkeys(titles) if _lead(title) == lead]
            short = shortened(level, lambda title: len(self._title(title, width)) <= _MOST_LINES)
            cut |= dict(zip(level, short, strict=True))
        return cut

    def _room(self, lines: Sequence[Line], *, short: bool) -> int:
        """Count the columns that the cells leave for titles."""
        cells = self._cell_widths(lines, short=short)
        return self.width - sum(cells) - _GAP * len(cells)

    def _longest(self, lines: Sequence[Line]) -> int:
        beside = (line for line in lines if line.cells or line.note)
        return max((cell_len(self._plain(line.title)) for line in beside), default=0)

    def _cell_widths(self, lines: Sequence[Line], *, short: bool) -> list[int]:
        rows = [self._cells(line, short=short) for line in lines]
        columns = max((len(row) for row in rows), default=0)
        return [max(len(row[i]) for row in rows if i < len(row)) for i in range(columns)]

    def _cells(self, line: Line, *, short: bool) -> list[str]:
        return [self._plain(cell) for cell in (line.short if short else line.cells)]

    def _line(self, line: Line, short: bool, width: int, columns: Sequence[int]) -> Iterator[Text]:
        cells = self._cells(line, short=short)
        beside = [_joined(cells, columns)] if cells else []
        note = self._plain(line.note)
        beside += _wrapped(note, max(self.width - width - _GAP, 1))
        title = self._title(line.title, width if beside else self.width)
        for left, right in zip_longest(title, beside, fillvalue=""):
            gap = " " * (width + _GAP - cell_len(left))  # of a Chinese sign a column is half
            text = f"{left}{gap}{right}".rstrip()
            yield _text(text, line.style)

    def _title(self, title: str, width: int) -> list[str]:
        title = self._plain(title)
        lead = _lead(title)
        return _wrapped(title.strip(), width, min(lead, width - 1), min(lead + _HANG, width - 1))

    def _plain(self, text: str) -> str:
        """Write a text in signs that can be seen, in ASCII where the terminal knows no more."""
        text = printable(text)
        if not self.ascii_only:
            return text
        for mark, plain in _ASCII.items():
            text = text.replace(mark, plain)
        return "".join(map(_ascii_letter, text))


def _lead(title: str) -> int:
    """Count the columns by which a title is indented."""
    return len(title) - len(title.lstrip())


def _text(text: str, style: str) -> Text:
    """Make a text that rich breaks nowhere else."""
    return Text(text.replace(NBSP, " "), style=style, no_wrap=True, overflow="ignore")


def _wrapped(text: str, width: int, first: int = 0, hang: int = 0) -> list[str]:
    """Break a text into lines of a width, the first and the others indented."""
    lines = textwrap.wrap(
        kept_whole(text),
        width,
        initial_indent=" " * first,
        subsequent_indent=" " * hang,
        break_on_hyphens=False,
        break_long_words=False,
    )
    # Chinese signs take two columns, and have no spaces between at which to break.
    return [part for line in lines for part in _chopped(line, width)]


def _chopped(line: str, width: int) -> list[str]:
    """Break a line with wide signs; a path or number that is too long stays whole."""
    return [line] if cell_len(line) == len(line) else chop_cells(line, width)


def _joined(cells: Sequence[str], columns: Sequence[int]) -> str:
    """Align cells: numbers to the right in their column, the last column from its left."""
    *numbers, last = (f"{cell:>{size}}" for cell, size in zip(cells, columns, strict=False))
    return (_GAP * " ").join([*numbers, last if len(cells) < len(columns) else cells[-1]])


def _ascii_letter(letter: str) -> str:
    if letter.isascii() or letter == NBSP:
        return letter
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() else "?"

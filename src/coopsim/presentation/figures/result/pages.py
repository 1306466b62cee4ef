"""The figures of one result: an overview, and pages by kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Any

from coopsim.presentation.figures.kinds.families import DATES, FAMILIES, FigureFamily
from coopsim.presentation.figures.kinds.panels import draw_incidences
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import FORMS, Sheet, evenly, numbered
from coopsim.presentation.figures.kit.style import TITLE, styled
from coopsim.presentation.figures.result.book import TOGETHER, Book, Panel, draw_panels
from coopsim.presentation.figures.result.overview import overview

NamedSheet = tuple[str, Callable[[], Sheet]]  # the stem of its file's name, and what makes it

_ROW_HEIGHTS = {1: 4.6, 2: 3.0, 3: 1.75}  # inches, by columns
_NAMES = Margin(2.8, TITLE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Panels to lay out in pages of so many columns and rows."""

    stem: str
    about: str
    panels: Sequence[Panel]
    columns: int
    rows: int

    def pages(self, book: Book) -> Iterator[NamedSheet]:
        """Split the panels into as few pages as they need, evenly filled."""
        for stem, panels in numbered(self.stem, evenly(self.panels, self.columns * self.rows)):
            yield stem, partial(self._sheet, book, panels)

    def _sheet(self, book: Book, panels: Sequence[Panel]) -> Sheet:
        columns = min(self.columns, len(panels))
        about, panels = _said_once(self.about, panels)
        sheet = book.sheet(about, ceil(len(panels) / columns) * _ROW_HEIGHTS[columns])
        draw_panels(sheet, panels, sheet.body, columns)
        return sheet


def _said_once(about: str, panels: Sequence[Panel]) -> tuple[str, Sequence[Panel]]:
    """Say above the page what the notes of all its panels would say."""
    first, *others = {panel.note for panel in panels}
    if others or not first:
        return about, panels
    return f"{about}; {first}", [replace(panel, note="") for panel in panels]


def warm_up() -> None:
    """Make Matplotlib find its fonts and load what it draws with, before there is a page."""
    with styled():
        sheet = Sheet.make("warm", "up", "", 1)
        sheet.axes(sheet.body).plot([0, 1])
        for form in FORMS:
            sheet.content(form)


def pages(book: Book) -> Iterator[NamedSheet]:
    """List all pages of a result, none of which is made yet."""
    if not book.curves:
        return
    yield "overview", partial(overview, book)
    for family in FAMILIES:
        yield from _chapter(book, family).pages(book)


def _chapter(book: Book, family: FigureFamily[Any, Any]) -> Chapter:
    panels = [book.panel(name) for name in book.drawn(family)]
    if family is not DATES:
        return Chapter(family.stem, family.about, panels, columns=2, rows=2)
    if not 1 < len(panels) <= TOGETHER:
        return Chapter(family.stem, family.about, panels, columns=3, rows=4)
    curves = book.all_named()
    together = Panel("", "", _NAMES, lambda ax: draw_incidences(ax, curves, _NAMES))
    return Chapter(family.stem, family.about, [together], columns=1, rows=1)

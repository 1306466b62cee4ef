"""The figures of one result: an overview, and pages by kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapCurve
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.presentation.figures.book import Book, Panel, draw_panels
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import FORMS, Sheet, evenly, numbered
from coopsim.presentation.figures.kit.style import styled
from coopsim.presentation.figures.overview import overview
from coopsim.presentation.figures.panels import draw_incidences

NamedSheet = tuple[str, Callable[[], Sheet]]  # the stem of its file's name, and what makes it

_TOGETHER = 6  # so many curves are drawn in one panel
_ROW_HEIGHTS = {1: 4.6, 2: 3.0, 3: 1.75}  # inches, by columns
_NAMES = Margin(2.8, 8.5)
_GAPS = (
    "Share of the timelines with either in which the second came at most so long after the "
    "first; below 0 it came before"
)
_OTHERS: tuple[tuple[str, type[Curve], str], ...] = (
    ("endings", CompetingCurves, "Which came first, and by when: shares of timelines"),
    ("gaps", GapCurve, _GAPS),
    ("counts", CountBars, "Mean number in each span of time; the first and last may be cut short"),
    ("drivers", LevelShares, "Share of timelines at each level"),
    ("index", IndexFan, "How the index is spread over timelines"),
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Hold panels to lay out in pages of so many columns and rows."""

    stem: str
    about: str
    panels: Sequence[Panel]
    columns: int
    rows: int

    def pages(self, book: Book) -> Iterator[NamedSheet]:
        """Part the panels into as few pages as they need, evenly filled."""
        for stem, panels in numbered(self.stem, evenly(self.panels, self.columns * self.rows)):
            yield stem, partial(self._sheet, book, panels)

    def _sheet(self, book: Book, panels: Sequence[Panel]) -> Sheet:
        columns = min(self.columns, len(panels))
        sheet = book.sheet(self.about, ceil(len(panels) / columns) * _ROW_HEIGHTS[columns])
        draw_panels(sheet, panels, sheet.body, columns)
        return sheet


def warm_up() -> None:
    """Let Matplotlib find its fonts and load what it draws with, before there is a page to draw."""
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
    yield from _events(book).pages(book)
    for stem, kind, about in _OTHERS:
        yield from Chapter(stem, about, book.panels(kind), columns=2, rows=2).pages(book)


def _events(book: Book) -> Chapter:
    about = "Share of timelines in which it has happened by each date"
    panels = book.panels(IncidenceCurve)
    if not 1 < len(panels) <= _TOGETHER:
        return Chapter("events", about, panels, columns=3, rows=4)
    curves = book.all_named()
    together = Panel("", "", _NAMES, lambda ax: draw_incidences(ax, curves, _NAMES))
    return Chapter("events", about, [together], columns=1, rows=1)

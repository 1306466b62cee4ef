"""The page to open first: what leads, and the main figure of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapCurve
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.presentation.figures.book import Book, Panel, draw_panels
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import Caption, Sheet, tile_height
from coopsim.presentation.figures.notes import note
from coopsim.presentation.figures.panels import Named, draw_incidences
from coopsim.presentation.words.numbers import whole_percent
from coopsim.presentation.words.wording import day_or_year

_ROW = 2.85  # inches
_MOST = 4  # panels
_MARGIN = Margin(1.8, 6.8)


def overview(book: Book) -> Sheet:
    """Make the overview of a result: head numbers, and up to four panels of different kinds."""
    leading = book.leading()
    panels = list(_panels(book, list(leading.values())))[:_MOST]
    heads = _heads(book, list(leading))
    tiles = tile_height([caption for _, caption in heads]) if heads else 0.0
    about = f"What happens by the end of {day_or_year(book.summary.end)}, and when"
    sheet = book.sheet(about, tiles + _ROW * ceil(len(panels) / 2))
    below = replace(sheet.body, height=sheet.body.height - tiles)
    above = replace(sheet.body, bottom=below.bottom + below.height, height=tiles)
    for head, box in zip(heads, above.grid(1, max(len(heads), 1)), strict=False):
        sheet.tile(box, *head)
    draw_panels(sheet, panels, below, 2)
    return sheet


def _panels(book: Book, leading: Sequence[Named]) -> Iterator[Panel]:
    if leading:
        yield Panel(
            "What happens, and when",
            "share of timelines in which it has happened",
            _MARGIN,
            lambda ax: draw_incidences(ax, leading, _MARGIN),
        )
    for kind in (CompetingCurves, IndexFan, CountBars, LevelShares, GapCurve):
        yield from book.panels(kind)[:1]


def _heads(book: Book, names: Sequence[str]) -> list[tuple[str, Caption]]:
    """Give the probability of each question and what stands below it."""
    outcomes = {name: book.summary.outcomes[name] for name in names}
    return [
        (
            whole_percent(outcome.probability, outcome.interval),
            Caption(book.words.titles[name], note(outcome, book.words.closings[name])),
        )
        for name, outcome in outcomes.items()
        if isinstance(outcome, DateSummary)
    ]

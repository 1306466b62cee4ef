"""The page to open first: what leads, and the main figure of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from coopsim.presentation.figures.kinds.families import DATES, LEADING
from coopsim.presentation.figures.kinds.panels import Named, draw_incidences
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import Caption, Sheet, tile_height
from coopsim.presentation.figures.result.book import Book, Panel, draw_panels
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
    for family in LEADING:
        yield from book.panels(family)[:1]


def _heads(book: Book, names: Sequence[str]) -> list[tuple[str, Caption]]:
    """Write the probability of each question of a date, and what stands below it."""
    asked = {name: book.asked(name) for name in names}
    return [
        (
            whole_percent(one.summary.probability, one.summary.interval),
            Caption(book.words.titles[name], DATES.note(one)),
        )
        for name, one in asked.items()
    ]

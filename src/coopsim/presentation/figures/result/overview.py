"""The page to open first: what leads, and the main figure of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from coopsim.presentation.figures.kinds.families import DATES, LEADING
from coopsim.presentation.figures.kinds.panels import draw_incidences
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import Caption, Head, Sheet, tiles_height
from coopsim.presentation.figures.kit.style import SMALL
from coopsim.presentation.figures.result.book import Book, Panel, draw_panels
from coopsim.presentation.views.result.sentences import headline_sentences
from coopsim.presentation.words.numbers import whole_percent
from coopsim.presentation.words.wording import day_or_year

_ROW = 2.85  # inches
_MOST = 4  # panels
_ABREAST = 5  # head numbers
_MARGIN = Margin(1.8, SMALL)


def overview(book: Book) -> Sheet:
    """Make the overview of a result: head numbers, and up to four panels.

    Headline questions lead both; where there are none, panels are of different kinds.
    """
    panels = list(_panels(book))[:_MOST]
    heads = _headlines(book) or _chances(book)
    columns = ceil(len(heads) / max(ceil(len(heads) / _ABREAST), 1)) or 1
    tiles = tiles_height(heads, columns)
    about = f"What happens by {day_or_year(book.summary.end)}, and when"
    sheet = book.sheet(about, tiles + _ROW * ceil(len(panels) / 2))
    below = replace(sheet.body, height=sheet.body.height - tiles)
    above = replace(sheet.body, bottom=below.bottom + below.height, height=tiles)
    sheet.tiles(above, heads, columns)
    draw_panels(sheet, panels, below, 2)
    return sheet


def _panels(book: Book) -> Iterator[Panel]:
    leading = list(book.leading().values())
    if leading:
        yield Panel(
            "What happens, and when",
            "share of timelines in which it has happened",
            _MARGIN,
            lambda ax: draw_incidences(ax, leading, _MARGIN),
        )
    drawn = {family.stem: book.drawn(family) for family in LEADING}
    others = {name for names in drawn.values() for name in names}
    headlines = [name for name in book.words.headlines if name in others]
    first = [names[0] for names in drawn.values() if names and names[0] not in headlines]
    yield from (book.panel(name) for name in (*headlines, *first))


def _headlines(book: Book) -> list[Head]:
    """Write the news of each headline question, and below it what else is said of it."""
    sentences = headline_sentences(book.summary, book.words).values()
    return [
        (one.news, Caption(one.title, one.says.removeprefix(one.news).strip())) for one in sentences
    ]


def _chances(book: Book) -> list[Head]:
    """Write the chance of each question of a date that leads, and below it the median."""
    asked = {name: book.asked(name) for name in book.leading()}
    return [
        (
            whole_percent(one.summary.probability, one.summary.interval),
            Caption(book.words.titles[name], DATES.note(one)),
        )
        for name, one in asked.items()
    ]

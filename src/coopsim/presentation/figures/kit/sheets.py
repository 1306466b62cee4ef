"""A page of panels: measured in inches, with a heading above and a footer below."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from coopsim.errors import CoopsimError, CoopsimWarning
from coopsim.garbage import uncollected
from coopsim.presentation.figures.kit.fonts import LACKING, make_drawable
from coopsim.presentation.figures.kit.labels import LINE, wrap
from coopsim.presentation.figures.kit.style import (
    INK,
    LINES,
    POINTS,
    SMALL,
    SOFT,
    TEXT,
    TITLE,
    styled,
)
from coopsim.simulation.results.atomic import write_atomically

Item = TypeVar("Item")
_Line = tuple[str, float, str, str]  # a text that may have several, its size, weight and colour

WIDTH = 11.0
_SIDE = 0.45
BODY = WIDTH - 2 * _SIDE  # inches, between the sides
_HEADING = 14.0
_NUMBER = 20.0
_TICKS = 0.28  # below an axes
_SCALE = 0.42  # left of an axes
_GAP = 0.18  # between panels
DPI = 150
FORMS = ("png", "svg")
_COMPRESSION = 3  # of zlib's nine levels: half the time of the usual one, files a tenth larger


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle on a page, in inches from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    def grid(self, rows: int, columns: int) -> Iterator[Rectangle]:
        """Split the rectangle into equal ones, row by row from the top."""
        width = (self.width - _GAP * (columns - 1)) / columns
        height = (self.height - _GAP * (rows - 1)) / rows
        for row in range(rows):
            for column in range(columns):
                yield Rectangle(
                    self.left + column * (width + _GAP),
                    self.bottom + self.height - (row + 1) * height - row * _GAP,
                    width,
                    height,
                )


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above an axes, and the room in inches that its labels need beside it."""

    title: str
    note: str = ""
    margin: float = 0.0

    def wrapped(self, points: float) -> Caption:
        """Break title and note into lines of a width."""
        title = wrap(self.title, points, TITLE, "bold")
        return Caption(title, wrap(self.note, points, TEXT), self.margin)

    @property
    def height(self) -> float:
        """Measure the lines in inches, with the space below them."""
        return sum(_height(text, size) for text, size, _, _ in self.lines()) + 0.08

    def lines(self) -> list[_Line]:
        """List the texts that there are, each with its size, weight and colour."""
        lines = [(self.title, TITLE, "bold", INK), (self.note, TEXT, "normal", SOFT)]
        return [line for line in lines if line[0]]


Head = tuple[str, Caption]  # a head number and what stands below it


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page and the rectangle that its heading and footer leave for panels."""

    figure: Figure
    body: Rectangle

    @classmethod
    def make(cls, heading: str, about: str, footer: str, body_height: float) -> Sheet:
        """Make a page as high as its body of so many inches, its texts wrapped to its width."""
        points = BODY * POINTS
        heading = wrap(heading, points, _HEADING, "bold")
        about, footer = wrap(about, points, TITLE), wrap(footer, points, SMALL)
        top = 0.3 + _height(heading, _HEADING) + _height(about, TITLE) + 0.16
        bottom = 0.25 + _height(footer, SMALL) + 0.12
        height = top + body_height + bottom
        figure = Figure(figsize=(WIDTH, height))
        FigureCanvasAgg(figure)
        left = _SIDE / WIDTH
        figure.text(left, 1 - 0.3 / height, heading, va="top", fontsize=_HEADING, weight="bold")
        below = 0.34 + _height(heading, _HEADING)
        figure.text(left, 1 - below / height, about, va="top", fontsize=TITLE, color=SOFT)
        figure.text(left, 0.2 / height, footer, va="bottom", fontsize=SMALL, color=SOFT)
        return cls(figure, Rectangle(_SIDE, bottom, BODY, body_height))

    def panels(self, box: Rectangle, captions: Sequence[Caption], columns: int) -> list[Axes]:
        """Make titled axes in a box, row by row; those of a row begin at one height."""
        columns = max(min(columns, len(captions)), 1)
        boxes = list(box.grid(max(ceil(len(captions) / columns), 1), columns))
        made = []
        for first in range(0, len(captions), columns):
            row = captions[first : first + columns]
            wrapped = [caption.wrapped(boxes[0].width * POINTS) for caption in row]
            above = max(caption.height for caption in wrapped)
            made += [
                self._panel(each, caption, above)
                for each, caption in zip(boxes[first:], wrapped, strict=False)
            ]
        return made

    def _panel(self, box: Rectangle, caption: Caption, above: float) -> Axes:
        self._write(box.left, box.bottom + box.height, caption.lines())
        return self.axes(
            Rectangle(
                box.left + _SCALE,
                box.bottom + _TICKS,
                box.width - _SCALE - caption.margin,
                box.height - _TICKS - above,
            )
        )

    def tiles(self, box: Rectangle, heads: Sequence[Head], columns: int) -> None:
        """Write head numbers, large, over what they are of, row by row from the top."""
        top = box.bottom + box.height
        for row in _rows(heads, columns):
            height = tiles_height(row, columns)
            line = Rectangle(box.left, top - height, box.width, height)
            for head, place in zip(row, line.grid(1, columns), strict=False):
                self._write(place.left, top, _tile(head, place.width)[0])
            top -= height

    def _write(self, left: float, top: float, lines: Sequence[_Line]) -> None:
        """Write texts of a size, weight and colour one below the other."""
        width, height = self.figure.get_size_inches()
        for text, size, weight, colour in lines:
            self.figure.text(
                left / width, top / height, text, va="top", fontsize=size, weight=weight,
                color=colour,
            )  # fmt: skip
            top -= _height(text, size)

    def text(self, left: float, top: float, text: str) -> None:
        """Write a small heading, its upper left corner at these inches."""
        self.write(left, top, Caption(text))

    def write(self, left: float, top: float, caption: Caption) -> None:
        """Write a caption, its upper left corner at these inches."""
        self._write(left, top, caption.lines())

    def say(self, text: str) -> None:
        """Write a sentence where there is nothing to draw."""
        self.text(self.body.left, self.body.bottom + self.body.height - 0.15, text)

    def axes(self, box: Rectangle) -> Axes:
        """Make an axes that fills a box."""
        width, height = self.figure.get_size_inches()
        return self.figure.add_axes(
            (box.left / width, box.bottom / height, box.width / width, box.height / height)
        )

    def save(self, folder: Path, stem: str) -> list[Path]:
        """Write the page as PNG and SVG, each file whole or not at all, the same each time."""
        if make_drawable(self.figure):
            warnings.warn(LACKING, CoopsimWarning, stacklevel=2)
        written = []
        for form in FORMS:
            path = folder / f"{stem}.{form}"
            write_atomically(path, self.content(form))
            written.append(path)
        return written

    def content(self, form: str) -> bytes:
        """Render the page as a file's content."""
        content = io.BytesIO()
        if form == "png":
            _opaque(self.figure).save(content, form, dpi=(DPI, DPI), compress_level=_COMPRESSION)
        else:  # with nothing in it that tells when
            self.figure.savefig(content, format=form, metadata={"Date": None})
        return content.getvalue()


def _opaque(figure: Figure) -> Image.Image:
    """Draw a figure without transparency, of which it has none, in three bytes a dot, not four."""
    figure.set_dpi(DPI)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    return drawn.convert("RGB")


def _height(text: str, size: float) -> float:
    """Measure the lines of a text in inches."""
    return (text.count("\n") + 1) * size * LINE / POINTS


def tiles_height(heads: Sequence[Head], columns: int) -> float:
    """Measure rows of head numbers, so many abreast across the page, in inches."""
    page = Rectangle(0, 0, BODY, 0)
    width = next(page.grid(1, columns)).width
    return sum(max(_tile(head, width)[1] for head in row) for row in _rows(heads, columns))


def _rows(heads: Sequence[Head], columns: int) -> Iterator[Sequence[Head]]:
    return (heads[first : first + columns] for first in range(0, len(heads), columns))


def _tile(head: Head, width: float) -> tuple[list[_Line], float]:
    """Wrap a head number and its caption to a width; gives the lines, and their height."""
    text, caption = head
    points = width * POINTS
    number, below = wrap(text, points, _NUMBER, "bold"), caption.wrapped(points)
    height = _height(number, _NUMBER) + below.height + _GAP
    return [(number, _NUMBER, "bold", LINES[0][0]), *below.lines()], height


def save_pages(pages: Iterable[tuple[str, Sheet]], folder: Path) -> list[Path]:
    """Write pages, each by its stem, as PNG and SVG; gives the files.

    Raises CoopsimError where the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CoopsimError(f"{folder} cannot be made: {error.strerror}") from error
    with styled(), uncollected():
        return [path for stem, sheet in pages for path in sheet.save(folder, stem)]


def evenly(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """Split items into as few groups as hold at most so many, of about one size."""
    count, groups = len(items), ceil(len(items) / most)
    return [items[n * count // groups : (n + 1) * count // groups] for n in range(groups)]


def numbered(stem: str, pages: Sequence[Item]) -> Iterator[tuple[str, Item]]:
    """Pair pages with a stem, and with their number where there are several."""
    for number, page in enumerate(pages, start=1):
        yield (stem if len(pages) == 1 else f"{stem}-{number}"), page

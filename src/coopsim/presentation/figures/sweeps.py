"""A sweep drawn: a curve over one assumption, a map over two."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.experiments.base import Base
from coopsim.experiments.sweeps import Axis, Sweep
from coopsim.presentation.figures.kit.labels import text_width, wrap
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import (
    INK,
    LINES,
    PALE,
    POINTS,
    SOFT,
    TEXT,
    inches,
)
from coopsim.presentation.views.whatif import (
    answer_text,
    axis_texts,
    axis_title,
    number_title,
    place_text,
    sweep_title,
    threshold_sentence,
)
from coopsim.presentation.words.assumptions import level_text
from coopsim.presentation.words.variants import identity_text, variant_name
from coopsim.presentation.words.wording import SHORT_ERROR, timelines

_HEIGHT = 4.4  # inches
_DARK = 0.55  # luminance below which numbers are written in white
_ROOM = 0.12  # of a range of values, above and below them
_EDGE = 0.2  # of that room, where values end
_LEAST = {"share": 0.01, "count": 0.05, "percent": 0.5}  # room where all values are the same
_STEPS = [1, 2, 2.5, 5, 10]


def draw_sweep(found: Sweep, folder: Path) -> list[Path]:
    """Draw a sweep as PNG and SVG; gives the files."""
    pages = ((stem, _sheet(found)) for stem in ("sweep",))  # made as it is saved, in our style
    return save_pages(pages, folder)


def _sheet(found: Sweep) -> Sheet:
    footer = (
        f"{identity_text(found)}: {timelines(found.runs)} of each point with the same "
        f"luck, seed {found.seed}. {'Band' if len(found.axes) == 1 else '±'}: 95 % "
        f"{SHORT_ERROR}."
    )
    about = (
        threshold_sentence(found).replace("`", "")
        or f"Every other assumption as written in {variant_name(found.scenario, found.sets)}"
    )
    about = f"As of {found.as_of}. {about}"
    sheet = Sheet.make(sweep_title(found), about, footer, _HEIGHT)
    body = sheet.body
    ax = sheet.axes(
        Rectangle(body.left + 0.9, body.bottom + 0.5, body.width - 1.1, body.height - 0.6)
    )
    if len(found.axes) == 1:
        draw_curve(ax, found)
    else:
        draw_map(ax, found)
    return sheet


def draw_curve(ax: Axes, found: Sweep) -> Axes:
    """Draw an answer over one assumption, with the level that it passes and where."""
    axis = found.axes[0]
    bases = [point.base for point in found.points]
    numbers = np.array(axis.numbers or range(len(bases)), dtype=float)
    values = np.array([base.value for base in bases])
    ends = np.array([base.interval or (base.value, base.value) for base in bases])
    colour = LINES[0][0]
    ax.fill_between(numbers, ends[:, 0], ends[:, 1], color=colour, alpha=0.2, linewidth=0)
    ax.plot(numbers, values, color=colour, linewidth=1.6, marker="o", markersize=3.5, clip_on=False)
    _upwards(ax, bases[0], float(ends.min()), float(ends.max()))
    _across(ax, axis)
    if found.threshold is not None:
        ax.axhline(found.threshold.level, color=PALE, linewidth=1.0, linestyle=(0, (4, 2)))
        if found.threshold.interval is not None:
            ax.axvspan(*found.threshold.interval, color=LINES[1][0], alpha=0.2, linewidth=0)
        ax.axvline(found.threshold.at, color=LINES[1][0], linewidth=1.2)
        ax.annotate(
            place_text(axis, found.threshold), (found.threshold.at, 0.03),
            xycoords=ax.get_xaxis_transform(), xytext=(5, 0), textcoords="offset points",
            fontsize=TEXT, color=INK,
        )  # fmt: skip
    return ax


def _upwards(ax: Axes, base: Base, low: float, high: float) -> None:
    """Write the answer's scale beside an axes: the range of its values and their errors."""
    room = max(_ROOM * (high - low), _LEAST[base.unit])
    most = 1.0 if base.unit == "share" else inf
    ax.set_ylim(max(low - room, -_EDGE * room), min(high + room, most + _EDGE * room))
    scale = 100 if base.unit == "share" else 1
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=_STEPS))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{scale * value:.4g}"))
    ax.set_ylabel(wrap(number_title(base), inches(ax)[1] * POINTS))


def _across(ax: Axes, axis: Axis) -> None:
    ax.set_xlabel(axis_title(axis))
    if axis.numbers is None:
        ax.set_xticks(range(len(axis.texts)), axis_texts(axis))
        return
    dated = axis.unit == "date"
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=_STEPS))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda number, _: axis.text(number) if dated else f"{number:.3g}")
    )
    ax.set_xlim(axis.numbers[0], axis.numbers[-1])


def draw_map(ax: Axes, found: Sweep) -> Axes:
    """Draw an answer over two assumptions as a grid of cells, with its numbers written in.

    A heavy line parts the cells on either side of the level.
    """
    down, across = found.axes
    shape = (len(down.texts), len(across.texts))
    base = found.points[0].base
    values = np.array([point.base.value for point in found.points]).reshape(shape)
    ax.imshow(values, aspect="auto", origin="lower", cmap="cividis")
    low, high = values.min(), values.max()
    texts = [answer_text(point.base) for point in found.points]
    texts = _fitting(texts, inches(ax)[0] * POINTS / shape[1])
    for text, ((row, column), value) in zip(texts, np.ndenumerate(values), strict=True):
        bright = (value - low) / (high - low) if high > low else 0.0
        ax.text(
            column, row, text, ha="center", va="center", fontsize=TEXT,
            color="white" if bright < _DARK else "black",
        )  # fmt: skip
    level = ""
    if found.level is not None and low < found.level <= high:
        _draw_border(ax, values >= found.level)
        level = f"; white line: {level_text(found.level, base.unit)}"
    ax.grid(visible=False)
    ax.set_xticks(range(shape[1]), axis_texts(across))
    ax.set_yticks(range(shape[0]), axis_texts(down))
    ax.set_xlabel(axis_title(across))
    ax.set_ylabel(wrap(axis_title(down), inches(ax)[1] * POINTS))
    ax.set_title(f"{number_title(base)}{level}", fontsize=TEXT, color=SOFT, loc="right")
    return ax


def _fitting(texts: Sequence[str], points: float) -> list[str]:
    """Break numbers before their errors where cells are narrow; leave out what does not fit."""
    for tried in (texts, [text.replace(" ±", "\n±") for text in texts]):
        if max(text_width(line) for text in tried for line in text.split("\n")) + 4 <= points:
            return list(tried)
    return [""] * len(texts)


def _draw_border(ax: Axes, above: np.ndarray) -> None:
    """Draw the lines between cells on either side of a level."""
    rows, columns = above.shape
    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and above[row, column] != above[row, column + 1]:
                ends = [row - 0.5, row + 0.5]
                ax.plot([column + 0.5] * 2, ends, color="white", linewidth=3)
            if row + 1 < rows and above[row, column] != above[row + 1, column]:
                ends = [column - 0.5, column + 0.5]
                ax.plot(ends, [row + 0.5] * 2, color="white", linewidth=3)

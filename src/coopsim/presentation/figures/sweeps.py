"""A sweep drawn: a curve over one assumption, a map over two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.experiments.sweeps import Axis, Sweep
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import INK, LINES, PALE, SOFT, TEXT, percent_axis
from coopsim.presentation.views.whatif import (
    cell_text,
    error_sentence,
    place_text,
    threshold_sentence,
)
from coopsim.presentation.words.assumptions import (
    assumption_name,
    level_text,
    outcome_name,
)
from coopsim.presentation.words.wording import timelines

_HEIGHT = 4.4  # inches
_DARK = 0.55  # luminance below which numbers are written in white


def draw_sweep(found: Sweep, folder: Path) -> list[Path]:
    """Draw a sweep as PNG and SVG; gives the files."""
    pages = ((stem, _sheet(found)) for stem in ("sweep",))  # made as it is saved, in our style
    return save_pages(pages, folder)


def _sheet(found: Sweep) -> Sheet:
    base = found.points[0].base
    footer = (
        f"{found.scenario}-{found.hash}: {timelines(found.runs)} of each point on the same luck, "
        f"seed {found.seed}. {error_sentence(found, 'Band:')}"
    )
    about = (
        threshold_sentence(found).replace("`", "") or "At the values that each assumption is set to"
    )
    sheet = Sheet.make(outcome_name(base, found.outcome), about, footer, _HEIGHT)
    body = sheet.body
    ax = sheet.axes(
        Rectangle(body.left + 0.8, body.bottom + 0.5, body.width - 1.0, body.height - 0.6)
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
    if bases[0].unit == "share":
        percent_axis(ax)
    _across(ax, axis)
    if found.level is not None:
        ax.axhline(found.level, color=PALE, linewidth=1.0, linestyle=(0, (4, 2)))
    if found.threshold is not None:
        if found.threshold.interval is not None:
            ax.axvspan(*found.threshold.interval, color=LINES[1][0], alpha=0.2, linewidth=0)
        ax.axvline(found.threshold.at, color=LINES[1][0], linewidth=1.2)
        ax.annotate(
            place_text(axis, found.threshold), (found.threshold.at, 0.03),
            xycoords=ax.get_xaxis_transform(), xytext=(5, 0), textcoords="offset points",
            fontsize=TEXT, color=INK,
        )  # fmt: skip
    return ax


def _across(ax: Axes, axis: Axis) -> None:
    ax.set_xlabel(assumption_name(axis.title, axis.path))
    if axis.numbers is None:
        ax.set_xticks(range(len(axis.texts)), axis.texts)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(7))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis.text(number)))
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
    for point, ((row, column), value) in zip(found.points, np.ndenumerate(values), strict=True):
        bright = (value - low) / (high - low) if high > low else 0.0
        ax.text(
            column, row, cell_text(point.base), ha="center", va="center", fontsize=TEXT,
            color="white" if bright < _DARK else "black",
        )  # fmt: skip
    level = ""
    if found.level is not None and low < found.level <= high:
        _draw_border(ax, values >= found.level)
        level = f"; white line: {level_text(found.level, base.unit)}"
    ax.grid(visible=False)
    ax.set_xticks(range(shape[1]), across.texts)
    ax.set_yticks(range(shape[0]), down.texts)
    ax.set_xlabel(assumption_name(across.title, across.path))
    ax.set_ylabel(assumption_name(down.title, down.path))
    unit = "in percent" if base.unit == "share" else ""
    ax.set_title(f"{unit}{level}".strip("; "), fontsize=TEXT, color=SOFT, loc="right")
    return ax


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

"""Texts that neither overlap nor leave the page: measured, wrapped and spread before drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.textpath import text_to_path

from coopsim.presentation.figures.kit.fonts import drawable, families
from coopsim.presentation.figures.kit.style import INK, POINTS, TEXT, inches
from coopsim.presentation.words.wording import kept_whole

LINE = 1.25  # height of a line of text, in font sizes
_APART = 1.5  # points between labels
_LEADER = 10.0  # points from the axes to a label


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Measure a line of text in points."""
    font = FontProperties(family=families(), size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(drawable(text), font, ismath=False)
    return float(width)


def wrap(text: str, points: float, size: float = TEXT, weight: str = "normal") -> str:
    """Break a text into lines that fit; what does not fit alone stays whole."""
    lines: list[str] = []
    left = kept_whole(text).split(" ")
    while left:
        fitting = _fitting(left, points, size, weight)
        lines.append(" ".join(left[:fitting]))
        left = left[fitting:]
    return "\n".join(lines)


def _fitting(words: Sequence[str], points: float, size: float, weight: str) -> int:
    """Count the words that fit into a line, at least one: measuring is slow, so guess first."""
    low, high, guess = 1, len(words), len(words)
    while low < high:
        width = text_width(" ".join(words[:guess]), size, weight)
        if width <= points:
            low = guess
        else:
            high = guess - 1
        guess = min(max(int(guess * points / max(width, 1.0)), low + 1), high)
    return low


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> Any:
    """Move labels as little as may be, in the sum of squares, so that none overlap.

    Keeps their order of height, and within [low, high] while they fit; where they do not, they
    are packed evenly. Source: isotonic regression (Ayer et al., Ann. Math. Stat. 26, 1955).
    """
    order = np.argsort(centres, kind="stable")
    sizes = np.asarray(heights, dtype=float)[order]
    below = np.concatenate(([0.0], np.cumsum((sizes[1:] + sizes[:-1]) / 2)))
    room = high - low
    if below[-1] > room > 0:
        below *= room / below[-1]
    wanted = np.asarray(centres, dtype=float)[order] - below
    moved = np.clip(_rising(wanted), low, max(high - below[-1], low)) + below
    placed = np.empty_like(moved)
    placed[order] = moved
    return placed


def _rising(wanted: Iterable[float]) -> list[float]:
    """Find the numbers nearest to some, in the sum of squares, that never fall.

    Pools adjacent violators. SciPy has it too, but is slow to import.
    """
    pools: list[tuple[float, int]] = []  # the sum of some neighbours, and how many they are
    for number in wanted:
        total, count = float(number), 1
        while pools and pools[-1][0] * count > total * pools[-1][1]:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A text right of an axes at the height of what it names, and how to key it."""

    y: float
    text: str
    colour: Any = INK
    dashes: Any = "-"
    swatch: bool = False  # a filled square, for an area
    weight: str = "normal"
    ink: str = INK


def end_labels(ax: Axes, labels: Sequence[EndLabel], size: float = TEXT) -> list[Annotation]:
    """Write labels at the right edge of an axes, spread so that none overlap."""
    if not labels:
        return []
    width, height = inches(ax)
    low, high = ax.get_ylim()
    unit = (high - low) / (height * POINTS)  # data units in a point
    heights = [unit * (size * LINE * (label.text.count("\n") + 1) + _APART) for label in labels]
    half = unit * size * LINE / 2
    places = spread([label.y for label in labels], heights, low + half, high - half)
    return [
        _end_label(ax, label, float(place), size, _LEADER / (width * POINTS))
        for label, place in zip(labels, places, strict=True)
    ]


def _end_label(ax: Axes, label: EndLabel, place: float, size: float, leader: float) -> Annotation:
    frame = ax.get_yaxis_transform()
    if label.swatch:
        ax.plot(
            [1 + leader * 0.7], [place], marker="s", markersize=5.5, color=label.colour,
            markeredgecolor=INK, markeredgewidth=0.4, transform=frame, clip_on=False,
        )  # fmt: skip
    else:
        ax.plot(
            [1, 1 + leader], [label.y, place], color=label.colour, linestyle=label.dashes,
            linewidth=1.1, transform=frame, clip_on=False,
        )  # fmt: skip
    return ax.annotate(
        label.text, (1, place), xycoords=frame, xytext=(_LEADER + 3.5, 0),
        textcoords="offset points", va="center_baseline" if "\n" not in label.text else "center",
        fontsize=size, color=label.ink, weight=label.weight, linespacing=LINE * 0.92,
        annotation_clip=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Margin:
    """The room right of an axes in inches, and the size of the labels there."""

    inches: float
    size: float = TEXT

    @classmethod
    def fitting(cls, labels: Iterable[str], most: float) -> Margin:
        """Make a margin that the labels need, up to so many inches, which wraps them."""
        needed = max((text_width(label) for label in labels), default=0.0) + _LEADER + 8
        return cls(min(needed / POINTS, most))

    def wrap(self, text: str) -> str:
        """Break a label into lines that fit."""
        return wrap(text, self.inches * POINTS - _LEADER - 6, self.size)

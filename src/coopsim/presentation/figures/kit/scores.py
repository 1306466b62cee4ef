"""Pages of scores: how reliable chances were, and each question's score as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.statistics.rules import Bin
from coopsim.presentation.figures.kit.sheets import Head, Rectangle, Sheet
from coopsim.presentation.figures.kit.style import (
    FAINT,
    INK,
    LINES,
    POINTS,
    SOFT,
    percent_axis,
)
from coopsim.presentation.figures.kit.whiskers import (
    draw_zero,
    frame_rows,
    name_rows,
    scale_below,
    shade_row,
)

ON_A_PAGE = 40  # scores
_SQUARE = 4.6  # inches
_NAMES = 3.9  # inches for the names of questions
_NUMBERS = 2.3  # inches for what was forecast and what happened
_ROW = 0.27
_OWN, _FOIL = LINES[0][0], LINES[1][0]
_RELIABLE = (
    "How often events happened, by the chance forecast for them. On the dashed line, events given "
    "30 % happen in 30 of 100 cases; above it, more often than forecast. Beside each point: how "
    "many questions. Right: mean scores, 0 is perfect"
)
_BARS = (
    "Bars: 95 % interval (Wilson) if the questions were independent. They are correlated, so the "
    "true intervals are wider."
)


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """A question's score, that of knowing nothing and of a foil, and what `told` of it."""

    title: str
    score: float
    base: float
    foil: float | None
    told: str


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The heading and the footer of a page of scores, and what is said before all else."""

    heading: str
    footer: str
    first: str = ""


def calibration_page(texts: PageTexts, bins: Sequence[Bin], heads: Sequence[Head]) -> Sheet:
    """Make the page of forecasts beside how often they came true, with mean scores beside it."""
    about, footer = f"{texts.first}{_RELIABLE}", f"{texts.footer} {_BARS}"
    sheet = Sheet.make(texts.heading, about, footer, _SQUARE + 0.6)
    body = sheet.body
    box = Rectangle(body.left + 0.8, body.bottom + 0.5, _SQUARE, _SQUARE)
    draw_calibration(sheet.axes(box), bins)
    left = body.left + _SQUARE + 1.6
    beside = Rectangle(left, body.bottom + 0.5, body.left + body.width - left, _SQUARE)
    sheet.tiles(beside, heads, 1)
    return sheet


def draw_calibration(ax: Axes, bins: Sequence[Bin]) -> Axes:
    """Draw for each bin of forecasts how often it happened, with its interval and its size."""
    percent_axis(ax)
    ax.set_xlim(*ax.get_ylim())
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    ax.grid(visible=True, axis="both")
    ax.plot([0, 1], [0, 1], color=SOFT, linewidth=0.9, linestyle=(0, (4, 2)))
    for one in bins:
        low, high = share_of(round(one.happened * one.questions), one.questions).interval
        ax.plot([one.forecast] * 2, [low, high], color=_OWN, linewidth=1.2)
        ax.plot([one.forecast], [one.happened], marker="o", markersize=6, color=_OWN, zorder=3)
        ax.annotate(
            f"{one.questions:,}", (one.forecast, one.happened), xytext=(7, -3),
            textcoords="offset points", annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    ax.set_xlabel("forecast chance, mean of the questions")
    ax.set_ylabel("share of the questions in which it happened")
    return ax


def scores_page(texts: PageTexts, foil: str | None, bars: Sequence[ScoreBar], score: str) -> Sheet:
    """Make a page of one score, a row for each question; names the foil if there is one."""
    about = f"{texts.first}The worst first. The line is the score of knowing nothing"
    if foil is not None:
        about += f". Hollow: {foil}"
    sheet = Sheet.make(texts.heading, about, texts.footer, 0.85 + _ROW * len(bars))
    body = sheet.body
    box = Rectangle(
        body.left + _NAMES,
        body.bottom + 0.5,
        body.width - _NAMES - _NUMBERS,
        body.height - 0.75,
    )
    ax = draw_scores(sheet.axes(box), bars)
    ax.set_xlabel(f"{score}: 0 is perfect, lower is better")
    sheet.text(box.left + box.width + 0.1, box.bottom + box.height + 0.2, "forecast, what happened")
    return sheet


def draw_scores(ax: Axes, bars: Sequence[ScoreBar]) -> Axes:
    """Draw each question's score as a bar, the foil's as a hollow dot, and write the forecast."""
    for place, one in enumerate(bars):
        shade_row(ax, place)
        ax.barh(place, one.score, height=0.5, color=_OWN)
        ax.plot([one.base] * 2, [place - 0.4, place + 0.4], color=INK, linewidth=1.2)
        if one.foil is not None:
            ax.plot(
                [one.foil], [place], marker="o", markersize=5, color=_FOIL,
                markerfacecolor="white", linestyle="none", clip_on=False, zorder=3,
            )  # fmt: skip
        ax.annotate(
            one.told, (1, place), xycoords=ax.get_yaxis_transform(),
            xytext=(8, 0), textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip
    draw_zero(ax)
    frame_rows(ax, len(bars))
    most = max(one for bar in bars for one in (bar.score, bar.base, bar.foil or 0.0))
    ax.set_xlim(0, max(most, 1.0))  # a level score may be as large as there are levels, less one
    scale_below(ax, 6)
    name_rows(ax, [one.title for one in bars], _NAMES * POINTS - 10, INK)
    ax.tick_params(axis="x", color=FAINT)
    return ax

"""A result scored against what happened: how reliable its chances were, and each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from coopsim.analysis.scorecard import Scorecard, Scored, ScoredQuestion
from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.statistics.scoring import Bin
from coopsim.presentation.figures.kit.sheets import (
    Caption,
    Rectangle,
    Sheet,
    evenly,
    numbered,
    save_pages,
)
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
from coopsim.presentation.views.scorecard import MEAN_SCORES, answer_text
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.numbers import among, estimate, percent
from coopsim.presentation.words.wording import timelines

_SQUARE = 4.6  # inches
_NAMES = 3.9  # inches for the names of questions
_NUMBERS = 2.3  # inches for what was forecast and what happened
_ROW = 0.27
_ON_A_PAGE = 40
_OWN, _FOIL = LINES[0][0], LINES[1][0]
_SCORES = {"brier": "Brier score", "rps": "Level score (RPS)"}
_BARS = (
    "Bars: 95 % interval if the questions were independent. They are correlated, so the true "
    "intervals are wider."
)


def draw_scorecard(card: Scorecard, folder: Path) -> list[Path]:
    """Draw reliability and the scores of single questions as PNG and SVG; gives the files.

    Raises CoopsimError where a file cannot be written.
    """
    return save_pages(_sheets(card), folder)


def _sheets(card: Scorecard) -> Iterator[tuple[str, Sheet]]:
    if card.reliability:
        yield "calibration", calibration_sheet(card)
    for name in _SCORES:
        ordered = _worst_first(card, name)
        for stem, some in numbered(f"scores-{name}", evenly(ordered, _ON_A_PAGE)):
            yield stem, scores_sheet(card, some, name)


def _worst_first(card: Scorecard, name: str) -> list[ScoredQuestion]:
    """List the questions that have a score, the worst first."""
    scored = [one for one in card.questions.values() if name in one.scores]
    return sorted(scored, key=lambda one: -one.scores[name].score)


def _footer(card: Scorecard) -> str:
    return f"{card.result}: {timelines(card.runs)}; what happened is known up to {card.known}."


# --- calibration --------------------------------------------------------------------------------


def calibration_sheet(card: Scorecard) -> Sheet:
    """Make the page of forecasts beside how often they came true."""
    about = (
        f"As of {card.as_of}. How often events happened, by the chance forecast for them. On the "
        "dashed line, events given 30 % happen in 30 of 100 cases; above it, more often than "
        "forecast. Right: mean scores, 0 is perfect"
    )
    sheet = Sheet.make(
        f"How reliable the chances were: {card.result}",
        about,
        f"{card.against}. {_footer(card)} {_BARS}",
        _SQUARE + 0.6,
    )
    body = sheet.body
    draw_calibration(
        sheet.axes(Rectangle(body.left + 0.8, body.bottom + 0.5, _SQUARE, _SQUARE)),
        card.reliability,
    )
    left = body.left + _SQUARE + 1.6
    beside = Rectangle(left, body.bottom + 0.5, body.left + body.width - left, _SQUARE)
    heads = [
        (_mean_text(one.mean), Caption(MEAN_SCORES[name], _beside(card, one.mean)))
        for name, one in card.means.items()
    ]
    sheet.tiles(beside, heads, 1)
    return sheet


def _mean_text(score: Scored) -> str:
    """Write a mean score with its Monte Carlo standard error, as the table does."""
    return estimate(score.score, (score.score - score.se, score.score + score.se), 3)


def _beside(card: Scorecard, score: Scored) -> str:
    """Write what knowing nothing scores, and the foil if there is one."""
    foil = f"; {card.foil}: {score.foil:.3f}" if score.foil is not None else ""
    return f"knowing nothing: {score.base:.3f}{foil}"


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
            counted(one.questions, "question"), (one.forecast, one.happened), xytext=(7, -3),
            textcoords="offset points", annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    ax.set_xlabel("forecast chance, mean of the questions")
    ax.set_ylabel("share of the questions in which it happened")
    return ax


# --- questions ----------------------------------------------------------------------------------


def scores_sheet(card: Scorecard, shown: Sequence[ScoredQuestion], name: str) -> Sheet:
    """Make a page of one score, a row for each question."""
    about = f"As of {card.as_of}. The worst first. The line is the score of knowing nothing"
    if card.foil is not None:
        about += f". Hollow: {card.foil}"
    sheet = Sheet.make(
        f"{_SCORES[name]} by question: {card.result}",
        about,
        f"{card.against}. {_footer(card)}",
        0.85 + _ROW * len(shown),
    )
    body = sheet.body
    box = Rectangle(
        body.left + _NAMES,
        body.bottom + 0.5,
        body.width - _NAMES - _NUMBERS,
        body.height - 0.75,
    )
    ax = draw_scores(sheet.axes(box), shown, name, card.runs)
    ax.set_xlabel(f"{_SCORES[name]}: 0 is perfect, lower is better")
    sheet.text(box.left + box.width + 0.1, box.bottom + box.height + 0.2, "forecast, what happened")
    return sheet


def draw_scores(ax: Axes, shown: Sequence[ScoredQuestion], name: str, runs: int) -> Axes:
    """Draw each question's score as a bar, the foil's as a hollow dot, and write the forecast."""
    for place, one in enumerate(shown):
        score = one.scores[name]
        shade_row(ax, place)
        ax.barh(place, score.score, height=0.5, color=_OWN)
        ax.plot([score.base] * 2, [place - 0.4, place + 0.4], color=INK, linewidth=1.2)
        if score.foil is not None:
            ax.plot(
                [score.foil], [place], marker="o", markersize=5, color=_FOIL,
                markerfacecolor="white", linestyle="none", clip_on=False, zorder=3,
            )  # fmt: skip
        forecast = percent(one.probability, among(one.probability, runs))
        ax.annotate(
            f"{forecast} %, {answer_text(one)}", (1, place), xycoords=ax.get_yaxis_transform(),
            xytext=(8, 0), textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip
    draw_zero(ax)
    frame_rows(ax, len(shown))
    scores = [one.scores[name] for one in shown]
    most = max(one for score in scores for one in (score.score, score.base, score.foil or 0.0))
    ax.set_xlim(0, max(most, 1.0))  # a level score may be as large as there are levels, less one
    scale_below(ax, 6)
    name_rows(ax, [_dated(one) for one in shown], _NAMES * POINTS - 10, INK)
    ax.tick_params(axis="x", color=FAINT)
    return ax


def _dated(one: ScoredQuestion) -> str:
    """Name a question and its day, unless its title has the year already."""
    return one.title if str(one.by.year) in one.title else f"{one.title}, {one.by}"

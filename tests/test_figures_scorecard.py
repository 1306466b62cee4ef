"""What is drawn of a result scored against what happened: reliability, and each question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coopsim.analysis.scorecard import Scorecard, scorecard
from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.statistics.rules import Bin
from coopsim.presentation.figures.kit.scores import draw_calibration, draw_scores
from coopsim.presentation.figures.kit.style import styled
from coopsim.presentation.figures.scorecard import (
    calibration_sheet,
    draw_scorecard,
    score_bar,
    scores_sheet,
)
from coopsim.scenario.sources.resolutions import read_history
from hand_made import firings, start_cool, ten
from test_scorecard import HISTORY, forecaster

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with styled():
        yield


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(9, 5))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.4, 0.1, 0.4, 0.8))


@pytest.fixture
def card(tmp_path: Path) -> Scorecard:
    (tmp_path / "made_up.yaml").write_text(HISTORY, encoding="utf-8")
    history = read_history(tmp_path / "made_up.yaml")
    other = forecaster("nothing-3f9a2c1b", [firings([], 10)])
    return scorecard(history, forecaster("ten-1a2b3c4d", [ten()]), other, start_cool)


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_reliability_has_a_diagonal_and_a_point_with_its_interval_for_each_bin(ax: Axes) -> None:
    bins = [Bin(0.1, 0.3, 10, 0.2, 0.2), Bin(0.5, 0.7, 1, 0.6, 1.0)]
    draw_calibration(ax, bins)
    drawn = [(np.array(line.get_xdata()), np.array(line.get_ydata())) for line in ax.lines]
    drawn_lists = [(xs.tolist(), ys.tolist()) for xs, ys in drawn]
    assert drawn_lists[0] == ([0, 1], [0, 1])
    assert drawn_lists[1] == ([0.2, 0.2], list(share_of(2, 10).interval))
    assert drawn_lists[2] == ([0.2], [0.2])
    assert drawn_lists[3] == ([0.6, 0.6], list(share_of(1, 1).interval))
    assert drawn_lists[4] == ([0.6], [1.0])
    assert texts(ax) == ["10", "1"]
    assert ax.get_xlim() == ax.get_ylim()  # so that the diagonal is one
    assert ax.get_xlabel() == "forecast chance, mean of the questions"
    assert ax.get_ylabel() == "share of the questions in which it happened"


def test_each_question_has_its_score_the_foils_and_what_knowing_nothing_scores(
    ax: Axes, card: Scorecard
) -> None:
    shown = [one for one in card.questions.values() if "brier" in one.scores]
    bars = [score_bar(one, "brier", card.runs) for one in shown]
    draw_scores(ax, bars)
    scores = [one.scores["brier"] for one in shown]
    widths = [bar.get_width() for bar in ax.patches if abs(bar.get_height() - 0.5) < 1e-9]  # type: ignore[attr-defined]  # rectangles
    assert widths == pytest.approx([one.score for one in scores])
    hollow = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in hollow] == [one.foil for one in scores]  # type: ignore[index]  # lists
    assert {line.get_markerfacecolor() for line in hollow} == {"white"}
    assert texts(ax) == ["50 %, 2026-01-01", "10 %, no", "30 %, yes"]
    assert ax.get_xlim() == (0, 1)
    draw_scores(ax, [replace(bars[0], foil=2.5)])
    assert ax.get_xlim() == (0, 2.5)
    draw_scores(ax, bars)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["A launch works, 2026-12-31", "A landing, 2026-06-30", "Both, 2026-01-01"]


def test_pages_name_the_result_its_foil_and_the_score(card: Scorecard) -> None:
    shown = list(card.questions.values())[:1]
    page = scores_sheet(card, shown, "brier").figure
    assert page.texts[0].get_text() == "Brier score by question: ten-1a2b3c4d"
    assert page.texts[1].get_text() == (
        "As of 2025-07-01. The worst first. The line is the score of knowing nothing. "
        "Hollow: nothing-3f9a2c1b"
    )
    assert page.axes[0].get_xlabel() == "Brier score: 0 is perfect, lower is better"
    alone = scores_sheet(replace(card, foil=None), shown, "brier").figure
    assert "Hollow" not in alone.texts[1].get_text()
    figure = calibration_sheet(card).figure
    first = [text.get_text().replace("\xa0", " ") for text in figure.texts]
    assert first[0] == "How reliable the chances were: ten-1a2b3c4d"
    assert first[3:6] == [
        "0.25 ±0.11", "Brier score", "knowing nothing: 0.250; nothing-3f9a2c1b: 0.667",
    ]  # fmt: skip


def test_a_question_has_its_day_once(ax: Axes, card: Scorecard) -> None:
    (one, *_) = card.questions.values()
    dated = replace(one, title=f"It flies by {one.by.year}", scores=one.scores)
    draw_scores(ax, [score_bar(each, "brier", card.runs) for each in (one, dated)])
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [f"{one.title}, {one.by}", f"It flies by {one.by.year}"]


def test_the_files(card: Scorecard, tmp_path: Path) -> None:
    names = [path.name for path in draw_scorecard(card, tmp_path / "score")]
    assert names == [
        "calibration.png", "calibration.svg", "scores-brier.png", "scores-brier.svg",
        "scores-rps.png", "scores-rps.svg",
    ]  # fmt: skip
    levels = {name: one for name, one in card.questions.items() if one.level is not None}
    few = replace(card, reliability=(), questions=levels)
    names = [path.name for path in draw_scorecard(few, tmp_path / "few")]
    assert names == ["scores-rps.png", "scores-rps.svg"]

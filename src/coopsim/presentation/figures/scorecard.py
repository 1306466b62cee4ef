"""A result scored against what happened: how reliable its chances were, and each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from coopsim.analysis.scorecard import Scorecard, Scored, ScoredQuestion
from coopsim.presentation.figures.kit.scores import (
    ON_A_PAGE,
    PageTexts,
    ScoreBar,
    calibration_page,
    scores_page,
)
from coopsim.presentation.figures.kit.sheets import Caption, Sheet, evenly, numbered, save_pages
from coopsim.presentation.views.scorecard import MEAN_SCORES, answer_text
from coopsim.presentation.words.numbers import among, estimate, percent
from coopsim.presentation.words.wording import timelines

_SCORES = {"brier": "Brier score", "rps": "Level score (RPS)"}


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
        for stem, some in numbered(f"scores-{name}", evenly(ordered, ON_A_PAGE)):
            yield stem, scores_sheet(card, some, name)


def _worst_first(card: Scorecard, name: str) -> list[ScoredQuestion]:
    """List the questions that have a score, the worst first."""
    scored = [one for one in card.questions.values() if name in one.scores]
    return sorted(scored, key=lambda one: -one.scores[name].score)


def _footer(card: Scorecard) -> str:
    known = f"what happened is known up to {card.known}"
    return f"{card.against}. {card.result}: {timelines(card.runs)}; {known}."


def _texts(card: Scorecard, heading: str) -> PageTexts:
    return PageTexts(heading, _footer(card), f"As of {card.as_of}. ")


def calibration_sheet(card: Scorecard) -> Sheet:
    """Make the page of forecasts beside how often they came true."""
    heads = [
        (_mean_text(one.mean), Caption(MEAN_SCORES[name], _beside(card, one.mean)))
        for name, one in card.means.items()
    ]
    heading = f"How reliable the chances were: {card.result}"
    return calibration_page(_texts(card, heading), card.reliability, heads)


def _mean_text(score: Scored) -> str:
    """Write a mean score with its Monte Carlo standard error, as the table does."""
    return estimate(score.score, (score.score - score.se, score.score + score.se), 3)


def _beside(card: Scorecard, score: Scored) -> str:
    """Write what knowing nothing scores, and the foil if there is one."""
    foil = f"; {card.foil}: {score.foil:.3f}" if score.foil is not None else ""
    return f"knowing nothing: {score.base:.3f}{foil}"


def scores_sheet(card: Scorecard, shown: Sequence[ScoredQuestion], name: str) -> Sheet:
    """Make a page of one score, a row for each question."""
    bars = [score_bar(one, name, card.runs) for one in shown]
    heading = f"{_SCORES[name]} by question: {card.result}"
    return scores_page(_texts(card, heading), card.foil, bars, _SCORES[name])


def score_bar(one: ScoredQuestion, name: str, runs: int) -> ScoreBar:
    """Make a question's row: its score, and what was forecast and happened."""
    score = one.scores[name]
    forecast = percent(one.probability, among(one.probability, runs))
    told = f"{forecast} %, {answer_text(one)}"
    # A title that has the year already needs no day.
    title = one.title if str(one.by.year) in one.title else f"{one.title}, {one.by}"
    return ScoreBar(title, score.score, score.base, score.foil, told)

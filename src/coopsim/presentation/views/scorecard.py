"""Scores against what happened: means, reliability and single questions."""

from __future__ import annotations

from coopsim.analysis.scorecard import Scorecard, ScoredQuestion
from coopsim.analysis.statistics.rules import Bin
from coopsim.presentation.views.cells import exact_score_cell, percent_cell, score_cell
from coopsim.presentation.views.view import (
    Cell,
    Emphasis,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from coopsim.presentation.words.numbers import among, exact_percent
from coopsim.presentation.words.wording import timelines

MEAN_SCORES = {
    "brier": "Brier score",
    "log": "Log score, nats",
    "crps": "Date score (CRPS), years",
    "rps": "Level score (RPS)",
}
_LEGEND = (
    (
        "Lower scores are better; 0 is perfect. ± is the Monte Carlo standard error; it does "
        "not reflect how few the questions are, or that they are correlated. Base: the score "
        "of knowing nothing, with one half for each yes or no, at every date, and the same "
        "chance for every level of a driver."
    ),
    (
        "The log score takes k of n timelines for a probability of (k + 1/2) / (n + 1), as no "
        "finite number of timelines proves that something is impossible. Dates count up to the "
        "last day for which it is known what happened; anything later counts as not yet."
    ),
)


def scorecard_view(card: Scorecard) -> View:
    """Show scores, reliability and single questions."""
    about = f"{timelines(card.runs)}; what happened is known up to {card.known}"
    worst = {name: card.questions[name] for name in card.worst}
    return View(
        heading=(f"{card.result} against: {card.against}", about),
        sections=(
            _means(card),
            _reliability(card.reliability, card.runs),
            *([_questions("Most wrong", worst, card.runs)] if worst else []),
            _questions("All questions", card.questions, card.runs),
        ),
        notes=_LEGEND,
    )


def _means(card: Scorecard) -> Section:
    foil = () if card.foil is None else ("foil",)
    columns = tuple(map(TableColumn, ("result", *foil, "base", "questions")))
    rows = []
    for name, mean in card.means.items():
        other = () if mean.mean.foil is None else (exact_score_cell(mean.mean.foil),)
        own = score_cell(mean.mean.score, mean.mean.se)
        cells = (own, *other, exact_score_cell(mean.mean.base), _count(mean.questions))
        rows.append(Row(MEAN_SCORES[name], cells, level=1, about=name))
    if card.foil is not None:
        rows.append(Row(f"The foil is {card.foil}.", level=1, emphasis=Emphasis.ASIDE))
    return Section("Mean scores", tuple(rows), columns)


def _count(questions: int) -> Cell:
    return Cell(str(questions), questions, unit="count")


def _reliability(bins: tuple[Bin, ...], runs: int) -> Section:
    columns = tuple(map(TableColumn, ("forecast %", "happened %", "questions")))
    rows = (
        Row(
            f"from {exact_percent(one.low)} to {exact_percent(one.high)} %",
            (
                _forecast(one.forecast, runs),
                Cell(exact_percent(one.happened), one.happened, unit="share"),
                _count(one.questions),
            ),
            level=1,
        )
        for one in bins
    )
    return Section("Reliability", tuple(rows), columns)


def _questions(title: str, questions: dict[str, ScoredQuestion], runs: int) -> Section:
    columns = (
        TableColumn("forecast %"),
        TableColumn("by", Holds.DATE),
        TableColumn("what happened", Holds.TEXT),
    )
    rows = (
        Row(
            one.title,
            (
                _forecast(one.probability, runs),
                Cell(str(one.by), one.by, unit="date"),
                Cell(answer_text(one)),
            ),
            level=1,
            about=name,
        )
        for name, one in questions.items()
    )
    return Section(title, tuple(rows), columns)


def _forecast(share: float, runs: int) -> Cell:
    return percent_cell(share, among(share, runs))


def answer_text(one: ScoredQuestion) -> str:
    """Write what happened: a level, a date, or whether."""
    if one.level is not None:
        return one.level
    if one.happened and one.date is not None:
        return one.date
    return "yes" if one.happened else "no"

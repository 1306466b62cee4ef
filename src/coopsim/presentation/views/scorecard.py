"""Scores against what happened, in the terminal."""

from __future__ import annotations

from coopsim.analysis.scorecard import Scorecard, ScoredQuestion
from coopsim.analysis.statistics.scoring import Bin
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.words.numbers import among, estimate, exact_percent, percent
from coopsim.presentation.words.wording import timelines

_NAMES = {
    "brier": "Brier score",
    "log": "Log score, nats",
    "crps": "Date score (CRPS), years",
    "rps": "Level score (RPS)",
}
_LEGEND = (
    (
        "Scores are losses: 0 is perfect, less is better. ± is the Monte Carlo standard error; it "
        "says nothing of how few questions there are, nor that they hang together. Base: knowing "
        "nothing, so one half for each yes or no, at every date, and the same chance for every "
        "level of a driver."
    ),
    (
        "The log score takes k of n timelines for a probability of (k + 1/2) / (n + 1), as no "
        "finite number of timelines proves that something is impossible. A date counts up to the "
        "last day on which it is known what happened; what comes later is not told from never."
    ),
)


def score_table(card: Scorecard) -> Page:
    """Make the table of scores, reliability and single questions; rich prints it."""
    about = f"{timelines(card.runs)}, what happened is known up to {card.known}"
    worst = {name: card.questions[name] for name in card.worst}
    return Page(
        heading=(f"{card.result} against: {card.against}", about),
        sections=(
            _means(card),
            _reliability(card.reliability, card.runs),
            *([_questions("Most wrong", worst, card.runs)] if worst else []),
            _questions("All questions", card.questions, card.runs),
        ),
        legend=_LEGEND,
    )


def _means(card: Scorecard) -> Section:
    foil = () if card.foil is None else ("foil",)
    heading = _cells("Mean scores", "result", *foil, "base", "questions", style="bold")
    lines = []
    for name, mean in card.means.items():
        other = () if mean.mean.foil is None else (f"{mean.mean.foil:z.3f}",)
        score, se = mean.mean.score, mean.mean.se
        own = estimate(score, (score - se, score + se), 3)
        base = f"{mean.mean.base:z.3f}"
        lines.append(_cells(f"  {_NAMES[name]}", own, *other, base, str(mean.questions)))
    if card.foil is not None:
        lines.append(Line(f"  The foil is {card.foil}.", style="dim"))
    return Section(heading, tuple(lines))


def _reliability(bins: tuple[Bin, ...], runs: int) -> Section:
    heading = _cells("Reliability", "forecast %", "happened %", "questions", style="bold")
    lines = (
        _cells(
            f"  from {exact_percent(one.low)} to {exact_percent(one.high)} %",
            _forecast(one.forecast, runs),
            exact_percent(one.happened),
            str(one.questions),
        )
        for one in bins
    )
    return Section(heading, tuple(lines))


def _questions(title: str, questions: dict[str, ScoredQuestion], runs: int) -> Section:
    heading = _cells(title, "forecast %", "by", "what happened", style="bold")
    lines = (
        _cells(f"  {one.title}", _forecast(one.probability, runs), str(one.by), _answer(one))
        for one in questions.values()
    )
    return Section(heading, tuple(lines))


def _forecast(share: float, runs: int) -> str:
    return percent(share, among(share, runs))


def _answer(one: ScoredQuestion) -> str:
    if one.level is not None:
        return one.level
    if one.happened and one.date is not None:
        return one.date
    return "yes" if one.happened else "no"


def _cells(title: str, *cells: str, style: str = "") -> Line:
    return Line(title, cells, cells, style=style)

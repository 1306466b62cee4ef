"""A result scored against what happened, beside knowing nothing and beside a foil's result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import day_of, known_on, last_day
from coopsim.analysis.evidence.asked import Statement
from coopsim.analysis.evidence.statements import StatementError
from coopsim.analysis.kinds.base import Query
from coopsim.analysis.outcomes import queries
from coopsim.analysis.statistics.rules import Bin, reliability
from coopsim.analysis.statistics.scoring import Score, brier, crps, log_score, mean_score, rps
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import NEVER, DrawLevels, IntArray, Timelines, drawn_levels
from coopsim.errors import UsageError
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR, Period, format_date
from coopsim.scenario.sources.resolutions import Resolutions, Resolved
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import invalid
from coopsim.simulation.firings import Firings
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import Program

WORST = 5

LevelOrder = Mapping[str, tuple[str, ...]]  # the levels of each driver as they are scored


@dataclass(frozen=True, slots=True, eq=False)
class Forecaster:
    """One result to score: its name, assumptions and firings, run 0 first."""

    name: str
    scenario: Scenario
    program: Program
    parts: Iterable[Firings]


@dataclass(frozen=True, slots=True)
class Scored:
    """A score of the result, its Monte Carlo standard error, the base's and the foil's."""

    score: float
    se: float
    base: float
    foil: float | None
    foil_se: float | None


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """A question, its answer, what was forecast, and the scores by name.

    `by` is the last day that matters to a statement, else that of the question. `date` is as
    written. `probability` is that of happening by the day, or of the level that a
    driver had; scores are `brier` and `log`, with a date `crps` (years), for a level `rps` alone.
    """

    title: str
    by: date
    happened: bool | None
    date: str | None
    level: str | None
    probability: float
    foil_probability: float | None
    scores: dict[str, Scored]


@dataclass(frozen=True, slots=True)
class MeanScore:
    """The mean of a score over the questions that have it."""

    questions: int
    mean: Scored


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of a result against what happened; `worst` names questions, worst first."""

    result: str
    as_of: date
    foil: str | None
    against: str
    runs: int
    known: date
    means: dict[str, MeanScore]
    reliability: tuple[Bin, ...]
    worst: tuple[str, ...]
    questions: dict[str, ScoredQuestion]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def scorecard(
    history: Resolutions,
    result: Forecaster,
    foil: Forecaster | None = None,
    draw_levels: DrawLevels = drawn_levels,
) -> Scorecard:
    """Score a result, and a foil if there is one, against resolved questions.

    Levels are scored in the order of the result's. Raises ScenarioError where a scenario does not
    know what a question names.
    """
    ordered = Names.of(result.program).levels
    own = _forecasts(history, result, draw_levels, ordered)
    other = None if foil is None else _forecasts(history, foil, draw_levels, ordered)
    questions = {
        one.identity: _question(one, own[one.identity], other[one.identity] if other else None)
        for one in history.questions
    }
    return Scorecard(
        result=result.name,
        as_of=known_on(result.scenario),
        foil=None if foil is None else foil.name,
        against=history.title,
        runs=own[history.questions[0].identity].runs,
        known=day_of(history.known.first),
        means=_means(own, other),
        reliability=_reliability(questions),
        worst=_worst(questions),
        questions=questions,
    )


# --- what the timelines say -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Forecast:
    """The probability of what was asked for, over so many runs, and its scores by name.

    `by` is the last day that matters to it.
    """

    by: date
    runs: int
    probability: float
    scores: Mapping[str, Score]


def _forecasts(
    history: Resolutions, result: Forecaster, draw_levels: DrawLevels, ordered: LevelOrder
) -> dict[str, _Forecast]:
    program = result.program
    asked = put(history, result.scenario, program)
    columns: list[list[IntArray]] = [[] for _ in asked]
    for part in result.parts:
        timelines = Timelines(program, part, draw_levels)
        for query, one, column in zip(asked, history.questions, columns, strict=True):
            column.append(_answered(query, timelines, _closes(one.by, program)))
    found = {}
    for one, query, pieces in zip(history.questions, asked, columns, strict=True):
        whole = np.concatenate(pieces)
        if isinstance(query, Statement):
            found[one.identity] = _truth_forecast(one, query, whole, program)
        elif one.happened is None:
            found[one.identity] = _level_forecast(one, query, whole, program, ordered)
        else:
            found[one.identity] = _forecast(one, whole, history.known, program)
    return found


def put(history: Resolutions, scenario: Scenario, program: Program) -> list[Query | Statement]:
    """Put resolved questions to a scenario, in their order; raises ScenarioError."""

    def read(text: str, known: Period) -> Statement:
        return _read(text, known, scenario, program)

    return [
        asked if isinstance(asked, Statement) else queries({name: asked}, program)[0]
        for name, asked in history.asked_of(scenario, read).items()
    ]


def _read(text: str, known: Period, scenario: Scenario, program: Program) -> Statement:
    """Read a statement that must be settled by the end of the day known; raises Invalid."""
    try:
        statement = Statement.read(text, scenario, program)
    except StatementError as error:
        raise invalid(error.found, error.expected, hint=error.hint) from None
    except UsageError:
        raise invalid(f"`{text[:40]} ...`", "a shorter statement") from None
    if statement.closes > _closes(known, program):
        found = f"a statement about the time up to {last_day(program, statement.closes)}"
        known_day = format_date(known.first)
        raise invalid(found, f"one that closes by {known_day}, the last day known")
    return statement


def _answered(query: Query | Statement, timelines: Timelines, closes: int) -> IntArray:
    """Answer a question in each timeline: when, at which level, or 1 where a statement holds."""
    if isinstance(query, Statement):
        return query.answer(timelines).so.astype(np.int64)
    return query.answer(timelines, [closes]).reduced().values.astype(np.int64)


def _closes(day: Period, program: Program) -> int:
    return day.end_of_day - program.start


def _level_forecast(
    one: Resolved, query: Query, column: IntArray, program: Program, ordered: LevelOrder
) -> _Forecast:
    labels = program.levels_of(query.variable)
    # Levels that the result does not have come last.
    order = list(dict.fromkeys((*ordered[program.drivers[query.variable].name], *labels)))
    placed = np.array([order.index(label) for label in labels])[column]
    level = order.index(one.level or "")
    scores = {"rps": rps(level, placed, len(order))}
    return _Forecast(_last_day(one), len(column), float((placed == level).mean()), scores)


def _forecast(one: Resolved, column: IntArray, known: Period, program: Program) -> _Forecast:
    assert one.happened is not None
    flags = column < _closes(one.by, program)
    scores = {"brier": brier(one.happened, flags), "log": log_score(one.happened, flags)}
    if one.date is not None or not one.happened:
        # Beyond the horizon the timelines tell of nothing, whatever is known.
        closes = min(_closes(one.by if one.date is None else known, program), program.horizon)
        scores["crps"] = _date_score(one.date, column, closes, program)
    return _Forecast(_last_day(one), len(column), float(flags.mean()), scores)


def _truth_forecast(
    one: Resolved, statement: Statement, column: IntArray, program: Program
) -> _Forecast:
    """Score a statement as a yes or no."""
    assert one.happened is not None
    flags = column == 1
    scores = {"brier": brier(one.happened, flags), "log": log_score(one.happened, flags)}
    day = last_day(program, statement.closes)
    return _Forecast(day, len(column), float(flags.mean()), scores)


def _last_day(one: Resolved) -> date:
    return day_of(one.by.end_of_day - 1)


def _date_score(day: Period | None, times: IntArray, closes: int, program: Program) -> Score:
    moments: FloatArray = np.where(times == NEVER, np.inf, times / YEAR)
    moment = None if day is None else (day.middle - program.start) / YEAR
    return crps(moment, moments, closes / YEAR)


# --- the card ---------------------------------------------------------------------------------


def _question(one: Resolved, own: _Forecast, foil: _Forecast | None) -> ScoredQuestion:
    return ScoredQuestion(
        title=one.title,
        by=own.by,
        happened=one.happened,
        date=one.dated,
        level=one.level,
        probability=own.probability,
        foil_probability=None if foil is None else foil.probability,
        scores={
            name: _scored(score, None if foil is None else foil.scores[name])
            for name, score in own.scores.items()
        },
    )


def _scored(own: Score, foil: Score | None) -> Scored:
    if foil is None:
        return Scored(own.value, own.se, own.base, None, None)
    return Scored(own.value, own.se, own.base, foil.value, foil.se)


def _means(
    own: Mapping[str, _Forecast], foil: Mapping[str, _Forecast] | None
) -> dict[str, MeanScore]:
    means: dict[str, MeanScore] = {}
    for name in ("brier", "log", "crps", "rps"):
        asked = [identity for identity, forecast in own.items() if name in forecast.scores]
        if asked:
            mean = mean_score([own[identity].scores[name] for identity in asked])
            other = mean_score([foil[one].scores[name] for one in asked]) if foil else None
            means[name] = MeanScore(len(asked), _scored(mean, other))
    return means


def _reliability(questions: Mapping[str, ScoredQuestion]) -> tuple[Bin, ...]:
    binary = [one for one in questions.values() if one.happened is not None]
    probabilities = np.array([one.probability for one in binary], dtype=np.float64)
    happened = np.array([one.happened for one in binary], dtype=np.bool_)
    return reliability(probabilities, happened)


def _worst(questions: Mapping[str, ScoredQuestion]) -> tuple[str, ...]:
    """Name the questions with the largest log scores, those only that did worse than one half."""
    logs = {name: one.scores["log"] for name, one in questions.items() if "log" in one.scores}
    wrong = [name for name, log in logs.items() if log.score > log.base]
    return tuple(sorted(wrong, key=lambda name: -logs[name].score)[:WORST])

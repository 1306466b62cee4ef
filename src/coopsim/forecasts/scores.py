"""Recorded forecasts scored against how their questions came out, beside foils.

All scores are losses: 0 is perfect. Each question counts alike; within it, forecasts count by the
days on which they stood. Hindcasts stand apart. Silence counts as a coin: the same chance for
every answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from pydantic import TypeAdapter

from coopsim.analysis.statistics import rules
from coopsim.analysis.statistics.rules import Bin
from coopsim.forecasts.courses import Course, Stand
from coopsim.forecasts.questions import NO, YES, WorldQuestion
from coopsim.forecasts.records import Answered, Chance

COIN, UNCHANGED = "coin", "unchanged"
FOILS = (COIN, UNCHANGED)  # no forecaster may have such a name
Rule = Literal["brier", "log", "crps", "rps"]
Scope = Literal["answered", "exact", "all", "all_exact"]
_ANY_ANSWER: tuple[Rule, ...] = ("brier", "log")  # rules that suit silence too
_YEAR = 365.25  # days


@dataclass(frozen=True, slots=True)
class Loss:
    """A score, its simulation error, and what each foil scores on the same, by its name.

    The error is a bound: it takes all probabilities for wrong in the worst direction at once, as
    questions share their timelines.
    """

    value: float
    se: float
    foils: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MeanLoss:
    """The mean of a score over so many questions, and the skill against each foil.

    Skill is 1 - score / foil's score: 1 is perfect, 0 no better than the foil; None where the foil
    is perfect.
    """

    questions: int
    loss: Loss
    skill: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """What was said of a question: the mean chance of each answer, over so many days, and scores.

    Chances and losses are empty where the model was silent. `timelines` are those of the forecast
    that stood last.
    """

    identity: str
    fit: Literal["exact", "approximate"] | None
    days: int
    timelines: int
    chances: Mapping[str, float]
    losses: Mapping[Rule, Loss]


@dataclass(frozen=True, slots=True)
class Account:
    """How the forecasts of a forecaster came out, or its hindcast, and each question.

    `means` are over the questions that it answered, over those it could express exactly, and over
    all, silence counting as a coin: `all_exact` counts what fits only roughly as silence, too.
    `expected` is the Brier score that it would have had, were its probabilities right: the lower,
    the sharper they are. A choice counts in `reliability` as a yes or no for each of its answers.
    """

    forecaster: str
    hindcast: bool
    means: Mapping[Scope, Mapping[Rule, MeanLoss]]
    expected: float | None
    reliability: tuple[Bin, ...]
    judged: tuple[JudgedQuestion, ...]


@dataclass(frozen=True, slots=True)
class TrackScores:
    """All scores of a track record, and each question through time."""

    title: str
    forecasters: tuple[str, ...]
    foils: tuple[str, ...]
    accounts: tuple[Account, ...]
    courses: tuple[Course, ...]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = _WRITER.dump_python(self, mode="json", by_alias=True)
        return tree


_WRITER = TypeAdapter(TrackScores)


def scores(
    title: str, courses: Sequence[Course], forecasters: Sequence[str], foils: Sequence[str]
) -> TrackScores:
    """Score what forecasters said of resolved questions, beside foils.

    A foil is another forecaster, a `coin` (the same chance for each answer, and half at each date)
    or `unchanged` (what a question comes to if nothing changes). Where a foil says nothing it
    counts as a coin.
    """
    resolved = [one for one in courses if one.answer is not None]
    accounts = [
        account
        for forecaster in forecasters
        for hindcast in (False, True)
        if (account := _account(resolved, forecaster, foils, hindcast=hindcast)).judged
    ]
    return TrackScores(title, tuple(forecasters), tuple(foils), tuple(accounts), tuple(courses))


# --- what was said --------------------------------------------------------------------------------

_Losses: TypeAlias = Mapping[Rule, tuple[float, float]]  # each with its simulation error


@dataclass(frozen=True, slots=True)
class _Said:
    """The chance of each answer and its error, from so many timelines; of an event, `by then` too.

    `nodes` are moments in years from the opening day.
    """

    shares: tuple[float, ...]
    errors: tuple[float, ...]
    timelines: int
    nodes: tuple[tuple[float, float], ...]


def _told(one: Answered, timelines: int) -> _Said:
    chances = dict(one.chances)
    if one.world.is_event:
        yes = chances[YES]
        chances[NO] = Chance(1 - yes.probability, yes.se)
    told = [chances[answer] for answer in one.world.answers]
    opens = one.world.opens
    nodes = [(((day - opens).days + 1) / _YEAR, share) for day, share in one.cdf]
    return _Said(
        tuple(chance.probability for chance in told),
        tuple(chance.se for chance in told),
        timelines,
        ((0.0, 0.0), *nodes) if nodes else (),
    )


def _coin(world: WorldQuestion) -> _Said:
    count = len(world.answers)
    nodes = ((0.0, 0.5), (_years_open(world), 0.5))
    return _Said((1 / count,) * count, (0.0,) * count, 1, nodes)


def _unchanged(world: WorldQuestion, timelines: int) -> _Said | None:
    """Say what a question comes to if nothing changes; no day is known for what then happens."""
    if world.unchanged is None:
        return None
    shares = tuple(float(answer == world.unchanged) for answer in world.answers)
    never = ((0.0, 0.0), (_years_open(world), 0.0)) if world.unchanged == NO else ()
    return _Said(shares, (0.0,) * len(shares), timelines, never)


def _years_open(world: WorldQuestion) -> float:
    return ((world.by - world.opens).days + 1) / _YEAR


# --- the scores of what was said ------------------------------------------------------------------


def _losses(said: _Said, course: Course) -> _Losses:
    """Score what was said of a question by every rule that suits it."""
    place = course.world.answers.index(course.answer or "")
    losses: dict[Rule, tuple[float, float]] = {
        "brier": _brier(said, place),
        "log": _log(said, place),
    }
    if course.world.is_event and said.nodes:
        losses["crps"] = _crps(said, _moment(course))
    if course.world.kind == "count":
        losses["rps"] = _rps(said, place)
    return losses


def _brier(said: _Said, place: int) -> tuple[float, float]:
    came = np.arange(len(said.shares)) == place
    slopes = np.abs(np.array(said.shares) - came)
    return rules.brier(said.shares, place), float(slopes @ said.errors)


def _log(said: _Said, place: int) -> tuple[float, float]:
    """Score k of n timelines as (k + 1/2) / (n + answers / 2), as nothing is proven impossible."""
    weight = said.timelines + len(said.shares) / 2
    share = (said.shares[place] * said.timelines + 0.5) / weight
    return rules.log_loss(share), said.errors[place] * said.timelines / weight / share


def _rps(said: _Said, place: int) -> tuple[float, float]:
    errors = np.cumsum(said.shares) - (np.arange(len(said.shares)) >= place)
    slopes = np.abs(2 * np.cumsum(errors[::-1])[::-1])
    return rules.rps(said.shares, place), float(slopes @ said.errors)


def _crps(said: _Said, moment: float | None) -> tuple[float, float]:
    times, shares = (np.array(each) for each in zip(*said.nodes, strict=True))
    came = np.zeros(len(times)) if moment is None else times >= moment
    slopes = 2 * np.abs(shares - came) * np.sqrt(shares * (1 - shares) / said.timelines)
    return rules.date_loss(said.nodes, moment), float(np.trapezoid(slopes, times))


def _moment(course: Course) -> float | None:
    """Place the day on which it happened, at its noon, in years from the opening day."""
    if course.resolution is None or course.answer != YES:
        return None
    return ((course.resolution.on - course.world.opens).days + 0.5) / _YEAR


# --- while it stood -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """The scores of a forecast, and those of silence in its place, foils over the same days."""

    fit: str | None
    days: int
    own: Mapping[Rule, Loss]
    silence: Mapping[Rule, Loss]


def _piece(course: Course, stand: Stand, foils: Sequence[str]) -> _Piece:
    coin = _losses(_coin(course.world), course)
    answered = stand.answered
    own = {} if answered.fit is None else _losses(_told(answered, stand.timelines), course)
    beside = {name: _foil(course, stand, name, coin) for name in foils}
    return _Piece(
        answered.fit, stand.days, _beside(own, beside),
        _beside({rule: coin[rule] for rule in _ANY_ANSWER}, beside),
    )  # fmt: skip


def _beside(own: _Losses, foils: Mapping[str, Mapping[Rule, float]]) -> dict[Rule, Loss]:
    return {
        rule: Loss(value, se, {name: foil[rule] for name, foil in foils.items()})
        for rule, (value, se) in own.items()
    }


def _foil(course: Course, stand: Stand, name: str, coin: _Losses) -> dict[Rule, float]:
    """Score a foil on the days of a forecast; where it says nothing it counts as a coin."""
    silent = {rule: value for rule, (value, _) in coin.items()}
    if name == COIN:
        return silent
    if name == UNCHANGED:
        said = _unchanged(course.world, stand.timelines)
        return {**silent, **({} if said is None else _values(said, course))}
    total = dict(silent)
    for other in course.of(name, hindcast=stand.hindcast):
        if other.answered.fit is not None:
            told = _values(_told(other.answered, other.timelines), course)
            part = stand.days_beside(other) / stand.days
            for rule, value in told.items():
                total[rule] += part * (value - silent[rule])
    return total


def _values(said: _Said, course: Course) -> dict[Rule, float]:
    return {rule: value for rule, (value, _) in _losses(said, course).items()}


_SCOPES: Mapping[Scope, Callable[[_Piece], Mapping[Rule, Loss]]] = {
    "answered": lambda one: one.own,
    "exact": lambda one: one.own if one.fit == "exact" else {},
    "all": lambda one: {**one.silence, **{rule: one.own[rule] for rule in one.silence if one.own}},
    "all_exact": lambda one: (
        {rule: one.own[rule] for rule in one.silence} if one.fit == "exact" else one.silence
    ),
}


def _mean(losses: Sequence[Loss], weights: Sequence[float]) -> Loss:
    """Average scores; that of their errors is a bound of the mean's, however they hang together."""

    def over(values: Sequence[float]) -> float:
        return float(np.average(values, weights=weights))

    return Loss(
        over([one.value for one in losses]),
        over([one.se for one in losses]),
        {name: over([one.foils[name] for one in losses]) for name in losses[0].foils},
    )


def _over_days(pieces: Sequence[_Piece], scope: Scope) -> dict[Rule, Loss]:
    """Average the scores of a question's forecasts over the days on which they stood."""
    found: dict[Rule, Loss] = {}
    told = [(_SCOPES[scope](one), one.days) for one in pieces]
    for rule in dict.fromkeys(rule for losses, _ in told for rule in losses):
        some = [(losses[rule], days) for losses, days in told if rule in losses]
        found[rule] = _mean([loss for loss, _ in some], [days for _, days in some])
    return found


# --- all questions of a forecaster ----------------------------------------------------------------


def _account(
    courses: Sequence[Course], forecaster: str, foils: Sequence[str], *, hindcast: bool
) -> Account:
    others = [name for name in foils if name != forecaster]
    told = [
        (course, stands)
        for course in courses
        if (stands := course.of(forecaster, hindcast=hindcast))
    ]
    pieces = [[_piece(course, one, others) for one in stands] for course, stands in told]
    judged = tuple(
        _judged(course, stands, _over_days(some, "answered"))
        for (course, stands), some in zip(told, pieces, strict=True)
    )
    return Account(
        forecaster,
        hindcast,
        {scope: _means([_over_days(some, scope) for some in pieces]) for scope in _SCOPES},
        _expected(judged),
        _reliability([course for course, _ in told], judged),
        judged,
    )


def _means(questions: Sequence[Mapping[Rule, Loss]]) -> dict[Rule, MeanLoss]:
    means: dict[Rule, MeanLoss] = {}
    for rule in dict.fromkeys(rule for one in questions for rule in one):
        losses = [one[rule] for one in questions if rule in one]
        mean = _mean(losses, [1.0] * len(losses))
        skill = {name: _skill(mean.value, foil) for name, foil in mean.foils.items()}
        means[rule] = MeanLoss(len(losses), mean, skill)
    return means


def _skill(score: float, foil: float) -> float | None:
    return None if foil == 0 else 1 - score / foil


def _judged(course: Course, stands: Sequence[Stand], losses: Mapping[Rule, Loss]) -> JudgedQuestion:
    told = [one for one in stands if one.answered.fit is not None]
    days = [one.days for one in told]
    shares = [_told(one.answered, one.timelines).shares for one in told]
    means = np.average(shares, axis=0, weights=days).tolist() if told else []
    return JudgedQuestion(
        course.world.identity,
        stands[-1].answered.fit,
        sum(one.days for one in stands),
        stands[-1].timelines,
        dict(zip(course.world.answers, means, strict=False)),
        losses,
    )


def _expected(judged: Sequence[JudgedQuestion]) -> float | None:
    """Average what each forecast would score if it were right: half of the sum of p (1 - p)."""
    spread = [
        math.fsum(share * (1 - share) for share in one.chances.values()) / 2
        for one in judged
        if one.chances
    ]
    return float(np.mean(spread)) if spread else None


def _reliability(courses: Sequence[Course], judged: Sequence[JudgedQuestion]) -> tuple[Bin, ...]:
    pairs = [
        (share, answer == course.answer)
        for course, one in zip(courses, judged, strict=True)
        for answer, share in one.chances.items()
        if not (course.world.is_event and answer == NO)
    ]
    if not pairs:
        return ()
    shares, came = zip(*pairs, strict=True)
    return rules.reliability(np.array(shares, dtype=np.float64), np.array(came))

"""A recorded forecast: a file that stands alone, and shows whether it was edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coopsim.forecasts.questions import Fit, WorldQuestion

FORMAT = 1  # raised whenever older code could no longer read the file


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability of an answer and its simulation error.

    `low` and `high` say where it would lie nine times in ten if we knew what is written as
    uncertain: model uncertainty. They are missing where that was not asked for or cannot be told.
    """

    probability: float
    se: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What was forecast of one question.

    `chances` by answer: of yes alone for yes or no and for a date, else of all options, which sum
    to 1. `cdf` holds for the last day of each month, and for `by`, the chance that it has happened
    by the end of that day; it may end below 1, and is empty for what is no event. Where the model
    is silent `fit` is None and `chances` is empty; `why` says why.
    """

    world: WorldQuestion
    fit: Fit | None
    why: str | None
    statements: Mapping[str, str]
    chances: Mapping[str, Chance]
    cdf: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """From what it was forecast: the scenario, resolved, and its timelines."""

    scenario: str
    title: str
    hash: str
    as_of: date
    start: date
    end: date
    seed: int
    timelines: int
    version: str
    yaml: tuple[str, ...]  # the resolved scenario, by lines


@dataclass(frozen=True, slots=True)
class Record:
    """A forecast of many questions, made at a moment (UTC) by a forecaster.

    `supersedes` is the SHA-256 of the record of the same forecaster that it amends, and `why` the
    reason, in the forecaster's words.
    """

    format: int
    made: str  # such as 2026-11-27T16:00:00+00:00
    forecaster: str
    supersedes: str | None
    why: str | None
    assumed: Assumed
    questions: tuple[Answered, ...]

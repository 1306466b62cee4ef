"""Open questions: what is asked of the world, until when, and how it is asked of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["yes_no", "choice", "count", "date"]
Fit = Literal["exact", "approximate"]
YES, NO = "yes", "no"
REST = "rest"  # in place of a statement: what no other answer covers


@dataclass(frozen=True, slots=True)
class WorldQuestion:
    """What is asked of the world, of days from `opens` to `by`, both included (UTC).

    `options` are the answers it may have: yes and no; those of a choice; those of a count, the
    fewest first; none for a date. `source` decides.
    """

    identity: str
    question: str
    opens: date
    by: date
    kind: Kind
    options: tuple[str, ...]
    criterion: str
    source: str


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is asked of some scenarios, by their ids; of any where none is named.

    `answers` has the statement for each answer (`yes` alone for yes or no and for a date), in which
    {opens} and {by} stand for the question's days. It is empty where the model is silent. `why`
    says why the fit is approximate, or why the model is silent.
    """

    scenarios: tuple[str, ...]
    answers: Mapping[str, str]
    fit: Fit | None
    why: str | None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question, how scenarios are asked it, and what it would come to if nothing changed."""

    world: WorldQuestion
    state: str | None
    unchanged: str | None
    asked: tuple[Asking, ...]


@dataclass(frozen=True, slots=True)
class QuestionBook:
    """A file of open questions, by their ids."""

    title: str
    questions: Mapping[str, OpenQuestion] = field(default_factory=dict)

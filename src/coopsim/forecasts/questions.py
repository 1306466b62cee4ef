"""Open questions: what is asked of the world, until when, and how it is asked of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from coopsim.scenario.text.reading import Path
from coopsim.scenario.text.tree import Map

Kind = Literal["yes_no", "choice", "count", "date"]
Fit = Literal["exact", "approximate"]
YES, NO = "yes", "no"
REST = "rest"  # in place of a statement: what no other answer covers
PLAIN_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"
PlainId = Annotated[str, Field(alias="id", pattern=PLAIN_NAME)]


@dataclass(frozen=True, slots=True)
class WorldQuestion:
    """What is asked of the world, of days from `opens` to `by`, both included (UTC).

    `options` are the answers it may have: yes and no; those of a choice; those of a count, the
    fewest first; none for a date. `source` decides. `state` says what was known when it was opened,
    and `unchanged` which answer it would come to if nothing changed.
    """

    identity: PlainId
    question: str
    opens: date
    by: date
    kind: Kind
    options: tuple[str, ...]
    criterion: str
    source: str
    state: str | None = None
    unchanged: str | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """Get what it may be resolved as: of a date, whether it came."""
        return self.options or (YES, NO)

    @property
    def is_event(self) -> bool:
        """Check whether it asks for one thing, which happens or not, and perhaps when."""
        return self.kind in ("yes_no", "date")


@dataclass(frozen=True, slots=True)
class HowAsked:
    """How a question is asked of some scenarios, by their ids; of any where none is named.

    `answers` has the statement for each answer (`yes` alone for yes or no and for a date), in which
    {opens} and {by} stand for the question's days. It is empty where the model is silent. `why`
    says why the fit is approximate, or why the model is silent. `path` is its place in the file.
    """

    scenarios: tuple[str, ...]
    answers: Mapping[str, str]
    fit: Fit | None
    why: str | None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question, and how scenarios are asked it: the first that is for a scenario counts."""

    world: WorldQuestion
    asked: tuple[HowAsked, ...]

    def asking_of(self, scenario: str) -> HowAsked:
        """Get how it is asked of a scenario, by its id."""
        return next(one for one in self.asked if not one.scenarios or scenario in one.scenarios)


@dataclass(frozen=True, slots=True)
class QuestionBook:
    """A file of open questions, by their ids; `tree` knows the line of each."""

    title: str
    questions: Mapping[str, OpenQuestion] = field(default_factory=dict)
    tree: Map = field(default_factory=Map, compare=False, repr=False)

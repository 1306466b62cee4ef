"""A statement as a question of its own, with one number for each timeline: 1 where it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coopsim.analysis.evidence.facts import Fact, cells_in, closing, is_so, variables_in
from coopsim.analysis.evidence.statement_summary import STATEMENT
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.kinds.base import TidyColumn, sets
from coopsim.analysis.timelines import BoolArray, Timelines, places_shape
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.spec import Scenario
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement about a timeline, asked as questions are (kinds/base.py).

    Its text is its name and its title. What happens from `closes` on (seconds since start)
    cannot matter to it. It has no median, and no course: it may be so for a while and then not.
    """

    kind: ClassVar[str] = STATEMENT
    unit: ClassVar[str] = "share"
    course_unit: ClassVar[None] = None
    course_whole: ClassVar[None] = None
    median: ClassVar[None] = None

    name: str
    fact: Fact
    closes: int

    @classmethod
    def read(cls, text: str, scenario: Scenario, program: Program) -> Statement:
        """Read a statement, which may name a scenario's outcomes; raises UsageError."""
        fact = read_evidence(text, scenario, program)
        return cls(text, fact, min(closing(fact), program.horizon))

    @property
    def title(self) -> str:
        """Get what tables and figures call it."""
        return self.name

    def answer(self, timelines: Timelines, _instants: Sequence[int] = ()) -> Truths:
        """Find for every timeline whether it holds."""
        return Truths(is_so(self.fact, timelines))

    def matters(self, program: Program) -> BoolArray:
        """Mark the firings, by event and outcome, that its answer depends on."""
        marked = np.zeros(places_shape(program), dtype=np.bool_)
        for event, outcome in cells_in(self.fact):
            marked[event, outcome] = True
        for variable in variables_in(self.fact):
            marked |= sets(variable, program)
        return marked


@dataclass(frozen=True, slots=True, eq=False)
class Truths:
    """In which timelines of a part a statement holds, shape (runs,)."""

    so: BoolArray

    def sample(self, _column: int, _after: int) -> FloatArray:
        """Get 1 where it holds, else 0, shape (runs,)."""
        return self.so.astype(np.float64)

    def course(self) -> FloatArray:
        """Get the same number where others have a course over time, shape (runs, 1)."""
        return self.so.astype(np.float64)[:, np.newaxis]

    def moments(self) -> None:
        """Give no moments: it has no median."""

    def as_columns(self) -> list[TidyColumn]:
        """Write whether it holds as a column of a table."""
        return [TidyColumn("truth", self.so)]

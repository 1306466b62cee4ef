"""Statements answered beside a scenario's questions: each an answer of its own, under its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coopsim.analysis.evidence.asked import Truths
from coopsim.analysis.evidence.statement_summary import STATEMENT, StatementSummary
from coopsim.analysis.measures import Measure, chances
from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.timelines import IntArray, Timelines
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, eq=False)
class AskedStatement:
    """A statement whose answer is told of every timeline, under its text."""

    kind: ClassVar[str] = STATEMENT

    measure: Measure

    @property
    def name(self) -> str:
        """Get its text."""
        return self.measure.text

    @property
    def title(self) -> str:
        """Get what tables call it: its text."""
        return self.measure.text

    @property
    def closes(self) -> int:
        """Get the second since start from which on nothing matters to it."""
        return self.measure.query.closes

    def answer(self, timelines: Timelines, _instants: Sequence[int] = ()) -> Truths:
        """Find for every timeline whether it holds."""
        one = self.measure
        answers = one.query.answer(timelines, [self.closes])
        return Truths(answers.sample(one.column, one.after or 0) > 0)


def stated(
    program: Program, scenario: Scenario, texts: Sequence[str]
) -> tuple[AskedStatement, ...]:
    """Read statements as `ask` does, each once; raises UsageError for what is none."""
    distinct = list(dict.fromkeys(text.strip() for text in texts))
    return tuple(map(AskedStatement, chances(program, scenario, distinct)))


def counted_so(asked: Sequence[AskedStatement], program: Program, firings: Firings) -> IntArray:
    """Count in how many timelines of a part each statement holds, shape (statements,)."""
    if not asked:
        return np.zeros(0, dtype=np.int64)
    timelines = Timelines(program, firings)
    return np.array([one.answer(timelines).so.sum() for one in asked], dtype=np.int64)


def statement_summaries(
    asked: Sequence[AskedStatement], counts: IntArray, runs: int
) -> dict[str, StatementSummary]:
    """Summarise statements that are so in so many timelines, under their texts."""
    found = {}
    for one, count in zip(asked, counts.tolist(), strict=True):
        share = share_of(count, runs)
        found[one.name] = StatementSummary(
            one.kind, one.title, share.share, share.se, share.interval
        )
    return found

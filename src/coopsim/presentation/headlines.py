"""The few numbers of a comparison that tables and figures lead with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from coopsim.analysis.comparison import ComparedOutcome, Comparison, Measure
from coopsim.presentation.wording import Wording, plain_id

DATE_KINDS = ("event", "last", "all_of")


@dataclass(frozen=True, slots=True)
class Headline:
    """Hold a number to compare: `part` is the branch or level that it is about.

    The measure is of the horizon or the question's own date; `median` goes with it if it has
    one.
    """

    kind: str
    outcome: str
    title: str
    part: str
    closing: date
    measure: Measure
    median: Measure | None

    @property
    def label(self) -> str:
        """Name the number in a line."""
        return f"{self.title}: {self.part}" if self.part else self.title


def headlines(comparison: Comparison, words: Wording) -> list[Headline]:
    """Choose the numbers that lead, in the order of the scenario's outcomes."""
    return [
        Headline(
            kind=outcome.kind,
            outcome=name,
            title=words.titles.get(name, outcome.title),
            part=_part(outcome.kind, measure, words),
            closing=words.closings[name],
            measure=measure,
            median=next((each for each in outcome.measures if each.measure == "median"), None),
        )
        for name, outcome in comparison.outcomes.items()
        for measure in _leading(outcome)
    ]


def _leading(outcome: ComparedOutcome) -> list[Measure]:
    measures = outcome.measures
    if outcome.kind == "first_of":
        return [each for each in measures if each.measure == "share"]
    if outcome.kind in ("driver", "index"):
        return [each for each in measures if each.day == measures[-1].day]
    return [measures[0]]


def _part(kind: str, measure: Measure, words: Wording) -> str:
    if kind == "first_of" and measure.label:
        return words.branch(measure.label)
    return plain_id(measure.label or "") if kind == "driver" else ""


def short_names(comparison: Comparison) -> dict[str, str]:
    """Name results by their scenario's id where that tells them apart."""
    ids = Counter(result.scenario for result in comparison.results.values())
    return {
        name: result.scenario if ids[result.scenario] == 1 else name
        for name, result in comparison.results.items()
    }

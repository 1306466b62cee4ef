"""The few numbers of a comparison that tables and figures lead with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from coopsim.analysis.comparing.comparison import ComparedNumber, ComparedOutcome, Comparison
from coopsim.analysis.comparing.pairing import chances
from coopsim.presentation.words.kinds import FamilyWords, family_of
from coopsim.presentation.words.variants import variant_name, variant_names
from coopsim.presentation.words.wording import Wording

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Headline:
    """A number to compare: `part` is the branch or level that it is about.

    The measure is of the horizon or the question's own date, or of another day, told by `when`;
    `others` are the same number at other days. `median` goes with it if it has one, `over_time`
    is its course over `years`, the time up to its closing. One that `leads` is of a question that
    the scenario names a headline.
    """

    kind: str
    outcome: str
    title: str
    part: str
    closing: date
    years: float
    measure: ComparedNumber
    others: tuple[ComparedNumber, ...]
    median: ComparedNumber | None
    over_time: ComparedNumber | None
    when: str = ""
    leads: bool = False

    @property
    def family(self) -> FamilyWords:
        """Get the words for its kind of question."""
        return family_of(self.kind)

    @property
    def label(self) -> str:
        """Name the number in a line."""
        return f"{self.title}: {self.part}" if self.part else self.title

    @property
    def moved(self) -> tuple[str, str]:
        """Name the two ways in which single timelines move the number, or its median."""
        return ("more", "less") if self.median is None else self.family.moved

    @property
    def name(self) -> str:
        """Name the number and the day, if it is not the closing."""
        return f"{self.label}, {self.when}" if self.when else self.label

    @property
    def measures(self) -> Iterator[ComparedNumber]:
        """Get all that is measured of the number."""
        yield from (self.measure, *self.others)
        yield from (one for one in (self.median, self.over_time) if one is not None)


def differs_in(measure: ComparedNumber) -> bool:
    """Check whether some result's difference is detectable."""
    return _largest(measure) > 0


def differs(headline: Headline) -> bool:
    """Check whether a number differs at its closing, at another day, in its date or over time."""
    return any(map(differs_in, headline.measures))


def size(headline: Headline) -> float:
    """Get the largest difference of a number in points: percent, counts or points of an index.

    Years count as a share of the time up to the closing. What is not detectable is 0.
    """
    scales = {"share": 100.0, "years": 100 / headline.years}
    return max(scales.get(one.unit, 1.0) * _largest(one) for one in headline.measures)


def moved_first(found: Sequence[Headline]) -> list[Headline]:
    """Keep the numbers of the questions that differ, headlines first, then what differs most.

    What is shown counts, and where that does not differ, what is measured besides.
    """
    sizes: dict[str, tuple[float, float]] = {}
    for one in found:
        before = sizes.get(one.outcome, (0.0, 0.0))
        sizes[one.outcome] = max(before[0], shown_size(one)), max(before[1], size(one))
    order = sorted(sizes, key=sizes.__getitem__, reverse=True)
    return sorted(
        (one for one in found if sizes[one.outcome][1]),
        key=lambda one: (not one.leads, order.index(one.outcome)),
    )


def shown_size(headline: Headline) -> float:
    """Get the largest difference of the number that is shown, in points of 100 or as a number."""
    return (100.0 if headline.measure.unit == "share" else 1.0) * _largest(headline.measure)


def tested(found: Sequence[Headline]) -> int:
    """Count the differences that chance alone may make stand out."""
    measures = (measure for headline in found for measure in headline.measures)
    differences = (one for measure in measures for one in measure.differences.values())
    return chances(differences)


def telling(headline: Headline) -> Headline:
    """Take a number at the day at which it differs most, where it does not at its closing."""
    if differs_in(headline.measure) or not any(map(differs_in, headline.others)):
        return headline
    most = max(headline.others, key=_largest)
    return replace(headline, measure=most, when=headline.family.when(most))


def _largest(measure: ComparedNumber) -> float:
    found = measure.differences.values()
    return max((abs(one.value) for one in found if one and one.told_from_zero), default=0.0)


def headlines(comparison: Comparison, words: Wording) -> list[Headline]:
    """Choose the numbers that lead, in the scenario's order, its headline questions first."""
    return [
        Headline(
            kind=outcome.kind,
            outcome=name,
            title=words.titles.get(name, outcome.title),
            part=family_of(outcome.kind).part(measure.label or "", words.events),
            closing=words.closings[name],
            years=((words.closings[name] - words.start).days + 1) / _DAYS_A_YEAR,
            measure=measure,
            others=tuple(_others(outcome, measure)),
            median=_of(outcome, "median", None),
            over_time=_of(outcome, "over_time", _course_label(outcome, measure)),
            leads=name in words.headlines,
        )
        for name in words.in_order(comparison.outcomes)
        for outcome in (comparison.outcomes[name],)
        for measure in family_of(outcome.kind).leading(outcome)
    ]


def _others(outcome: ComparedOutcome, leading: ComparedNumber) -> Iterator[ComparedNumber]:
    """List what is measured of the same number at other days, and of a gap its other shares."""
    has_parts = family_of(outcome.kind).has_parts
    for one in outcome.measures:
        apart = one is leading or one.measure in ("median", "over_time")
        if not apart and not (has_parts and one.label != leading.label):
            yield one


def _course_label(outcome: ComparedOutcome, leading: ComparedNumber) -> str | None:
    return leading.label if family_of(outcome.kind).has_parts else None


def _of(outcome: ComparedOutcome, what: str, label: str | None) -> ComparedNumber | None:
    found = (each for each in outcome.measures if (each.measure, each.label) == (what, label))
    return next(found, None)


def short_names(comparison: Comparison) -> dict[str, str]:
    """Name results by their scenario's id and what was set, where that tells them apart."""
    results = comparison.results
    called = variant_names([(one.scenario, one.sets) for one in results.values()])
    count = Counter(called)
    return {
        name: short if count[short] == 1 else variant_name(name, one.sets)
        for (name, one), short in zip(results.items(), called, strict=True)
    }

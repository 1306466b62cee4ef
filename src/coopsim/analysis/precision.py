"""As many timelines as a precision takes: when to look at the answers, and when to stop.

The number of timelines is settled by a rule that looks at how wide the intervals are: simulate,
look, simulate as many as the shares seen so far ask for, look again. Such sequential intervals of
fixed width keep their level as the width goes to 0 (Chow and Robbins, "On the asymptotic theory
of fixed-width sequential confidence intervals for the mean", Ann. Math. Stat. 36, 1965). The
rule reads nothing but the timelines, so that its result is that of the same number of runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopsim.analysis.measures import Measure, measures, outcome_measure
from coopsim.analysis.naming import with_ids
from coopsim.analysis.statistics.estimates import Interval, share_of
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.summaries import Summary
from coopsim.errors import UsageError
from coopsim.scenario.spec import Question, Scenario
from coopsim.scenario.text.reading import listing
from coopsim.simulation.program import Program
from coopsim.simulation.results.parts import PART_RUNS

MOST = 1_000_000  # timelines, unless more are allowed
_GROWTH = 20  # a look adds at least this part of the timelines, so that there are few looks


@dataclass(frozen=True, slots=True)
class WatchedChance:
    """A probability, and how far the wider side of its 95 % interval reaches from it.

    `text` is how --outcome writes it. Half of the interval is never more than `reach`, which is
    what tables print after the sign `±`.
    """

    text: str
    share: float
    reach: float


@dataclass(frozen=True, slots=True)
class Goal:
    """How precise which probabilities must be, and how many timelines may be spent on it.

    Every one of `texts` must reach less far than `precision`. Raises UsageError for a precision
    that is none.
    """

    precision: float
    texts: tuple[str, ...]
    most: int = MOST

    def __post_init__(self) -> None:
        if not 0 < self.precision < 0.5:
            raise UsageError(
                f"--precision: found {self.precision:g}, expected more than 0 and less than 0.5, "
                "such as 0.005 for half a percentage point"
            )

    @property
    def first_look(self) -> int:
        """Get how many timelines are simulated before the first look."""
        return min(PART_RUNS, self.most)

    def look(self, summary: Summary) -> Look:
        """Look at what a summary says of the probabilities."""
        told = {chance.text: chance for chance in chances(summary)}
        return Look(self, summary.runs, tuple(told[text] for text in self.texts))


@dataclass(frozen=True, slots=True)
class Look:
    """How precisely probabilities are known after some timelines."""

    goal: Goal
    runs: int
    chances: tuple[WatchedChance, ...]

    @property
    def widest(self) -> WatchedChance:
        """Get the probability that is known least precisely."""
        return max(self.chances, key=lambda chance: chance.reach)

    @property
    def too_wide(self) -> tuple[WatchedChance, ...]:
        """List the probabilities that are not precise enough yet, the widest first."""
        wide = [chance for chance in self.chances if chance.reach >= self.goal.precision]
        return tuple(sorted(wide, key=lambda chance: -chance.reach))

    @property
    def last(self) -> bool:
        """Check whether all are precise enough, or no more timelines may be spent."""
        return not self.too_wide or self.runs >= self.goal.most

    @property
    def expected(self) -> int:
        """Estimate how many timelines it takes in all, if the shares stay as they are."""
        wide = [needed(chance.share, self.goal.precision) for chance in self.too_wide]
        return max(wide, default=self.runs)

    @property
    def next_look(self) -> int:
        """Get after how many timelines, in whole blocks, to look again."""
        least = self.runs + max(1, self.runs // _GROWTH)
        blocks = -(-max(self.expected, least) // PART_RUNS)
        return min(blocks * PART_RUNS, self.goal.most)


def goal_of(
    program: Program,
    scenario: Scenario,
    precision: float,
    asked: Sequence[str] = (),
    most: int = MOST,
) -> Goal:
    """Set a precision for the probabilities that are asked for, or for all that tables lead with.

    Those are: whether a thing happens, which comes first, whether both happen, and at which level
    a driver ends. An outcome's name alone stands for all of its probabilities. Raises UsageError
    for a precision that is none, and for what is no probability of the scenario.
    """
    there = [one for one in measures(program, scenario) if one.unit == "share"]
    if not there:
        raise UsageError("--precision: the scenario asks for means only, not for a probability")
    texts = [one.text for one in there]
    if asked:
        chosen = [
            one for text in asked for one in _meant(text.strip(), there, program, scenario.outcomes)
        ]
        texts = [text for text in texts if text in chosen]
    return Goal(precision, tuple(texts), most)


def _meant(
    text: str, there: Sequence[Measure], program: Program, questions: Mapping[str, Question]
) -> list[str]:
    """Find the probabilities that an outcome's name, or a branch or level of it, stands for."""
    text = with_ids(text, questions)
    if text in questions:
        of_it = meant = [one for one in there if one.query.name == text]
    else:
        asked = outcome_measure(program, questions, text)
        of_it = [one for one in there if one.query.name == asked.query.name]
        meant = [one for one in of_it if _same(one, asked)]
    if not of_it:
        raise UsageError(f"--precise: `{text}` is a mean, not a probability")
    if not meant:
        raise UsageError(
            f"--precise: found `{text}`, expected {listing([one.text for one in of_it])}"
        )
    return [one.text for one in meant]


def _same(one: Measure, other: Measure) -> bool:
    return (one.label, one.query.closes, one.after) == (
        other.label,
        other.query.closes,
        other.after,
    )


def needed(share: float, precision: float) -> int:
    """Count the timelines after which a share is known so precisely."""
    low, high = 0, most_needed(precision)
    while high - low > 1:
        middle = (low + high) // 2
        told = share_of(round(share * middle), middle)
        if _reach(told.share, told.interval) < precision:
            high = middle
        else:
            low = middle
    return high


def most_needed(precision: float) -> int:
    """Count the timelines after which any share is known so precisely."""
    # At a share of 1/2 it takes z^2 / 4h^2 of them. The second term covers rare events, whose
    # intervals reach further to one side: at a share of 0 it takes z^2 / h.
    return math.ceil(Z95**2 / (4 * precision**2) + Z95**2 / precision)


def chances(summary: Summary) -> Iterator[WatchedChance]:
    """List the probabilities that a summary leads with, in its order."""
    for name, outcome in summary.outcomes.items():
        for number in outcome.leading():
            if number.unit == "share" and number.interval is not None:
                text = name if number.label is None else f"{name} = {number.label}"
                yield WatchedChance(text, number.value, _reach(number.value, number.interval))


def _reach(share: float, interval: Interval) -> float:
    low, high = interval
    return max(share - low, high - share)

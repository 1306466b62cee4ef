"""All answers given evidence: those of the timelines in which it holds.

Evidence picks timelines and changes none of them. Each one that matches counts the same, so that
the effective number behind a conditional answer is the number of matches. Looking at more and
more blocks until enough match leaves conditional answers unbiased: when to stop depends on how
many match alone, and given that, the timelines that match are independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coopsim.analysis.evidence.facts import Fact, is_so
from coopsim.analysis.evidence.matching import MOST, Matches, whole_blocks
from coopsim.analysis.evidence.settled import Why, unexplained
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.statistics.estimates import Interval, Share, share_of
from coopsim.analysis.summaries import Summary, plain, summary_of
from coopsim.analysis.tallies import Gathered, Survey, merged
from coopsim.analysis.timelines import BoolArray, DrawLevels, IntArray, Timelines, drawn_levels
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Each, PlayBlocks, one_by_one
from coopsim.simulation.program import Program

OnMatches = Callable[[int, int], None]  # matches, of how many


@dataclass(frozen=True, slots=True)
class Shift:
    """One number given the evidence and overall, with 95 % intervals.

    The unit is share, count or percent (of an index). `part` is the branch or level it is about.
    """

    outcome: str
    kind: str
    part: str
    unit: str
    given: float
    given_interval: Interval | None
    overall: float
    overall_interval: Interval | None
    difference: float
    difference_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Given:
    """The answers given evidence beside the unconditional ones.

    `runs` timelines were looked at, the `matches` among them are those of `given`; `overall`
    is of the result.
    """

    that: tuple[str, ...]
    runs: int
    matches: int
    share: Share
    given: Summary
    overall: Summary
    shifts: tuple[Shift, ...]
    warnings: tuple[str, ...]

    def of(self, names: Collection[str]) -> Given:
        """Leave of the answers those to the questions of these names."""
        shifts = tuple(shift for shift in self.shifts if shift.outcome in names)
        return replace(
            self, given=self.given.of(names), overall=self.overall.of(names), shifts=shifts
        )

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        tree: dict[str, Any] = plain(self)
        return tree


@dataclass(frozen=True, slots=True)
class Search:
    """How to go on where too few match: until so many do, or `most` have been simulated.

    `each` reads the parts there are, `play` plays more.
    """

    play: PlayBlocks
    until: int = 0
    most: int = MOST
    on_progress: OnMatches = lambda _done, _total: None
    each: Each = one_by_one


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A scenario with its timelines and the answers of all of them.

    `why` says of evidence that always or never holds what makes it so.
    """

    scenario: Scenario
    program: Program
    parts: Iterable[Firings]
    summary: Summary
    why: Why = unexplained


def condition(
    source: Simulated,
    that: Sequence[str],
    search: Search,
    draw_levels: DrawLevels = drawn_levels,
) -> Given:
    """Answer a scenario's questions from the timelines in which all of `that` holds.

    With `search.until` more timelines follow those of the source, to whole blocks: the answer is
    then that of the runs 0, 1, 2 ... up to a number that depends on the scenario and the evidence
    alone, or on the source where it has more already. Raises UsageError where evidence cannot
    be read, and where fewer than 30 timelines match.
    """
    scenario, program, overall = source.scenario, source.program, source.summary
    facts = [read_evidence(text, scenario, program) for text in that]
    survey = Survey(scenario.outcomes, program, draw_levels)
    sieve = Sieve(program, facts, survey, draw_levels)
    looked = _Looked(survey.blank(), [0] * len(facts))

    def found() -> Matches:
        limits = search.until, search.most
        return Matches(
            tuple(that), looked.runs, looked.matches, tuple(looked.alone), *limits, source.why
        )

    for sifted in _searched(source, sieve, search, looked, found):
        looked.take(sifted)
    found().check()
    summary = summary_of(looked.gathered, scenario, program, overall.hash)
    share = share_of(looked.matches, looked.runs)
    return Given(
        that=tuple(that),
        runs=looked.runs,
        matches=looked.matches,
        share=share,
        given=summary,
        overall=overall,
        shifts=tuple(_shifts(summary, overall, share.share)),
        warnings=tuple(found().warnings()),
    )


# --- timelines that match ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Sifted:
    """How many timelines of a part match, how many each fact alone, and what those answer."""

    runs: int
    alone: tuple[int, ...]
    tallied: Gathered | None


@dataclass(slots=True, eq=False)
class _Looked:
    """The timelines that were looked at so far, and what those that match answer."""

    gathered: Gathered
    alone: list[int]
    runs: int = 0

    @property
    def matches(self) -> int:
        return self.gathered.runs

    def take(self, sifted: _Sifted) -> None:
        self.runs += sifted.runs
        self.alone = [one + more for one, more in zip(self.alone, sifted.alone, strict=True)]
        if sifted.tallied is not None:
            self.gathered = merged([self.gathered, sifted.tallied])


@dataclass(frozen=True, slots=True, eq=False)
class Sieve:
    """A sieve that keeps of a part the timelines in which all facts are so, and asks them."""

    program: Program
    facts: Sequence[Fact]
    survey: Survey
    draw_levels: DrawLevels = drawn_levels

    def sift(self, part: Firings) -> _Sifted:
        """Sift the timelines of one part; several threads may do so at once."""
        timelines = Timelines(self.program, part, self.draw_levels)
        so = [is_so(fact, timelines) for fact in self.facts]
        match = np.logical_and.reduce([np.ones(part.runs, dtype=np.bool_), *so])

        def levels(program: Program, driver: int, _first_run: int, _runs: int) -> IntArray:
            return self.draw_levels(program, driver, part.first_run, part.runs)[match]

        tallied = self.survey.tally(_kept(part, match), levels) if match.any() else None
        return _Sifted(part.runs, tuple(int(one.sum()) for one in so), tallied)


def _kept(part: Firings, match: BoolArray) -> Firings:
    """Make firings of the runs that match, numbered from 0 on."""
    runs = part.run - part.first_run
    chosen = match[runs]
    number = np.cumsum(match) - 1
    return Firings(
        0,
        int(match.sum()),
        number[runs[chosen]],
        part.event[chosen],
        part.outcome[chosen],
        part.time[chosen],
    )


def _searched(
    source: Simulated,
    sieve: Sieve,
    search: Search,
    looked: _Looked,
    found: Callable[[], Matches],
) -> Iterator[_Sifted]:
    """Give what is found in the parts there are, then play block by block until enough match."""

    def lacking() -> bool:
        return looked.matches < search.until and looked.runs < search.most

    yield from search.each(sieve.sift, source.parts)
    if lacking():
        found().check_possible()
        blocks = whole_blocks(looked.runs, search.most)
        with closing(search.play(sieve.program, blocks, sieve.sift)) as further:
            while lacking():
                search.on_progress(looked.matches, search.until)
                yield next(further)
    search.on_progress(min(looked.matches, search.until), search.until)


# --- given against overall --------------------------------------------------------------------


def _shifts(given: Summary, overall: Summary, share: float) -> Iterator[Shift]:
    for name, outcome in overall.outcomes.items():
        theirs = {one.label: one for one in outcome.leading()}
        for ours in given.outcomes[name].leading():
            other = theirs[ours.label]
            change = ours.value - other.value
            reach = None
            if ours.interval is not None and other.interval is not None:
                reach = difference_reach(ours.interval, other.interval, share)
            yield Shift(
                outcome=name,
                kind=outcome.kind,
                part="" if ours.alone else ours.label or "",
                unit=ours.unit,
                given=ours.value,
                given_interval=ours.interval,
                overall=other.value,
                overall_interval=other.interval,
                difference=change,
                difference_interval=None if reach is None else (change - reach, change + reach),
            )


def difference_reach(given: Interval, overall: Interval, share: float) -> float:
    """Get half the length of the 95 % interval of given less overall.

    The timelines of the one are among those of the other. By the delta method the covariance of
    a mean over a share e of the timelines with the mean over all of them is e times the former's
    variance, so that the variance of the difference is V + (1 - 2e) V(given). Lengths of
    intervals stand for standard errors, as that of a share of 0 or 1 would be 0.
    """
    ours, theirs = ((high - low) / 2 for low, high in (given, overall))
    return math.sqrt(max(theirs**2 + (1 - 2 * share) * ours**2, 0.0))

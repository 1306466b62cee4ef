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
from itertools import chain
from typing import Any

import numpy as np

from coopsim.analysis.evidence.facts import Fact, is_so
from coopsim.analysis.evidence.matching import MOST, Matches, whole_blocks
from coopsim.analysis.evidence.settled import Why, unexplained
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.statistics.estimates import Interval, Share, share_of
from coopsim.analysis.summaries import Summary, plain, summarise
from coopsim.analysis.timelines import BoolArray, DrawLevels, IntArray, Timelines, drawn_levels
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import PlayBlocks
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
    """How to go on where too few match: until so many do, or `most` have been simulated."""

    play: PlayBlocks
    until: int = 0
    most: int = MOST
    on_progress: OnMatches = lambda _done, _total: None


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
    sieve = Sieve(program, facts, draw_levels)

    def found() -> Matches:
        alone = tuple(sieve.alone)
        limits = search.until, search.most
        return Matches(tuple(that), sieve.runs, sieve.matches, alone, *limits, source.why)

    matching = sieve.matching(_searched(source.parts, sieve, search, found))
    first = next(matching, None)
    if first is None:
        found().check()
    assert first is not None
    summary = summarise(scenario, program, chain([first], matching), overall.hash, sieve.levels)
    found().check()
    share = share_of(sieve.matches, sieve.runs)
    return Given(
        that=tuple(that),
        runs=sieve.runs,
        matches=sieve.matches,
        share=share,
        given=summary,
        overall=overall,
        shifts=tuple(_shifts(summary, overall, share.share)),
        warnings=tuple(found().warnings()),
    )


# --- timelines that match ---------------------------------------------------------------------


class Sieve:
    """A sieve that keeps of each part the timelines in which all facts are so, and counts them."""

    def __init__(
        self,
        program: Program,
        facts: Sequence[Fact],
        draw_levels: DrawLevels = drawn_levels,
    ) -> None:
        self.runs = 0
        self.matches = 0
        self.alone = [0] * len(facts)
        self.program = program
        self._facts = facts
        self._draw_levels = draw_levels
        self._sources: dict[int, tuple[int, int, BoolArray]] = {}

    def matching(self, parts: Iterable[Firings]) -> Iterator[Firings]:
        """Give the timelines that match, renumbered; parts without any are left out."""
        for part in parts:
            number = self.matches
            match = self._matches(part)
            if match.any():
                self._sources[number] = part.first_run, part.runs, match
                yield _kept(part, match, number)

    def _matches(self, part: Firings) -> BoolArray:
        timelines = Timelines(self.program, part, self._draw_levels)
        match = np.ones(part.runs, dtype=np.bool_)
        for number, fact in enumerate(self._facts):
            so = is_so(fact, timelines)
            self.alone[number] += int(so.sum())
            match &= so
        self.runs += part.runs
        self.matches += int(match.sum())
        return match

    def levels(self, program: Program, number: int, _runs: int) -> IntArray:
        """Get the first levels of a part's timelines, by their new number, (runs, drivers)."""
        first_run, runs, match = self._sources[number]
        return self._draw_levels(program, first_run, runs)[match]


def _kept(part: Firings, match: BoolArray, first_run: int) -> Firings:
    """Make firings of the runs that match; they count from `first_run` on."""
    runs = part.run - part.first_run
    chosen = match[runs]
    number = np.cumsum(match) - 1 + first_run
    return Firings(
        first_run,
        int(match.sum()),
        number[runs[chosen]],
        part.event[chosen],
        part.outcome[chosen],
        part.time[chosen],
    )


def _searched(
    parts: Iterable[Firings], sieve: Sieve, search: Search, found: Callable[[], Matches]
) -> Iterator[Firings]:
    """Give the parts there are, then play block by block until enough match."""
    yield from parts
    lacking = sieve.matches < search.until and sieve.runs < search.most
    if lacking:
        found().check_possible()
        with closing(search.play(sieve.program, whole_blocks(sieve.runs, search.most))) as further:
            while lacking:
                search.on_progress(sieve.matches, search.until)
                yield next(further)
                lacking = sieve.matches < search.until and sieve.runs < search.most
    search.on_progress(min(sieve.matches, search.until), search.until)


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

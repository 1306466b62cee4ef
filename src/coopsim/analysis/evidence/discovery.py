"""In which timelines an outcome happens: boxes of assumptions and early events, and signposts.

Boxes are found on further timelines of the same scenario and measured, as signposts are, on all
those of the result: what is said of them is not what they were fitted to, and is what
`given` says of the same statement. What goes with an outcome need not cause it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import last_day
from coopsim.analysis.evidence.conditioning import Simulated
from coopsim.analysis.evidence.facts import Fact, already, is_so
from coopsim.analysis.evidence.matching import whole_blocks
from coopsim.analysis.evidence.predictors import (
    DrawnPredictor,
    SeenPredictor,
    drawn_columns,
    drawn_predictors,
    seen_columns,
    seen_events,
    seen_levels,
)
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.once_per_run import RunDrawKind
from coopsim.analysis.statistics.estimates import Interval, Share, newcombe, share_of
from coopsim.analysis.statistics.prim import Box, peel, pruned
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import BoolArray, Timelines
from coopsim.errors import UsageError
from coopsim.scenario import limits
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import Period, add_months
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import PlayBlocks
from coopsim.simulation.program import Program

DEFAULT_COVERAGE = 0.2  # of what happens each box shall hold, unless another share is asked for
BOXES = 3
FEWEST_TO_TELL = 30  # timelines with, and without, for a share to be told
_ENOUGH = 10_000  # timelines among which boxes are looked for; more take long and tell no more
_EARLY = 24  # months after the start, unless a day is given
_SHARE_LEFT = 0.05  # no box is peeled below this share of the timelines
_ASKED = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)  # coverages of the trade-off
_CONSEQUENCE = 0.99  # share of what is seen with the outcome already there


@dataclass(frozen=True, slots=True)
class Limit:
    """One condition of a box: a number drawn once per run, or a statement.

    `low` and `high` are None where there is no limit. Of a statement `so` tells whether it is
    or is not so. `share` of the timelines meet this condition alone.
    """

    name: str
    kind: RunDrawKind | None
    low: float | str | None
    high: float | str | None
    so: bool | None
    share: float


@dataclass(frozen=True, slots=True)
class FoundBox:
    """A box and what is in it, measured on the timelines of the result.

    `density` is the chance of the outcome in it, `coverage` the share of all timelines with the
    outcome that are in it and in no box before it, `mass` the share of all timelines.
    """

    limits: tuple[Limit, ...]
    density: Share
    coverage: Share
    mass: float


@dataclass(frozen=True, slots=True)
class BoxPoint:
    """The densest box found where it was asked to cover a share of what happens."""

    asked: float
    coverage: Share
    density: Share


@dataclass(frozen=True, slots=True)
class Signpost:
    """How far seeing something by a day, or not seeing it, moves the chance of the outcome.

    The interval of the difference is Newcombe's hybrid score interval.
    """

    statement: str
    seen: Share
    given_seen: Share
    given_not: Share
    difference: float
    interval: Interval

    @property
    def sure(self) -> float:
        """Get by how much it moves the chance at least, the error allowed for."""
        low, high = self.interval
        return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


@dataclass(frozen=True, slots=True)
class Discovery:
    """What sets apart the timelines in which an outcome happens; signposts are best first.

    `by` is the last day on which something may be seen, `searched` on how many further timelines
    boxes were found.
    """

    scenario: str
    hash: str
    outcome: str
    by: date
    runs: int
    searched: int
    probability: Share
    boxes: tuple[FoundBox, ...]
    tradeoff: tuple[BoxPoint, ...]
    signposts: tuple[Signpost, ...]

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        tree: dict[str, Any] = plain(self)
        return tree


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """What is known of each timeline early on, shape (runs, drawn + seen predictors)."""

    drawn: tuple[DrawnPredictor, ...]
    seen: tuple[SeenPredictor, ...]
    x: FloatArray
    y: BoolArray

    def keeping(self, kept: BoolArray) -> _Table:
        """Keep some of the predictors that are seen."""
        seen = tuple(one for one, keep in zip(self.seen, kept, strict=True) if keep)
        columns = np.concatenate([np.ones(len(self.drawn), dtype=np.bool_), kept])
        return _Table(self.drawn, seen, self.x[:, columns], self.y)


def discover(
    source: Simulated,
    outcome: str,
    play: PlayBlocks,
    by: Period | None = None,
    coverage: float = DEFAULT_COVERAGE,
) -> Discovery:
    """Find what sets apart the timelines in which a statement comes true.

    `by` is the day up to which early events count, two years after the start by default. Boxes
    are the densest that still hold a share `coverage` of what happens; the timelines on which they
    are found follow those of the source. Raises UsageError where the statement cannot be read, the
    coverage is no share, the day lies outside the simulated time, or fewer than 30 timelines are
    with, or without, the outcome.
    """
    coverage = limits.COVERAGE.check("--coverage", coverage)
    program = source.program
    fact = read_evidence(outcome, source.scenario, program)
    instant = _instant(program, by)
    looking = _Looking(program, fact, instant)
    whole, known = looking.table(map(looking.at, source.parts))
    happens, runs = int(whole.y.sum()), len(whole.y)
    if min(happens, runs - happens) < FEWEST_TO_TELL:
        raise _too_alike(outcome, happens, runs)
    kept = _no_consequences(whole, known)
    table = whole.keeping(kept)
    searched = min(runs, _ENOUGH)
    more, _ = looking.table(play(program, whole_blocks(runs, runs + searched), looking.at))
    search = _Search.of(more.keeping(kept), table)
    return Discovery(
        scenario=program.scenario,
        hash=source.summary.hash,
        outcome=outcome,
        by=last_day(program, instant),
        runs=runs,
        searched=searched,
        probability=share_of(happens, runs),
        boxes=tuple(_boxes(search, coverage)),
        tradeoff=tuple(_tradeoff(search)),
        signposts=tuple(sorted(_signposts(table), key=lambda one: -one.sure)),
    )


def _too_alike(outcome: str, happens: int, runs: int) -> UsageError:
    of_all = {0: "none", runs: "all"}.get(happens, f"{happens:,}")
    advice = (
        "run more" if 0 < happens < runs else "simulate more, or ask about something less certain"
    )
    return UsageError(
        f"`{outcome}` comes true in {of_all} of {runs:,} timelines: at least {FEWEST_TO_TELL} "
        f"with it and {FEWEST_TO_TELL} without it are needed to find what marks them; {advice}"
    )


def _instant(program: Program, by: Period | None) -> int:
    """Get the end of the last day on which something may be seen."""
    if by is None:
        return min(add_months(program.start, _EARLY) - program.start, program.horizon)
    instant = by.end_of_day - program.start
    if not 0 < instant <= program.horizon:
        first, last = last_day(program, 1), last_day(program, program.horizon)
        raise UsageError(f"--by must be a day from {first} to {last}")
    return instant


class _Looking:
    """What is looked at in each timeline early on, and whether the outcome is there by then."""

    def __init__(self, program: Program, fact: Fact, instant: int) -> None:
        day = last_day(program, instant).isoformat()
        self._program, self._fact, self._early = program, fact, already(fact, instant)
        self._seen = (
            *seen_levels(program, fact, instant, day),
            *seen_events(program, fact, instant, day),
        )

    def at(self, part: Firings) -> tuple[FloatArray, BoolArray, BoolArray]:
        """Look at the timelines of a part; several threads may do so at once."""
        timelines = Timelines(self._program, part)
        drawn = drawn_columns(self._program, part.first_run, part.runs)
        rows = np.hstack([drawn, seen_columns(self._seen, timelines)])
        return rows, is_so(self._fact, timelines), is_so(self._early, timelines)

    def table(
        self, pieces: Iterable[tuple[FloatArray, BoolArray, BoolArray]]
    ) -> tuple[_Table, BoolArray]:
        """Put together what was seen in neighbouring parts."""
        rows, truths, known = zip(*pieces, strict=True)
        predictors = tuple(drawn_predictors(self._program)), self._seen
        table = _Table(*predictors, np.vstack(rows), np.concatenate(truths))
        return table, np.concatenate(known)


def _no_consequences(table: _Table, known: BoolArray) -> BoolArray:
    """Find what is not rare, nor seen only where the outcome is there already."""
    seen = table.x[:, len(table.drawn) :] == 1
    count = seen.sum(axis=0)
    with_it = (seen & known[:, np.newaxis]).sum(axis=0)
    common = (count >= FEWEST_TO_TELL) & (len(seen) - count >= FEWEST_TO_TELL)
    kept: BoolArray = common & (with_it < _CONSEQUENCE * count)
    return kept


# --- boxes ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """The timelines on which boxes are found and pruned, and those on which they are measured."""

    x: FloatArray
    y: BoolArray
    prune_x: FloatArray
    prune_y: BoolArray
    measured: _Table

    @classmethod
    def of(cls, more: _Table, measured: _Table) -> _Search:
        """Find boxes on every other one of some timelines, and prune them on the others."""
        return cls(more.x[::2], more.y[::2], more.x[1::2], more.y[1::2], measured)

    def box(self, coverage: float) -> Box:
        """Find the densest box that covers a share of what happens."""
        least = max(FEWEST_TO_TELL, math.ceil(_SHARE_LEFT * len(self.y)))
        way = peel(self.x, self.y, least, coverage * float(self.y.sum()))
        return pruned(way[-1], self.prune_x, self.prune_y)

    def outside(self, box: Box) -> _Search:
        """Keep of the timelines on which boxes are found what a box leaves."""
        keep, prune = ~box.holds(self.x), ~box.holds(self.prune_x)
        return _Search(
            self.x[keep], self.y[keep], self.prune_x[prune], self.prune_y[prune], self.measured
        )


def _boxes(search: _Search, coverage: float) -> Iterator[FoundBox]:
    """Find boxes one after the other, each among the timelines that those before it leave."""
    table = search.measured
    runs, hits = len(table.y), int(table.y.sum())
    left = np.ones(runs, dtype=np.bool_)
    for _ in range(BOXES):
        if min(search.y.sum(), search.prune_y.sum()) < FEWEST_TO_TELL:
            return
        box = search.box(coverage)
        inside = left & box.holds(table.x)
        found, held = int(table.y[inside].sum()), int(inside.sum())
        if not box.limited or not held or share_of(found, held).interval[0] <= hits / runs:
            return
        yield FoundBox(
            limits=tuple(_limit(box, column, table) for column in box.limited),
            density=share_of(found, held),
            coverage=share_of(found, hits),
            mass=held / runs,
        )
        search, left = search.outside(box), left & ~inside


def _tradeoff(search: _Search) -> Iterator[BoxPoint]:
    """Set the density of a box against what it covers, from small boxes to everything."""
    table = search.measured
    hits = int(table.y.sum())
    for asked in _ASKED:
        inside = table.y[search.box(asked).holds(table.x)]
        if len(inside):
            found = int(inside.sum())
            yield BoxPoint(asked, share_of(found, hits), share_of(found, len(inside)))


def _limit(box: Box, column: int, table: _Table) -> Limit:
    low, high = float(box.low[column]), float(box.high[column])
    alone = Box.whole(table.x.shape[1]).within(column, low, high)
    share = float(alone.holds(table.x).mean())
    drawn = len(table.drawn)
    if column >= drawn:
        return Limit(table.seen[column - drawn].statement, None, None, None, low > 0, share)
    number = table.drawn[column]
    return Limit(number.path, number.kind, _end(number, low), _end(number, high), None, share)


def _end(number: DrawnPredictor, end: float) -> float | str | None:
    if math.isinf(end):
        return None
    return number.levels[int(end)] if number.levels else end


# --- signposts --------------------------------------------------------------------------------


def _signposts(table: _Table) -> Iterator[Signpost]:
    for column, predictor in enumerate(table.seen, start=len(table.drawn)):
        seen = table.x[:, column] == 1
        yield _signpost(predictor.statement, seen, table.y)


def _signpost(statement: str, seen: BoolArray, y: BoolArray) -> Signpost:
    count = int(seen.sum())
    given_seen = share_of(int(y[seen].sum()), count)
    given_not = share_of(int(y[~seen].sum()), len(y) - count)
    return Signpost(
        statement=statement,
        seen=share_of(count, len(y)),
        given_seen=given_seen,
        given_not=given_not,
        difference=given_seen.share - given_not.share,
        interval=newcombe(given_seen, given_not),
    )

"""What may be true of one timeline, and in which timelines of a block it is.

A fact is made of program indices and of seconds since the start; `evidence` reads it from text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from coopsim.analysis.timelines import NEVER, BoolArray, IntArray, Timelines, places_shape
from coopsim.simulation.program import Program

FiringCells = tuple[tuple[int, int], ...]  # (event, outcome) indices: the firings that count


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a timeline: opens <= t < closes, and between firings where given.

    A firing belongs to its second, and levels are those after it. The stretch ends just before the
    first firing of `before`, or not at all where there is none; it begins just after the first
    firing of `after`, and where there is none nothing is true in it. `opens` goes without either.
    """

    opens: int = 0
    closes: int = NEVER
    before: FiringCells | None = None
    after: FiringCells | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """Firings that must happen in the same second as another one, or must not."""

    cells: FiringCells
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Occurs:
    """Firings occur in a span at least and at most so many times.

    Where there is `company`, only those count that have it.
    """

    cells: FiringCells
    span: Stretch = Stretch()
    least: int = 1
    most: int = NEVER
    company: Company | None = None


@dataclass(frozen=True, slots=True)
class Nth:
    """The firing of this number in a span, counted from its beginning, is one of some.

    `counted` are the firings that are numbered, from 1 on; `cells` and `company` say what that one
    must be.
    """

    number: int
    counted: FiringCells
    cells: FiringCells
    span: Stretch = Stretch()
    company: Company | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """A variable is at one of the mask's levels at some time in a span.

    Levels that are set in it count, however briefly they last, the first levels at the start among
    them; a level set earlier, if it is not left within the span's first second.
    """

    variable: int
    mask: int
    span: Stretch = Stretch()


@dataclass(frozen=True, slots=True)
class HeldFor:
    """A variable is at one of the mask's levels for so many seconds of a span without a break.

    A level that is left and taken again within one second is kept.
    """

    variable: int
    mask: int
    seconds: int
    span: Stretch = Stretch()


@dataclass(frozen=True, slots=True)
class StandsAt:
    """A variable is at one of the mask's levels after all firings before an instant.

    With `seconds`, it has been so for that long without a break.
    """

    variable: int
    mask: int
    instant: int
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """A fact is not so."""

    part: Fact


@dataclass(frozen=True, slots=True)
class AllTrue:
    """All facts are so; of none at all, that is."""

    parts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of some facts holds; of none at all, none does."""

    parts: tuple[Fact, ...]


Simple = Occurs | Nth | Stands | HeldFor | StandsAt
Fact = Simple | Not | AllTrue | Either


def is_so(fact: Fact, timelines: Timelines) -> BoolArray:
    """Mark the timelines in which a fact holds, shape (runs,)."""
    match fact:
        case Not():
            return ~is_so(fact.part, timelines)
        case AllTrue():
            return _every(fact.parts, timelines)
        case Either():
            return ~_every([Not(part) for part in fact.parts], timelines)
        case _:
            return _simply(fact, timelines)


def _simply(fact: Simple, timelines: Timelines) -> BoolArray:
    match fact:
        case Occurs():
            return _occurs(fact, timelines)
        case Nth():
            return _nth(fact, timelines)
        case Stands():
            return _stands(fact, timelines)
        case HeldFor():
            return _holds(fact, timelines)
        case StandsAt():
            return _stands_at(fact, timelines)


def _every(parts: Iterable[Fact], timelines: Timelines) -> BoolArray:
    so = np.ones(timelines.runs, dtype=np.bool_)
    for part in parts:
        so &= is_so(part, timelines)
    return so


def cells_in(fact: Fact) -> Iterator[tuple[int, int]]:
    """List the firings whose occurrence a fact is about, with those that bound its spans."""
    for one in _simple(fact):
        if isinstance(one, Nth):
            yield from one.counted
        if isinstance(one, Occurs | Nth):
            yield from (*one.cells, *(one.company.cells if one.company else ()))
        if not isinstance(one, StandsAt):
            yield from (*(one.span.before or ()), *(one.span.after or ()))


def variables_in(fact: Fact) -> Iterator[int]:
    """List the variables whose levels a fact is about."""
    for one in _simple(fact):
        if not isinstance(one, Occurs | Nth):
            yield one.variable


def closing(fact: Fact) -> int:
    """Get the instant from which on nothing that happens can matter to a fact, NEVER if none."""
    return max(
        (one.instant if isinstance(one, StandsAt) else one.span.closes for one in _simple(fact)),
        default=0,
    )


def opening(fact: Fact) -> int:
    """Get the instant before which nothing that happens counts, NEVER where that is no matter.

    It is none for the level on a day and for a number, which what came before has a part in.
    """
    return min((_opening(one) for one in _simple(fact)), default=NEVER)


def _opening(one: Simple) -> int:
    number = isinstance(one, Nth) or (
        isinstance(one, Occurs) and (one.least, one.most) != (1, NEVER)
    )
    return NEVER if number or isinstance(one, StandsAt) else one.span.opens


def already(fact: Fact, instant: int) -> Fact:
    """Make the fact that a fact is so by an instant already; that something is not so never is."""
    match fact:
        case Occurs() if fact.most != NEVER:  # it may still happen too often
            return fact if fact.span.closes <= instant else Either(())
        case Occurs() | Nth() | Stands() | HeldFor():
            span = replace(fact.span, closes=min(fact.span.closes, instant))
            return replace(fact, span=span)
        case StandsAt():
            return fact if fact.instant <= instant else Either(())
        case AllTrue() | Either():
            return replace(fact, parts=tuple(already(part, instant) for part in fact.parts))
        case Not():
            return Either(())


def _simple(fact: Fact) -> Iterator[Simple]:
    """List the facts of which a fact is joined."""
    match fact:
        case Not():
            yield from _simple(fact.part)
        case AllTrue() | Either():
            for part in fact.parts:
                yield from _simple(part)
        case _:
            yield fact


def _occurs(fact: Occurs, timelines: Timelines) -> BoolArray:
    rows = _accompanied(_rows(fact.cells, timelines), fact.company, timelines)
    low, high = _bounds(fact.span, timelines)
    runs = timelines.run_of(rows)
    inside = (rows >= low[runs]) & (rows < high[runs])
    counts = np.bincount(runs[inside], minlength=timelines.runs)
    # In a span that never begins, even `at most` is not so.
    so: BoolArray = (counts >= fact.least) & (counts <= fact.most) & (low != NEVER)
    return so


def _nth(fact: Nth, timelines: Timelines) -> BoolArray:
    rows = _rows(fact.counted, timelines)
    low, high = _bounds(fact.span, timelines)
    runs = timelines.run_of(rows)
    rows = rows[(rows >= low[runs]) & (rows < high[runs])]
    begins = np.searchsorted(timelines.run_of(rows), np.arange(timelines.runs + 1))
    places = begins[:-1] + fact.number - 1
    there = places < begins[1:]
    wanted = _accompanied(_rows(fact.cells, timelines), fact.company, timelines)
    so = np.zeros(timelines.runs, dtype=np.bool_)
    so[there] = np.isin(rows[places[there]], wanted)
    return so


def _accompanied(rows: IntArray, company: Company | None, timelines: Timelines) -> IntArray:
    """Keep the firings in whose second others happen, or do not."""
    if company is None:
        return rows
    others = _rows(company.cells, timelines)
    beside = np.isin(_moments(rows, timelines), _moments(others, timelines))
    kept: IntArray = rows[beside == company.wanted]
    return kept


def _moments(rows: IntArray, timelines: Timelines) -> IntArray:
    """Count the seconds of these rows on end, one run after the other."""
    length = timelines.program.horizon + 1
    moments: IntArray = timelines.run_of(rows) * length + timelines.times(rows)
    return moments


def _stands(fact: Stands, timelines: Timelines) -> BoolArray:
    """Look at the level after the span's first second, and at each one set in the span."""
    changes = timelines.changes(fact.variable)
    passes = _passes(fact.variable, fact.mask, timelines.program)
    low, high = _bounds(fact.span, timelines)
    begun = timelines.rows_until(fact.span.opens + 1) if fact.span.opens > 0 else low
    runs = timelines.run_of(changes.rows)
    earlier = np.flatnonzero(changes.rows < begun[runs])
    at_first = changes.initial.copy()
    at_first[runs[earlier]] = changes.after[earlier]  # of several the latest is assigned last
    so: BoolArray = passes[at_first]
    inside = (changes.rows >= low[runs]) & (changes.rows < high[runs]) & passes[changes.after]
    so[runs[inside]] = True
    so &= low != NEVER
    return so


def _holds(fact: HeldFor, timelines: Timelines) -> BoolArray:
    runs, begins, ends = _spells(fact.variable, fact.mask, timelines)
    opens, closes = _seconds(fact.span, timelines)
    lasted = np.minimum(ends, closes[runs]) - np.maximum(begins, opens[runs])
    so = np.zeros(timelines.runs, dtype=np.bool_)
    so[runs[lasted >= fact.seconds]] = True
    return so


def _stands_at(fact: StandsAt, timelines: Timelines) -> BoolArray:
    if not fact.seconds:
        levels = timelines.levels(fact.variable, [fact.instant])[:, 0]
        return _passes(fact.variable, fact.mask, timelines.program)[levels]
    runs, begins, ends = _spells(fact.variable, fact.mask, timelines)
    so = np.zeros(timelines.runs, dtype=np.bool_)
    so[runs[(begins <= fact.instant - fact.seconds) & (ends >= fact.instant)]] = True
    return so


def _spells(variable: int, mask: int, timelines: Timelines) -> tuple[IntArray, IntArray, IntArray]:
    """List the spells at some levels: run, first second and the second after the last."""
    changes = timelines.changes(variable)
    passes = _passes(variable, mask, timelines.program)
    every = np.arange(timelines.runs)
    runs = np.concatenate((every, timelines.run_of(changes.rows)))
    begins = np.concatenate((np.zeros_like(every), timelines.times(changes.rows)))
    there = passes[np.concatenate((changes.initial, changes.after))]
    order = np.argsort(runs, kind="stable")
    runs, begins, there = runs[order], begins[order], there[order]
    same = runs[1:] == runs[:-1]
    ends = np.append(np.where(same, begins[1:], timelines.program.horizon), 0)
    ends[-1:] = timelines.program.horizon
    lasting = begins < ends  # what lasts no second is no break
    runs, begins, ends, there = runs[lasting], begins[lasting], ends[lasting], there[lasting]
    follows = (runs[1:] == runs[:-1]) & there[1:] & there[:-1]
    first = there & ~np.append(False, follows)
    last = there & ~np.append(follows, False)
    return runs[first], begins[first], ends[last]


def _seconds(span: Stretch, timelines: Timelines) -> tuple[IntArray, IntArray]:
    """Get the seconds from which on and before which a span lies in each run."""
    opens = np.full(timelines.runs, span.opens)
    closes = np.full(timelines.runs, min(span.closes, timelines.program.horizon))
    if span.after is not None:
        opens = timelines.times(timelines.first(_rows(span.after, timelines)))
    if span.before is not None:
        before = timelines.times(timelines.first(_rows(span.before, timelines)))
        closes = np.minimum(closes, before)
    return opens, closes


def _bounds(span: Stretch, timelines: Timelines) -> tuple[IntArray, IntArray]:
    """Get the row at which a span begins in each run, NEVER where it does not, and its end."""
    low = timelines.rows_until(span.opens)
    high = timelines.rows_until(span.closes)
    if span.opens >= span.closes:
        low = np.full(timelines.runs, NEVER)
    if span.after is not None:
        first = timelines.first(_rows(span.after, timelines))
        low = np.where(first < high, np.minimum(first, NEVER - 1) + 1, NEVER)
    if span.before is not None:
        high = np.minimum(high, timelines.first(_rows(span.before, timelines)))
    return low, high


def _rows(cells: FiringCells, timelines: Timelines) -> IntArray:
    place = np.zeros(places_shape(timelines.program), dtype=np.bool_)
    for event, outcome in cells:
        place[event, outcome] = True
    return timelines.rows(place, NEVER)


def _passes(variable: int, mask: int, program: Program) -> BoolArray:
    levels = range(len(program.levels_of(variable)))
    return np.array([bool(mask >> level & 1) for level in levels])

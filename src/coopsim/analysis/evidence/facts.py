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
class Occurs:
    """Firings occur in a span at least and at most so many times."""

    cells: FiringCells
    span: Stretch = Stretch()
    least: int = 1
    most: int = NEVER


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
class StandsAt:
    """A variable is at one of the mask's levels after all firings before an instant."""

    variable: int
    mask: int
    instant: int


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
    """At least one of some facts is so; of none at all, none is."""

    parts: tuple[Fact, ...]


Fact = Occurs | Stands | StandsAt | Not | AllTrue | Either


def is_so(fact: Fact, timelines: Timelines) -> BoolArray:
    """Mark the timelines in which a fact is so, shape (runs,)."""
    match fact:
        case Occurs():
            return _occurs(fact, timelines)
        case Stands():
            return _stands(fact, timelines)
        case StandsAt():
            levels = timelines.levels(fact.variable, [fact.instant])[:, 0]
            return _passes(fact.variable, fact.mask, timelines.program)[levels]
        case Not():
            return ~is_so(fact.part, timelines)
        case AllTrue():
            return _every(fact.parts, timelines)
        case Either():
            return ~_every([Not(part) for part in fact.parts], timelines)


def _every(parts: Iterable[Fact], timelines: Timelines) -> BoolArray:
    so = np.ones(timelines.runs, dtype=np.bool_)
    for part in parts:
        so &= is_so(part, timelines)
    return so


def cells_in(fact: Fact) -> Iterator[tuple[int, int]]:
    """List the firings whose occurrence a fact is about, with those that bound its spans."""
    for one in _simple(fact):
        if isinstance(one, Occurs):
            yield from one.cells
        if not isinstance(one, StandsAt):
            yield from (*(one.span.before or ()), *(one.span.after or ()))


def variables_in(fact: Fact) -> Iterator[int]:
    """List the variables whose levels a fact is about."""
    for one in _simple(fact):
        if not isinstance(one, Occurs):
            yield one.variable


def already(fact: Fact, instant: int) -> Fact:
    """Make the fact that a fact is so by an instant already; that something is not so never is."""
    match fact:
        case Occurs() if fact.most != NEVER:  # it may still happen too often
            return fact if fact.span.closes <= instant else Either(())
        case Occurs() | Stands():
            span = replace(fact.span, closes=min(fact.span.closes, instant))
            return replace(fact, span=span)
        case StandsAt():
            return fact if fact.instant <= instant else Either(())
        case AllTrue() | Either():
            return replace(fact, parts=tuple(already(part, instant) for part in fact.parts))
        case Not():
            return Either(())


def _simple(fact: Fact) -> Iterator[Occurs | Stands | StandsAt]:
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
    rows = _rows(fact.cells, timelines)
    low, high = _bounds(fact.span, timelines)
    runs = timelines.run_of(rows)
    inside = (rows >= low[runs]) & (rows < high[runs])
    counts = np.bincount(runs[inside], minlength=timelines.runs)
    # In a span that never begins, even `at most` is not so.
    so: BoolArray = (counts >= fact.least) & (counts <= fact.most) & (low != NEVER)
    return so


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

"""A part's firings seen as timelines: who fired first or last, how often, and which levels held.

A *row* is the position of a firing in the part; within a run rows are in firing order, so that
rows settle what came first even within one second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import prod
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import DAY
from coopsim.simulation.draws import stream_key, uniforms
from coopsim.simulation.firings import COLUMNS, Firings
from coopsim.simulation.interfaces import Made
from coopsim.simulation.program import LevelEffect, Program

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Stands for "did not happen" inside arrays, later than any moment and after any row.
NEVER = int(np.iinfo(np.int64).max)

# A gap that cannot be seen: longer than any (only the first happened), shorter than any (only
# the second), or none at all. They sort as they should.
LONGER = NEVER
SHORTER = -NEVER
NEITHER = -NEVER - 1

DrawLevels = Callable[[Program, int, int, int], IntArray]  # as `drawn_levels`
# Makes numbers of the levels of variables; the second argument is how many levels each has.
Combine = Callable[[Mapping[int, IntArray], int], FloatArray]


_PROGRAMS = 8


def per_program(make: Callable[[Program], Made]) -> Callable[[Program], Made]:
    """Make something once for each of the last programs.

    They are told apart by identity: to compare all of two takes longer than what is made here.
    """
    held: dict[int, tuple[Program, Made]] = {}  # which keeps the program, so that its id stays its
    turn = Lock()

    def made(program: Program) -> Made:
        with turn:
            found = held.get(id(program))
            if found is None:
                if len(held) == _PROGRAMS:
                    del held[next(iter(held))]
                found = held[id(program)] = program, make(program)
            return found[1]

    return made


def drawn_levels(program: Program, driver: int, first_run: int, runs: int) -> IntArray:
    """Draw the level of a driver at the start of some runs, shape (runs,)."""
    drawn = program.drivers[driver]
    if drawn.stream is None:
        return np.full(runs, np.searchsorted(drawn.cumulative, 0.5, side="right"), np.int64)
    key = stream_key(program.seed, program.streams[drawn.stream])
    u = uniforms(key, first_run, runs, 0)
    return np.asarray(np.searchsorted(drawn.cumulative, u, side="right"), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """How a variable, or what depends on some, changed: at which rows, from what, to what.

    `initial` has the value at the start, shape (runs,). The values are numbers of levels.
    """

    rows: IntArray
    before: IntArray
    after: IntArray
    initial: IntArray


class Timelines:
    """What happened in each of a part's runs; arrays have one entry or row per run."""

    def __init__(
        self, program: Program, firings: Firings, draw_levels: DrawLevels = drawn_levels
    ) -> None:
        self.program = program
        self.runs = firings.runs
        self._firings = firings
        self._run = firings.run - firings.first_run
        self._shape = places_shape(program)
        self._draw_levels = draw_levels
        self._changes: dict[int, Changes] = {}

    def rows(self, place: BoolArray, closes: int) -> IntArray:
        """Find the firings marked in `place`, shape (events, outcomes), before a second."""
        order, starts = self._by_cell
        cells = place.ravel().nonzero()[0].tolist()
        found = [order[starts[cell] : starts[cell + 1]] for cell in cells]
        rows = found[0] if len(found) == 1 else np.sort(np.concatenate((*found, order[:0])))
        return rows if closes > self._latest else rows[self._firings.time[rows] < closes]

    @cached_property
    def _moments(self) -> IntArray:
        """List the seconds since start of all rows, and last NEVER, which is past every row."""
        return np.append(self._firings.time, NEVER)

    @cached_property
    def _latest(self) -> int:
        return int(self._firings.time.max(initial=0))

    @cached_property
    def _by_cell(self) -> tuple[IntArray, IntArray]:
        """Order the rows by the place they stand for, and tell where each place's begin."""
        events, outcomes = self._shape
        cells = self._cells
        if events * outcomes <= np.iinfo(np.int16).max:
            cells = cells.astype(np.int16)  # which numpy sorts by counting
        order = np.argsort(cells, kind="stable")
        places = np.arange(events * outcomes + 1, dtype=cells.dtype)
        return order, np.searchsorted(cells.take(order), places)

    @cached_property
    def _cells(self) -> NDArray[np.integer[Any]]:
        """Number the place that each row stands for, in a table of shape (events, outcomes)."""
        return self._firings.event * self._shape[1] + self._firings.outcome

    def first(self, rows: IntArray) -> IntArray:
        """Get each run's first row among these, or NEVER."""
        # Of repeated indices numpy keeps the last one assigned: backwards, that is the first.
        return self.last(rows[::-1])

    def last(self, rows: IntArray) -> IntArray:
        """Get each run's last row among these, or NEVER."""
        found = np.full(self.runs, NEVER)
        found[self._run[rows]] = rows
        return found

    def run_of(self, rows: IntArray) -> IntArray:
        """Get the run, counted from the part's first, to which each of these rows belongs."""
        return self._run[rows]

    def rows_until(self, instant: int) -> IntArray:
        """Get the row, in each run, of its first firing at or after an instant, or one past it."""
        begins = np.searchsorted(self._run, np.arange(self.runs))
        earlier = self._run[self._firings.time < instant]
        return begins + np.bincount(earlier, minlength=self.runs)

    def times(self, rows: IntArray) -> IntArray:
        """Get the seconds since start of these rows; NEVER stays NEVER."""
        return self._moments.take(rows, mode="clip")

    def counts(self, rows: IntArray, edges: Sequence[int]) -> IntArray:
        """Count each run's rows in the spans that the edges part, shape (runs, edges + 1)."""
        spans = len(edges) + 1
        span = self._seen_from(rows, edges)
        counted = np.bincount(self._run[rows] * spans + span, minlength=self.runs * spans)
        return counted.reshape(self.runs, spans)

    def levels(self, variable: int, instants: Sequence[int]) -> IntArray:
        """Get a variable's level after every firing before each instant, shape (runs, instants)."""
        return self.standing(self.changes(variable), instants)

    def standing(self, changes: Changes, instants: Sequence[int]) -> IntArray:
        """Get what changes had come to before each instant, shape (runs, instants)."""
        numbers = np.arange(self.runs + len(changes.rows))  # how each run begins, and each change
        seen_from = self._seen_from(changes.rows, instants)
        latest = np.zeros((len(instants) + 1, self.runs), dtype=np.int64)
        latest[0] = numbers[: self.runs]
        latest[seen_from, self._run[changes.rows]] = numbers[self.runs :]
        for before, at in pairwise(latest):
            np.maximum(before, at, out=at)
        return np.concatenate((changes.initial, changes.after)).take(latest[:-1]).T.copy()

    def changes(self, variable: int) -> Changes:
        """Get the rows at which a variable was set to another level."""
        if variable not in self._changes:
            initial = self._initial(variable)
            rows, after = self._history(variable, initial)
            self._changes[variable] = self._changed(rows, after, initial)
        return self._changes[variable]

    def combined(self, variables: Sequence[int], combine: Combine) -> tuple[FloatArray, Changes]:
        """Follow a number that depends on some variables; gives its values and the changes.

        `combine` makes it of the levels of the variables, arrays of one length. The changes are
        in positions among the values, which are in order.
        """
        moved = np.zeros(len(self._firings), dtype=np.bool_)
        for variable in variables:
            moved[self.changes(variable).rows] = True
        rows = np.flatnonzero(moved)
        levels, found = self._states(variables, rows)
        states = int(found.max(initial=-1)) + 1  # none where there are no timelines
        values, places = np.unique(combine(levels, states), return_inverse=True)
        found = places[found]
        return values, self._changed(rows, found[self.runs :], found[: self.runs])

    def _states(
        self, variables: Sequence[int], rows: IntArray
    ) -> tuple[dict[int, IntArray], IntArray]:
        """Tell apart the states of some variables at the start of each run and after some rows.

        Gives the levels of each variable, shape (states,), and which state it is each time.
        """
        groups = _grouped({one: len(self.program.levels_of(one)) for one in variables})
        if len(variables) == 1:  # then the rows are its own
            changes = self.changes(*variables)
            codes = [np.concatenate((changes.initial, changes.after))]
        else:
            codes = [self._codes(group, rows) for group in groups]
        positions, found = _distinct(codes[0])
        for group, code in zip(groups[1:], codes[1:], strict=True):
            positions, found = _distinct(found * _size(group) + code)
        levels = {}
        for group, code in zip(groups, codes, strict=True):
            states = code[positions]
            for variable, size in group.items():
                states, levels[variable] = np.divmod(states, size)
        return levels, found

    def _codes(self, sizes: Mapping[int, int], rows: IntArray) -> IntArray:
        """Write the states of some variables as numbers; each has so many levels."""
        initial = np.zeros(self.runs, dtype=np.int64)
        steps = np.zeros(len(self._firings), dtype=np.int64)
        stride = 1
        for variable, size in sizes.items():
            changes = self.changes(variable)
            initial += stride * changes.initial
            steps[changes.rows] += stride * (changes.after - changes.before)
            stride *= size
        summed, run = np.cumsum(steps[rows]), self._run[rows]
        starts = np.flatnonzero(_begin(run))
        # What a run begins with, less what the runs before it have summed up to.
        begun = initial.copy()
        begun[run[starts]] += steps[rows[starts]] - summed[starts]
        return np.concatenate((initial, summed + begun[run]))

    def _changed(self, rows: IntArray, after: IntArray, initial: IntArray) -> Changes:
        """Keep of the rows that set something those that changed it."""
        run = self._run[rows]
        before = np.empty_like(after)
        before[1:] = after[:-1]
        starts = np.flatnonzero(_begin(run))
        before[starts] = initial[run[starts]]
        kept = np.flatnonzero(before != after)
        return Changes(rows[kept], before[kept], after[kept], initial)

    def counted(self, changes: Changes, instants: Sequence[int], values: int) -> IntArray:
        """Count the runs at each value at some instants, shape (instants, values)."""
        seen_from = self._seen_from(changes.rows, instants)
        size = (len(instants) + 1) * values
        moved = np.bincount(seen_from * values + changes.after, minlength=size)
        moved -= np.bincount(seen_from * values + changes.before, minlength=size)
        moved = moved.reshape(-1, values)
        moved[0] += np.bincount(changes.initial, minlength=values)
        return np.cumsum(moved, axis=0)[:-1]

    def _seen_from(self, rows: IntArray, instants: Sequence[int]) -> IntArray:
        """Find at which of some instants in order each of these rows is first seen."""
        times, by_day = self._firings.time[rows], _by_day(tuple(instants))
        if by_day is None:
            return np.searchsorted(instants, times, side="right")
        return by_day.take(times // DAY, mode="clip")

    def _initial(self, variable: int) -> IntArray:
        if variable < len(self.program.drivers):
            return self._draw_levels(self.program, variable, self._firings.first_run, self.runs)
        return np.zeros(self.runs, dtype=np.int64)

    def _history(self, variable: int, initial: IntArray) -> tuple[IntArray, IntArray]:
        """Get the rows that set a variable, and its level after each of them."""
        drivers = len(self.program.drivers)
        if variable < drivers:
            return self._driver_history(variable, initial)
        place = np.zeros(self._shape, dtype=np.bool_)
        place[variable - drivers] = True
        rows = self.rows(place, self.program.horizon)
        return rows, self._firings.outcome[rows].astype(np.int64) + 1

    def _driver_history(self, driver: int, initial: IntArray) -> tuple[IntArray, IntArray]:
        does = _level_maps(self.program)[driver]
        rows = self.rows(does.place, self.program.horizon)
        chosen = does.which.take(self._cells.take(rows))
        return rows, does.after(chosen, self._run[rows], initial)


@lru_cache(maxsize=64)
def _by_day(instants: tuple[int, ...]) -> IntArray | None:
    """Find at which of some instants what happens on each day is first seen.

    None where some instant is no midnight: then days do not tell.
    """
    if not instants or any(instant % DAY for instant in instants):
        return None
    days = np.arange(instants[-1] // DAY + 1) * DAY
    return np.searchsorted(instants, days, side="right")


_FEW_STATES = 2**16


def _grouped(sizes: Mapping[int, int]) -> list[dict[int, int]]:
    """Part variables into groups of not too many states each, by how many levels they have."""
    groups: list[dict[int, int]] = [{}]
    for variable, size in sizes.items():
        if groups[-1] and _size(groups[-1]) * size > _FEW_STATES:
            groups.append({})
        groups[-1][variable] = size
    return groups


def _size(group: Mapping[int, int]) -> int:
    return prod(group.values())


def _distinct(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Find a position of each number that occurs, and which of them each is."""
    size = int(codes.max(initial=-1)) + 1
    if size > _FEW_STATES:
        _, positions, found = np.unique(codes, return_index=True, return_inverse=True)
        return positions, found
    place = np.full(size, -1)
    place[codes] = np.arange(len(codes))
    occurs = place >= 0
    return place[occurs], (np.cumsum(occurs) - 1)[codes]


def telling(matters: BoolArray, firings: Firings) -> Firings:
    """Keep of some firings those that are marked, in a table of shape (events, outcomes)."""
    cells = firings.event * matters.shape[1] + firings.outcome
    rows = np.flatnonzero(matters.ravel().take(cells))
    columns: list[Any] = [getattr(firings, name).take(rows) for name in COLUMNS]
    return Firings(firings.first_run, firings.runs, *columns)


@dataclass(frozen=True, slots=True, eq=False)
class _LevelMaps:
    """What firings do to a driver: `which` of the maps each does, by cell, and where any does.

    A map holds the level after for each level before; map 0 leaves all as they are. What comes of
    one that `shifts` depends on the level before.
    """

    place: BoolArray
    which: IntArray
    maps: IntArray
    shifts: BoolArray

    @classmethod
    def of(cls, which: IntArray, maps: Sequence[Sequence[int]]) -> _LevelMaps:
        """Tell where a driver is touched, of which map each (event, outcome) does."""
        table = np.array(maps, dtype=np.int64)
        return cls(which > 0, which.ravel(), table, (table != table[:, :1]).any(axis=1))

    def after(self, chosen: IntArray, runs: IntArray, initial: IntArray) -> IntArray:
        """Get the level after each of some rows, which do the maps `chosen`.

        Of all chains of rows that shift one after another, the next row is done at one stroke.
        """
        after, shifts = self.maps[:, 0].take(chosen), self.shifts.take(chosen)
        if not shifts.any():
            return after
        first = _begin(runs)
        chained = shifts & ~first
        chained[1:] &= shifts[:-1]
        goes_on = np.append(chained[1:], False)
        rows = np.flatnonzero(shifts & ~chained)
        levels = np.where(first[rows], initial[runs[rows]], after[rows - 1])
        while len(rows):
            levels = self.maps.take(chosen[rows] * self.maps.shape[1] + levels)
            after[rows] = levels
            more = goes_on[rows]
            rows, levels = rows[more] + 1, levels[more]
        return after


@per_program
def _level_maps(program: Program) -> list[_LevelMaps]:
    """Tell what firings do to each driver."""
    sizes = [len(driver.levels) for driver in program.drivers]
    which = np.zeros((len(sizes), *places_shape(program)), dtype=np.int64)
    maps = [[list(range(levels))] for levels in sizes]
    for number, event in enumerate(program.events):
        for outcome_number, outcome in enumerate(event.outcomes):
            effects = (*event.effects, *outcome.effects)
            for driver in {effect.driver for effect in effects}:
                own = [effect for effect in effects if effect.driver == driver]
                which[driver, number, outcome_number] = len(maps[driver])
                levels = sizes[driver]
                maps[driver].append([_after(own, level, levels) for level in range(levels)])
    return [_LevelMaps.of(*pair) for pair in zip(which, maps, strict=True)]


@per_program
def places_shape(program: Program) -> tuple[int, int]:
    """Get the shape of a table with one cell for each outcome of each event."""
    return len(program.events), max((len(event.outcomes) for event in program.events), default=1)


def _after(effects: Sequence[LevelEffect], level: int, levels: int) -> int:
    for effect in effects:
        moved = min(max(level + effect.shift, 0), levels - 1)
        level = moved if effect.level is None else effect.level
    return level


def _begin(runs: IntArray) -> BoolArray:
    """Mark the first row of each run among rows of these runs."""
    first = np.ones(len(runs), dtype=np.bool_)
    np.not_equal(runs[1:], runs[:-1], out=first[1:])
    return first

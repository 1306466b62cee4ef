"""A part's firings seen as timelines: who fired first or last, how often, and which levels held.

A *row* is the position of a firing in the part; within a run rows are in firing order, so that
rows settle what came first even within one second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Effect, Program
from coopsim.simulation.sampling import initial_levels

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Stands for "did not happen" inside arrays, later than any moment and after any row.
NEVER = int(np.iinfo(np.int64).max)

DrawLevels = Callable[[Program, int, int], IntArray]


def drawn_levels(program: Program, first_run: int, runs: int) -> IntArray:
    """Draw the first level of every driver, shape (runs, drivers)."""
    draws = Draws(program.seed, program.streams, first_run, runs)
    levels = [initial_levels(program, draws, run) for run in range(first_run, first_run + runs)]
    return np.array(levels, dtype=np.int64).reshape(runs, -1)[:, : len(program.drivers)]


class Timelines:
    """Answer what happened in each of a part's runs; arrays have one entry or row per run."""

    def __init__(
        self, program: Program, firings: Firings, draw_levels: DrawLevels = drawn_levels
    ) -> None:
        self.program = program
        self.runs = firings.runs
        self._firings = firings
        self._run = firings.run - firings.first_run
        self._draw_levels = draw_levels
        self._histories: dict[int, tuple[IntArray, IntArray]] = {}

    def rows(self, place: BoolArray, closes: int) -> IntArray:
        """Find the firings marked in `place`, shape (events, outcomes), before a second."""
        firings = self._firings
        chosen = place[firings.event, firings.outcome] & (firings.time < closes)
        return np.flatnonzero(chosen)

    def first(self, rows: IntArray) -> IntArray:
        """Get each run's first row among these, or NEVER."""
        # Of repeated indices numpy keeps the last one assigned: backwards, that is the first.
        return self.last(rows[::-1])

    def last(self, rows: IntArray) -> IntArray:
        """Get each run's last row among these, or NEVER."""
        found = np.full(self.runs, NEVER)
        found[self._run[rows]] = rows
        return found

    def times(self, rows: IntArray) -> IntArray:
        """Get the seconds since start of these rows; NEVER stays NEVER."""
        times = np.full(rows.shape, NEVER)
        happened = rows != NEVER
        times[happened] = self._firings.time[rows[happened]]
        return times

    def counts(self, rows: IntArray, edges: Sequence[int]) -> IntArray:
        """Count each run's rows in the spans that the edges part, shape (runs, edges + 1)."""
        spans = len(edges) + 1
        span = np.searchsorted(edges, self._firings.time[rows], side="right")
        counted = np.bincount(self._run[rows] * spans + span, minlength=self.runs * spans)
        return counted.reshape(self.runs, spans)

    def levels(self, variable: int, instants: Sequence[int]) -> IntArray:
        """Get a variable's level after every firing before each instant, shape (runs, instants)."""
        rows, after = self._history(variable)
        seen_from = np.searchsorted(instants, self._firings.time[rows], side="right")
        latest = np.zeros((self.runs, len(instants) + 1), dtype=np.int64)
        latest[self._run[rows], seen_from] = np.arange(1, len(rows) + 1)
        np.maximum.accumulate(latest, axis=1, out=latest)
        known = np.concatenate(([0], after))[latest[:, :-1]]
        return np.where(latest[:, :-1] > 0, known, self._initial(variable)[:, np.newaxis])

    @cached_property
    def _initial_drivers(self) -> IntArray:
        return self._draw_levels(self.program, self._firings.first_run, self.runs)

    def _initial(self, variable: int) -> IntArray:
        if variable < len(self.program.drivers):
            return self._initial_drivers[:, variable]
        return np.zeros(self.runs, dtype=np.int64)

    def _history(self, variable: int) -> tuple[IntArray, IntArray]:
        """Get the rows that set a variable, and its level after each of them."""
        if variable not in self._histories:
            drivers = len(self.program.drivers)
            self._histories[variable] = (
                self._driver_history(variable)
                if variable < drivers
                else self._event_history(variable - drivers)
            )
        return self._histories[variable]

    def _event_history(self, event: int) -> tuple[IntArray, IntArray]:
        rows = np.flatnonzero(self._firings.event == event)
        return rows, self._firings.outcome[rows].astype(np.int64) + 1

    def _driver_history(self, driver: int) -> tuple[IntArray, IntArray]:
        which, maps = _level_maps(self.program, driver)
        chosen = which[self._firings.event, self._firings.outcome]
        rows = np.flatnonzero(chosen)
        return rows, _applied(maps[chosen[rows]], self._run[rows], self._initial(driver))


def _level_maps(program: Program, driver: int) -> tuple[IntArray, IntArray]:
    """Tell what firings do to a driver: the map of each (event, outcome), and the maps.

    A map holds the level after for each level before; map 0 leaves all as they are.
    """
    levels = len(program.drivers[driver].levels)
    maps = [list(range(levels))]
    which = np.zeros(places_shape(program), dtype=np.int64)
    for number, event in enumerate(program.events):
        for outcome_number, outcome in enumerate(event.outcomes):
            effects = [e for e in (*event.effects, *outcome.effects) if e.driver == driver]
            if effects:
                which[number, outcome_number] = len(maps)
                maps.append([_after(effects, level, levels) for level in range(levels)])
    return which, np.array(maps, dtype=np.int64)


def places_shape(program: Program) -> tuple[int, int]:
    """Get the shape of a table with one cell for each outcome of each event."""
    return len(program.events), max((len(event.outcomes) for event in program.events), default=1)


def _after(effects: Sequence[Effect], level: int, levels: int) -> int:
    for effect in effects:
        moved = min(max(level + effect.shift, 0), levels - 1)
        level = moved if effect.level is None else effect.level
    return level


def _applied(maps: IntArray, runs: IntArray, initial: IntArray) -> IntArray:
    """Apply the maps of each run's rows in turn: the k-th row of all runs at one stroke."""
    after = np.empty(len(runs), dtype=np.int64)
    starts = np.flatnonzero(np.diff(runs, prepend=-1))
    counts = np.diff(starts, append=len(runs))
    levels = initial[runs[starts]]
    for rank in range(counts.max(initial=0)):
        going = counts > rank
        rows = starts[going] + rank
        levels[going] = maps[rows, levels[going]]
        after[rows] = levels[going]
    return after

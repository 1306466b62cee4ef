"""The world of model72.py vectorised by hand with NumPy.

All timelines take their next step together: for each the earliest due date of its 72 is found, then
event by event those timelines in which it is due are dealt with at once. A date is infinite while
an event cannot be due.
"""

from __future__ import annotations

from collections import defaultdict

import model72
import numpy as np
from model72 import By, Result

CODES = {name: code for code, name in enumerate(model72.LEVELS)} | {"grounded": 0, "flying": 1}
CODES |= {"false": 0, "true": 1}
TRUE, FAILS, WORKS = range(3)
OUTCOMES = np.array(["true", "fails", "works"])
BLOCK = 60_000  # timelines that step together; the calls cost more than the numbers where few do

Rows = np.ndarray  # of timelines


def table(by: By) -> np.ndarray:
    """Get numbers by level code."""
    return np.array([by.numbers[name] for name in sorted(by.numbers, key=CODES.__getitem__)])


def masked(levels: tuple[str, ...]) -> np.ndarray:
    """Mark the codes of some levels."""
    return np.isin(np.arange(len(model72.LEVELS)), [CODES[level] for level in levels])


class World:
    """The timelines of a block: levels, due dates, and who reads or follows what."""

    def __init__(self, timelines: int, chance: np.random.Generator) -> None:
        self.chance = chance
        self.now = np.zeros(timelines)
        self.due = np.full((timelines, len(model72.EVENTS)), np.inf)
        self.level = {
            driver: np.full(timelines, CODES[level], np.int8)
            for driver, level in model72.FIRST_LEVELS.items()
        } | {name: np.zeros(timelines, np.int8) for name in model72.NAMES}
        self.restlessness = chance.uniform(*model72.RESTLESSNESS, timelines)
        self.readers: dict[str, list[Event]] = defaultdict(list)
        self.followers: dict[str, list[Event]] = defaultdict(list)
        self.log: list[tuple[Rows, int, np.ndarray, np.ndarray]] = []
        self.events = [KINDS[type(row)](self, place) for place, row in enumerate(model72.EVENTS)]

    def play(self) -> None:
        """Step until all are at the horizon."""
        everyone = np.arange(len(self.now))
        for event in self.events:
            event.begin(everyone)
        while True:
            nearest = self.due.argmin(axis=1)
            moment = self.due[everyone, nearest]
            alive = np.flatnonzero(moment < model72.YEARS)
            if not len(alive):
                return
            self.now[alive] = moment[alive]
            ordered = alive[np.argsort(nearest[alive], kind="stable")]
            places, begins = np.unique(nearest[ordered], return_index=True)
            for place, rows in zip(places, np.split(ordered, begins[1:]), strict=True):
                self.events[place].come_due(rows)

    def set(self, rows: Rows, sets: dict[str, str]) -> None:
        """Move drivers, and tell those who read them."""
        for driver, level in sets.items():
            levels, code = self.level[driver], CODES[level]
            moved = rows[levels[rows] != code]
            levels[moved] = code
            if len(moved):
                for reader in self.readers[driver]:
                    reader.refresh(moved)


class Event:
    """Deal with one row of the table in many timelines at once."""

    def __init__(self, world: World, place: int) -> None:
        self.world, self.place, self.row = world, place, model72.EVENTS[place]
        self.due = world.due[:, place]
        self.when = {driver: masked(levels) for driver, levels in model72.when_of(self.row).items()}
        result = model72.result_of(self.row)
        self.chances = table(result.works) if result else None

    def begin(self, rows: Rows) -> None:
        """Start the clock."""

    def read(self, drivers: list[str]) -> None:
        """Register for moves."""
        for driver in drivers:
            self.world.readers[driver].append(self)

    def allowed(self, rows: Rows) -> np.ndarray:
        """Find where the condition holds; no row's has more than one driver in it."""
        if not self.when:
            return np.ones(len(rows), bool)
        ((driver, levels),) = self.when.items()
        return levels[self.world.level[driver][rows]]

    def fire(self, rows: Rows, sets: dict[str, str], result: Result | None = None) -> None:
        """Fire the event."""
        world = self.world
        outcome = np.zeros(len(rows), np.int8)
        if result is not None:
            chances = self.chances[world.level[result.works.driver][rows]]
            outcome = np.where(world.chance.random(len(rows)) < chances, WORKS, FAILS)
            if result.failing_sets:
                world.set(rows[outcome == FAILS], result.failing_sets)
        world.level[self.row.name][rows] = 1
        world.log.append((rows, self.place, outcome, world.now[rows]))
        world.set(rows, sets)
        for follower in world.followers[self.row.name]:
            follower.trigger(rows)


class Hazard(Event):
    """Draw anew at each move, as a hazard has no memory."""

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, place)
        self.read(list({*self.row.when, self.row.pace.driver}))
        self.rates = self.row.rate * table(self.row.pace)

    def begin(self, rows: Rows) -> None:
        """Start the clock."""
        self.refresh(rows)

    def refresh(self, rows: Rows) -> None:
        """Draw when it is due from now on."""
        world, row = self.world, self.row
        rates = self.rates[world.level[row.pace.driver][rows]] * self.allowed(rows)
        if row.restless:
            rates *= world.restlessness[rows]
        if not row.repeat:
            rates *= world.level[row.name][rows] == 0
        # Where the rate is 0 the wait is infinite.
        self.due[rows] = world.now[rows] + world.chance.standard_exponential(len(rows)) / rates

    def come_due(self, rows: Rows) -> None:
        """Happen; where it may repeat, what it sets begins it anew."""
        self.due[rows] = np.inf
        self.fire(rows, self.row.sets)


class Plan(Event):
    """Work until the date, then wait for the one before and for a window."""

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, place)
        self.read([self.row.pace.driver])
        if self.row.after:
            world.followers[self.row.after].append(self)
        self.speeds = table(self.row.pace)
        self.openings = np.array([first for first, _ in self.row.windows] + [np.inf])
        self.closings = np.array([last for _, last in self.row.windows])

    def begin(self, rows: Rows) -> None:
        """Draw the work."""
        median, sigma = self.row.growth
        growth = median * self.world.chance.lognormal(0.0, sigma, len(rows))
        self.left, self.since = self.row.planned * growth, np.zeros(len(rows))
        self.speed, self.done = np.zeros(len(rows)), np.zeros(len(rows), bool)
        self.refresh(rows)

    def refresh(self, rows: Rows) -> None:
        """Pay for the time at the old speed."""
        rows = rows[~self.done[rows]]
        now = self.world.now[rows]
        self.left[rows] -= (now - self.since[rows]) * self.speed[rows]
        self.since[rows] = now
        self.speed[rows] = self.speeds[self.world.level[self.row.pace.driver][rows]]
        self.due[rows] = now + self.left[rows] / self.speed[rows]

    def come_due(self, rows: Rows) -> None:
        """Happen, or wait for what is missing."""
        self.done[rows] = True
        self.due[rows] = np.inf
        if self.row.after:
            rows = rows[self.world.level[self.row.after][rows] == 1]
        if self.row.windows:
            rows = self.in_window(rows)
        self.fire(rows, {}, self.row.result)

    def in_window(self, rows: Rows) -> Rows:
        """Set the others due when the next window opens."""
        now = self.world.now[rows]
        opening = self.openings[np.searchsorted(self.closings, now)]
        closed = opening > now
        self.due[rows[closed]] = opening[closed]
        return rows[~closed]

    def trigger(self, rows: Rows) -> None:
        """Go on where this is what was waited for."""
        waiting = rows[self.done[rows]]
        self.due[waiting] = self.world.now[waiting]


class Calendar(Event):
    """Wait for the date, then for the condition."""

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, place)
        self.read(list(self.row.when))

    def begin(self, rows: Rows) -> None:
        """Start at the first date."""
        self.due[rows] = self.row.first

    def refresh(self, rows: Rows) -> None:
        """Go on where the date has passed and the condition holds now."""
        waiting = rows[np.isinf(self.due[rows]) & self.allowed(rows)]
        self.due[waiting] = self.world.now[waiting]

    def come_due(self, rows: Rows) -> None:
        """Happen, or wait for the condition."""
        self.due[rows] = np.inf
        rows = rows[self.allowed(rows)]
        self.due[rows] = self.world.now[rows] + self.world.chance.uniform(*self.row.then, len(rows))
        self.fire(rows, {})


class Follow(Event):
    """Happen at a trigger, or so long after it."""

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, place)
        world.followers[self.row.upon].append(self)

    def trigger(self, rows: Rows) -> None:
        """Happen at once, or begin to wait."""
        if self.row.takes is None:
            self.come_due(rows)
        else:
            waits = self.world.chance.uniform(*self.row.takes, len(rows))
            self.due[rows] = self.world.now[rows] + waits

    def come_due(self, rows: Rows) -> None:
        """Happen where the condition holds."""
        self.due[rows] = np.inf
        self.fire(rows[self.allowed(rows)], self.row.sets, self.row.result)


KINDS: dict[type[model72.Event], type[Event]] = {
    model72.Hazard: Hazard,
    model72.Plan: Plan,
    model72.Calendar: Calendar,
    model72.Follow: Follow,
}


def play(timelines: int, seed: int = 2025) -> list[np.ndarray]:
    """Play some timelines; gives columns of firings: run, event, outcome, years since the start."""
    chance = np.random.default_rng(seed)
    pieces = []
    for first in range(0, timelines, BLOCK):
        world = World(min(BLOCK, timelines - first), chance)
        with np.errstate(divide="ignore"):
            world.play()
        pieces += [
            (first + rows, np.full(len(rows), place, np.int32), outcome, moment)
            for rows, place, outcome, moment in world.log
        ]
    return [np.concatenate(column) for column in zip(*pieces, strict=True)]

"""The world of model72.py as somebody might write it with salabim by hand.

One component for each event; a driver that moves activates those that read it. What makes it fast
is in use: the mode with `yield` (the other takes a quarter longer), no traces, no monitors, draws
from `random`, and components made once and begun anew in each timeline, as making them takes
longer than playing one.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Generator

import model72
import salabim as sim
from model72 import By, Levels, Result

Firing = tuple[int, str, str, float]  # run, event, outcome, years since the start
Process = Generator[object, object, None]


class World(sim.Environment):
    """The levels, who reads or follows what, and the log."""

    def setup(self) -> None:
        """Make the components."""
        self.readers: dict[str, list[Event]] = defaultdict(list)
        self.followers: dict[str, list[Event]] = defaultdict(list)
        self.events = [COMPONENTS[type(row)](env=self, row=row) for row in model72.EVENTS]

    def play(self) -> list[tuple[str, str, float]]:
        """Play one timeline; gives its firings: event, outcome, years since the start."""
        self.begun = self.now()
        self.level = model72.FIRST_LEVELS | dict.fromkeys(model72.NAMES, "false")
        self.restlessness = random.uniform(*model72.RESTLESSNESS)
        self.log: list[tuple[str, str, float]] = []
        for event in self.events:
            event.activate(process="process")
        self.run(till=self.begun + model72.YEARS)
        return self.log

    def holds(self, when: Levels) -> bool:
        """Check whether all drivers stand at one of the levels given for them."""
        return all(self.level[driver] in levels for driver, levels in when.items())

    def number(self, by: By) -> float:
        """Get the number that counts now."""
        return by.numbers[self.level[by.driver]]

    def set(self, sets: dict[str, str]) -> None:
        """Move drivers, and wake those who read them."""
        for driver, level in sets.items():
            if self.level[driver] != level:
                self.level[driver] = level
                for reader in self.readers[driver]:
                    if reader.ispassive() or reader.isscheduled():
                        reader.activate()

    def fire(self, event: str, sets: dict[str, str], result: Result | None = None) -> None:
        """Fire an event, and wake those who follow it."""
        works = result is None or random.random() < self.number(result.works)
        outcome = "true" if result is None else "works" if works else "fails"
        self.level[event] = "true"
        self.log.append((event, outcome, self.now() - self.begun))
        self.set(sets if result is None or works else sets | result.failing_sets)
        for follower in self.followers[event]:
            if not follower.isdata():
                follower.activate()


class Event(sim.Component):
    """Play one row of the table."""

    def setup(self, row: model72.Event) -> None:
        """Register for what the row reads."""
        self.row = row
        self.mode.monitor(value=False)
        self.status.monitor(value=False)
        for driver in self.reads():
            self.env.readers[driver].append(self)

    def reads(self) -> set[str]:
        """List the drivers whose moves matter."""
        return set(self.row.when)


class Hazard(Event):
    """Draw anew at each move, as a hazard has no memory."""

    def reads(self) -> set[str]:
        """List the drivers whose moves matter."""
        return {*self.row.when, self.row.pace.driver}

    def process(self) -> Process:
        """Wait for what comes first: the event or a move."""
        env, row = self.env, self.row
        while True:
            rate = self.rate() if env.holds(row.when) else 0.0
            if rate == 0.0:
                yield self.passivate()
                continue
            due = env.now() + random.expovariate(rate)
            yield self.hold(till=due)
            if env.now() == due:
                env.fire(row.name, row.sets)
                if not row.repeat:
                    return

    def rate(self) -> float:
        """Get the rate while the condition holds."""
        rate = self.row.rate * self.env.number(self.row.pace)
        return rate * self.env.restlessness if self.row.restless else rate


class Plan(Event):
    """Work until the date, then wait for the one before and for a window."""

    def reads(self) -> set[str]:
        """List the drivers whose moves matter."""
        return {self.row.pace.driver}

    def setup(self, row: model72.Plan) -> None:
        """Follow the one before."""
        super().setup(row)
        if row.after:
            self.env.followers[row.after].append(self)

    def process(self) -> Process:
        """Play the row."""
        env, row = self.env, self.row
        median, sigma = row.growth
        left = row.planned * median * random.lognormvariate(0.0, sigma)
        while left > 0:
            begun, speed = env.now(), env.number(row.pace)
            due = begun + left / speed
            yield self.hold(till=due)
            left = 0.0 if env.now() == due else left - (env.now() - begun) * speed
        while row.after and env.level[row.after] == "false":
            yield self.passivate()
        if row.windows:
            opening = self.opening()
            while env.now() < opening:
                yield self.hold(till=opening)
        env.fire(row.name, {}, row.result)

    def opening(self) -> float:
        """Find when a window is open next."""
        now, begun = self.env.now(), self.env.begun
        windows = ((begun + first, begun + last) for first, last in self.row.windows)
        return next((max(now, first) for first, last in windows if now <= last), math.inf)


class Calendar(Event):
    """Wait for the date, then for the condition."""

    def process(self) -> Process:
        """Play the row."""
        env, row = self.env, self.row
        due = env.begun + row.first
        while True:
            while env.now() < due:
                yield self.hold(till=due)
            while not env.holds(row.when):
                yield self.passivate()
            env.fire(row.name, {})
            due = env.now() + random.uniform(*row.then)


class Follow(Event):
    """Wait for a trigger, then for the time it takes; a new trigger begins it anew."""

    def reads(self) -> set[str]:
        """Read the levels only when triggered."""
        return set()

    def setup(self, row: model72.Follow) -> None:
        """Follow the trigger."""
        super().setup(row)
        self.env.followers[row.upon].append(self)

    def process(self) -> Process:
        """Play the row."""
        env, row = self.env, self.row
        while True:
            yield self.passivate()
            due = env.now()
            while row.takes and (due := env.now() + random.uniform(*row.takes)):
                yield self.hold(till=due)
                if env.now() == due:
                    break
            if env.holds(row.when):
                env.fire(row.name, row.sets, row.result)


COMPONENTS: dict[type[model72.Event], type[Event]] = {
    model72.Hazard: Hazard,
    model72.Plan: Plan,
    model72.Calendar: Calendar,
    model72.Follow: Follow,
}


def play(timelines: int) -> list[Firing]:
    """Play some timelines; gives their firings."""
    world = World(trace=False, yieldless=False, random_seed="")  # "": leave `random` as it is
    return [(run, *firing) for run in range(timelines) for firing in world.play()]

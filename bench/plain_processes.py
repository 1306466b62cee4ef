"""Processes as somebody might write them with SimPy by hand; see plain_simpy.py."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import simpy

START = 2025.6  # all times are years
Process = Generator[simpy.Event, object, None]
Levels = dict[str, set[str]]
Table = dict[str, float]
Outcomes = Table | Callable[["World"], Table] | None  # how likely each is, given or by the levels


class World:
    """The levels of all drivers, what has happened, and the signals that wake processes."""

    def __init__(self, env: simpy.Environment, levels: dict[str, str]) -> None:
        self.env = env
        self.level = dict(levels)
        self.moved = {driver: env.event() for driver in self.level}
        self.fired: dict[str, simpy.Event] = {}
        self.outcome: dict[str, str] = {}
        self.log: list[tuple[str, str, float]] = []

    def holds(self, when: Levels) -> bool:
        """Check whether all drivers stand at one of the levels given for them."""
        return all(self.level[driver] in levels for driver, levels in when.items())

    def set(self, driver: str, level: str) -> None:
        """Move a driver, and wake whoever waits for that."""
        if self.level[driver] != level:
            self.level[driver] = level
            signal, self.moved[driver] = self.moved[driver], self.env.event()
            signal.succeed()

    def fire(self, name: str, sets: dict[str, str], outcomes: Outcomes = None) -> str:
        """Fire an event, and wake whoever waits for it; gives how it turned out."""
        outcome = "true"
        if outcomes:
            table = outcomes(self) if callable(outcomes) else outcomes
            (outcome,) = random.choices(list(table), list(table.values()))
        self.outcome[name] = outcome
        self.log.append((name, outcome, self.env.now))
        for driver, level in sets.items():
            self.set(driver, level)
        signal = self.fired.pop(name, None)
        if signal is not None:
            signal.succeed()
        return outcome

    def change_of(self, drivers: list[str]) -> simpy.Event:
        """Wait for a change of any of some drivers."""
        if len(drivers) == 1:
            return self.moved[drivers[0]]
        return self.env.any_of([self.moved[driver] for driver in drivers])

    def firing_of(self, name: str) -> simpy.Event:
        """Wait for the next firing of an event."""
        return self.fired.setdefault(name, self.env.event())


# --- what an event is, and the process that plays it ----------------------------------------------


@dataclass
class Hazard:
    """Happen at a rate per year, given or by the climate, while a condition holds."""

    name: str
    rate: float | Table
    when: Levels = field(default_factory=dict)
    pace: dict[str, Table] = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    outcomes: Outcomes = None
    repeat: bool = True

    def reads(self) -> list[str]:
        """List the drivers on which the rate depends."""
        by = ["climate"] if isinstance(self.rate, dict) else []
        return list(dict.fromkeys([*by, *self.when, *self.pace]))

    def speed(self, world: World) -> float:
        """Get the rate that counts now."""
        if not world.holds(self.when):
            return 0.0
        rate = self.rate
        speed = rate.get(world.level["climate"], 0.0) if isinstance(rate, dict) else rate
        for driver, factors in self.pace.items():
            speed *= factors.get(world.level[driver], 1.0)
        return speed

    def play(self, world: World) -> Process:
        """Draw anew at each change of level, as a hazard has no memory."""
        env, reads = world.env, self.reads()
        while True:
            speed = self.speed(world)
            waits = [world.change_of(reads)] if reads else []
            due = env.timeout(random.expovariate(speed)) if speed > 0 else None
            if due is not None:
                yield env.any_of([due, *waits]) if waits else due
            else:
                yield waits[0]
            if due is not None and due.processed:
                world.fire(self.name, self.sets, self.outcomes)
                if not self.repeat:
                    return


@dataclass
class Plan:
    """Happen on a date, perhaps at a pace, behind a condition and in a window."""

    name: str
    date: Callable[[], float]
    when: Levels = field(default_factory=dict)
    pace: dict[str, Table] = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    outcomes: Outcomes = None
    after: str = ""
    windows: list[tuple[float, float]] = field(default_factory=list)

    def play(self, world: World) -> Process:
        """Work until the date, then wait for condition and window."""
        env = world.env
        left = max(0.0, self.date() - START)
        while left > 0:
            speed = 1.0
            for driver, factors in self.pace.items():
                speed *= factors.get(world.level[driver], 1.0)
            begun, due = env.now, env.timeout(left / speed)
            yield env.any_of([due, world.change_of(list(self.pace))]) if self.pace else due
            left = 0.0 if due.processed else left - (env.now - begun) * speed
        while self.after and self.after not in world.outcome:
            yield world.firing_of(self.after)
        while True:
            moment = self.opening(env.now)
            if moment is None:
                return
            if moment > env.now:
                yield env.timeout(moment - env.now)
            elif world.holds(self.when):
                break
            else:
                yield world.change_of(list(self.when))
        world.fire(self.name, self.sets, self.outcomes)

    def opening(self, now: float) -> float | None:
        """Find when a window is open next."""
        if not self.windows:
            return now
        return next(
            (max(now, low - START) for low, high in self.windows if now <= high - START), None
        )


@dataclass
class Calendar:
    """Happen again and again, each time so long after the last."""

    name: str
    first: float
    then: Callable[[], float]
    when: Levels = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    outcomes: Outcomes = None

    def play(self, world: World) -> Process:
        """Wait for the date, then for the condition."""
        yield world.env.timeout(self.first - START)
        while True:
            while not world.holds(self.when):
                yield world.change_of(list(self.when))
            world.fire(self.name, self.sets, self.outcomes)
            yield world.env.timeout(self.then())


@dataclass
class Follow:
    """Happen at a firing of another event, or so long after it; a new trigger begins it anew."""

    name: str
    upon: list[str]
    takes: Callable[[], float] | None = None
    when: Levels = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    outcomes: Outcomes = None
    repeat: bool = True

    def play(self, world: World) -> Process:
        """Wait for a trigger, then for the time it takes."""
        env = world.env
        while True:
            yield self.trigger(world)
            done = self.takes is None
            while self.takes is not None and not done:
                due, again = env.timeout(self.takes()), self.trigger(world)
                yield env.any_of([due, again])
                done = due.processed
            if world.holds(self.when):
                self.happen(world)
                if not self.repeat:
                    return

    def happen(self, world: World) -> None:
        """Fire."""
        world.fire(self.name, self.sets, self.outcomes)

    def trigger(self, world: World) -> simpy.Event:
        """Wait for any of the triggers."""
        signals = [world.firing_of(name) for name in self.upon]
        return signals[0] if len(signals) == 1 else world.env.any_of(signals)


@dataclass
class Arrival:
    """Happen as soon as a driver stands at a level, or so long after it."""

    name: str
    when: Levels
    takes: Callable[[], float] | None = None
    sets: dict[str, str] = field(default_factory=dict)
    outcomes: Outcomes = None
    repeat: bool = False

    def play(self, world: World) -> Process:
        """Wait for the condition, then for the time it takes."""
        while True:
            while not world.holds(self.when):
                yield world.change_of(list(self.when))
            if self.takes is not None:
                yield world.env.timeout(self.takes())
            if world.holds(self.when):
                world.fire(self.name, self.sets, self.outcomes)
                if not self.repeat:
                    return
                if self.takes is None:
                    yield world.change_of(list(self.when))

"""The world of model72.py as somebody might write it with SimPy by hand; see plain_processes.py."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import partial

import model72
import plain_processes as plain
import simpy
from model72 import By, Levels, Result
from plain_processes import START, Table

Firing = tuple[int, str, str, float]  # run, event, outcome, years since the start


class World(plain.World):
    """The levels, and how restless the forces of this timeline are."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env, model72.FIRST_LEVELS)
        self.restlessness = random.uniform(*model72.RESTLESSNESS)


class Move(plain.Hazard):
    """Move a force, in a restless timeline more often."""

    def speed(self, world: World) -> float:
        """Get the rate that counts now."""
        return super().speed(world) * world.restlessness


@dataclass
class Flight(plain.Follow):
    """Follow another event, and set levels where that fails."""

    failing_sets: dict[str, str] = field(default_factory=dict)

    def happen(self, world: World) -> None:
        """Fire, and pay for a failure."""
        if world.fire(self.name, self.sets, self.outcomes) == "fails":
            for driver, level in self.failing_sets.items():
                world.set(driver, level)


def process_of(event: model72.Event) -> plain.Process:
    """Write one row of the table as a process."""
    if isinstance(event, model72.Hazard):
        make = Move if event.restless else plain.Hazard
        pace = {event.pace.driver: event.pace.numbers}
        when = _sets(event.when)
        return make(event.name, event.rate, when, pace, event.sets, repeat=event.repeat)
    if isinstance(event, model72.Calendar):
        then = partial(random.uniform, *event.then)
        return plain.Calendar(event.name, START + event.first, then, _sets(event.when))
    if isinstance(event, model72.Follow):
        return _follow(event)
    return plain.Plan(
        event.name,
        partial(_date, event.planned, *event.growth),
        pace={event.pace.driver: event.pace.numbers},
        outcomes=_outcomes(event.result),
        after=event.after or "",
        windows=[(START + first, START + last) for first, last in event.windows],
    )


def _follow(event: model72.Follow) -> plain.Follow:
    takes = partial(random.uniform, *event.takes) if event.takes else None
    when, upon, result = _sets(event.when), [event.upon], event.result
    if result is None:
        return plain.Follow(event.name, upon, takes, when, event.sets)
    outcomes = _outcomes(result)
    return Flight(event.name, upon, takes, when, event.sets, outcomes, True, result.failing_sets)


def _date(planned: float, median: float, sigma: float) -> float:
    return START + planned * median * random.lognormvariate(0.0, sigma)


def _outcomes(result: Result) -> plain.Outcomes:
    def chances(world: plain.World) -> Table:
        works = result.works.numbers[_level(world, result.works)]
        return {"works": works, "fails": 1 - works}

    return chances


def _level(world: plain.World, by: By) -> str:
    return world.level.get(by.driver) or world.outcome.get(by.driver, "false")


def _sets(when: Levels) -> plain.Levels:
    return {driver: set(levels) for driver, levels in when.items()}


PROCESSES = [process_of(event) for event in model72.EVENTS]


def play(timelines: int) -> list[Firing]:
    """Play some timelines; gives their firings."""
    log = []
    for run in range(timelines):
        env = simpy.Environment()
        world = World(env)
        for process in PROCESSES:
            env.process(process.play(world))
        env.run(until=model72.YEARS)
        log += [(run, *firing) for firing in world.log]
    return log

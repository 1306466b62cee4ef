"""One run in two scenarios: where the two timelines diverge, and what differs from then on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from coopsim.simulation.program import Program
from coopsim.simulation.watching import Step, Touch, WatchedRun

FirstFiring = tuple[str, str, int]  # event, outcome, epoch second


@dataclass(frozen=True, slots=True)
class WatchedSide:
    """One of the two timelines with its program."""

    program: Program
    history: WatchedRun

    def told(self) -> list[Step]:
        """List the firings that are recorded."""
        steps = self.history.steps
        return [step for step in steps if not self.program.events[step.event].hidden]

    def name(self, step: Step) -> str:
        """Name the event of a firing."""
        return self.program.events[step.event].name

    def outcome(self, step: Step) -> str:
        """Name how a firing turned out."""
        return self.program.events[step.event].outcomes[step.outcome].name

    def facts(self, step: Step) -> FirstFiring:
        """Get the event, the outcome and the epoch second of a firing."""
        return self.name(step), self.outcome(step), self.program.start + step.time

    def first_levels(self) -> dict[str, str]:
        """Name the level at which each driver starts."""
        drivers = zip(self.program.drivers, self.history.initial, strict=True)
        return {driver.name: driver.levels[level] for driver, level in drivers}


@dataclass(frozen=True, slots=True)
class FiringDifference:
    """The first firing of an event that is another on the two sides.

    It is the `number`-th, from 1; None where a side has no such firing. `left_count` and
    `right_count` are how often the event fires in all. `after` names the events that differ too
    and have reached into its clock before; where it is empty, the assumptions differ directly, or
    the levels from which its outcome is drawn.
    """

    event: str
    number: int
    left: Step | None
    right: Step | None
    left_count: int
    right_count: int
    after: tuple[str, ...] = ()

    @property
    def moment(self) -> int:
        """Get the second, since the start, from which on the two sides differ in this event."""
        return min(step.time for step in (self.left, self.right) if step is not None)

    @property
    def settled(self) -> int:
        """Get the second at which both sides have had the firing, if both do."""
        return max(step.time for step in (self.left, self.right) if step is not None)


@dataclass(frozen=True, slots=True)
class Divergence:
    """How two timelines of one run differ.

    `levels` are the drivers that start at different levels: (driver, left, right). `common`
    counts the firings before the first that is not the same. The differences are by their moment:
    the first is where the timelines diverge.
    """

    levels: tuple[tuple[str, str | None, str | None], ...]
    common: int
    differences: tuple[FiringDifference, ...]


def divergence(left: WatchedSide, right: WatchedSide) -> Divergence:
    """Find where two timelines diverge and every event that goes otherwise from there on."""
    ours, theirs = left.told(), right.told()
    found = sorted(_differences(left, right), key=lambda each: each.moment)
    reached = _reached(left, right)
    return Divergence(
        levels=tuple(_other_levels(left.first_levels(), right.first_levels())),
        common=_common([left.facts(step) for step in ours], [right.facts(step) for step in theirs]),
        differences=tuple(replace(each, after=_after(each, reached)) for each in found),
    )


def _common(ours: list[FirstFiring], theirs: list[FirstFiring]) -> int:
    pairs = enumerate(zip_longest(ours, theirs))
    return next((number for number, (a, b) in pairs if a != b), len(ours))


def _other_levels(
    left: dict[str, str], right: dict[str, str]
) -> Iterator[tuple[str, str | None, str | None]]:
    for driver in dict.fromkeys([*left, *right]):
        if left.get(driver) != right.get(driver):
            yield driver, left.get(driver), right.get(driver)


def _differences(left: WatchedSide, right: WatchedSide) -> Iterator[FiringDifference]:
    ours, theirs = _by_event(left), _by_event(right)
    for event in dict.fromkeys([*ours, *theirs]):
        here, there = ours.get(event, []), theirs.get(event, [])
        for number, (a, b) in enumerate(zip_longest(here, there), start=1):
            if a is None or b is None or left.facts(a) != right.facts(b):
                yield FiringDifference(event, number, a, b, len(here), len(there))
                break


def _by_event(side: WatchedSide) -> dict[str, list[Step]]:
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for step in side.told():
        found[side.name(step)].append(step)
    return found


def _reached(left: WatchedSide, right: WatchedSide) -> defaultdict[str, list[tuple[int, str]]]:
    """Find when which firings that only one side has reached into each event's clock."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for side, other in ((left, right), (right, left)):
        theirs = {other.facts(step) for step in other.told()}
        for step in side.told():
            if side.facts(step) not in theirs:
                for touch in step.touched:
                    found[_owner(side, touch)].append((step.time, side.name(step)))
    return found


def _owner(side: WatchedSide, touch: Touch) -> str:
    """Name the event of a clock; that of a lag is its owner's."""
    event = side.program.events[touch.event]
    if not event.hidden:
        return event.name
    return event.name.removeprefix("events.").partition(".after.")[0]


def _after(
    difference: FiringDifference, reached: defaultdict[str, list[tuple[int, str]]]
) -> tuple[str, ...]:
    by = [name for time, name in sorted(reached[difference.event]) if time <= difference.settled]
    return tuple(dict.fromkeys(name for name in by if name != difference.event))

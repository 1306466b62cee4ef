"""The program of a scenario: integer-indexed tables that every engine reads.

Names, units and sugar end here. A *variable* is anything that has a level: the drivers
first, then every event (its level 0 is `false`, level i its i-th outcome). An engine sees
variables, levels, streams and seconds since the start, all of them integers, and floats for work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from coopsim.scenario.notation.distributions import Distribution


class Timing(Enum):
    """What makes an event's clock run."""

    IMMEDIATE = "immediate"
    TAKES = "takes"
    RATE = "rate"
    DATE = "date"
    CALENDAR = "calendar"


ORDER = {timing: order for order, timing in enumerate(Timing)}
GUARDED = (Timing.TAKES, Timing.RATE)  # their clocks run only while the condition holds


class Test(NamedTuple):
    """A test of whether a variable is at one of the levels whose bit is set in the mask."""

    variable: int
    mask: int


# Any of the rows must hold; a row holds where all its tests do. The empty row always holds.
IndexedCondition = tuple[tuple[Test, ...], ...]
ALWAYS: IndexedCondition = ((),)


ONE, ZERO = 0, 1  # where these two stand among the numbers of every program


def tested(condition: IndexedCondition) -> frozenset[int]:
    """Collect the variables that a condition tests."""
    return frozenset(test.variable for row in condition for test in row)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One uncertain number: a distribution inverted at the uniform of a stream.

    A constant has no stream. The value counts from `origin`. With `luck`, the uniform is mixed
    with the run's shared number of that stream. The drawn value is clipped to [low, high].
    """

    distribution: Distribution
    stream: int | None = None
    luck: int | None = None
    share: float = 0.0
    origin: float = 0.0
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ClockWork:
    """The work of one arming in seconds: base x growth, at least `floor`.

    A date's floor is its `not_before`, which gates the firing too.
    """

    base: Quantity
    growth: Quantity | None = None
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Factor:
    """A number that multiplies a speed, or an outcome's chance, while a condition holds."""

    when: IndexedCondition
    number: int

    @property
    def reads(self) -> frozenset[int]:
        """Collect the variables that it hangs on."""
        return tested(self.when)

    @property
    def numbers(self) -> tuple[int, ...]:
        """List the numbers that it may be."""
        return (self.number,)


@dataclass(frozen=True, slots=True)
class LevelTable:
    """A number for each level of a variable; without a variable there is one number."""

    variable: int | None
    numbers: tuple[int, ...]

    @property
    def reads(self) -> frozenset[int]:
        """Collect the variable that it hangs on, if there is one."""
        return frozenset(() if self.variable is None else (self.variable,))


@dataclass(frozen=True, slots=True)
class IndexedCases:
    """Cases, of which the first whose condition holds gives its number; the last always does."""

    cases: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """A driver set to a level, or shifted by some levels, stopping at the ends."""

    driver: int
    level: int | None
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event can turn out to be; chance None is what the others leave."""

    name: str
    chance: LevelTable | IndexedCases | None
    odds: tuple[Factor, ...]
    effects: tuple[LevelEffect, ...]

    @property
    def chances(self) -> tuple[Factor | LevelTable, ...]:
        """List what may give its chance: the first that counts does, and without any the rest."""
        if isinstance(self.chance, IndexedCases):
            return self.chance.cases
        return () if self.chance is None else (self.chance,)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Recurring moments: `first`, then by calendar months, by seconds, or by a draw.

    Exactly one of months, seconds and then is set.
    """

    first: Quantity
    months: int = 0
    seconds: int = 0
    then: Quantity | None = None


@dataclass(frozen=True, slots=True)
class IndexedTrigger:
    """What triggers an event: a firing, or an entry into a level.

    Without a mask it is every firing of `variable`; with one, its entry into a level of the mask:
    from below only (direction 1), from above (-1), or from either side (0).
    """

    variable: int
    mask: int | None = None
    direction: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """All that an engine must know of one event; `variable` is its own level's index."""

    name: str
    variable: int
    timing: Timing
    outcomes: tuple[Outcome, ...]
    effects: tuple[LevelEffect, ...] = ()
    condition: IndexedCondition = ALWAYS
    opens: int = 0  # the condition also needs opens <= t
    closes: int | None = None  # and t < closes
    windows: tuple[tuple[int, int], ...] | None = None  # seconds, both ends open to a firing
    works: tuple[ClockWork | None, ...] = ()  # takes, date: one, or one per level of `dated_by`
    dated_by: int | None = None
    hazard: int | None = None  # the stream of the unit exponential
    rate: LevelTable | None = None  # per second
    calendar: Recurrence | None = None
    pace: tuple[Factor | LevelTable, ...] = ()
    triggers: tuple[IndexedTrigger, ...] | None = None
    repeat: bool = False
    forgets: bool = False  # memory: enabling
    draws: int | None = None  # the stream of the outcome
    hidden: bool = False  # a lag: neither recorded nor counted

    @property
    def factors(self) -> tuple[Factor | LevelTable, ...]:
        """List what makes the speed, in the order in which it is multiplied: the rate first."""
        return self.pace if self.rate is None else (self.rate, *self.pace)


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver's levels, lowest first, and how its first one is drawn."""

    name: str
    levels: tuple[str, ...]
    stream: int | None
    cumulative: tuple[float, ...]  # chance of being at this level or a lower one


@dataclass(frozen=True, slots=True)
class Program:
    """A whole scenario as tables; times are seconds since `start` (itself since 1970)."""

    scenario: str
    seed: int
    start: int
    horizon: int  # firings count at 0 <= t < horizon
    drivers: tuple[Driver, ...]
    events: tuple[Event, ...]  # in declaration order, which settles ties
    streams: tuple[str, ...]
    numbers: tuple[float, ...]  # constants; the uncertain ones are drawn once per run
    per_run: tuple[tuple[int, Quantity], ...]  # (index into numbers, how it is drawn)
    readers: tuple[tuple[int, ...], ...]  # variable -> the events whose clocks read it
    listeners: tuple[tuple[tuple[int, IndexedTrigger], ...], ...]  # variable -> (event, trigger)

    def __hash__(self) -> int:
        # Of what differs where something is varied: all of it would take as long as ten timelines.
        return hash((self.scenario, self.seed, self.horizon, self.numbers))

    def levels_of(self, variable: int) -> tuple[str, ...]:
        """List the levels of a variable, lowest first."""
        if variable < len(self.drivers):
            return self.drivers[variable].levels
        outcomes = self.events[variable - len(self.drivers)].outcomes
        return ("false", *(outcome.name for outcome in outcomes))

    def days_that_turn(self) -> list[tuple[int, int]]:
        """List (moment, event) where an event's `from`, `until` or `not_before` takes effect."""
        turns: set[tuple[int, int]] = set()
        for index, event in enumerate(self.events):
            moments = {int(work.floor) for work in event.works if work is not None} | {event.opens}
            moments |= set() if event.closes is None else {event.closes}
            turns |= {(moment, index) for moment in moments if 0 < moment < self.horizon}
        return sorted(turns)


def _reads(event: Event) -> set[int]:
    """Collect the variables on which an event's clock depends."""
    read = set(tested(event.condition)).union(*(factor.reads for factor in event.factors))
    return read if event.dated_by is None else read | {event.dated_by}


def readers_of(events: Sequence[Event], variables: int) -> tuple[tuple[int, ...], ...]:
    """List for each variable the events whose clocks read it."""
    readers: list[list[int]] = [[] for _ in range(variables)]
    for index, event in enumerate(events):
        for variable in _reads(event):
            readers[variable].append(index)
    return tuple(map(tuple, readers))


def listeners_of(
    events: Sequence[Event], variables: int
) -> tuple[tuple[tuple[int, IndexedTrigger], ...], ...]:
    """List for each variable the events that listen to it, with their triggers."""
    listening: list[list[tuple[int, IndexedTrigger]]] = [[] for _ in range(variables)]
    for index, event in enumerate(events):
        for trigger in event.triggers or ():
            listening[trigger.variable].append((index, trigger))
    return tuple(map(tuple, listening))

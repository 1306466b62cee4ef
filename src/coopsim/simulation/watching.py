"""Timelines watched while they are played: what released each firing, and what it set in motion.

The reference engine is watched from outside, by subclasses of its timeline and its clocks, so
that it costs nothing where nobody looks. The timelines are the same to the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import simpy

from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import GUARDED, Event, Factor, LevelTable, Program, Test
from coopsim.simulation.simpy_model import Clock, Timeline


class CauseKind(StrEnum):
    """What an event had to wait for last.

    CLOCK: its own date or duration, with nothing else in the way. CONDITION: a level or another
    event. TRIGGER: what sets it off. WINDOW: that one opened. DAY: its `from` or `not_before`.
    """

    CLOCK = "clock"
    CONDITION = "condition"
    TRIGGER = "trigger"
    WINDOW = "window"
    DAY = "day"


class Cause(NamedTuple):
    """What released an event last.

    `variable` is what turned, to a level of the `mask`, or what triggered; `step` is the
    number in the history of the firing that did it.
    """

    kind: CauseKind
    variable: int | None = None
    mask: int | None = None
    step: int | None = None


class ClockEffect(StrEnum):
    """What a firing did to another event's clock."""

    SET_OFF = "set off"
    RELEASED = "released"
    SPED_UP = "sped up"
    SLOWED = "slowed"
    STOPPED = "stopped"
    MOVED = "given another date"


class Touch(NamedTuple):
    """What a firing did to a clock; `done` is when its work will be done as things stand."""

    event: int
    effect: ClockEffect
    old_speed: float
    speed: float
    done: int | None


class LevelChange(NamedTuple):
    """The level from which, and that to which, a firing moved a driver."""

    driver: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Step:
    """One firing, hidden lags included; times are seconds since the start.

    `due` is when its clock was done. What it touched is in declaration order.
    """

    event: int
    outcome: int
    time: int
    due: int
    cause: Cause
    changes: tuple[LevelChange, ...]
    touched: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an event that has never fired was waiting for at the horizon.

    `tests` are what its condition lacked; `done` is when its clock would be done as things stood.
    """

    event: int
    kind: CauseKind
    tests: tuple[Test, ...] = ()
    done: int | None = None


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """One run as it was watched: the first levels, every firing, and what never came."""

    run: int
    initial: tuple[int, ...]
    steps: tuple[Step, ...]
    waiting: tuple[Waiting, ...]


def watch(program: Program, first_run: int, runs: int) -> Iterator[WatchedRun]:
    """Play the runs first_run <= run < first_run + runs and watch them, one at a time.

    Raises CoopsimError where a run never comes to an end.
    """
    draws = Draws(program.seed, program.streams, first_run, runs)
    turns = program.days_that_turn()
    for run in range(first_run, first_run + runs):
        yield WatchedTimeline(program, draws, run).history(turns)


def recorded(program: Program, history: WatchedRun) -> Firings:
    """Get the recorded firings of a watched run, as the engine gives them."""
    recorded = [step for step in history.steps if not program.events[step.event].hidden]
    columns = (
        [history.run] * len(recorded),
        [step.event for step in recorded],
        [step.outcome for step in recorded],
        [step.time for step in recorded],
    )
    return Firings.from_lists(history.run, 1, columns)


@dataclass(slots=True)
class _Now:
    """What is happening: a firing with the levels before it, or, without one, a day."""

    step: int | None
    fired: int | None
    before: list[int]


class WatchedTimeline(Timeline):
    """Play one run and note down every firing, its cause and its effects."""

    def __init__(self, program: Program, draws: Draws, run: int) -> None:
        super().__init__(program, draws, run)
        self.watched = [WatchedClock(self, index, one) for index, one in enumerate(program.events)]
        self.clocks = [*self.watched]
        self.steps: list[Step] = []
        self.now: _Now | None = None
        self.touched: list[Touch] = []

    def history(self, turns: list[tuple[int, int]]) -> WatchedRun:
        """Run to the horizon, and look at what is still waiting there."""
        initial = tuple(self.levels[: len(self.program.drivers)])
        self.play(turns)
        unfired = [clock for clock in self.watched if not clock.fired and not clock.event.hidden]
        waiting = tuple(_waiting(clock) for clock in unfired)
        return WatchedRun(self.run, initial, tuple(self.steps), waiting)

    def fire(self, clock: Clock) -> None:
        """Fire an event as the engine does, and record it."""
        assert isinstance(clock, WatchedClock)
        cause, due, time = clock.binding_cause(), clock.due, int(self.env.now)
        before = list(self.levels)
        self.now, self.touched = _Now(len(self.steps), clock.event.variable, before), []
        super().fire(clock)
        self.now = None
        outcome = self.levels[clock.event.variable] - 1
        due = time if due is None else due
        changes, touched = self._changes(before), tuple(self.touched)
        self.steps.append(Step(clock.index, outcome, time, due, cause, changes, touched))

    def _changes(self, before: list[int]) -> tuple[LevelChange, ...]:
        drivers = zip(before, self.levels[: len(self.program.drivers)], strict=False)
        return tuple(LevelChange(i, old, new) for i, (old, new) in enumerate(drivers) if old != new)

    # --- who did it ---------------------------------------------------------------------------

    def release(self, event: Event) -> Cause:
        """Find what has just let an event's clock run, or fire."""
        if self.now is None or self.now.step is None:
            return Cause(CauseKind.DAY)
        test = self._turned(event)
        if test is None:
            return Cause(CauseKind.CLOCK)
        return Cause(CauseKind.CONDITION, test.variable, test.mask, self.now.step)

    def _turned(self, event: Event) -> Test | None:
        """Find the test that turned last: of a row that holds only now, or of a speed above 0."""
        assert self.now is not None
        before = self.now.before
        rows: list[tuple[Test, ...]] = []
        if all(_lacking(row, before) for row in event.condition):
            rows = [row for row in event.condition if not _lacking(row, self.levels)]
        for row in [*rows, self.needed_to_run(event)]:
            turned = [test for test in _lacking(row, before) if _passes(test, self.levels)]
            if turned:
                return turned[0]
        return None

    def needed_to_run(self, event: Event) -> tuple[Test, ...]:
        """List the levels, beside the condition, without which an event's speed is 0."""
        factors = event.pace if event.rate is None else (event.rate, *event.pace)
        needed = (self._needed(factor) for factor in factors)
        return tuple(test for test in needed if test is not None)

    def _needed(self, factor: Factor | LevelTable) -> Test | None:
        if isinstance(factor, LevelTable):
            at = enumerate(factor.numbers)
            running = sum(1 << level for level, number in at if self.numbers[number] > 0)
            return None if factor.variable is None else Test(factor.variable, running)
        if self.numbers[factor.number] > 0 or not any(factor.when[:1]):
            return None
        variable, mask = factor.when[0][0]
        return Test(variable, (1 << len(self.program.levels_of(variable))) - 1 & ~mask)

    def trigger_of(self, event: Event) -> Cause:
        """Find what has just set an event off."""
        now, levels = self.now, self.levels
        assert now is not None
        trigger = next(
            trigger
            for trigger in event.triggers or ()
            if trigger.variable == now.fired
            or (trigger.mask and levels[trigger.variable] != now.before[trigger.variable])
        )
        return Cause(CauseKind.TRIGGER, trigger.variable, trigger.mask, now.step)

    def touch(self, clock: Clock, effect: ClockEffect, old_speed: float) -> None:
        """Note what the firing that is happening does to a clock."""
        if self.now is not None and self.now.fired != clock.event.variable:
            self.touched.append(Touch(clock.index, effect, old_speed, clock.speed, clock.done))


class _Gate(StrEnum):
    FREE = "free"
    HELD = "held"
    WINDOW = "window"


class WatchedClock(Clock):
    """Run an event's clock as the engine does, and remember what released it last."""

    timeline: WatchedTimeline

    def __init__(self, timeline: WatchedTimeline, index: int, event: Event) -> None:
        super().__init__(timeline, index, event)
        self.cause = Cause(CauseKind.CLOCK)
        self.due: int | None = None  # when its work was done
        self._gate = _Gate.FREE  # what kept it from firing since

    def binding_cause(self) -> Cause:
        """Get what released it last; a date drawn before its `not_before` waits for that day."""
        floor = self._floor()
        floored = floor > 0 and self.due is not None and self.due <= floor
        return (
            Cause(CauseKind.DAY) if floored and self.cause.kind is CauseKind.CLOCK else self.cause
        )

    def _set_work(self, left: float | None) -> None:
        self.cause, self.due, self._gate = Cause(CauseKind.CLOCK), None, _Gate.FREE
        super()._set_work(left)

    def trigger(self) -> None:
        """Take a trigger; it is the cause where it arms the clock or makes the event due."""
        alarm, armings = self.alarm, self.armings
        super().trigger()
        if self.armings > armings or self.alarm is not alarm:
            self.cause = self.timeline.trigger_of(self.event)
            self.timeline.touch(self, ClockEffect.SET_OFF, 0.0)

    def refresh(self, changed: list[int]) -> None:
        """React to changed levels; where work is lost while stopped, they may arm it."""
        armings, left, speed = self.armings, self.left, self.speed
        super().refresh(changed)
        if self.armings > armings:
            self.cause = self.timeline.release(self.event)
            self.timeline.touch(self, ClockEffect.RELEASED, 0.0)
        elif left is not None and self.left is None and self.event.forgets:
            self.timeline.touch(self, ClockEffect.STOPPED, speed)

    def turn_day(self, turned: simpy.Event) -> None:
        """React to a day that turned."""
        self.timeline.now = _Now(None, None, [])
        super().turn_day(turned)
        self.timeline.now = None

    def _change_date(self) -> None:
        done = self.done
        super()._change_date()
        if self.left == 0.0:  # the new date is past: the change of level makes it due
            level = self.timeline.levels[self.event.dated_by or 0]
            step = None if self.timeline.now is None else self.timeline.now.step
            self.cause = Cause(CauseKind.CONDITION, self.event.dated_by, 1 << level, step)
        if self.done != done:
            self.timeline.touch(self, ClockEffect.MOVED, self.speed)

    def _change_speed(self, speed: float) -> None:
        old, working = self.speed, self.due is None
        super()._change_speed(speed)
        if speed != old and working:
            if old == 0.0:
                self.cause = self.timeline.release(self.event)
            self.timeline.touch(self, _effect(old, speed), old)

    def _earliest_firing(self) -> int | None:
        moment, now = super()._earliest_firing(), int(self.env.now)
        self.due = now if self.due is None else self.due
        if moment is None:
            self._gate = _Gate.HELD
        elif moment > now:
            self._gate = _Gate.WINDOW
        else:
            self._pass_gate()
        return moment

    def _pass_gate(self) -> None:
        if self._gate is _Gate.HELD:
            self.cause = self.timeline.release(self.event)
            self.timeline.touch(self, ClockEffect.RELEASED, self.speed)
        elif self._gate is _Gate.WINDOW:
            self.cause = Cause(CauseKind.WINDOW)
        self._gate = _Gate.FREE


def _effect(old: float, speed: float) -> ClockEffect:
    if old == 0.0:
        return ClockEffect.RELEASED
    if speed == 0.0:
        return ClockEffect.STOPPED
    return ClockEffect.SPED_UP if speed > old else ClockEffect.SLOWED


def _passes(test: Test, levels: list[int]) -> bool:
    return bool(test.mask >> levels[test.variable] & 1)


def _lacking(tests: Iterable[Test], levels: list[int]) -> tuple[Test, ...]:
    return tuple(test for test in tests if not _passes(test, levels))


# --- what never came --------------------------------------------------------------------------


def _waiting(clock: WatchedClock) -> Waiting:
    """Find what an event that has not fired was waiting for when the horizon came."""
    event, now = clock.event, int(clock.env.now)
    levels = clock.timeline.levels
    lacking = min((_lacking(row, levels) for row in event.condition), key=len, default=())
    for day, closed in ((event.opens, now < event.opens), (event.closes, _is_over(event, now))):
        if closed:
            return Waiting(clock.index, CauseKind.DAY, lacking, day)
    if clock.left is None:
        return _unarmed(clock, lacking)
    if clock.due is None and event.timing not in GUARDED:
        return Waiting(clock.index, CauseKind.CLOCK, lacking, clock.done)
    lacking = lacking or _lacking(clock.timeline.needed_to_run(event), levels)
    return Waiting(clock.index, _kind_of_wait(clock, lacking), lacking, clock.done)


def _is_over(event: Event, now: int) -> bool:
    return event.closes is not None and now >= event.closes


def _kind_of_wait(clock: WatchedClock, lacking: tuple[Test, ...]) -> CauseKind:
    if lacking or not clock.event.condition:  # without a row it can never hold
        return CauseKind.CONDITION
    if clock.due is None:
        return CauseKind.CLOCK
    return CauseKind.DAY if clock.event.windows is None else CauseKind.WINDOW


def _unarmed(clock: WatchedClock, lacking: tuple[Test, ...]) -> Waiting:
    event = clock.event
    if event.triggers is not None:
        return Waiting(clock.index, CauseKind.TRIGGER, lacking)
    if event.dated_by is not None:
        dated = sum(1 << level for level, work in enumerate(event.works) if work is not None)
        return Waiting(clock.index, CauseKind.CONDITION, (Test(event.dated_by, dated),))
    return Waiting(clock.index, CauseKind.CONDITION, lacking)

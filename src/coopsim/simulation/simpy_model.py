"""The reference engine: a scenario's program as a SimPy model.

Every event of the scenario owns one `Clock`. A clock that runs has one SimPy event scheduled in
the environment, its `Alarm`, at the second in which its work will be done; when the world
changes its speed, the alarm is cancelled and another one set. SimPy's queue orders alarms of one
second by priority, and a clock's priority is its place in the declaration order: this is how
ties are settled. Comments name the rules of section 4 of docs/language.md.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

import simpy
from simpy.events import EventPriority

from coopsim.errors import CoopsimError
from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import Firings
from coopsim.simulation.limits import (
    LONGEST_WORK,
    MAX_FIRINGS,
    MAX_FIRINGS_OF_ONE,
    endless,
    no_chance,
)
from coopsim.simulation.program import GUARDED, Event, IndexedTrigger, Program, Recurrence, Timing
from coopsim.simulation.sampling import (
    next_date,
    sample,
    sample_work,
    unit_exponential,
    whole_second,
)
from coopsim.simulation.state import State
from coopsim.simulation.windows import next_open

DAYS_TURN = EventPriority(0)  # before any firing of its second (rule 1)


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate the runs first_run <= run < first_run + runs; gives their firings in order.

    Raises CoopsimError where a run never comes to an end.
    """
    draws = Draws(program.seed, program.streams, first_run, runs)
    turns = program.days_that_turn()
    columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for run in range(first_run, first_run + runs):
        for event, outcome, time in Timeline(program, draws, run).play(turns):
            for column, value in zip(columns, (run, event, outcome, time), strict=True):
                column.append(value)
    return Firings.from_lists(first_run, runs, columns)


class Alarm(simpy.Event):
    """An event of SimPy after some seconds, in a given order among those of one second."""

    def __init__(
        self,
        env: simpy.Environment,
        delay: int,
        priority: EventPriority,
        ring: Callable[[simpy.Event], None],
    ) -> None:
        # Without super().__init__(), as simpy.Timeout does it: alarms are what is made most.
        self.env = env
        self.callbacks = [ring]
        self._ok = True
        self._value = None
        env.schedule(self, priority, delay)

    def cancel(self) -> None:
        """Cancel the alarm."""
        self.callbacks = []


class Timeline(State):
    """One run: its state, one clock for each event, the log of firings."""

    def __init__(self, program: Program, draws: Draws, run: int) -> None:
        super().__init__(program, draws, run)
        self.draws, self.run = draws, run
        self.env = simpy.Environment()
        self.firings: list[tuple[int, int, int]] = []
        self.clocks = [Clock(self, index, event) for index, event in enumerate(program.events)]

    def play(self, turns: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """Run to the horizon; gives (event, outcome, seconds since the start) in firing order."""
        for moment, index in turns:
            Alarm(self.env, moment, DAYS_TURN, self.clocks[index].turn_day)
        for clock in self.clocks:
            if clock.event.triggers is None:
                clock.arm()
        self.env.run(until=self.program.horizon)
        return self.firings

    def fire(self, clock: Clock) -> None:
        """Fire an event, with all that follows in the same second (rule 6)."""
        event = clock.event
        outcome = clock.draw_outcome()
        before = self.set_levels(event, outcome)
        self._record(clock, outcome)
        clock.rearm()
        changed = [variable for variable, level in before.items() if self.levels[variable] != level]
        self._refresh(changed)
        self._trigger(event.variable, before, changed)

    def _record(self, clock: Clock, outcome: int) -> None:
        if clock.event.hidden:
            return
        self.firings.append((clock.index, outcome, int(self.env.now)))
        if clock.fired > MAX_FIRINGS_OF_ONE or len(self.firings) >= MAX_FIRINGS:
            raise self._endless(clock)

    def _endless(self, clock: Clock) -> CoopsimError:
        firings = (clock.fired, len(self.firings), int(self.env.now))
        return endless(self.program, self.run, clock.index, firings)

    def _refresh(self, changed: list[int]) -> None:
        """Refresh the clocks that read a changed level."""
        if len(changed) == 1:
            readers: list[int] | tuple[int, ...] = self.program.readers[changed[0]]
        else:
            readers = sorted({index for one in changed for index in self.program.readers[one]})
        for index in readers:
            self.clocks[index].refresh(changed)

    def _trigger(self, fired: int, before: dict[int, int], changed: list[int]) -> None:
        """Serve the triggers that a firing gives, each event once, in declaration order."""
        served = {index for index, trigger in self.program.listeners[fired] if trigger.mask is None}
        for variable in changed:
            for index, trigger in self.program.listeners[variable]:
                if _enters(trigger, before[variable], self.levels[variable]):
                    served.add(index)
        for index in sorted(served):
            self.clocks[index].trigger()


def _enters(trigger: IndexedTrigger, old: int, new: int) -> bool:
    """Check whether a change of level is an entry that the trigger waits for."""
    if trigger.mask is None or not trigger.mask >> new & 1:
        return False
    return trigger.direction == 0 or (new > old) == (trigger.direction > 0)


class Clock:
    """One event's clock: its work left, its speed, and the alarm at which it is done."""

    def __init__(self, timeline: Timeline, index: int, event: Event) -> None:
        self.timeline, self.index, self.event = timeline, index, event
        self.env = timeline.env
        self.priority = EventPriority(index + 1)
        self.left: float | None = None  # seconds of work; None: not armed
        self.speed = 0.0
        self.since = 0  # when `left` was last true
        self.done: int | None = None  # when the work is done at this speed
        self.alarm: Alarm | None = None
        self.armings = 0
        self.fired = 0
        self.first = 0  # of a calendar: where it counts from

    # --- arming -------------------------------------------------------------------------------

    def arm(self) -> None:
        """Set the clock to new work: the next draw of its stream (rule 3)."""
        if self.event.forgets and not self.allowed():
            return
        self.armings += 1
        self._set_work(self._draw_work(self.armings - 1))

    def _draw_work(self, k: int) -> float | None:
        event = self.event
        draws, run = self.timeline.draws, self.timeline.run
        if event.hazard is not None:
            return unit_exponential(event.hazard, draws, run, k)
        if event.calendar is not None:
            return float(self._next_date(event.calendar, k) - self.env.now)
        if event.timing is Timing.IMMEDIATE:
            return 0.0
        at = 0 if event.dated_by is None else self.timeline.levels[event.dated_by]
        work = event.works[at]
        return None if work is None else sample_work(work, draws, run, k)

    def _next_date(self, calendar: Recurrence, k: int) -> int:
        """Find the calendar's next date: its first one, or one strictly later than now."""
        draws, run, now = self.timeline.draws, self.timeline.run, int(self.env.now)
        if k == 0:
            self.first = whole_second(sample(calendar.first, draws, run, 0))
            return max(self.first, 0)
        if calendar.then is not None:
            return now + whole_second(sample(calendar.then, draws, run, k))
        start = self.timeline.program.start
        return next_date(self.first, calendar.months, calendar.seconds, now, start)

    def _set_work(self, left: float | None) -> None:
        self.left = left
        self.since = int(self.env.now)
        self.speed = self._speed_now()
        self._set_done()

    def rearm(self) -> None:
        """Arm the clock again after a firing, if the event can happen again."""
        self._disarm()
        if self.event.repeat and self.event.triggers is None:
            self.arm()

    def _disarm(self) -> None:
        self.left = self.done = None
        self._silence()

    def trigger(self) -> None:
        """Take a trigger: arm the clock again, or be due at once if the condition holds."""
        if self.fired and not self.event.repeat:
            return
        if self.event.timing is Timing.TAKES:
            self.arm()
        elif self.alarm is None and self.allowed():
            self.alarm = Alarm(self.env, 0, self.priority, self._ring)

    # --- running ------------------------------------------------------------------------------

    def allowed(self) -> bool:
        """Check whether the condition holds, days included."""
        event, now = self.event, self.env.now
        if now < event.opens or (event.closes is not None and now >= event.closes):
            return False
        return self.timeline.holds(event.condition)

    def _speed_now(self) -> float:
        """Get the speed: 1 or the rate, times the pace; a date's clock runs in any case."""
        event, timeline = self.event, self.timeline
        if event.timing in GUARDED and not self.allowed():
            return 0.0
        speed = 1.0 if event.rate is None else timeline.product(1.0, (event.rate,))
        return timeline.product(speed, event.pace) if event.pace else speed

    def refresh(self, changed: list[int]) -> None:
        """React to changed levels (rule 4)."""
        event = self.event
        if self.fired and not event.repeat:
            return
        if event.dated_by is not None and event.dated_by in changed:
            self._change_date()
        elif event.forgets and not self.allowed():
            self._disarm()
        elif self.left is not None:
            self._change_speed(self._speed_now())
        elif event.forgets and event.triggers is None:
            self.arm()

    def turn_day(self, _: simpy.Event) -> None:
        """React to a day that turned; no level has changed."""
        self.refresh([])

    def _change_date(self) -> None:
        """Count from now to the date of the new level; earlier slowing is forgotten."""
        date = self._draw_work(0)  # the same number for every level
        self._set_work(None if date is None else max(date - self.env.now, 0.0))

    def _change_speed(self, speed: float) -> None:
        """Pay for the time at the old speed; an unchanged speed leaves no rounding behind."""
        if speed != self.speed:
            self._pay()
            self.speed = speed
            self._set_done()
        elif self._is_done():
            self._wait_or_ring()

    def _is_done(self) -> bool:
        return self.done is not None and self.env.now >= self.done

    def _pay(self) -> None:
        """Subtract the work done since at the old speed; a clock that is done has none left."""
        now = int(self.env.now)
        assert self.left is not None
        if self._is_done():
            self.left = 0.0
        else:
            self.left -= (now - self.since) * self.speed
        self.since = now

    def _set_done(self) -> None:
        """Find when the work will be done at this speed, and set the alarm for it."""
        now = int(self.env.now)
        if self.left is None:
            self.done = None
        elif self.left == 0.0:
            self.done = now
        elif self.left < LONGEST_WORK * self.speed:
            self.done = now + math.ceil(self.left / self.speed)
        else:
            self.done = None
        self._silence()
        if self.done is not None and self.done > now:
            self._set_alarm(self.done)
        elif self.done is not None:
            self._wait_or_ring()

    # --- ringing ------------------------------------------------------------------------------

    def _set_alarm(self, moment: int) -> None:
        if moment < self.timeline.program.horizon:
            delay = moment - int(self.env.now)
            self.alarm = Alarm(self.env, delay, self.priority, self._ring)

    def _silence(self) -> None:
        if self.alarm is not None:
            self.alarm.cancel()
            self.alarm = None

    def _earliest_firing(self) -> int | None:
        """Find when a clock that is done may fire if nothing changes: now, or a window's opening.

        None means that it must wait for the condition, or that no window is left (rule 5).
        """
        now = int(self.env.now)
        if not self.allowed() or now < self._floor():
            return None
        return now if self.event.windows is None else next_open(self.event.windows, now)

    def _floor(self) -> int:
        """Get the `not_before` of the date that counts now; a gate's alarm rings then."""
        event = self.event
        if not event.works:
            return 0
        work = event.works[0 if event.dated_by is None else self.timeline.levels[event.dated_by]]
        return 0 if work is None else int(work.floor)

    def _wait_or_ring(self) -> None:
        """Set the alarm of a clock that is done to the first moment at which it may fire."""
        moment = self._earliest_firing()
        self._silence()
        if moment is not None:
            self._set_alarm(moment)

    def _ring(self, _: simpy.Event) -> None:
        """Fire if the event may do so in this second; if not, wait for it, or let it go."""
        self.alarm = None
        moment = self._earliest_firing()
        if moment == self.env.now:
            self.fired += 1
            self.timeline.fire(self)
        elif moment is not None:
            self._set_alarm(moment)

    def draw_outcome(self) -> int:
        """Draw how the event turns out: chances times odds, as the levels are before it."""
        event, timeline = self.event, self.timeline
        if event.draws is None:
            return 0
        # Added one by one from the left, as sum() rounds in another way from Python 3.12 on.
        reached = list(accumulate(timeline.weights(event.outcomes)))
        if not reached[-1] > 0:
            raise no_chance(timeline.program, timeline.run, self.index, int(self.env.now))
        u = timeline.draws.uniform(event.draws, timeline.run, self.fired - 1)
        # Rounded, the aim may be all of it, past every outcome.
        return min(bisect_right(reached, u * reached[-1]), bisect_left(reached, reached[-1]))

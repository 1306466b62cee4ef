"""The reference engine: a scenario's program as a SimPy model.

Every event of the scenario owns one `Clock`. A clock that runs has one SimPy event scheduled in
the environment, its `Alarm`, at the second in which its work will be done; when the world
changes its speed, the alarm is cancelled and another one set. SimPy's queue orders alarms of one
second by priority, and a clock's priority is its place in the declaration order: this is how
ties are settled. Comments name the rules of section 4 of docs/language.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import simpy
from simpy.events import EventPriority

from coopsim.errors import CoopsimError
from coopsim.scenario.values import format_date
from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import (
    Cases,
    Condition,
    Effect,
    Event,
    Factor,
    LevelTable,
    Outcome,
    Program,
    Timing,
    Trigger,
)
from coopsim.simulation.sampling import (
    initial_levels,
    next_date,
    run_numbers,
    sample,
    sample_work,
    unit_exponential,
)
from coopsim.simulation.windows import next_open

MAX_FIRINGS_OF_ONE = 10_000
MAX_FIRINGS = 100_000
NEVER = 2.0**53  # seconds; no horizon is that far
DAYS_TURN = 0  # the priority of gates: days turn before any firing of their second (rule 1)


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate the runs first_run <= run < first_run + runs; gives their firings in order.

    Raises CoopsimError where a run never comes to an end.
    """
    draws = Draws(program.seed, program.streams, first_run, runs)
    columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for run in range(first_run, first_run + runs):
        for event, outcome, time in Timeline(program, draws, run).play():
            for column, value in zip(columns, (run, event, outcome, time), strict=True):
                column.append(value)
    return Firings.from_lists(first_run, runs, columns)


class Alarm(simpy.Event):
    """Ring after some seconds, in a given order among the alarms of one second."""

    def __init__(
        self, env: simpy.Environment, delay: int, priority: int, ring: Callable[[simpy.Event], None]
    ) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self.callbacks = [ring]
        env.schedule(self, EventPriority(priority), delay)

    def cancel(self) -> None:
        """Let the alarm pass unheard."""
        self.callbacks = []


class Timeline:
    """Play one run: the levels of all variables, one clock for each event, the log of firings."""

    def __init__(self, program: Program, draws: Draws, run: int) -> None:
        self.program, self.draws, self.run = program, draws, run
        self.env = simpy.Environment()
        self.levels = initial_levels(program, draws, run)
        self.numbers = run_numbers(program, draws, run)
        self.firings: list[tuple[int, int, int]] = []
        self.clocks = [Clock(self, index, event) for index, event in enumerate(program.events)]

    def play(self) -> list[tuple[int, int, int]]:
        """Run to the horizon; gives (event, outcome, seconds since the start) in firing order."""
        for clock in self.clocks:
            clock.start()
        self.env.run(until=self.program.horizon)
        return self.firings

    def holds(self, condition: Condition) -> bool:
        """Tell whether any row of a condition holds now."""
        levels = self.levels
        for row in condition:
            for variable, mask in row:
                if not mask >> levels[variable] & 1:
                    break
            else:
                return True
        return False

    def number(self, table: LevelTable) -> float:
        """Get a number by the level its variable has now."""
        at = 0 if table.variable is None else self.levels[table.variable]
        return self.numbers[table.numbers[at]]

    def product(self, amount: float, factors: tuple[Factor | LevelTable, ...]) -> float:
        """Multiply by every factor that counts now, in written order."""
        for factor in factors:
            if isinstance(factor, LevelTable):
                amount *= self.number(factor)
            elif self.holds(factor.when):
                amount *= self.numbers[factor.number]
        return amount

    def fire(self, clock: Clock) -> None:
        """Let an event happen, with all that follows in the same second (rule 6)."""
        event = clock.event
        outcome = clock.draw_outcome()
        before = self._set_levels(event, outcome)
        self._record(clock, outcome)
        clock.rearm()
        changed = [variable for variable, level in before.items() if self.levels[variable] != level]
        self._refresh(changed)
        self._trigger(event.variable, before, changed)

    def _set_levels(self, event: Event, outcome: int) -> dict[int, int]:
        """Set the event's own level and apply its effects; gives the levels there were before."""
        before = {event.variable: self.levels[event.variable]}
        self.levels[event.variable] = outcome + 1
        for effect in event.effects + event.outcomes[outcome].effects:
            before.setdefault(effect.driver, self.levels[effect.driver])
            self.levels[effect.driver] = self._level_after(effect)
        return before

    def _level_after(self, effect: Effect) -> int:
        if effect.level is not None:
            return effect.level
        highest = len(self.program.drivers[effect.driver].levels) - 1
        return min(max(self.levels[effect.driver] + effect.shift, 0), highest)

    def _record(self, clock: Clock, outcome: int) -> None:
        if clock.event.hidden:
            return
        self.firings.append((clock.index, outcome, int(self.env.now)))
        if clock.fired > MAX_FIRINGS_OF_ONE or len(self.firings) >= MAX_FIRINGS:
            raise self._endless(clock)

    def _endless(self, clock: Clock) -> CoopsimError:
        date = format_date(self.program.start + int(self.env.now))
        return CoopsimError(
            f"run {self.run} does not end: '{clock.event.name}' fired {clock.fired:,} times, "
            f"all events {len(self.firings):,} times, by {date}"
        )

    def _refresh(self, changed: list[int]) -> None:
        """Let the clocks that read a changed level take notice of it."""
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


def _enters(trigger: Trigger, old: int, new: int) -> bool:
    """Tell whether a change of level is an entry that the trigger waits for."""
    if trigger.mask is None or not trigger.mask >> new & 1:
        return False
    return trigger.direction == 0 or (new > old) == (trigger.direction > 0)


class Clock:
    """Run one event's clock: its work left, its speed, and the alarm at which it is done."""

    def __init__(self, timeline: Timeline, index: int, event: Event) -> None:
        self.timeline, self.index, self.event = timeline, index, event
        self.env = timeline.env
        self.left: float | None = None  # seconds of work; None: not armed
        self.speed = 0.0
        self.since = 0  # when `left` was last true
        self.done: int | None = None  # when the work is done at this speed
        self.alarm: Alarm | None = None
        self.armings = 0
        self.fired = 0
        self.first = 0  # of a calendar: where it counts from

    # --- arming -------------------------------------------------------------------------------

    def start(self) -> None:
        """Arm the clock at the start, unless a trigger will, and watch for the days that turn."""
        for moment in self._gates():
            if 0 < moment < self.timeline.program.horizon:
                Alarm(self.env, moment, DAYS_TURN, lambda _: self.refresh([]))
        if self.event.triggers is None:
            self.arm()

    def _gates(self) -> set[int]:
        floors = {int(work.floor) for work in self.event.works if work is not None}
        closes = set() if self.event.closes is None else {self.event.closes}
        return {self.event.opens} | closes | floors

    def arm(self) -> None:
        """Give the clock new work: the next draw of its stream (rule 3)."""
        if self.event.forgets and not self.allowed():
            return
        self.armings += 1
        self._set_work(self._draw_work(self.armings - 1))

    def _draw_work(self, k: int) -> float | None:
        event = self.event
        draws, run = self.timeline.draws, self.timeline.run
        if event.timing is Timing.RATE:
            assert event.hazard is not None
            return unit_exponential(event.hazard, draws, run, k)
        if event.timing is Timing.CALENDAR:
            return float(self._next_calendar_date(k) - self.env.now)
        if event.timing is Timing.IMMEDIATE:
            return 0.0
        at = 0 if event.dated_by is None else self.timeline.levels[event.dated_by]
        work = event.works[at]
        return None if work is None else sample_work(work, draws, run, k)

    def _next_calendar_date(self, k: int) -> int:
        """Find the calendar's next date: its first one, or one strictly later than now."""
        calendar, draws, run = self.event.calendar, self.timeline.draws, self.timeline.run
        now = int(self.env.now)
        assert calendar is not None
        if k == 0:
            self.first = math.ceil(sample(calendar.first, draws, run, 0))
            return max(self.first, 0)
        if calendar.then is not None:
            return now + math.ceil(sample(calendar.then, draws, run, k))
        return next_date(calendar, self.first, now, self.timeline.program.start)

    def _set_work(self, left: float | None) -> None:
        self.left = left
        self.since = int(self.env.now)
        self.speed = self._speed_now()
        self._set_done()

    def rearm(self) -> None:
        """Arm the clock again after a firing, if the event can happen again."""
        self.left = self.done = None
        self._silence()
        if self.event.repeat and self.event.triggers is None:
            self.arm()

    def trigger(self) -> None:
        """Take a trigger: arm the clock anew, or be due at once if the condition holds."""
        if self.fired and not self.event.repeat:
            return
        if self.event.timing is Timing.TAKES:
            self.arm()
        elif self.alarm is None and self.allowed():
            self.alarm = Alarm(self.env, 0, self.index + 1, self._ring)

    # --- running ------------------------------------------------------------------------------

    def allowed(self) -> bool:
        """Tell whether the condition holds, days included."""
        event, now = self.event, self.env.now
        if now < event.opens or (event.closes is not None and now >= event.closes):
            return False
        return self.timeline.holds(event.condition)

    def _speed_now(self) -> float:
        """Get the speed: 1 or the rate, times the pace; a date's clock runs in any case."""
        event, timeline = self.event, self.timeline
        if event.timing is Timing.CALENDAR or event.timing is Timing.IMMEDIATE:
            return 1.0
        if event.timing is Timing.DATE:
            return timeline.product(1.0, event.pace)
        if not self.allowed():
            return 0.0
        base = 1.0 if event.rate is None else timeline.number(event.rate)
        return timeline.product(base, event.pace)

    def refresh(self, changed: list[int]) -> None:
        """Take notice of changed levels, or of a day that turned (rule 4)."""
        event = self.event
        if self.fired and not event.repeat:
            return
        if event.dated_by is not None and event.dated_by in changed:
            self._change_date()
        elif event.forgets and self._forget_or_start():
            pass
        elif self.left is not None:
            speed = self._speed_now()
            if speed != self.speed:
                self._pay()
                self.speed = speed
                self._set_done()
            elif self._is_done():
                self._wait_or_ring()

    def _change_date(self) -> None:
        """Count from now to the date of the new level; earlier slowing is forgotten."""
        date = self._draw_work(0)  # the same number for every level
        self._set_work(None if date is None else max(date - self.env.now, 0.0))

    def _forget_or_start(self) -> bool:
        """Lose what was done where the condition went; start anew where it came."""
        allowed = self.allowed()
        if not allowed:
            self.left = self.done = None
            self._silence()
        elif self.left is None and self.event.triggers is None:
            self.arm()
        else:
            return False
        return True

    def _is_done(self) -> bool:
        return self.done is not None and self.env.now >= self.done

    def _pay(self) -> None:
        """Take off the work done since at the old speed; a clock that is done has none left."""
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
        elif self.left < NEVER * self.speed:
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
            self.alarm = Alarm(self.env, delay, self.index + 1, self._ring)

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
        if not event.works or event.timing is not Timing.DATE:
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
        weights = self._weights(event.outcomes)
        total = sum(weights)
        if not total > 0:
            date = format_date(timeline.program.start + int(self.env.now))
            raise CoopsimError(
                f"run {timeline.run}: all chances of '{event.name}' are zero on {date}"
            )
        target = timeline.draws.uniform(event.draws, timeline.run, self.fired - 1) * total
        reached = 0.0
        last = 0
        for index, weight in enumerate(weights):
            reached += weight
            if weight > 0:
                last = index
                if target < reached:
                    break
        return last

    def _weights(self, outcomes: tuple[Outcome, ...]) -> list[float]:
        chances = [self._chance(outcome.chance) for outcome in outcomes]
        rest = max(0.0, 1.0 - sum(chance for chance in chances if chance is not None))
        return [
            self.timeline.product(rest if chance is None else chance, outcome.odds)
            for chance, outcome in zip(chances, outcomes, strict=True)
        ]

    def _chance(self, chance: LevelTable | Cases | None) -> float | None:
        if chance is None:
            return None
        if isinstance(chance, LevelTable):
            return self.timeline.number(chance)
        case = next(case for case in chance.cases if self.timeline.holds(case.when))
        return self.timeline.numbers[case.number]

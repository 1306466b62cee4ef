"""Clocks, compiled: rules 3 to 5 of section 4 of docs/language.md.

Beyond what is drawn first (firsts.py), only numbers that count are drawn: the work of a clock that
stands still waits until it runs. A draw knows nothing of the order of draws, so that no result can
tell.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from coopsim.simulation import sampling
from coopsim.simulation.kernel.acts import LOOK, PACE, REDATE, TRIGGER, WAKE
from coopsim.simulation.kernel.alarms import set_alarm
from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.drawing import unit_exponential
from coopsim.simulation.kernel.firsts import quantity_number, stream_number
from coopsim.simulation.kernel.memory import ARMED, DRAWN, IDLE, KernelState
from coopsim.simulation.kernel.state import allowed, pace, within
from coopsim.simulation.kernel.tables import (
    CALENDAR,
    DATE,
    IMMEDIATE,
    NO_MOMENT,
    NONE,
    RATE,
    TAKES,
    Tables,
)
from coopsim.simulation.limits import LONGEST_WORK

# --- work ---------------------------------------------------------------------------------------


@inlined
def next_date(t: Tables, s: KernelState, event: Any, clock: Any) -> int:
    """Find a calendar's next date: its first one, or one strictly later than now."""
    here = s.here[0]
    if clock.k > 0 and event.then == NONE:
        return sampling.next_date(clock.first, event.months, event.seconds, here.now, t.start)
    quantity = event.then if clock.k > 0 else event.first
    drawn = sampling.whole_second(quantity_number(t, s, quantity, clock.k))
    if clock.k > 0:
        return here.now + drawn
    clock.first = drawn
    return max(drawn, 0)


@inlined
def planned_work(t: Tables, s: KernelState, event: Any, clock: Any) -> float:
    """Draw the work of a `takes`, or a date."""
    work = t.works[event.works + s.levels[event.dated_by]]
    amount = 1.0
    for factor in range(work.factors, work.factors_end):
        amount *= quantity_number(t, s, np.uint32(factor), clock.k)
    return max(amount, np.float64(work.floor))


@inlined
def arm(s: KernelState, clock: Any, k: int) -> None:
    """Arm a clock with the k-th draw of its stream; it stands still so far."""
    clock.k = k
    clock.work = ARMED
    clock.since = s.here[0].now
    clock.speed = 0.0
    clock.done = NO_MOMENT


@inlined
def arm_next(s: KernelState, clock: Any) -> None:
    """Arm a clock with the next draw of its stream."""
    arm(s, clock, clock.armings)
    clock.armings += 1


@inlined
def give_work(t: Tables, s: KernelState, event: Any, clock: Any) -> None:
    """Arm a clock; a calendar's date is found at once, and what is immediate has no work."""
    arm_next(s, clock)
    if event.timing == CALENDAR:
        clock.left = next_date(t, s, event, clock) - clock.since
        clock.work = DRAWN
    elif event.timing == IMMEDIATE:
        clock.left = 0.0
        clock.work = DRAWN
    elif event.timing == DATE and not t.works[event.works + s.levels[event.dated_by]].exists:
        clock.work = IDLE


@inlined
def draw_late(t: Tables, s: KernelState, event: Any, clock: Any, may: bool) -> None:
    """Draw the work of a clock as soon as it counts.

    A hazard's counts when it runs, as it is never 0; that of `takes` when the condition holds; a
    date's too, though it runs from its arming on, or at once where its pace may change.
    """
    if event.timing == RATE and clock.speed > 0.0:
        clock.left = unit_exponential(stream_number(t, s, event.hazard, clock.k))
        clock.since = s.here[0].now
        clock.work = DRAWN
    elif event.timing == TAKES and may:
        clock.left = planned_work(t, s, event, clock)
        clock.since = s.here[0].now
        clock.work = DRAWN
    elif event.timing == DATE and (may or event.paced):
        clock.left = max(planned_work(t, s, event, clock) - clock.since, 0.0)
        clock.work = DRAWN


# --- running ------------------------------------------------------------------------------------


@inlined
def pay(s: KernelState, clock: Any) -> None:
    """Subtract the work done since at the old speed; a clock that is done has none left."""
    now = s.here[0].now
    left = clock.left - (now - clock.since) * clock.speed
    clock.left = 0.0 if now >= clock.done else left
    clock.since = now


@inlined
def find_done(clock: Any) -> None:
    """Find when the work will be done at this speed; at speed 0 it takes longer than any.

    Most clocks that are no hazards run at speed 1: to divide would take longer than all else here.
    """
    seconds = clock.left if clock.speed == 1.0 else clock.left / clock.speed
    longest = math.ceil(min(LONGEST_WORK, seconds))
    clock.done = clock.since if clock.left == 0.0 else clock.since + longest


# --- firing -------------------------------------------------------------------------------------


@inlined
def next_open(t: Tables, event: Any, moment: int) -> int:
    """Find the first second, from a moment on, at which a window is open."""
    low, high = np.int64(event.windows), np.int64(event.windows_end)
    while low < high:
        middle = (low + high) >> 1
        if t.windows[middle, 1] < moment:
            low = middle + 1
        else:
            high = middle
    return NO_MOMENT if low == event.windows_end else max(moment, t.windows[low, 0])


@inlined
def earliest_firing(t: Tables, s: KernelState, event: Any, may: bool) -> int:
    """Find when a clock that is done may fire if nothing changes: now, or a window's opening."""
    now = s.here[0].now
    if not may:
        return NO_MOMENT
    if not event.waits:
        return now
    if event.works != NONE and now < t.works[event.works + s.levels[event.dated_by]].floor:
        return NO_MOMENT
    return next_open(t, event, now)


# --- acts -----------------------------------------------------------------------------------------


@inlined
def stand(t: Tables, s: KernelState, i: int) -> None:
    """Let a clock stand still, which may forget its work; one that stood already is left alike."""
    event, clock = t.events[i], s.clocks[i]
    pay(s, clock)
    clock.speed = 0.0
    clock.work = IDLE if event.forgets else clock.work
    clock.done = clock.since if (clock.left == 0.0) & (clock.work == DRAWN) else NO_MOMENT
    set_alarm(t, s, i, NO_MOMENT)


@inlined
def run(t: Tables, s: KernelState, i: int, may: bool) -> None:
    """Let a clock go on as levels and days are now, and set its alarm."""
    event, clock, now = t.events[i], s.clocks[i], s.here[0].now
    speed = pace(t, s, event)
    if clock.work == ARMED:
        clock.speed = speed
        draw_late(t, s, event, clock, may)
        if clock.work == ARMED:
            return
    elif speed != clock.speed:
        pay(s, clock)
        clock.speed = speed
    elif now < clock.done:
        return
    find_done(clock)
    set_alarm(t, s, i, clock.done if clock.done > now else earliest_firing(t, s, event, may))


@inlined
def take_trigger(t: Tables, s: KernelState, i: int) -> bool:
    """Take a trigger, once in a firing; tells whether it arms the clock.

    Without `takes` the event is due at once if the condition holds; one that is due stays so.
    """
    event, clock = t.events[i], s.clocks[i]
    if clock.served == s.here[0].firing or (clock.fired and not event.repeat):
        return False
    clock.served = s.here[0].firing
    clock.may = allowed(t, s, event)  # what has changed in this firing may not have told it yet
    if event.timing != TAKES and clock.may:
        set_alarm(t, s, i, s.here[0].now)
    return event.timing == TAKES and (clock.may or not event.forgets)


@inlined
def take_work(t: Tables, s: KernelState, i: int, what: int) -> None:
    """Arm a clock, by a trigger or not, or with the date of another level."""
    event, clock = t.events[i], s.clocks[i]
    if what == REDATE:
        if not clock.fired:
            arm(s, clock, 0)  # all dates of a table share one number
            exists = t.works[event.works + s.levels[event.dated_by]].exists
            clock.work = ARMED if exists else IDLE
            set_alarm(t, s, i, NO_MOMENT)
    elif what == TRIGGER:
        if take_trigger(t, s, i):
            arm_next(s, clock)
    elif clock.work == IDLE and (not event.forgets or clock.may):
        give_work(t, s, event, clock)


@inlined
def take_notice(t: Tables, s: KernelState, i: int, what: int) -> None:
    """See whether a clock may run; one that forgets its work is armed again when it may."""
    event, clock = t.events[i], s.clocks[i]
    if what == PACE:
        return
    clock.may = allowed(t, s, event) if what == LOOK else (what == WAKE) & within(s, event)
    again = event.forgets and not event.triggered and (event.repeat or not clock.fired)
    if again and clock.work == IDLE and clock.may:
        arm_next(s, clock)


@inlined
def do_act(t: Tables, s: KernelState, i: int, what: int) -> None:
    """Arm a clock (rule 3), or let it take notice of changed levels and days (rule 4)."""
    event, clock = t.events[i], s.clocks[i]
    if what < PACE:
        take_work(t, s, i, what)
    else:
        take_notice(t, s, i, what)
    if event.guarded & (not clock.may):
        if what != PACE:  # one that stands has no pace
            stand(t, s, i)
    elif clock.work != IDLE:
        run(t, s, i, clock.may)

"""Clocks, compiled: rules 3 to 5 of section 4 of docs/language.md.

Only numbers that count are drawn: the work of a clock that stands still waits until it runs. A draw
knows nothing of the order of draws, so that no result can tell.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from coopsim.simulation import sampling
from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.drawing import sample, unit_exponential
from coopsim.simulation.kernel.memory import KernelState
from coopsim.simulation.kernel.state import (
    ARM,
    REDATE,
    REFRESH,
    allowed,
    product,
    set_alarm,
)
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
    drawn = sampling.whole_second(
        sample(t.quantities, t.nodes, t.keys, quantity, here.run, clock.k)
    )
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
        amount *= sample(t.quantities, t.nodes, t.keys, np.uint32(factor), s.here[0].run, clock.k)
    return max(amount, np.float64(work.floor))


@inlined
def give_work(t: Tables, s: KernelState, event: Any, clock: Any, what: int) -> None:
    """Arm a clock with the next draw of its stream, or with the date of the new level."""
    clock.k = 0 if what == REDATE else clock.armings  # all dates of a table share one number
    clock.armings += what != REDATE
    clock.armed = clock.drawn = True
    clock.since = s.here[0].now
    clock.done = NO_MOMENT
    if event.timing == CALENDAR:
        clock.left = next_date(t, s, event, clock) - clock.since
    elif event.timing == IMMEDIATE:
        clock.left = 0.0
    elif event.timing == RATE or t.works[event.works + s.levels[event.dated_by]].exists:
        clock.drawn = False
    else:
        clock.armed = False


@inlined
def draw_late(t: Tables, s: KernelState, event: Any, clock: Any, may: bool) -> None:
    """Draw the work of a clock as soon as it counts.

    A hazard's counts when it runs, as it is never 0; that of `takes` when the condition holds; a
    date's too, though it runs from its arming on, or at once where its pace may change.
    """
    if event.timing == RATE and clock.speed > 0.0:
        clock.left = unit_exponential(t.keys[event.hazard], s.here[0].run, clock.k)
        clock.since = s.here[0].now
        clock.drawn = True
    elif event.timing == TAKES and may:
        clock.left = planned_work(t, s, event, clock)
        clock.since = s.here[0].now
        clock.drawn = True
    elif event.timing == DATE and (may or event.pace != event.pace_end):
        clock.left = max(planned_work(t, s, event, clock) - clock.since, 0.0)
        clock.drawn = True


# --- running ------------------------------------------------------------------------------------


@inlined
def speed_now(t: Tables, s: KernelState, event: Any, clock: Any, may: bool) -> float:
    """Get the speed: the rate, if any, times the pace; a date's clock runs in any case."""
    if event.guarded and not may:
        return 0.0
    if not clock.known:
        clock.pace = product(t, s, 1.0, event.pace, event.pace_end)
        clock.known = True
    return clock.pace


@inlined
def pay(s: KernelState, clock: Any) -> None:
    """Subtract the work done since at the old speed; a clock that is done has none left."""
    now = s.here[0].now
    if now >= clock.done:
        clock.left = 0.0
    else:
        clock.left -= (now - clock.since) * clock.speed
    clock.since = now


@inlined
def find_done(clock: Any) -> None:
    """Find when the work will be done at this speed."""
    if clock.left == 0.0:
        clock.done = clock.since
    elif clock.left < LONGEST_WORK * clock.speed:
        clock.done = clock.since + math.ceil(clock.left / clock.speed)
    else:
        clock.done = NO_MOMENT


@inlined
def change_speed(
    t: Tables, s: KernelState, event: Any, clock: Any, speed: float, may: bool
) -> None:
    """Pay for the time at the old speed, and find when the work is done at the new one."""
    if clock.drawn:
        pay(s, clock)
    clock.speed = speed
    if not clock.drawn:
        draw_late(t, s, event, clock, may)
    if clock.drawn:
        find_done(clock)


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
    if event.works != NONE and now < t.works[event.works + s.levels[event.dated_by]].floor:
        return NO_MOMENT
    return next_open(t, event, now) if event.waits else now


@inlined
def do_task(t: Tables, s: KernelState, i: int, what: int) -> None:
    """Arm a clock (rule 3), or let it take notice of changed levels and days (rule 4)."""
    event, clock, now = t.events[i], s.clocks[i], s.here[0].now
    if what != ARM and clock.fired and not event.repeat:
        return
    may = allowed(s, event)
    if event.forgets and not may and what != REDATE:
        clock.armed = False
        clock.done = NO_MOMENT
        set_alarm(t, s, i, NO_MOMENT)
        return
    fresh = not clock.armed or what != REFRESH
    if fresh:
        if what == REFRESH and (not event.forgets or event.triggered):
            return
        give_work(t, s, event, clock, what)
    if clock.armed:
        speed = speed_now(t, s, event, clock, may)
        if fresh or speed != clock.speed or not clock.drawn:
            change_speed(t, s, event, clock, speed, may)
        elif now < clock.done:
            return
    set_alarm(t, s, i, clock.done if clock.done > now else earliest_firing(t, s, event, may))

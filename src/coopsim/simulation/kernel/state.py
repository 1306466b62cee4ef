"""The state of one run: where the world stands, and what is to be done next."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.drawing import sample
from coopsim.simulation.kernel.memory import ALARMS, KernelState
from coopsim.simulation.kernel.tables import NO_MOMENT, Array, Tables
from coopsim.simulation.limits import LARGEST_PRODUCT

# An alarm is one integer that sorts by moment, then by event: 2**43 seconds, 2**20 events.
EVENT_BITS = 20
EVENT_MASK = (1 << EVENT_BITS) - 1

ONE = np.uint64(1)  # beside a number without sign: a plain 1 would make floats of both

# What a task asks of a clock.
ARM, REFRESH, REDATE = range(3)


# --- reading the world --------------------------------------------------------------------------


@inlined
def number(t: Tables, s: KernelState, factor: Any) -> float:
    """Get a factor's number by the level its variable has now; the first to ask draws it."""
    index = t.numbers_of[factor.numbers + s.levels[factor.variable]]
    if math.isnan(s.numbers[index]):
        s.numbers[index] = sample(
            t.quantities, t.nodes, t.keys, t.drawn_as[index], s.here[0].run, np.int32(0)
        )
    return s.numbers[index]


@inlined
def product(t: Tables, s: KernelState, amount: float, begin: int, end: int) -> float:
    """Multiply by every factor that counts now, in written order."""
    for index in range(begin, end):
        factor = t.factors[index]
        if s.met[factor.condition]:
            amount = min(amount * number(t, s, factor), LARGEST_PRODUCT)
    return amount


@inlined
def allowed(s: KernelState, event: Any) -> bool:
    """Check whether an event's condition holds, days included."""
    return event.opens <= s.here[0].now < event.closes and s.met[event.condition] > 0


# --- what is to be done -------------------------------------------------------------------------


@inlined
def least_of(words: Array, block: np.uint64) -> int:
    """Get the least number of a block; two by two, which a processor does side by side."""
    least, half = NO_MOMENT, np.uint64(ALARMS // 2)
    first = block * np.uint64(ALARMS)
    for i in range(first, first + half):
        least = min(words[i], words[i + half], least)
    return least


@inlined
def set_alarm(t: Tables, s: KernelState, i: int, moment: int) -> None:
    """Set, move or (NO_MOMENT) silence the alarm of an event's clock.

    Alarms stand in blocks, of each of which the earliest is known: comparing all of a block takes
    a processor fewer steps than finding out which of them it need not compare.
    """
    s.alarms[i] = NO_MOMENT if moment > t.horizon else moment << EVENT_BITS | np.int64(i)
    block = np.uint64(i) // np.uint64(ALARMS)
    s.earliest[block] = least_of(s.alarms, block)


@inlined
def next_alarm(s: KernelState) -> int:
    """Get the earliest alarm of all."""
    least = least_of(s.earliest, np.uint64(0))
    for block in range(1, len(s.earliest) // ALARMS):
        least = min(least, least_of(s.earliest, np.uint64(block)))
    return least


@inlined
def add_task(s: KernelState, i: int, what: int) -> None:
    """Add a task for an event's clock to the list."""
    task = s.tasks[s.here[0].tasks]
    task.event = i
    task.what = what
    s.here[0].tasks += ONE

"""The state of one run in arrays: levels, conditions, numbers, clocks and their alarms.

Conditions are counted, not evaluated: each row knows how many of its tests are not met, each
condition how many of its rows hold, and a change of level redoes only the tests on that variable.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.drawing import sample
from coopsim.simulation.kernel.tables import NEVER, Array, Tables

# An alarm is one integer that sorts by moment, then by event: 2**43 seconds, 2**20 events.
EVENT_BITS = 20
EVENT_MASK = (1 << EVENT_BITS) - 1
BLOCK = 8  # alarms; even

ONE = np.uint64(1)  # beside a number without sign: a plain 1 would make floats of both

# What a task asks of a clock.
ARM, REFRESH, REDATE = range(3)

HERE = np.dtype(
    [
        ("run", np.int64),
        ("now", np.int64),
        ("firing", np.int64),  # counts the firings of the run
        ("changes", np.uint64),  # how many levels the present firing has touched
        ("tasks", np.uint64),  # how many tasks are on the list
        ("turn", np.uint64),  # which day turns next
        ("row", np.uint64),  # where the log goes on
    ]
)
CLOCK = np.dtype(
    [
        ("left", np.float64),  # seconds of work
        ("speed", np.float64),
        ("pace", np.float64),  # the speed at which it runs when it may
        ("since", np.int64),  # when `left` was last true
        ("done", np.int64),  # when the work is done at this speed, or NEVER
        ("first", np.int64),  # of a calendar: where it counts from
        ("k", np.int32),  # the number of the draw that gives the work
        ("armings", np.int32),
        ("fired", np.int32),
        ("over", np.bool_),  # fired, and once only
        ("armed", np.bool_),
        ("drawn", np.bool_),  # whether `left` is known
        ("known", np.bool_),  # whether `pace` is
    ],
    align=True,
)  # 64 bytes: one line of a processor's cache
CHANGE = np.dtype([("variable", np.uint32), ("before", np.uint32)], align=True)
TASK = np.dtype([("event", np.uint32), ("what", np.uint32)], align=True)


class State(NamedTuple):
    """Hold one run; all of it is wiped before the next."""

    here: Array  # one record: where the run stands
    levels: Array
    numbers: Array
    clocks: Array
    alarms: Array
    earliest: Array  # of each block of alarms
    changes: Array  # the levels that a firing touched, each once
    tasks: Array
    chances: Array
    unmet: Array  # of a row: how many of its tests are not met
    met: Array  # of a condition: how many of its rows hold
    served: Array  # of an event: the firing whose trigger it has taken
    noticed: Array  # of an event: the firing that made its clock look up


def new_state(t: Tables) -> State:
    """Make room for one run at a time."""
    events = len(t.events)
    blocks = -(-events // BLOCK)
    return State(
        here=np.zeros(1, HERE),
        levels=np.zeros(len(t.readers_of), np.uint32),
        numbers=np.empty(len(t.numbers)),
        clocks=np.zeros(events, CLOCK),
        alarms=np.empty(blocks * BLOCK, np.int64),
        earliest=np.empty(-(-blocks // BLOCK) * BLOCK, np.int64),
        changes=np.empty(1 + len(t.drivers) + events, CHANGE),
        tasks=np.empty(1 + 3 * events, TASK),
        chances=np.empty(len(t.outcomes)),
        unmet=np.empty(len(t.rows), np.int32),
        met=np.empty(len(t.users_of), np.int32),
        served=np.empty(events, np.int64),
        noticed=np.empty(events, np.int64),
    )


# --- reading the world --------------------------------------------------------------------------


@inlined
def number(t: Tables, s: State, factor: Any) -> float:
    """Get a factor's number by the level its variable has now; the first to ask draws it."""
    index = t.numbers_of[factor.numbers + s.levels[factor.variable]]
    if math.isnan(s.numbers[index]):
        s.numbers[index] = sample(
            t.quantities, t.nodes, t.keys, t.drawn_as[index], s.here[0].run, np.int32(0)
        )
    return s.numbers[index]


@inlined
def product(t: Tables, s: State, amount: float, begin: int, end: int) -> float:
    """Multiply by every factor that counts now, in written order."""
    for index in range(begin, end):
        factor = t.factors[index]
        if s.met[factor.condition]:
            amount *= number(t, s, factor)
    return amount


@inlined
def allowed(s: State, event: Any) -> bool:
    """Tell whether an event's condition holds, days included."""
    return event.opens <= s.here[0].now < event.closes and s.met[event.condition] > 0


# --- what is to be done -------------------------------------------------------------------------


@inlined
def least_of(words: Array, block: np.uint64) -> int:
    """Get the least number of a block; two by two, which a processor does side by side."""
    least, half = NEVER, np.uint64(BLOCK // 2)
    first = block * np.uint64(BLOCK)
    for i in range(first, first + half):
        least = min(words[i], words[i + half], least)
    return least


@inlined
def set_alarm(t: Tables, s: State, i: int, moment: int) -> None:
    """Set, move or (NEVER) silence the alarm of an event's clock.

    Alarms stand in blocks, of each of which the earliest is known: comparing all of a block takes
    a processor fewer steps than finding out which of them it need not compare.
    """
    s.alarms[i] = NEVER if moment > t.horizon else moment << EVENT_BITS | np.int64(i)
    block = np.uint64(i) // np.uint64(BLOCK)
    s.earliest[block] = least_of(s.alarms, block)


@inlined
def next_alarm(s: State) -> int:
    """Get the earliest alarm of all."""
    least = least_of(s.earliest, np.uint64(0))
    for block in range(1, len(s.earliest) // BLOCK):
        least = min(least, least_of(s.earliest, np.uint64(block)))
    return least


@inlined
def add_task(s: State, i: int, what: int) -> None:
    """Put a task for an event's clock on the list, unless its time is over."""
    task = s.tasks[s.here[0].tasks]
    task.event = i
    task.what = what
    s.here[0].tasks += ONE - np.uint64(s.clocks[i].over)

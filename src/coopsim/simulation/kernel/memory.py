"""The memory that compiled code works in: the state of one run, and the log of many.

Conditions are counted, not evaluated: each row knows how many of its tests are not met, each
condition how many of its rows hold, and a change of level redoes only the tests on that variable.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coopsim.simulation.kernel.tables import Array, Tables

DONE, ENDLESS, NO_CHANCE = range(3)  # how a run ends
ALARMS = 8  # of a block; even

HERE = np.dtype(
    [
        ("run", np.int64),
        ("now", np.int64),
        ("firing", np.int64),  # counts the firings of the run
        ("changes", np.uint64),  # how many levels the present firing has touched
        ("tasks", np.uint64),  # how many tasks are on the list
        ("turn", np.uint64),  # which day turns next
        ("row", np.uint64),  # where the log goes on
        ("ending", np.int64),  # how the run ended
        ("event", np.int64),  # in which event, if it was cut off
    ]
)
CLOCK = np.dtype(
    [
        ("left", np.float64),  # seconds of work
        ("speed", np.float64),
        ("pace", np.float64),  # the speed at which it runs when it may
        ("since", np.int64),  # when `left` was last true
        ("done", np.int64),  # when the work is done at this speed, or NO_MOMENT
        ("first", np.int64),  # of a calendar: where it counts from
        ("k", np.int32),  # the number of the draw that gives the work
        ("armings", np.int32),
        ("fired", np.int32),
        ("armed", np.bool_),
        ("drawn", np.bool_),  # whether `left` is known
        ("known", np.bool_),  # whether `pace` is
    ],
    align=True,
)  # 64 bytes: one line of a processor's cache
CHANGE = np.dtype([("variable", np.uint32), ("before", np.uint32)], align=True)
TASK = np.dtype([("event", np.uint32), ("what", np.uint32)], align=True)


class KernelState(NamedTuple):
    """The state of one run; all of it is wiped before the next."""

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


def new_state(t: Tables) -> KernelState:
    """Make room for one run at a time."""
    events = len(t.events)
    blocks = max(1, -(-events // ALARMS))  # even without events the earliest alarm is looked for
    return KernelState(
        here=np.zeros(1, HERE),
        levels=np.zeros(len(t.readers_of), np.uint32),
        numbers=np.empty(len(t.numbers)),
        clocks=np.zeros(events, CLOCK),
        alarms=np.empty(blocks * ALARMS, np.int64),
        earliest=np.empty(-(-blocks // ALARMS) * ALARMS, np.int64),
        changes=np.empty(1 + len(t.drivers) + events, CHANGE),
        tasks=np.empty(1 + 3 * events, TASK),
        chances=np.empty(len(t.outcomes)),
        unmet=np.empty(len(t.rows), np.int32),
        met=np.empty(len(t.users_of), np.int32),
        served=np.empty(events, np.int64),
        noticed=np.empty(events, np.int64),
    )


class Log(NamedTuple):
    """The columns into which firings are written."""

    run: Array
    event: Array
    outcome: Array
    time: Array


def new_log(rows: int) -> Log:
    """Make room for some firings; the system gives memory only to rows that are written."""
    dtypes = (np.int64, np.int32, np.int32, np.int64)
    return Log(*(np.empty(rows, dtype) for dtype in dtypes))

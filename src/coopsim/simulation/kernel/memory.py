"""The memory that compiled code works in: the state of one run, and the log of many."""

from __future__ import annotations

import ctypes
from collections import deque
from typing import Any, NamedTuple
from weakref import finalize

import numpy as np

from coopsim.simulation.kernel.tables import LINE, Array, Tables, lined_up

DONE, ENDLESS, NO_CHANCE = range(3)  # how a run ends
IDLE, ARMED, DRAWN = range(3)  # a clock without work; with work yet to be drawn; with work
BLOCK = 32  # alarms of which the earliest is known together
UNKNOWN = -1  # which one that is

HERE = np.dtype(
    [
        ("run", np.int64),
        ("now", np.int64),
        ("firing", np.int64),  # counts the firings of all runs
        ("changes", np.uint64),  # how many levels the present firing has touched
        ("noted", np.uint64),  # how many acts are to be done
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
        ("since", np.int64),  # when `left` was last true
        ("done", np.int64),  # when the work is done at this speed, or NO_MOMENT
        ("first", np.int64),  # of a calendar: where it counts from
        ("served", np.int64),  # the firing whose trigger it has taken
        ("k", np.int32),  # the number of the draw that gives the work
        ("armings", np.int32),
        ("fired", np.int32),
        ("work", np.int8),  # IDLE, ARMED or DRAWN
        ("may", np.bool_),  # whether its condition holds, days included
    ],
    align=True,
)
assert CLOCK.itemsize == LINE
CHANGE = np.dtype([("variable", np.uint32), ("before", np.uint32)], align=True)


class KernelState(NamedTuple):
    """The state of one run; what hangs on it is forgotten before the next."""

    here: Array  # one record: where the run stands
    levels: Array
    uniforms: Array  # the first number of each stream
    values: Array  # and of each quantity
    aims: Array  # where those are inverted that are found by normal scores
    scores: Array  # these scores
    tails: Array  # which scores lie in the tails
    numbers: Array
    known: Array  # what look-ups give; NaN: not yet
    guards: Array  # what those of guards give; UNKNOWN: not yet
    clocks: Array
    alarms: Array
    earliest: Array  # of each block of alarms
    changes: Array  # the levels that a firing touched, each once
    changed: Array  # of a variable: the firing that touched it last
    noted: Array  # the acts that are to be done


def new_state(t: Tables) -> KernelState:
    """Make room for one run at a time."""
    events = len(t.events)
    blocks = -(-events // BLOCK)
    most = 1 + len(t.drivers)  # levels that one firing can touch
    return KernelState(
        here=np.zeros(1, HERE),
        levels=np.zeros(len(t.variables) + 1, np.uint16),
        uniforms=np.empty(len(t.keys)),
        values=np.empty(len(t.quantities)),
        aims=np.empty(len(t.scored)),
        scores=np.empty(len(t.scored)),
        tails=np.empty(len(t.scored) + 1, np.uint32),
        numbers=t.numbers.copy(),
        known=np.full(t.known, np.nan),
        guards=np.full(t.guards, UNKNOWN, np.int8),
        clocks=lined_up(events, CLOCK),
        alarms=lined_up(blocks * BLOCK, np.int64),
        earliest=np.empty(blocks, np.int64),
        changes=np.empty(most + 1, CHANGE),
        changed=np.zeros(len(t.variables), np.int64),
        noted=np.empty(len(t.acts), np.uint32),
    )


class Log(NamedTuple):
    """The columns into which firings are written."""

    run: Array
    event: Array
    outcome: Array
    time: Array


_COLUMNS = np.dtype([("run", "i8"), ("time", "i8"), ("event", "i4"), ("outcome", "i4")])


def new_log(rows: int) -> Log:
    """Make room for some firings; the system gives memory only to rows that are written."""
    return _columns(_new_memory(rows), rows)


def _new_memory(rows: int) -> Array:
    return np.empty(rows * _COLUMNS.itemsize, np.uint8)


def _columns(memory: Any, rows: int) -> Log:
    """Divide memory into the columns of a log."""
    assert _COLUMNS.fields is not None
    return Log(
        *(
            np.frombuffer(memory, dtype, rows, rows * offset)
            for dtype, offset in (_COLUMNS.fields[name][:2] for name in Log._fields)
        )
    )


class Lender:
    """Logs of some rows, each lent again as soon as nobody reads what was written into it.

    Memory that the system gives afresh costs a simulation some seven hundredths of its time.
    """

    def __init__(self, rows: int, most: int = 8) -> None:
        """Keep at most so many logs that nobody reads."""
        self.rows = rows
        self._free: deque[Array] = deque(maxlen=most)

    def lend(self) -> Log:
        """Lend a log, for as long as there is an array that shows any of it."""
        try:
            memory = self._free.pop()
        except IndexError:
            memory = _new_memory(self.rows)
        # An array keeps alive what it shows the memory of, where that is no array itself.
        lent = (ctypes.c_uint8 * len(memory)).from_buffer(memory.data)
        finalize(lent, self._free.append, memory).atexit = False
        return _columns(lent, self.rows)

"""Alarms: when each event's clock will be done, and which of them rings next.

An alarm is one integer that sorts by moment, then by event: 2**43 seconds, 2**20 events.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.memory import BLOCK, UNKNOWN, KernelState
from coopsim.simulation.kernel.tables import NO_MOMENT, Tables

EVENT_BITS = 20
EVENT_MASK = (1 << EVENT_BITS) - 1


@intrinsic  # type: ignore[untyped-decorator]  # Numba's
def least(_context: Any, words: Any, first: Any) -> Any:
    """Get the least of BLOCK integers of an array, from one on.

    A processor compares as many side by side as it can: to look at all of them takes it less than
    to keep any order.
    """

    def generate(context: Any, builder: Any, called: Any, given: Any) -> Any:
        vector = ir.VectorType(ir.IntType(64), BLOCK)
        array = context.make_array(called.args[0])(context, builder, given[0])
        begin = builder.gep(array.data, [given[1]])
        block = builder.load(builder.bitcast(begin, vector.as_pointer()), align=8)
        reduce = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.IntType(64), [vector]),
            f"llvm.vector.reduce.smin.v{BLOCK}i64",
        )
        return builder.call(reduce, [block])

    return signature(types.int64, words, first), generate


@inlined
def set_alarm(t: Tables, s: KernelState, i: int, moment: int) -> None:
    """Set, move or (NO_MOMENT) silence the alarm of an event's clock.

    The earliest of its block is known as long as it is not this one that is put off.
    """
    block = np.uint64(i) // np.uint64(BLOCK)
    was, first = s.alarms[i], s.earliest[block]
    alarm = NO_MOMENT if moment > t.horizon else moment << EVENT_BITS | np.int64(i)
    s.alarms[i] = alarm
    kept = UNKNOWN if was == first else first
    s.earliest[block] = alarm if alarm <= first else kept


@inlined
def next_alarm(s: KernelState) -> int:
    """Get the earliest alarm of all; only blocks whose own is not known are looked through."""
    found = NO_MOMENT
    for block in range(len(s.earliest)):
        if s.earliest[block] == UNKNOWN:
            s.earliest[block] = least(s.alarms, np.int64(block * BLOCK))
        found = min(found, s.earliest[block])
    return found

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
from coopsim.simulation.kernel.memory import SIDE_BY_SIDE, KernelState
from coopsim.simulation.kernel.tables import NO_MOMENT, Tables

EVENT_BITS = 20
EVENT_MASK = (1 << EVENT_BITS) - 1


@intrinsic  # type: ignore[untyped-decorator]  # Numba's
def least(_context: Any, words: Any) -> Any:
    """Get the least of an array of integers; it has a multiple of SIDE_BY_SIDE, up to NO_MOMENT.

    A processor compares as many side by side as it can: to look at all alarms takes it less than
    to keep any order of them.
    """

    def generate(context: Any, builder: Any, called: Any, given: Any) -> Any:
        vector = ir.VectorType(ir.IntType(64), SIDE_BY_SIDE)
        array = context.make_array(called.args[0])(context, builder, given[0])
        count = builder.lshr(
            array.nitems, ir.Constant(array.nitems.type, SIDE_BY_SIDE.bit_length() - 1)
        )
        blocks = builder.bitcast(array.data, vector.as_pointer())
        found = cgutils.alloca_once_value(builder, ir.Constant(vector, [NO_MOMENT] * SIDE_BY_SIDE))
        with cgutils.for_range(builder, count) as loop:
            block = builder.load(builder.gep(blocks, [loop.index]), align=8)
            so_far = builder.load(found)
            less = builder.icmp_signed("<", block, so_far)
            builder.store(builder.select(less, block, so_far), found)
        reduce = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.IntType(64), [vector]),
            f"llvm.vector.reduce.smin.v{SIDE_BY_SIDE}i64",
        )
        return builder.call(reduce, [builder.load(found)])

    return signature(types.int64, words), generate


@inlined
def set_alarm(t: Tables, s: KernelState, i: int, moment: int) -> None:
    """Set, move or (NO_MOMENT) silence the alarm of an event's clock."""
    s.alarms[i] = NO_MOMENT if moment > t.horizon else moment << EVENT_BITS | np.int64(i)


@inlined
def next_alarm(s: KernelState) -> int:
    """Get the earliest alarm of all."""
    return least(s.alarms)

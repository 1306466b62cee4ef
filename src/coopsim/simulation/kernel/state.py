"""The state of one run: where the world stands, and what is to be done next."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.typing import signature
from numba.extending import intrinsic

from coopsim.simulation.kernel import acts
from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.memory import UNKNOWN, KernelState
from coopsim.simulation.kernel.tables import AT_ONCE, NONE, Tables
from coopsim.simulation.limits import LARGEST_PRODUCT

ONE = np.uint64(1)  # beside a number without sign: a plain 1 would make floats of both
WHAT_BITS, WHAT_MASK = np.uint32(acts.WHAT_BITS), np.uint32(acts.WHAT_MASK)
NOWHERE = 0  # where a number stands that is not kept: see look_ups.py


# --- reading the world, as it is written ----------------------------------------------------------


@inlined
def holds(t: Tables, s: KernelState, condition: int) -> bool:
    """Check whether any row of a condition holds."""
    rows = t.conditions[condition]
    for index in range(rows.begin, rows.end):
        tests = t.rows[index]
        for at in range(tests.begin, tests.end):
            test = t.tests[at]
            if not t.members[test.members + s.levels[test.variable]]:
                break
        else:
            return True
    return False


@inlined
def number(t: Tables, s: KernelState, factor: Any) -> float:
    """Get a factor's number by the level its variable has now."""
    return s.numbers[t.numbers_of[factor.numbers + s.levels[factor.variable]]]


@inlined
def product(t: Tables, s: KernelState, amount: float, begin: int, end: int) -> float:
    """Multiply by every factor that counts now, in written order."""
    for index in range(begin, end):
        factor = t.factors[index]
        if factor.condition == NONE or holds(t, s, factor.condition):
            amount = min(amount * number(t, s, factor), LARGEST_PRODUCT)
    return amount


# --- reading it by look-ups ---------------------------------------------------------------------


@inlined
def place(s: KernelState, look_up: Any) -> int:
    """Find where a look-up's number stands at the levels of now."""
    return (
        look_up.base
        + look_up.step_a * s.levels[look_up.a]
        + look_up.step_b * s.levels[look_up.b]
        + look_up.step_c * s.levels[look_up.c]
    )


@inlined
def guard(t: Tables, s: KernelState, event: Any) -> bool:
    """Look up whether an event's condition holds, but for days."""
    at = place(s, event.guard)
    held = s.guards[at]
    if held == UNKNOWN:
        held = np.int8(holds(t, s, event.condition))
        if at != NOWHERE:
            s.guards[at] = held
    return held > 0


@inlined
def within(s: KernelState, event: Any) -> bool:
    """Check whether an event's days are now."""
    now = s.here[0].now
    return (event.opens <= now) & (now < event.closes)


@inlined
def allowed(t: Tables, s: KernelState, event: Any) -> bool:
    """Check whether an event's condition holds, days included."""
    return guard(t, s, event) & within(s, event)


@inlined
def pace(t: Tables, s: KernelState, event: Any) -> float:
    """Get the speed at which an event's clock runs when it may: the rate, if any, and its pace."""
    at = place(s, event.pace)
    speed = s.known[at]
    if math.isnan(speed):
        speed = product(t, s, 1.0, event.factors, event.factors_end)
        if at != NOWHERE:
            s.known[at] = speed
    return speed


# --- what is to be done -------------------------------------------------------------------------


@intrinsic  # type: ignore[untyped-decorator]  # Numba's
def copy(_context: Any, target: Any, at: Any, source: Any, begin: Any) -> Any:
    """Copy AT_ONCE acts from one array into another, as one vector."""

    def generate(context: Any, builder: Any, called: Any, given: Any) -> Any:
        vector = ir.VectorType(ir.IntType(32), AT_ONCE).as_pointer()
        into, out_of = (
            builder.bitcast(builder.gep(array.data, [given[which + 1]]), vector)
            for which in (0, 2)
            for array in [context.make_array(called.args[which])(context, builder, given[which])]
        )
        builder.store(builder.load(out_of, align=4), into, align=4)
        return context.get_dummy_value()

    return signature(types.none, target, at, source, begin), generate


@inlined
def ask(t: Tables, s: KernelState, begin: int, end: int) -> None:
    """Note some acts, which are done before the next moment.

    Most lists are short: it is quicker to copy more than there is than to foresee where each ends.
    """
    noted = s.here[0].noted
    copy(s.noted, np.int64(noted), t.acts, np.int64(begin))
    for i in range(AT_ONCE, end - begin):
        s.noted[noted + np.uint64(i)] = t.acts[begin + np.uint64(i)]
    s.here[0].noted += end - begin


@inlined
def ask_running(t: Tables, s: KernelState, begin: int, end: int) -> None:
    """Note those of some acts whose clocks may run; no jump tells which, as none foresees it."""
    noted = s.here[0].noted
    for index in range(begin, end):
        s.noted[noted] = t.acts[index]
        noted += np.uint64(s.clocks[t.acts[index] >> WHAT_BITS].may)
    s.here[0].noted = noted

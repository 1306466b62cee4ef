"""The state of one run: where the world stands, and what is to be done next."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.drawing import sample
from coopsim.simulation.kernel.memory import KernelState
from coopsim.simulation.kernel.tables import AT_ONCE, NONE, Tables
from coopsim.simulation.limits import LARGEST_PRODUCT

ONE = np.uint64(1)  # beside a number without sign: a plain 1 would make floats of both
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
    held = s.known[at]
    if math.isnan(held):
        held = 1.0 if holds(t, s, event.condition) else 0.0
        if at != NOWHERE:
            s.known[at] = held
    return held > 0.0


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


@inlined
def ask(t: Tables, s: KernelState, begin: int, end: int) -> None:
    """Note some acts, which are done before the next moment.

    Most lists are short: it is quicker to copy more than there is than to foresee where each ends.
    """
    noted = s.here[0].noted
    for i in range(AT_ONCE):
        s.noted[noted + i] = t.acts[begin + i]
    for i in range(AT_ONCE, end - begin):
        s.noted[noted + i] = t.acts[begin + i]
    s.here[0].noted += end - begin

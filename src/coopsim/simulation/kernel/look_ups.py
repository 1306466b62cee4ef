"""Where numbers stand that hang on the levels of a few variables.

Guards, paces and chances are worked out when they are first asked for, and known from then on: by
where they stand, which the levels of now tell. Those that hang on numbers drawn once per run stand
before the others, so that each run forgets these and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# What hangs on more is worked out whenever it is asked for, and stands at 0 for as long as that
# takes: looking up costs the same for few variables, and each run pays for what it forgets.
MOST_VARIABLES, MOST_NUMBERS = 3, 512

LookUp = tuple[
    int, ...
]  # base, variables, steps: base + the sum of step x level is where it stands


class Wanted(NamedTuple):
    """Some numbers for each of the levels of some variables; drawn, if they hang on draws too."""

    variables: frozenset[int]
    numbers: int
    drawn: bool


def look_ups(wanted: Sequence[Wanted], levels: Sequence[int]) -> tuple[list[LookUp], int, int]:
    """Give all that is wanted its place; gives also how many numbers a run forgets, and has.

    `levels` has the number of levels of each variable. Where a look-up hangs on fewer than three,
    steps of 0 make nothing of the others.
    """
    made: dict[int, LookUp] = {}
    known = max((one.numbers for one in wanted), default=1)
    forgotten = known
    for drawn in (True, False):
        for index, one in enumerate(wanted):
            if one.drawn is drawn:
                made[index], known = _placed(one, levels, known)
        forgotten = known if drawn else forgotten
    return [made[index] for index in range(len(wanted))], forgotten, known


def _placed(one: Wanted, levels: Sequence[int], base: int) -> tuple[LookUp, int]:
    """Place a look-up at a base; gives also where the next one may stand."""
    variables = sorted(one.variables)
    steps, size = list[int](), one.numbers
    for variable in variables:
        steps.append(size)
        size *= levels[variable]
    none = MOST_VARIABLES - len(variables)
    if none < 0 or size > MOST_NUMBERS:
        return (0,) * (1 + 2 * MOST_VARIABLES), base
    return (base, *variables, *[0] * none, *steps, *[0] * none), base + size

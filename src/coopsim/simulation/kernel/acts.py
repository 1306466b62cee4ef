"""Whom a change concerns, and what it asks of each clock: all of it is known before any run.

For each change of a level there is a list of acts, for each firing another, and one for the start
of a run. They are done when all levels are set. An act reads levels and its own clock, and no
other, and no time passes between them: in whatever order they touch a clock, they leave it alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coopsim.simulation import program as p

# What is asked of a clock: to be armed; to take a trigger; to go by the date of another level; to
# go on at another pace; to look whether its condition holds; to wake, as it surely does; to stand
# still, as it surely does not.
ARM, TRIGGER, REDATE, PACE, LOOK, WAKE, STOP = range(7)
NOTHING = STOP + 1

# An act is one number: the event, and in the last bits what is asked of its clock.
WHAT_BITS = 3
WHAT_MASK = (1 << WHAT_BITS) - 1

_Indices = NDArray[np.uint32]


class ChangeActs(NamedTuple):
    """What the changes of levels ask, change by change.

    A change of a variable is numbered: `first` + level before x levels + level after.
    """

    first: _Indices  # by variable
    begins: _Indices  # by change, where its acts begin; one more for where the last end
    paces: _Indices  # where those of them begin that a clock heeds only while it may run
    acts: _Indices


def act(event: int, what: int) -> int:
    """Write an act as a number."""
    return event << WHAT_BITS | what


def acts_at_start(program: p.Program) -> list[int]:
    """List what is asked at the start of a run."""
    return [act(i, ARM) for i, event in enumerate(program.events) if event.triggers is None]


def acts_of_firing(program: p.Program, index: int) -> list[int]:
    """List what a firing of an event asks, beside what the levels ask that it changes."""
    event = program.events[index]
    again = event.repeat and event.triggers is None
    heard = program.listeners[event.variable]
    return [act(index, ARM)] * again + [act(i, TRIGGER) for i, one in heard if one.mask is None]


def acts_of_changes(program: p.Program, levels: Sequence[int]) -> ChangeActs:
    """Lay out what each change asks; `levels` has the number of levels of each variable."""
    first = np.cumsum([0, *(count * count for count in levels)], dtype=np.uint32)
    asked = [*_by_clocks(program, levels), *_by_triggers(program, levels)]
    sizes = [len(changes) for _, _, changes, _ in asked]
    change = _joined([first[variable] + changes for _, variable, changes, _ in asked])
    event = np.repeat(np.array([index for index, *_ in asked], np.uint32), sizes)
    what = _joined([whats for *_, whats in asked])
    timing = np.array([p.ORDER[one.timing] for one in program.events], np.uint32)
    guarded = np.array([one.timing in p.GUARDED for one in program.events], np.bool_)
    heeded = (what == PACE) & guarded[event]
    # Like after like, which is foreseen best; of each change those last that most clocks ignore.
    order = np.lexsort((timing[event], what, heeded, change))
    found = np.searchsorted((2 * change + heeded)[order], np.arange(2 * first[-1] + 2))
    begins, paces = found.astype(np.uint32).reshape(-1, 2).T
    acts = event << np.uint32(WHAT_BITS) | what
    return ChangeActs(first[:-1], begins, paces, acts[order])


# --- what is read of a variable -------------------------------------------------------------------

_Asked = tuple[int, int, _Indices, _Indices]  # event, variable, which of its changes, and what


@dataclass(slots=True)
class _Reading:
    """What a clock reads of one variable: masks of its levels, and numbers by level."""

    rows: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    pace: list[int | tuple[int, ...]] = field(default_factory=list)
    dates: bool = False


def _by_clocks(program: p.Program, levels: Sequence[int]) -> Iterator[_Asked]:
    for index, event in enumerate(program.events):
        readings = _readings(event)
        alone = sum(bool(read.rows) for read in readings.values()) == 1
        for variable, read in readings.items():
            rows = tuple(tuple(read.rows.get(row, ())) for row in range(len(event.condition)))
            kind = event.timing in p.GUARDED, alone, read.dates
            yield index, variable, *_asked(levels[variable], kind, rows, tuple(read.pace))


def _readings(event: p.Event) -> dict[int, _Reading]:
    read: dict[int, _Reading] = defaultdict(_Reading)
    for row, tests in enumerate(event.condition):
        for test in tests:
            read[test.variable].rows[row].append(test.mask)
    for factor in event.factors:
        if isinstance(factor, p.Factor):
            for test in (test for row in factor.when for test in row):
                read[test.variable].pace.append(test.mask)
        elif factor.variable is not None:
            read[factor.variable].pace.append(tuple(map(factor.numbers.index, factor.numbers)))
    if event.dated_by is not None:
        read[event.dated_by].dates = True
    return read


@lru_cache(maxsize=1024)  # events read their variables in few ways
def _asked(
    levels: int,
    kind: tuple[bool, bool, bool],
    rows: tuple[tuple[int, ...], ...],
    pace: tuple[int | tuple[int, ...], ...],
) -> tuple[_Indices, _Indices]:
    """Find the changes of a variable that concern a clock, and what each asks of it.

    `kind` tells whether the clock runs only while its condition holds, whether that hangs on no
    other variable, and whether its date hangs on this one.
    """
    guarded, alone, dates = kind
    seen = [[all(mask >> level & 1 for mask in row) for row in rows] for level in range(levels)]
    paces = [[_number(level, one) for one in pace] for level in range(levels)]
    whats = np.full((levels, levels), NOTHING, np.uint32)
    for a, b in ((a, b) for a in range(levels) for b in range(levels) if a != b):
        if dates:
            whats[a, b] = REDATE
        elif any(seen[a]) and not any(seen[b]):  # no row is left that could hold
            whats[a, b] = STOP if guarded else LOOK
        elif any(seen[b]) and seen[a] != seen[b]:
            whats[a, b] = WAKE if alone else LOOK
        elif paces[a] != paces[b] and (any(seen[b]) or not guarded):
            whats[a, b] = PACE
    changes = np.flatnonzero(whats != NOTHING)
    return changes.astype(np.uint32), whats.ravel()[changes]


def _number(level: int, read: int | tuple[int, ...]) -> int:
    return read >> level & 1 if isinstance(read, int) else read[level]


# --- triggers -------------------------------------------------------------------------------------


def _by_triggers(program: p.Program, levels: Sequence[int]) -> Iterator[_Asked]:
    for variable, heard in enumerate(program.listeners):
        for index, trigger in heard:
            if trigger.mask is not None:
                changes = _entries(levels[variable], trigger.mask, trigger.direction)
                yield index, variable, changes, np.full(len(changes), TRIGGER, np.uint32)


@lru_cache(maxsize=1024)
def _entries(levels: int, mask: int, direction: int) -> _Indices:
    """Find the changes of a variable that enter a level of a mask."""
    before, after = np.divmod(np.arange(levels * levels), levels)
    within = np.array([mask >> level & 1 for level in range(levels)], np.bool_)
    rises = np.sign(after - before)
    entered = within[after] & (rises != 0) & ((direction == 0) | (rises == direction))
    return np.flatnonzero(entered).astype(np.uint32)


def _joined(parts: Sequence[_Indices]) -> _Indices:
    return np.concatenate([np.empty(0, np.uint32), *parts])

"""A firing and what follows from it, compiled: rules 6 to 8 of section 4 of docs/language.md.

What a firing, or a day that turns, asks of clocks is laid out before any run (acts.py): lists of
acts, which are noted as the levels change and done when all of them have.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from coopsim.simulation.kernel.alarms import EVENT_BITS, EVENT_MASK, next_alarm, set_alarm
from coopsim.simulation.kernel.clocks import do_act, earliest_firing
from coopsim.simulation.kernel.compiling import called, inlined, spliced
from coopsim.simulation.kernel.firsts import draw_firsts, stream_number
from coopsim.simulation.kernel.memory import (
    DONE,
    ENDLESS,
    IDLE,
    NO_CHANCE,
    UNKNOWN,
    KernelState,
    Log,
)
from coopsim.simulation.kernel.state import (
    NOWHERE,
    ONE,
    WHAT_BITS,
    WHAT_MASK,
    allowed,
    ask,
    ask_running,
    holds,
    number,
    place,
    product,
)
from coopsim.simulation.kernel.tables import NO_MOMENT, NONE, Tables
from coopsim.simulation.limits import MAX_FIRINGS, MAX_FIRINGS_OF_ONE

# --- outcomes and levels ------------------------------------------------------------------------


@inlined
def weigh(t: Tables, s: KernelState, event: Any, at: int) -> None:
    """Work out the chances of outcomes times their odds, each with those before it."""
    count = event.outcomes_end - event.outcomes
    given = 0.0
    for i in range(count):
        outcome = t.outcomes[event.outcomes + i]
        s.known[at + i] = 0.0
        for index in range(outcome.chance, outcome.chance_end):
            condition = t.factors[index].condition
            if condition == NONE or holds(t, s, condition):
                s.known[at + i] = number(t, s, t.factors[index])
                break
        given += s.known[at + i]
    reached = 0.0
    for i in range(count):
        outcome = t.outcomes[event.outcomes + i]
        rest = outcome.chance == outcome.chance_end
        chance = max(0.0, 1.0 - given) if rest else s.known[at + i]
        reached += product(t, s, chance, outcome.odds, outcome.odds_end)
        s.known[at + i] = reached


@inlined
def draw_outcome(t: Tables, s: KernelState, event: Any, k: int) -> int:
    """Draw how an event turns out, as the levels are before it; NONE where no chance is left."""
    if event.draws == NONE:
        return 0
    at = place(s, event.chances)
    if math.isnan(s.known[at]):
        weigh(t, s, event, at)
    last = at + event.outcomes_end - event.outcomes - 1
    reached = s.known[last]
    if not reached > 0.0:
        return NONE
    aim = stream_number(t, s, event.draws, k) * reached
    passed = 0
    for i in range(at, last):
        passed += (s.known[i] <= aim) & (s.known[i] < reached)  # rounded, the aim may be all of it
    s.known[NOWHERE] = np.nan
    return passed


@inlined
def set_level(s: KernelState, variable: int, level: int) -> None:
    """Set a level, and note the one before the firing."""
    here = s.here[0]
    change = s.changes[here.changes]
    change.variable = variable
    change.before = s.levels[variable]
    here.changes += np.uint64(s.changed[variable] != here.firing)  # noted once
    s.changed[variable] = here.firing
    s.levels[variable] = level


@inlined
def apply_effects(t: Tables, s: KernelState, begin: int, end: int) -> None:
    """Apply effects in order; a shift stops at the ends."""
    for index in range(begin, end):
        effect = t.effects[index]
        level = effect.level
        if level == NONE:
            level = min(max(s.levels[effect.driver] + effect.shift, 0), effect.highest)
        set_level(s, effect.driver, level)


@inlined
def fire(t: Tables, s: KernelState, i: int, outcome: int) -> None:
    """Fire an event, with all that follows in the same second (rule 6)."""
    event, here = t.events[i], s.here[0]
    branch = t.outcomes[event.outcomes + outcome]
    s.clocks[i].fired += 1
    s.clocks[i].work = IDLE
    s.clocks[i].done = NO_MOMENT
    set_alarm(t, s, i, NO_MOMENT)
    here.changes = 0
    here.firing += 1
    set_level(s, event.variable, outcome + 1)
    apply_effects(t, s, branch.effects, branch.effects_end)
    for index in range(here.changes):
        change = s.changes[index]
        variable = t.variables[change.variable]
        after = s.levels[change.variable]
        asked = variable.changes + change.before * variable.levels + after
        ask(t, s, t.changes[asked].begin, t.changes[asked].paces)
        ask_running(t, s, t.changes[asked].paces, t.changes[asked + ONE].begin)
    ask(t, s, event.acts, event.acts_end)


# --- runs ---------------------------------------------------------------------------------------


@inlined
def wipe(t: Tables, s: KernelState) -> None:
    """Forget the run before."""
    here = s.here[0]
    here.now = here.noted = here.turn = 0
    for i in range(len(s.levels)):
        s.levels[i] = 0
    for i in range(t.forgotten):
        s.known[i] = np.nan
    for i in range(len(s.alarms)):
        s.alarms[i] = NO_MOMENT
    for i in range(len(s.earliest)):
        s.earliest[i] = UNKNOWN
    for i in range(len(s.clocks)):
        clock = s.clocks[i]
        clock.work = IDLE
        clock.done = NO_MOMENT
        clock.armings = clock.fired = 0


@inlined
def begin(t: Tables, s: KernelState) -> None:
    """Draw the first levels, and ask for the clocks to be armed."""
    wipe(t, s)
    draw_firsts(t, s)
    for i in range(len(t.drivers)):
        driver = t.drivers[i]
        u = 0.5 if driver.stream == NONE else s.uniforms[driver.stream]
        while u >= t.cumulative[driver.cumulative + s.levels[i]]:
            s.levels[i] += 1
    for i in range(len(t.events)):
        s.clocks[i].may = allowed(t, s, t.events[i])
    ask(t, s, t.starting, t.starting_end)


@spliced
def next_to_ring(t: Tables, s: KernelState) -> Any:
    """Do what is noted and go to the next moment; gives the event that rings, NONE for a day."""
    here = s.here[0]
    for index in range(here.noted):
        do_act(t, s, s.noted[index] >> WHAT_BITS, s.noted[index] & WHAT_MASK)
    here.noted = 0
    alarm = next_alarm(s)
    here.now = alarm >> EVENT_BITS
    if here.turn < len(t.turns) and t.turns[here.turn].moment <= here.now:
        turn = t.turns[here.turn]  # days turn before firings
        here.now = turn.moment
        here.turn += 1
        ask(t, s, turn.acts, turn.acts_end)
        return np.uint32(NONE)
    return np.uint32(alarm & EVENT_MASK)


@inlined
def write(s: KernelState, log: Log, i: int, outcome: int) -> None:
    """Write one firing into the log."""
    here = s.here[0]
    log.run[here.row] = here.run
    log.event[here.row] = i
    log.outcome[here.row] = outcome
    log.time[here.row] = here.now
    here.row += 1


@spliced
def play_one(t: Tables, s: KernelState, log: Log) -> int:
    """Play a run that has begun; tells how it ended, and notes in which event."""
    here = s.here[0]
    first_row = here.row
    while True:
        i = next_to_ring(t, s)
        if i == NONE:
            continue
        if here.now >= t.horizon:
            return DONE
        event = t.events[i]
        moment = earliest_firing(t, s, event, s.clocks[i].may)
        if moment != here.now:
            set_alarm(t, s, i, moment)
            continue
        here.event = i
        outcome = draw_outcome(t, s, event, s.clocks[i].fired)
        if outcome == NONE:
            return NO_CHANCE
        if not event.hidden:
            write(s, log, i, outcome)
        fire(t, s, i, outcome)
        if s.clocks[i].fired > MAX_FIRINGS_OF_ONE or here.row - first_row >= MAX_FIRINGS:
            return ENDLESS


@called
def play(t: Tables, s: KernelState, log: Log, first_run: int, end: int) -> None:
    """Play runs as long as another fits into the log for certain.

    `s.here` then tells how far it came: `run`, the first that was not played to its end, `row`, the
    rows of the log that are used, and how that run ended (DONE: it did not begin), with `event`
    and `now`, if it was cut off.
    """
    here = s.here[0]
    here.row = 0
    here.run = first_run
    here.ending = DONE
    while here.run < end and here.row + MAX_FIRINGS <= len(log.run) and here.ending == DONE:
        begin(t, s)
        here.ending = play_one(t, s, log)
        here.run += here.ending == DONE

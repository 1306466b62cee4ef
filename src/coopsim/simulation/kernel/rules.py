"""A firing and what follows from it, compiled: rules 6 to 8 of section 4 of docs/language.md.

What a firing, or a day that turns, means for clocks is put on a list of tasks, and the tasks are
then done one by one. Within one second their order cannot be told by any log: a clock's task reads
levels, which are all set by then, and no other clock.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coopsim.simulation.kernel.clocks import do_task, earliest_firing
from coopsim.simulation.kernel.compiling import called, inlined, spliced
from coopsim.simulation.kernel.drawing import uniform
from coopsim.simulation.kernel.memory import DONE, ENDLESS, NO_CHANCE, KernelState, Log
from coopsim.simulation.kernel.state import (
    ARM,
    EVENT_BITS,
    EVENT_MASK,
    ONE,
    REDATE,
    REFRESH,
    add_task,
    allowed,
    next_alarm,
    number,
    product,
    set_alarm,
)
from coopsim.simulation.kernel.tables import NO_MOMENT, NONE, TAKES, Tables
from coopsim.simulation.limits import MAX_FIRINGS, MAX_FIRINGS_OF_ONE

# --- outcomes and levels ------------------------------------------------------------------------


@inlined
def draw_outcome(t: Tables, s: KernelState, event: Any, k: int) -> int:
    """Draw how an event turns out, as the levels are before it; NONE where no chance is left."""
    if event.draws == NONE:
        return 0
    begin, count = event.outcomes, event.outcomes_end - event.outcomes
    given = 0.0
    for i in range(count):
        outcome = t.outcomes[begin + i]
        s.chances[i] = 0.0
        for index in range(outcome.chance, outcome.chance_end):
            if s.met[t.factors[index].condition]:
                s.chances[i] = number(t, s, t.factors[index])
                break
        given += s.chances[i]
    reached = 0.0
    for i in range(count):
        outcome = t.outcomes[begin + i]
        rest = outcome.chance == outcome.chance_end
        chance = max(0.0, 1.0 - given) if rest else s.chances[i]
        reached += product(t, s, chance, outcome.odds, outcome.odds_end)
        s.chances[i] = reached
    if not reached > 0.0:
        return NONE
    aim = uniform(t.keys[event.draws], s.here[0].run, k) * reached
    i = 0
    while s.chances[i] <= aim and s.chances[i] < reached:  # rounded, the aim may be all of it
        i += 1
    return i


@inlined
def set_level(s: KernelState, variable: int, level: int) -> None:
    """Set a level, and note the one before the firing."""
    here, known = s.here[0], False
    for i in range(here.changes):
        known |= s.changes[i].variable == variable
    if not known:
        s.changes[here.changes].variable = variable
        s.changes[here.changes].before = s.levels[variable]
        here.changes += ONE
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


# --- what a firing means for clocks -------------------------------------------------------------


@inlined
def notice(t: Tables, s: KernelState, i: int, condition: int) -> None:
    """List a refresh of a clock, once a firing, as a condition turned or (NONE) a number.

    A clock that stands still behind its own condition need not know of its pace: when the
    condition comes to hold, it looks up for that.
    """
    event, its_own = t.events[i], t.events[i].condition == condition
    s.clocks[i].known &= its_own
    stopped = event.guarded and not its_own and not s.met[event.condition]
    if not stopped and s.noticed[i] != s.here[0].firing:
        s.noticed[i] = s.here[0].firing
        add_task(s, i, REFRESH)


@inlined
def retest(t: Tables, s: KernelState, variable: int, before: int) -> None:
    """Redo the tests on a changed variable; whose condition, pace or date turned must look up."""
    level = s.levels[variable]
    for index in range(t.tests_of[variable], t.tests_of[variable + 1]):
        test = t.tests[index]
        step = int(t.members[test.members + before]) - int(t.members[test.members + level])
        if step == 0:
            continue
        held = s.unmet[test.row] == 0
        s.unmet[test.row] += step
        if held == (s.unmet[test.row] == 0):
            continue
        condition = t.rows[test.row]
        s.met[condition] -= step
        if s.met[condition] == (step < 0):  # it came to hold, or ceased to
            for at in range(t.users_of[condition], t.users_of[condition + 1]):
                notice(t, s, t.users[at], condition)
    for index in range(t.readers_of[variable], t.readers_of[variable + 1]):
        reader = t.readers[index]
        if reader.numbers == NONE:
            add_task(s, reader.event, REDATE)
        elif t.numbers_of[reader.numbers + before] != t.numbers_of[reader.numbers + level]:
            notice(t, s, reader.event, NONE)


@inlined
def enters(t: Tables, listener: Any, before: int, level: int) -> bool:
    """Check whether a change of level is an entry that a trigger waits for."""
    if level == before or not t.members[listener.members + level]:
        return False
    return listener.direction == 0 or (level > before) == (listener.direction > 0)


@inlined
def take_trigger(t: Tables, s: KernelState, i: int) -> None:
    """Take a trigger: arm the clock anew, or be due at once if the condition holds."""
    event = t.events[i]
    if s.clocks[i].fired and not event.repeat:
        return
    if event.timing == TAKES:
        add_task(s, i, ARM)
    elif allowed(s, event):  # one that is due already stays so
        set_alarm(t, s, i, s.here[0].now)


@inlined
def trigger(t: Tables, s: KernelState, change: int) -> None:
    """Serve the triggers that a touched variable gives, each event once in a firing.

    The first change is that of the firing event's own level.
    """
    variable, before = s.changes[change].variable, s.changes[change].before
    for index in range(t.listeners_of[variable], t.listeners_of[variable + 1]):
        listener = t.listeners[index]
        if listener.members == NONE:
            given = change == 0
        else:
            given = enters(t, listener, before, s.levels[variable])
        if given and s.served[listener.event] != s.here[0].firing:
            s.served[listener.event] = s.here[0].firing
            take_trigger(t, s, listener.event)


@inlined
def spread(t: Tables, s: KernelState, i: int) -> None:
    """List what a firing means for clocks: its own, those that read what changed, by triggers."""
    s.clocks[i].armed = False
    s.clocks[i].done = NO_MOMENT
    s.noticed[i] = s.here[0].firing  # its own clock is armed anew, or has no work
    if t.events[i].repeat and not t.events[i].triggered:
        add_task(s, i, ARM)
    else:
        set_alarm(t, s, i, NO_MOMENT)
    for change in range(s.here[0].changes):
        variable, before = s.changes[change].variable, s.changes[change].before
        if s.levels[variable] != before:
            retest(t, s, variable, before)
    for change in range(s.here[0].changes):
        trigger(t, s, change)


@inlined
def fire(t: Tables, s: KernelState, i: int, outcome: int) -> None:
    """Fire an event, with all that follows in the same second (rule 6)."""
    event, here = t.events[i], s.here[0]
    branch = t.outcomes[event.outcomes + outcome]
    s.clocks[i].fired += 1
    here.changes = 0
    set_level(s, event.variable, outcome + 1)
    apply_effects(t, s, event.effects, event.effects_end)
    apply_effects(t, s, branch.effects, branch.effects_end)
    spread(t, s, i)
    here.firing += 1


# --- runs ---------------------------------------------------------------------------------------


@inlined
def wipe(t: Tables, s: KernelState) -> None:
    """Forget the run before; numbers that are drawn are not known yet."""
    here = s.here[0]
    here.now = here.firing = here.tasks = here.turn = 0
    for i in range(len(s.levels)):
        s.levels[i] = 0
    for i in range(len(s.numbers)):
        s.numbers[i] = t.numbers[i]
    for i in range(len(s.alarms)):
        s.alarms[i] = NO_MOMENT
    for i in range(len(s.earliest)):
        s.earliest[i] = NO_MOMENT
    for i in range(len(s.unmet)):
        s.unmet[i] = 0
    for i in range(len(s.met)):
        s.met[i] = 0
    for i in range(len(s.clocks)):
        clock = s.clocks[i]
        clock.armed = clock.known = False
        clock.done = NO_MOMENT
        clock.armings = clock.fired = 0
        s.served[i] = s.noticed[i] = NONE


@inlined
def begin(t: Tables, s: KernelState) -> None:
    """Draw the first levels, see which conditions hold, and list the clocks to be armed."""
    wipe(t, s)
    run = s.here[0].run
    for i in range(len(t.drivers)):
        driver = t.drivers[i]
        u = 0.5 if driver.stream == NONE else uniform(t.keys[driver.stream], run, 0)
        while u >= t.cumulative[driver.cumulative + s.levels[i]]:
            s.levels[i] += 1
    for variable in range(len(t.tests_of) - 1):
        for index in range(t.tests_of[variable], t.tests_of[variable + 1]):
            test = t.tests[index]
            s.unmet[test.row] += not t.members[test.members + s.levels[variable]]
    for row in range(len(t.rows)):
        s.met[t.rows[row]] += s.unmet[row] == 0
    for i in range(len(t.events)):
        if not t.events[i].triggered:
            add_task(s, i, ARM)


@spliced
def next_to_ring(t: Tables, s: KernelState) -> Any:
    """Do all tasks and go to the next moment; gives the event that rings, NONE for a day."""
    here = s.here[0]
    for index in range(here.tasks):
        do_task(t, s, s.tasks[index].event, s.tasks[index].what)
    here.tasks = 0
    alarm = next_alarm(s)
    here.now = alarm >> EVENT_BITS
    if here.turn < len(t.turns) and t.turns[here.turn].moment <= here.now:
        turn = t.turns[here.turn]  # days turn before firings
        here.now = turn.moment
        here.turn += 1
        add_task(s, turn.event, REFRESH)
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
        moment = earliest_firing(t, s, event, allowed(s, event))
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

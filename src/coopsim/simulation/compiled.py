"""The compiled engine: the same rules over arrays, a block of timelines a call."""

from __future__ import annotations

from collections import deque
from threading import Lock

from coopsim.simulation.firings import COLUMNS, Firings, join
from coopsim.simulation.kernel.machine_code import play
from coopsim.simulation.kernel.memory import ENDLESS, NO_CHANCE, Lender, new_state
from coopsim.simulation.kernel.tables import Tables, tables_of
from coopsim.simulation.limits import MAX_FIRINGS, endless, no_chance
from coopsim.simulation.program import Program

# Room for the firings of some hundred runs beside the most that one more could make.
LOG_ROWS = 3 * MAX_FIRINGS
LOGS = Lender(LOG_ROWS)
_laying_out = Lock()
_laid_out: deque[tuple[Program, Tables]] = deque(maxlen=8)


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate the runs first_run <= run < first_run + runs, as `simpy_model.simulate` does.

    Raises CoopsimError where a run never comes to an end.
    """
    tables = _tables(program)
    state = new_state(tables)
    pieces: list[Firings] = []
    run, end = first_run, first_run + runs
    while run < end:
        log = LOGS.lend()
        play(tables, state, log, run, end)
        here = state.here[0]
        rows, event, moment = int(here["row"]), int(here["event"]), int(here["now"])
        pieces.append(
            Firings(run, int(here["run"]) - run, *(getattr(log, name)[:rows] for name in COLUMNS))
        )
        run = int(here["run"])
        if here["ending"] == ENDLESS:
            total = log.event[:rows][log.run[:rows] == run]
            fired = int((total == event).sum())
            raise endless(program, run, event, (fired, len(total), moment))
        if here["ending"] == NO_CHANCE:
            raise no_chance(program, run, event, moment)
    return pieces[0] if len(pieces) == 1 else join(pieces)


def _tables(program: Program) -> Tables:
    """Lay out a program, unless it is one of the last that were."""
    with _laying_out:  # so that one of the threads that come first does it for all
        for one, tables in _laid_out:
            # Of one that is varied the hash differs: all that is the same is not gone through.
            if one is program or (hash(one) == hash(program) and one == program):
                return tables
        _laid_out.append((program, tables_of(program, program.days_that_turn())))
        return _laid_out[-1][1]

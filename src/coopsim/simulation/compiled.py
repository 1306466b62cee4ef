"""The compiled engine: the same rules over arrays, a block of timelines a call."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from coopsim.simulation.firings import COLUMNS, Firings, join
from coopsim.simulation.kernel.machine_code import play
from coopsim.simulation.kernel.memory import ENDLESS, NO_CHANCE, new_log, new_state
from coopsim.simulation.kernel.tables import Tables, tables_of
from coopsim.simulation.limits import MAX_FIRINGS, endless, no_chance
from coopsim.simulation.program import Program

# Room for the firings of some hundred runs beside the most that one more could make.
LOG_ROWS = 3 * MAX_FIRINGS
_laying_out = Lock()


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate the runs first_run <= run < first_run + runs, as `simpy_model.simulate` does.

    Raises CoopsimError where a run never comes to an end.
    """
    tables = _tables(program)
    state = new_state(tables)
    pieces: list[Firings] = []
    run, end = first_run, first_run + runs
    while run < end:
        log = new_log(LOG_ROWS)
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
    with _laying_out:  # so that one of the threads that come first does it for all
        return _laid_out(program)


@lru_cache(maxsize=8)
def _laid_out(program: Program) -> Tables:
    return tables_of(program, program.days_that_turn())

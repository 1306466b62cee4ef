"""The compiled engine: the same rules over arrays, a block of timelines a call."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coopsim.simulation.firings import COLUMNS, Firings, join
from coopsim.simulation.kernel.rules import ENDLESS, NO_CHANCE, Ending, Log, play
from coopsim.simulation.kernel.state import State, new_state
from coopsim.simulation.kernel.tables import Tables, tables_of
from coopsim.simulation.limits import MAX_FIRINGS, endless, no_chance
from coopsim.simulation.program import Program
from coopsim.simulation.simpy_model import days_that_turn

# Room for the firings of some hundred runs beside the most that one more could make.
LOG_ROWS = 3 * MAX_FIRINGS
DTYPES = (np.int64, np.int32, np.int32, np.int64)


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate the runs first_run <= run < first_run + runs, as `simpy_model.simulate` does.

    Raises CoopsimError where a run never comes to an end.
    """
    tables = _tables(program)
    state = new_state(tables)
    pieces: list[Firings] = []
    run, end = first_run, first_run + runs
    while run < end:
        # The system gives memory only to rows that are written, so that none need be copied.
        log = Log(*(np.empty(LOG_ROWS, dtype) for dtype in DTYPES))
        played, rows, status, event, moment = _play(tables, state, run, end - run, log)
        pieces.append(Firings(run, played, *(getattr(log, name)[:rows] for name in COLUMNS)))
        run += played
        if status == ENDLESS:
            total = log.event[:rows][log.run[:rows] == run]
            fired = int((total == event).sum())
            raise endless(program, run, event, (fired, len(total), moment))
        if status == NO_CHANCE:
            raise no_chance(program, run, event, moment)
    return pieces[0] if len(pieces) == 1 else join(pieces)


def _play(tables: Tables, state: State, run: int, runs: int, log: Log) -> Ending:
    try:
        return play(tables, state, run, runs, log)
    except OSError:
        # The machine code could not be kept (a full disk), but it is there: this never computes.
        return play(tables, state, run, runs, log)


@lru_cache(maxsize=8)
def _tables(program: Program) -> Tables:
    return tables_of(program, days_that_turn(program))

"""Play small worlds by the kernel as plain Python, where a read outside a table is an error.

Compiled code looks at no bounds. This runs in a process of its own, with NUMBA_DISABLE_JIT=1; it
prints how many programs gave the firings of the SimPy model, which must be all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from small import extreme_worlds, small_worlds

from coopsim.scenario.loading import load_data
from coopsim.simulation import draws, simpy_model
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import COLUMNS
from coopsim.simulation.kernel import alarms, drawing, firsts, memory, rules, state, tables
from coopsim.simulation.limits import MAX_FIRINGS
from coopsim.simulation.program import Program

RUNS = 4


def uniform(key: Any, run: Any, k: Any) -> float:
    """Stand in for the generator in machine words, whose overflow is an error in plain Python."""
    return draws.uniform(int(key), int(run), int(k))


def least(words: Any, first: Any) -> int:
    """Stand in for the comparison of alarms side by side, which plain Python cannot run."""
    return min(map(int, words.array[first : first + memory.BLOCK]))


def copy(target: Any, at: Any, source: Any, begin: Any) -> None:
    """Stand in for the copying of some acts as one vector."""
    for index in range(tables.AT_ONCE):
        target[at + index] = source[begin + index]


class Record:
    """Let the fields of a record be attributes, as they are in compiled code."""

    def __init__(self, record: np.void) -> None:
        self.__dict__["record"] = record

    def __getattr__(self, name: str) -> Any:
        found = self.record[name]
        return Record(found) if isinstance(found, np.void) else found

    def __setattr__(self, name: str, value: Any) -> None:
        self.record[name] = value


class Table:
    """Stand in for an array; an index that counts from its end is an error too."""

    def __init__(self, array: tables.Array) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, index: Any) -> Any:
        assert np.min(index) >= 0
        found = self.array[index]
        return Record(found) if isinstance(found, np.void) else found

    def __setitem__(self, index: Any, value: Any) -> None:
        assert np.min(index) >= 0
        self.array[index] = value.record if isinstance(value, Record) else value


def checked(arrays: Any) -> Any:
    return type(arrays)(*(Table(one) if isinstance(one, np.ndarray) else one for one in arrays))


def play(t: Any, s: Any, log: Any, first_run: int, end: int) -> None:
    """Do as `machine_code.play`."""
    # What passes the largest number is cut off; at speed 0 work takes longer than any.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        rules.play(checked(t), checked(s), checked(log), first_run, end)


def exchange_generator() -> None:
    """Have numbers drawn, alarms compared and acts copied by what plain Python can run."""
    for module in (drawing, firsts):
        vars(module)["uniform"] = uniform
    vars(alarms)["least"] = least
    vars(state)["copy"] = copy


def played(program: Program) -> list[list[int]]:
    laid_out = tables.tables_of(program, program.days_that_turn())
    state, log = memory.new_state(laid_out), memory.new_log(RUNS * MAX_FIRINGS)
    play(laid_out, state, log, 0, RUNS)
    rows = int(state.here[0]["row"])
    return [column[:rows].tolist() for column in log]


def main() -> None:
    exchange_generator()
    programs = dict.fromkeys(
        build_program(load_data(raw).scenario) for raw in [*small_worlds(), *extreme_worlds()]
    )
    for program in programs:
        expected = simpy_model.simulate(program, 0, RUNS)
        columns = [getattr(expected, name).tolist() for name in COLUMNS]
        assert played(program) == columns, program
    print(len(programs))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()

"""Simulate by both engines: every test that comes here is an agreement test too.

The SimPy model plays the first `REFERENCE_RUNS` timelines of a block, the compiled engine plays all
of it: what a test then holds against theory are timelines of the compiled engine, whose beginning
is, to the second, that of the SimPy model. So a fault of either engine still fails the test: one of
the compiled engine by the theory, one of the SimPy model by the disagreement, which shows wherever
one of those timelines comes out otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coopsim.errors import CoopsimError
from coopsim.simulation import compiled, simpy_model
from coopsim.simulation.firings import COLUMNS, Firings
from coopsim.simulation.program import Program

# A fault that touches one timeline in a hundred is missed by these once in 20,000 worlds.
REFERENCE_RUNS = 1000


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Give the firings of all runs, or raise the error that both engines raise.

    The SimPy model plays the first `REFERENCE_RUNS` of them, or all where the compiled engine
    raises an error.
    """
    theirs = _played(compiled, program, first_run, runs)
    told = isinstance(theirs, CoopsimError)
    ours = _played(simpy_model, program, first_run, runs if told else min(runs, REFERENCE_RUNS))
    if isinstance(ours, Firings) and isinstance(theirs, Firings):
        begun = theirs.cut(first_run, ours.runs)
        for name in COLUMNS:
            one, other = getattr(ours, name), getattr(begun, name)
            assert one.dtype == other.dtype
            assert np.array_equal(one, other), f"the engines differ in {name}"
        return theirs
    assert str(ours) == str(theirs)
    assert isinstance(theirs, CoopsimError)
    raise theirs


def _played(engine: Any, program: Program, first_run: int, runs: int) -> Firings | CoopsimError:
    try:
        firings: Firings = engine.simulate(program, first_run, runs)
    except CoopsimError as error:
        return error
    return firings

"""Simulate by both engines: every test that comes here is an agreement test too."""

from __future__ import annotations

from typing import Any

import numpy as np

from coopsim.errors import CoopsimError
from coopsim.simulation import compiled, simpy_model
from coopsim.simulation.firings import COLUMNS, Firings
from coopsim.simulation.program import Program


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Give the firings that both engines make, or raise the error that both raise."""
    ours, theirs = (_played(engine, program, first_run, runs) for engine in (compiled, simpy_model))
    if isinstance(ours, Firings) and isinstance(theirs, Firings):
        for name in COLUMNS:
            one, other = getattr(ours, name), getattr(theirs, name)
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

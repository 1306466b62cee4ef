"""Who races: coopsim's two engines, and what one would write or take instead."""

from __future__ import annotations

import random
from collections.abc import Iterator

import by_hand_numpy
import model72
import numpy as np
import plain72_simpy
import plain_salabim
import plain_simpy
from checking import Log, log_of_columns, log_of_firings, log_of_rows
from racing import Contender
from worlds import BASELINE, COMPILED, ENGINE, PLAIN, engine, program_of

from coopsim.simulation import compiled, simpy_model

SALABIM, NUMPY = "salabim", "NumPy by hand"


def on_the_baseline(share: float) -> list[Contender]:
    """Gather who plays the shipped baseline, for about a second each where `share` is 1."""
    random.seed(2025)  # for the plain program
    program = program_of(BASELINE)
    return [
        Contender(COMPILED, engine(compiled.simulate, program), round(60_000 * share), int),
        Contender(ENGINE, engine(simpy_model.simulate, program), round(500 * share), int),
        Contender(PLAIN, plain_simpy.play, round(300 * share)),
    ]


def on_model72(share: float) -> list[Contender]:
    """Gather who plays the world of 72 events, for about a second each where `share` is 1."""
    random.seed(2025)  # for the plain programs
    program = program_of(model72.SCENARIO)
    # NumPy has a whole block in any case, as fewer timelines would not do it justice.
    return [
        Contender(COMPILED, engine(compiled.simulate, program), round(100_000 * share), int),
        Contender(ENGINE, engine(simpy_model.simulate, program), round(800 * share), int),
        Contender(PLAIN, plain72_simpy.play, round(300 * share)),
        Contender(SALABIM, plain_salabim.play, round(300 * share)),
        Contender(NUMPY, by_hand_numpy.play, by_hand_numpy.BLOCK, count_rows),
    ]


def count_rows(columns: list[np.ndarray]) -> int:
    """Count the firings that NumPy's columns hold."""
    return len(columns[0])


def samples(share: float) -> Iterator[Log]:
    """Play the world of 72 events by all, to be checked, the compiled engine first."""
    random.seed(7)
    program = program_of(model72.SCENARIO)
    many, few = round(100_000 * share), round(3_000 * share)
    yield log_of_firings(COMPILED, compiled.simulate(program, 0, many), program)
    # Runs of its own: the same ones would be the same firings, which tests hold it to anyway.
    yield log_of_firings(ENGINE, simpy_model.simulate(program, many, few), program)
    yield log_of_rows(PLAIN, plain72_simpy.play(few), few)
    yield log_of_rows(SALABIM, plain_salabim.play(few), few)
    block = by_hand_numpy.BLOCK
    yield log_of_columns(NUMPY, by_hand_numpy.play(block), block, by_hand_numpy.OUTCOMES)

"""Both engines give the same firings, to the second, whatever the scenario says.

The worlds of the theory tests and the examples of docs/guide.md, thousands of timelines each, are
simulated by both engines too: see tests/both_engines.py.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from both_engines import simulate
from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from scenarios import Made, scenarios
from world import program_of

pytestmark = pytest.mark.slow

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


# In parts, which several workers can share.
@pytest.mark.parametrize("part", range(6))
def test_on_made_scenarios(part: int) -> None:
    @seed(part)
    @settings(database=None, max_examples=100)
    @given(scenarios(), st.sampled_from([0, 1, 2**32 - 5]))
    def agree(made: Made, first_run: int) -> None:
        with suppress(CoopsimError):  # events that set each other off without end, in both alike
            simulate(made.program, first_run, 12)

    agree()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_on_shipped_scenarios(path: Path) -> None:
    firings = simulate(build_program(load(path).scenario), 0, 300)
    assert len(firings) > 300 * 50


# In some runs the two chances drawn pass 1 together, and nothing is left for the rest.
def test_on_chances_that_pass_one() -> None:
    program = program_of(
        "events: {e: {rate: 10 per year, repeat: true, outcomes: {a: {chance: 0.3 to 0.6},"
        " b: {chance: 0.1 to 0.39}, c: {chance: rest}}}}",
        end="2029-12-31",
    )
    firings = simulate(program, 0, 1000)
    shares = np.bincount(firings.run[firings.outcome == 2], minlength=1000)
    assert 0 < (shares == 0).sum() < 100

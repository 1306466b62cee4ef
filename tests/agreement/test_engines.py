"""Both engines give the same firings, to the second, whatever the scenario says.

The worlds of the theory tests and the examples of docs/guide.md, thousands of timelines each, are
simulated by both engines too: see tests/both_engines.py.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from both_engines import simulate
from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load, load_data
from coopsim.simulation.building import build_program
from scenarios import scenarios

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


@settings(deadline=None, derandomize=True, max_examples=600)
@given(scenarios(), st.sampled_from([0, 1, 2**32 - 5]))
def test_on_made_scenarios(raw: dict[str, Any], first_run: int) -> None:
    program = build_program(load_data(raw).scenario)
    with suppress(CoopsimError):  # events that set each other off without end, in both alike
        simulate(program, first_run, 12)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_on_shipped_scenarios(path: Path) -> None:
    firings = simulate(build_program(load(path).scenario), 0, 300)
    assert len(firings) > 300 * 50

"""Nothing, or next to nothing, is simulated as well as much: by both engines, and within bounds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small import extreme_worlds, hopeless_world, small_worlds

import coopsim
from both_engines import simulate
from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.sampling import next_date, whole_second

HERE = Path(__file__).parent


def test_on_small_worlds() -> None:
    programs = {build_program(load_data(raw).scenario) for raw in small_worlds()}
    assert len(programs) > 40
    assert sum(len(simulate(program, 0, 20)) > 0 for program in programs) > 20


@pytest.mark.parametrize("raw", list(extreme_worlds()))
def test_on_numbers_at_the_ends_of_what_can_be_written(raw: dict[str, Any]) -> None:
    simulate(build_program(load_data(raw).scenario), 0, 20)


def test_on_chances_too_small_for_a_number() -> None:
    program = build_program(load_data(hopeless_world()).scenario)
    with pytest.raises(CoopsimError) as caught:
        simulate(program, 0, 20)
    assert str(caught.value) == "run 0: all chances of 'e' are zero on 2025-02-01"


@pytest.mark.slow
def test_no_read_lies_outside_a_table() -> None:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": f"{HERE}:{HERE.parent}"}
    command = [sys.executable, "-W", "error", str(HERE / "plain_kernel.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("66\n", "")


def test_a_world_without_events_has_its_answers(tmp_path: Path) -> None:
    levels = {"levels": ["cold", "warm"], "initial": {"cold": 0.3, "warm": 0.7}}
    raw = {"scenario": "still", "start": "2025-01-01", "end": "2027-12-31", "seed": 5}
    raw |= {"drivers": {"mood": levels}, "outcomes": {"mood": {"driver": "mood"}}}
    found = coopsim.run(raw, runs=1000, out=tmp_path).summary.to_json()["outcomes"]["mood"]
    # 0.3 of 1000: the standard error is 1.45 %, five of them are 7.2 %.
    assert found["shares"]["2027-12-31"]["cold"] == pytest.approx(0.3, abs=0.072)


def test_a_world_without_anything_has_a_result(tmp_path: Path) -> None:
    raw = {"scenario": "void", "start": "2025-01-01", "end": "2027-12-31", "seed": 5, "events": {}}
    found = coopsim.run(raw, runs=10, out=tmp_path)
    assert (found.runs, found.summary.to_json()["outcomes"]) == (10, {})


def test_far_moments_stay_integers() -> None:
    assert [whole_second(one) for one in (-1e200, 0.5, 1e200)] == [-(2**53), 1, 2**53]


def test_a_calendar_that_began_long_ago_is_found_at_once() -> None:
    # 12 months before 1970-01-01 is 1969-01-01; 400 years are 146,097 days.
    first = -146_097 * 86_400 * 700_000
    assert next_date(first, 12, 0, 0, 0) == 365 * 86_400
    assert next_date(first, 1, 0, 0, 0) == 31 * 86_400

"""The benchmarks measure what they say: one world for all, and a check that can fail."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from coopsim.scenario.loading import load, load_data
from coopsim.simulation.building import build_program

BENCH = Path(__file__).parents[1] / "bench"


def _script(name: str) -> ModuleType:
    """Import a script of bench/, which finds its neighbours as when it is run."""
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCH))


MODEL72, CHECKING, SIMPY, NUMPY = map(
    _script, ("model72", "checking", "plain72_simpy", "by_hand_numpy")
)


# What is held is known by hand: a share of 0.2 of which the interval is always, or never, right.
def test_a_study_of_coverage_counts_what_holds_the_truth() -> None:
    study = _script("paired_coverage")
    always, never = (
        study.Cell("", "", 0.2, lambda _, ends=ends: ends) for ends in ((0.1, 0.3), (0.3, 0.5))
    )
    unknown = study.Cell("", "", 0.2, lambda made: (0.0, made(0)[0]) if made(0)[0] > 0.5 else None)
    assert study.tally(always, 10, 4) == study.Tally(4, 4, pytest.approx(0.1))
    assert study.tally(never, 10, 4).held == 0
    assert 0 < study.tally(unknown, 10, 20).known < 20
    lines = list(study.report([60], 3, "share, by 1, in 30"))
    assert lines[1:] == [
        "| world | 60 |",
        "| --- | ---: |",
        "| share, by 1, in 30 on average | 100.0 |",
    ]


def test_the_scenario_is_the_table() -> None:
    assert MODEL72.SCENARIO.read_text() == MODEL72.scenario_yaml()


def test_the_program_has_the_72_events_of_the_table() -> None:
    loaded = load(MODEL72.SCENARIO)
    assert not loaded.warnings
    names = [event.name for event in build_program(loaded.scenario).events]
    assert names == list(MODEL72.NAMES)
    assert len(names) == 72


@pytest.fixture(scope="module")
def by_numpy() -> object:
    columns = NUMPY.play(2_000)
    return CHECKING.statistics(CHECKING.log_of_columns("NumPy", columns, 2_000, NUMPY.OUTCOMES))


def by_simpy() -> object:
    return CHECKING.statistics(CHECKING.log_of_rows("SimPy", SIMPY.play(150), 150))


@pytest.mark.slow
def test_two_programs_of_one_world_do_not_differ(by_numpy: object) -> None:
    SIMPY.random.seed(3)
    assert not list(CHECKING.differences(by_numpy, by_simpy()))


def test_levels_that_change_no_speed_are_found(
    by_numpy: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    SIMPY.random.seed(3)
    for process in SIMPY.PROCESSES:
        if hasattr(process, "pace"):
            monkeypatch.setattr(process, "pace", {})
    assert list(CHECKING.differences(by_numpy, by_simpy()))


def test_statistics_are_those_of_the_log() -> None:
    # Timeline 0: programme_1_1 works in year 2 and (for the count) again in 4; 1: it fails in 3.
    log = CHECKING.log_of_rows(
        "by hand",
        [
            (0, "programme_1_1", "works", 4.0),
            (0, "programme_1_1", "works", 2.0),
            (1, "programme_1_1", "fails", 3.0),
        ],
        4,
    )
    found = CHECKING.statistics(log)
    assert found["firings of programme_1_1"].value == 3 / 4
    assert found["chance of programme_1_1"].value == 2 / 4
    assert found["successes of programme_1_1"].value == 2 / 4
    assert found["firings of accord_1"].value == 0
    # Firings of the timelines: 2, 1, 0, 0; their variance is (25 + 1 + 9 + 9) / 16 / 3.
    assert found["firings of programme_1_1"].deviation == pytest.approx(np.sqrt(44 / 48))


def test_a_difference_is_one_of_five_standard_errors() -> None:
    mean = CHECKING.Mean
    one = {"firings": mean(1.0, 2.0, 200)}
    # The standard error is 2 sqrt(1/200 + 1/200) = 0.2, so that the line lies at 1.0 apart.
    assert not list(CHECKING.differences(one, {"firings": mean(1.99, 1.0, 200)}))
    assert list(CHECKING.differences(one, {"firings": mean(2.01, 1.0, 200)})) == [
        "firings: 1 and 2.01, with a standard error of 0.2"
    ]


# By hand: each of the baseline's events stands four times, and copies know only their own.
def test_the_baseline_is_held_several_times_under_other_names() -> None:
    growth = _script("growth")
    once, fourfold = (growth.baselines(copies) for copies in (1, 4))
    assert set(fourfold["events"]) == {
        *once["events"],
        *(f"{name}_{copy}" for name in once["events"] for copy in (2, 3, 4)),
    }
    single, many = (build_program(load_data(one).scenario) for one in (once, fourfold))
    assert len(many.events) == 4 * len(single.events)


def test_two_versions_are_written_side_by_side_with_what_was_asked_for() -> None:
    report, against, versions = map(_script, ("report", "against", "two_versions"))
    what = "`coopsim --help`"
    told = report.Versions(
        "abc1234",
        [against.Raced("bench/model72.yaml", 40_000.0, 54_000.0, 120_000)],
        [versions.Taken(what, (0.3, 0.25), (0.15, 0.1204), 2.0)],
    )
    lines = "\n".join(report.beside(told)).splitlines()
    assert "| bench/model72.yaml | 40,000 | 54,000 | 1.35 x | 1.3 x |" in lines
    assert f"| {what} | 0.3 (0.25) | 0.15 (0.12) | 2.00 x | 0.15 |" in lines


def test_costs_are_medians_of_turns_side_by_side() -> None:
    versions = _script("two_versions")
    laps = [[(2.0, 1.0), (1.0, 0.5)], [(8.0, 6.0), (2.0, 3.0)], [(3.0, 2.0), (3.0, 1.0)]]
    taken = versions.taken_by("something", laps)
    assert (taken.before, taken.now, taken.times) == ((3.0, 2.0), (2.0, 1.0), 2.0)

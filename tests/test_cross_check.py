"""The cross-check of one engine by the other: which runs, and what a difference does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coopsim.simulation import compiled, cross_check, engines, simpy_model
from coopsim.simulation.cross_check import CrossChecked, EnginesDifferError, sample_of
from coopsim.simulation.engines import Choice, complete
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.results.manifest import ResultIdentity
from coopsim.simulation.results.store import Store
from world import program_of

PROGRAM = program_of(
    "events: {flight: {rate: 2 per year, repeat: true},"
    " launch: {date: 2027-03-01, outcomes: {works: {chance: 0.5}, fails: {chance: rest}}}}",
    end="2030-12-31",
)


def test_the_sample_is_spread_over_all_runs() -> None:
    chunks = [(0, 1000), (1000, 1000), (5000, 1000), (6000, 200)]
    assert sorted(sample_of(chunks)) == [
        *range(0, 2000, 100),
        *range(5000, 6200, 100),
    ]


def test_of_few_runs_all_are_checked_and_of_none_none() -> None:
    assert sample_of([(2000, 5)]) == frozenset(range(2000, 2005))
    assert sample_of([]) == frozenset()


def test_where_the_engines_agree_the_firings_are_those_of_the_block() -> None:
    checked = CrossChecked(compiled.simulate, frozenset({3, 4, 400}))
    assert len(checked(PROGRAM, 0, 10)) == len(compiled.simulate(PROGRAM, 0, 10))
    assert checked.verdict == "3 timelines, identical"


def test_of_neighbouring_blocks_one_begins_with_the_simpy_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns: list[str] = []

    def compiled_engine(program: Program, first_run: int, runs: int) -> Firings:
        turns.append("compiled")
        return compiled.simulate(program, first_run, runs)

    def simpy(program: Program, first_run: int, runs: int) -> Firings:
        turns.append("simpy")
        return simpy_model.simulate(program, first_run, runs)

    monkeypatch.setattr(cross_check, "simulate_by_simpy", simpy)
    checked = CrossChecked(compiled_engine, frozenset({3, 1003, 2003}))
    for first_run in (0, 1000, 2000):
        checked(PROGRAM, first_run, 1000)
    assert turns == ["compiled", "simpy", "simpy", "compiled", "compiled", "simpy"]


def late(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate with an error: all firings come a second late."""
    firings = compiled.simulate(program, first_run, runs)
    return replace(firings, time=firings.time + 1)


def short(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate with another error: the last firing of each block is lost."""
    firings = compiled.simulate(program, first_run, runs)
    columns = {name: getattr(firings, name)[:-1] for name in ("run", "event", "outcome", "time")}
    return replace(firings, **columns)


ADVICE = (
    ". This is an error in coopsim: please report it with the scenario. Nothing is kept; "
    "`--engine simpy` runs without the compiled engine"
)


@pytest.mark.parametrize("first_run", [0, 1000])
def test_a_difference_is_found_whichever_comes_first(first_run: int) -> None:
    with pytest.raises(EnginesDifferError, match=f"^the engines differ in run {first_run + 7}: "):
        CrossChecked(late, frozenset({first_run + 7}))(PROGRAM, first_run, 8)


def test_a_difference_names_the_run_the_event_and_both_dates() -> None:
    with pytest.raises(EnginesDifferError) as caught:
        CrossChecked(late, frozenset({7}))(PROGRAM, 0, 8)
    assert str(caught.value) == (
        "the engines differ in run 7: the compiled engine has 'flight' on 2025-07-31 "
        "(second 18311105), the SimPy model 'flight' on 2025-07-31 (second 18311104)" + ADVICE
    )


def test_a_firing_that_is_missing_is_a_difference() -> None:
    with pytest.raises(EnginesDifferError) as caught:
        CrossChecked(short, frozenset({7}))(PROGRAM, 0, 8)
    assert str(caught.value) == (
        "the engines differ in run 7: the compiled engine has nothing more, the SimPy model "
        "'flight' on 2030-10-09 (second 182093657)" + ADVICE
    )


def test_an_outcome_is_named() -> None:
    def turned(program: Program, first_run: int, runs: int) -> Firings:
        firings = compiled.simulate(program, first_run, runs)
        return replace(firings, outcome=(firings.event == 1) - firings.outcome)

    with pytest.raises(EnginesDifferError) as caught:
        CrossChecked(turned, frozenset({7}))(PROGRAM, 7, 1)
    one, other = compiled.simulate(PROGRAM, 7, 1), turned(PROGRAM, 7, 1)
    names = [
        PROGRAM.events[1].outcomes[int(firings.outcome[firings.event == 1][0])].name
        for firings in (other, one)
    ]
    assert str(caught.value) == (
        f"the engines differ in run 7: the compiled engine has 'launch' ({names[0]}) on "
        f"2027-03-01 (second 68169600), the SimPy model 'launch' ({names[1]}) on "
        "2027-03-01 (second 68169600)" + ADVICE
    )


def begun(folder: Path, runs: int) -> Store:
    facts = ResultIdentity("test", "3f9a2c1b", PROGRAM.seed, runs, "compiled")
    return Store.create(folder / "test-3f9a2c1b", "scenario: test\n", facts)


def test_a_difference_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = complete(begun(tmp_path, 1000), PROGRAM, Choice.auto, 1)
    assert done.manifest.cross_check == "32 timelines, identical"
    monkeypatch.setattr(engines, "simulate", late)
    with pytest.raises(EnginesDifferError):
        complete(begun(tmp_path, 2000), PROGRAM, Choice.auto, 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_both_engines_leave_the_same_parts(tmp_path: Path, workers: int) -> None:
    stores = [
        complete(begun(tmp_path / choice, 300), PROGRAM, choice, workers) for choice in Choice
    ]
    ours, theirs = (
        (store.folder / "firings" / "part-000000.parquet").read_bytes() for store in stores
    )
    assert ours == theirs
    assert [store.manifest.cross_check for store in stores] == ["32 timelines, identical", None]

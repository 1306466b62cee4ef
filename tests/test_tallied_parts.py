"""All firings kept and counted as they come: which parts are read for a summary, which not."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from coopsim import api
from coopsim.analysis.tallies import Survey, TalliedRuns, merged
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.firings import Firings
from coopsim.simulation.results import store as store_module
from coopsim.simulation.results.parts import read_part
from test_tally_file import LOADED, answers

pytestmark = pytest.mark.slow

RUNS = 3300


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the names of the parts that are read."""
    names: list[str] = []

    def noting(path: Path, *more: object) -> Firings:
        names.append(path.name)
        return read_part(path, *more)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(store_module, "read_part", noting)
    return names


def run(out: Path, runs: int = RUNS, engine: str = "auto", workers: int = 2) -> api.Result:
    return api.run(LOADED, runs=runs, out=out, engine=engine, workers=workers)


def part(number: int) -> str:
    return f"part-{number:06d}.parquet"


@pytest.mark.parametrize("engine", ["auto", "simpy"])
def test_a_run_is_summarised_without_reading_what_it_wrote(
    tmp_path: Path, read: list[str], engine: str
) -> None:
    made = run(tmp_path, engine=engine)
    assert (made.runs, read) == (RUNS, [])
    again = api.open_result("small", tmp_path)
    assert sorted(read) == [part(number) for number in range(4)]
    assert again.summary == made.summary
    assert str(again.curves()) == str(made.curves())


@pytest.mark.parametrize("workers", [1, 3])
def test_neither_workers_nor_the_engine_show(tmp_path: Path, workers: int) -> None:
    one = run(tmp_path / "one", engine="simpy", workers=1)
    other = run(tmp_path / "other", workers=workers)
    assert answers(one) == answers(other)


def test_more_runs_read_what_was_there_and_no_more(tmp_path: Path, read: list[str]) -> None:
    run(tmp_path, 1500)
    more = run(tmp_path)
    assert read == [part(0)]  # that of the 500 runs is made again, as a whole
    assert answers(more) == answers(run(tmp_path / "at once"))


def test_looks_at_a_precision_read_no_part_twice(tmp_path: Path, read: list[str]) -> None:
    looks: list[int] = []
    made = api.run(
        LOADED, precision=0.01, out=tmp_path, on_look=lambda look: looks.append(look.runs)
    )
    assert len(looks) > 1
    assert (made.runs, read) == (looks[-1], [])
    assert answers(made) == answers(run(tmp_path / "at once", made.runs))


def test_a_lost_part_is_made_again_and_the_others_are_read(tmp_path: Path, read: list[str]) -> None:
    whole = run(tmp_path)
    expected = answers(whole)
    (whole.folder / "firings" / part(1)).unlink()
    assert answers(run(tmp_path)) == expected
    assert sorted(read) == [part(0), part(2), part(3)]


def test_parts_that_another_run_has_grown_meanwhile_are_read(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = run(tmp_path / "longer", 2000)
    finish = store_module.Store.finish

    def overtaken(store: store_module.Store, *more: object) -> store_module.Store:
        content = (longer.folder / "firings" / part(1)).read_bytes()
        (store.folder / "firings" / part(1)).write_bytes(content)
        return finish(store, *more)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(store_module.Store, "finish", overtaken)
    made = run(tmp_path / "shorter", 1500)
    assert (made.runs, sorted(read)) == (2000, [part(0), part(1)])
    assert made.summary == longer.summary


def test_what_goes_to_another_machine_adds_up_to_the_same() -> None:
    program = build_program(LOADED.scenario)
    survey = Survey(LOADED.scenario.outcomes, program)
    pieces = [survey.count([simulate(program, first, 500)]) for first in (0, 500)]
    whole = merged([survey.tally(simulate(program, 0, 1000))])
    for sent in (pieces, [pickle.loads(pickle.dumps(piece)) for piece in pieces]):
        tallies = survey.blank().tallies
        for one in sent:
            assert isinstance(one, TalliedRuns)
            one.add_to(tallies)
        assert str([one.summary([]) for one in tallies]) == str(
            [one.summary([]) for one in whole.tallies]
        )
    assert len(pickle.dumps(pieces[0])) < 20_000

"""Running, extending, opening and comparing results from Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

import coopsim
from coopsim import api
from coopsim.cli import offering
from coopsim.errors import CoopsimError, UsageError

SMALL = {
    "scenario": "small",
    "start": "2025-08-05",
    "end": "2030-12-31",
    "runs": "300",
    "seed": "7",
    "drivers": {
        "climate": {
            "levels": ["cold", "warm"],
            "initial": {"cold": "0.7", "warm": "0.3"},
            "switches": {"cold -> warm": {"rate": "0.1 to 0.5 per year"}},
            "judgement": "For a test.",
        }
    },
    "events": {
        "decree": {"rate": {"by": "climate", "warm": "0.5 per year"}, "judgement": "For a test."},
        "flight": {"after": {"decree": "1 to 2 years"}, "judgement": "For a test."},
    },
    "outcomes": {
        "flies": {"event": "flight"},
        "climate": {"driver": "climate"},
        "decrees": {"count": "decree"},
    },
}


def parts_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "firings").iterdir())}


def test_a_result_read_back_gives_the_same_answers_to_the_last_digit(tmp_path: Path) -> None:
    made = api.run(api.load(SMALL), out=tmp_path, workers=1)
    opened = api.open_result("small", tmp_path)
    assert opened.summary == made.summary
    stored = json.loads((made.folder / "summary.json").read_text())
    assert stored == opened.summary.to_json()
    assert made.folder.name == f"small-{made.loaded.hash}"


def test_the_resolved_scenario_reproduces_the_result_bit_for_bit(tmp_path: Path) -> None:
    made = api.run(api.load(SMALL), out=tmp_path / "first", workers=1)
    again = api.run(made.folder / "scenario.yaml", out=tmp_path / "second", workers=2)
    assert again.folder.name == made.folder.name
    assert parts_of(again.folder) == parts_of(made.folder)
    for name in ("scenario.yaml", "summary.json", "summary.csv"):
        assert (again.folder / name).read_bytes() == (made.folder / name).read_bytes()


def test_more_runs_extend_the_folder_and_fewer_leave_it(tmp_path: Path) -> None:
    loaded = api.load(SMALL)
    few = api.run(loaded, runs=100, out=tmp_path, workers=1)
    many = api.run(loaded, runs=1500, out=tmp_path, workers=1)
    assert many.folder == few.folder
    assert (few.runs, many.runs) == (100, 1500)
    fresh = api.run(loaded, runs=1500, out=tmp_path / "fresh", workers=1)
    assert parts_of(fresh.folder) == parts_of(many.folder)
    assert api.run(loaded, runs=100, out=tmp_path, workers=1).runs == 1500


def test_the_first_timelines_are_the_same_among_more(tmp_path: Path) -> None:
    loaded = api.load(SMALL)
    few = api.run(loaded, runs=50, out=tmp_path / "few", workers=1)
    many = api.run(loaded, runs=1200, out=tmp_path / "many", workers=2)
    (short,), long = list(few.firings()), next(iter(many.firings()))
    first = long.run < 50
    assert short.time.tolist() == long.time[first].tolist()
    assert short.event.tolist() == long.event[first].tolist()


def test_another_seed_or_assumption_has_another_hash() -> None:
    loaded = api.load(SMALL)
    hashes = {
        loaded.hash,
        loaded.having(["seed=8"]).hash,
        loaded.having(["drivers.climate.initial=cold"]).hash,
    }
    assert len(hashes) == 3
    assert loaded.having(["runs=9", "title=Other"]).hash == loaded.hash


def test_progress_ends_at_all_timelines(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    api.run(api.load(SMALL), out=tmp_path, workers=1, on_progress=lambda *done: seen.append(done))
    assert seen[-1] == (300, 300)
    assert seen == sorted(seen)


def test_a_bad_override_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        api.run(api.load(SMALL), runs=0, out=tmp_path)
    assert str(caught.value) == (
        "--runs: found '0', expected a whole number from 1 to 1,000,000,000"
    )
    assert list(tmp_path.iterdir()) == []


def test_an_edited_scenario_is_not_taken_for_the_one_that_was_run(tmp_path: Path) -> None:
    made = api.run(api.load(SMALL), out=tmp_path, workers=1)
    path = made.folder / "scenario.yaml"
    path.write_text(path.read_text().replace("cold -> warm", "warm -> cold"))
    with pytest.raises(CoopsimError) as caught:
        api.open_result("small", tmp_path)
    assert str(caught.value) == (
        f"{path} is not the file that this result was computed from: it was changed or cut "
        f"short; put it back, or remove {made.folder} and run the scenario again"
    )


def test_a_question_about_an_event_s_level_is_answered_like_a_driver_s(tmp_path: Path) -> None:
    # The decree is a hazard in one of two levels; it is `true` from its first firing on, so that
    # the share at the horizon is its probability.
    asked = {"decree": {"driver": "decree"}, "first": {"event": "decree"}}
    loaded = api.load({**SMALL, "outcomes": asked})
    result = api.run(loaded, out=tmp_path, workers=1)
    tree = result.summary.to_json()["outcomes"]
    assert tree["decree"]["shares"]["2030-12-31"]["true"] == tree["first"]["probability"]
    warm = api.run(loaded.having(["drivers.climate.initial=warm"]), out=tmp_path, workers=1)
    share = api.compare(result, warm).outcomes["decree"].measures
    assert {measure.label for measure in share} == {"false", "true"}


def test_comparing_a_result_with_itself_is_refused(tmp_path: Path) -> None:
    made = api.run(api.load(SMALL), out=tmp_path, workers=1)
    with pytest.raises(UsageError, match="needs at least two results"):
        api.compare(made)
    with pytest.raises(UsageError, match=f"given twice: {made.name}"):
        api.compare(made, made)


def test_only_results_are_compared() -> None:
    with pytest.raises(UsageError) as caught:
        api.compare("baseline", "thaw")  # type: ignore[arg-type]  # as somebody may try
    assert str(caught.value) == (
        "found 'baseline', expected results, as `open_result` or `play` gives them"
    )


# What looks after folders and files has no function of its own name: `load` checks, `open_result`
# shows and sums up, and the rest lays out or lists what lies on the disk. `forecast` has commands
# of its own, and Python has a function for each; `live` serves a page.
_OF_FOLDERS = {
    "answers", "check", "fmt", "forecast", "init", "live", "ls", "new", "schema",
    "show", "summary",
}  # fmt: skip


def test_what_the_command_line_does_python_does_under_the_same_name() -> None:
    commands = set(typer.main.get_command(offering()).list_commands(None)) - _OF_FOLDERS  # type: ignore[attr-defined]  # a group
    assert commands <= set(coopsim.__all__)
    assert dir(coopsim) == sorted(coopsim.__all__)
    assert all(callable(getattr(coopsim, name)) for name in coopsim.__all__)

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from coopsim.errors import CoopsimError, CoopsimWarning, UsageError
from coopsim.simulation.results.shelf import Shelf, find_result
from coopsim.simulation.results.store import Store
from fake_engine import begin
from test_store import finished, message

ALL = "There are: `thaw-3f777777`, `freeze-3f000000`, `thaw-3f9a2c1b`"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a results folder: three results, the oldest made last, and what is none."""
    root = tmp_path / "results"
    made = [
        ("thaw-3f9a2c1b", "thaw", "2025-08-03T00:00:00+00:00"),
        ("freeze-3f000000", "freeze", "2025-08-02T00:00:00+00:00"),
        ("thaw-3f777777", "thaw", "2025-08-01T00:00:00+00:00"),
    ]
    for name, scenario, moment in made:
        finished(root / name, scenario=scenario, finished=moment)
    (root / "README.md").touch()
    (root / "thaw-half").mkdir()
    return root


def test_results_are_listed_newest_last(root: Path) -> None:
    assert [store.folder.name for store in Shelf.at(root).results] == [
        "thaw-3f777777",
        "freeze-3f000000",
        "thaw-3f9a2c1b",
    ]


def test_an_unfinished_result_counts_by_its_files_time(root: Path) -> None:
    begin(root / "slow-00000000")
    assert Shelf.at(root).results[-1].folder.name == "slow-00000000"
    os.utime(root / "slow-00000000" / "manifest.json", (0, 0))
    assert Shelf.at(root).results[0].folder.name == "slow-00000000"


def test_where_nothing_was_run_there_is_nothing(tmp_path: Path) -> None:
    assert Shelf.at(tmp_path / "results").results == ()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("thaw", "thaw-3f9a2c1b"),
        ("freeze", "freeze-3f000000"),
        ("thaw-3f7", "thaw-3f777777"),
        ("thaw-3f777777", "thaw-3f777777"),
        ("freeze-", "freeze-3f000000"),
    ],
)
def test_a_result_is_found_by_scenario_or_prefix(root: Path, name: str, found: str) -> None:
    assert find_result(name, root) == Store.open(root / found)


def with_sets(root: Path, name: str, moment: str, *sets: str) -> Path:
    store = finished(root / name, scenario="thaw", finished=moment)
    replace(store.manifest, sets=sets).write(root / name)
    return root / name


def test_an_id_means_the_result_in_which_nothing_was_set(root: Path) -> None:
    with_sets(root, "thaw-77777777", "2025-08-04T00:00:00+00:00", "a=8")
    told = (
        "`thaw` means `thaw-3f9a2c1b`, as in its file; newer, with something set, "
        "is `thaw-77777777`"
    )
    with pytest.warns(CoopsimWarning, match=f"^{re.escape(told)}$"):
        assert find_result("thaw", root) == Store.open(root / "thaw-3f9a2c1b")
    with pytest.warns(CoopsimWarning, match=f"^{re.escape(told)}$"):
        newest = [store.folder.name for store in Shelf.at(root).newest()]
    assert newest == ["freeze-3f000000", "thaw-3f9a2c1b"]
    with_sets(root, "thaw-88888888", "2025-08-05T00:00:00+00:00", "b=8")
    told = told.replace("is `thaw-7", "are `thaw-7") + ", `thaw-88888888`"
    with pytest.warns(CoopsimWarning, match=f"^{re.escape(told)}$"):
        find_result("thaw", root)


def test_a_result_with_an_id_of_its_own_is_no_variant(tmp_path: Path) -> None:
    named = with_sets(
        tmp_path, "thaw-77777777", "2025-08-04T00:00:00+00:00", "scenario=thaw", "a=1"
    )
    assert find_result("thaw", tmp_path) == Store.open(named)


def test_where_something_was_set_in_all_the_newest_is_meant(tmp_path: Path) -> None:
    with_sets(tmp_path, "thaw-77777777", "2025-08-04T00:00:00+00:00", "a=8")
    meant = with_sets(tmp_path, "thaw-00000000", "2025-08-05T00:00:00+00:00", "a=1", "b=2")
    told = "`thaw` means `thaw-00000000`, with these settings: `a=1`, `b=2`"
    with pytest.warns(CoopsimWarning, match=f"^{re.escape(told)}$"):
        assert find_result("thaw", tmp_path) == Store.open(meant)


def test_a_result_is_found_by_its_path(root: Path, tmp_path: Path) -> None:
    moved = (root / "thaw-3f777777").rename(tmp_path / "kept")
    assert find_result(str(moved), root) == Store.open(moved)
    renamed = (root / "freeze-3f000000").rename(root / "winter")
    assert find_result("winter", root) == Store.open(renamed)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("thaw-3f", "`thaw-3f` may mean `thaw-3f777777`, `thaw-3f9a2c1b`: use more of its name"),
        (
            "thaww",
            f"no result `thaww` in ROOT; did you mean `thaw`? {ALL}",
        ),
        (
            "xyz",
            f"no result `xyz` in ROOT. {ALL}",
        ),
        (
            "fre",
            f"no result `fre` in ROOT; did you mean `freeze`? {ALL}",
        ),
    ],
)
def test_what_is_not_found_or_ambiguous_lists_what_there_is(
    root: Path, name: str, expected: str
) -> None:
    found = message(lambda: find_result(name, root), UsageError)
    assert found.replace(str(root), "ROOT") == expected


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    assert message(lambda: find_result("thaw", tmp_path), UsageError) == (
        f"no result `thaw`: there is none yet in {tmp_path}; `coopsim run` makes one"
    )


def test_a_damaged_result_is_not_opened(root: Path) -> None:
    (root / "thaw-3f9a2c1b" / "scenario.yaml").unlink()
    assert message(lambda: find_result("thaw", root)) == (
        f"{root}/thaw-3f9a2c1b/scenario.yaml cannot be read: No such file or directory"
    )


# Damaged results beside sound ones

DAMAGE = {
    "empty": "",
    "not JSON": "{",
    "foreign": "[1, 2]",
    "nested": "[" * 50_000,
    "too large": " " * 100_001,
}


NO_MOMENT = "expected a moment such as 2025-08-05T12:00:00+00:00"
PATTERN = "^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"


def changed(**fields: object) -> str:
    """Give what stands in a sound manifest, some of it changed."""
    tree = {
        "scenario": "thaw", "hash": "3f9a2c1b", "seed": 2025, "runs": 1000, "engine": "simpy",
        "cross_check": None, "keep": "firings", "scenario_sha256": "0" * 64, "complete": True,
        "finished": "2025-08-01T00:00:00+00:00", "wall_seconds": 1.0, "versions": {},
        "source_commit": None,
    }  # fmt: skip
    return json.dumps({**tree, **fields})


def why(root: Path, content: str) -> str:
    """Write a manifest and say what is wrong with it."""
    path = root / "thaw-3f777777" / "manifest.json"
    path.write_text(content)
    (damaged,) = Shelf.at(root).damaged
    assert damaged.folder == path.parent
    return str(damaged.error).removeprefix(f"{path} is damaged: ")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"finished": "garbage"}, f"finished: {NO_MOMENT}"),
        ({"finished": "2025-08-01T00:00:00"}, f"finished: {NO_MOMENT}"),
        ({"finished": 7}, "finished: Input should be a valid string"),
        ({"finished": None}, "it is complete but does not say since when"),
        ({"runs": 10**18}, "runs: Input should be less than or equal to 1000000000"),
        ({"runs": -1}, "runs: Input should be greater than or equal to 1"),
        ({"runs": 0}, "runs: Input should be greater than or equal to 1"),
        ({"runs": True}, "runs: Input should be a valid integer"),
        ({"runs": 1.5}, "runs: Input should be a valid integer"),
        ({"seed": -1}, "seed: Input should be greater than or equal to 0"),
        ({"seed": 2**63}, "seed: Input should be less than 9223372036854775808"),
        ({"scenario": "../thaw"}, f"scenario: String should match pattern '{PATTERN}'"),
        ({"scenario": None}, "scenario: Input should be a valid string"),
        ({"hash": "../../etc"}, "hash: String should match pattern '^[0-9a-f]{8}$'"),
        ({"keep": "all"}, "keep: Input should be 'nothing', 'firsts' or 'firings'"),
        ({"complete": "yes"}, "complete: Input should be a valid boolean"),
        ({"wall_seconds": float("nan")}, "wall_seconds: Input should be a finite number"),
        ({"wall_seconds": -1.0}, "wall_seconds: Input should be greater than or equal to 0"),
        ({"versions": []}, "versions: Input should be an object"),
        ({"versions": {"numpy": 2}}, "versions: numpy: Input should be a valid string"),
        ({"engine": {}}, "engine: Input should be a valid string"),
        ({"cross_check": 1}, "cross_check: Input should be a valid string"),
        ({"source_commit": []}, "source_commit: Input should be a valid string"),
        ({"scenario_sha256": 0}, "scenario_sha256: Input should be a valid string"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_told(root: Path, fields: dict[str, object], reason: str) -> None:
    assert why(root, changed(**fields)) == f"{reason}; remove it and run the scenario again"


def test_a_manifest_of_no_sense_or_size_is_told(root: Path) -> None:
    told = {name: why(root, content) for name, content in DAMAGE.items()}
    end = "; remove it and run the scenario again"
    assert told == {
        "empty": f"Invalid JSON: EOF while parsing a value at line 1 column 0{end}",
        "not JSON": f"Invalid JSON: EOF while parsing an object at line 1 column 1{end}",
        "foreign": f"Input should be an object{end}",
        "nested": f"Invalid JSON: recursion limit exceeded at line 1 column 202{end}",
        "too large": "it holds more than 100,000 bytes",
    }


def test_a_damaged_result_does_not_hide_the_others(root: Path) -> None:
    (root / "thaw-3f777777" / "manifest.json").write_text("")
    shelf = Shelf.at(root)
    assert [store.folder.name for store in shelf.results] == ["freeze-3f000000", "thaw-3f9a2c1b"]
    assert [path.name for path in shelf.others] == ["thaw-half"]
    for name in ("freeze", "freeze-3f", "freeze-3f000000", str(root / "freeze-3f000000")):
        assert find_result(name, root).folder.name == "freeze-3f000000"
    for name in ("thaw-3f9", "thaw-3f9a2c1b"):
        assert find_result(name, root).folder.name == "thaw-3f9a2c1b"


def test_a_damaged_result_is_not_passed_over_in_silence(root: Path) -> None:
    (root / "thaw-3f777777" / "manifest.json").write_text("")
    reason = (
        f"{root}/thaw-3f777777/manifest.json is damaged: Invalid JSON: EOF while parsing a value "
        "at line 1 column 0; remove it and run the scenario again"
    )
    with pytest.warns(CoopsimWarning) as told:
        assert find_result("thaw", root).folder.name == "thaw-3f9a2c1b"
    assert [str(one.message) for one in told] == [f"{reason} (it is skipped)"]
    for name in ("thaw-3f7", "thaw-3f777777", str(root / "thaw-3f777777")):
        assert message(lambda name=name: find_result(name, root)) == reason  # type: ignore[misc]
    assert message(lambda: find_result("thaw-3f", root), UsageError) == (
        "`thaw-3f` may mean `thaw-3f9a2c1b`, `thaw-3f777777`: use more of its name"
    )


def test_links_and_pipes_in_a_result_are_refused(root: Path, tmp_path: Path) -> None:
    folder = root / "thaw-3f777777"
    for name in ("manifest.json", "scenario.yaml", "firings"):
        moved = (folder / name).rename(tmp_path / name)
        (folder / name).symlink_to(moved)
        with pytest.raises(CoopsimError) as caught:
            find_result(folder.name, root).parts()
        assert str(caught.value) == f"{folder}/{name} is a link: a result must hold its own files"
        (folder / name).unlink()
        os.mkfifo(folder / name)
        with pytest.raises(CoopsimError) as caught:
            find_result(folder.name, root).parts()
        assert str(caught.value) == f"{folder}/{name} is damaged: it is not a regular file"
        (folder / name).unlink()
        moved.rename(folder / name)
    part = folder / "firings" / "part-000000.parquet"
    part.rename(tmp_path / "part")
    part.symlink_to(tmp_path / "part")
    assert message(lambda: find_result(folder.name, root).parts()) == (
        f"{part} is a link: a result must hold its own files"
    )


def test_a_folder_that_may_not_be_read_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = root / "thaw-3f777777" / "manifest.json"
    look = Path.lstat

    def refused(path: Path) -> os.stat_result:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(Path, "lstat", refused)
    (damaged,) = Shelf.at(root).damaged
    assert str(damaged.error) == f"{closed} cannot be read: Permission denied"
    assert len(Shelf.at(root).results) == 2
    assert message(lambda: find_result("thaw-3f777777", root)) == str(damaged.error)


def test_what_is_no_folder_of_results_is_named(root: Path) -> None:
    assert message(lambda: Shelf.at(root / "README.md"), UsageError) == (
        f"{root}/README.md is not a folder of results"
    )


def test_of_very_many_results_a_message_names_the_last(tmp_path: Path) -> None:
    for number in range(25):
        folder = tmp_path / f"thaw-{number:08x}"
        folder.mkdir()
        (folder / "manifest.json").write_text(changed(hash=f"{number:08x}") if number < 15 else "")
    names = [f"`thaw-{number:08x}`" for number in range(5, 15)]
    assert message(lambda: find_result("xyz", tmp_path), UsageError) == (
        f"no result `xyz` in {tmp_path}. There are: 5 others, {', '.join(names)}"
    )
    with (
        pytest.warns(CoopsimWarning) as told,
        pytest.raises(CoopsimError, match=r"scenario.yaml cannot be read"),
    ):
        find_result("thaw", tmp_path)
    (warned,) = told
    assert str(warned.message) == (
        f"{tmp_path}/thaw-0000000f/manifest.json is damaged: Invalid JSON: EOF while parsing a "
        "value at line 1 column 0; remove it and run the scenario again (it is skipped, and so "
        "are 9 more, which `coopsim ls` names)"
    )

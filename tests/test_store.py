from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from coopsim.errors import CoopsimError
from coopsim.simulation.firings import join
from coopsim.simulation.results.manifest import Manifest, read_manifest
from coopsim.simulation.results.parts import Block
from coopsim.simulation.results.store import Store
from fake_engine import PROGRAM, TEXT, begin, facts, fill, simulate
from test_firings import same


def message(action: Callable[[], object], kind: type[CoopsimError] = CoopsimError) -> str:
    with pytest.raises(CoopsimError) as caught:
        action()
    assert caught.type is kind
    return str(caught.value)


def finished(folder: Path, runs: int = 1000, **changes: object) -> Store:
    """Make a finished result, its manifest changed as asked."""
    store = begin(folder, runs)
    fill(store, *store.missing_blocks(runs))
    store = store.finish(1.0)
    store = replace(store, manifest=replace(store.manifest, **changes))  # type: ignore[arg-type]
    store.manifest.write(folder)
    return store


# Making the folder


def test_a_new_folder_has_the_scenario_the_manifest_and_room_for_parts(tmp_path: Path) -> None:
    folder = tmp_path / "results" / "thaw-3f9a2c1b"
    store = begin(folder, 3000)
    assert sorted(path.name for path in folder.iterdir()) == [
        "firings",
        "manifest.json",
        "scenario.yaml",
    ]
    text = f"{TEXT}runs: 3000\n"
    assert store.scenario_text() == (folder / "scenario.yaml").read_text() == text
    assert read_manifest(folder) == store.manifest
    assert store.manifest.scenario_sha256 == sha256(text.encode()).hexdigest()
    assert (store.runs, store.parts(), store.manifest.complete) == (0, (), False)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert message(lambda: begin(tmp_path / "file")) == (
        f"{tmp_path}/file cannot be made: File exists"
    )


def test_other_assumptions_are_never_overwritten(tmp_path: Path) -> None:
    finished(tmp_path)
    other = facts(1000, hash="00000000", seed=7)
    assert message(lambda: Store.create(tmp_path, "other\n", other)) == (
        f"{tmp_path} holds other assumptions: its hash is 3f9a2c1b and its seed 2025, "
        "expected 00000000 and 7"
    )
    assert Store.open(tmp_path).scenario_text() == f"{TEXT}runs: 1000\n"


def test_another_version_of_coopsim_does_not_mix_its_runs_in(tmp_path: Path) -> None:
    old = finished(tmp_path, versions={"coopsim": "0.0.9"})
    now = Manifest.begin(facts(), "").versions["coopsim"]
    assert message(lambda: begin(tmp_path, 2000)) == (
        f"{tmp_path} was computed by coopsim 0.0.9, this is {now}: move it away to compute it again"
    )
    assert Store.open(tmp_path) == old


def test_stale_temporaries_are_swept_away_and_never_look_whole(tmp_path: Path) -> None:
    store = begin(tmp_path)
    fill(store, Block(0, 1000))
    stale = [
        tmp_path / "firings" / ".part-000001.parquet.77.tmp",
        tmp_path / ".manifest.json.7.tmp",
    ]
    for path in stale:
        path.write_bytes(b"half")
    assert store.parts() == (Block(0, 1000),)
    begin(tmp_path)
    assert not any(path.exists() for path in stale)


@pytest.mark.parametrize("lost", ["scenario.yaml", "manifest.json"])
def test_a_folder_half_made_is_made_whole(tmp_path: Path, lost: str) -> None:
    fill(begin(tmp_path, 2000), Block(0, 1000))
    (tmp_path / lost).unlink()
    store = begin(tmp_path, 2000)
    assert Store.open(tmp_path) == store
    assert store.missing_blocks(2000) == (Block(1, 1000),)


def test_an_unfinished_folder_whose_scenario_does_not_match_is_ours_to_repair(
    tmp_path: Path,
) -> None:
    begin(tmp_path)
    (tmp_path / "scenario.yaml").write_text("half")
    assert begin(tmp_path).scenario_text() == f"{TEXT}runs: 3000\n"


# Going on


def test_blocks_that_are_there_are_not_missing(tmp_path: Path) -> None:
    store = begin(tmp_path, 3500)
    assert store.missing_blocks(3500) == (
        Block(0, 1000),
        Block(1, 1000),
        Block(2, 1000),
        Block(3, 500),
    )
    fill(store, Block(3, 500), Block(1, 1000))
    assert store.missing_blocks(3500) == (Block(0, 1000), Block(2, 1000))
    assert store.missing_blocks(2000) == (Block(0, 1000),)


def test_a_short_last_block_is_computed_again_when_the_folder_is_extended(tmp_path: Path) -> None:
    fill(begin(tmp_path, 1500), Block(0, 1000), Block(1, 500))
    store = begin(tmp_path, 3000)
    assert store.missing_blocks(1400) == ()
    assert store.missing_blocks(3000) == (Block(1, 1000), Block(2, 1000))
    fill(store, Block(1, 1000))
    assert store.runs == 2000


def test_more_runs_make_a_finished_result_unfinished(tmp_path: Path) -> None:
    finished(tmp_path, 1000)
    store = begin(tmp_path, 2000)
    assert (store.manifest.complete, store.manifest.runs, store.runs) == (False, 2000, 1000)
    assert Store.open(tmp_path) == store
    assert store.scenario_text() == f"{TEXT}runs: 2000\n"


def test_fewer_runs_leave_a_finished_result_as_it_is(tmp_path: Path) -> None:
    before = finished(tmp_path, 2000)
    assert begin(tmp_path, 1000) == before
    assert Store.open(tmp_path) == before


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    before = finished(tmp_path, 1000)
    assert begin(tmp_path, 1000) == before
    assert read_manifest(tmp_path) == before.manifest


def test_a_new_title_is_taken_over(tmp_path: Path) -> None:
    finished(tmp_path, 1000)
    store = begin(tmp_path, 1000, "scenario: thaw\ntitle: Spring\n")
    assert store.scenario_text() == "scenario: thaw\ntitle: Spring\nruns: 1000\n"
    assert store.missing_blocks(1000) == ()
    assert store.finish(0.1).manifest.complete


def test_finishing_says_how_long_it_took_and_how_much_there_is(tmp_path: Path) -> None:
    store = begin(tmp_path, 1000)
    fill(store, Block(0, 1000), Block(1, 1000))  # the second from a stopped, longer run
    done = store.finish(12.3456)
    assert read_manifest(tmp_path) == done.manifest
    assert (done.manifest.complete, done.manifest.runs) == (True, 2000)
    assert done.manifest.wall_seconds == 12.346
    assert str(done.manifest.finished).endswith("+00:00")


def test_a_run_that_extends_the_folder_meanwhile_is_left_to_finish_it(tmp_path: Path) -> None:
    short, long = begin(tmp_path, 1000), begin(tmp_path, 2000)
    fill(short, Block(0, 1000))
    assert short.finish(1.0).manifest == long.manifest == Store.open(tmp_path).manifest


# Reading


def test_the_parts_read_are_the_firings_written(tmp_path: Path) -> None:
    store = finished(tmp_path, 2500)
    pieces = list(store.read(PROGRAM))
    assert [(piece.first_run, piece.runs) for piece in pieces] == [
        (0, 1000),
        (1000, 1000),
        (2000, 500),
    ]
    assert same(join(pieces), simulate(PROGRAM, 0, 2500))
    assert same(store.read_part(2, PROGRAM), pieces[2])


def test_runs_that_are_no_block_are_refused() -> None:
    for first_run, runs in ((500, 500), (0, 1001), (0, 0)):
        with pytest.raises(ValueError, match=rf"^{runs} runs from {first_run} on are not a block$"):
            Block.of(first_run, runs)


def test_a_gap_ends_what_can_be_read_of_an_unfinished_result(tmp_path: Path) -> None:
    store = begin(tmp_path, 4000)
    fill(store, Block(0, 1000), Block(1, 1000), Block(3, 1000))
    assert store.runs == 2000
    assert [piece.first_run for piece in store.read(PROGRAM)] == [0, 1000]


@pytest.mark.parametrize(("runs", "lost"), [(3000, 1), (3000, 2), (2500, 2)])
def test_a_finished_result_that_lacks_a_part_says_which(
    tmp_path: Path, runs: int, lost: int
) -> None:
    store = finished(tmp_path, runs)
    (tmp_path / "firings" / f"part-00000{lost}.parquet").unlink()
    expected = (
        f"{tmp_path}/firings/part-00000{lost}.parquet is missing or too short: "
        f"{tmp_path}/manifest.json promises {runs} runs; run the scenario again"
    )
    assert message(lambda: store.runs) == expected
    assert message(lambda: next(store.read(PROGRAM))) == expected
    assert [block.index for block in begin(tmp_path, runs).missing_blocks(runs)] == [lost]


@pytest.mark.parametrize("name", ["notes.txt", "part-1.parquet", "part-000000.parquet.tmp"])
def test_a_foreign_file_among_the_parts_is_named(tmp_path: Path, name: str) -> None:
    store = finished(tmp_path)
    (tmp_path / "firings" / name).touch()
    assert message(store.parts) == (
        f"{tmp_path}/firings/{name} does not belong there: the folder may hold only the parts of "
        "the result"
    )


def test_a_part_of_other_assumptions_is_named(tmp_path: Path) -> None:
    store = finished(tmp_path / "thaw", 1000)
    other = Store.create(tmp_path / "freeze", "freeze\n", facts(1000, hash="00000000"))
    fill(other, Block(0, 1000))
    path = tmp_path / "thaw" / "firings" / "part-000000.parquet"
    path.write_bytes((tmp_path / "freeze" / "firings" / path.name).read_bytes())
    expected = f"{path} does not belong to the result: its hash is 00000000, expected 3f9a2c1b"
    assert message(store.parts) == expected
    assert message(lambda: store.missing_blocks(1000)) == expected


def test_lost_firings_are_named(tmp_path: Path) -> None:
    store = begin(tmp_path)
    (tmp_path / "firings").rmdir()
    assert message(store.parts) == (f"{tmp_path}/firings cannot be read: No such file or directory")


@pytest.mark.parametrize("content", ["scenario: th", f"{TEXT}runs: 9\n"])
def test_a_scenario_cut_short_or_edited_is_named(tmp_path: Path, content: str) -> None:
    finished(tmp_path)
    (tmp_path / "scenario.yaml").write_text(content)
    expected = (
        f"{tmp_path}/scenario.yaml is not the file that this result was computed from: it was "
        f"changed or cut short; put it back, or remove {tmp_path} and run the scenario again"
    )
    assert message(lambda: Store.open(tmp_path)) == expected
    assert message(lambda: begin(tmp_path, 2000)) == expected
    assert (tmp_path / "scenario.yaml").read_text() == content


def test_a_missing_scenario_is_named(tmp_path: Path) -> None:
    finished(tmp_path)
    (tmp_path / "scenario.yaml").unlink()
    assert message(lambda: Store.open(tmp_path)) == (
        f"{tmp_path}/scenario.yaml cannot be read: No such file or directory"
    )

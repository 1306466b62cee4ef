from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from coopsim.errors import CoopsimError
from coopsim.simulation.results.atomic import remove_temporaries, write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.txt", b"old and long")
    write_atomically(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


def test_it_gets_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.txt", b"")
    (tmp_path / "b.txt").touch()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_atomically(tmp_path / "a.txt", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CoopsimError) as caught:
        write_atomically(tmp_path / "a.txt", b"new")
    assert str(caught.value) == f"{tmp_path}/a.txt cannot be written: No space left on device"
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_a_stop_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    write_atomically(tmp_path / "a.txt", b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_the_data_reaches_the_disk_before_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []

    def watch(descriptor: int) -> None:
        seen.append((os.fstat(descriptor).st_size, (tmp_path / "a.txt").exists()))

    monkeypatch.setattr(os, "fsync", watch)
    write_atomically(tmp_path / "a.txt", b"four")
    assert seen == [(4, False)]


def test_temporaries_of_killed_runs_are_swept_away_and_nothing_else(tmp_path: Path) -> None:
    for name in (".part-000000.parquet.77.tmp", "part-000001.parquet", ".hidden", "notes.tmp"):
        (tmp_path / name).touch()
    remove_temporaries(tmp_path)
    assert names(tmp_path) == [".hidden", "notes.tmp", "part-000001.parquet"]


def test_a_temporary_swept_away_by_another_run_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeps: list[Path] = []

    def sweep_once(_descriptor: int) -> None:
        if not sweeps:
            sweeps.append(tmp_path)
            remove_temporaries(tmp_path)

    monkeypatch.setattr(os, "fsync", sweep_once)
    write_atomically(tmp_path / "a.txt", b"kept")
    assert (tmp_path / "a.txt").read_bytes() == b"kept"
    assert sweeps == [tmp_path]


def test_a_folder_that_vanished_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CoopsimError) as caught:
        write_atomically(tmp_path / "gone" / "a.txt", b"")
    assert (
        str(caught.value) == f"{tmp_path}/gone/a.txt cannot be written: No such file or directory"
    )

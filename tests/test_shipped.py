"""What `coopsim init` lays out: whole or not at all, and never over something."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coopsim import shipped
from coopsim.errors import CoopsimError, UsageError

ROOT = Path(__file__).resolve().parents[1]


def names_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_shipped_folders_are_copied_whole(tmp_path: Path) -> None:
    made = shipped.lay_out(tmp_path / "new" / "futures")
    assert made == [tmp_path / "new" / "futures" / name for name in shipped.FOLDERS]
    for folder in made:
        assert names_below(folder) == names_below(ROOT / folder.name)
        assert names_below(folder)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["futures"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    shipped.lay_out(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(shipped.FOLDERS)


def test_the_folder_one_stands_in_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped.lay_out(Path())
    assert {path.name for path in tmp_path.iterdir()} == set(shipped.FOLDERS)


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError) as caught:
        shipped.lay_out(tmp_path)
    assert str(caught.value) == f"{tmp_path} is there already and is not an empty folder"
    assert names_below(tmp_path) == {"mine.txt"}


def test_a_full_disk_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    def fill_up(source: Path, target: Path) -> None:
        if len(copied) > 10:
            raise OSError(28, "No space left on device")
        copied.append(str(source))
        target.touch()

    monkeypatch.setattr(shutil, "copyfile", fill_up)
    target = tmp_path / "futures"
    with pytest.raises(CoopsimError) as caught:
        shipped.lay_out(target)
    assert str(caught.value) == f"{target} cannot be written: No space left on device"
    assert list(tmp_path.iterdir()) == []

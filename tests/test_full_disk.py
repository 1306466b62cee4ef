"""Wherever the disk fills up: a plain sentence, no half file, and the same call goes on."""

from __future__ import annotations

import errno
import os
import shutil
from itertools import count
from pathlib import Path

import pytest

from coopsim import api
from coopsim.errors import CoopsimError
from terminal import WORLD

FSYNC = os.fsync  # every file of ours goes through it before it gets its name


def simulated(scenario: Path, out: Path, keep: str) -> api.Result:
    return api.run(scenario, out=out, runs=1100, workers=1, keep=keep)


def files(folder: Path) -> dict[str, bytes]:
    """Read all files of a result but the manifest, which tells the time."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "manifest.json"}


@pytest.mark.parametrize("keep", ["firings", "nothing"])
def test_a_disk_that_fills_up_costs_what_was_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str
) -> None:
    scenario = tmp_path / "small.yaml"
    scenario.write_text(WORLD)
    whole = files(simulated(scenario, tmp_path / "whole", keep).folder)
    for room in count():
        writes, out = count(), tmp_path / "out"

        def write(descriptor: int, writes: count[int] = writes, room: int = room) -> None:
            if next(writes) == room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            FSYNC(descriptor)

        monkeypatch.setattr(os, "fsync", write)
        try:
            simulated(scenario, out, keep)
        except CoopsimError as error:
            assert str(error).endswith(" cannot be written: No space left on device")  # noqa: PT017
        else:
            assert room >= len(whole) + 2  # the manifest is written twice
            return
        monkeypatch.setattr(os, "fsync", FSYNC)
        (folder,) = out.iterdir()
        left = files(folder)
        assert left.items() <= whole.items()
        assert files(simulated(scenario, out, keep).folder) == whole
        shutil.rmtree(out)

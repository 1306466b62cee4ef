"""The scenarios, claims and schema that come with coopsim."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from coopsim.errors import CoopsimError, UsageError

FOLDERS = ("scenarios", "seeds", "schema")


def lay_out(target: Path) -> list[Path]:
    """Copy the shipped folders into a new or empty folder, each of them whole.

    Gives the folders made. Raises UsageError where something is there already, CoopsimError
    where it cannot be written; a folder that was not there before is then not there either.
    """
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UsageError(f"{target} is there already and is not an empty folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside a new folder, within one that is there: it may be the one that we stand in.
        beside = target if target.exists() else target.parent
        with tempfile.TemporaryDirectory(dir=beside, prefix=".coopsim-") as made:
            whole = Path(made) / "whole"
            for name in FOLDERS:
                _copy(name, whole / name)
            if target.exists():
                for name in FOLDERS:
                    (whole / name).replace(target / name)
            else:
                whole.replace(target)
    except OSError as error:
        raise CoopsimError(f"{target} cannot be written: {error.strerror}") from error
    return [target / name for name in FOLDERS]


def _copy(name: str, target: Path) -> None:
    packed = files("coopsim") / "shipped" / name
    if packed.is_dir():
        with as_file(packed) as source:
            _copied(source, target)
    else:  # a checkout: the folders stand beside src/
        _copied(Path(__file__).resolve().parents[2] / name, target)


def _copied(source: Path, target: Path) -> None:
    """Copy a folder; unlike shutil.copytree, the first error ends it, and is told as it is."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)

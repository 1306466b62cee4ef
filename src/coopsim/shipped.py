"""What comes with coopsim: scenarios, claims and the schema, and templates of a first scenario."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from coopsim.errors import CoopsimError, UsageError
from coopsim.scenario.shapes import IDENTITY
from coopsim.scenario.text.reading import show
from coopsim.scenario.text.yaml_text import scalar
from coopsim.simulation.results.atomic import is_there, write_atomically

TEMPLATES = "templates"
FOLDERS = ("scenarios", "seeds", "schema", TEMPLATES)
SUFFIX = ".yaml"
_SCHEMA = Path("schema") / "scenario.schema.json"
_EDITOR = "# yaml-language-server: $schema="
_TURN = re.compile(r"^# Change first: (.+)$", re.MULTILINE)


# --- a folder to work in ------------------------------------------------------------------------


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
                with _shipped(name) as source:
                    _copied(source, whole / name)
            if target.exists():
                for name in FOLDERS:
                    (whole / name).replace(target / name)
            else:
                whole.replace(target)
    except OSError as error:
        raise CoopsimError(f"{target} cannot be written: {error.strerror}") from error
    return [target / name for name in FOLDERS]


@contextmanager
def _shipped(name: str) -> Iterator[Path]:
    """Give a shipped folder as one on the disk."""
    packed = files("coopsim") / "shipped" / name
    if packed.is_dir():
        with as_file(packed) as source:
            yield source
    else:  # a checkout: the folders stand beside src/
        yield Path(__file__).resolve().parents[2] / name


def _copied(source: Path, target: Path) -> None:
    """Copy a folder; unlike shutil.copytree, the first error ends it, and is told as it is."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


# --- a first scenario ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FirstScenario:
    """A new scenario file, and the number of it that moves its headline most plainly."""

    path: Path
    turn: str


def new_scenario(name: str, like: str) -> FirstScenario:
    """Copy a template into NAME.yaml, where NAME may lead through folders, and give it that id.

    Nothing of it but the id is changed: no question is understood here. Raises UsageError for a
    name that is none, or where something is there already, CoopsimError where it cannot be written.
    """
    identity = Path(name).name.removesuffix(SUFFIX)
    if not IDENTITY.fullmatch(identity):
        expected = "a name of letters, digits, - and _, such as `venus` or `futures/venus`"
        raise UsageError(f"found {show(name)}, expected {expected}")
    path = Path(name).with_name(f"{identity}{SUFFIX}")
    if is_there(path):
        raise UsageError(f"{path} is there already: choose another name")
    with _shipped(TEMPLATES) as folder:
        _, body = (folder / f"{like}{SUFFIX}").read_text("utf-8").split("\n", 1)
    written = identity if scalar(identity, plain=True) == identity else f'"{identity}"'
    body = body.replace(f"\nscenario: {like}\n", f"\nscenario: {written}\n")
    write_atomically(path, f"{_for_editors(path.parent)}{body}".encode())
    (turn,) = _TURN.findall(body)
    return FirstScenario(path, turn)


def _for_editors(folder: Path) -> str:
    """Write the line that tells an editor of the schema, where one lies in reach."""
    for up in ("", "../"):
        if (folder / up / _SCHEMA).is_file():
            return f"{_EDITOR}{up}{_SCHEMA.as_posix()}\n"
    return ""

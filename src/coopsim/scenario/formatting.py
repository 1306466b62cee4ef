"""Which files of a scenario can be written in today's words, and that nothing is changed by it.

A scenario file is rewritten with its section files. It is read again from the new texts, as is
every scenario of the folder that is made of one of them, and must be the very same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from coopsim.errors import CoopsimError, ScenarioError
from coopsim.scenario.files import PARTS
from coopsim.scenario.loading import Loaded, load, load_resolved
from coopsim.scenario.plain.rewriting import rewritten
from coopsim.scenario.text.tree import Map, Seq
from coopsim.scenario.text.yaml_text import read_file


@dataclass(frozen=True, slots=True)
class Change:
    """A file with its text before and after."""

    path: Path
    before: str
    after: str

    @property
    def difference(self) -> str:
        """Get the lines that change, as `diff -u` writes them."""
        name = str(self.path)
        before, after = self.before.splitlines(), self.after.splitlines()
        return "\n".join(unified_diff(before, after, name, name, lineterm=""))

    @property
    def content(self) -> bytes:
        """Get what is to stand in the file."""
        return self.after.encode()


def changes(paths: Sequence[Path]) -> list[Change]:
    """List the files to rewrite, section files included.

    Raises ScenarioError for a scenario that cannot be loaded, CoopsimError where one would not
    stay the same.
    """
    found: dict[Path, Change] = {}
    for path in paths:
        tree = _loaded(path).tree
        for part in _own_files(path):
            if part.resolve() not in found:
                before = _text(part)
                found[part.resolve()] = Change(part, before, _with_its_ends(before, tree))
    changed = {real: one for real, one in found.items() if one.before != one.after}
    for folder in sorted({path.parent for path in paths}):
        _check_unchanged(folder, changed)
    return list(changed.values())


def _loaded(path: Path) -> Loaded:
    """Load a scenario; a section file is rewritten with the scenario that includes it."""
    with suppress(ScenarioError):
        tree, _ = read_file(path, str(path))
        if set(tree) <= set(PARTS):
            raise CoopsimError(f"{path} is a section file: name the scenario that includes it")
    return load(path)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _with_its_ends(text: str, tree: Map) -> str:
    """Rewrite a text and keep how its lines end."""
    after = rewritten(text.replace("\r\n", "\n"), tree)
    return after.replace("\n", "\r\n") if "\r\n" in text else after


# --- files --------------------------------------------------------------------------------------


def _own_files(path: Path) -> Iterator[Path]:
    """List a scenario's file and its section files."""
    yield path
    include = _keys(path).get("include")
    for name in include if isinstance(include, Seq) else ():
        yield path.parent / str(name)


def _all_files(path: Path) -> Iterator[Path]:
    """List the files that a scenario is made of; it must be one that can be loaded."""
    yield from _own_files(path)
    parent = _keys(path).get("extends")
    if parent is not None:
        yield from _all_files(path.parent / str(parent))


def _keys(path: Path) -> Map:
    tree, _ = read_file(path, str(path))
    return tree


# --- the same as before -------------------------------------------------------------------------


def _check_unchanged(folder: Path, changed: Mapping[Path, Change]) -> None:
    """Raise CoopsimError where a scenario of a folder is another one by the new texts.

    What changes is listed by the files' real paths.
    """
    for path in sorted(folder.glob("*.yaml")):
        try:
            before = load_resolved(path)
        except ScenarioError:
            continue  # a section file, or one that was wrong already
        files = list(_all_files(path))
        if not {file.resolve() for file in files} & set(changed):
            continue
        after = _read_again(path, files, changed)
        if after is None or (before.hash, before.text) != (after.hash, after.text):
            hint = "name it too, so that it is rewritten with the rest"
            raise CoopsimError(f"{path} would be another scenario; {hint}")


def _read_again(path: Path, files: Sequence[Path], changed: Mapping[Path, Change]) -> Loaded | None:
    """Load a scenario from its new texts, laid out in a folder of their own."""
    with TemporaryDirectory(prefix="coopsim-") as name:
        for file in files:
            copy = Path(name) / file.relative_to(path.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            change = changed.get(file.resolve())
            copy.write_bytes(file.read_bytes() if change is None else change.content)
        with suppress(ScenarioError):
            return load_resolved(Path(name) / path.name)
    return None

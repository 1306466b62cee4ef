"""What the shell offers when Tab is pressed: files, results, and the names inside of a scenario.

Completion has to be quick, and may be asked of files that anyone wrote: nothing is checked or
simulated, whatever is wrong offers nothing, and only plain signs are ever offered, as shells
evaluate what they are given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import typer

Offers: TypeAlias = list[tuple[str, str]]  # what is offered, and what is said beside it

_SAFE = re.compile(r"[\w./+-]+=?")
_UNSAFE = re.compile(r"[^\w ,.%/+-]+")
_SIGNS = 60  # of what is said beside an offer
_HEAD = 100_000  # bytes of a file in which its id has to stand
_ID = re.compile(rb"^scenario:", re.MULTILINE)
_QUESTIONS = "questions.yaml"  # of a folder of forecasts
_MANIFEST, _RESOLVED = "manifest.json", "scenario.yaml"  # of a result
_SCENARIO = ("scenario", "name", "base", "files")  # parameters that say which scenario is meant
_SENTENCES = {"title", "description", "why", "judgement", "sources", "when", "unless", "group"}
_Asked: TypeAlias = Callable[[typer.Context, str], Iterator[tuple[str, object]]]


def _offering(offer: _Asked) -> Callable[[typer.Context, str], Offers]:
    """Offer what can be typed as it is and begins with what is typed already."""

    @wraps(offer)
    def offered(ctx: typer.Context, incomplete: str) -> Offers:
        found: dict[str, str] = {}
        with suppress(Exception):  # nothing may be printed in the middle of a command line
            for name, said in offer(ctx, incomplete):
                if name.startswith(incomplete) and _SAFE.fullmatch(name):
                    found[name] = " ".join(_UNSAFE.sub(" ", str(said or "")).split())[:_SIGNS]
        return list(found.items())

    return offered


# --- files and results --------------------------------------------------------------------------


@_offering
def scenario_files(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the scenario files of a folder and of those in it."""
    del ctx
    return _files(incomplete)


@_offering
def result_names(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer results, by the scenario's id (the newest is meant) and by the folder's name."""
    del incomplete
    return _results(ctx)


@_offering
def scenario_names(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer scenario files, and results in their place."""
    yield from _files(incomplete)
    yield from _results(ctx)


def _files(incomplete: str) -> Iterator[tuple[str, object]]:
    folder = Path(f"{incomplete}_").parent  # a slash at the end leads into a folder
    # A family of scenarios lies one folder deeper; what a result holds there goes by its name.
    found = (folder.glob(f"{below}*.yaml") for below in ("", "*/", "scenarios/*/"))
    for path in sorted(chain.from_iterable(found)):
        with path.open("rb") as stream:
            if _ID.search(stream.read(_HEAD)):
                yield str(path), "a scenario"


def _results(ctx: typer.Context) -> Iterator[tuple[str, object]]:
    folders = _result_folders(ctx)
    yield from ((_id_of(folder), "the newest result of it") for folder in folders)
    yield from ((folder.name, "a result") for folder in folders)


def _result_folders(ctx: typer.Context) -> list[Path]:
    """List the folders of results, the newest last."""
    results = Path(ctx.params.get("results") or "results")
    manifests = sorted(results.glob(f"*/{_MANIFEST}"), key=lambda path: path.stat().st_mtime)
    return [manifest.parent for manifest in manifests]


def _id_of(folder: Path) -> str:
    return folder.name.rpartition("-")[0]


@_offering
def question_ids(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the open questions of the folder of forecasts."""
    from coopsim.scenario.text.yaml_text import read_file

    del incomplete
    path = Path(ctx.params.get("forecasts") or "forecasts") / _QUESTIONS
    tree, _ = read_file(path, str(path))
    yield from ((str(one["id"]), one.get("question")) for one in tree["questions"])


@_offering
def record_names(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the recorded forecasts of the folder of forecasts."""
    del incomplete
    folder = Path(ctx.params.get("forecasts") or "forecasts")
    yield from ((path.stem, None) for path in sorted(folder.glob("*.json")))


# --- names in a scenario ------------------------------------------------------------------------


@_offering
def question_names(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the questions of the scenario that is named before."""
    del incomplete
    yield from _titled(_tree(ctx), "outcomes")


@_offering
def event_names(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer its events."""
    del incomplete
    yield from _titled(_tree(ctx), "events")


@_offering
def statement_names(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the names with which a statement begins: events, drivers and questions."""
    del incomplete
    tree = _tree(ctx)
    for section in ("outcomes", "drivers", "events"):
        yield from _titled(tree, section)


@_offering
def assumption_paths(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the paths of numbers and dates, each with what it is now."""
    del incomplete
    yield from _paths(ctx)


@_offering
def paths_to_set(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, object]]:
    """Offer the same paths as --set takes them, up to the value."""
    del incomplete
    yield from ((f"{path}=", value) for path, value in _paths(ctx))


def _titled(tree: Mapping[str, Any], section: str) -> Iterator[tuple[str, object]]:
    for name, entry in (tree.get(section) or {}).items():
        yield name, entry.get("title") if isinstance(entry, Mapping) else ""


def _paths(ctx: typer.Context) -> Iterator[tuple[str, object]]:
    from coopsim.scenario.text.reading import dotted

    tree = _tree(ctx)
    for section in ("references", "drivers", "events", "plans"):
        for path, value in _leaves((section,), tree.get(section)):
            yield dotted(path), value


def _leaves(path: tuple[str | int, ...], node: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """List the numbers, dates and first levels of a tree: a sketch of what assumptions there are.

    The exact list takes a second to load; who presses Tab need not wait for it.
    """
    if isinstance(node, Mapping):
        for key, item in node.items():
            if key not in _SENTENCES:
                yield from _leaves((*path, key), item)
    elif isinstance(node, list):
        for position, item in enumerate(node):
            yield from _leaves((*path, position), item)
    elif path[-1] == "initial" or any(sign.isdigit() for sign in str(node)):
        yield path, str(node)


def _tree(ctx: typer.Context) -> Mapping[str, Any]:
    """Read the scenario that a command line names, its parents merged as far as names go."""
    from coopsim.scenario.files import read_files

    tree: dict[str, Any] = {}
    for child in read_files(_meant(ctx))[0]:
        _merge(tree, child)
    return tree


def _meant(ctx: typer.Context) -> Path:
    """Find the file of the scenario that is meant: as it is named, or in its newest result."""
    given = [ctx.params[key] for key in _SCENARIO if ctx.params.get(key)]
    given += ctx.args  # of a line that ends in an option, nothing has been told apart
    name = str(given[0][0] if isinstance(given[0], list | tuple) else given[0])
    if Path(name).is_file():
        return Path(name)
    if (Path(name) / _RESOLVED).is_file():
        return Path(name) / _RESOLVED
    folders = [one for one in _result_folders(ctx) if name in (one.name, _id_of(one))]
    return folders[-1] / _RESOLVED


def _merge(tree: dict[str, Any], child: Mapping[str, Any]) -> None:
    for key, value in child.items():
        if isinstance(value, Mapping) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        elif value is None:
            tree.pop(key, None)
        else:
            tree[key] = _copied(value)


def _copied(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    copy: dict[str, Any] = {}
    _merge(copy, value)
    return copy

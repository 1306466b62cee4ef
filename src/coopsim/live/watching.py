"""The files of a scenario as they are saved: the folders in which they lie are watched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path

from watchfiles import Change, awatch

from coopsim.scenario.sources.claims import find_seeds
from coopsim.scenario.text.tree import Map, walk

_WRITTEN = (".yaml", ".yml")
_SETTLED = 100  # milliseconds without a change, after which a file counts as saved


def folders_of(file: Path, tree: Map) -> frozenset[Path]:
    """Find the folders of a scenario's file, of all that it is made of, and of its claims."""
    seeds = find_seeds(file.parent)
    found = (Path(name).parent for name in set(_files(tree)) if Path(name).is_file())
    return frozenset({file.parent, *found, *([] if seeds is None else [seeds])})


def _files(tree: Map) -> Iterator[str]:
    for _, node in walk(tree):
        if isinstance(node, Map):
            yield from (mark.file for mark in node.marks.values())


async def saved_in(folders: Collection[Path]) -> AsyncIterator[None]:
    """Wait for scenarios or claims in some folders to be saved."""
    watched = awatch(*folders, watch_filter=_matters, step=_SETTLED, recursive=False)
    async for _ in watched:
        yield


def _matters(_: Change, path: str) -> bool:
    return path.endswith(_WRITTEN)

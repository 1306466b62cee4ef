"""The scenario's file as it is saved: its folder is watched, with that of its claims."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

from coopsim.scenario.sources.claims import find_seeds

_WRITTEN = (".yaml", ".yml")
_SETTLED = 100  # milliseconds without a change, after which a file counts as saved


async def changes_of_file(file: Path) -> AsyncIterator[None]:
    """Wait for a scenario, or whatever stands beside it or among its claims, to be saved."""
    seeds = find_seeds(file.parent)
    folders = [file.parent, *([] if seeds is None else [seeds])]
    watched = awatch(*folders, watch_filter=_matters, step=_SETTLED, recursive=False)
    async for _ in watched:
        yield


def _matters(_: Change, path: str) -> bool:
    return path.endswith(_WRITTEN)

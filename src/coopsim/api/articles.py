"""A first file of claims, made from an article."""

from __future__ import annotations

import os
import re
from pathlib import Path

from coopsim.errors import CoopsimError, UsageError
from coopsim.scenario.shapes import IDENTITY
from coopsim.scenario.sources.articles import NewSource, claims_text, read_article
from coopsim.scenario.sources.claims import FOLDER, find_seeds
from coopsim.scenario.text.reading import show
from coopsim.simulation.results.atomic import is_there, write_atomically

_BETWEEN = re.compile(r"[^A-Za-z0-9_]+")


def new_source(article: str | Path, name: str | None = None) -> NewSource:
    """Make a file of claims for an article, in the seeds folder that belongs to this folder.

    Without a name it is called as the article is. Raises ScenarioError for what is no article,
    UsageError for what is no name or is there already; nothing is written then.
    """
    found = read_article(Path(article))
    identity = _identity(Path(article), name)
    seeds = find_seeds(Path())
    folder = Path(FOLDER) if seeds is None else Path(os.path.relpath(seeds))
    path = folder / f"{identity}.yaml"
    if is_there(path):
        raise UsageError(f"{path} is there already: choose another name with `--as`")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CoopsimError(f"{folder} cannot be made: {error.strerror}") from error
    write_atomically(path, claims_text(found).encode())
    return NewSource(str(path), found)


def _identity(article: Path, name: str | None) -> str:
    """Get the name by which claims are cited; raises UsageError where it is none."""
    expected = "a name of letters, digits, - and _"
    if name is not None and not IDENTITY.fullmatch(name):
        raise UsageError(f"found {show(name)}, expected {expected}")
    identity = name or _BETWEEN.sub("-", article.stem).strip("-_").lower()[:80]
    if not IDENTITY.fullmatch(identity):
        hint = "which this file lacks; choose one with `--as`"
        raise UsageError(f"found {show(article.name)}, expected {expected}, {hint}")
    return identity

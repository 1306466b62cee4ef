"""How the kernel is compiled, and where its machine code is kept for the next time.

Numba's own cache lies beside the source, which may be read-only, and does not notice when a
function in another file has changed. Ours lies in the user's cache folder, under a name that holds
what the code was made from; where that cannot be written, each process compiles anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import njit
from platformdirs import user_cache_path

Rule = TypeVar("Rule", bound=Callable[..., Any])

# Compiled code makes and frees nothing, so that it need not count references (_nrt): the counting
# alone took ten times as long as the simulation. Errors of arithmetic cannot occur (error_model).
# Nobody calls them from C (no_cfunc_wrapper).
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "_nrt": False,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}


INNER = {**_OPTIONS, "no_cpython_wrapper": True}  # for what Python never calls


def called(function: Rule) -> Rule:
    """Compile a function that compiled code calls."""
    return njit(**_OPTIONS)(function)


def inlined(function: Rule) -> Rule:
    """Compile a function into its callers: a call would copy the descriptions of all arrays."""
    return njit(forceinline=True, **INNER)(function)


def entry(function: Rule) -> Rule:
    """Compile a function that Python calls, and keep its machine code where that is possible."""
    folder = _cache_folder()
    if folder is None:
        return called(function)
    with _cached_in(folder):
        return njit(cache=True, **_OPTIONS)(function)


def _cache_folder() -> Path | None:
    given = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(given) if given else user_cache_path("coopsim")
    folder = root / f"kernel-{_fingerprint()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def _fingerprint() -> str:
    here = Path(__file__).parent
    package = here.parents[1]
    shared = ("scenario/quantiles.py", "scenario/values.py", "simulation/sampling.py")
    limits = package / "simulation/limits.py"
    sources = [*sorted(here.glob("*.py")), limits, *(package / path for path in shared)]
    digest = sha256(numba.__version__.encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _cached_in(folder: Path) -> Iterator[None]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before

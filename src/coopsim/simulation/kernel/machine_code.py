"""The kernel's machine code: made by LLVM for this processor, then kept, and called by address.

It lies in the user's cache folder, or in COOPSIM_CACHE, under a name that holds what it was made
from. Each process makes it anew where that cannot be written, and where the code, or its folder, is
another user's or may be written by others: it might be anybody's code.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from platformdirs import user_cache_path

from coopsim.errors import CoopsimError
from coopsim.simulation.kernel.making import ENTRY, brought_hash, kernel, makers, sources
from coopsim.simulation.kernel.memory import KernelState, Log
from coopsim.simulation.kernel.tables import Tables
from coopsim.simulation.results.atomic import write_atomically

_DIGEST = 32  # bytes before the code: whether it is whole

_lock = Lock()
_loaded: list[Callable[..., None]] = []


def play(t: Tables, s: KernelState, log: Log, first_run: int, end: int) -> None:
    """Call `rules.play`, without the interpreter's lock."""
    arguments = (t, s, log, first_run, end)
    with _lock:  # whoever comes first makes or loads it
        if not _loaded:
            _loaded.append(_callable(_code(), len(list(_words(arguments)))))
    nothing = ctypes.c_void_p()  # Numba's functions give a value and an exception by reference
    _loaded[0](ctypes.byref(nothing), ctypes.byref(nothing), *_words(arguments))


def _words(argument: Any) -> Iterator[int]:
    """Yield the machine words by which Numba passes tuples, arrays and integers."""
    if isinstance(argument, tuple):
        for item in argument:
            yield from _words(item)
    elif isinstance(argument, np.ndarray):
        owners = 0, 0
        yield from (*owners, argument.size, argument.itemsize, argument.ctypes.data)
        yield from (*argument.shape, *argument.strides)
    else:
        yield int(argument)


# --- loading --------------------------------------------------------------------------------------


def _callable(code: bytes, words: int) -> Callable[..., None]:
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    types = [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int64] * words]
    function: Callable[..., None] = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(
        engine.get_function_address(ENTRY)
    )
    return function


@cache
def _engine() -> Any:
    """Make the engine; what it has loaded lives as long as it does."""
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(*_processor(), opt=3, codemodel="jitdefault", jit=True)


def _processor() -> tuple[str, str]:
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


# --- keeping --------------------------------------------------------------------------------------


def _code() -> bytes:
    """Get the machine code: the kept one, if it is whole and ours, or what is made and kept now."""
    folder = _folder()
    if folder is None:
        return _made_now()
    place = folder / f"kernel-{_fingerprint()}.o"
    return _kept(place) or _made_and_kept(place)


def _folder() -> Path | None:
    """Find the folder, and make it if need be; None where there is none that is ours alone."""
    given = os.environ.get("COOPSIM_CACHE")
    try:
        folder = Path(given) if given else user_cache_path("coopsim")
        folder.mkdir(0o700, parents=True, exist_ok=True)
        if not given:
            folder.chmod(0o700)  # older versions left it as the user's mask has it
        return folder if _ours(folder.stat()) else None
    except (OSError, RuntimeError):  # the latter where the user has no home
        return None


def _kept(place: Path) -> bytes | None:
    with suppress(OSError), place.open("rb") as file:
        if _ours(os.fstat(file.fileno())):
            kept = file.read()
            if sha256(kept[_DIGEST:]).digest() == kept[:_DIGEST]:
                return kept[_DIGEST:]
    return None


def _ours(found: os.stat_result) -> bool:
    """Check that a file or folder is this user's, and that nobody else may write it."""
    if not hasattr(os, "geteuid"):  # Windows, where a user's folders are the user's
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _made_now() -> bytes:
    code: bytes = _machine().emit_object(kernel())
    return code


def _made_and_kept(place: Path) -> bytes:
    code = _made_now()
    with suppress(CoopsimError):
        write_atomically(place, sha256(code).digest() + code, mode=0o600)
    return code


def _fingerprint() -> str:
    made_of = "\0".join((sources(), brought_hash(), *makers(), *_processor()))
    return sha256(made_of.encode()).hexdigest()[:16]

"""Files that are either whole or not there, whenever the computer stops."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from coopsim.errors import CoopsimError


def write_atomically(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file under a temporary name beside it, then rename it into place.

    `mode` says who may read and write it, as far as the user's mask lets. Raises CoopsimError
    naming the file where it cannot be written (a full disk, no permission); what stood there before
    is then untouched.
    """
    try:
        # A run that starts on the same folder may sweep our temporary away: write it again.
        while not _written(path, content, mode):
            pass
    except OSError as error:
        raise CoopsimError(f"{path} cannot be written: {error.strerror}") from error


def _written(path: Path, content: bytes, mode: int) -> bool:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def sweep(folder: Path) -> None:
    """Remove the temporaries that killed runs left in a folder."""
    for temporary in folder.glob(".*.tmp"):
        with suppress(OSError):  # a system that guards open files: its writer lives
            temporary.unlink()

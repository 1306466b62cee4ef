"""Files that are either whole or not there, whenever the computer stops.

They are read with as much suspicion as they are written with care: a folder may come from anyone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

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
    try:
        with _renamed(path, mode) as file:
            file.write(content)
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise
        return False
    return True


@contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write piece by piece, which is renamed into place once the block has ended.

    Where the block fails, what stood there before is untouched. Raises CoopsimError naming the
    file where it cannot be written.
    """
    try:
        with _renamed(path, 0o666) as file:
            yield file
    except OSError as error:
        raise CoopsimError(f"{path} cannot be written: {error.strerror or error}") from error


@contextmanager
def _renamed(path: Path, mode: int) -> Iterator[BinaryIO]:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def is_there(path: Path) -> bool:
    """Check whether there is something at a path; where we may not look, reading will fail."""
    try:
        path.lstat()
    except PermissionError:
        return True
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False
    return True


def read_plain(path: Path, most: int) -> bytes:
    """Read a file that may hold so many bytes.

    Raises CoopsimError naming the file where it cannot be read, is larger, or is no plain file.
    """
    try:
        refuse_strange(path)
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise CoopsimError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > most:
        raise CoopsimError(f"{path} is damaged: it holds more than {most:,} bytes")
    return content


def refuse_strange(path: Path) -> None:
    """Raise CoopsimError for what is neither a file nor a folder, if it is there at all.

    A link may lead to somebody else's files, and a pipe would keep us waiting.
    """
    if not is_there(path):
        return
    try:
        kind = path.lstat().st_mode
    except OSError as error:
        raise CoopsimError(f"{path} cannot be read: {error.strerror}") from error
    if stat.S_ISLNK(kind):
        raise CoopsimError(f"{path} is a link: a result must hold its own files")
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise CoopsimError(f"{path} is damaged: it is not a regular file")


def remove_temporaries(folder: Path) -> None:
    """Remove the temporaries that killed runs left in a folder."""
    for temporary in folder.glob(".*.tmp"):
        with suppress(OSError):  # a system that guards open files: its writer lives
            temporary.unlink()

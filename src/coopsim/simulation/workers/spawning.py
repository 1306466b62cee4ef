"""Processes of this machine that end with the block they work for, and leave Ctrl-C to us."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from types import ModuleType
from typing import Any


def cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# Spawned, as everywhere but on Linux by default: a fork would copy locks that the threads of a
# progress bar or of Arrow may hold.
SPAWN: BaseContext = multiprocessing.get_context("spawn")


def copies_of(module: str) -> BaseContext:
    """Start a process that imports a module, of which others are then made as copies.

    That one has a single thread, so that no copy waits for a lock that nobody holds. Where there
    are no such processes, as on Windows, others are spawned. Raises OSError where the system lets
    us have no more processes.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return SPAWN
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    resource_tracker.ensure_running()  # would be started next, and end the masking of Ctrl-C
    with interrupts_held():  # it, and all that are made of it, are then never told of Ctrl-C
        forkserver.ensure_running()
    return context


@contextmanager
def spawned(
    workers: int, begin: Callable[..., None], *arguments: Any, context: BaseContext = SPAWN
) -> Iterator[ProcessPoolExecutor]:
    """Make a pool of processes that begin by calling `begin` with these arguments.

    They are started when the first work is handed out: hold interrupts meanwhile. Raises OSError
    where the system lets us have no more of what a pool needs.
    """
    theirs, ours = context.Pipe(duplex=False)
    with interrupts_held():  # half made, it would leave semaphores behind, and a complaint
        pool = ProcessPoolExecutor(workers, context, _begin, (theirs, begin, *arguments))
    with theirs, pool:
        try:
            yield pool
        finally:
            ours.close()  # the lifeline: whoever still computes ends at once


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C until the block is left, also from the processes started in it.

    Processes are not started in the block that makes their pool: with the first pool of all,
    multiprocessing starts its resource tracker, after which Ctrl-C is no longer masked.
    """
    noted: list[int] = []
    # Only the main thread may set a handler, and Ctrl-C arrives in no other.
    main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda *_: noted.append(1)) if main else None
    try:
        with _interrupts_masked():
            yield
    finally:
        if main:
            signal.signal(signal.SIGINT, handler)
    if noted:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def _interrupts_masked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def without_main() -> Iterator[None]:
    """Keep processes that are started in the block from importing the program's main module."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def stand_aside() -> None:
    """Keep this process from writing errors, and from sharing our part of a busy machine."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    # Linux shares a machine among sessions, not processes.
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()


def _begin(lifeline: Connection, begin: Callable[..., None], *arguments: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    threading.Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    begin(*arguments)


def _die_with(lifeline: Connection) -> None:
    """End this process when the parent lets go of its end of the lifeline, or dies."""
    with suppress(OSError):
        lifeline.poll(None)
    os._exit(1)

"""One computation at a time, of which the newest counts: it stops what an older request began."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from coopsim.errors import StoppedError
from coopsim.simulation.workers.playing import Cancelled

Made = TypeVar("Made")


class Worker:
    """A thread that computes; its timelines are played in as many as there are cores."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._newest = 0
        self._waiting = 0
        self._pool = ThreadPoolExecutor(1, "coopsim-live")

    @property
    def idle(self) -> bool:
        """Check whether nobody waits for an answer."""
        return not self._waiting

    def newest(self, job: Callable[[Cancelled], Made]) -> Future[Made]:
        """Compute this next, in place of all that was asked before.

        The job is told by `cancelled` whether something newer was asked. What is given up raises
        StoppedError.
        """
        with self._lock:
            self._newest += 1
            self._waiting += 1
        future = self._pool.submit(self._worked, job, self._newest)
        future.add_done_callback(self._finished)
        return future

    def aside(self, job: Callable[[Cancelled], Made]) -> Future[Made]:
        """Compute this behind all that was asked; raises StoppedError as soon as more is asked."""
        return self._pool.submit(self._worked, job, self._newest)

    def close(self) -> None:
        """Give up whatever is computed."""
        self._newest += 1
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _worked(self, job: Callable[[Cancelled], Made], ticket: int) -> Made:
        def cancelled() -> bool:
            return ticket != self._newest

        if cancelled():
            raise StoppedError("stopped: something newer was asked")
        return job(cancelled)

    def _finished(self, _: object) -> None:
        with self._lock:
            self._waiting -= 1

"""What is done before a chunk fails is not lost with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from coopsim.simulation.workers.pools import _in_flight


class AtOnce(Executor):
    """Work while things are handed out, so that all is done before anything is asked for."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except BaseException as error:  # noqa: BLE001  # as a pool does it, Ctrl-C included
            future.set_exception(error)
        return future


def test_what_is_whole_comes_before_what_has_failed() -> None:
    def work(chunk: tuple[int, int]) -> int:
        if chunk[0] == 3:
            raise KeyboardInterrupt
        return chunk[0]

    found: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(_in_flight(AtOnce(), work, [(n, 1) for n in range(8)], 8))
    assert sorted(found) == [0, 1, 2, 4, 5, 6, 7]

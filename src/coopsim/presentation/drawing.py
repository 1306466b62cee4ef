"""Draw a result with a helper: a second process that loads Matplotlib while we still simulate.

Drawing a result takes longer than simulating it, and most of that is Python, so that threads do
not help. Nothing here loads Matplotlib before there is something to draw.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

# Matplotlib is slow to import; only who draws pages imports what knows it.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.analysis.curves import Curve
    from coopsim.analysis.summaries import Summary
    from coopsim.scenario.spec import Scenario

_EARLY = 3  # pages that the helper is given before we know how many there are


@dataclass(frozen=True, slots=True)
class Order:
    """Hold what is to be drawn, and into which folder."""

    scenario: Scenario
    summary: Summary
    curves: Mapping[str, Curve]
    folder: Path

    def pages(self) -> int:
        """Count the pages; loads Matplotlib."""
        from coopsim.presentation.figures.result import pages

        return len(list(pages(self._book())))

    def draw_all(self) -> list[Path]:
        """Draw all pages; gives the files, the overview first.

        Raises CoopsimError where a file cannot be written.
        """
        from coopsim.presentation.figures import draw_result

        return draw_result(self.scenario, self.summary, self.curves, self.folder)

    def draw(self, number: int) -> list[Path]:
        """Draw one page, if there is one of that number; gives its files.

        Raises CoopsimError where a file cannot be written.
        """
        from coopsim.presentation.figures.result import pages
        from coopsim.presentation.figures.sheets import save_pages

        chosen = list(pages(self._book()))[number : number + 1]
        return save_pages(((stem, make()) for stem, make in chosen), self.folder)

    def _book(self) -> Any:
        from coopsim.presentation.figures.book import Book
        from coopsim.presentation.wording import Wording

        return Book(Wording.of(self.scenario), self.summary, self.curves)


class Helper:
    """Draw pages in a process of its own; EOFError or OSError say that it is gone."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coopsim.presentation.figures.helping"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is our business
        )

    def take(self, order: Order) -> None:
        """Hand it what is to be drawn."""
        self._send(order)

    def draw(self, number: int) -> list[Path]:
        """Have one page drawn; gives its files."""
        self._send(number)
        assert self._process.stdout is not None
        files: list[Path] = pickle.load(self._process.stdout)
        return files

    def _send(self, item: object) -> None:
        assert self._process.stdin is not None
        pickle.dump(item, self._process.stdin)
        self._process.stdin.flush()

    def dismiss(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()


@contextmanager
def helper(*, wanted: bool) -> Iterator[Helper | None]:
    """Start a helper, if it is wanted and there is a core for it, and end it afterwards."""
    if not wanted or (os.cpu_count() or 1) < 2:
        yield None
        return
    started = Helper()
    try:
        yield started
    finally:
        started.dismiss()


def draw_together(order: Order, helping: Helper) -> list[Path]:
    """Draw all pages, the helper from the first on and we from the last; gives the files.

    Raises CoopsimError where a file cannot be written.
    """
    waiting = deque(range(_EARLY))
    drawn: dict[int, list[Path]] = {}
    feeder = Thread(target=_feed, args=(helping, order, waiting, drawn))
    feeder.start()
    try:
        pages = order.pages()
        waiting.extend(range(_EARLY, pages))
        _draw_last(order, waiting, drawn)
    finally:
        waiting.clear()
        feeder.join()
    for number in range(pages):  # what a helper that was lost has left
        if number not in drawn:
            drawn[number] = order.draw(number)
    return [file for number in range(pages) for file in drawn[number]]


def _feed(helping: Helper, order: Order, waiting: deque[int], drawn: dict[int, list[Path]]) -> None:
    with suppress(EOFError, OSError, IndexError):
        helping.take(order)
        while True:
            number = waiting.popleft()
            drawn[number] = helping.draw(number)


def _draw_last(order: Order, waiting: deque[int], drawn: dict[int, list[Path]]) -> None:
    with suppress(IndexError):
        while True:
            number = waiting.pop()
            drawn[number] = order.draw(number)

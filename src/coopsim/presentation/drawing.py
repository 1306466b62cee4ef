"""Draw a result with helpers: processes that load Matplotlib while we still simulate.

Drawing a result takes longer than simulating it, and most of that is Python, so that threads do
not help. Nothing here loads Matplotlib before there is something to draw.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

# Matplotlib is slow to import; only who draws pages imports what knows it.
# ruff: noqa: PLC0415
from coopsim.errors import CoopsimWarning

if TYPE_CHECKING:
    from coopsim.analysis.kinds.base import Curve
    from coopsim.analysis.summaries import Summary
    from coopsim.scenario.spec import Scenario

_MOST_HELPERS = 3  # a result has some eight pages


@dataclass(frozen=True, slots=True)
class DrawingOrder:
    """Hold what is to be drawn, and into which folder."""

    scenario: Scenario
    summary: Summary
    curves: Mapping[str, Curve]
    folder: Path

    def draw(self, number: int) -> list[Path]:
        """Draw one page, if there is one of that number; gives its files.

        Raises CoopsimError where a file cannot be written.
        """
        from coopsim.presentation.figures.kit.sheets import save_pages
        from coopsim.presentation.figures.result import pages

        chosen = list(pages(self._book()))[number : number + 1]
        return save_pages(((stem, make()) for stem, make in chosen), self.folder)

    def _book(self) -> Any:
        from coopsim.presentation.figures.book import Book
        from coopsim.presentation.words.wording import Wording

        return Book(Wording.of(self.scenario), self.summary, self.curves)


class Helper:
    """Draw pages in a process of its own; EOFError or OSError say that it is gone.

    `told` is what it has warned of. Raises OSError where no process can be started.
    """

    def __init__(self) -> None:
        self.told: set[str] = set()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coopsim.presentation.figures.helping"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it cannot do we do, and say, ourselves
            start_new_session=True,  # Ctrl-C is our business
        )

    def take(self, order: DrawingOrder) -> None:
        """Hand it what is to be drawn."""
        self._send(order)

    def draw(self, number: int) -> list[Path]:
        """Have one page drawn; gives its files."""
        self._send(number)
        assert self._process.stdout is not None
        files: list[Path]
        files, told = pickle.load(self._process.stdout)
        self.told.update(told)
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
def helpers(*, wanted: bool) -> Iterator[list[Helper]]:
    """Start helpers, one for each core but ours, if they are wanted, and end them afterwards.

    Where none can be started, as in a program that brings its own Python, we draw alone.
    """
    cores = os.cpu_count() or 1
    with ExitStack() as ended:
        started: list[Helper] = []
        with suppress(OSError):
            for _ in range(min(cores - 1, _MOST_HELPERS) if wanted and sys.executable else 0):
                started.append(Helper())
                ended.callback(started[-1].dismiss)
        yield started


def draw_pages(order: DrawingOrder, helping: Sequence[Helper] = ()) -> list[Path]:
    """Draw all pages, beside helpers if there are some; gives the files, the overview first.

    Pages are handed out until we meet one that is not there, or cannot go on. Raises CoopsimError
    where a file cannot be written.
    """
    numbers, ended = count(), Event()
    drawn: dict[int, list[Path]] = {}
    feeders = [Thread(target=_feed, args=(each, order, numbers, ended, drawn)) for each in helping]
    for feeder in feeders:
        feeder.start()
    try:
        _draw(order.draw, numbers, ended, drawn)
    finally:
        ended.set()
        for feeder in feeders:
            feeder.join()
    for text in sorted(set().union(*(each.told for each in helping))):
        warnings.warn(text, CoopsimWarning, stacklevel=2)
    pages = min(number for number, files in drawn.items() if not files)
    for number in set(range(pages)) - drawn.keys():  # what helpers that were lost have left
        drawn[number] = order.draw(number)
    return [file for number in range(pages) for file in drawn[number]]


def _feed(
    helping: Helper,
    order: DrawingOrder,
    numbers: Iterator[int],
    ended: Event,
    drawn: dict[int, list[Path]],
) -> None:
    with suppress(EOFError, OSError):
        helping.take(order)
        _draw(helping.draw, numbers, ended, drawn)


def _draw(
    draw: Callable[[int], list[Path]],
    numbers: Iterator[int],
    ended: Event,
    drawn: dict[int, list[Path]],
) -> None:
    while not ended.is_set():
        number = next(numbers)
        drawn[number] = draw(number)
        if not drawn[number]:
            return

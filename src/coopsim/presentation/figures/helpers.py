"""Draw a result with helpers: processes that load Matplotlib while we still simulate.

Drawing a result takes longer than simulating it, and most of that is Python, so that threads do
not help. Nothing here loads Matplotlib before there is something to draw.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

# Matplotlib is slow to import; only who draws pages imports what knows it.
# ruff: noqa: PLC0415
from coopsim.errors import CoopsimWarning, UsageError
from coopsim.scenario.text.reading import listing
from coopsim.simulation.workers.spawning import (
    SPAWN,
    copies_of,
    cores,
    interrupts_held,
    spawned,
    stand_aside,
    without_main,
)

if TYPE_CHECKING:
    from coopsim.analysis.kinds.base import Curve
    from coopsim.analysis.summaries import Summary
    from coopsim.scenario.spec import Scenario

_MOST_HELPERS = 3  # a result has some eight pages
_READY = "coopsim.presentation.figures.result.ready"


@dataclass(frozen=True, slots=True)
class DrawingOrder:
    """What is to be drawn, and into which folder."""

    scenario: Scenario
    summary: Summary
    curves: Mapping[str, Curve]
    folder: Path

    def draw(self, number: int) -> list[Path]:
        """Draw one page, if there is one of that number; gives its files.

        Raises CoopsimError where a file cannot be written.
        """
        from coopsim.presentation.figures.kit.sheets import save_pages
        from coopsim.presentation.figures.result.pages import pages

        chosen = list(pages(self._book()))[number : number + 1]
        return save_pages(((stem, make()) for stem, make in chosen), self.folder)

    def figure(self, name: str) -> Any:
        """Draw one page, by its name, as a figure of Matplotlib; raises UsageError for others."""
        from coopsim.presentation.figures.kit.style import styled
        from coopsim.presentation.figures.result.pages import pages

        made = dict(pages(self._book()))
        if name not in made:
            listed = listing([f"`{one}`" for one in made])
            raise UsageError(f"no page '{name}'; expected {listed}")
        with styled():
            return made[name]().figure

    def _book(self) -> Any:
        from coopsim.presentation.figures.result.book import Book
        from coopsim.presentation.words.wording import Wording

        return Book(Wording.of(self.scenario), self.summary, self.curves)


# --- helpers ------------------------------------------------------------------------------------


@contextmanager
def helpers(*, wanted: bool) -> Iterator[list[Executor]]:
    """Start helpers, one for each core if there are several and they are wanted, and end them.

    Each is a process of its own, so that one that is lost takes no other with it; all are copies
    of one that loads Matplotlib meanwhile. Where none can be started, as in a program that brings
    its own Python, we draw alone.
    """
    most = min(cores(), _MOST_HELPERS) if wanted and sys.executable and cores() > 1 else 0
    with ExitStack() as ended:
        started: list[Executor] = []
        ended.enter_context(without_main())
        with suppress(OSError):
            context = copies_of(_READY) if most else SPAWN
            for _ in range(most):
                helper = ended.enter_context(spawned(1, _load, context=context))
                if context is SPAWN:  # without work its process is not started, nor loads anything
                    with interrupts_held():
                        helper.submit(_nothing)
                started.append(helper)
        yield started


def _load() -> None:
    """Make a helper ready, if it is no copy of one that is; what it cannot do we do, and say."""
    import_module(_READY)
    stand_aside()


def _nothing() -> None:
    pass


def _drawn(packed: bytes, number: int) -> tuple[list[Path], list[str]]:
    """Draw one page of an order in a helper; gives its files, and what we have warned of."""
    order = _unpacked(packed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        files = order.draw(number)
    return files, [str(one.message) for one in caught if issubclass(one.category, CoopsimWarning)]


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> DrawingOrder:
    """Unpack an order, unless it is the one whose page was drawn last."""
    order: DrawingOrder = pickle.loads(packed)  # our parent's
    return order


# --- pages --------------------------------------------------------------------------------------


def draw_pages(
    order: DrawingOrder,
    helping: Sequence[Executor] = (),
    most: int | None = None,
    on_first: Callable[[list[Path]], None] = lambda _files: None,
) -> list[Path]:
    """Draw all pages, or at most so many, beside helpers if there are some; gives the files.

    The overview comes first, from a helper, which is ready while we have yet to load Matplotlib;
    `on_first` is told its files at once. We draw too where helpers leave a core to us, or pages:
    they are handed out until one is met that is not there. Raises CoopsimError where a file cannot
    be written.
    """
    shared = _Shared(iter(count() if most is None else range(most)), on_first)
    packed = pickle.dumps(order) if helping else b""  # once for all pages
    feeders = [
        Thread(target=shared.draw, args=(partial(shared.draw_by, helper, packed), number))
        for helper, number in zip(helping, shared.numbers, strict=False)
    ]
    for feeder in feeders:
        feeder.start()
    try:
        if len(helping) < cores():
            shared.draw(order.draw, next(shared.numbers, None))
    except BaseException:
        shared.ended.set()
        raise
    finally:
        for feeder in feeders:
            feeder.join()
    if all(shared.drawn.values()):  # nobody has met a page that is not there
        shared.draw(order.draw, next(shared.numbers, None))
    for text in sorted(shared.warned):
        warnings.warn(text, CoopsimWarning, stacklevel=2)
    drawn = shared.drawn
    pages = min((number for number, files in drawn.items() if not files), default=most or 0)
    for number in set(range(pages)) - drawn.keys():  # what helpers that were lost have left
        drawn[number] = order.draw(number)
    return [file for number in range(pages) for file in drawn[number]]


@dataclass(slots=True)
class _Shared:
    """What all who draw share: the next page, the files of each, and what helpers warned of."""

    numbers: Iterator[int]
    on_first: Callable[[list[Path]], None]
    drawn: dict[int, list[Path]] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)
    ended: Event = field(default_factory=Event)

    def draw(self, draw: Callable[[int], list[Path] | None], number: int | None) -> None:
        """Draw a page and those that are next, until there is none, or `draw` gives None."""
        while number is not None and not self.ended.is_set():
            files = draw(number)
            if files is not None:
                self.drawn[number] = files
            if not files:
                return
            if number == 0:
                self.on_first(files)
            number = next(self.numbers, None)

    def draw_by(self, helper: Executor, packed: bytes, number: int) -> list[Path] | None:
        """Draw one page of a packed order by a helper; gives its files, None if it could not."""
        try:
            page = helper.submit(_drawn, packed, number)
        except (BrokenProcessPool, OSError, EOFError):  # it was lost, or could not be started
            return None
        if page.exception() is not None:
            return None
        files, warned = page.result()
        self.warned.update(warned)
        return files

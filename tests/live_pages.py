"""A scenario served to a real browser, and what its page has to show."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from coopsim import api
from coopsim.live.desk import Desk
from coopsim.live.serving import LiveServer
from coopsim.presentation.views.comparison import number_cells
from coopsim.presentation.words.headlines import headlines
from coopsim.presentation.words.wording import Wording

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Served:
    """A scenario file, and the link to the page that asks it."""

    file: Path
    link: str


@contextmanager
def serving(file: Path) -> Iterator[Served]:
    server = LiveServer(Desk(str(file), file.parent / "results"))
    link, running = server.listen(), server.server()
    thread = threading.Thread(target=running.run, kwargs={"sockets": [server.taken]})
    thread.start()
    try:
        yield Served(file, link)
    finally:
        running.should_exit = True
        thread.join()
        server.close()


def answered(page: Page) -> None:
    expect(page.locator("body[data-state=done]")).to_have_count(1, timeout=30_000)


def shown(page: Page, title: str = "A joint flight") -> list[str]:
    """Read the numbers of a headline question: as written, now, difference."""
    row = page.locator("table.now tbody tr.first", has_text=title).first
    return row.locator("td.number").all_inner_texts()


def run_with(file: Path, *sets: str, place: int = 0) -> list[str]:
    """Answer as `coopsim run --set` does, and write a headline's numbers as the page has to."""
    base, now = api.play(api.load(file)), api.play(api.load(file, sets))
    names = base.scenario.headlines
    paired = now.asking(names).against(base.asking(names))
    found = headlines(paired.comparison, Wording.of(base.scenario))[place]
    before, _ = number_cells(found, base.name)
    after, difference = number_cells(found, now.name)
    return [f"{before.text}{NBSP}%", f"{after.text}{NBSP}%", f"{difference.text} points"]

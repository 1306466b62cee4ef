"""A browser for each module of tests; without one they are skipped, and CI fails if they were.

It is closed with its module: as long as it is open, a loop runs, and no other can be started.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from coopsim import api
from report_world import simulated

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        reason = f"no browser: none of {', '.join(_NAMES)} is installed"
        if os.environ.get("COOPSIM_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of two results, full of markup."""
    folder = tmp_path_factory.mktemp("report")
    file = folder / "mailed.html"
    html = api.report(simulated(folder), sliders=["drivers.mood.initial", "events.loss.rate"])
    api.write_report(html, file)
    return file


def pictures(otherwise: Path) -> Path:
    """Name the folder of pictures: docs/figures where they are renewed."""
    return Path(os.environ.get("COOPSIM_PICTURES", otherwise)).absolute()


def pictured(page: Page, folder: Path, name: str, *, top: bool = True) -> None:
    """Take a picture of what a page shows, from its top unless it was led elsewhere."""
    page.evaluate("top => { document.activeElement.blur(); if (top) scrollTo(0, 0); }", top)
    picture = pictures(folder) / f"{name}.png"
    page.screenshot(path=picture)
    assert page.viewport_size is not None
    size = page.viewport_size["width"], page.viewport_size["height"]
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == size


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page without a network."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()

"""The pictures of docs/page.md: COOPSIM_PICTURES=docs/figures renews them."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_pages import browser
from coopsim import api

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

ROOT = Path(__file__).parents[2]
PICTURES = {
    "page-desktop": ("light", (1000, 860), "header"),
    "page-phone": ("light", (390, 860), "header"),
    "page-dark": ("dark", (1000, 620), "#curves"),
    "page-around": ("light", (1000, 620), ".group > details[open]"),
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of two shipped scenarios."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    found = [
        api.run(ROOT / "scenarios" / f"{name}.yaml", out=folder / "results")
        for name in ("baseline", "thaw")
    ]
    file = folder / "report.html"
    api.write_report(api.report(found), file)
    return file


@pytest.mark.parametrize("name", PICTURES)
def test_the_page_is_pictured(browser: Browser, shipped: Path, tmp_path: Path, name: str) -> None:
    scheme, (width, height), shown = PICTURES[name]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(shipped.as_uri())
    page.locator(
        ".group > details > summary", has_text="A new joint programme is agreed"
    ).first.click()
    page.locator(shown).first.evaluate("one => one.scrollIntoView()")
    picture = Path(os.environ.get("COOPSIM_PICTURES", tmp_path)) / f"{name}.png"
    page.screenshot(path=picture)
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == (width, height)
    context.close()

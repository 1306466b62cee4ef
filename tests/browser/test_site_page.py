"""The site in a real browser: from disk, without a network, on a desktop and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser_pages import browser, page
from site_made import site

pytestmark = pytest.mark.slow
__all__ = ["browser", "page", "site"]  # fixtures

DESKTOP, PHONE = (1280, 900), (390, 844)
SHOWN = ("index.html", "gallery.html", "scenarios/thaw.html", "docs/track-record.html",
         "docs/language.html", "forecasts/index.html")  # fmt: skip


def test_it_is_searched_from_disk_and_asks_for_nothing_else(page: Page, site: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.get_by_role("textbox", name="Search").press_sequentially("sanctions eased")
    first = page.locator(".md-search-result__link").first
    expect(first).to_contain_text("and sanctions eased in its wake", timeout=20_000)
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("and sanctions eased in its wake")
    outside = [url for url in asked if not url.startswith((site.as_uri(), "data:", "blob:"))]
    assert outside == []


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "dark phone"]
)
def test_axe_finds_nothing(
    browser: Browser, site: Path, scheme: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        offline=True,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": size[0], "height": size[1]},
    )
    page = context.new_page()
    reports = {}
    for name in SHOWN:
        page.goto((site / name).as_uri())
        found = Axe().run(page)
        if found.violations_count:
            reports[name] = found.generate_report()
    context.close()
    assert reports == {}


def test_no_page_is_wider_than_a_phone(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, offline=True)
    page = context.new_page()
    wide = []
    for file in sorted(site.rglob("*.html")):
        page.goto(file.as_uri(), wait_until="domcontentloaded")
        if page.evaluate("document.documentElement.scrollWidth") > PHONE[0]:
            wide.append(file.relative_to(site).as_posix())
    context.close()
    assert wide == []

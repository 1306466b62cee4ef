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
SHOWN = ("index.html", "gallery.html", "scenarios/thaw.html", "scenarios/baseline/politics.html",
         "docs/track-record.html", "docs/language.html", "docs/model.html", "docs/page.html",
         "seeds/index.html", "forecasts/index.html")  # fmt: skip

SCROLLING_OUT_OF_REACH = """[...document.querySelectorAll("main *")].filter((one) =>
  one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX)
  && one.tabIndex < 0).map((one) => one.className || one.tagName)"""


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
    ("scheme", "size"),
    [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)],
    ids=["desktop", "dark desktop", "phone", "dark phone"],
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


def test_no_page_is_wider_than_a_phone_and_what_scrolls_is_reached_by_keyboard(
    browser: Browser, site: Path
) -> None:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, offline=True)
    page = context.new_page()
    wide, out_of_reach = [], {}
    for file in sorted(site.rglob("*.html")):
        name = file.relative_to(site).as_posix()
        page.goto(file.as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > PHONE[0]:
            wide.append(name)
        if found := page.evaluate(SCROLLING_OUT_OF_REACH):
            out_of_reach[name] = found
    context.close()
    assert (wide, out_of_reach) == ([], {})


def test_a_page_that_no_section_names_has_its_navigation(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    for name in ("scenarios/thaw.html", "scenarios/baseline/politics.html", "seeds/index.html"):
        page.goto((site / name).as_uri())
        shown = page.get_by_role("navigation", name="Navigation").get_by_role("link")
        expect(shown.filter(has_text="Gallery").first).to_be_visible()

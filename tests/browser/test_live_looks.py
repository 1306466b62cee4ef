"""The checklist of docs/page.md, as far as it can be measured, over the states of the live page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_looks import found_in
from browser_pages import browser
from live_pages import Served, answered, serving

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

ROOT = Path(__file__).parents[2]
LOOKS = {"desktop": (1280, "screen"), "phone": (390, "screen"), "paper": (718, "print")}
LAPTOP, PHONE = (1280, 720), (390, 844)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the shipped baseline."""
    folder = tmp_path_factory.mktemp("live")
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    with serving(folder / "scenarios" / "baseline.yaml") as found:
        yield found


def changed(page: Page) -> None:
    page.get_by_role("searchbox", name="Search").fill("war settled")
    page.locator("#found input[type=range]").first.press("ArrowRight")
    answered(page)


def given(page: Page) -> None:
    changed(page)
    page.get_by_label("Statement").fill("agreement_signed by 2035")
    page.get_by_label("Statement").press("Enter")
    answered(page)
    page.locator("#evidence summary").click()


def tab(name: str) -> Callable[[Page], None]:
    def shown(page: Page) -> None:
        page.get_by_role("button", name=name).click()
        answered(page)

    return shown


def around(page: Page) -> None:
    tab("Around")(page)
    page.get_by_role("combobox", name="Show").select_option("events.agreement_signed")
    answered(page)


def who(page: Page) -> None:
    tab("Who says so")(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def refused(page: Page) -> None:
    page.locator("#controls input[type=text]").first.fill("soon")
    page.locator("#controls input[type=text]").first.press("Enter")
    expect(page.locator("#problems")).not_to_be_empty()


STATES: dict[str, Callable[[Page], None]] = {
    "fresh": lambda _: None,
    "changed": changed,
    "given": given,
    "who says so": who,
    "story": tab("Story"),
    "around": around,
    "refused": refused,
}


@pytest.mark.parametrize("state", STATES)
def test_the_checklist_holds(browser: Browser, shipped: Served, state: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(shipped.link)
    answered(page)
    STATES[state](page)
    found = {}
    for look, (width, media) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(media=media)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")  # what sticks to the edge would stand on what is below it
        if faults := found_in(page):
            found[look] = faults
    assert found == {}
    page.close()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_question_is_answered_above_the_fold(
    browser: Browser, shipped: Served, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(shipped.link)
    answered(page)
    changed(page)
    page.evaluate("scrollTo(0, 0)")
    row = page.locator("table.now tbody tr.first").first
    box = row.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size[1]
    page.close()


def test_nothing_is_offered_where_the_page_may_not_ask(browser: Browser, shipped: Served) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(shipped.link.split("#")[0])
    expect(page.locator("#locked")).to_be_visible()
    expect(page.locator(".desk")).to_be_hidden()
    assert found_in(page) == {}
    page.close()

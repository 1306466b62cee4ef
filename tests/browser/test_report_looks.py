"""The checklist of docs/page.md, as far as it can be measured, over every state of a report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_looks import found_in
from browser_pages import browser
from coopsim import api
from report_world import simulated

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

ROOT = Path(__file__).parents[2]
BESIDE = ("baseline", "thaw", "freeze", "rupture", "grand_bargain")
RUNS = 300
STATES = {
    "desktop": (1280, "screen", False),
    "phone": (390, "screen", False),
    "desktop, all open": (1280, "screen", True),
    "phone, all open": (390, "screen", True),
    "paper": (718, "print", False),  # A4 without its margins
}
LAPTOP, PHONE = (1280, 720), (390, 844)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write a report of one, of five, and of one that is asked and explained."""
    folder = tmp_path_factory.mktemp("looks")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    five = [
        api.run(ROOT / "scenarios" / f"{name}.yaml", runs=RUNS, out=folder / "results")
        for name in BESIDE
    ]
    (folder / "small").mkdir()
    asked = api.report(simulated(folder / "small"), why=True, sliders=["drivers.mood.initial"])
    pages = {"one": api.report(five[:1]), "five": api.report(five), "asked": asked}
    for name, html in pages.items():
        api.write_report(html, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["one", "five", "asked"])
@pytest.mark.parametrize("script", [True, False], ids=["", "no script"])
def test_the_checklist_holds(
    browser: Browser, reports: dict[str, Path], name: str, state: str, script: bool
) -> None:
    width, media, opened = STATES[state]
    context = browser.new_context(
        viewport={"width": width, "height": 844}, java_script_enabled=script
    )
    page = context.new_page()
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(reports[name].as_uri())
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert found_in(page) == {}
    context.close()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", ["one", "five"])
def test_the_question_is_answered_above_the_fold(
    browser: Browser, reports: dict[str, Path], name: str, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(reports[name].as_uri())
    for shown in (".headline", ".caveat", ".cards li:first-child"):
        box = page.locator(shown).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1]
    page.close()


FAULTS = {
    "outside": "<p style='white-space: nowrap; overflow: hidden; width: 3rem'>cut off here</p>",
    "over_each_other": "<p>one</p><p style='margin-top: -2.6rem'>two</p>",
    "other_sizes": "<p style='font-size: 1.1rem'>of a size of its own</p>",
    "unaligned": "<table><tbody><tr><td>12.5 ±0.3</td></tr><tr><td>3</td></tr></tbody></table>",
    "wide": "<p style='width: 200vw'>wide</p>",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_checklist_sees_a_fault(browser: Browser, fault: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(f"<body>{FAULTS[fault]}</body>")
    assert list(found_in(page)) == [fault]
    page.close()

"""A walk by mouse alone: a question is asked, its answer mailed, and looked into by who gets it.

How much likelier is a joint programme by 2035 if the war is settled twice as fast, and what else
changes? The pictures of docs/page.md are made on the way: COOPSIM_PICTURES=docs/figures renews
them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser_pages import browser, pictured, pictures
from live_pages import NBSP, Served, answered, run_with, serving

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

ROOT = Path(__file__).parents[2]
SETTLED = "drivers.war.switches.fighting -> settled.rate"
TWICE = "0.2 to 0.8 per year"
PROGRAMME = "New joint programme by 2035"
WAR = re.compile(r"^\s*War in Ukraine")
DESKTOP, PHONE = (1280, 860), (390, 860)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the shipped baseline, with its claims beside it."""
    folder = tmp_path_factory.mktemp("walk")
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COOPSIM_PICTURES", str(pictures(folder)))  # before the folder changes
        patch.chdir(folder)
        with serving(Path("scenarios/baseline.yaml")) as found:
            yield found


@pytest.fixture(scope="module")
def mailed(browser: Browser, shipped: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ask by mouse, and keep the report that is to be mailed."""
    folder = tmp_path_factory.mktemp("mailed")
    page = browser.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto(shipped.link)
    answered(page)
    search = page.get_by_role("searchbox", name="Search")
    search.click()
    search.press_sequentially("war settled")  # typing is all that a mouse cannot do
    doubled(page.locator(f'#found input[type=range][data-path="{SETTLED}"]'))
    answered(page)
    page.evaluate("document.querySelector('aside').scrollTop = 0")
    pictured(page, folder, "live-desktop")
    others(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the report").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    pictured(page, folder, "live-phone")
    page.close()
    return file


def doubled(slider: Locator) -> None:
    """Move a slider four places to the right with the mouse."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    knob = 16  # pixels, of which half lie beyond the first and the last place
    across = knob / 2 + (box["width"] - knob) * 12 / 16
    slider.click(position={"x": across, "y": box["height"] / 2})
    expect(slider).to_have_attribute("aria-valuetext", TWICE)


def others(page: Page) -> None:
    """See what else changes: each question has its difference, and its number says whose it is."""
    rows = page.locator("#shown table.questions tbody tr")
    changed = rows.filter(has=page.locator(".difference", has_text=re.compile(r"[+-]\d")))
    assert changed.count() > 10
    page.get_by_role("button", name="Who says so").click()
    answered(page)
    expect(page.locator("#shown summary", has_text=WAR)).to_contain_text("yours")
    page.get_by_role("button", name="All answers").click()
    answered(page)


def test_the_question_is_answered_as_by_the_command_line(
    browser: Browser, shipped: Served, mailed: Path
) -> None:
    assert mailed.name == "baseline_changed.html"
    expected = run_with(shipped.file, f"{SETTLED}={TWICE}", place=2)
    assert expected[2].startswith("+")
    page = browser.new_page()
    page.goto(mailed.as_uri())
    row = page.locator("table.questions tbody tr", has_text=PROGRAMME).first
    told = row.inner_text().replace(NBSP, " ")
    for one in expected:
        assert one.replace(NBSP, " ").removesuffix(" %").removesuffix(" points") in told
    page.close()


def test_who_gets_it_sees_where_each_number_comes_from(
    browser: Browser, mailed: Path, tmp_path: Path
) -> None:
    """The one who was mailed the report has no coopsim, no server and no network."""
    asked: list[str] = []
    context = browser.new_context(
        offline=True, viewport={"width": DESKTOP[0], "height": DESKTOP[1]}
    )
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(mailed.as_uri())
    page.get_by_role("navigation").get_by_role("link", name="What the others assume").click()
    changes = page.locator("#changes")
    changes.locator("summary").first.click()
    expect(changes).to_contain_text("0.1 to 0.4 per year")
    expect(changes).to_contain_text(TWICE)
    pictured(page, tmp_path, "mailed-changed", top=False)
    page.get_by_role("navigation").get_by_role("link", name="All assumptions").click()
    entry = page.locator("#assumptions details", has=page.locator("summary", has_text=WAR))
    entry.locator("summary").click()
    entry.get_by_role("button", name=".switches.fighting -> settled.rate").click()
    number = entry.locator(".opened")
    for said in (
        "0.1 to 0.4 per year",
        "Three rounds of talks",
        "Moscow and Kyiv held",
        "secondary",
    ):
        expect(number).to_contain_text(said)  # its value, the reason, a claim and its grade
    pictured(page, tmp_path, "mailed-source", top=False)
    entry.get_by_role("link", name="russia-today.42").click()
    claim = page.locator(".claims :target")  # below its source
    expect(claim).to_be_in_viewport()
    expect(claim).to_contain_text("Moscow and Kyiv held three US-mediated rounds of talks")
    assert [url for url in asked if url != "data:,"] == [mailed.as_uri()]
    context.close()

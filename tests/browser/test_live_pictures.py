"""The pictures of the live page in docs/page.md: COOPSIM_PICTURES=docs/figures renews them."""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_pages import browser
from live_pages import Served, answered, run_with, serving, shown

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

ROOT = Path(__file__).parents[2]
SETTLED = "drivers.war.switches.fighting -> settled.rate"
PROGRAMME = "New joint programme by 2035"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve a copy of the shipped baseline, in which faults can be made."""
    for folder in ("scenarios", "seeds"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setenv("COOPSIM_PICTURES", str(pictures(tmp_path)))  # before the folder changes
    monkeypatch.chdir(tmp_path)
    with serving(Path("scenarios/baseline.yaml")) as found:
        yield found


def pictures(otherwise: Path) -> Path:
    return Path(os.environ.get("COOPSIM_PICTURES", otherwise)).absolute()


def pictured(page: Page, folder: Path, name: str) -> None:
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    picture = pictures(folder) / f"{name}.png"
    page.screenshot(path=picture)
    assert page.viewport_size is not None
    size = page.viewport_size["width"], page.viewport_size["height"]
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == size


def test_a_person_answers_the_question_of_the_documentation_by_mouse(
    browser: Browser, shipped: Served, tmp_path: Path
) -> None:
    """How much likelier is a joint programme by 2035 if the war is settled twice as fast?"""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(shipped.link)
    answered(page)
    page.get_by_role("searchbox", name="Search").fill("war settled")
    slider = page.locator(f'#found input[type=range][data-path="{SETTLED}"]')
    box = slider.bounding_box()
    assert box is not None
    knob = 16  # pixels, of which half lie beyond the first and the last place
    across = knob / 2 + (box["width"] - knob) * 12 / 16
    slider.click(position={"x": across, "y": box["height"] / 2})
    expect(slider).to_have_attribute("aria-valuetext", "0.2 to 0.8 per year")
    answered(page)
    place = 2  # among the headline questions
    expected = run_with(shipped.file, f"{SETTLED}=0.2 to 0.8 per year", place=place)
    assert shown(page, PROGRAMME) == expected
    assert expected[2].startswith("+")
    page.evaluate("document.querySelector('aside').scrollTop = 0")
    pictured(page, tmp_path, "live-desktop")
    page.set_viewport_size({"width": 390, "height": 860})
    pictured(page, tmp_path, "live-phone")
    page.close()


def test_a_problem_is_pictured_with_its_line(
    browser: Browser, shipped: Served, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 560})
    page.goto(shipped.link)
    answered(page)
    file = Path("scenarios/baseline/politics.yaml")
    text = file.read_text()
    line = next(
        number
        for number, one in enumerate(text.splitlines(), start=1)
        if "fighting -> settled" in one
    )
    file.write_text(text.replace("0.1 to 0.4 per year, pace", "0.1 to 0.4 per yaer, pace"))
    told = page.locator("#file-problems")
    expect(told).to_contain_text(f"{file}:{line}: error: {SETTLED}: found", timeout=20_000)
    expect(told).to_contain_text("scenarios/baseline.yaml has problems")
    pictured(page, tmp_path, "live-problem")
    page.close()

"""The pictures of the live page in docs/page.md: COOPSIM_PICTURES=docs/figures renews them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser_pages import browser, pictured, pictures
from live_pages import Served, answered, serving

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

ROOT = Path(__file__).parents[2]
SETTLED = "drivers.war.switches.fighting -> settled.rate"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve a copy of the shipped baseline, in which faults can be made."""
    for folder in ("scenarios", "seeds"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setenv("COOPSIM_PICTURES", str(pictures(tmp_path)))  # before the folder changes
    monkeypatch.chdir(tmp_path)
    with serving(Path("scenarios/baseline.yaml")) as found:
        yield found


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

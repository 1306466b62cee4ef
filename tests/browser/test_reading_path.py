"""What a screen reader meets, in its order: the path in docs/page.md is that of Chromium's tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_pages import browser
from coopsim import api
from live_pages import answered, serving
from report_world import simulated
from small_live import SMALL_LIVE

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # fixture

DOCUMENT = Path(__file__).parents[2] / "docs" / "page.md"
LANDMARKS = ("banner", "main", "navigation", "complementary", "contentinfo")
MOST_LEVELS = 2  # of headings: what is deeper is within what these name


def written(heading: str) -> str:
    """Read a path from the documentation: the block that follows a heading."""
    _, _, after = DOCUMENT.read_text("utf-8").partition(f"\n### {heading}\n")
    found = re.search(r"^```text\n(.*?)^```$", after, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def met(page: Page) -> str:
    """Write the path of a page: the link that leads past, landmarks, and headings within them."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    (root,) = (node for node in nodes if "parentId" not in node)
    return "".join(f"{line}\n" for line in path(root, known, 0))


def path(node: dict[str, Any], known: dict[str, Any], depth: int) -> Iterator[str]:
    role, name = (node.get(key, {}).get("value", "") for key in ("role", "name"))
    level = next((one["value"]["value"] for one in node.get("properties", ())
                  if one["name"] == "level"), 0)  # fmt: skip
    told = ""
    if role in LANDMARKS:
        told = f"{role}: {name}" if name else role
    elif role == "heading" and level == 1:
        told = "heading 1: the title"
    elif role == "heading" and level <= MOST_LEVELS:
        told = f"heading {level}: {name}"
    elif role == "link" and depth == 0:
        told = f"link: {name}"
    if told and not node["ignored"]:
        yield "  " * depth + told.rstrip()
        depth += role in LANDMARKS
    for child in node.get("childIds", ()):
        if child in known:
            yield from path(known[child], known, depth)


def test_a_report_is_met_in_the_order_of_the_documentation(
    browser: Browser, tmp_path: Path
) -> None:
    html = api.report(simulated(tmp_path), why=True, sliders=["drivers.mood.initial"])
    api.write_report(html, tmp_path / "report.html")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert met(page) == written("Through a report")
    page.close()


def test_the_live_page_is_met_in_the_order_of_the_documentation(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL_LIVE)
    with serving(file) as served:
        page = browser.new_page()
        page.goto(served.link)
        answered(page)
        measured = page.get_by_role("heading", name="These move the answers most")
        expect(measured).to_be_visible(timeout=60_000)
        assert met(page) == written("Through the live page")
        page.close()


def test_another_order_is_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<main><h2>Second</h2></main><nav aria-label='Late'></nav><h2>First</h2>")
    assert met(page) == "main\n  heading 2: Second\nnavigation: Late\nheading 2: First\n"
    page.close()

"""How soon a change on the live page is answered, as a browser paints it.

    python bench/live_latency.py [SCENARIO] [--changes N]

Moves the first slider, and prints a line for each change and the medians: milliseconds to the first
answer, to the headline answers of all timelines, and to all answers. The first change warms up.
Needs Chromium.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from statistics import median

from commands import COOPSIM, ROOT
from playwright.sync_api import Page, sync_playwright

# Two frames after a change of the answers it is on the screen.
WATCH = """() => {
  window.painted = [];
  const note = () => requestAnimationFrame(() => requestAnimationFrame(
    () => window.painted.push(performance.now())));
  new MutationObserver(note).observe(document.querySelector("#headlines"), {childList: true});
}"""
DONE = "body[data-state=done]"


def latencies(page: Page) -> tuple[float, float, float]:
    """Move the first slider to where it has not been, and wait for all answers."""
    page.locator("input[type=range]").first.focus()
    begun = page.evaluate("window.painted = [], performance.now()")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(30)
    page.wait_for_selector(DONE)
    ended = page.evaluate("performance.now()")
    page.wait_for_timeout(400)
    painted = page.evaluate("window.painted")
    return painted[0] - begun, painted[1] - begun, ended - begun


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="scenarios/baseline.yaml")
    parser.add_argument("--changes", type=int, default=6, choices=range(1, 8))
    asked = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as results, sync_playwright() as playwright:
        live = subprocess.Popen(
            [COOPSIM, "live", asked.scenario, "--no-open", "--results", results],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            assert live.stdout is not None
            link = re.search(r"http://\S+", live.stdout.readline())
            assert link is not None
            opened = playwright.chromium.launch(
                executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
            )
            page = opened.new_page()
            page.goto(link[0])
            page.wait_for_selector(DONE)
            page.evaluate(WATCH)
            found = []
            for _ in range(asked.changes + 1):
                found.append(latencies(page))
                print(*(f"{one:6.0f}" for one in found[-1]), flush=True)
            print("medians", *(f"{median(column):.0f}" for column in zip(*found[1:], strict=True)))
        finally:
            live.terminate()


if __name__ == "__main__":
    main()

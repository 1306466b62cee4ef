"""What pages say of the speed of the engine is what was measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE, RESULTS = ROOT / "docs" / "scale.md", ROOT / "bench" / "results.md"
SPEED = re.compile(r"timelines(/s| a second)|times as fast|times the cost")


def claims(page: str) -> list[str]:
    """Find the lines that speak of speed."""
    return [line.strip() for line in page.splitlines() if SPEED.search(line)]


def unfounded(page: str, results: str) -> list[str]:
    """Find the claims that are no line of the results."""
    measured = {line.strip() for line in results.splitlines()}
    return [claim for claim in claims(page) if claim not in measured]


def test_the_page_claims_what_was_measured() -> None:
    if not RESULTS.exists():
        pytest.skip("nothing was measured yet: `make bench` writes bench/results.md")
    page = PAGE.read_text(encoding="utf-8").partition("## How fast the engine is")[2]
    page = page.partition("\n## ")[0]
    assert claims(page), "the page quotes no line of bench/results.md"
    assert unfounded(page, RESULTS.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("It is quick.\n| twice the events | 2.05 times the cost | at most 2.1 |\n", []),
        ("| engine | 300 times as fast | 250 |\n", ["| engine | 300 times as fast | 250 |"]),
        ("It plays 90,000 timelines a second.", ["It plays 90,000 timelines a second."]),
        ("It plays 90,000 timelines/s.", ["It plays 90,000 timelines/s."]),
    ],
)
def test_a_claim_that_is_no_line_of_the_results_is_found(page: str, found: list[str]) -> None:
    results = """
| engine | 262 times as fast | 250 |
| twice the events | 2.05 times the cost | at most 2.1 |
"""
    assert unfounded(page, results) == found

"""The answers of the ten hand-made timelines, for the tests of the presentation room."""

from __future__ import annotations

from coopsim.analysis.comparing.comparison import Comparison, compare
from coopsim.analysis.comparing.side_by_side import Compared
from coopsim.analysis.curves import curves
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.summaries import Summary, summarise
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from hand_made import TEN, firings, program, scenario, start_cool, ten

HASH = "3f9a2c1b"
ASKED: dict[str, object] = {
    "flies": {"event": "flight", "title": "First flight"},
    "works": {"event": "launch", "outcome": "works", "title": "Launch"},
    "early": {"event": "launch", "outcome": "works", "by": "2025-12-31", "title": "... in 2025"},
    "flights": {"count": "flight"},
    "gap": {"between": ["landing", "flight"], "title": "From landing to flight"},
    "first": {"first_of": ["flight", ["launch", "landing"]], "title": "Which it is"},
    "relations": {"driver": "relations", "title": "Relations"},
    "mood": {"index": [{"when": {"flight": True}, "weight": 1}], "title": "Mood"},
}
TITLES = {"title": "Ten timelines"}


def asked(questions: dict[str, object] | None = None, **changes: object) -> Scenario:
    """Make the scenario, with a title."""
    return scenario(ASKED if questions is None else questions, **(TITLES | changes))


def answered(
    questions: dict[str, object] | None = None, part: Firings | None = None
) -> tuple[Scenario, Summary, dict[str, Curve]]:
    """Answer questions from the ten timelines, or from others."""
    made = asked(questions)
    parts = [ten() if part is None else part]
    summary = summarise(made, program(), parts, HASH, start_cool)
    return made, summary, curves(made, program(), parts, start_cool)


def without_run_four() -> Firings:
    """Make the ten timelines, of which run 4 has lost its flights."""
    return firings([row for row in TEN if row[0] != 4], 10)


def compared() -> tuple[Comparison, dict[str, dict[str, Curve]]]:
    """Compare the ten timelines with those without run 4's flights."""
    parts = {"hand-made-3f9a2c1b": ten(), "hand-made-00000000": without_run_four()}
    made = asked()
    comparison = compare(
        [Compared(name, made, program(), 10, [part]) for name, part in parts.items()], start_cool
    )
    return comparison, {name: answered(part=part)[2] for name, part in parts.items()}

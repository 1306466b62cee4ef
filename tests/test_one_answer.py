"""One question has one answer, whichever command is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coopsim import api
from coopsim.analysis.statistics.estimates import Share, share_of
from coopsim.api import Result

RUNS = 600
WORLD: dict[str, Any] = {
    "scenario": "one-answer",
    "start": "2025-01-01",
    "end": "2032-12-31",
    "runs": RUNS,
    "seed": 5,
    "drivers": {
        "climate": {
            "levels": ["cold", "cool", "warm"],
            "initial": {"cold": 0.3, "cool": 0.7},
            "switches": {
                "cool -> warm": {"rate": "0.1 to 0.3 per year"},
                "warm -> cool": {"rate": "1 per year"},
            },
            "judgement": "Made up.",
        }
    },
    "events": {
        "visit": {"rate": "0.2 to 0.4 per year", "repeat": True, "judgement": "Made up."},
        "ruling": {
            "rate": "0.3 per year",
            "outcomes": {"yes": {"chance": 0.6}, "no": {"chance": "rest"}},
            "judgement": "Made up.",
        },
        "end": {"rate": {"uniform": ["0.05 per year", "0.3 per year"]}, "judgement": "Made up."},
        "launch": {"rate": "3 per year", "when": {"ruling": "yes"}, "judgement": "Made up."},
        "spare": {"rate": "0.2 per year", "judgement": "Made up."},
    },
    "outcomes": {
        "end": {"event": "end"},
        "visit": {"event": "visit"},
        "approved": {"event": "ruling", "outcome": "yes", "by": "2030-12-31"},
        "last_visit": {"last": "visit"},
        "both": {"all_of": ["end", "ruling"]},
        "visits": {"count": "visit"},
        "gap": {"between": ["ruling", "end"]},
        "which": {"first_of": ["end", "ruling"]},
        "climate": {"driver": "climate"},
        "mood": {"index": [{"when": {"climate": "warm"}, "weight": 1}]},
    },
}
# As --outcome and --that both take it.
BOTH = (
    "end",
    "end by 2028",
    "end after 2028",
    "visit",
    "visit by 2027-06-30",
    "visit after 2029",
    "approved",
    "approved by 2028",
    "last_visit",
    "last_visit by 2029",
    "last_visit after 2030",
    "climate = warm on 2028",
    "climate = warm by 2028",
    "end on 2028",
    "visit >= 2 by 2028",
    "climate = cold on 2032-12-31",
)
# As --outcome takes it alone, and what of a summary it is.
ALONE = ("both", "visits", "gap = both", "which = end", "which = neither", "climate = warm", "mood")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return api.run(WORLD, out=tmp_path_factory.mktemp("results"), workers=1)


@pytest.fixture(scope="module")
def moved(result: Result) -> dict[str, float]:
    """Get the answers as `sensitivity` has them before anything is moved."""
    found = api.sensitivity(
        result.loaded, [*BOTH, *ALONE], runs=RUNS, only=["events.spare"], workers=1
    )
    return {text: one.value for text, one in found.outcomes.items()}


def in_summary(result: Result, text: str) -> float:
    """Look an answer up in the summary."""
    outcomes: Any = result.summary.outcomes
    name, _, label = text.partition(" = ")
    match outcomes[name].kind:
        case "count":
            return float(outcomes[name].mean)
        case "driver":
            return float(list(outcomes[name].shares.values())[-1][label])
        case "index":
            return float(list(outcomes[name].by.values())[-1].mean)
        case "first_of" | "between":
            return float(outcomes[name].shares[label])
        case _:
            return float(outcomes[name].probability)


@pytest.mark.parametrize("text", [*ALONE, "end", "visit", "approved", "last_visit"])
def test_summary_and_sensitivity(result: Result, moved: dict[str, float], text: str) -> None:
    assert moved[text] == pytest.approx(in_summary(result, text), abs=1e-12)


# Of what is measured in seconds, each tells the day, and of a gap the nearest number of days.
def test_medians_of_summary_comparison_and_sensitivity(result: Result) -> None:
    new = result.loaded.having(["events.spare.rate=1 per year"])
    other = api.run(new, out=result.store.folder.parent, workers=1)
    compared = api.compare(result, other).outcomes
    moved = api.sensitivity(result.loaded, ["gap", "last_visit"], only=["events.spare"], workers=1)
    for name in ("gap", "last_visit"):
        outcome: Any = result.summary.outcomes[name]
        told = outcome.quantiles["0.5"], outcome.quantile_intervals["0.5"]
        median = next(one for one in compared[name].measures if one.measure == "median")
        assert (median.values[result.name], median.intervals[result.name]) == told
        assert (moved.outcomes[name].median, moved.outcomes[name].median_interval) == told


def test_given_overall_is_the_summary(result: Result) -> None:
    found = api.given(result, ["visit"])
    assert found.overall == result.summary
    shifts = {(one.outcome, one.part): one.overall for one in found.shifts}
    for text in ("end", "visit", "approved", "last_visit", *ALONE):
        name, _, label = text.partition(" = ")
        assert shifts[name, label if name != "gap" else ""] == in_summary(result, text)


def test_ask_discover_and_sensitivity(result: Result, moved: dict[str, float]) -> None:
    asked = {one.statement: one.chance.share for one in api.ask(result, *BOTH).answers}
    assert asked == {text: moved[text] for text in BOTH}
    for text in ("end by 2028", "visit after 2029", "climate = warm on 2028"):
        found = api.discover(result, text, by="2026-06-30")
        assert found.probability.share == moved[text]


def test_sweep_and_explain_begin_with_what_is_written(
    result: Result, moved: dict[str, float]
) -> None:
    for text in ("visit after 2029", "which = end", "mood"):
        swept = api.sweep(
            result.loaded, ["events.spare.rate=0.2..0.4 per year"], text, points=2, workers=1
        )
        assert swept.points[0].base.value == moved[text]
    new = result.loaded.having(["events.spare.rate=1 per year"])
    split = api.explain(result.loaded, new, [*BOTH, *ALONE], workers=1)
    assert {text: one.before.value for text, one in split.outcomes.items()} == moved
    drawn = api.global_indices(result, [*BOTH, *ALONE])
    assert {text: one.base.value for text, one in drawn.outcomes.items()} == moved


HISTORY = """\
title: Made up
known: 2032-12-31
questions:
  - {id: end, title: End, event: end, by: 2028-12-31, happened: true, sources: x}
  - {id: approved, title: Approved, question: approved, by: 2030-12-31, happened: true, sources: x}
  - {id: climate, title: Climate, driver: climate, by: 2028-12-31, level: warm, sources: x}
"""


def test_score_forecasts_what_the_others_answer(
    result: Result, moved: dict[str, float], tmp_path: Path
) -> None:
    (tmp_path / "history.yaml").write_text(HISTORY, encoding="utf-8")
    scored = api.score(result, tmp_path / "history.yaml").questions
    for name, text in (
        ("end", "end by 2028"), ("approved", "approved"), ("climate", "climate = warm on 2028"),
    ):  # fmt: skip
        assert scored[name].probability == moved[text]


# A statement has the same number as a box, as a signpost and put to `ask`.
def test_discover_and_ask_have_one_number_for_one_statement(result: Result) -> None:
    found = api.discover(result, "launch by 2029", by="2026-06-30")
    alone = [box for box in found.boxes[:1] if len(box.limits) == 1 and box.limits[0].kind is None]
    signposts = {one.statement: one for one in found.signposts}
    assert signposts
    for statement, one in signposts.items():
        assert (one.seen, one.given_seen) == of_given(result, statement, found.outcome)
        assert one.given_not == of_given(result, f"not {statement}", found.outcome)[1]
    for box in alone:
        limit = box.limits[0]
        statement = limit.name if limit.so else f"not {limit.name}"
        share, density = of_given(result, statement, found.outcome)
        assert (box.mass, limit.share, box.density) == (share.share, share.share, density)
    assert alone


def of_given(result: Result, statement: str, outcome: str) -> tuple[Share, Share]:
    found = api.ask(result, outcome, given=[statement])
    return share_of(found.matches, found.runs), found.answers[0].chance

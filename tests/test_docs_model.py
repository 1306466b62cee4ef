"""The pages on the model say what the scenarios say, and their simulated parts are of them too."""

from __future__ import annotations

import importlib
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coopsim.scenario.loading import load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGE = (DOCS / "model.md").read_text(encoding="utf-8")
BASELINE = ROOT / "scenarios" / "baseline.yaml"


def _script(name: str) -> ModuleType:
    """Import a script of docs/, which finds its neighbours as when it is run."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(DOCS))


PAGES, WORDS, RESULTS = map(_script, ("make_model", "model_sentences", "model_results"))


PARTS = ("size", "against the order", "layers", "named values", "questions", "differences")
FAMILIES = {family.page.stem: family for family in PAGES.FAMILIES}


def part(name: str, page: str = PAGE) -> str:
    (text,) = re.findall(
        rf"<!-- generated: {name} -->\n(.*?)<!-- end of {name} -->", page, re.DOTALL
    )
    return str(text)


# --- is it current? ---------------------------------------------------------------------------


@pytest.fixture(params=FAMILIES, scope="module")
def family(request: pytest.FixtureRequest) -> Any:
    return FAMILIES[request.param]


@pytest.fixture(scope="module")
def page(family: Any) -> str:
    return str(family.page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def current(family: Any) -> dict[str, str]:
    parts: dict[str, str] = PAGES.text_parts(family)
    return parts


@pytest.mark.parametrize("name", PARTS)
def test_a_text_part_is_that_of_the_scenarios_of_today(
    name: str, page: str, current: dict[str, str]
) -> None:
    assert part(name, page).strip() == current[name].strip(), "run `make docs`"


def test_what_is_on_record_is_quoted_as_it_scores_today() -> None:
    assert part("hindcast").strip() == PAGES.text_parts(PAGES.AUGUST_2025)["hindcast"].strip()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert part("hindcast", readme).strip() == PAGES.readme_parts()["hindcast"].strip()


def test_no_part_is_left_unchecked(family: Any, page: str, current: dict[str, str]) -> None:
    simulated = {"results", *(["backtest"] if family.past else [])}
    assert set(re.findall(r"<!-- generated: (.+?) -->", page)) == {*current, *simulated}


def test_the_simulated_parts_are_of_the_scenarios_of_today(family: Any, page: str) -> None:
    parts = {"results": PAGES.WORLDS, **({"backtest": family.past} if family.past else {})}
    for name, worlds in parts.items():
        today = [load(file) for file in family.files(worlds)]
        hashes = {loaded.scenario.scenario: loaded.hash for loaded in today}
        assert PAGES.recorded(part(name, page)) == hashes, "run `make docs`"
        (seed, runs) = re.findall(r"with seed (\d+), ([\d,]+) timelines", part(name, page))[0]
        assert {int(seed)} == {loaded.scenario.seed for loaded in today}
        assert int(runs.replace(",", "")) == RESULTS.RUNS


def test_every_driver_and_event_of_the_baseline_is_described_once(family: Any, page: str) -> None:
    (file,) = family.files(["baseline"])
    scenario = load(file).scenario
    entries = re.findall(r"^- \*\*.*?\(`(\w+)`\)\.", part("layers", page), re.MULTILINE | re.DOTALL)
    assert sorted(entries) == sorted([*scenario.drivers, *scenario.events])


# --- what is written by hand -------------------------------------------------------------------


def test_what_the_page_proposes_to_try_changes_the_baseline() -> None:
    tried = re.findall(r"^   Try `(--set [^`]+)`", PAGE, re.MULTILINE)
    assert len(tried) >= 6
    unchanged = load(BASELINE).hash
    for line in tried:
        flags = shlex.split(line)
        assert set(flags[::2]) == {"--set"}
        assert load(BASELINE, flags[1::2]).hash != unchanged


def _row(label: str) -> dict[str, float]:
    """Read the numbers of a row of the table of answers."""
    rows = [line.strip("| ").split(" | ") for line in part("results").splitlines()]
    (names,) = (row for row in rows if row[:2] == ["baseline", "thaw"])
    (cells,) = (row[1:] for row in rows if row[0] == label)
    return {
        name: float(cell.split()[0].lstrip("<>")) for name, cell in zip(names, cells, strict=True)
    }


@pytest.mark.parametrize(
    "label",
    [
        "New joint programme agreed by 2030",
        "A new joint mission has flown by 2040",
        "Meetings of the heads, mean",
        "Seat swaps flown, mean",
    ],
)
def test_the_order_of_the_political_scenarios_is_as_the_page_says(label: str) -> None:
    row = _row(label)
    order = ("grand_bargain", "thaw", "baseline", "freeze", "rupture")
    values = [row[name] for name in order]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_ageing_shows_in_the_station_s_rows_alone() -> None:
    for label in ("New joint programme agreed by 2030", "Meetings of the heads, mean"):
        row = _row(label)
        assert abs(row["aging_shock"] - row["baseline"]) <= 1
    early = _row("Station abandoned early, by failure or leak")
    assert early["aging_shock"] > 2 * early["baseline"]


def test_four_threats_not_carried_out_allow_the_chance_that_the_page_names() -> None:
    # (1 - p)^4 = 0.05
    (named,) = re.findall(r"up to (\d+) % each", PAGE)
    assert round(100 * (1 - 0.05**0.25)) == int(named)
    threats = load(BASELINE).tree["events"]["exit_threat"]["outcomes"]["carried_out"]["chance"]
    (least, most) = re.findall(r"We put (\d+) to (\d+) % outside a rupture", PAGE)[0]
    outside = [
        100 * float(item) for level, item in threats.items() if level not in ("by", "rupture")
    ]
    assert (min(outside), max(outside)) == (float(least), float(most))


# --- the words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"date": "2028-12-31"}, "On 2028-12-31."),
        ({"date": "2026-Q1"}, "Some day of 2026-Q1."),
        ({"date": "2027 to 2028"}, "On a day from 2027 to 2028 (90 %)."),
        ({"rate": {"p5": "1 per year", "p95": "2 per year"}}, "At 1 per year to 2 per year."),
        (
            {"takes": {"p5": "1 year", "p50": "2 years", "p95": "4 years"}},
            "Takes 1 year to 4 years, median 2 years.",
        ),
        (
            {"takes": {"low": "1 year", "likely": "2 years", "high": "4 years"}},
            "Takes 1 year to 4 years, most likely 2 years.",
        ),
        (
            {"takes": "1 year", "when": {"c": {"at_least": "x", "at_most": "y"}}},
            "Takes 1 year, only while `c` is at least x and at most y.",
        ),
        (
            {"takes": "1 year", "when": {"c": "x"}, "memory": "enabling"},
            "Takes 1 year, only while `c` is x, starting again after each interruption.",
        ),
        (
            {"date": {"planned": "2028", "growth": {"like": "slow"}, "not_before": "2027-12-31"}},
            "Planned some day of 2028, not before 2027-12-31, remaining lead time times `slow`.",
        ),
        (
            {"date": {"by": "bond", "a": "2028-01-01", "b": "2030-01-01"}},
            "By `bond` (a: on 2028-01-01; b: on 2030-01-01).",
        ),
        (
            {"date": {"first": "2026-02", "then": "5 to 8 months"}, "repeat": True},
            "First some day of 2026-02, then 5 to 8 months after the last.",
        ),
        (
            {"rate": {"by": "climate", "cold": "1 per year"}, "repeat": True, "sets": {"a": "b"}},
            (
                "At a rate by `climate`: cold 1 per year; else never. It may happen again. "
                "Sets `a` to b."
            ),
        ),
        (
            {"upon": ["a", "b"], "takes": {"lognormal": ["90 days", "0.6"]}},
            "Lognormal, median 90 days, sigma 0.6 from each `a` or `b`.",
        ),
        (
            {"upon": {"leak": "lost"}, "unless": {"crew": ["x", "y"]}, "shifts": {"c": "-1"}},
            (
                "At the moment `leak` becomes lost, not while `crew` is x or y. "
                "Moves `c` 1 level down."
            ),
        ),
        (
            {"when": [{"a": True}, {"b": {"at_least": "warm"}, "c": False}]},
            (
                "As soon as either (`a` has happened) or (`b` is at least warm and `c` has not "
                "happened)."
            ),
        ),
        (
            {
                "rate": "0.1 per year",
                "from": "2026-07-01",
                "until": "2029-12-31",
                "window": {"like": "venus"},
                "pace": [
                    {"like": "work"},
                    {"by": "c", "x": "2"},
                    {"when": {"d": "y"}, "times": "3"},
                ],
            },
            (
                "At 0.1 per year, from 2026-07-01 on, until 2029-12-31, in a window of `venus`; "
                "pace: `work`, by `c` (x 2), times 3 while `d` is y."
            ),
        ),
        (
            {
                "after": {"a": "1 year"},
                "outcomes": {
                    "good": {"chance": [{"when": {"b": True}, "is": "0.7"}, {"is": "0.3"}]},
                    "bad": {"chance": "rest", "sets": {"c": "x"}},
                },
                "odds": [{"when": {"d": "z"}, "times": {"good": "2"}}],
            },
            (
                "1 year after `a`. It turns out: good 0.7 if `b` has happened, else 0.3; bad the "
                "rest (sets `c` to x). Odds: good times 2 if `d` is z."
            ),
        ),
    ],
)
def test_an_event_is_put_into_words(entry: dict[str, Any], said: str) -> None:
    assert WORDS.event(entry) == said


def test_a_key_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no words for colour"):
        WORDS.event({"rate": "1 per year", "colour": "red"})


def test_a_page_without_the_marks_of_a_part_is_refused() -> None:
    page = "<!-- generated: a -->\nold\n<!-- end of a -->\n"
    assert PAGES.fill(page, {"a": "new"}) == ("<!-- generated: a -->\n\nnew\n\n<!-- end of a -->\n")
    with pytest.raises(ValueError, match="the page has no part b"):
        PAGES.fill(page, {"b": "new"})

"""What differs between results: one definition for the table, the overview and its curves."""

from __future__ import annotations

from datetime import date

import pytest

from coopsim.analysis.comparing.comparison import Comparison, compare
from coopsim.analysis.comparing.side_by_side import Compared
from coopsim.presentation.views.comparison import comparison_view
from coopsim.presentation.words.headlines import Headline, differs, headlines, telling
from coopsim.presentation.words.wording import Wording
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from shown import printed

JUDGED = {"judgement": "Made up."}
START = date(2025, 1, 1)
RUNS = 400
EVENTS: dict[str, dict[str, object]] = {
    "ballot": {
        "date": "2026-06-30",
        "outcomes": {"carried": {"chance": 0.3}, "lost": {"chance": "rest"}},
    },
    "opening": {"date": "2027-01-01"},
    "visit": {"date": "2026-03-01"},
    "warming": {"date": "2026-03-01", "sets": {"climate": "warm"}},
    "cooling": {"date": "2028-03-01", "sets": {"climate": "cool"}},
    "storm": {"rate": "0.1 per year"},
}
QUESTIONS: dict[str, dict[str, object]] = {
    "carried": {"event": "ballot", "outcome": "carried"},
    "opening": {"event": "opening"},
    "visits": {"count": "visit"},
    "which": {"first_of": ["visit", "storm"]},
    "climate": {"driver": "climate"},
    "mood": {"index": [{"when": {"climate": "warm"}, "weight": 1}]},
    "gap": {"between": ["opening", "visit"]},
}


def against(asked: str, **dates: str) -> Comparison:
    """Compare the scenario with itself, some dates moved."""
    moved = {name: EVENTS[name] | {"date": day} for name, day in dates.items()}
    return compare([_made("base", asked, {}), _made("moved", asked, moved)])


def _made(name: str, asked: str, moved: dict[str, dict[str, object]]) -> Compared:
    climate = {"levels": ["cool", "warm"], "initial": "cool", **JUDGED}
    events = {key: event | JUDGED for key, event in (EVENTS | moved).items()}
    loaded = load_data(
        {
            "scenario": name, "start": "2025-01-01", "end": "2029-12-31", "seed": 5,
            "drivers": {"climate": climate}, "events": events,
            "outcomes": {asked: QUESTIONS[asked]},
        }
    )  # fmt: skip
    program = build_program(loaded.scenario)
    return Compared(name, loaded.scenario, program, RUNS, [simulate(program, 0, RUNS)])


def words(asked: str) -> Wording:
    return Wording("", {asked: asked}, {asked: date(2029, 12, 31)}, {}, START, START)


def found(comparison: Comparison, asked: str) -> list[Headline]:
    return headlines(comparison, words(asked))


# Each moves something before the close that the answer at the close does not show.
@pytest.mark.parametrize(
    ("asked", "dates", "names"),
    [
        ("carried", {"ballot": "2026-09-30"}, ["carried"]),  # within one year
        ("carried", {"ballot": "2027-03-01"}, ["carried, by 2026"]),
        ("opening", {"opening": "2028-06-01"}, ["opening, by 2027"]),
        ("visits", {"visit": "2027-03-01"}, ["visits, in 2026"]),
        ("visits", {"visit": "2026-05-01"}, ["visits"]),
        # Of two levels the share of one tells of the other.
        ("climate", {"warming": "2027-03-01"}, ["climate: warm, at the end of 2026"]),
        ("climate", {"warming": "2026-05-01"}, ["climate: warm"]),
        ("mood", {"warming": "2027-03-01"}, ["mood, at the end of 2026"]),
        ("mood", {"cooling": "2028-05-01"}, ["mood"]),
        ("gap", {"visit": "2026-04-01"}, ["gap"]),
    ],
)  # fmt: skip
def test_what_differs_before_the_close_differs(
    asked: str, dates: dict[str, str], names: list[str]
) -> None:
    told = [telling(one) for one in found(against(asked, **dates), asked) if differs(one)]
    assert [one.name for one in told] == names


def test_branches_differ_in_their_dates() -> None:
    told = [one for one in found(against("which", visit="2026-04-01"), "which") if differs(one)]
    assert "which: visit" in [one.name for one in told]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_same_does_not_differ(asked: str) -> None:
    assert not any(map(differs, found(against(asked), asked)))


def test_what_differs_in_one_of_three_results_differs() -> None:
    three = [
        _made("base", "opening", {}),
        _made("same", "opening", {}),
        _made("later", "opening", {"opening": EVENTS["opening"] | {"date": "2028-06-01"}}),
    ]
    (one,) = found(compare(three), "opening")
    assert telling(one).name == "opening, by 2027"


def test_the_table_tells_what_differs_on_another_day_or_over_time() -> None:
    scenario = _made("base", "carried", {}).scenario
    page = printed(comparison_view(against("carried", ballot="2027-03-01"), scenario), 100)
    (share,) = (line for line in page.splitlines() if line.startswith("  base "))
    chance = float(share.split()[1])
    assert (
        "Different on another day, or on average over the time before\n"
        "carried, by 2026\n"
        f"  moved           -{chance:.0f} ±"
    ) in page
    page = printed(comparison_view(against("carried", ballot="2026-09-30"), scenario), 100)
    # 92 days later in as many timelines.
    assert (
        "Different on another day, or on average over the time before\n"
        "carried\n"
        f"  moved           +{chance / 100 * 92 / 365.25:.2f} ±0.01 years later\n"
    ) in page


def test_what_the_table_shows_is_not_listed_again() -> None:
    comparison = against("opening", opening="2028-06-01")
    scenario = _made("base", "opening", {}).scenario
    assert "another day" not in printed(comparison_view(comparison, scenario), 100)

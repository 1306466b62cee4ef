"""The curves of the figures on hand-made timelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.analysis.curves import curves
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapCurve
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.analysis.summaries import summarise
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.firings import Firings
from hand_made import Row, firings, program, scenario, split, start_cool, ten

PROGRAM = program()


def curve(question: dict[str, object], parts: Iterable[Firings] | None = None) -> Any:
    asked = scenario({"asked": {"title": "Asked", **question}})
    found = curves(asked, PROGRAM, parts or [ten()], start_cool)["asked"]
    assert (found.kind, found.title) == (next(iter(question)), "Asked")
    return found


def months() -> list[str]:
    """List the first of each month from the start to the one after the end."""
    starts = np.arange("2025-07", "2027-08", dtype="datetime64[M]")
    return [str(day) for day in starts.astype("datetime64[D]")]


def at(found: Any, date: str) -> int:
    return [str(day) for day in found.dates].index(date)


def test_dates_go_from_the_start_to_the_midnight_after_the_end() -> None:
    found = curve({"event": "flight"})
    assert found.dates.dtype == np.dtype("datetime64[D]")
    days = [str(day) for day in found.dates]
    assert (days[0], days[-1]) == ("2025-07-01", "2027-07-01")
    assert set(months()) < set(days)


# A sure date is no ramp over its month: the share is told on both sides of the day.
def test_a_jump_is_told_on_both_sides_of_its_day() -> None:
    found = curve({"event": "flight"}, [firings([(0, "flight", "2026-03-14T12:00")], 2)])
    day = at(found, "2026-03-14")
    assert [str(one) for one in found.dates[day - 1 : day + 3]] == [
        "2026-03-01", "2026-03-14", "2026-03-15", "2026-04-01",
    ]  # fmt: skip
    assert found.probability[day - 1 : day + 3].tolist() == [0, 0, 0.5, 0.5]
    assert len(found.dates) == len(months()) + 2


def test_an_incidence_with_its_band() -> None:
    found = curve({"event": "launch", "outcome": "works"})
    assert isinstance(found, IncidenceCurve)
    # On 2026-01-01 twice, 02-01, 05-06, 12-31, 2027-06-30: each seen at the next month's 00:00.
    expected = [0.0] * 7 + [0.2] + [0.3] * 3 + [0.4] * 7 + [0.5] * 6 + [0.6]
    assert [found.probability[at(found, month)] for month in months()] == expected
    # Wilson for 6 and for 0 of 10, as in test_summaries and z^2 / (10 + z^2).
    assert (found.low[-1], found.high[-1]) == pytest.approx((0.312674, 0.831820), abs=1e-6)
    assert (found.low[0], found.high[0]) == pytest.approx((0, 0.277533), abs=1e-6)


def test_a_question_s_own_date_is_among_the_dates() -> None:
    found = curve({"event": "flight", "by": "2026-01-15"})
    # Runs 0, 4 and 9 before 2026, 2 and 3 on 1 January, 8 on the 15th; 7 comes too late.
    assert found.probability[at(found, "2026-01-01")] == 0.3
    assert found.probability[at(found, "2026-01-16")] == 0.6
    assert found.probability[-1] == 0.6


def test_competing_incidences_by_branch() -> None:
    found = curve({"first_of": ["flight", ["launch", "landing"]]})
    assert isinstance(found, CompetingCurves)
    assert found.labels == ("flight", "launch or landing")
    assert found.probability.shape == found.low.shape == found.high.shape == (2, len(found.dates))
    # Flights first: 2025-07-01, 08-01, 09-01, 2026-01-01, 05-05; others 2026-01-01, 01-15,
    # 06-15, 2027-06-30.
    assert found.probability[:, at(found, "2026-01-01")].tolist() == [0.3, 0.0]
    assert found.probability[:, at(found, "2026-02-01")].tolist() == [0.4, 0.2]
    assert found.probability[:, -1].tolist() == [0.5, 0.4]
    assert (found.low <= found.probability).all()
    assert (found.probability <= found.high).all()


def test_counts_by_year() -> None:
    found = curve({"count": "flight"})
    assert isinstance(found, CountBars)
    assert found.unit == "year"
    assert [str(day) for day in found.dates] == [f"{year}-01-01" for year in range(2025, 2029)]
    assert found.mean.tolist() == [0.4, 0.5, 0.1]
    # 2026: five of ten, squares 2.5 and fourth powers 0.625, unseen 1.1 x 0.5 + 1 = 1.55, size
    # (0.625 + 1.55^4) / (2.5 + 1.55^2) = 1.3048; the half width is the root of
    # 2.262157^2 2.5/90 + 3.841459^2 1.3048/100, 0.578537. No count is below 0.
    assert found.low is not None
    assert found.high is not None
    assert (found.low[1], found.high[1]) == pytest.approx((0.0, 1.078537), abs=1e-5)


def test_the_distribution_of_a_gap() -> None:
    found = curve({"between": ["flight", "launch"]})
    assert isinstance(found, GapCurve)
    # Of nine: shorter twice, then 0, 0, 0.0027, 0.419 and 1.332 years, longer twice.
    assert found.years.tolist() == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]
    expected = np.array([4, 5, 6, 6, 6, 6, 7]) / 9
    assert found.probability == pytest.approx(expected)
    assert found.shares == {"both": 0.5, "only_first": 0.2, "only_second": 0.2, "neither": 0.1}


def test_no_gap_seen_is_an_empty_curve() -> None:
    found = curve({"between": ["flight", "launch"]}, [firings([(0, "flight", "2026-01-01")], 2)])
    assert (len(found.years), len(found.probability)) == (0, 0)


def test_levels_through_time_begin_with_the_initial_ones() -> None:
    log = firings([(0, "thaw", "2025-07-01"), (1, "freeze", "2026-01-01")], 4)
    found = curve({"driver": "relations"}, [log])
    assert isinstance(found, LevelShares)
    assert found.labels == ("cold", "cool", "warm")
    assert found.shares[:, 0].tolist() == [0, 1, 0]
    assert found.shares[:, at(found, "2026-01-01")].tolist() == [0, 0.75, 0.25]
    assert found.shares[:, -1].tolist() == [0.25, 0.5, 0.25]


def test_levels_end_at_the_question_s_own_date() -> None:
    found = curve({"driver": "relations", "by": "2026-01-15"})
    assert str(found.dates[-1]) == "2026-01-16"


def test_an_index_as_a_fan() -> None:
    # Of four: cool counts 60 and launched 40; run 0 launches, run 1 is cold from 2025-08 on.
    index = [
        {"when": {"relations": "cool"}, "weight": 60},
        {"when": {"launch": True}, "weight": 40},
    ]
    log = firings([(0, "launch: fails", "2025-08-01"), (1, "freeze", "2025-08-01")], 4)
    found = curve({"index": index}, [log])
    assert isinstance(found, IndexFan)
    assert found.quantiles.shape == (5, len(months()))
    assert found.mean[[0, -1]] == pytest.approx([60, 55])
    assert found.quantiles[:, 0].tolist() == [60] * 5
    assert found.quantiles[:, -1].tolist() == [0, 0, 60, 60, 100]
    # se sqrt(1700 / 4), as in test_summaries: four timelines tell nothing of a scale of 100.
    assert found.low is not None
    assert found.high is not None
    assert (found.low[-1], found.high[-1]) == (0, 100)


def test_one_timeline_has_no_band_about_a_mean() -> None:
    log = [firings([(0, "flight", "2026-01-01")], 1)]
    bars = curve({"count": "flight"}, log)
    fan = curve({"index": [{"when": {"relations": "cool"}, "weight": 1}]}, log)
    assert (bars.low, bars.high, fan.low, fan.high) == (None, None, None, None)


HAPPENINGS = ["flight", "launch: works", "launch: fails", "landing"]
DAYS = ["2025-07-01", "2025-12-31", "2026-01-01", "2026-05-05", "2027-06-30"]


@st.composite
def logs(draw: st.DrawFn) -> Firings:
    runs = draw(st.integers(1, 20))
    rows: list[Row] = []
    for run in range(runs):
        days = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=4)))
        rows += [(run, draw(st.sampled_from(HAPPENINGS)), day) for day in days]
    return firings(rows, runs)


@pytest.mark.slow
@given(logs())
def test_competing_incidences_and_none_yet_sum_to_one(log: Firings) -> None:
    branches = ["flight", "landing", "launch"]
    stacked = curve({"first_of": branches}, [log])
    whichever = curve({"event": branches}, [log])
    assert stacked.probability.sum(axis=0) == pytest.approx(whichever.probability)
    assert (np.diff(stacked.probability, axis=1) >= 0).all()
    assert stacked.probability.sum(axis=0).max() <= 1 + 1e-12


@pytest.mark.slow
@given(logs(), st.data())
def test_curves_agree_with_the_summary_however_cut(log: Firings, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, log.runs - 1)))) if log.runs > 1 else []
    asked = scenario({"asked": {"event": "launch"}, "gone": {"driver": "relations"}})
    found = curves(asked, PROGRAM, split(log, *cuts), start_cool)
    told = summarise(asked, PROGRAM, [log], "", start_cool).to_json()["outcomes"]
    incidence, levels = found["asked"], found["gone"]
    assert isinstance(incidence, IncidenceCurve)
    assert isinstance(levels, LevelShares)
    for day, share in told["asked"]["by"].items():
        after = str(np.datetime64(day) + np.timedelta64(1, "D"))
        assert incidence.probability[at(incidence, after)] == share
        cool = levels.shares[1, at(levels, after)]
        assert cool == told["gone"]["shares"][day]["cool"]


# --- short times ------------------------------------------------------------------------------

EVENTS: dict[str, dict[str, object]] = {
    "vote": {"date": "2025-03-14"},
    "thaw": {"date": "2025-03-10", "sets": {"mood": "warm"}},
    "storm": {"rate": "3 per month", "repeat": True},
}
ASKED: dict[str, dict[str, object]] = {
    "vote": {"event": "vote"},
    "first": {"first_of": ["vote", "storm"]},
    "storms": {"count": "storm"},
    "mood": {"driver": "mood"},
    "index": {"index": [{"when": {"mood": "warm"}, "weight": 1}]},
    "gap": {"between": ["thaw", "vote"]},
}


def of_span(end: str) -> dict[str, Any]:
    judged = {"judgement": "Made up."}
    loaded = load_data(
        {
            "scenario": "short", "start": "2025-03-03", "end": end, "seed": 3,
            "drivers": {"mood": {"levels": ["cool", "warm"], "initial": "cool", **judged}},
            "events": {name: {**event, **judged} for name, event in EVENTS.items()},
            "outcomes": ASKED,
        }
    )  # fmt: skip
    made = build_program(loaded.scenario)
    return curves(loaded.scenario, made, [simulate(made, 0, 50)])


def test_a_fortnight_goes_by_days() -> None:
    found = of_span("2025-03-16")
    days = [f"2025-03-{day:02}" for day in range(3, 18)]
    for name in ("vote", "first", "mood", "index"):
        assert [str(day) for day in found[name].dates] == days, name
    assert found["vote"].probability.tolist() == [0] * 12 + [1] * 3
    assert found["mood"].shares[1].tolist() == [0] * 8 + [1] * 7
    assert found["index"].mean.tolist() == [0] * 8 + [100] * 7
    assert found["storms"].unit == "day"
    assert [str(day) for day in found["storms"].dates] == days
    # Four days from the thaw to the vote in every timeline.
    assert found["gap"].years == pytest.approx(np.array([3, 4, 5]) / 365.25)
    assert found["gap"].probability.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("end", "unit", "bars"),
    [
        ("2025-03-03", "day", 1),
        ("2025-03-09", "day", 7),
        ("2025-04-02", "day", 31),
        ("2025-08-31", "month", 6),
        ("2026-04-02", "month", 14),  # thirteen months, of which the first and last are cut short
        ("2027-03-02", "year", 3),
        ("2124-12-31", "year", 100),
    ],
)
def test_counts_go_by_what_the_time_is_long_enough_for(end: str, unit: str, bars: int) -> None:
    found = of_span(end)["storms"]
    assert (found.unit, len(found.mean)) == (unit, bars)
    assert len(found.dates) == bars + 1
    # Three a month, of 30.44 days; 50 timelines, within five standard errors.
    days = (np.datetime64(end) - np.datetime64("2025-03-03")).astype(int) + 1
    expected = 3 * days / (365.25 / 12)
    assert found.mean.sum() == pytest.approx(expected, abs=5 * (expected / 50) ** 0.5)

"""The answers of summary.json on ten hand-made timelines, every number derived beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.analysis.statistics.estimates import Mean
from coopsim.analysis.summaries import plain, summarise
from coopsim.errors import CoopsimError
from coopsim.simulation.firings import Firings
from hand_made import (
    COLD,
    Row,
    firings,
    program,
    scenario,
    split,
    start_by_run,
    start_cool,
    ten,
)

PROGRAM = program()
YEAR_DAYS = 365.25
ALL_QUESTIONS: dict[str, object] = {
    "works": {"event": "launch", "outcome": "works", "title": "A launch works"},
    "last_flight": {"last": "flight"},
    "flights": {"count": ["flight"]},
    "launch_gap": {"between": ["flight", "launch"]},
    "first": {"first_of": ["flight", "launch"]},
    "both": {"all_of": ["flight", "launch"], "by": "2026-05-05"},
    "relations": {"driver": "relations"},
    "mood": {
        "index": [
            {"when": {"relations": {"at_least": "cool"}}, "weight": 60},
            {"when": {"launch": True}, "weight": 40},
        ]
    },
}


def summary(
    questions: dict[str, object], parts: Iterable[Firings] | None = None, **changes: Any
) -> dict[str, Any]:
    asked = scenario(questions, **changes)
    made = program(**changes)
    return summarise(asked, made, parts or [ten()], "3f9a2c1b", start_cool).to_json()


def outcome(question: dict[str, object], parts: Iterable[Firings] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = summary({"asked": question}, parts)["outcomes"]["asked"]
    return found


def test_the_head_says_what_was_summarised() -> None:
    head = summary({})
    assert head == {
        "scenario": "hand-made",
        "hash": "3f9a2c1b",
        "seed": 7,
        "runs": 10,
        "start": "2025-07-01",
        "end": "2027-06-30",
        "outcomes": {},
    }
    assert list(head) == ["scenario", "hash", "seed", "runs", "start", "end", "outcomes"]


def test_headline_questions_are_named_where_there_are_any() -> None:
    headline = {"event": "landing", "headline": True}
    assert summary({"flies": {"event": "flight"}, "lands": headline})["headlines"] == ["lands"]
    assert "headlines" not in summary({"flies": {"event": "flight"}})


def test_an_event() -> None:
    # It works first on 2026-01-01 (runs 2, 3), 02-01 (0), 05-06 (7), 12-31 (9), 2027-06-30 (6):
    # 5 of 10 by the end of 2026. Order statistics 1, 3, 5, 8 and 10; 8 and 10 are censored.
    # Wilson, s = 3.841459/10: (0.6 + s/2 -+ sqrt(0.24 s + s^2/4)) / (1 + s) = 0.572247 -+ 0.259573.
    found = outcome({"event": "launch", "outcome": "works", "title": "A launch works"})
    assert found.pop("interval") == pytest.approx([0.312674, 0.831820], abs=1e-6)
    assert found.pop("se") == pytest.approx(sqrt(0.6 * 0.4 / 10))
    assert found == {
        "kind": "event",
        "title": "A launch works",
        "probability": 0.6,
        "quantiles": {
            "0.05": "2026-01-01",
            "0.25": "2026-02-01",
            "0.5": "2026-12-31",
            "0.75": None,
            "0.95": None,
        },
        # Ranks of ten, from 0: up to 2, up to 5, 1 to 8, from 4, from 7 (Bin(10, q) at 0.025 and
        # 0.975: P(0) = 0.056 at q = 0.25, so that there is no lower end).
        "quantile_intervals": {
            "0.05": [None, "2026-02-01"],
            "0.25": [None, "2027-06-30"],
            "0.5": ["2026-01-01", None],
            "0.75": ["2026-12-31", None],
            "0.95": [None, None],
        },
        "by": {"2025-12-31": 0.0, "2026-12-31": 0.5, "2027-06-30": 0.6},
    }


def test_the_last_firing() -> None:
    # Last on 2025-09-01 (9), 2026-01-01 (2, 3), 01-15 (8), 05-05 (7), 08-01 (0), 2027-06-30 (4).
    found = outcome({"last": "flight"})
    assert found["probability"] == 0.7
    assert list(found["quantiles"].values()) == [
        "2025-09-01", "2026-01-01", "2026-05-05", None, None,
    ]  # fmt: skip
    assert found["by"] == {"2025-12-31": 0.1, "2026-12-31": 0.6, "2027-06-30": 0.7}


def test_all_of_several_events_with_a_date_of_its_own() -> None:
    # Both by 2025-12-31 (run 0) and 2026-01-01 (2, 3); run 7 is a day late.
    found = outcome({"all_of": ["flight", "launch"], "by": "2026-05-05"})
    assert found["kind"] == "all_of"
    assert found["probability"] == 0.3
    assert found["by"] == {
        "2025-12-31": 0.1,
        "2026-05-05": 0.3,
        "2026-12-31": 0.3,
        "2027-06-30": 0.3,
    }


def test_a_count() -> None:
    # 2, 0, 1, 1, 3, 0, 0, 1, 1, 1: mean 1, squares 18, variance (18 - 10) / 9 = 8/9.
    # By year, 2025: 1 in run 0, 2 in 4, 1 in 9, variance (6 - 1.6) / 9; 2026: 1 in five runs,
    # variance 2.5 / 9; 2027: 1 in run 4, variance 0.9 / 9.
    found = outcome({"count": "flight"})
    se = sqrt(8 / 9 / 10)
    assert found.pop("se") == pytest.approx(se)
    # About 1: fourth powers 3 + 1 + 16 = 20 and squares 8, so that 64/20 deviate if by the same;
    # unseen (1 + 20/64) 2 + 1 = 3.625, size (20 + 3.625^4) / (8 + 3.625^2) = 9.1143. Student's t
    # of 9 degrees is 2.262157, z^2 is 3.841459; no count is below 0.
    reach = sqrt((2.262157 * se) ** 2 + 3.841459**2 * 9.1143 / 100)
    assert found.pop("interval") == pytest.approx([0, 1 + reach], abs=1e-4)
    years = found.pop("per_year")
    assert found == {
        "kind": "count",
        "title": "asked",
        "mean": 1.0,
        "quantiles": {"0.05": 0, "0.25": 0, "0.5": 1, "0.75": 1, "0.95": 3},
        # 0, 0, 0, 1, 1, 1, 1, 1, 2, 3 at the ranks of ten: up to 2, up to 5, 1 to 8, from 4 and 7.
        "quantile_intervals": {
            "0.05": [None, 0],
            "0.25": [None, 1],
            "0.5": [0, 2],
            "0.75": [1, None],
            "0.95": [1, None],
        },
        "distribution": {"0": 0.3, "1": 0.5, "2": 0.1, "3": 0.1},
    }
    assert list(years) == ["2025", "2026", "2027"]
    assert [year["mean"] for year in years.values()] == [0.4, 0.5, 0.1]
    variances = [4.4 / 9, 2.5 / 9, 0.9 / 9]
    assert [year["se"] for year in years.values()] == pytest.approx(
        [sqrt(variance / 10) for variance in variances]
    )


def test_nothing_below_nothing_is_written() -> None:
    found = plain({"a": -0.0, "b": (-0.0, {"c": Mean(-0.0, -0.0, (-0.0, 1.5))}), "d": -0.25})
    assert json.dumps(found) == (
        '{"a": 0.0, "b": [0.0, {"c": {"mean": 0.0, "se": 0.0, "interval": [0.0, 1.5]}}], '
        '"d": -0.25}'
    )


def test_a_gap() -> None:
    # 0, 0, 1, 153 less a second and 486.5 days are seen, to the nearest day, an even one going
    # to the later; runs 4 and 8 only fly, 5 and 6 only
    # launch, 1 does neither. Of 9 in order: shorter twice, those five, longer twice; order
    # statistics ceil(0.45) = 1, 3, 5, 7, 9.
    found = outcome({"between": ["flight", "launch"]})
    days = [0, 0, 1, 153, 487]
    mean = sum(days) / 5
    variance = sum((day - mean) ** 2 for day in days) / 4
    assert found["shares"] == {"both": 0.5, "only_first": 0.2, "only_second": 0.2, "neither": 0.1}
    assert found["se"] == pytest.approx(sqrt(0.5 * 0.5 / 10))
    assert found["mean_years"] == pytest.approx(mean / YEAR_DAYS)
    assert found["mean_se"] == pytest.approx(sqrt(variance / 5) / YEAR_DAYS)
    assert found["quantiles"] == {
        "0.05": None,
        "0.25": 0.0,
        "0.5": pytest.approx(1 / YEAR_DAYS),
        "0.75": pytest.approx(487 / YEAR_DAYS),
        "0.95": None,
    }
    # Ranks of nine, from 0: up to 2, up to 5, 1 to 7, from 3, from 6; shorter and longer are None.
    assert found["quantile_intervals"] == {
        "0.05": [None, 0.0],
        "0.25": [None, pytest.approx(153 / YEAR_DAYS)],
        "0.5": [None, None],
        "0.75": [0.0, None],
        "0.95": [pytest.approx(487 / YEAR_DAYS), None],
    }
    # Wilson for 1 of 10.
    assert found["intervals"]["neither"] == pytest.approx([0.017876, 0.404150], abs=1e-6)


def test_a_gap_of_events_that_never_happen() -> None:
    found = outcome({"between": ["flight", "launch"]}, [firings([], 3)])
    assert found["shares"] == {"both": 0.0, "only_first": 0.0, "only_second": 0.0, "neither": 1.0}
    assert found["mean_years"] is None
    assert found["mean_se"] is None
    assert set(found["quantiles"].values()) == {None}
    assert list(found["quantile_intervals"].values()) == [[None, None]] * 5


def test_competing_events() -> None:
    # Flights win runs 0, 3, 4, 7, 8, 9 (three of them by 2025), launches 2, 5, 6.
    found = outcome({"first_of": ["flight", "launch"]})
    assert found["shares"] == {"flight": 0.6, "launch": 0.3, "neither": 0.1}
    assert found["by"] == {
        "2025-12-31": {"flight": 0.3, "launch": 0.0},
        "2026-12-31": {"flight": 0.6, "launch": 0.2},
        "2027-06-30": {"flight": 0.6, "launch": 0.3},
    }
    assert found["se"]["launch"] == pytest.approx(sqrt(0.3 * 0.7 / 10))
    assert found["intervals"]["neither"] == pytest.approx([0.017876, 0.404150], abs=1e-6)
    # 2025-07-01, 08-01, 09-01, 2026-01-01 twice, 01-15, 05-05, 06-15, 2027-06-30, never.
    assert list(found["quantiles"].values()) == [
        "2025-07-01", "2025-09-01", "2026-01-01", "2026-06-15", None,
    ]  # fmt: skip
    assert found["quantile_intervals"]["0.5"] == ["2025-08-01", "2027-06-30"]


def test_a_driver() -> None:
    # All start cool. Of four: run 0 warms on the last day of 2025, run 1 cools in 2026.
    log = firings([(0, "thaw", "2025-12-31"), (1, "freeze", "2026-01-01")], 4)
    found = outcome({"driver": "relations"}, [log])
    assert found["shares"] == {
        "2025-12-31": {"cold": 0.0, "cool": 0.75, "warm": 0.25},
        "2026-12-31": {"cold": 0.25, "cool": 0.5, "warm": 0.25},
        "2027-06-30": {"cold": 0.25, "cool": 0.5, "warm": 0.25},
    }
    # Wilson, z^2 = 3.841459, s = z^2/4: 0.5 -+ sqrt(0.25 s + s^2/4) / (1 + s) = 0.5 -+ 0.349961.
    assert found["intervals"]["2026-12-31"]["cool"] == pytest.approx([0.150039, 0.849961], abs=1e-6)


def test_levels_and_indices_are_not_asked_for_after_their_own_date() -> None:
    log = [firings([(0, "thaw", "2026-03-31T12:00")], 1)]
    shares = outcome({"driver": "relations", "by": "2026-03-31"}, log)["shares"]
    assert shares == {
        "2025-12-31": {"cold": 0.0, "cool": 1.0, "warm": 0.0},
        "2026-03-31": {"cold": 0.0, "cool": 0.0, "warm": 1.0},
    }
    index = [{"when": {"relations": "warm"}, "weight": 1}]
    by = outcome({"index": index, "by": "2026-03-31"}, log)["by"]
    assert {day: one["mean"] for day, one in by.items()} == {
        "2025-12-31": 0.0,
        "2026-03-31": 100.0,
    }


def test_an_index() -> None:
    # Of four: by 2025 run 0 has launched (60 + 40) and run 1 is cold (0), two stay cool (60):
    # mean 55, squares about it 45^2 + 55^2 + 2 x 5^2 = 5100, variance 1700, se sqrt(425).
    log = firings([(0, "launch: fails", "2025-08-01"), (1, "freeze", "2025-08-01")], 4)
    first = outcome(ALL_QUESTIONS["mood"], [log])["by"]["2025-12-31"]  # type: ignore[arg-type]
    assert list(first) == ["mean", "se", "interval", "quantiles", "quantile_intervals"]
    assert first["mean"] == pytest.approx(55)
    assert first["se"] == pytest.approx(sqrt(425))
    assert first["quantiles"] == {
        "0.05": 0.0, "0.25": 0.0, "0.5": 60.0, "0.75": 60.0, "0.95": 100.0,
    }  # fmt: skip
    # Ranks of four, from 0: up to 1, up to 3, none (a sixteenth is above 0.025), from 0, from 2.
    assert first["quantile_intervals"] == {
        "0.05": [None, 60.0],
        "0.25": [None, 100.0],
        "0.5": [None, None],
        "0.75": [0.0, None],
        "0.95": [60.0, None],
    }


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("works", "kind title probability se interval quantiles quantile_intervals by"),
        ("last_flight", "kind title probability se interval quantiles quantile_intervals by"),
        ("both", "kind title probability se interval quantiles quantile_intervals by"),
        (
            "flights",
            "kind title mean se interval quantiles quantile_intervals distribution per_year",
        ),
        (
            "launch_gap",
            (
                "kind title shares se intervals mean_years mean_se mean_interval quantiles "
                "quantile_intervals"
            ),
        ),
        ("first", "kind title shares se intervals quantiles quantile_intervals by"),
        ("relations", "kind title shares intervals"),
        ("mood", "kind title by"),
    ],
)
def test_keys_come_in_the_documented_order(name: str, keys: str) -> None:
    outcomes = summary(ALL_QUESTIONS)["outcomes"]
    assert list(outcomes) == list(ALL_QUESTIONS)
    assert list(outcomes[name]) == keys.split()


def test_a_horizon_on_31_december_is_one_key() -> None:
    by = summary({"asked": {"event": "flight"}}, end="2026-12-31")["outcomes"]["asked"]["by"]
    assert list(by) == ["2025-12-31", "2026-12-31"]


def test_one_timeline_has_no_error_of_a_mean() -> None:
    log = [firings([(0, "flight", "2026-01-01")], 1)]
    found = summary(ALL_QUESTIONS, log)["outcomes"]
    assert (found["flights"]["se"], found["flights"]["interval"]) == (None, None)
    assert found["mood"]["by"]["2027-06-30"]["se"] is None
    assert found["last_flight"]["probability"] == 1.0


def test_no_timelines_cannot_be_summarised() -> None:
    with pytest.raises(CoopsimError) as caught:
        summarise(scenario(ALL_QUESTIONS), PROGRAM, [], "3f9a2c1b", start_cool)
    assert str(caught.value) == "there are no timelines to summarise"


def test_parts_without_firings_count_as_timelines() -> None:
    parts = [firings([(0, "flight", "2026-01-01")], 1), firings([], 3, first_run=1)]
    assert outcome({"event": "flight"}, parts)["probability"] == 0.25


def test_initial_levels_differ_between_timelines() -> None:
    asked = scenario({"relations": {"driver": "relations"}})
    parts = [firings([], 4), firings([], 5, first_run=4)]  # levels r % 3 of r = 0 ... 8
    found = summarise(asked, PROGRAM, parts, "", start_by_run).to_json()
    shares = found["outcomes"]["relations"]["shares"]["2025-12-31"]
    assert shares == pytest.approx({"cold": 1 / 3, "cool": 1 / 3, "warm": 1 / 3})
    assert COLD == 0


HAPPENINGS = ["flight", "launch: works", "launch: fails", "landing", "thaw", "freeze"]
DAYS = ["2025-07-01", "2025-12-31", "2026-01-01", "2026-05-05", "2026-05-06", "2027-06-30"]


@st.composite
def logs(draw: st.DrawFn) -> Firings:
    runs = draw(st.integers(1, 30))
    rows: list[Row] = []
    for run in range(runs):
        days = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=4)))
        rows += [(run, draw(st.sampled_from(HAPPENINGS)), day) for day in days]
    return firings(rows, runs)


@pytest.mark.slow
@given(logs(), st.data())
def test_how_timelines_are_cut_into_parts_changes_no_digit(
    log: Firings, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, log.runs - 1)))) if log.runs > 1 else []
    whole = summary(ALL_QUESTIONS, [log])
    assert summary(ALL_QUESTIONS, split(log, *cuts)) == whole
    # What is not finite is no JSON.
    json.dumps(whole, allow_nan=False)


@pytest.mark.slow
@given(logs())
def test_shares_sum_to_one_and_incidences_never_fall(log: Firings) -> None:
    found = summary(ALL_QUESTIONS, [log])["outcomes"]
    assert sum(found["first"]["shares"].values()) == pytest.approx(1)
    assert sum(found["launch_gap"]["shares"].values()) == pytest.approx(1)
    assert sum(found["flights"]["distribution"].values()) == pytest.approx(1)
    for shares in found["relations"]["shares"].values():
        assert sum(shares.values()) == pytest.approx(1)
    by = list(found["first"]["by"].values())
    for label in ("flight", "launch"):
        won = [row[label] for row in by]
        assert won == sorted(won)
        assert won[-1] == found["first"]["shares"][label]
    assert sum(by[-1].values()) + found["first"]["shares"]["neither"] == pytest.approx(1)
    assert list(found["works"]["by"].values())[-1] == found["works"]["probability"]


def test_no_number_is_minus_zero() -> None:
    assert json.dumps(plain({"a": (-0.0, 0.0, -1.5), "b": True})) == (
        '{"a": [0.0, 0.0, -1.5], "b": true}'
    )

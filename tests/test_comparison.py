"""Results side by side on hand-made timelines, and what is said of those that do not match."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import coopsim.analysis.comparing.sides as sides_module
from coopsim.analysis.comparing import side_by_side
from coopsim.analysis.comparing.comparison import ComparedNumber, Comparison, compare
from coopsim.analysis.comparing.pairing import MovedShares, PairedEstimate
from coopsim.analysis.comparing.side_by_side import Compared
from coopsim.analysis.comparing.sides import KeptAnswers
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.summaries import summarise
from coopsim.errors import UsageError
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.workers.playing import Players
from hand_made import TEN, Row, firings, program, scenario, seconds, split, start_cool, ten

RELATIONS = {
    "initial": "cool",
    "switches": {"cool -> warm": {"rate": "1 per year"}},
    "judgement": "Made up.",
}


def start_by_name(made: Program, driver: int, first_run: int, runs: int) -> NDArray[np.int64]:
    """Start timeline r cold, cool or warm in turn, wherever these levels stand."""
    names = ("cold", "cool", "warm")
    places = np.array([made.drivers[driver].levels.index(name) for name in names])
    return places[np.arange(first_run, first_run + runs) % 3]


ASKED: dict[str, object] = {
    "flies": {"event": "flight", "title": "First flight"},
    "flights": {"count": "flight"},
    "gap": {"between": ["flight", "launch"]},
    "first": {"first_of": ["flight", "launch"]},
    "relations": {"driver": "relations"},
    "mood": {"index": [{"when": {"relations": "warm"}, "weight": 1}]},
}
YEAR_SECONDS = 365.25 * 86_400


def result(
    name: str,
    parts: Sequence[Firings],
    asked: dict[str, object] | None = None,
    **changes: Any,
) -> Compared:
    questions = ASKED if asked is None else asked
    runs = sum(part.runs for part in parts)
    return Compared(name, scenario(questions, **changes), program(**changes), runs, parts)


def thawed() -> list[Firings]:
    """Make the ten timelines with four differences.

    Run 1 flies on 2026-03-01; run 4 does not fly in its last year; run 7 flies a day later,
    the launch in between; runs 0 to 4 thaw in 2026.
    """
    rows = [row for row in TEN if row != (4, "flight", "2027-06-30T23:59:59") and row[0] != 7]
    rows += [(1, "flight", "2026-03-01")]
    rows += [(7, "launch: works", "2026-05-06"), (7, "flight", "2026-05-06")]
    rows += [(run, "thaw", "2026-11-11") for run in range(5)]
    return [firings(sorted(rows, key=_moment), 10)]


def _moment(row: Row) -> tuple[int, int]:
    return row[0], seconds(row[2])


def compared() -> Comparison:
    return compare([result("base", [ten()]), result("thaw", thawed())], start_cool)


def measure(
    name: str, what: str, day: str | None = None, label: str | None = None
) -> ComparedNumber:
    (found,) = [
        one
        for one in compared().outcomes[name].measures
        if (one.measure, one.label) == (what, label) and (day is None or str(one.day) == day)
    ]
    return found


def difference(found: ComparedNumber) -> tuple[float, float]:
    one = found.differences["thaw"]
    assert one is not None
    assert one.se is not None
    return one.value, one.se


def test_a_comparison_describes_its_results() -> None:
    found = compared()
    assert (found.base, found.runs, found.warnings) == ("base", 10, ())
    assert list(found.results) == ["base", "thaw"]
    assert list(found.outcomes) == list(ASKED)
    assert found.results["thaw"].paired
    assert (found.outcomes["flies"].kind, found.outcomes["flies"].title) == (
        "event",
        "First flight",
    )


def test_probabilities_and_their_paired_difference() -> None:
    # Runs 0, 2, 3, 4, 7, 8, 9 fly in both, run 1 only in the thaw: squares 1, variance 0.9/9.
    found = compared().outcomes["flies"].measures[0]
    assert (found.measure, found.unit, found.day) == ("probability", "share", date(2027, 6, 30))
    assert found.values == {"base": 0.7, "thaw": 0.8}
    assert difference(found) == pytest.approx((0.1, sqrt(0.1 / 10)))
    assert list(found.differences) == ["thaw"]
    # By the end of 2025 none differs: runs 0, 4 and 9 fly in both.
    before = measure("flies", "by", "2025-12-31")
    assert before.values == {"base": 0.3, "thaw": 0.3}
    assert difference(before) == (0.0, 0.0)


def test_medians_and_their_difference() -> None:
    # First flights in order: 2025-07-01, 08-01, 09-01, 2026-01-01 twice, ...: the fifth.
    found = measure("flies", "median")
    assert found.values == {"base": date(2026, 1, 1), "thaw": date(2026, 1, 1)}
    assert found.unit == "years"
    assert found.differences == {"thaw": PairedEstimate(0.0, None, None)}


# By hand, of the 730 days from 2025-07-01 on: run 1 flies after 243 instead of never, run 7 a day
# later; run 4 has flown at once and loses a flight in the last second, which is no time.
def test_answers_over_time() -> None:
    day = 1 / 365.25
    flies = measure("flies", "over_time")
    assert flies.unit == "years"
    assert difference(flies)[0] == pytest.approx((1 - (730 - 243)) / 10 * day)
    # Flights so far, averaged over the time: 487 days of one more, one day of one less.
    assert difference(measure("flights", "over_time"))[0] == pytest.approx(
        (487 - 1) / 730 / 10, abs=1e-4
    )
    # Runs 0 to 4 are warm for the 232 days from 2026-11-11 on, cool before; the others always.
    warm, cool = (measure("relations", "over_time", label=level) for level in ("warm", "cool"))
    assert difference(warm)[0] == pytest.approx(232 / 2 * day)
    assert difference(cool)[0] == pytest.approx(-232 / 2 * day)
    mood = measure("mood", "over_time")
    assert mood.unit == "percent"
    assert difference(mood)[0] == pytest.approx(100 * 232 / 2 / 730, abs=1e-4)


def test_means_of_counts() -> None:
    # Run 1 flies once more, run 4 once less: mean 0, squares 2, variance 2/9.
    found = measure("flights", "mean")
    assert found.values == {"base": 1.0, "thaw": 1.0}
    assert difference(found) == pytest.approx((0.0, sqrt(2 / 9 / 10)))
    assert measure("flights", "per_year", label="2026").values == {"base": 0.5, "thaw": 0.6}
    assert measure("flights", "per_year", label="2027").values == {"base": 0.1, "thaw": 0.0}


def test_shares_of_gaps_and_their_median() -> None:
    # Run 1, neither in the base, only flies in the thaw.
    assert measure("gap", "share", label="both").values == {"base": 0.5, "thaw": 0.5}
    assert measure("gap", "share", label="only_first").values == {"base": 0.2, "thaw": 0.3}
    assert measure("gap", "share", label="neither").values == {"base": 0.1, "thaw": 0.0}
    # Shorter twice, 0, 0, a day: the fifth of nine. In the thaw run 7 has both in one second:
    # shorter twice, three times 0: the fifth of ten.
    found = measure("gap", "median")
    assert found.values == {"base": pytest.approx(86_400 / YEAR_SECONDS), "thaw": 0.0}
    assert found.differences["thaw"] == PairedEstimate(-86_400 / YEAR_SECONDS, None, None)


def test_shares_of_competing_events() -> None:
    # Run 1 gains a flight; the launch of run 7 now fires before its flight.
    assert measure("first", "share", label="flight").values == {"base": 0.6, "thaw": 0.6}
    assert measure("first", "share", label="launch").values == {"base": 0.3, "thaw": 0.4}
    assert measure("first", "share", label="neither").values == {"base": 0.1, "thaw": 0.0}
    by = measure("first", "by", "2025-12-31", "flight")
    assert by.values == {"base": 0.3, "thaw": 0.3}


def test_levels_and_indices_by_day() -> None:
    warm = measure("relations", "share", "2026-12-31", "warm")
    assert warm.values == {"base": 0.0, "thaw": 0.5}
    assert difference(warm) == pytest.approx((0.5, sqrt(2.5 / 9 / 10)))
    mood = measure("mood", "mean", "2026-12-31")
    assert (mood.unit, mood.values) == ("percent", {"base": 0.0, "thaw": 50.0})
    assert difference(mood) == pytest.approx((50, 100 * sqrt(2.5 / 9 / 10)))


def test_values_are_those_of_the_summaries() -> None:
    asked = scenario(ASKED)
    told = summarise(asked, program(), thawed(), "", start_cool).to_json()["outcomes"]
    assert measure("flies", "probability").values["thaw"] == told["flies"]["probability"]
    assert str(measure("flies", "median").values["thaw"]) == told["flies"]["quantiles"]["0.5"]
    assert measure("flights", "mean").values["thaw"] == told["flights"]["mean"]
    for label, share in told["first"]["shares"].items():
        assert measure("first", "share", label=label).values["thaw"] == pytest.approx(share)


def test_intervals_are_those_of_the_summaries() -> None:
    told = summarise(scenario(ASKED), program(), thawed(), "", start_cool).outcomes
    flies, flights, gap, mood = (told[name] for name in ("flies", "flights", "gap", "mood"))
    assert isinstance(flies, DateSummary)
    assert isinstance(flights, CountSummary)
    assert isinstance(gap, GapSummary)
    assert isinstance(mood, IndexSummary)
    assert measure("flies", "probability").intervals["thaw"] == flies.interval
    assert measure("flies", "median").intervals["thaw"] == flies.quantile_intervals["0.5"]
    assert measure("flights", "mean").intervals["thaw"] == pytest.approx(flights.interval)
    assert measure("gap", "median").intervals["thaw"] == gap.quantile_intervals["0.5"]
    day = date(2026, 12, 31)
    found = measure("mood", "mean", str(day)).intervals["thaw"]
    assert found == pytest.approx(mood.by[day].interval)


def test_at_the_close_alone_the_same_numbers_are_told() -> None:
    sides = result("base", [ten()]), result("thaw", thawed())
    closing, whole = compare(sides, start_cool, closing=True), compared()
    end = "2027-06-30"
    assert {
        name: [(one.measure, one.day and str(one.day), one.label) for one in outcome.measures]
        for name, outcome in closing.outcomes.items()
    } == {
        "flies": [("probability", end, None), ("by", end, None)],
        "flights": [("mean", None, None)],
        "gap": [("share", None, one) for one in ("both", "only_first", "only_second", "neither")],
        "first": [
            *(("share", None, one) for one in ("flight", "launch", "neither")),
            *(("by", end, one) for one in ("flight", "launch")),
        ],
        "relations": [("share", end, one) for one in ("cold", "cool", "warm")],
        "mood": [("mean", end, None)],
    }
    for name, outcome in closing.outcomes.items():
        assert [one for one in outcome.measures if one in whole.outcomes[name].measures] == [
            *outcome.measures
        ]
    assert (closing.results, closing.warnings) == (whole.results, whole.warnings)


def test_a_base_tells_once_what_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def start(made: Program, driver: int, first_run: int, runs: int) -> NDArray[np.int64]:
        drawn.append(made.scenario)
        return start_cool(made, driver, first_run, runs)

    kept = KeptAnswers()

    def against_base(asked: dict[str, object], *, closing: bool) -> Comparison:
        sides = replace(result("base", [ten()], asked), kept=kept), result("thaw", thawed(), asked)
        found = compare(sides, start, closing=closing)
        alone = compare([replace(one, kept=None) for one in sides], start_cool, closing=closing)
        assert found == alone
        return found

    def draws(asked: dict[str, object] = ASKED, *, closing: bool = False) -> int:
        before = len(drawn)
        against_base(asked, closing=closing)
        return len(drawn) - before

    # The question by the same name is another one, and is not asked of what was kept.
    other: dict[str, object] = ASKED | {"relations": {"driver": "relations", "by": "2026-06-30"}}
    assert [draws(), draws(), draws(other), draws(other), draws()] == [2, 1, 2, 1, 2]
    assert [draws(closing=True), draws(closing=True)] == [2, 1]
    monkeypatch.setattr(sides_module, "_KEPT_RUNS", 9)
    assert [draws(), draws()] == [2, 2]


def test_how_results_are_cut_into_parts_changes_nothing() -> None:
    cut = [result("base", split(ten(), 3, 7)), result("thaw", split(thawed()[0], 4))]
    assert compare(cut, start_cool).to_json() == compared().to_json()


@pytest.mark.parametrize("together", [1, 2, 5000])
@pytest.mark.parametrize("workers", [1, 3])
def test_whoever_reads_how_many_blocks_changes_nothing(
    workers: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "_READ_RUNS", together)
    cut = [result("base", split(ten(), *range(1, 9))), result("thaw", thawed())]
    found = compare(cut, start_cool, Players(workers).each)
    assert found.to_json() == compared().to_json()


def test_a_comparison_as_json() -> None:
    found = compared().to_json()
    assert list(found) == ["base", "runs", "results", "warnings", "outcomes", "by_chance"]
    assert found["results"]["thaw"] == {
        "scenario": "hand-made",
        "title": "hand-made",
        "seed": 7,
        "runs": 10,
        "paired": True,
        "sets": [],
    }
    median = found["outcomes"]["flies"]["measures"][-1]
    assert median == {
        "measure": "median",
        "unit": "years",
        "day": None,
        "label": None,
        "values": {"base": "2026-01-01", "thaw": "2026-01-01"},
        # The second in time and the ninth, which never flies: as of every median of ten.
        "intervals": {"base": ["2025-08-01", None], "thaw": ["2025-08-01", None]},
        "differences": {"thaw": {"value": 0.0, "se": None, "interval": None, "everywhere": False}},
        "moved": {"thaw": {"up": 0.1, "down": 0.1}},
    }
    json.dumps(found, allow_nan=False)


# Run 1 gains a flight and run 7's comes later: earlier in one of ten, later in one.
def test_which_way_the_timelines_move() -> None:
    median = measure("flies", "median").moved["thaw"]
    assert median == MovedShares(up=0.1, down=0.1)
    assert median.against == 0.1
    assert measure("relations", "share", "2026-12-31", "warm").moved["thaw"] == MovedShares(
        0.5, 0.0
    )
    strangers = compare(
        [result("base", [ten()]), result("other", [ten()], seed=8)], start_cool
    ).outcomes["flies"]
    assert [each.moved["other"] for each in strangers.measures] == [None] * len(strangers.measures)


def test_a_median_not_reached_has_no_difference() -> None:
    none = [firings([], 10)]
    found = compare([result("base", [ten()]), result("none", none)], start_cool)
    median = found.outcomes["flies"].measures[-1]
    assert median.values == {"base": date(2026, 1, 1), "none": None}
    assert median.differences == {"none": None}


def test_several_results_are_each_held_against_the_first() -> None:
    three = [result("a", [ten()]), result("b", thawed()), result("c", [firings([], 10)])]
    found = compare(three, start_cool).outcomes["flies"].measures[0]
    values = {name: one.value for name, one in found.differences.items() if one is not None}
    assert values == pytest.approx({"b": 0.1, "c": -0.7})


def test_different_seeds_are_said_to_share_no_luck() -> None:
    found = compare([result("base", [ten()]), result("thaw", thawed(), seed=8)], start_cool)
    assert found.warnings == (
        "base and thaw have different seeds, so they share no luck, and the intervals are wide",
    )
    assert not found.results["thaw"].paired


def test_of_different_numbers_of_timelines_the_first_are_compared() -> None:
    found = compare([result("base", [ten()]), result("few", split(thawed()[0], 4)[:1])], start_cool)
    assert found.warnings == (
        "the results differ in size: the first 4 timelines of each are compared",
    )
    # Runs 0, 2 and 3 fly in both, run 1 only in the thaw.
    assert found.outcomes["flies"].measures[0].values == {"base": 0.75, "few": 1.0}


def test_different_ends_close_all_questions_at_the_earlier() -> None:
    longer = firings([*TEN, (9, "flight", "2028-01-01")], 10)
    results = [result("long", [longer], end="2028-12-31"), result("short", [ten()])]
    found = compare(results, start_cool)
    assert found.warnings == (
        "the results end on different days: all questions close after 2027-06-30",
    )
    flies = found.outcomes["flies"].measures
    assert [str(one.day) for one in flies[1:-2]] == ["2025-12-31", "2026-12-31", "2027-06-30"]
    assert found.outcomes["flights"].measures[0].values == {"long": 1.0, "short": 1.0}


def test_different_starts_are_compared_by_the_calendar() -> None:
    # The later starts on 2026-01-01; its run 0 flies then, the base's run 4 on 2025-07-01.
    start = "2026-01-01"
    late = firings([(0, "flight", start), (1, "flight", "2026-03-01")], 3, start=start)
    early = firings([(0, "flight", "2025-07-01"), (1, "flight", "2026-03-01")], 3)
    results = [result("early", [early]), result("late", [late], start=start)]
    found = compare(results, start_cool)
    assert found.warnings == (
        "early and late start on different days: timelines agree less, and counts differ",
    )
    first, before = found.outcomes["flies"].measures[:2]
    assert first.values == pytest.approx({"early": 2 / 3, "late": 2 / 3})
    assert before.values == pytest.approx({"early": 1 / 3, "late": 0})
    *_, over_time, median = found.outcomes["flies"].measures
    assert median.values == {"early": date(2026, 3, 1), "late": date(2026, 3, 1)}
    # Run 0 flies 0 and 184 days after 2025-07-01, run 1 243 in both, run 2 not in the 730.
    assert over_time.values == pytest.approx(
        {"early": (243 + 730) / 3 / 365.25, "late": (184 + 243 + 730) / 3 / 365.25}
    )
    years = [one.label for one in found.outcomes["flights"].measures if one.label]
    assert years == ["2026", "2027"]


def test_questions_that_are_not_the_same_are_left_out_and_named() -> None:
    here: dict[str, object] = {
        "flies": {"event": "flight"},
        "lands": {"event": "landing"},
        "up": {"event": "launch"},
    }
    there: dict[str, object] = {
        "flies": {"event": "flight", "by": "2026-12-31"},
        "up": {"event": "launch"},
    }
    results = [result("a", [ten()], here), result("b", [ten()], there)]
    found = compare(results, start_cool)
    assert list(found.outcomes) == ["up"]
    assert found.warnings == (
        "`flies` is left out: the questions of that name differ",
        "`lands` is left out: not a question of b",
    )


def test_names_in_another_order_ask_the_same() -> None:
    cold, cool = {"relations": "cold"}, {"relations": ["cool", "warm"]}
    here: dict[str, object] = {
        "relations": {"driver": "relations"},
        "first": {"first_of": [["flight", "landing"], "launch"]},
        "up": {"event": ["flight", "launch"]},
        "mood": {"index": [{"when": cold, "weight": 1}, {"when": cool, "weight": 2}]},
        "all": {"all_of": ["flight", "launch"]},
    }
    cool = {"relations": ["warm", "cool"]}
    there: dict[str, object] = {
        "first": {"first_of": ["launch", ["landing", "flight"]]},
        "relations": {"driver": "relations"},
        "up": {"event": ["launch", "flight"]},
        "mood": {"index": [{"when": cool, "weight": 2}, {"when": cold, "weight": 1}]},
        "all": {"all_of": ["launch", "flight"]},
    }
    turned = {"relations": {**RELATIONS, "levels": ["warm", "cool", "cold"]}}
    results = [result("a", [ten()], here), result("b", [ten()], there, drivers=turned)]
    found = compare(results, start_by_name)
    assert (list(found.outcomes), found.warnings) == (list(here), ())
    alike = compare([results[0], result("b", [ten()], here)], start_by_name)
    for name, one in found.outcomes.items():
        told, expected = one.measures, alike.outcomes[name].measures
        assert [(each.measure, each.day, each.label) for each in told] == [
            (each.measure, each.day, each.label) for each in expected
        ]
        for each in told:
            assert each.values["a"] == each.values["b"]


def test_a_gap_the_other_way_round_is_another_question() -> None:
    asked: list[dict[str, object]] = [
        {"gap": {"between": pair}, "up": {"event": "flight"}}
        for pair in (["flight", "launch"], ["launch", "flight"])
    ]
    found = compare(
        [result(n, [ten()], a) for n, a in zip("ab", asked, strict=True)], start_by_name
    )
    assert list(found.outcomes) == ["up"]
    assert found.warnings == ("`gap` is left out: the questions of that name differ",)


# {at_least: cool} is cool or warm here, cool or cold where the levels go the other way.
def test_conditions_are_what_they_mean() -> None:
    asked: dict[str, object] = {
        "mood": {"index": [{"when": {"relations": {"at_least": "cool"}}, "weight": 1}]},
        "up": {"event": "flight"},
    }
    turned = {"relations": {**RELATIONS, "levels": ["warm", "cool", "cold"]}}
    results = [result("a", [ten()], asked), result("b", [ten()], asked, drivers=turned)]
    found = compare(results, start_by_name)
    assert found.warnings == ("`mood` is left out: the questions of that name differ",)
    wider = {"relations": {**RELATIONS, "levels": ["cold", "cool", "warm", "hot"]}}
    results = [result("a", [ten()], asked), result("b", [ten()], asked, drivers=wider)]
    assert compare(results, start_by_name).warnings == ()


def test_levels_that_not_all_have_are_left_out_and_named() -> None:
    asked: dict[str, object] = {"relations": {"driver": "relations"}, "up": {"event": "flight"}}
    wider = {"relations": {**RELATIONS, "levels": ["hot", "warm", "cool", "cold"]}}
    results = [result("a", [ten()], asked), result("b", [ten()], asked, drivers=wider)]
    found = compare(results, start_by_name)
    assert found.warnings == (
        "`relations` shows the levels that all have, cold, cool and warm; b has hot besides",
    )
    for each in found.outcomes["relations"].measures:
        assert each.values["a"] == each.values["b"]
    switches = {"cool -> dry": {"rate": "1 per year"}}
    other = {"relations": {**RELATIONS, "levels": ["cool", "cold", "dry"], "switches": switches}}
    results = [result("a", [ten()], asked), result("b", [ten()], asked, drivers=other)]
    assert compare(results, start_cool).warnings == (
        "`relations` shows the levels that all have, cold and cool; a has warm besides",
        "`relations` shows the levels that all have, cold and cool; b has dry besides",
    )


def test_titles_do_not_make_questions_different() -> None:
    plain: dict[str, object] = {"flies": {"event": "flight"}}
    found = compare([result("a", [ten()]), result("b", [ten()], {**ASKED, **plain})], start_cool)
    assert list(found.outcomes) == list(ASKED)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ([result("a", [ten()])], "a comparison needs at least two results"),
        (
            [result("a", [ten()]), result("a", [ten()])],
            "a comparison needs different results; given twice: a",
        ),
        (
            [result("a", [ten()]), result("b", [firings([], 1)])],
            "a comparison needs at least two timelines of each result",
        ),
        (
            [result("a", [ten()]), result("b", [ten()], {"other": {"event": "flight"}})],
            "a, b have no question in common",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(results: list[Compared], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        compare(results, start_cool)
    assert str(caught.value) == message

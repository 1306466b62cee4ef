"""Ten hand-made timelines scored against a made-up history, every number derived beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coopsim.analysis.scorecard import Forecaster, Scorecard, scorecard
from coopsim.analysis.statistics.rules import Bin
from coopsim.presentation.views.scorecard import scorecard_view
from coopsim.scenario.sources.resolutions import Resolutions, read_history
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from hand_made import firings, program, scenario, split, start_cool, ten
from shown import printed

pytestmark = pytest.mark.slow

# By the end of 2026 a launch has worked in runs 0, 2, 3, 7 and 9, of which the first days are
# 2026-02-01, 2026-01-01 twice, 2026-05-06 and 2026-12-31; a landing by mid-2026 in run 8 alone.
HISTORY = """\
title: Made up
known: 2026-12-31
questions:
  - {id: works, title: A launch works, event: launch, outcome: works, date: 2026-01-01, sources: x}
  - {id: lands, title: A landing, event: landing, by: 2026-06-30, happened: false, sources: x}
  - {id: both, title: Both, all_of: [flight, launch], by: 2026-01-01, happened: true, sources: x}
  - {id: mood, title: The mood, driver: relations, by: 2026-01-01, level: cool, sources: x}
"""


@pytest.fixture
def history(tmp_path: Path) -> Resolutions:
    (tmp_path / "made_up.yaml").write_text(HISTORY, encoding="utf-8")
    return read_history(tmp_path / "made_up.yaml")


def forecaster(name: str, parts: Sequence[Firings]) -> Forecaster:
    return Forecaster(name, scenario({}), program(), parts)


def card(history: Resolutions, foil: Sequence[Firings] | None = None) -> Scorecard:
    other = None if foil is None else forecaster("foil", foil)
    return scorecard(history, forecaster("ten", [ten()]), other, start_cool)


def test_probabilities_are_those_of_happening_by_the_day(history: Resolutions) -> None:
    # Both a flight and a launch by the end of 2026-01-01: runs 0, 2 and 3.
    questions = card(history).questions
    assert {name: one.probability for name, one in questions.items()} == {
        "works": 0.5,
        "lands": 0.1,
        "both": 0.3,
        "mood": 1.0,
    }
    assert questions["works"].by == date(2026, 12, 31)
    assert (questions["works"].happened, questions["works"].date) == (True, "2026-01-01")
    assert (questions["mood"].happened, questions["mood"].level) == (None, "cool")


def test_each_question_has_the_scores_that_suit_it(history: Resolutions) -> None:
    # A date that is not known, though it came, cannot be scored; nor can a level as yes or no.
    scores = {name: set(one.scores) for name, one in card(history).questions.items()}
    assert scores == {
        "works": {"brier", "log", "crps"},
        "lands": {"brier", "log", "crps"},
        "both": {"brier", "log"},
        "mood": {"rps"},
    }


def test_the_means_are_over_the_questions_that_have_the_score(history: Resolutions) -> None:
    means = card(history).means
    assert {name: mean.questions for name, mean in means.items()} == {
        "brier": 3,
        "log": 3,
        "crps": 2,
        "rps": 1,
    }
    # 0.5^2, 0.1^2 and 0.7^2; then (k + 1/2) / 11 of 5, 1 and 3 of 10.
    assert means["brier"].mean.score == pytest.approx((0.25 + 0.01 + 0.49) / 3)
    logs = -math.log(5.5 / 11) - math.log(9.5 / 11) - math.log(3.5 / 11)
    assert means["log"].mean.score == pytest.approx(logs / 3)
    # Everybody is cool, as was the world; equal chances give (1/3)^2 + (1 - 2/3)^2.
    assert means["rps"].mean.score == pytest.approx(0.0)
    assert means["rps"].mean.base == pytest.approx(2 / 9)


def test_a_date_that_did_not_come_is_scored_up_to_its_day(history: Resolutions) -> None:
    # One run in ten lands on 2026-01-15: 0.1^2 over the 167 days from there to the end of June.
    lands = card(history).questions["lands"].scores["crps"]
    assert lands.score == pytest.approx(0.01 * 167 / 365.25)
    assert lands.base == pytest.approx(365 / 365.25 / 4)


def test_a_date_is_scored_up_to_the_day_known(history: Resolutions) -> None:
    # It worked on 2026-01-01, 184 days in. Until then no run had it. From there 8 of 10 have it
    # not for 31 days (to 02-01), 7 for 94 (to 05-06), 6 for 239.5 (to 12-31T12), 5 for half a day.
    days = 0.8**2 * 31 + 0.7**2 * 94 + 0.6**2 * 239.5 + 0.5**2 * 0.5
    score = card(history).questions["works"].scores["crps"].score
    assert score == pytest.approx(days / 365.25, rel=1e-9)


# Known for longer than is simulated: the score ends with the horizon, at the end of 2027-06-30. To
# the days above come those from 12-31T12 on, on which 5 of 10 have it not (the last second aside).
def test_a_date_is_scored_up_to_the_horizon(tmp_path: Path) -> None:
    text = HISTORY.replace("known: 2026-12-31", "known: 2030-12-31")
    text = text.replace("date: 2026-01-01", "by: 2026-12-31, date: 2026-01-01")
    (tmp_path / "longer.yaml").write_text(text, encoding="utf-8")
    days = 0.8**2 * 31 + 0.7**2 * 94 + 0.6**2 * 239.5 + 0.5**2 * 181.5
    scores = card(read_history(tmp_path / "longer.yaml")).questions["works"].scores["crps"]
    assert scores.score == pytest.approx(days / 365.25, rel=1e-6)
    assert scores.base == pytest.approx(730 / 365.25 / 4)


# A ranked score hangs on the order of the levels; a foil that lists them otherwise is scored in
# the result's.
def test_levels_are_scored_in_the_order_of_the_result(history: Resolutions) -> None:
    levels = ["warm", "cold", "cool"]
    relations = {
        "levels": levels,
        "initial": "cool",
        "switches": {"cool -> warm": {"rate": "1 per year"}},
        "judgement": "Made up.",
    }
    made = {"drivers": {"relations": relations}}
    turned = Forecaster("foil", scenario({}, **made), program(**made), [ten()])
    scored = scorecard(history, forecaster("ten", [ten()]), turned, start_cold_or_warm)
    rps = scored.questions["mood"].scores["rps"]
    # Half of the timelines start cold, half warm: cumulative shares 0.5, 0.5, 1 against 0, 1, 1.
    assert rps.score == rps.foil == pytest.approx(0.5)
    assert scored.questions["mood"].foil_probability == 0.0


def start_cold_or_warm(made: Program, driver: int, first_run: int, runs: int) -> NDArray[np.int64]:
    places = np.array([made.drivers[driver].levels.index(name) for name in ("cold", "warm")])
    return places[np.arange(first_run, first_run + runs) % 2]


def test_the_foil_is_scored_alike(history: Resolutions) -> None:
    scored = card(history, foil=[firings([], 10)])
    assert scored.foil == "foil"
    assert scored.questions["works"].foil_probability == 0.0
    works = scored.questions["works"].scores
    assert works["brier"].foil == 1.0
    assert works["log"].foil == pytest.approx(-math.log(0.5 / 11))
    assert scored.means["brier"].mean.foil == pytest.approx((1 + 0 + 1) / 3)
    assert card(history).means["brier"].mean.foil is None


def test_the_worst_are_those_worse_than_one_half_worst_first(history: Resolutions) -> None:
    assert card(history).worst == ("both",)
    nothing = scorecard(history, forecaster("none", [firings([], 10)]), None, start_cool)
    assert nothing.worst == ("works", "both")


def test_reliability_leaves_levels_out(history: Resolutions) -> None:
    assert card(history).reliability == (
        Bin(0.1, 0.3, 1, 0.1, 0.0),
        Bin(0.3, 0.5, 1, 0.3, 1.0),
        Bin(0.5, 0.7, 1, 0.5, 1.0),
    )


def test_the_error_of_the_mean_knows_that_questions_share_their_timelines(
    history: Resolutions,
) -> None:
    # Effects 2 (p - y) (x - p), added up run by run; works in 0 2 3 7 9, lands in 8, both 0 2 3.
    works, lands, both = ({0, 2, 3, 7, 9}, {8}, {0, 2, 3})
    effects = [
        -2 * 0.5 * ((run in works) - 0.5)
        + 2 * 0.1 * ((run in lands) - 0.1)
        - 2 * 0.7 * ((run in both) - 0.3)
        for run in range(10)
    ]
    variance = sum((effect / 3) ** 2 for effect in effects) / 10
    assert card(history).means["brier"].mean.se == pytest.approx(math.sqrt(variance / 10))


def test_the_parts_of_a_result_give_what_the_whole_gives(history: Resolutions) -> None:
    parts = scorecard(history, forecaster("ten", split(ten(), 3, 7)), None, start_cool)
    assert parts.to_json() == card(history).to_json()
    assert parts.runs == 10


def test_json_holds_dates_as_text(history: Resolutions) -> None:
    tree = card(history).to_json()
    assert json.loads(json.dumps(tree, allow_nan=False)) == tree
    assert (tree["result"], tree["against"], tree["known"]) == ("ten", "Made up", "2026-12-31")


# A second flight by the end of 2025 comes in run 4 alone, a launch that works without a flight in
# its second in runs 0, 7 and 9 until the end of 2026; warm is never held for 30 days, as nothing
# thaws.
STATED = """\
title: Stated
known: 2026-12-31
questions:
  - {id: twice, title: Two flights, statement: second flight by 2025, happened: false, sources: x}
  - {id: alone, title: Alone, statement: launch = works without flight by 2026, happened: true,
     sources: x}
  - {id: cool, title: Cool, statement: not relations = warm for 30 days in 2026-03, happened: true,
     sources: x}
"""


def stated(folder: Path, text: str = STATED) -> Resolutions:
    (folder / "stated.yaml").write_text(text, encoding="utf-8")
    return read_history(folder / "stated.yaml")


def test_a_statement_is_scored_as_a_yes_or_no(tmp_path: Path) -> None:
    found = card(stated(tmp_path), foil=[firings([], 10)])
    answers = {
        name: (one.probability, one.happened, one.by, one.date, one.level)
        for name, one in found.questions.items()
    }
    assert answers == {
        "twice": (0.1, False, date(2025, 12, 31), None, None),
        "alone": (0.3, True, date(2026, 12, 31), None, None),
        "cool": (1.0, True, date(2026, 3, 31), None, None),
    }
    assert all(set(one.scores) == {"brier", "log"} for one in found.questions.values())
    brier = {name: one.scores["brier"] for name, one in found.questions.items()}
    assert brier["twice"].score == pytest.approx(0.1**2)
    assert brier["alone"].score == pytest.approx(0.7**2)
    assert (brier["cool"].score, brier["alone"].base, brier["alone"].foil) == (0.0, 0.25, 1.0)
    # Three timelines in ten count as (3 + 1/2) / 11.
    log = found.questions["alone"].scores["log"]
    assert log.score == pytest.approx(-math.log(3.5 / 11))
    assert found.means["brier"].questions == 3
    assert sum(one.questions for one in found.reliability) == 3


def test_statements_stand_beside_questions_of_other_kinds(tmp_path: Path) -> None:
    text = HISTORY + STATED.partition("questions:\n")[2]
    both, alone = card(stated(tmp_path, text)), card(stated(tmp_path, HISTORY))
    assert {name: both.questions[name] for name in alone.questions} == alone.questions
    assert list(both.questions) == [*alone.questions, "twice", "alone", "cool"]
    assert both.means["rps"] == alone.means["rps"]
    parts = scorecard(
        stated(tmp_path, text), forecaster("ten", split(ten(), 3, 7)), None, start_cool
    )
    assert parts.to_json() == both.to_json()


def test_the_table_of_statements_says_until_when(tmp_path: Path) -> None:
    page = printed(scorecard_view(card(stated(tmp_path))), 100).splitlines()
    (line,) = (line for line in page if line.startswith("  Two flights"))
    assert line.split()[2:] == ["10", "2025-12-31", "no"]

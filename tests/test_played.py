"""Timelines in memory: the same as in a folder, held against each other, and stopped."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import coopsim
from coopsim.analysis.comparing.changes import PairedChanges, changes, check_luck
from coopsim.analysis.comparing.side_by_side import Compared
from coopsim.analysis.evidence.statement_summary import StatementSummary
from coopsim.analysis.long_format import summary_csv
from coopsim.analysis.statistics.estimates import Share
from coopsim.errors import StoppedError, UsageError
from coopsim.scenario.loading import Loaded
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from hand_made import firings, program, scenario, start_by_run, start_cool, ten
from ten import ASKED, without_run_four

WORLD = {
    "scenario": "small",
    "start": "2025-01-01",
    "end": "2030-12-31",
    "runs": 300,
    "seed": 7,
    "events": {
        "vote": {"date": "2026-01-01 to 2028-01-01", "judgement": "Made up."},
        "pact": {"rate": "0.4 per year", "when": {"vote": True}, "judgement": "Made up."},
    },
    "outcomes": {
        "votes": {"event": "vote", "title": "A vote"},
        "signed": {"event": "pact", "title": "A pact"},
        "pacts": {"count": "pact"},
    },
}


@pytest.fixture(scope="module")
def small() -> Loaded:
    return coopsim.load(WORLD)


# --- played ---------------------------------------------------------------------------------------


def test_what_is_played_is_what_a_folder_holds(small: Loaded, tmp_path: Path) -> None:
    played = coopsim.play(small)
    result = coopsim.run(small, out=tmp_path, workers=1)
    assert isinstance(result, coopsim.Played)
    assert played.runs == result.runs == 300
    assert played.summary == result.summary
    assert played.answers().equals(result.answers())
    assert played.firings_table().equals(result.firings_table())
    assert played.curves_to_json() == result.curves_to_json()
    assert played.name == result.name == f"small-{small.hash}"
    assert (played.keeps_all, played.cross_check, played.years) == (
        True, None, "2025-01-01 to 2030-12-31",
    )  # fmt: skip


def test_the_workers_do_not_show(small: Loaded) -> None:
    one, three = (coopsim.play(small, runs=201, workers=number) for number in (1, 3))
    assert one.summary == three.summary
    assert one.firings_table().equals(three.firings_table())


def test_only_the_questions_named_are_answered(small: Loaded) -> None:
    played = coopsim.play(small, runs=50, outcomes=["pacts", "votes"])
    assert list(played.summary.outcomes) == ["votes", "pacts"]
    assert played.answers().schema.names == ["run", "votes", "pacts"]
    whole = coopsim.play(small, runs=50).summary.outcomes
    assert played.summary.outcomes["votes"] == whole["votes"]


# The vote comes in 2026 or 2027, as likely in the one as in the other, or a little beyond.
def test_timelines_that_were_played_for_some_questions_answer_all_of_them(small: Loaded) -> None:
    whole, some = coopsim.play(small), coopsim.play(small, outcomes=["votes"])
    assert list(some.summary.outcomes) == ["votes"]
    found = some.answering(small)
    assert found.to_json() == whole.to_json()
    assert found.curves_to_json() == whole.curves_to_json()
    assert found.answers().equals(whole.answers())


def test_a_statement_is_an_answer_of_its_own(small: Loaded) -> None:
    vote, pacts = "vote by 2026", "pact >= 2 by 2029 and not vote by 2026"
    played = coopsim.play(small, outcomes=[pacts, "A vote", f" {vote} ", vote])
    assert list(played.summary.outcomes) == ["votes", pacts, vote]
    told = played.summary.outcomes[vote]
    assert isinstance(told, StatementSummary)
    assert (told.kind, told.title) == ("statement", vote)
    assert told.probability == pytest.approx(0.5, abs=5 * math.sqrt(0.25 / 300))
    asked = coopsim.ask(small, pacts, vote).answers
    for one in asked:
        summary = played.summary.outcomes[one.statement]
        assert isinstance(summary, StatementSummary)
        assert Share(summary.probability, summary.se, summary.interval) == one.chance
    table = played.answers()
    assert table.schema.names == ["run", "votes", pacts, vote]
    by_date = [day is not None and day.year <= 2026 for day in table["votes"].to_pylist()]
    assert table[vote].to_pylist() == by_date
    assert sum(by_date) == round(300 * told.probability)


def test_statements_stand_where_the_answers_do(small: Loaded) -> None:
    played = coopsim.play(small, runs=100, outcomes=["votes", "vote by 2026"])
    (leading,) = played.summary.outcomes["vote by 2026"].leading()
    share = leading.value
    assert played.to_json()["outcomes"]["vote by 2026"]["probability"] == share
    line = next(one for one in summary_csv(played.summary).splitlines() if "statement" in one)
    assert line.startswith(f"vote by 2026,statement,vote by 2026,probability,share,,,,,,{share},")
    shown = str(coopsim.view(played))
    assert re.search(rf"Statements +chance %\nvote by 2026 +{100 * share:.0f} ±\d+", shown)
    assert list(played.curves()) == ["votes"]
    assert played.figure("overview") is not None
    assert list(played.asking(["votes"]).answers().schema.names) == ["run", "votes"]
    assert played.asking([]) is played


def test_statements_alone_are_enough(small: Loaded) -> None:
    played = coopsim.play(small, runs=100, outcomes=["vote by 2026"])
    assert list(played.summary.outcomes) == ["vote by 2026"]
    assert "vote by 2026" in str(coopsim.view(played))


def test_a_result_answers_statements(small: Loaded, tmp_path: Path) -> None:
    result = coopsim.run(small, out=tmp_path, workers=1)
    table = result.answers(["vote by 2026", "signed"])
    assert table.schema.names == ["run", "signed", "vote by 2026"]
    played = coopsim.play(small, outcomes=["vote by 2026"])
    assert table["vote by 2026"].equals(played.answers()["vote by 2026"])
    assert result.answers().schema.names == ["run", "votes", "signed", "pacts"]


def test_what_is_neither_a_question_nor_a_statement_is_told(small: Loaded) -> None:
    with pytest.raises(UsageError) as raised:
        coopsim.play(small, outcomes=["vots"])
    assert str(raised.value) == (
        "`vots`, character 1: found `vots`, expected a driver, an event or an outcome: vote, pact, "
        "votes, signed or pacts; did you mean 'vote'? (as an outcome: no outcome 'vots'; did you "
        "mean 'votes'?)"
    )
    with pytest.raises(UsageError) as raised:
        coopsim.play(small, outcomes="votes")
    assert str(raised.value) == "outcomes: found 'votes', expected a list of names"


def test_progress_is_told_and_playing_can_be_cancelled(small: Loaded) -> None:
    told: list[tuple[int, int]] = []
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(len(told))
        return len(told) == 2

    with pytest.raises(StoppedError) as raised:
        coopsim.play(
            small, runs=400, workers=1, cancelled=cancelled,
            on_progress=lambda done, total: told.append((done, total)),
        )  # fmt: skip
    assert str(raised.value) == "stopped: 200 of 400 timelines were simulated; none is kept"
    assert told == [(100, 400), (200, 400)]
    assert asked == [1, 2]


def test_nobody_is_asked_once_all_is_there(small: Loaded) -> None:
    assert coopsim.play(small, runs=50, cancelled=lambda: True).runs == 50


def test_curves_are_plain_data(small: Loaded) -> None:
    curves = json.loads(json.dumps(coopsim.play(small, runs=100).curves_to_json()))
    votes = curves["votes"]
    assert (votes["kind"], votes["title"], votes["runs"]) == ("event", "A vote", 100)
    assert (votes["dates"][0], votes["dates"][-1]) == ("2025-01-01", "2031-01-01")
    assert (votes["probability"][0], votes["probability"][-1]) == (0.0, 1.0)
    assert len(votes["dates"]) == len(votes["low"]) == len(votes["high"])
    assert curves["pacts"]["unit"] == "year"


def test_what_is_asked_of_a_result_is_asked_of_what_is_played(small: Loaded) -> None:
    played = coopsim.play(small, runs=500)
    known = coopsim.given(played, ["vote by 2026"])
    day = {one["run"]: one["votes"] for one in played.answers().to_pylist()}
    assert known.matches == sum(day[run].year <= 2026 for run in day)
    assert coopsim.discover(played, "signed").outcome == "signed"


# --- against others -------------------------------------------------------------------------------


def held(base: Firings, other: Firings) -> PairedChanges:
    made = scenario(ASKED)
    sides = [
        Compared(name, made, program(), 10, [part])
        for name, part in {"base": base, "other": other}.items()
    ]
    return changes(sides[0], sides[1], start_cool)


def test_the_share_of_timelines_that_change() -> None:
    found = held(ten(), without_run_four())
    # Run 4 loses its three flights, of which the first also ended its wait for a landing.
    shares = {name: share.share for name, share in found.outcomes.items()}
    assert shares == {
        "flies": 0.1, "works": 0.0, "early": 0.0, "flights": 0.1, "gap": 0.1, "first": 0.1,
        "relations": 0.0, "mood": 0.1,
    }  # fmt: skip
    assert found.anything.share == 0.1
    flights = found.comparison.outcomes["flights"].measures[0]
    assert flights.differences["other"].value == pytest.approx(-0.3)  # type: ignore[union-attr]
    assert found.to_json()["outcomes"]["flies"]["share"] == 0.1


def test_a_timeline_counts_once_however_many_of_its_answers_change() -> None:
    row = (0, "flight", "2025-08-01"), (1, "launch: works", "2025-08-01")
    later = (0, "flight", "2025-08-02"), (1, "launch: works", "2025-08-01")
    found = held(firings(row, 10), firings(later, 10))
    shares = {name: share.share for name, share in found.outcomes.items() if share.share}
    assert shares == {"flies": 0.1, "first": 0.1}
    assert found.anything.share == 0.1


def test_a_moment_on_the_same_day_is_no_change() -> None:
    found = held(
        firings([(0, "flight", "2025-08-01T01:00")], 10),
        firings([(0, "flight", "2025-08-01T23:00")], 10),
    )
    assert found.anything.share == 0.0


def test_levels_are_held_together_by_name() -> None:
    made = scenario({"relations": {"driver": "relations"}})
    switch = {"cool -> warm": {"rate": "1 per year"}}
    levels: dict[str, object] = {
        "levels": ["warm", "cool", "cold"], "initial": "cool", "switches": switch,
        "judgement": "Made up.",
    }  # fmt: skip
    turned = scenario({"relations": {"driver": "relations"}}, drivers={"relations": levels})
    sides = [
        Compared("base", made, program(), 10, [ten()]),
        Compared("other", turned, program(drivers={"relations": levels}), 10, [ten()]),
    ]

    def drawn(made: Program, driver: int, first_run: int, runs: int) -> NDArray[np.int64]:
        found = start_by_run(made, driver, first_run, runs)  # cold, cool and warm in turn
        return 2 - found if made.drivers[driver].levels[0] == "warm" else found

    found = changes(sides[0], sides[1], drawn)
    assert found.anything.share == 0.0


def test_played_against_played(small: Loaded) -> None:
    faster = small.having(["events.pact.rate=2 per year"])
    base, other = (coopsim.play(one, runs=200) for one in (small, faster))
    found = other.against(base)
    assert found.comparison == coopsim.compare(base, other)
    assert found.outcomes["votes"].share == 0.0
    # Who signs at all, and when: the later day of many pacts is sooner, and some pacts are new.
    assert found.anything.share == found.outcomes["signed"].share > 0.9
    assert 0.1 < found.outcomes["pacts"].share < found.outcomes["signed"].share


def test_without_shared_luck_no_timeline_can_change(small: Loaded) -> None:
    made = scenario(ASKED)
    base = Compared("base", made, program(), 10, [ten()])
    other = Compared("other", made, replace(program(), seed=8), 10, [ten()])
    with pytest.raises(UsageError) as raised:
        check_luck(base, other)
    assert str(raised.value) == (
        "other has the seed 8 and base the seed 7: they do not share luck, so no timeline can "
        "be compared with itself; use `compare`"
    )
    lucky = coopsim.play(small.having(["seed=8"]), runs=50)
    with pytest.raises(UsageError, match="they do not share luck"):
        lucky.against(coopsim.play(small, runs=50))


def test_what_is_not_played_cannot_be_compared(small: Loaded) -> None:
    played = coopsim.play(small, runs=50)
    with pytest.raises(UsageError) as raised:
        coopsim.compare(played, "thaw")  # type: ignore[arg-type]
    assert str(raised.value) == (
        "found 'thaw', expected results, as `open_result` or `play` gives them"
    )

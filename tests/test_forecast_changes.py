"""What moved between two recorded forecasts: what one assumption explains, or two, or none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coopsim.errors import UsageError
from coopsim.experiments.variants import Effort
from coopsim.forecasts.changes import ForecastChanges, MovedAnswer, changes
from coopsim.forecasts.question_files import read_questions
from coopsim.forecasts.questions import QuestionBook
from coopsim.forecasts.recording import AllTimelines, Making, record
from coopsim.forecasts.records import Chance, Record, record_hash
from coopsim.forecasts.verifying import Recorded
from coopsim.presentation.figures.attribution import panels_of
from coopsim.presentation.views.forecasts.changes import changes_views
from coopsim.scenario.loading import load_data
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program
from coopsim.simulation.workers.playing import Players
from shown import printed
from small_world import SMALL

RUNS = 1000
EFFORT = Effort(RUNS, Players(1))
END = "events.end.rate=1 per year"
COLD = "drivers.climate.initial=cold"
BOOK = """\
title: Open questions
opens: 2025-01-01
questions:
  - id: end
    question: Do operations end by 2030?
    by: 2030-12-31
    criterion: The last crew has left.
    source: The agencies
    asked: {statement: 'end by {by}', fit: exact}
  - id: first
    question: What comes first?
    by: 2034-12-31
    kind: choice
    options: [the end, the launch, neither]
    criterion: Whichever is first.
    source: The agencies
    asked:
      answers: {the end: end before launch, the launch: launch before end, neither: rest}
      fit: exact
  - id: decided
    question: Is it decided for?
    by: 2028-12-31
    criterion: A vote.
    source: The parliament
    asked: {statement: 'decision = yes by {by}', fit: exact}
  - id: mars
    question: Does somebody land on Mars?
    by: 2030-12-31
    criterion: A landing.
    source: The agencies
    asked: {silent: There is no Mars.}
"""


@cache
def book(folder: Path, text: str = BOOK) -> QuestionBook:
    file = folder / "questions.yaml"
    file.write_text(text, encoding="utf-8")
    return read_questions(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changes")


@cache
def recorded(folder: Path, *sets: str, runs: int = RUNS, text: str = BOOK) -> Record:
    loaded = load_data({**SMALL, "as_of": "2025-01-01"}, sets)
    program = build_program(loaded.scenario)
    everything = AllTimelines(loaded, program, runs, [compiled.simulate(program, 0, runs)])
    making = Making("small", "2026-11-27T16:00:00+00:00")
    return record(everything, book(folder, text), making, Effort(100, Players(1)))


def moved(before: Record, after: Record, effort: Effort = EFFORT) -> ForecastChanges:
    old, new = (
        Recorded(f"{name}.json", record_hash(one), one)
        for name, one in (("before", before), ("after", after))
    )
    return changes(old, new, "entry", effort)


def answers(found: ForecastChanges) -> dict[str, MovedAnswer]:
    return {one.title: one for question in found.questions for one in question.answers}


# At 1 per year the end comes within six years but for exp(-6).
def test_one_changed_assumption_explains_all(folder: Path) -> None:
    found = moved(recorded(folder), recorded(folder, END))
    assert found.others == ()
    assert found.silent == 1
    assert found.split is not None
    assert [one.name for one in found.split.changes] == ["events.end"]
    for title, one in answers(found).items():
        (part,) = found.split.outcomes[title].parts.values()
        assert one.left is None
        assert part.share.value == one.change.value
        assert one.change.value == pytest.approx(
            one.after.probability - one.before.probability, abs=2e-6
        )
    end = answers(found)["end: Do operations end by 2030"]
    assert end.after.probability == pytest.approx(0.9975, abs=5 * 0.0016)
    assert end.change.told_from_zero
    decided = answers(found)["decided: Is it decided for"]
    assert (decided.change.value, decided.change.se) == (0, 0)


# The error is that of pairs: below that of two forecasts that share nothing.
def test_the_same_luck_makes_a_difference_sharper(folder: Path) -> None:
    found = moved(recorded(folder), recorded(folder, "events.end.rate=0.3 per year"))
    one = answers(found)["end: Do operations end by 2030"]
    assert one.change.se is not None
    assert one.change.se < 0.9 * (one.before.se**2 + one.after.se**2) ** 0.5


# Whether the end comes before the launch hangs on both, and more than either alone.
def test_two_that_act_together_share_what_moved(folder: Path) -> None:
    found = moved(recorded(folder), recorded(folder, END, COLD))
    assert found.split is not None
    title = "first: What comes first: the launch"
    parts = found.split.outcomes[title].parts
    assert list(parts) == ["drivers.climate", "events.end"]
    assert sum(part.share.value for part in parts.values()) == pytest.approx(
        answers(found)[title].change.value, abs=1e-12
    )
    assert parts["events.end"].on.value != pytest.approx(parts["events.end"].off.value, abs=0.01)


def test_what_moved_most_comes_first(folder: Path) -> None:
    found = moved(recorded(folder), recorded(folder, END))
    assert [one.identity for one in found.questions] == ["end", "first", "decided"]
    sizes = [one.moved for one in found.questions]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


# --- what no assumption explains ------------------------------------------------------------------


def test_another_seed_leaves_something_over(folder: Path) -> None:
    found = moved(recorded(folder), recorded(folder, END, "seed=8"))
    assert found.others == ("the seeds, 7 and 8",)
    decided = answers(found)["decided: Is it decided for"]
    assert decided.left is not None
    assert decided.left.value == pytest.approx(decided.change.value) != 0
    independent = (decided.before.se**2 + decided.after.se**2) ** 0.5
    assert decided.change.se == pytest.approx(independent, abs=2e-6)


def test_other_numbers_of_timelines_and_versions_are_told(folder: Path) -> None:
    after = recorded(folder, END, runs=600)
    after = replace(after, assumed=replace(after.assumed, version="9.9"))
    found = moved(recorded(folder), after, Effort(200, Players(1)))
    version = found.before.version
    assert found.others == (
        "the number of timelines, 1,000 and 600",
        f"the version of coopsim, {version} and 9.9",
        "the number of timelines by which they are split, 200",
    )


def test_nothing_is_split_where_both_assume_the_same(folder: Path) -> None:
    found = moved(recorded(folder), recorded(folder, "seed=8"))
    assert (found.split, found.others) == (None, ("the seeds, 7 and 8",))
    assert {one.left for one in answers(found).values()} == {None}


def test_a_scenario_that_is_read_no_more_is_not_split(folder: Path) -> None:
    before = recorded(folder)
    assumed = replace(before.assumed, yaml=("scenario: small", "levers: {}"))
    found = moved(replace(before, assumed=assumed), recorded(folder, END))
    assert found.split is None
    assert found.others == (
        "the language: this version of coopsim does not read the scenario of before",
    )
    assert answers(found)["end: Do operations end by 2030"].change.told_from_zero


@pytest.mark.parametrize(
    ("old", "new", "why", "held"),
    [
        ("end by {by}", "end before launch", "asked by another statement", True),
        ("The last crew has left.", "Nobody is aboard.", "the question itself was changed", False),
        ("{statement: 'end by {by}', fit: exact}", "{silent: No end.}",
         "the model is silent now: No end.", False),
        ("id: end", "id: endings", "not asked any more", False),
    ],
)  # fmt: skip
def test_questions_that_are_not_asked_alike(
    folder: Path, old: str, new: str, why: str, held: bool
) -> None:
    found = moved(recorded(folder), recorded(folder, END, text=BOOK.replace(old, new)))
    (one,) = (one for one in found.questions if one.identity == "end")
    assert (one.why, bool(one.answers)) == (why, held)
    assert {each.left for each in one.answers} <= {None}


def test_what_cannot_be_held_against_each_other(folder: Path) -> None:
    one = recorded(folder)
    with pytest.raises(UsageError) as error:
        moved(one, one)
    assert str(error.value) == "before.json is compared with itself: name two records"
    other = replace(one, assumed=replace(one.assumed, start=date(2026, 11, 27)))
    with pytest.raises(UsageError) as error:
        moved(one, other)
    assert str(error.value) == (
        "before.json simulates from 2025-01-01 on and after.json from 2026-11-27 on: scenarios of "
        "different families, of which no assumption explains how one became the other; `coopsim "
        "forecast score` compares what they say"
    )


# --- how it is shown ------------------------------------------------------------------------------

PAGE = """\
From before to after
Made on 2026-11-27, then on 2026-11-27; 1,000 timelines, seed 7

What changes
  Climate
    initial: cool -> cold
  Operations end
    rate: {uniform: [0.05 per year, 0.45 per year]} -> 1 per year

What moved, chance %               before        now    difference
end: Do operations end by 2030?     74 ±3  99.9 ±0.5        +26 ±3
  Operations end                                            +26 ±3
first: What comes first?
  the end                           77 ±3  99.9 ±0.5        +23 ±3
    Operations end                                          +19 ±2
    Climate                                              +3.9 ±0.8
  the launch                        18 ±3   0.1 ±0.5        -18 ±2
    Operations end                                      -11.8 ±1.7
    Climate                                              -6.5 ±1.1
  neither                        4.6 ±1.5       <0.4     -4.6 ±1.3
    Operations end                                       -7.2 ±1.5
    Climate                                              +2.6 ±0.7

1 other does not differ (shown by --all).

On 1 question both models are silent.

Below a question stands what each changed assumption adds, averaged over all
orders of making the changes, where the effect can be detected; --all shows how
they work together.

±: 95 % simulation error, the margin of error from a finite number of timelines;
model uncertainty is not included.
"""


@pytest.fixture(scope="module")
def interacting(folder: Path) -> ForecastChanges:
    return moved(recorded(folder), recorded(folder, END, COLD))


def test_a_page_of_what_moved(interacting: ForecastChanges) -> None:
    (view,) = changes_views(interacting)
    assert printed(view) == PAGE


def test_all_of_it_shows_how_changes_work_together(interacting: ForecastChanges) -> None:
    moved_view, split = changes_views(interacting, everything=True)
    assert [row.about for row in moved_view.sections[1].rows][-1] == "decided"
    assert split.heading[0] == "Why after differs from before"
    assert "first: What comes first: the launch" in {one.about for one in split.sections}


# As if an older version had made less of the chance that it is decided for.
def test_what_no_assumption_explains_is_shown(folder: Path) -> None:
    before = recorded(folder)
    assumed = replace(before.assumed, version="0.0.1")
    questions = tuple(
        replace(one, chances={"yes": Chance(0.4, 0.015)})
        if one.world.identity == "decided"
        else one
        for one in before.questions
    )
    found = moved(replace(before, assumed=assumed, questions=questions), recorded(folder, END))
    page = printed(changes_views(found)[0])
    assert f"\nAlso different: the version of coopsim, 0.0.1 and {found.after.version}\n" in page
    assert (
        "decided: Is it decided for?         40 ±3      63 ±3        +23 ±4\n"
        "  from no assumption                                        +23 ±4\n"
    ) in page


def test_a_figure_has_a_panel_for_each_answer_that_moved(interacting: ForecastChanges) -> None:
    assert interacting.split is not None
    assert [panel.name for panel in panels_of(interacting.split)] == [
        "end: Do operations end by 2030",
        "first: What comes first: the end",
        "first: What comes first: the launch",
        "first: What comes first: neither",
    ]


def test_it_can_be_printed_as_json(interacting: ForecastChanges) -> None:
    tree: dict[str, Any] = json.loads(json.dumps(interacting.to_json(), allow_nan=False))
    assert tree["before"]["name"] == "before"
    assert tree["questions"][0]["identity"] == "end"
    assert tree["split"]["base"] == "before"

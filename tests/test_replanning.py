"""Plans in a scenario that is plain already: set, swept and compared as they were written."""

from __future__ import annotations

from typing import Any

import pytest

from coopsim.api.experiments import diff, split_settings, sweep
from coopsim.errors import ScenarioError, UsageError
from coopsim.experiments.sweeps import Axis, axis_of
from coopsim.scenario.changes.differences import differences, switched
from coopsim.scenario.loading import Loaded, load_data, load_text
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.sources.assumptions import assumptions
from coopsim.scenario.sources.claims import Claims
from coopsim.scenario.sources.support import Basis, support
from coopsim.scenario.text.tree import plain

PLAN: dict[str, Any] = {
    "title": "Official date of e",
    "official": 2028,
    "event": "e",
    "reviews": "every 6 to 12 months",
    "slips": {"none": 0.6, "half a year": 0.3, "1.5 years": 0.1},
    "group": "G",
    "judgement": "Made up.",
    "pace": [{"when": "d = fast", "times": 2}],
}
DATA: dict[str, Any] = {
    "scenario": "s",
    "start": "2025-01-01",
    "end": "2032-12-31",
    "runs": 50,
    "drivers": {"d": {"levels": ["slow", "fast"], "initial": "slow", "judgement": "Made up."}},
    "events": {"e": {"rate": "0.2 per year", "judgement": "Made up."}},
    "outcomes": {"late": {"index": [{"when": "p_official > 2030", "weight": 1}]}},
}


def made(*sets: str, **changed: Any) -> Loaded:
    return load_data({**DATA, "plans": {"p": PLAN}, **changed}, sets)


def refused(loaded: Loaded, setting: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loaded.having([setting])
    return str(caught.value)


@pytest.mark.parametrize(
    "setting",
    [
        "plans.p.official=2030",
        "plans.p.official=2030-H1",
        "plans.p.reviews=every 2 years",
        "plans.p.reviews={p5: 2, p95: 3, in: years}",
        "plans.p.slips.none=0.2",
        "plans.p.slips.1.5 years=0.5",
        "plans.p.pace.0.times=3",
        "plans.p.title=Another",
        "plans.p=null",
        "end=2031-12-31",
        "events.e.rate=0.3 per year",
    ],
)
def test_what_is_set_later_is_as_if_it_had_been_set_at_once(setting: str) -> None:
    questions = {} if setting == "plans.p=null" else {"outcomes": DATA["outcomes"]}
    data = {"outcomes": {"e": {"event": "e"}}, **questions}
    at_once, later = made(setting, **data), made(**data).having([setting])
    assert (later.hash, later.questions, later.text) == (
        at_once.hash, at_once.questions, at_once.text
    )  # fmt: skip
    assert later.scenario == at_once.scenario
    again = load_text(made(**data).text).having([setting])  # as of a result, which is kept plain
    assert (again.hash, again.text) == (at_once.hash, at_once.text)


def test_a_plan_is_found_again_and_nothing_else_is_taken_for_one() -> None:
    loaded = made()
    again = replanned(loaded.tree)
    assert plain(again["plans"]) == {
        "p": {
            "title": "Official date of e", "group": "G", "judgement": "Made up.",
            "official": "2028", "event": "e", "reviews": "6 to 12 months",
            "slips": {"none": "0.6", "half a year": "0.3", "1.5 years": "0.1"},
            "pace": [{"when": {"d": "fast"}, "times": "2"}],
        }
    }  # fmt: skip
    assert (list(again["drivers"]), list(again["events"])) == (["d"], ["e"])
    assert "plans" not in loaded.tree
    moved = loaded.revised({"events.p_reviewed.outcomes.half a year.shifts.p_official": 3})
    assert "plans" not in replanned(moved.tree)
    bare = load_data({**DATA, "outcomes": {"e": {"event": "e"}}})
    assert replanned(bare.tree) is bare.tree


@pytest.mark.parametrize(
    ("made_path", "path"),
    [
        ("drivers.p_official.initial=2030", "plans.p.official=2030"),
        ("events.p_reviewed.takes=2 years", "plans.p.reviews=2 years"),
        ("events.p_reviewed.outcomes.1.5 years.chance=0.5", "plans.p.slips.1.5 years=0.5"),
        ("events.p_reviewed.pace.0.times=3", "plans.p.pace.0.times=3"),
    ],
)
def test_a_path_that_a_plan_has_made_sets_the_plan(made_path: str, path: str) -> None:
    assert made(made_path).text == made(path).text == made().having([made_path]).text


@pytest.mark.parametrize(
    "path",
    ["drivers.p_official.levels.0", "events.p_reviewed", "events.p_reviewed.outcomes.none"],
)
def test_what_a_plan_does_not_say_is_refused_with_what_it_says(path: str) -> None:
    told = (
        f"--set {path}=1: error: found '{path}', which a plan makes, expected a part of the "
        "plan, such as `plans.p.official`, `.reviews` or `.slips`"
    )
    assert refused(made(), f"{path}=1").splitlines()[0] == told


def test_the_other_slips_keep_their_proportions() -> None:
    (note,) = made("plans.p.slips.none=0.2").warnings
    assert (note.path, note.expected) == (
        "plans.p.slips",
        (
            "chances that sum to 1: the others are scaled in proportion, half a year to 0.6 and "
            "1.5 years to 0.2"
        ),
    )


def test_an_official_date_is_swept() -> None:
    assert split_settings(["plans.p.official=2028, 2030"])[1] == ["plans.p.official=2028, 2030"]
    found = sweep(
        made(), ["plans.p.official=2026, 2030"], "late on 2030-12-31", runs=200, workers=1
    )
    assert found.axes[0].title == "Official date of e"
    early, late = (point.base.value for point in found.points)
    assert early is not None
    assert late is not None
    assert early < late


def axis(written: str, points: int = 9, path: str = "plans.p.official") -> Axis:
    return axis_of(made(), f"{path}={written}", points)


def test_a_range_of_official_dates_goes_over_the_ends_of_half_years() -> None:
    years = axis("2028..2029")
    assert years.texts == ("2028", "2029-H1", "2029")
    assert [years.text(number) for number in years.numbers or ()] == [
        "2028-12-31", "2029-06-30", "2029-12-31",
    ]  # fmt: skip
    assert axis("2027-H1..2028-03-01").texts == ("2027-H1", "2027", "2028-H1")
    assert axis("2026..2032", points=3).texts == ("2026", "2029", "2032")
    assert axis("2028..2029", path="drivers.p_official.initial") == years


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2029..2028", ": expected two half-years, the low end below the high one"),
        ("2028..2029 years", ": expected two half-years, the low end below the high one"),
        ("2028..soon", (" is not a sweep; expected PATH=LOW..HIGH, such as "
            "events.decree.rate=0.1..0.4 per year, or PATH=A, B, C")),
    ],
)  # fmt: skip
def test_what_is_no_range_of_official_dates(written: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        axis(written)
    assert str(caught.value) == f"'plans.p.official={written}'{told}"


def test_plans_that_differ_in_a_date_differ_once() -> None:
    old, new = made(), made("plans.p.official=2030")
    (one,) = diff(old, new).found
    assert (one.name, one.before, one.after) == ("plans.p.official", "2028", "2030")
    assert (one.title, one.entry, one.judgement) == ("Official date of e", "plans.p", "Made up.")
    assert load_data(plain(switched(old.tree, [one]))).hash == new.hash


def test_a_plan_that_only_one_has_is_one_difference() -> None:
    questions = {"outcomes": {"e": {"event": "e"}}}
    old, new = load_data({**DATA, **questions}), made(**questions)
    (one,) = differences(old.tree, new.tree)
    assert (one.name, one.old) == ("plans.p", None)
    assert load_data(plain(switched(old.tree, [one]))).hash == new.hash
    (other,) = differences(new.tree, old.tree)
    assert (other.name, other.new) == ("plans.p", None)


def test_the_numbers_of_a_plan_are_listed_once_under_its_own_paths() -> None:
    loaded = made()
    found = [one for one in assumptions(loaded.tree) if "p_" in one.path or ".p." in one.path]
    assert [(one.path, one.value, one.kind) for one in found] == [
        ("plans.p.official", "2028", "date"),
        ("plans.p.reviews", "6 to 12 months", "duration"),
        ("plans.p.slips.none", "0.6", "chance"),
        ("plans.p.slips.half a year", "0.3", "chance"),
        ("plans.p.slips.1.5 years", "0.1", "chance"),
        ("plans.p.pace.0.times", "2", "factor"),
    ]
    assert {(one.entry, one.title, one.judgement, one.group, one.section) for one in found} == {
        ("plans.p", "Official date of e", "Made up.", "G", "plans")
    }
    assert loaded.having([f"{one.path}={one.value}" for one in found]).hash == loaded.hash


def test_what_a_plan_rests_on_is_told_as_of_any_entry() -> None:
    plan = {**PLAN, "sources": ["a.1"]}
    found = support("s", made(plans={"p": plan}).tree, Claims("seeds", {}, {}))
    bases = {one.assumption.path: one.basis for one in found.supported}
    assert bases["plans.p.official"] is bases["plans.p.slips.none"] is Basis.CITED
    assert found.entries == {"plans.p": ("a.1",)}
    assert list(found.resting_on("a.1"))[:2] == ["plans.p.official", "plans.p.reviews"]

"""Every number of a scenario is an assumption, and its path is the one that --set takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from coopsim.scenario.changes.setting import apply_set
from coopsim.scenario.identity import firing_hash, question_hash
from coopsim.scenario.loading import Loaded, load, load_resolved
from coopsim.scenario.notation import values
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import plain_tree
from coopsim.scenario.sources.assumptions import Assumption, assumptions
from coopsim.scenario.text.tree import Map
from coopsim.simulation.building import build_program

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))

# Every place where a number may stand, each number written once only, so that one left out shows.
EVERYTHING = """\
scenario: everything
as_of: 2020-01-02
start: 2020-01-03
end: 2060-01-04
runs: 17
seed: 23
references:
  bare: 1.01 to 1.02
  kept: {value: 1.03 to 1.04, share: 0.051, luck: industry, title: A factor}
  lengths: {lognormal: [1.05 years, 1.06], judgement: Ours.}
  idle: {uniform: [2031-01-05, 2031-01-06]}
  paces: {pace: [{when: {climate: "2030"}, times: 1.07}, {by: climate, "2031": 1.08}, {like: more}]}
  more: {pace: [{when: {}, times: 1.09 to 1.11}]}
  often: {opens: 2032-01-07, every: 1.12 years, lasts: 40 days}
  listed: {open: [[2033-01-08, 2033-03-09], [2034-01-11, 2034-03-12]], sources: [a.1]}
drivers:
  climate:
    levels: ["2030", "2031", low]
    initial: {"2030": 0.21, low: 0.79}
    switches:
      2030 -> 2031:
        rate: {by: climate, "2030": 1.13 per year, low: 1.14 to 1.15 per year}
        pace: [{like: paces}, {by: climate, low: {like: bare}}]
        from: 2035-01-13
        until: 2036-01-14
        sources: [a.2]
      2031 -> low: {takes: {planned: 1.16 years, growth: {like: kept, share: 0.052, luck: x}}}
    judgement: The driver's.
events:
  planned:
    date: {planned: 2037-01-15 to 2037-01-16, growth: 1.17, not_before: 2038-01-17}
    window: {like: listed}
    shifts: {climate: -2}
  mixed:
    date:
      by: climate
      "2030": {earliest: 2039-01-18, likely: 2039-03-19, latest: 2039-05-21}
      low: {normal: [2040-01-22, 41 days]}
    odds: [{when: {climate: low}, times: {works: 1.18}}]
    outcomes:
      works:
        chance: [{when: {climate: low}, is: 0.22}, {is: 0.23 to 0.24}]
        shifts: {climate: +1}
        sources: [a.3]
      drifts:
        chance: {by: climate, "2030": 0.25, "2031": 0.26, low: {p5: 0.27, p50: 0.28, p95: 0.29}}
      fails: {chance: rest, judgement: The branch's.}
  calendar: {date: {first: 2041-01-23, every: 42 days}, repeat: true}
  rhythm: {date: {first: 2042-01-24, then: {weibull: [1.19, 43 days]}}, repeat: true}
  work: {takes: {exponential: 44 days}, after: {planned: {triangular: [45 days, 46 days, 47 days]}}}
  grows: {takes: {planned: 48 days, growth: {like: kept}}}
  span: {takes: {like: lengths}, window: {like: often}}
  hazard: {rate: {low: 1.21 per year, likely: 1.22 per year, high: 1.23 per year}}
outcomes:
  early: {event: planned, by: 2043-01-25}
  index: {index: [{when: {climate: low}, weight: 3.01}, {when: {}, weight: 3.02}]}
"""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenarios") / "everything.yaml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return path


def found_in(loaded: Loaded) -> dict[str, Assumption]:
    found = assumptions(loaded.tree)
    by_path = {one.path: one for one in found}
    assert len(by_path) == len(found)
    return by_path


@pytest.fixture
def texts_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Note every text that is read as a number, a date, a duration, a rate or a step."""
    read: set[str] = set()

    def noting(parse: Callable[[str], object]) -> Callable[[str], object]:
        def note(text: str) -> object:
            parsed = parse(text)
            read.add(text)
            return parsed

        return note

    for name in ("date", "duration", "rate", "number", "every"):
        parse = getattr(values, f"parse_{name}")
        monkeypatch.setattr(values, f"parse_{name}", noting(parse))
    return read


def test_no_number_that_is_read_is_left_out(everything: Path, texts_read: set[str]) -> None:
    loaded = load(everything)
    build_program(loaded.scenario)
    found = found_in(loaded).values()
    listed = {end for one in found if one.reference is None for end in one.ends}
    assert listed == texts_read - {"17", "23"}  # runs and seed say nothing of the world


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_nor_in_a_scenario_that_is_shipped(path: Path, texts_read: set[str]) -> None:
    loaded = load_resolved(path)  # without its claims, whose numbers are read likewise
    build_program(loaded.scenario)
    listed = {end for one in assumptions(loaded.tree) for end in one.ends}
    listed |= {end.removesuffix("%").strip() for end in listed}
    calendar = {
        switch["from"]  # of an official date, which moves by itself
        for driver in loaded.tree["drivers"].values()
        for switch in driver.get("switches", {}).values()
        if "plan" in driver
    }
    runs_and_seed = {str(loaded.scenario.runs), str(loaded.scenario.seed)}
    assert texts_read - listed <= runs_and_seed | calendar


def test_every_number_of_the_program_changes_with_its_assumption(everything: Path) -> None:
    """Names, levels and titles aside, the program must differ for each number that differs."""
    loaded = load(everything)
    program = repr(build_program(loaded.scenario))
    for one in found_in(loaded).values():
        inert = one.path.startswith(("outcomes", "references.idle", "as_of", "drivers.climate.in"))
        if one.reference is None and not inert:
            changed = load(everything, [f"{one.path}={another(one)}"])
            assert repr(build_program(changed.scenario)) != program, one.path


def another(one: Assumption) -> str:
    """Write a value a little larger."""
    if one.kind == "date":
        return re.sub(r"-0(\d)-", lambda month: f"-0{int(month[1]) + 1}-", one.value)
    if one.kind == "levels":
        return "-1" if one.value == "-2" else "2"
    *_, last = one.ends
    number, _, unit = last.partition(" ")
    larger = f"{float(number) * 1.004:.6g}"
    return f"{one.ends[0]} to {larger} {unit}" if len(one.ends) == 2 else f"{larger} {unit}"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_path_can_be_set_to_what_it_is(path: Path) -> None:
    loaded = load_resolved(path)
    tree = replanned(loaded.tree)
    for one in assumptions(loaded.tree):
        tree = apply_set(tree, f"{one.path}={one.value}")
    tree, _ = plain_tree(tree)
    assert firing_hash(tree, loaded.scenario.seed) == loaded.hash
    assert question_hash(tree) == loaded.questions


def hashes(tree: Map, seed: int) -> tuple[str, str]:
    return firing_hash(tree, seed), question_hash(tree)


def test_each_counts_in_a_hash(everything: Path) -> None:
    loaded = load(everything)
    for one in assumptions(loaded.tree):
        same = apply_set(loaded.tree, f"{one.path}={one.value}")
        other = apply_set(loaded.tree, f"{one.path}=something else")
        assert hashes(same, loaded.scenario.seed) == hashes(loaded.tree, loaded.scenario.seed)
        assert (
            hashes(other, loaded.scenario.seed) == hashes(loaded.tree, loaded.scenario.seed)
        ) is (one.path == "as_of"), one.path


def test_levels_that_look_like_numbers_are_none() -> None:
    baseline = next(path for path in SCENARIOS if path.stem == "baseline")
    found = assumptions(load_resolved(baseline).tree)
    values = [one.path for one in found if one.value in ("2028", "2030")]
    assert values == ["events.ros_first_module.date.planned", "plans.ros_first_module.official"]


def test_each_has_its_kind_and_unit(everything: Path) -> None:
    found = found_in(load(everything))
    kinds = {
        "start": ("date", "date"),
        "references.bare": ("factor", "times"),
        "references.kept.value": ("factor", "times"),
        "references.kept.share": ("share", "share of luck"),
        "references.lengths.lognormal.0": ("duration", "years"),
        "references.lengths.lognormal.1": ("number", "number"),
        "references.idle.uniform.0": ("date", "date"),
        "references.often.every": ("duration", "years"),
        "drivers.climate.initial.low": ("chance", "probability"),
        "drivers.climate.switches.2030 -> 2031.rate.low": ("rate", "per year"),
        "drivers.climate.switches.2031 -> low.takes.growth.share": ("share", "share of luck"),
        "events.mixed.date.low.normal.1": ("duration", "days"),
        "events.mixed.outcomes.works.shifts.climate": ("levels", "levels"),
        "events.rhythm.date.then.weibull.0": ("number", "number"),
        "events.rhythm.date.then.weibull.1": ("duration", "days"),
        "events.work.after.planned.triangular.2": ("duration", "days"),
        "outcomes.index.index.1.weight": ("weight", "weight"),
    }
    assert {path: (found[path].kind, found[path].unit) for path in kinds} == kinds


def test_a_reference_that_is_used_is_named_with_its_path(everything: Path) -> None:
    found = found_in(load(everything))
    named = {path: one.reference for path, one in found.items() if one.reference is not None}
    assert named == {
        "references.paces.pace.2.like": "references.more",
        "drivers.climate.switches.2030 -> 2031.pace.0.like": "references.paces",
        "drivers.climate.switches.2030 -> 2031.pace.1.low.like": "references.bare",
        "drivers.climate.switches.2031 -> low.takes.growth.like": "references.kept",
        "events.planned.window.like": "references.listed",
        "events.grows.takes.growth.like": "references.kept",
        "events.span.takes.like": "references.lengths",
        "events.span.window.like": "references.often",
    }
    assert {found[path].unit for path in named} == {"reference"}


def test_the_nearest_entry_that_says_so_supports_a_number(everything: Path) -> None:
    found = found_in(load(everything))

    def support(path: str) -> tuple[str, tuple[str, ...], str | None]:
        return found[path].entry, found[path].sources, found[path].judgement

    climate = "drivers.climate"
    switches = f"{climate}.switches"
    assert support("end") == ("", (), None)
    assert support("references.bare") == ("references.bare", (), None)
    assert support("references.listed.open.1.0") == ("references.listed", ("a.1",), None)
    assert support(f"{climate}.initial.low") == (climate, (), "The driver's.")
    first = f"{switches}.2030 -> 2031"
    assert support(f"{first}.rate.2030") == (first, ("a.2",), None)
    assert support(f"{switches}.2031 -> low.takes.planned") == (climate, (), "The driver's.")
    works = "events.mixed.outcomes.works"
    assert support(f"{works}.chance.0.is") == (works, ("a.3",), None)
    assert support("events.mixed.outcomes.drifts.chance.low.p50") == ("events.mixed", (), None)
    assert support("outcomes.early.by") == ("outcomes.early", (), None)
    assert found["references.kept.value"].title == "A factor"
    assert {found[path].section for path in ("end", "outcomes.early.by")} == {"header", "outcomes"}

"""Single assumptions set by their path."""

from __future__ import annotations

from typing import Any

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.changes.setting import apply_set
from coopsim.scenario.text.tree import Map, plain
from coopsim.scenario.text.yaml_text import read_text


def tree(text: str) -> Map:
    return read_text(text, "file.yaml")[0]


BASE = """
seed: 1
drivers:
  sanctions:
    levels: [eased, targeted, "2.5", full]
    initial: {eased: 0.1, targeted: 0.9}
    switches:
      targeted -> eased: {rate: 1 per year}
events:
  launch:
    date: {planned: 2028, growth: {p5: 1, p95: 2}}
    pace:
      - {by: sanctions, full: 0.5, "2.5": 0.6}
      - {when: {sanctions: [eased, full]}, times: 2}
  leak:
    rate: {by: sanctions, full: 1 per year, "2.5": 2 per year}
    window: {open: [[2028, 2029], [2030, 2031]]}
"""


def set_in(setting: str) -> Any:
    return plain(apply_set(tree(BASE), setting))


def refusal(setting: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        apply_set(tree(BASE), setting)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("seed", "7"),
        ("title", "New"),
        ("drivers.sanctions.initial", "full"),
        ("drivers.sanctions.initial.eased", "0.2"),
        ("drivers.sanctions.levels.2", "new"),
        ("drivers.sanctions.switches.targeted -> eased.rate", "2 per year"),
        ("drivers.sanctions.switches.targeted -> eased.until", "2030"),
        ("events.launch.date", "2030"),
        ("events.launch.date.planned", "2030"),
        ("events.launch.date.growth", "3"),
        ("events.launch.date.growth.p5", "1.5"),
        ("events.launch.pace.0.full", "0.7"),
        ("events.launch.pace.1.times", "0.7"),
        ("events.launch.pace.1.when.sanctions.0", "targeted"),
        ("events.leak.rate.full", "3 per year"),
        ("events.leak.rate.eased", "3 per year"),
        ("events.leak.window.open.1.0", "2029"),
    ],
)
def test_a_path_leads_to_what_is_set(path: str, value: str) -> None:
    expected = plain(tree(BASE))
    node: Any = expected
    parts = path.replace("targeted -> eased", "SWITCH").split(".")
    keys = [part.replace("SWITCH", "targeted -> eased") for part in parts]
    for key in keys[:-1]:
        node = node[int(key)] if isinstance(node, list) else node[key]
    node[int(keys[-1]) if isinstance(node, list) else keys[-1]] = value
    assert set_in(f"{path}={value}") == expected


def test_names_with_dots_are_found_as_they_are_and_in_quotes() -> None:
    for name in ("2.5", '"2.5"', "'2.5'"):
        assert set_in(f"events.leak.rate.{name}=9 per year")["events"]["leak"]["rate"] == {
            "by": "sanctions",
            "full": "1 per year",
            "2.5": "9 per year",
        }
        assert set_in(f"events.launch.pace.0.{name}=9")["events"]["launch"]["pace"][0]["2.5"] == "9"
    beside = apply_set(tree(BASE), "events.leak.rate.2=8 per year")
    longest = plain(apply_set(beside, "events.leak.rate.2.5=9 per year"))
    assert longest["events"]["leak"]["rate"]["2.5"] == "9 per year"
    assert longest["events"]["leak"]["rate"]["2"] == "8 per year"
    quoted = set_in("drivers.sanctions.switches.'targeted -> eased'.rate=3 per year")
    switches = quoted["drivers"]["sanctions"]["switches"]
    assert switches == {"targeted -> eased": {"rate": "3 per year"}}


def test_a_set_mapping_merges_where_a_file_would() -> None:
    leak = set_in("events.leak={rate: {full: 5 per year}, until: 2030}")["events"]["leak"]
    assert leak["rate"] == {"by": "sanctions", "full": "5 per year", "2.5": "2 per year"}
    assert leak["until"] == "2030"
    assert "window" in leak
    date = set_in("events.launch.date={planned: 2029, growth: 2}")["events"]["launch"]["date"]
    assert date == {"planned": "2029", "growth": "2"}
    growth = set_in("events.launch.date.growth={lognormal: [2, 0.5]}")["events"]["launch"]["date"]
    assert growth == {"planned": "2028", "growth": {"lognormal": ["2", "0.5"]}}
    initial = set_in("drivers.sanctions.initial={full: 1}")["drivers"]["sanctions"]["initial"]
    assert initial == {"full": "1"}
    base = apply_set(tree(BASE), "events.launch.pace.1.times={low: 1, likely: 2, high: 3}")
    times = apply_set(base, "events.launch.pace.1.times={p5: 1, p95: 2}")
    assert plain(times)["events"]["launch"]["pace"][1]["times"] == {"p5": "1", "p95": "2"}
    added = set_in("events.new={rate: 1 per year}")["events"]
    assert list(added) == ["launch", "leak", "new"]


def test_set_null_removes() -> None:
    assert "window" not in set_in("events.leak.window=null")["events"]["leak"]
    assert "leak" not in set_in("events.leak=null")["events"]
    assert set_in("events.leak.rate.full=null")["events"]["leak"]["rate"] == {
        "by": "sanctions",
        "2.5": "2 per year",
    }


def test_set_to_nothing_is_refused_as_a_slip() -> None:
    with pytest.raises(ScenarioError) as error:
        set_in("events.leak=")
    assert str(error.value) == (
        "--set events.leak=: error: events.leak: found nothing, "
        "expected a value after the `=`; PATH=null removes what stands there"
    )


def test_what_was_set_leaves_the_tree_it_came_from_alone() -> None:
    base = tree(BASE)
    before = plain(base)
    apply_set(base, "events.launch.pace.0.full=9")
    assert plain(base) == before


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("seed", "--set: error: found 'seed', expected PATH=VALUE"),
        ("=5", "--set: error: found '=5', expected PATH=VALUE"),
        (
            "events.lauch.date=2030",
            "error: events: found 'lauch', expected launch or leak; did you mean 'launch'?",
        ),
        (
            "events.launch.pace.2.times=1",
            "error: events.launch.pace: found '2', expected a position from 0 to 1",
        ),
        (
            "events.launch.pace.-1.times=1",
            "error: events.launch.pace: found '-1', expected a position from 0 to 1",
        ),
        (
            "events.launch.pace.first=1",
            "error: events.launch.pace: found 'first', expected a position from 0 to 1",
        ),
        (
            "seed.deeper=1",
            "error: seed: found 'deeper', expected nothing below the value '1'",
        ),
        (
            "events.leek=null",
            (
                "error: events: found 'leek', expected something for null to remove; "
                "did you mean 'leak'?"
            ),
        ),
        (
            "seed=[1",
            "error: found '[1', expected a value in YAML, quoted if it has special characters",
        ),
    ],
)
def test_a_setting_that_leads_nowhere_is_told(setting: str, expected: str) -> None:
    shown = "" if expected.startswith("--set") else f"--set {setting}: "
    assert refusal(setting) == shown + expected

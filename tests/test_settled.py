"""What always or never holds: the assumption that makes it so, and that it does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coopsim import api
from coopsim.analysis.evidence.settled import why_settled
from coopsim.analysis.timelines import Timelines
from coopsim.errors import UsageError
from coopsim.scenario.checks.barring import Barring
from coopsim.scenario.notation.values import parse_date
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
WORLD = """\
scenario: small
start: 2025-01-01
end: 2030-12-31
runs: 400
seed: 7
drivers:
  mood: {levels: [bad, fair, good], initial: bad, switches: {bad -> fair: {rate: 1 per year}}}
  law: {levels: [none, passed], initial: none}
events:
  vote: {date: 2026-05-03}
  yearly: {date: {first: 2027-02-01, every: 1 year}, repeat: true}
  pact: {rate: 1 per year, when: law = passed}
  talks: {rate: 1 per year, from: 2028-01-01, until: 2028-12-31, repeat: true}
  visit: {takes: 1 month, upon: [talks], outcomes: {well: {chance: 1}, badly: {chance: 0}}}
  ship: {date: {planned: 2027-01-01, growth: {lognormal: [2, 0.3]}, not_before: 2028-06-01}}
  flight: {rate: 0 per year}
  landing: {takes: 1 day, when: flight or law = passed}
outcomes:
  mood: {driver: mood}
"""
AT = {name: f"small.yaml:{line}" for name, line in (
    ("mood", 7), ("law", 8), ("vote", 10), ("yearly", 11), ("talks", 13), ("visit", 14),
    ("ship", 15), ("flight", 16),
)}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settled")
    (folder / "small.yaml").write_text(WORLD, encoding="utf-8")
    return folder


NEVER = [
    ("vote by 2025", f"`events.vote.date` is 2026-05-03 ({AT['vote']})"),
    ("yearly in 2025", f"`events.yearly.date.first` is 2027-02-01 ({AT['yearly']})"),
    ("second vote", f"`events.vote.repeat` is not set ({AT['vote']})"),
    ("talks by 2027", f"`events.talks.from` is 2028-01-01 ({AT['talks']})"),
    ("talks after 2028", f"`events.talks.until` is 2028-12-31 ({AT['talks']})"),
    ("visit before 2027", f"`events.talks.from` is 2028-01-01 ({AT['talks']})"),
    ("visit = badly", f"`events.visit.outcomes.badly.chance` is 0 ({AT['visit']})"),
    ("ship by 2027", f"`events.ship.date.not_before` is 2028-06-01 ({AT['ship']})"),
    ("flight", f"`events.flight.rate` is 0 per year ({AT['flight']})"),
    ("law = passed for 9 days", f"`drivers.law.initial` is none ({AT['law']})"),
    ("mood = good", f"`drivers.mood.initial` is bad ({AT['mood']})"),
    ("pact", f"`drivers.law.initial` is none ({AT['law']})"),
    ("landing", (f"`events.flight.rate` is 0 per year ({AT['flight']}) and `drivers.law.initial` "
        f"is none ({AT['law']})")),
    ("vote with flight", f"`events.flight.rate` is 0 per year ({AT['flight']})"),
    ("yearly after flight", f"`events.flight.rate` is 0 per year ({AT['flight']})"),
    ("mood = fair and pact", f"`drivers.law.initial` is none ({AT['law']})"),
    ("not mood = bad", f"`drivers.mood.initial` is bad ({AT['mood']})"),
]  # fmt: skip
ALWAYS = [
    ("vote by 2026", f"`events.vote.date` is 2026-05-03 ({AT['vote']})"),
    ("yearly in 2027", f"`events.yearly.date.first` is 2027-02-01 ({AT['yearly']})"),
    ("mood = bad by 2027", f"`drivers.mood.initial` is bad ({AT['mood']})"),
    ("law = none on 2030", f"`drivers.law.initial` is none ({AT['law']})"),
    ("flight <= 3", f"`events.flight.rate` is 0 per year ({AT['flight']})"),
    ("not pact or mood = fair", f"`drivers.law.initial` is none ({AT['law']})"),
]


@pytest.mark.parametrize(("text", "reason"), NEVER)
def test_evidence_that_never_holds_is_refused_with_its_assumption(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.chdir(folder)
    # It is not searched for among a million timelines.
    with pytest.raises(UsageError) as error:
        api.ask("small.yaml", "vote", given=[text], until=400)
    assert str(error.value) == (
        f"none of 400 timelines matches: `{text}` holds in no timeline, as {reason}"
    )


@pytest.mark.parametrize(("text", "reason"), ALWAYS)
def test_evidence_that_always_holds_is_told_with_its_assumption(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.chdir(folder)
    told = f"`{text}` holds in every timeline, as {reason}"
    found = api.ask("small.yaml", "mood = fair by 2026", given=[text])
    assert found.matches == 400
    assert found.warnings == (told,)
    asked = api.ask("small.yaml", text)
    assert asked.answers[0].reason == told


def test_given_says_the_same_of_a_result(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    file = api.run("small.yaml", workers=1).folder / "scenario.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = f"{file}:{lines.index('    initial: none') + 1}"
    result = api.open_result("small")
    with pytest.raises(UsageError) as error:
        api.given(result, ["mood = fair by 2026", "law = passed"], until=400)
    assert str(error.value) == (
        "none of 400 timelines matches: `law = passed` holds in no timeline, as "
        f"`drivers.law.initial` is none ({place})"
    )
    found = api.given(result, ["law = none", "mood = fair by 2029"])
    assert found.warnings[0] == (
        f"`law = none` holds in every timeline, as `drivers.law.initial` is none ({place})"
    )


# A driver that has seldom left a level, an event that has not come so often: nobody forbade it.
def test_what_no_single_assumption_settles_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(UsageError) as error:
        api.ask("small.yaml", "vote", given=["talks >= 30"])
    assert str(error.value) == (
        "0 of 400 timelines match `talks >= 30`; at least 30 must match: use a broader condition, "
        "or simulate more: `--until 400` continues until that many match. `talks >= 30` holds in "
        f"no timeline, though no single assumption makes it so: see `events.talks` ({AT['talks']})"
    )


def test_a_reason_that_was_set_is_told_by_its_setting() -> None:
    loaded = api.load(SCENARIOS / "baseline.yaml", ["events.heads_meet.from=2030-01-01"])
    reason = why_settled(loaded, build_program(loaded.scenario))("heads_meet by 2028", False)
    assert reason.certain
    assert reason.text == (
        "`heads_meet by 2028` holds in no timeline, as `events.heads_meet.from` is 2030-01-01 "
        "(--set events.heads_meet.from=2030-01-01)"
    )


# --- what is barred never comes -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["baseline", "rupture", "face_value", "backtest_2014"])
def test_nothing_that_is_barred_ever_happens(name: str) -> None:
    scenario = api.load(SCENARIOS / f"{name}.yaml").scenario
    program = build_program(scenario)
    firings = simulate(program, 0, 300)
    timelines = Timelines(program, firings)
    barring = Barring(scenario)
    days = [parse_date(str(year)).first for year in range(2015, 2041)]
    days = [day for day in days if 0 < day - program.start <= program.horizon]
    barred = 0
    for day in days:
        seconds = day - program.start
        early = firings.event[firings.time < seconds]
        for number, event in enumerate(program.events):
            if event.name in barring.happenings and barring.event(event.name, None, day):
                barred += 1
                assert not (early == number).any(), (event.name, day)
        for number, driver in enumerate(program.drivers):
            for level, one in enumerate(driver.levels):
                if barring.level(driver.name, frozenset({one}), day):
                    barred += 1
                    seen = timelines.levels(number, [0, seconds])
                    assert not np.any(seen == level), (driver.name, one, day)
    assert barred > 20

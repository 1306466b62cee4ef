"""Every example of docs/guide.md loads in silence and runs, and the numbers in the text are so.

A share is held against its closed form, which must round to what the page says, and against the
simulation, which may be five standard errors off (a false failure once in 1.7 million seeds).
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from both_engines import simulate
from coopsim.analysis.summaries import Summary, plain, summarise
from coopsim.scenario.loading import Loaded, load
from coopsim.scenario.notation.values import DAY, YEAR, parse_date
from coopsim.simulation.building import build_program
from world import STANDARD_ERRORS, Runs

PAGE = (Path(__file__).parents[1] / "docs" / "guide.md").read_text(encoding="utf-8")
RUNS = 1000
YEARS_5 = (parse_date("2030-01-01").first - parse_date("2025-01-01").first) / YEAR


def _sections() -> dict[str, tuple[str, str]]:
    """Take the page apart: by the scenario's id the example and the text of its section."""
    found = {}
    for section in PAGE.split("\n## ")[1:]:
        for block in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL):
            text = re.sub(r"```yaml\n.*?```", "", section, flags=re.DOTALL)
            if not block.startswith("# "):
                found[yaml.safe_load(block)["scenario"]] = (block, " ".join(text.split()))
    return found


SECTIONS = _sections()
PARTS = dict(re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", PAGE, re.DOTALL))  # section files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("guide")
    for name, (block, _) in SECTIONS.items():
        (place / f"{name}.yaml").write_text(block, encoding="utf-8")
    for name, block in PARTS.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(block, encoding="utf-8")
    return place


class Example:
    """Hold an example that has been run, and the text beside it."""

    def __init__(self, loaded: Loaded, text: str) -> None:
        self.text = text
        self.scenario = loaded.scenario
        program = build_program(loaded.scenario)
        firings = simulate(program, 0, RUNS)
        self.runs = Runs(program, firings)
        self.start = loaded.scenario.start.first
        self.summary: Summary = summarise(loaded.scenario, program, [firings], loaded.hash)

    def answer(self, question: str) -> Any:
        return self.summary.outcomes[question]

    def second(self, date: str) -> int:
        """Count the seconds from the start to 00:00 of a date."""
        return parse_date(date).first - self.start

    def stated(self, pattern: str) -> str:
        """Read from the page what the group of a pattern matches; it must match once."""
        (found,) = re.findall(pattern, self.text)
        return str(found)

    def always_on(self, event: str, pattern: str) -> None:
        """Hold the one date of an event in every timeline against the one on the page."""
        assert set(self.runs.first(event).tolist()) == {self.second(self.stated(pattern))}

    def share(self, happened: Any, theory: float, pattern: str) -> None:
        """Hold a share of the timelines against its closed form and the page."""
        assert abs(float(self.stated(pattern)) - 100 * theory) <= 0.5
        error = math.sqrt(theory * (1 - theory) / RUNS)
        assert abs(np.mean(happened) - theory) <= STANDARD_ERRORS * error


@cache
def _example(folder: Path, name: str) -> Example:
    return Example(load(folder / f"{name}.yaml"), SECTIONS[name][1])


# --- what the page says of each ---------------------------------------------------------------


def a_date(it: Example) -> None:
    it.always_on("review", r"review is on (\S+) in every")
    decision = it.runs.first("decision")
    assert decision.min() >= it.second(it.stated(r"never before (\S+) nor"))
    assert decision.max() < it.second(it.stated(r"nor after (\S+)\.")) + DAY
    early = it.runs.first("visit") < it.second("2028-01-01")
    it.share(early, 0.05, r"before 2028 in (\d+) %")


def a_plan(it: Example) -> None:
    it.always_on("sure_slip", r"first one comes on (\S+) in every")
    usual = it.runs.first("usual_slip")
    # Growth is lognormal with median 2 and sigma 0.5: below 2 with 1/2, below 1 with
    # Phi(-ln 2 / 0.5) = 0.0829.
    it.share(usual < it.second("2028-12-31"), 0.5, r"by that day in (\d+) %")
    on_time = 0.5 * math.erfc(math.log(2) / 0.5 / math.sqrt(2))
    it.share(usual < it.second("2027-01-01"), on_time, r"on time in (\d+) %")
    assert abs(it.answer("on_time").probability - on_time) < 0.05
    assert usual.min() >= it.second("2026-06-01")


def a_hazard(it: Example) -> None:
    it.share(it.runs.happened("ceasefire"), 1 - math.exp(-0.2 * YEARS_5), r"it comes in (\d+) % of")
    failure = it.runs.first("failure")[it.runs.happened("failure")]
    assert failure.min() >= it.second("2026-01-01")
    assert failure.max() < it.second("2029-01-01")


def percent(it: Example) -> None:
    it.share(it.runs.first("ceasefire") < YEAR, 0.5, r"comes in (\d+) % of the timelines, within")
    it.share(it.runs.happened("ceasefire"), 1 - 0.5**3, r"all three in (\d+) %")
    it.share(it.runs.happened("vote", "passed"), 0.3, r"passed in (\d+) %")


def a_driver(it: Example) -> None:
    (end,) = [by for day, by in it.answer("relations").shares.items() if str(day) == "2064-12-31"]
    # Switching at 0.1 and 0.3 a year, warm with 0.1 / 0.4 after long; e^-16 of the start is left.
    assert float(it.stated(r"warm in (\d+) %")) == 25
    assert abs(end["warm"] - 0.25) <= STANDARD_ERRORS * math.sqrt(0.25 * 0.75 / RUNS)


def a_dependence(it: Example) -> None:
    theory = 1 - (math.exp(-0.05 * YEARS_5) + math.exp(-0.5 * YEARS_5)) / 2
    it.share(it.runs.happened("agreement"), theory, r"2029 in (\d+) %")


def units_once(it: Example) -> None:
    theory = 1 - (math.exp(-0.05 * YEARS_5) + math.exp(-0.5 * YEARS_5)) / 2
    it.share(it.runs.happened("agreement"), theory, r"2029 in (\d+) %")
    assert it.runs.first("repair").min() >= it.second(it.stated(r"made before ([\d-]+)\."))


def conditions(it: Example) -> None:
    it.always_on("launch", r"launch is on ([\d-]+),")
    it.always_on("joint_data", r"joint data come on ([\d-]+),")
    it.always_on("protest", r"protest is on ([\d-]+)\.")


def pace(it: Example) -> None:
    cut, plain_end = it.second("2026-01-01"), it.second(it.stated(r"would be built on (\S+)\."))
    assert plain_end <= 2 * YEAR < plain_end + DAY
    (built,) = set(it.runs.first("module_built").tolist())
    assert built == cut + 2 * (2 * YEAR - cut)
    assert built == it.second(it.stated(r"is built on ([\d-]+):"))


def interrupted(it: Example) -> None:
    it.always_on("rocket", r"rocket is there on ([\d-]+)\.")
    it.always_on("team_trained", r"again and ends on ([\d-]+)\.")


def odds(it: Example) -> None:
    it.share(it.runs.happened("extension_decided", "extended"), 1.5 / 2, r"extension in (\d+) %")
    theory = 0.75 * 0.6 + 0.25 * 0.3
    it.share(it.runs.happened("probe_flies", "works"), theory, r"probe works in ([\d.]+) %")


def commitments(it: Example) -> None:
    early = it.second("2028-12-31")
    no_decree = math.exp(-0.3 * early / YEAR)
    first = it.runs.first("departure")
    it.share(first == early, no_decree, r"in (\d+) % of the timelines")
    late = it.second(it.stated(r"others it is on ([\d-]+)\."))
    assert set(first.tolist()) == {early, late}


def windows(it: Example) -> None:
    it.always_on("just_in_time", r"first probe flies on ([\d-]+),")
    it.always_on("a_day_late", r"later and flies on ([\d-]+),")
    it.always_on("crew_flight", r"window and flies on ([\d-]+)\.")


def calendars(it: Example) -> None:
    assert set(it.runs.count("meeting").tolist()) == {int(it.stated(r"There are (\d+) meetings"))}
    assert set(it.runs.count("flight").tolist()) == {int(it.stated(r"and (\d+) flights"))}
    assert str(it.answer("briefings").quantiles["0.5"]) == it.stated(r"briefing is on ([\d-]+)\.")


def repairs(it: Example) -> None:
    levels = it.answer("pad").shares[it.summary.end]
    usable = 1 / (1 + 0.25)
    assert float(it.stated(r"usable (\d+) % of the time")) == 100 * usable
    spread = math.sqrt(usable * (1 - usable) / RUNS)
    assert abs(levels["usable"] - usable) <= STANDARD_ERRORS * spread
    # A loss once in 1.25 years, and 0.02 more as the pad starts usable: the integral of the
    # excess over 0.8 of the availability, a^2 / (2 (1 + a)^2) with repairs of a = 1/4.
    losses = it.runs.count("pad_lost")
    theory = 30 * usable + 0.25**2 / (2 * 1.25**2)
    assert int(it.stated(r"(\d+) times in these 30 years")) == round(theory)
    assert abs(losses.mean() - theory) <= STANDARD_ERRORS * losses.std() / math.sqrt(RUNS)
    assert it.answer("trust").shares[it.summary.end]["low"] == 1


def lags(it: Example) -> None:
    (landed,) = set(it.runs.first("lander").tolist())
    assert landed == it.second("2027-01-01") + YEAR
    assert landed == it.second(it.stated(r"flies on ([\d-]+),")) + 6 * 3600


def shared_luck(it: Example) -> None:
    on_time = it.runs.first("ship") < it.second("2028-01-01")
    both = on_time & (it.runs.first("module") < it.second("2028-01-01"))
    it.share(on_time, 0.5, r"on time in (\d+) %")
    # Two normal variables of correlation r are both below their medians with 1/4 + asin(r) / 2 pi.
    it.share(both, 0.25 + math.asin(0.8) / math.tau, r"both are in (\d+) %")
    assert float(it.stated(r"both would be in (\d+) %")) == 25


def named(it: Example) -> None:
    # Grown to 730 days by the median, at half speed 1460: 2028-12-31.
    ship = it.runs.first("ship") < it.second("2028-12-31")
    assert abs(ship.mean() - 0.5) <= STANDARD_ERRORS * 0.5 / math.sqrt(RUNS)
    assert it.stated(r"ship is at the end of (\d+):") == "2028"
    probe = it.runs.first("probe")[it.runs.happened("probe")]
    opens = [it.second(day) for day in ("2028-01-01", "2030-01-01", "2032-01-01")]
    closes = [it.second(day) for day in ("2028-03-02", "2030-03-02", "2040-01-01")]
    inside = [(a <= probe) & (probe < b) for a, b in zip(opens, closes, strict=True)]
    assert np.any(inside, axis=0).all()
    assert all(window.any() for window in inside)


def reasons(it: Example) -> None:
    cited = [one for event in it.scenario.events.values() for one in event.sources]
    assert len(cited) == int(it.stated(r"here (\d+) pages"))
    assert all(one.startswith("https://example.org/") for one in cited)
    assert [event.judgement for event in it.scenario.events.values()] == [
        "Announced by the agency.",
        "Half a year is stated; that it takes twice as long is our judgement.",
    ]


def in_parts(it: Example) -> None:
    it.always_on("meeting", r"The meeting is on ([\d-]+)\.")
    assert it.scenario.drivers["relations"].group == "Politics"
    assert it.scenario.events["meeting"].group == "Contact"
    leading = [name for name, asked in it.scenario.outcomes.items() if asked.headline]
    assert leading == ["meeting"]


def official(it: Example) -> None:
    by_day = {str(day): levels for day, levels in it.answer("official").shares.items()}
    share = float(it.stated(r"first review (\d+) % of the timelines")) / 100
    error = math.sqrt(share * (1 - share) / RUNS)
    assert abs(by_day["2026-12-31"]["2027"] - share) <= STANDARD_ERRORS * error
    past = ("2027", it.stated(r"end of 2028 none says (\S+) or earlier"))
    assert [by_day["2028-12-31"].get(level, 0) for level in past] == [0, 0]
    assert by_day["2028-12-31"]["2028"] > 0


def a_bolder_hazard(it: Example) -> None:
    theory = 1 - math.exp(-0.4 * YEARS_5)
    it.share(it.runs.happened("ceasefire"), theory, r"now comes in (\d+) %")
    assert "failure" not in it.runs.names


def questions(it: Example) -> None:
    rows = dict(re.findall(r"\| `(\w+)` \| ([^|]+?) \|", it.text))
    assert list(rows) == list(it.summary.outcomes)
    answers = {name: plain(outcome) for name, outcome in it.summary.outcomes.items()}
    for name in ("empty", "works", "either", "last_swap", "both"):
        assert set(answers[name]["quantiles"].values()) == {rows[name]}
    for name, closing in (("in_time", "2029-12-31"), ("never", "2030-12-31")):
        assert answers[name]["probability"] == 0
        assert rows[name] == f"not by {closing}"
    assert f"{answers['swaps']['mean']:.0f}" == rows["swaps"]
    # 365 days, as 2029 is no leap year.
    assert f"{answers['gap']['quantiles']['0.5']:.1f} years" == rows["gap"]
    assert answers["which"]["shares"][rows["which"]] == 1
    assert answers["station"]["shares"]["2030-12-31"]["empty"] == 1
    assert rows["station"] == "empty at the end of 2030"
    index = {
        year: f"{answers['index']['by'][f'{year}-12-31']['mean']:.0f}" for year in (2028, 2030)
    }
    assert rows["index"] == f"{index[2028]} at the end of 2028, {index[2030]} at the end of 2030"


CHECKS: dict[str, Callable[[Example], None]] = {
    check.__name__: check
    for check in (
        *(a_date, a_plan, a_hazard, percent, a_driver, a_dependence, units_once, conditions),
        *(pace, interrupted),
        *(
            odds,
            commitments,
            windows,
            calendars,
            repairs,
            lags,
            shared_luck,
            named,
            reasons,
            in_parts,
            official,
            a_bolder_hazard,
            questions,
        ),
    )
}


def test_every_example_has_its_check() -> None:
    assert list(CHECKS) == list(SECTIONS)


@pytest.mark.parametrize("name", SECTIONS)
def test_an_example_loads_without_a_warning(name: str, folder: Path) -> None:
    assert [str(warning) for warning in load(folder / f"{name}.yaml").warnings] == []


@pytest.mark.parametrize("name", CHECKS)
def test_what_the_page_says_of_an_example_is_so(name: str, folder: Path) -> None:
    CHECKS[name](_example(folder, name))


def test_the_assumptions_set_on_the_page_are_those_of_its_examples(folder: Path) -> None:
    commands = [
        shlex.split(line) for line in re.findall(r"^    (coopsim run .+)$", PAGE, re.MULTILINE)
    ]
    sets = [(file, change) for _, _, file, *rest in commands for change in rest[1:]]
    assert len(sets) >= 4
    for file, change in sets:
        assert load(folder / file, [change]).hash != load(folder / file).hash

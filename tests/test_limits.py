"""A limit is the same in a file, by --set, on the command line and from Python, and says itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import coopsim
from coopsim import api
from coopsim.cli import offering
from coopsim.errors import ScenarioError, UsageError
from coopsim.scenario.limits import SEED, Whole
from coopsim.scenario.loading import Loaded, load, load_data
from coopsim.simulation.limits import MOST_RUNS

HEADER = "scenario: large\nstart: 2025-01-01\nend: 2027-12-31\n"
WORLD = """\
drivers:
  mood: {levels: [calm, tense], initial: {calm: 0.5, tense: 0.5}, judgement: x}
events:
  vote: {date: 2026-06-01, outcomes: {carried: {chance: 0.3}, lost: {chance: rest}}, judgement: x}
  quake: {rate: 0.2 to 0.9 per year, judgement: x}
outcomes:
  quake: {event: quake}
"""


# --- numbers --------------------------------------------------------------------------------------

TOO_LARGE = """\
drivers:
  d: {levels: [a, b], initial: a, judgement: x}
events:
  a: {rate: 1e308 per year}
  b: {rate: 1e50 to 1e150 per year}
  c: {rate: {by: d, a: 1e91 per year}}
  d2: {takes: 1e91 years}
  e: {takes: {lognormal: [1e400 days, 0.5]}}
  f: {takes: 1 year, pace: [{when: {d: a}, times: 1e101}, {by: d, a: 1e102}]}
  g: {date: 2025-06-01, outcomes: {x: {chance: rest}}, odds: [{when: {}, times: {x: 1e101}}]}
  h: {after: {a: 1e91 years}}
  i: {date: {planned: 2026-01-01, growth: 1e101}}
  j: {date: {planned: 2026-01-01, growth: {p5: 1, p95: 1e101}}}
  k: {date: {first: 2026-01-01, then: 1e91 years}, repeat: true}
  l: {date: {first: 2026-01-01, every: 1e91 years}, repeat: true}
  m: {date: {normal: [2026-01-01, 1e91 years]}}
  n: {takes: 1 day, window: {opens: 2026-01-01, every: 1 year, lasts: 1e91 years}}
  o: {date: 2026-01-01, shifts: {d: 101}}
  p: {takes: {weibull: [1e101, 1 year]}}
  q: {date: 2026-01-01, shifts: {d: 1e101}}
  r: {date: 2026-01-01, outcomes: {x: {chance: 1e101}}}
  s: {takes: {lognormal: [1 day, 0.5], luck: x, share: 1e101}}
outcomes:
  i: {index: [{when: {d: a}, weight: 1e307}]}
"""
CHANCE = (
    "a chance from 0 to 1 (0 % to 100 %), or an uncertain value "
    "such as `A to B` or {p5:, p50:, p95:}"
)
NUMBER, DURATION, RATE = (
    "a number of at most 1e100",
    "a duration of at most 1e90 years",
    "a rate of at most 1e90 per year",
)
TOLD = f"""\
7: events.a.rate: found '1e308 per year', expected {RATE}
8: events.b.rate: found '1e50 to 1e150 per year', expected {RATE}
9: events.c.rate.a: found '1e91 per year', expected {RATE}
10: events.d2.takes: found '1e91 years', expected {DURATION}
11: events.e.takes.lognormal.0: found '1e400 days', expected {DURATION}
12: events.f.pace.0.times: found '1e101', expected {NUMBER}
12: events.f.pace.1.a: found '1e102', expected {NUMBER}
13: events.g.odds.0.times.x: found '1e101', expected {NUMBER}
14: events.h.after.a: found '1e91 years', expected {DURATION}
15: events.i.date.growth: found '1e101', expected {NUMBER}
16: events.j.date.growth.p95: found '1e101', expected {NUMBER}
17: events.k.date.then: found '1e91 years', expected {DURATION}
18: events.l.date.every: found '1e91 years', expected a step of 1,000 years at most
19: events.m.date.normal.1: found '1e91 years', expected {DURATION}
20: events.n.window.lasts: found '1e91 years', expected {DURATION}
21: events.o.shifts.d: found '101', expected a whole number of levels from -100 to 100
22: events.p.takes.weibull.0: found '1e101', expected {NUMBER}
23: events.q.shifts.d: found '1e101', expected a whole number of levels from -100 to 100
24: events.r.outcomes.x.chance: found '1e101', expected {CHANCE}
25: events.s.takes.share: found '1e101', expected a number from 0 to 1
27: outcomes.i.index.0.weight: found '1e307', expected {NUMBER}
"""


def problems(attempt: Callable[[], Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        attempt()
    errors = [one for one in caught.value.problems if one.severity == "error"]
    return "".join(
        f"{one.line}: {one.path}: found {one.found}, expected {one.expected}\n" for one in errors
    )


def test_every_kind_of_number_has_a_limit_that_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(HEADER + TOO_LARGE)
    assert problems(lambda: load(file)) == TOLD


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("events.quake.rate=1e308 per year", RATE),
        ("events.quake.rate=1 to 1e308 per year", RATE),
        ("events.vote.odds=[{when: {}, times: {carried: 1e101}}]", NUMBER),
    ],
)
def test_set_has_the_same_limits(setting: str, expected: str) -> None:
    loaded = load_data(yaml.safe_load(HEADER + WORLD))
    assert problems(lambda: loaded.having([setting])).endswith(f"expected {expected}\n")


def test_numbers_at_the_limit_are_simulated(tmp_path: Path) -> None:
    raw = yaml.safe_load(HEADER + WORLD)
    raw["outcomes"]["i"] = {"index": [{"when": {"mood": "calm"}, "weight": 1e100}] * 3}
    raw["events"]["n"] = {"takes": "1e90 years"}
    raw["events"]["w"] = {
        "takes": "1 day",
        "window": {"opens": "2026-01-01", "every": "1 year", "lasts": "1e90 years"},
    }
    found = coopsim.run(raw, runs=20, out=tmp_path).summary.to_json()["outcomes"]
    assert {one["mean"] for one in found["i"]["by"].values()} <= {x * 5.0 for x in range(21)}


# --- seeds and other whole numbers ----------------------------------------------------------------

LARGE = 2**53 + 1  # a float would make 2**53 of it


@pytest.mark.parametrize("way", ["file", "set", "python", "option"])
def test_a_seed_is_kept_exactly(tmp_path: Path, way: str) -> None:
    file = tmp_path / "large.yaml"
    seed = f"seed: {LARGE}\n" if way == "file" else ""
    file.write_text(HEADER + seed + WORLD)
    if way == "option":
        arguments = ["run", str(file), "--seed", str(LARGE), "--runs", "20", "--no-figures"]
        assert (
            CliRunner().invoke(offering(), [*arguments, "--out", str(tmp_path / "r")]).exit_code
            == 0
        )
    else:
        settings = [f"seed={LARGE}"] if way == "set" else []
        seed_given = LARGE if way == "python" else None
        coopsim.run(load(file, settings), runs=20, seed=seed_given, out=tmp_path / "r")
    (folder,) = (tmp_path / "r").iterdir()
    seeds = [json.loads((folder / f"{name}.json").read_text())["seed"] for name in FILES]
    assert seeds == [LARGE, LARGE]
    assert f"seed: {LARGE}\n" in (folder / "scenario.yaml").read_text()


FILES = ("summary", "manifest")


def test_two_seeds_are_never_one() -> None:
    loaded = load_data(yaml.safe_load(HEADER + WORLD))
    one, other = (loaded.having([f"seed={seed}"]) for seed in (LARGE, LARGE - 1))
    assert one.hash != other.hash
    largest = loaded.having([f"seed={SEED.most}"])
    assert largest.scenario.seed == 2**63 - 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("+3", 3), ("1e3", 1000), ("2.50e1", 25), (" 5. ", 5), ("-0", 0)],
)
def test_whole_numbers_are_read_exactly(text: str, number: int) -> None:
    assert Whole(0, 1000).read(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.5",
        "-1",
        "1001",
        "1e999999999",
        "1e-999999999",
        "nan",
        "inf",
        "1_0",
        "٣",
        "0x1",
        "9" * 9000,
    ],
)
def test_other_texts_are_no_whole_numbers(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a whole number from 0 to 1,000$"):
        Whole(0, 1000).read(text)


def test_the_largest_seed_is_the_one_that_is_named() -> None:
    loaded = load_data(yaml.safe_load(HEADER + WORLD))
    expected = "a whole number from 0 to 9,223,372,036,854,775,807"
    told = problems(lambda: loaded.having([f"seed={2**63}"]))
    assert told == f"None: seed: found '9223372036854775808', expected {expected}\n"
    assert refusal(later(coopsim.run, loaded, seed=2**63)) == f"--{told[len('None: ') : -1]}"
    huge = problems(lambda: load_data({**yaml.safe_load(HEADER + WORLD), "seed": 10**5000}))
    assert huge == f"None: seed: found '1{'0' * 59}...', expected {expected}\n"


# --- what Python is asked for ---------------------------------------------------------------------


def refusal(attempt: Callable[[], Any]) -> str:
    with pytest.raises(UsageError) as caught:
        attempt()
    return str(caught.value)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_data(yaml.safe_load(HEADER + WORLD))


# Some of what is asked is of a type that Mypy would refuse too.
later: Any = partial
RUNS = f"expected a whole number from 1 to {MOST_RUNS:,}"
QUAKE = "events.quake.rate=0.1..0.9 per year"


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (later(api.run, runs=0), f"--runs: found '0', {RUNS}"),
        (later(api.run, runs=MOST_RUNS + 1), f"--runs: found '1000000001', {RUNS}"),
        (later(api.run, runs=1.5), f"--runs: found '1.5', {RUNS}"),
        (later(api.run, runs=True), f"--runs: found 'true', {RUNS}"),
        (later(api.run, runs="10"), f"--runs: found '10', {RUNS}"),
        (later(api.run, precision=0.1, runs=0), f"--runs: found '0', {RUNS}"),
        (later(api.run, seed=-1), f"--seed: found '-1', expected {SEED.expected}"),
        (
            later(api.run, workers=0),
            "--workers: found '0', expected a whole number from 1 to 1,000",
        ),
        (later(api.run, engine="gpu"), "--engine: found 'gpu', expected auto or simpy"),
        (later(api.run, keep="all"), "--keep: found 'all', expected nothing, firsts or firings"),
        (
            later(api.trace, run=-1),
            "--run: found '-1', expected a whole number from 0 to 999,999,999",
        ),
        (
            later(api.trace, run=2**63),
            "--run: found '9223372036854775808', expected a whole number from 0 to 999,999,999",
        ),
        (later(api.trace, runs=0), "--runs: found '0', expected a whole number from 1 to 100,000"),
        (later(api.trace, how="x"), "how: found 'x', expected typical, rarest or first"),
        (later(api.causes, runs=0), f"--runs: found '0', {RUNS}"),
        (later(api.sensitivity, runs=0), f"--runs: found '0', {RUNS}"),
        (
            later(api.sensitivity, runs=5),
            "5 timelines are too few to detect effects; at least 100 are needed",
        ),
        (
            later(api.sensitivity, swing=float("nan")),
            "--swing: found 'nan', expected a number from 1.001 to 1,000",
        ),
        (
            later(api.sensitivity, swing=10**400),
            f"--swing: found '1{'0' * 59}...', expected a number from 1.001 to 1,000",
        ),
        (
            later(api.sensitivity, days=0),
            "--days: found '0', expected a whole number from 1 to 36,525",
        ),
        (
            later(api.epistemic, replications=1),
            "--replications: found '1', expected a whole number from 2 to 100,000",
        ),
        (later(api.epistemic, runs=0), f"--runs: found '0', {RUNS}"),
        (
            later(api.sweep, ranges=[QUAKE], outcome="quake", points=1),
            "--points: found '1', expected a whole number from 2 to 100",
        ),
        (
            later(api.sweep, ranges=[QUAKE], outcome="quake", level=float("inf")),
            "--level: found 'inf', expected a number from -1e+100 to 1e+100",
        ),
        (
            later(api.sweep, ranges=[QUAKE], outcome="quake", workers=-2),
            "--workers: found '-2', expected a whole number from 1 to 1,000",
        ),
    ],
)
def test_python_refuses_what_cannot_be_meant(
    loaded: Loaded, attempt: Callable[..., Any], told: str
) -> None:
    assert refusal(later(attempt, loaded)) == told


def test_so_do_questions_put_to_a_result(loaded: Loaded, tmp_path: Path) -> None:
    result = api.run(loaded, runs=100, out=tmp_path)
    assert refusal(later(api.given, result, ["quake"], until=-1)) == (
        f"--until: found '-1', expected a whole number from 0 to {MOST_RUNS:,}"
    )
    assert refusal(later(api.given, result, ["quake"], most=0)) == f"--most: found '0', {RUNS}"
    assert refusal(later(api.discover, result, "quake", coverage=2)) == (
        "--coverage: found '2', expected a number from 0.01 to 1"
    )
    told = refusal(later(api.explain, loaded, loaded, group="x"))
    assert told == "--by: found 'x', expected each, entry or section"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--runs", "0"], f"--runs: found '0', {RUNS}"),
        (
            ["run", "--workers", "0"],
            "--workers: found '0', expected a whole number from 1 to 1,000",
        ),
        (["run", "--seed", "-1"], f"--seed: found '-1', expected {SEED.expected}"),
        (
            ["trace", "--run", str(2**63)],
            f"--run: found '{2**63}', expected a whole number from 0 to 999,999,999",
        ),
        (["causes", "--runs", "0"], f"--runs: found '0', {RUNS}"),
        (
            ["sensitivity", "--swing", "nan"],
            "--swing: found 'nan', expected a number from 1.001 to 1,000",
        ),
    ],
)
def test_the_command_line_says_the_same(tmp_path: Path, arguments: list[str], told: str) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(HEADER + WORLD)
    command, *options = arguments
    done = CliRunner().invoke(offering(), [command, str(file), *options, "--no-figures"])
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == told

"""As many timelines as a precision takes: the goal, the looks, the folder that is left."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coopsim import api
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.measures import measures
from coopsim.analysis.precision import (
    MOST,
    Goal,
    Look,
    WatchedChance,
    chances,
    goal_of,
    most_needed,
    needed,
)
from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.timelines import BoolArray
from coopsim.errors import CoopsimError, UsageError
from coopsim.presentation.words.precision import foretold_text, precision_text, wide_text
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import stream_key, uniforms

COIN: dict[str, Any] = {
    "scenario": "coin",
    "start": "2025-01-01",
    "end": "2026-12-31",
    "runs": "500",
    "seed": "3",
    "drivers": {
        "mood": {
            "levels": ["low", "high"],
            "initial": {"low": "0.75", "high": "0.25"},
            "judgement": "For a test.",
        }
    },
    "events": {
        "toss": {
            "date": "2025-06-01",
            "outcomes": {"heads": {"chance": "0.5"}, "tails": {"chance": "rest"}},
            "judgement": "For a test.",
        },
        "rare": {"rate": "0.001 per year", "judgement": "For a test."},
        "never": {"date": "2030-01-01", "judgement": "For a test."},
    },
    "outcomes": {
        "heads": {"event": "toss", "outcome": "heads"},
        "tosses": {"count": "toss"},
        "rare": {"event": "rare"},
        "first": {"first_of": ["rare", "never"]},
        "gap": {"between": ["toss", "rare"]},
        "mood": {"driver": "mood"},
        "well": {"index": [{"when": {"mood": "high"}, "weight": "1"}]},
    },
}
ALL = (
    "heads",
    "rare",
    "first = rare",
    "first = never",
    "first = neither",
    "gap = both",
    "mood = low",
    "mood = high",
)


def goal(precision: float = 0.01, asked: tuple[str, ...] = (), most: int = MOST) -> Goal:
    scenario = load_data(COIN).scenario
    return goal_of(build_program(scenario), scenario, precision, asked, most)


def files_of(folder: Path) -> dict[str, bytes]:
    """Read what a result folder says, the manifest's wall clock aside."""
    found = {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = json.loads(found.pop("manifest.json"))
    for clock in ("finished", "wall_seconds"):
        manifest.pop(clock)
    return {**found, "manifest.json": json.dumps(manifest).encode()}


# --- which probabilities -----------------------------------------------------------------------


def test_without_names_all_probabilities_of_a_scenario_are_held_to_it() -> None:
    assert goal().texts == ALL


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (("heads",), ("heads",)),
        (("first",), ("first = rare", "first = never", "first = neither")),
        (("mood=high",), ("mood = high",)),
        (("gap", "heads", "heads"), ("heads", "gap = both")),  # in the scenario's order, once
    ],
)
def test_a_name_stands_for_all_its_probabilities(
    asked: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert goal(asked=asked).texts == meant


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("tosses", "--precise: `tosses` is a mean, not a probability"),
        ("well by 2025", "--precise: `well by 2025` is a mean, not a probability"),
        (
            "gap = neither",
            "--precise: found `gap = neither`, expected gap = both",
        ),
        ("heads by 2025-03", "--precise: found `heads by 2025-03`, expected heads"),
        (
            "moods",
            "no outcome 'moods'; did you mean 'mood'?",
        ),
        (
            "mood = middling",
            "'mood = middling' is not a single number; expected `mood = low` or `mood = high`",
        ),
    ],
)
def test_what_is_no_probability_is_refused(asked: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        goal(asked=(asked,))
    assert str(refused.value) == message


@pytest.mark.parametrize("precision", [0.0, -0.01, 0.5, 5.0, math.nan])
def test_a_precision_is_above_nothing_and_below_a_half(precision: float) -> None:
    with pytest.raises(UsageError) as refused:
        goal(precision)
    assert str(refused.value) == (
        f"--precision: found {precision:g}, expected more than 0 and less than 0.5, "
        "such as 0.005 for half a percentage point"
    )


def test_a_scenario_without_probabilities_is_refused() -> None:
    loaded = load_data({**COIN, "outcomes": {"tosses": {"count": "toss"}}})
    with pytest.raises(UsageError) as refused:
        api.run(loaded, precision=0.01)
    message = "--precision: the scenario asks for means only, not for a probability"
    assert str(refused.value) == message


def test_names_alone_ask_for_no_precision() -> None:
    with pytest.raises(UsageError) as refused:
        api.run(load_data(COIN), precise=["heads"])
    assert str(refused.value) == "--precise needs a --precision, such as `--precision 0.005`"


def test_probabilities_are_named_as_measures_name_them(tmp_path: Path) -> None:
    result = api.run(load_data(COIN), runs=50, out=tmp_path, workers=1)
    told = list(chances(result.summary))
    named = measures(result.program, result.scenario)
    assert [one.text for one in told] == [one.text for one in named if one.unit == "share"]
    (heads,) = [one for one in told if one.text == "heads"]
    summed = result.summary.outcomes["heads"]
    assert isinstance(summed, DateSummary)
    low, high = summed.interval
    assert heads.reach == max(heads.share - low, high - heads.share) >= (high - low) / 2


# --- when to look ------------------------------------------------------------------------------


def test_a_half_takes_as_many_timelines_as_the_formula_says() -> None:
    # Wilson's half-width at a share of 1/2 is z / 2 sqrt(n + z^2), so it is below h from
    # n = z^2 / 4h^2 - z^2 on, 38,411 for h = 0.005.
    n = Z95**2 / (4 * 0.005**2) - Z95**2
    assert needed(0.5, 0.005) == math.ceil(n) == 38_411


def test_what_was_never_seen_takes_timelines_too() -> None:
    # Wilson's interval for no success in n reaches from 0 to z^2 / (n + z^2): below h from
    # n = z^2 (1/h - 1) on.
    assert needed(0.0, 0.005) == math.ceil(Z95**2 * (1 / 0.005 - 1)) == 765
    assert needed(1.0, 0.005) == 765


@pytest.mark.parametrize("precision", [0.2, 0.03, 0.004])
@pytest.mark.parametrize("share", [0.0, 1e-4, 0.01, 0.3, 0.5, 0.97, 1.0])
def test_no_share_takes_more_than_the_most_that_any_takes(share: float, precision: float) -> None:
    runs = needed(share, precision)
    assert runs <= most_needed(precision)
    told = share_of(round(share * runs), runs)
    assert max(told.share - told.interval[0], told.interval[1] - told.share) < precision


def look(runs: int, *known: tuple[str, float, float], precision: float = 0.01) -> Look:
    texts = tuple(text for text, _, _ in known)
    return Look(Goal(precision, texts), runs, tuple(WatchedChance(*one) for one in known))


def test_the_next_look_is_where_the_widest_would_be_narrow_enough() -> None:
    # It takes z^2 / 4h^2 - z^2 = 9,600 timelines of a half, in whole blocks of 1,000.
    seen = look(1_000, ("rare", 0.01, 0.008), ("heads", 0.5, 0.031))
    assert (seen.expected, seen.next_look, seen.last) == (9_600, 10_000, False)
    assert (seen.widest.text, [one.text for one in seen.too_wide]) == ("heads", ["heads"])


def test_a_look_is_never_closer_than_a_block_or_a_twentieth() -> None:
    assert look(9_000, ("heads", 0.5, 0.0103)).next_look == 10_000
    assert look(100_000, ("heads", 0.5, 0.0031), precision=0.00309).next_look == 105_000
    assert look(300, ("heads", 0.9, 0.034), precision=0.033).next_look == 1_000


def test_no_look_goes_past_the_most_that_is_allowed() -> None:
    seen = Look(Goal(0.001, ("heads",), 25_500), 1_000, (WatchedChance("heads", 0.5, 0.03),))
    assert seen.next_look == 25_500
    assert Look(seen.goal, 25_500, seen.chances).last
    assert Goal(0.001, ("heads",), 300).first_look == 300


# --- the result --------------------------------------------------------------------------------


def test_the_result_is_that_of_the_same_number_of_runs(tmp_path: Path) -> None:
    loaded = load_data(COIN)
    looks: list[Look] = []
    made = api.run(loaded, precision=0.02, out=tmp_path / "first", workers=2, on_look=looks.append)
    assert made.look == looks[-1]
    assert [one.last for one in looks] == [False] * (len(looks) - 1) + [True]
    assert looks[0].runs == 1_000 < made.runs == looks[-1].runs <= 4_000
    assert made.look is not None
    assert made.look.widest.reach < 0.02
    assert made.scenario.runs == made.store.manifest.runs == made.runs
    plain = api.run(loaded, runs=made.runs, out=tmp_path / "second", workers=1)
    assert files_of(plain.folder) == files_of(made.folder)


def test_only_the_outcomes_named_are_held_to_it(tmp_path: Path) -> None:
    made = api.run(load_data(COIN), precision=0.02, precise=["rare"], out=tmp_path, workers=1)
    assert made.runs == 1_000  # of a half it takes 2,400
    assert made.look is not None
    assert [one.text for one in made.look.chances] == ["rare"]


def test_a_result_that_is_precise_enough_is_left_as_it_is(tmp_path: Path) -> None:
    loaded = load_data(COIN)
    there = api.run(loaded, runs=3_500, out=tmp_path, workers=1)
    before = {path: path.stat().st_mtime_ns for path in (there.folder / "firings").iterdir()}
    made = api.run(loaded, precision=0.02, out=tmp_path, workers=1)
    assert made.runs == made.scenario.runs == 3_500
    assert before == {
        path: path.stat().st_mtime_ns for path in (there.folder / "firings").iterdir()
    }


def test_a_run_that_was_stopped_goes_on_and_ends_as_if_it_had_not(tmp_path: Path) -> None:
    loaded = load_data(COIN)

    class Stop:
        looks = 0

        def __call__(self, done: int, total: int) -> None:
            if total > 1_000 and done >= 2_000:
                raise KeyboardInterrupt

    with pytest.raises(CoopsimError, match="the same command continues from there"):
        api.run(loaded, precision=0.02, out=tmp_path / "first", workers=1, on_progress=Stop())
    resumed = api.run(loaded, precision=0.02, out=tmp_path / "first", workers=1)
    whole = api.run(loaded, precision=0.02, out=tmp_path / "second", workers=1)
    assert files_of(resumed.folder) == files_of(whole.folder)


def test_runs_is_the_most_that_is_spent(tmp_path: Path) -> None:
    made = api.run(load_data(COIN), precision=0.02, runs=1_700, out=tmp_path, workers=1)
    assert made.runs == 1_700
    assert made.look is not None
    assert made.look.too_wide


def heads_at_the_last_look(aim: Goal, tosses: BoolArray) -> tuple[float, int]:
    """Look at tosses as a run looks at timelines; gives the share and the timelines in the end."""
    runs = aim.first_look
    while True:
        told = share_of(int(tosses[:runs].sum()), runs)
        reach = max(told.share - told.interval[0], told.interval[1] - told.share)
        seen = Look(aim, runs, (WatchedChance("heads", told.share, reach),))
        if seen.last:
            return told.share, runs
        runs = seen.next_look


@pytest.mark.slow
@pytest.mark.parametrize("chance", [0.5, 0.1, 0.02])
def test_stopping_by_width_hardly_moves_shares(chance: float) -> None:
    # 1,000 series of tosses, each looked at after 1,000 and then where the rule aims; then 95 % of
    # the intervals hold the truth, and the mean share has the standard error
    # e = sqrt(p (1 - p) / n / 1000), n the timelines spent. It is a little nearer to 0 than the
    # chance: where a look decides between n1 timelines and n2, it goes on if the share is high,
    # and what comes then dilutes the excess. At worst that is E[max(X, 0)] (1 - n1 / n2) with X
    # normal of the look's error s: 0.3989 s / 2 as n2 <= 2 n1; and s = h / 1.96 where the
    # interval is about to be narrow enough: 0.102 h. Within 5 e: false once in 1.7 million.
    series, width = 1_000, 0.02
    aim = goal(width, ("heads",))
    u = uniforms(stream_key(1, "tosses"), 0, series * 4_000, 0).reshape(series, 4_000)
    found = [heads_at_the_last_look(aim, tosses < chance) for tosses in u]
    shares, spent = np.array(found).T
    error = math.sqrt(float(np.mean(chance * (1 - chance) / spent)) / series)
    assert -0.102 * width - 5 * error < shares.mean() - chance < 5 * error
    held = [
        low <= chance <= high
        for low, high in (share_of(round(p * n), int(n)).interval for p, n in found)
    ]
    assert abs(np.mean(held) - 0.95) < 5 * math.sqrt(0.95 * 0.05 / series)


# --- what is said ------------------------------------------------------------------------------


def test_a_precision_reached_is_said() -> None:
    assert precision_text(look(10_000, ("rare", 0.01, 0.002), ("heads", 0.5, 0.0098))) == (
        "2 probabilities are known to ±0.01 after 10,000 timelines, the least precise heads ±0.0098"
    )
    assert precision_text(look(1_000, ("rare", 0.01, 0.0082))) == (
        "1 probability is known to ±0.01 after 1,000 timelines, the least precise rare ±0.0082"
    )


def test_what_stays_too_wide_is_named() -> None:
    wide = [(f"mood = {level}", 0.5, 0.031 - level / 1000) for level in range(5)]
    assert precision_text(look(1_000, *wide, ("rare", 0.01, 0.008))) == (
        "5 of 6 probabilities not known to ±0.01 after 1,000 timelines: mood = 0 ±0.031; mood "
        "= 1 ±0.03; mood = 2 ±0.029; and 2 more. It would take about 9,600 timelines; raise "
        "`--runs` to allow more"
    )


def test_what_cannot_be_reached_is_said_beforehand_and_the_bar_names_the_widest() -> None:
    seen = look(1_000, ("heads", 0.5, 0.031), precision=0.0001)
    assert foretold_text(seen) == (
        "--precision 0.0001 takes about 96,000,000 timelines, and at most 1,000,000 are "
        "allowed; raise `--runs` to allow more"
    )
    assert wide_text(seen) == "heads ±0.031, timelines"

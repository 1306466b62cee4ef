"""Conditional probabilities whose answer is known, by way of `ask --if`."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from coopsim import api
from coopsim.analysis.statistics.estimates import Share, share_of
from coopsim.experiments.asking import AskedChances
from world import STANDARD_ERRORS, START

EVENT_TREE = {
    "disease": {
        "date": "2026-01-01",
        "outcomes": {"ill": {"chance": 0.01}, "well": {"chance": "rest"}},
    },
    "test": {
        "date": "2026-02-01",
        "outcomes": {
            "positive": {"chance": [{"when": {"disease": "ill"}, "is": 0.8}, {"is": 0.096}]},
            "negative": {"chance": "rest"},
        },
    },
}


def known(events: Mapping[str, object], that: list[str], ask: list[str], runs: int) -> AskedChances:
    data = {"scenario": "test", "start": START, "end": "2034-12-31", "seed": 7, "events": events}
    return api.ask(api.load(data), *ask, given=that, runs=runs)


def off(share: Share, matches: int, answer: float) -> float:
    """Get how many standard errors a share among so many timelines is off."""
    return abs(share.share - answer) / math.sqrt(answer * (1 - answer) / matches)


def assert_share(share: Share, matches: int, answer: float, wrong: float) -> None:
    assert off(share, matches, answer) <= STANDARD_ERRORS
    assert off(share, matches, wrong) > STANDARD_ERRORS, "cannot fail"


# Bayes: P(ill | positive) = 0.01 x 0.8 / (0.01 x 0.8 + 0.99 x 0.096) = 0.008 / 0.10304
# = 0.0776398, and P(positive) = 0.10304. The wrong answers are those of twice the chance.
def test_bayes_on_an_event_tree() -> None:
    found = known(EVENT_TREE, ["test = positive"], ["disease = ill"], 20_000)
    assert_share(share_of(found.matches, found.runs), found.runs, 0.10304, 0.20608)
    assert_share(found.answers[0].chance, found.matches, 0.008 / 0.10304, 0.016 / 0.10304)
    assert found.answers[0].written is not None
    assert_share(found.answers[0].written, found.runs, 0.01, 0.02)
    backwards = known(EVENT_TREE, ["disease = ill"], ["test = positive"], 20_000)
    assert_share(backwards.answers[0].chance, backwards.matches, 0.8, 0.4)


# A hazard of 0.3 a year has no memory: given none in 2025 and 2026, the chance of one in the 731
# days of 2027 and 2028 is 1 - exp(-0.3 x 731 / 365.25), whatever the years before.
def test_a_hazard_has_no_memory() -> None:
    events = {"shock": {"rate": "0.3 per year"}}
    asked = ["shock by 2028", "shock in 2027", "not shock by 2030"]
    found = known(events, ["not shock by 2026"], asked, 8000)
    daily = 0.3 / 365.25
    for one, answer in zip(
        found.answers,
        (-math.expm1(-731 * daily), -math.expm1(-365 * daily), math.exp(-1461 * daily)),
        strict=True,
    ):
        assert_share(one.chance, found.matches, answer, answer**2)


# A hazard whose rate is only known to lie between 0.1 and 1.1 a year, evenly, is remembered: who
# has seen no shock believes in a lower rate. With S(t) = (exp(-0.1 t) - exp(-1.1 t)) / t the chance
# of none in four years given none in two is S(4) / S(2); without memory it would be S(2).
def test_uncertainty_about_a_rate_is_updated() -> None:
    events = {
        "shock": {"rate": {"uniform": ["0.1 per year", "1.1 per year"]}},
    }
    found = known(events, ["not shock by 2026"], ["not shock by 2028"], 8000)

    def survives(days: float) -> float:
        t = days / 365.25
        return (math.exp(-0.1 * t) - math.exp(-1.1 * t)) / t

    assert_share(share_of(found.matches, found.runs), found.runs, survives(730), survives(365))
    assert_share(
        found.answers[0].chance, found.matches, survives(1461) / survives(730), survives(731)
    )


# Two independent hazards: which of the two came first says nothing of when the first came.
def test_the_winner_says_nothing_of_the_moment() -> None:
    events = {"a": {"rate": "0.2 per year"}, "b": {"rate": "0.4 per year"}}
    found = known(events, ["a before b", "a"], ["a by 2026"], 8000)
    days = np.array([730, 3652])  # 2025 and 2026, and all ten years
    by_then, ever = -np.expm1(-0.6 * days / 365.25)
    assert_share(share_of(found.matches, found.runs), found.runs, ever / 3, 2 * ever / 3)
    assert_share(found.answers[0].chance, found.matches, by_then / ever, by_then / ever / 2)

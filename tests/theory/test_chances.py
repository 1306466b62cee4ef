"""What an event turns out to be: chances, odds, tables by level, cases, trees of events."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from coopsim.scenario.notation.distributions import Uniform
from coopsim.simulation.simpy_model import simulate
from world import Runs, assert_mean, play, program_of


@pytest.fixture(scope="module")
def tree() -> Runs:
    return play(
        """
        drivers:
          mood: {levels: [bad, fair, good], initial: {bad: 0.3, fair: 0.2, good: 0.5}}
          money: {levels: [little, much], initial: little}
        events:
          vote:
            date: 2026-01-01
            outcomes:
              won: {chance: {by: mood, bad: 0.2, fair: 0.5, good: 0.9}, sets: {money: much}}
              lost: {chance: rest}
          flight:
            date: 2027-01-01
            when: {vote: [won, lost]}
            outcomes:
              lands:
                chance:
                  - {when: {vote: won, mood: {at_least: fair}}, is: 0.8}
                  - {when: {money: much}, is: 0.6}
                  - {is: 0.1}
              orbits: {chance: 0.05}
              fails: {chance: rest}
          sample:
            date: 2028-01-01
            when: {flight: lands}
            outcomes:
              rich: {chance: {by: vote, "false": 0, won: 0.7, lost: 0.4}}
              poor: {chance: rest}
        """,
        8000,
    )


# Multiplying out the tree: P(won) = .3 x .2 + .2 x .5 + .5 x .9 = 0.61.
WON = 0.3 * 0.2 + 0.2 * 0.5 + 0.5 * 0.9
# Won in a fair or good mood (.2 x .5 + .5 x .9) the first case counts, won in a bad one the
# second, lost the last.
LANDS_WON = (0.2 * 0.5 + 0.5 * 0.9) * 0.8 + 0.3 * 0.2 * 0.6
LANDS_LOST = (1 - WON) * 0.1


@pytest.mark.parametrize(
    ("event", "outcome", "chance"),
    [
        ("vote", "won", WON),
        ("vote", "lost", 1 - WON),
        ("flight", "lands", LANDS_WON + LANDS_LOST),
        ("flight", "orbits", 0.05),
        ("flight", "fails", 0.95 - LANDS_WON - LANDS_LOST),
        ("sample", "rich", LANDS_WON * 0.7 + LANDS_LOST * 0.4),
        ("sample", "poor", LANDS_WON * 0.3 + LANDS_LOST * 0.6),
    ],
)
def test_tree_multiplied_out(tree: Runs, event: str, outcome: str, chance: float) -> None:
    assert_mean(tree.happened(event, outcome), lambda factor: factor * chance)


def test_each_firing_has_one_outcome(tree: Runs) -> None:
    assert (tree.count("vote") == 1).all()
    assert (tree.count("flight") == 1).all()
    assert (tree.count("sample") == tree.count("flight", "lands")).all()


# Odds multiply a chance, then all are brought back to a sum of 1; `rest` is what the chances leave
# before odds: (.2 x 3 x 2, .3, .5 x .5) over their sum 1.75.
@pytest.mark.parametrize(("outcome", "weight"), [("a", 1.2), ("b", 0.3), ("c", 0.25)])
def test_odds(outcome: str, weight: float) -> None:
    runs = play(
        """
        drivers:
          mood: {levels: [bad, good], initial: good}
        events:
          vote:
            date: 2026-01-01
            outcomes: {a: {chance: 0.2}, b: {chance: 0.3}, c: {chance: rest}}
            odds:
              - {when: {mood: good}, times: {a: 3, c: 0.5}}
              - {when: {mood: bad}, times: {b: 100}}
              - {when: {}, times: {a: 2}}
        """,
        4000,
    )
    assert_mean(runs.happened("vote", outcome), lambda factor: factor * weight / 1.75)


# An uncertain factor of the odds is drawn once per run. With x uniform on [1, 3] the chance is the
# mean of .2 x / (.2 x + .8) = 1 - .8 / (.2 x + .8): 1 - (4 / 2) ln((3 + 4) / (1 + 4)).
def test_uncertain_odds_integrated() -> None:
    runs = play(
        """
        events:
          vote:
            date: 2026-01-01
            outcomes: {a: {chance: 0.2}, b: {chance: rest}}
            odds: [{when: {}, times: {a: {uniform: [1, 3]}}}]
        """,
        8000,
    )
    chance = 1 - 2 * math.log(7 / 5)
    assert_mean(runs.happened("vote", "a"), lambda factor: factor * chance)


# Chances drawn once per run that pass 1 together leave no rest and share what there is. Loading
# lets only tails beyond the 95th percentile come so far; here they are widened by hand.
def test_uncertain_chances_that_pass_one() -> None:
    program = program_of(
        """
        events:
          vote:
            date: 2026-01-01
            outcomes:
              a: {chance: {uniform: [0.1, 0.2]}}
              b: {chance: {uniform: [0.1, 0.2]}}
              c: {chance: rest}
        """
    )
    wide = tuple(
        (number, replace(quantity, distribution=Uniform(0.1, 0.9)))
        for number, quantity in program.per_run
    )
    assert len(wide) == 2
    program = replace(program, per_run=wide)
    runs = Runs(program, simulate(program, 0, 8000))
    # a + b - 1 is triangular on [-.8, .8], so E[|a + b - 1|] = .8/3, and the rest is half of it.
    rest = 0.4 / 3
    assert_mean(runs.happened("vote", "c"), lambda factor: factor * rest)
    assert_mean(runs.happened("vote", "a"), lambda factor: factor * (1 - rest) / 2)


# Each firing draws anew: k of n firings turn out with the binomial chances.
@pytest.mark.parametrize("hits", [0, 1, 2, 3])
def test_each_firing_draws_anew(hits: int) -> None:
    runs = play(
        """
        events:
          e:
            date: {first: 2025-02-01, every: 1 month}
            repeat: true
            outcomes: {hit: {chance: 0.3}, miss: {chance: rest}}
        """,
        4000,
        end="2025-05-31",
    )
    chance = math.comb(4, hits) * 0.3**hits * 0.7 ** (4 - hits)
    assert_mean(runs.count("e", "hit") == hits, lambda factor: factor * chance)

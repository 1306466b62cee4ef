"""Shapley shares: what a change adds to other changes, averaged over the orders of making them.

Source: Shapley, "A value for n-person games", 1953. Beyond eight changes orders are sampled, each
with its reverse (Castro, Gomez and Tejada, Computers & Operations Research 36, 2009).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import TypeAlias

from coopsim.experiments.mixtures import MixtureStep
from coopsim.simulation.draws import stream_key, uniform

MOST_EXACT = 8  # changes whose every order is gone through

Coalition: TypeAlias = frozenset[int]
MixtureSteps: TypeAlias = list[MixtureStep[Coalition]]
Orders: TypeAlias = tuple[tuple[int, ...], ...]


def coalitions(count: int, orders: Orders | None) -> list[Coalition]:
    """List the sets of so many changes that are to be known: none and all of them first."""
    everyone = range(count)
    wanted = [frozenset[int](), frozenset(everyone)]
    wanted += [frozenset([one]) for one in everyone]
    wanted += [frozenset(everyone) - {one} for one in everyone]
    if orders is None:
        wanted += [frozenset(c) for k in everyone for c in combinations(everyone, k)]
    else:
        wanted += [frozenset(o[:k]) for o in orders for k in range(len(o))]
    return list(dict.fromkeys(wanted))


def sampled_orders(count: int, orders: int, seed: int) -> Orders | None:
    """Sample orders of many changes, each followed by its reverse; None for all orders of few."""
    if count <= MOST_EXACT:
        return None
    key = stream_key(seed, "analysis.orders")
    found: list[tuple[int, ...]] = []
    for draw in range(max(orders // 2, 2)):
        drawn = sorted(range(count), key=lambda one, draw=draw: uniform(key, draw, one))  # type: ignore[misc]
        found += [tuple(drawn), tuple(reversed(drawn))]
    return tuple(found)


def shares(one: int, count: int, orders: Orders | None) -> list[MixtureSteps]:
    """Weigh what a change adds to sets of the others: its share, once exactly or drawn often.

    An order and its reverse are one draw, as their mean varies less than either.
    """
    if orders is None:
        return [exact(one, count)]
    pairs = zip(orders[0::2], orders[1::2], strict=True)
    return [[_added(one, order, 0.5) for order in pair] for pair in pairs]


def exact(one: int, count: int) -> MixtureSteps:
    """Weigh what a change adds to every set of the others."""
    others = [other for other in range(count) if other != one]
    return [
        (
            math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count),
            frozenset(chosen),
            frozenset((*chosen, one)),
        )
        for size in range(count)
        for chosen in combinations(others, size)
    ]


def _added(one: int, order: Sequence[int], weight: float) -> MixtureStep[Coalition]:
    before = frozenset(order[: order.index(one)])
    return weight, before, before | {one}

"""Chance, compiled: the generator of `draws.py`, and the quantile functions themselves.

The generator is written a second time, in machine words; tests hold it against the first and
against its published vectors. Quantiles, shared luck and calendars are the very functions that the
SimPy model calls, compiled: `_overloaded` makes a plain function callable from compiled code.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.typing import signature
from numba.extending import intrinsic, overload

from coopsim.scenario.notation import quantiles, special, values
from coopsim.simulation import sampling
from coopsim.simulation.kernel.compiling import OPTIONS, called, inlined
from coopsim.simulation.kernel.tables import DISTRIBUTIONS, NONE, NORMAL, Array

# Callers give machine integers of one width, as each other one would be compiled anew.
Integer: TypeAlias = int | np.integer[Any]

# --- functions shared with the rest of coopsim --------------------------------------------------


def _overloaded(function: Callable[..., Any], compilable: Callable[..., Any]) -> None:
    # Not strict: Numba would compare the names of arguments, which the lambda does not give.
    overload(function, strict=False, jit_options=OPTIONS)(lambda *_: compilable)


for _function in (
    *(special.ratio, special.erfc, special.ndtr),
    *(special.in_middle, special.middle_ndtri, special.tail_distance, special.tail_at),
    *(special.tail_ndtri, special.ndtri),
    *(
        quantiles.uniform_quantile,
        quantiles.triangular_quantile,
    ),
    *(
        quantiles.exponential_quantile,
        quantiles.weibull_quantile,
        quantiles.metalog_quantile,
    ),
    *(quantiles.normal_at, quantiles.lognormal_at, quantiles.pert_at),
    *(quantiles.metalog_spread, quantiles.metalog_skew),
    *(values.add_months, values.calendar_day, values.days_to),
    *(sampling.shared, sampling.whole_second, sampling.next_date),
):
    _overloaded(_function, _function)

# --- uniform numbers ----------------------------------------------------------------------------

_MULTIPLIER = np.uint64(0xD2B74407B1CE6E93)
_KEY_STEP = np.uint64(0x9E3779B97F4A7C15)


@intrinsic  # type: ignore[untyped-decorator]  # Numba's
def _high_word(_context: Any, _left: Any, _right: Any) -> Any:
    """Get the upper half of the 128-bit product of two words; processors have it in one step."""

    def generate(_context: Any, builder: Any, _signature: Any, words: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(words[0], wide), builder.zext(words[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return signature(types.uint64, types.uint64, types.uint64), generate


@called
def uniform(key: np.uint64, run: int, k: Integer) -> float:
    """Get the k-th number of a stream in a run, as `draws.uniform` does."""
    left, right = np.uint64(run), np.uint64(k)
    for _ in range(10):
        high, low = _high_word(left, _MULTIPLIER), left * _MULTIPLIER
        left, right = high ^ key ^ right, low
        key += _KEY_STEP
    return (np.float64(left >> np.uint64(12)) + 0.5) * 2.0**-52


# --- quantities ---------------------------------------------------------------------------------

_, UNIFORM, TRIANGULAR, EXPONENTIAL, WEIBULL, METALOG, _, LOGNORMAL, _ = range(len(DISTRIBUTIONS))


@called
def quantile(kind: int, u: float, a: float, b: float, c: float) -> float:
    """Invert the distribution function of a kind before NORMAL with parameters a, b, c at u."""
    if kind == UNIFORM:
        return quantiles.uniform_quantile(u, a, b)
    if kind == TRIANGULAR:
        return quantiles.triangular_quantile(u, a, b, c)
    if kind == EXPONENTIAL:
        return quantiles.exponential_quantile(u, a)
    if kind == WEIBULL:
        return quantiles.weibull_quantile(u, a, b)
    return quantiles.metalog_quantile(u, a, b, c)


@called
def at_score(nodes: Array, kind: int, score: float, a: float, b: float, c: float) -> float:
    """Get what a kind from NORMAL on has at a normal score."""
    if kind == LOGNORMAL:
        return quantiles.lognormal_at(score, a, b)
    if kind == NORMAL:
        return quantiles.normal_at(score, a, b)
    return quantiles.pert_at(score, a, b, nodes[int(c), 0], nodes[int(c), 1])


@inlined
def bounded(q: Any, value: float) -> float:
    """Count a quantity from its origin, and keep it within its bounds."""
    return min(max(value - q.origin, q.low), q.high)


@called
def sample(
    quantities: Array, nodes: Array, keys: Array, index: Integer, run: int, k: Integer
) -> float:
    """Draw a quantity's k-th number in a run, as `sampling.sample` does."""
    q = quantities[index]
    if q.stream == NONE:
        return q.a - q.origin
    u = uniform(keys[q.stream], run, k)
    if q.luck != NONE:
        u = sampling.shared(u, uniform(keys[q.luck], run, 0), q.share)
    if q.kind < NORMAL:
        return bounded(q, quantile(q.kind, u, q.a, q.b, q.c))
    return bounded(q, at_score(nodes, q.kind, special.ndtri(u), q.a, q.b, q.c))


@called
def unit_exponential(u: float) -> float:
    """Get the work of a hazard's arming that draws u."""
    return -math.log(1.0 - u)

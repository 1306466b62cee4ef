"""How much of a query's weighted conditions holds, in percent of the whole weight."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coopsim.analysis.kinds.base import Query
from coopsim.analysis.timelines import BoolArray, Changes, IntArray, Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.program import IndexedCondition, Program


def percent_followed(query: Query, timelines: Timelines) -> tuple[FloatArray, Changes]:
    """Follow the percent through time: its values, and the changes among them."""

    def percent(levels: Mapping[int, IntArray], size: int) -> FloatArray:
        return _percent(query, timelines.program, levels, size)

    return timelines.combined(query.variables, percent)


def _percent(
    query: Query, program: Program, levels: Mapping[int, IntArray], size: int
) -> FloatArray:
    reached = np.zeros(size)
    for condition, weight in query.terms:
        reached += weight * _met(condition, program, levels, size)
    percent: FloatArray = 100.0 * reached / sum(weight for _, weight in query.terms)
    return percent


def _met(
    condition: IndexedCondition, program: Program, levels: Mapping[int, IntArray], size: int
) -> BoolArray:
    """Mark where a condition holds, given the levels of its variables, all of this length."""
    any_row = np.zeros(size, dtype=np.bool_)
    for row in condition:
        all_tests = np.ones(size, dtype=np.bool_)
        for test in row:
            possible = range(len(program.levels_of(test.variable)))
            passes = np.array([bool(test.mask >> level & 1) for level in possible])
            all_tests &= passes[levels[test.variable]]
        any_row |= all_tests
    return any_row

"""Answers over time: what each timeline makes of a question from the start up to its close.

A chance by the horizon does not see what comes sooner or later, nor a level at the close what held
before. The course of an answer does: whatever moves the answer at any time moves its course.

- A date, a branch of `first_of`: the years until it comes, never counting as the close. Its mean is
  the restricted mean survival time (Royston and Parmar, Stat. Med. 30, 2011), which is defined
  whatever is censored.
- A gap: the years from the one to the other, each so counted.
- A driver's level: the years spent at it.
- A count, an index: its average over time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.timelines import Changes, IntArray, Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR


def waits(times: IntArray, closes: int) -> FloatArray:
    """Get the years until some times, never counting as the close."""
    years: FloatArray = np.minimum(times, closes) / YEAR
    return years


def held(timelines: Timelines, changes: Changes, closes: int, values: FloatArray) -> FloatArray:
    """Sum the values of levels over the seconds for which each level held, shape (runs,)."""
    left = _left(timelines, changes.rows, closes)
    jumps = left * (values[changes.after] - values[changes.before])
    return closes * values[changes.initial] + _summed(timelines, changes.rows, jumps)


def spent(timelines: Timelines, changes: Changes, closes: int, levels: int) -> FloatArray:
    """Count the seconds for which each level held, shape (runs, levels)."""
    left = _left(timelines, changes.rows, closes)
    cells, shape = timelines.run_of(changes.rows) * levels, (timelines.runs, levels)
    entered, quitted = (
        np.bincount(cells + level, weights=left, minlength=timelines.runs * levels).reshape(shape)
        for level in (changes.after, changes.before)
    )
    seconds = (entered - quitted).astype(np.float64)
    seconds[np.arange(timelines.runs), changes.initial] += closes
    return seconds


def counted(timelines: Timelines, rows: IntArray, closes: int) -> FloatArray:
    """Sum over the seconds how many of some rows have come, shape (runs,)."""
    return _summed(timelines, rows, _left(timelines, rows, closes))


def _left(timelines: Timelines, rows: IntArray, closes: int) -> IntArray:
    """Get the seconds that are left until the close after some rows."""
    left: IntArray = np.maximum(closes - timelines.times(rows), 0)
    return left


def _summed(timelines: Timelines, rows: IntArray, weights: NDArray[Any]) -> FloatArray:
    """Sum what rows weigh over each run."""
    found = np.bincount(timelines.run_of(rows), weights=weights, minlength=timelines.runs)
    return found.astype(np.float64)

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

from coopsim.analysis.outcomes import (
    Answers,
    Counts,
    Dates,
    Firsts,
    Gaps,
    Indices,
    Levels,
    Query,
    first_times,
    index_changes,
)
from coopsim.analysis.timelines import Changes, FloatArray, IntArray, Timelines
from coopsim.scenario.notation.values import YEAR

_UNITS = {"count": "count", "index": "percent"}


def course_unit(kind: str) -> str:
    """Get the unit of the course of a kind of question: `years`, `count` or `percent`."""
    return _UNITS.get(kind, "years")


def course_whole(query: Query) -> float | None:
    """Get how far the courses of two timelines may be apart, where their unit does not say it."""
    if course_unit(query.kind) != "years":
        return None
    return (2 if query.kind == "between" else 1) * query.closes / YEAR


def course_labels(query: Query, levels: tuple[str, ...]) -> tuple[str | None, ...]:
    """List the branches or levels that the columns of a course belong to, or None alone."""
    if query.kind == "first_of":
        return (*query.labels, "neither")
    return levels if query.kind == "driver" else (None,)


def courses(query: Query, timelines: Timelines, answers: Answers) -> FloatArray:
    """Follow an answer over time, shape (runs, labels).

    The last branch of `first_of` is that none has come yet.
    """
    closes = query.closes
    found: Any
    match answers:
        case Dates():
            found = _waits(answers.times, closes)
        case Gaps():
            first, second = _waits(first_times(query, timelines), closes)
            found = second - first
        case Firsts():
            found = _branch_waits(answers, len(query.labels), closes)
        case Levels():
            sizes = len(timelines.program.levels_of(query.variable))
            held = timelines.changes(query.variable)
            found = _held(timelines, held, closes, np.eye(sizes)) / YEAR
        case Counts():
            rows = timelines.rows(query.places[0], closes)
            found = _summed(timelines, rows, _left(timelines, rows, closes)) / closes
        case Indices():
            values, changes = index_changes(query, timelines)
            found = _held(timelines, changes, closes, values[:, np.newaxis]) / closes
    columns: FloatArray = found.reshape(timelines.runs, -1)
    return columns


def _waits(times: IntArray, closes: int) -> FloatArray:
    years: FloatArray = np.minimum(times, closes) / YEAR
    return years


def _branch_waits(answers: Firsts, branches: int, closes: int) -> FloatArray:
    waits = _waits(answers.times, closes)[:, np.newaxis]
    won = answers.branch[:, np.newaxis] == np.arange(branches)
    return np.hstack((np.where(won, waits, closes / YEAR), waits))


def _held(timelines: Timelines, changes: Changes, closes: int, values: FloatArray) -> FloatArray:
    """Sum values, shape (levels, columns), over the seconds for which each level held."""
    left = _left(timelines, changes.rows, closes)[:, np.newaxis]
    jumps = left * (values[changes.after] - values[changes.before])
    moved = [_summed(timelines, changes.rows, jump) for jump in jumps.T]
    held: FloatArray = closes * values[changes.initial] + np.stack(moved, axis=1)
    return held


def _left(timelines: Timelines, rows: IntArray, closes: int) -> IntArray:
    """Get the seconds that are left until the close after some rows."""
    left: IntArray = np.maximum(closes - timelines.times(rows), 0)
    return left


def _summed(timelines: Timelines, rows: IntArray, weights: NDArray[Any]) -> FloatArray:
    """Sum what rows weigh over each run."""
    found = np.bincount(timelines.run_of(rows), weights=weights, minlength=timelines.runs)
    return found.astype(np.float64)

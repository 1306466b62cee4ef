"""Windows as intervals of whole seconds since the start."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator

from coopsim.scenario.notation.timing import Window
from coopsim.scenario.notation.values import add_months
from coopsim.simulation.limits import LONGEST_WORK

Intervals = tuple[tuple[int, int], ...]


def window_seconds(window: Window, start: int, horizon: int) -> Intervals:
    """List when a window is open between 0 and the horizon, ends included, sorted and apart."""
    raw = _listed(window, start) if window.open is not None else _recurring(window, start, horizon)
    merged: list[tuple[int, int]] = []
    for first, last in sorted(raw):
        if last < 0 or first >= horizon or last < first:
            continue
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _listed(window: Window, start: int) -> Iterator[tuple[int, int]]:
    for first, last in window.open or ():
        yield first.first - start, last.end_of_day - start - 1


def _recurring(window: Window, start: int, horizon: int) -> Iterator[tuple[int, int]]:
    assert window.opens is not None
    assert window.every is not None
    assert window.lasts is not None
    opens, every = window.opens.first, window.every
    step = 0
    while True:
        if every.months is not None:
            first = add_months(opens, step * every.months) - start
        else:
            assert every.seconds is not None
            first = opens + step * every.seconds - start
        if first >= horizon:
            return
        yield first, math.floor(first + min(window.lasts, LONGEST_WORK))
        step += 1


def next_open(windows: Intervals, moment: int) -> int | None:
    """Find the first second, from a moment on, at which a window is open; None after the last."""
    position = bisect_left(windows, moment, key=lambda interval: interval[1])
    if position == len(windows):
        return None
    return max(moment, windows[position][0])

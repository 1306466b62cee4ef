"""Boxes in which something happens often: the patient rule induction method.

Friedman and Fisher, "Bump hunting in high-dimensional data", Stat. Comput. 9 (1999), without
their pasting. Peels are chosen by gain per run given up, which treats columns of many and of two
values alike (Kwakkel and Jaxa-Rozen, Environ. Model. Softw. 79, 2016). Limits that may be chance
are dropped by the test of Bryant and Lempert (Technol. Forecast. Soc. Change 77, 2010).

There are packages for it; those we know bring pandas and more along, or a licence unlike ours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.statistics import special
from coopsim.analysis.timelines import BoolArray
from coopsim.scenario.notation.quantiles import FloatArray

PEEL = 0.05  # share of the runs in a box given up at a time
_CHANCE = 0.05  # a limit is kept where chance would do as well less often than this

_Peel = tuple[float, BoolArray, "Box"]  # gain for each run given up, the runs left, their box


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """The least and the greatest value allowed in each column, shape (columns,) each."""

    low: FloatArray
    high: FloatArray

    @classmethod
    def whole(cls, columns: int) -> Box:
        """Make the box that holds everything."""
        return cls(np.full(columns, -math.inf), np.full(columns, math.inf))

    def holds(self, x: FloatArray) -> BoolArray:
        """Mark the rows of x, shape (runs, columns), that are in the box."""
        inside = np.ones(len(x), dtype=np.bool_)
        for column in self.limited:
            inside &= (x[:, column] >= self.low[column]) & (x[:, column] <= self.high[column])
        return inside

    @property
    def limited(self) -> list[int]:
        """List the columns that have a limit."""
        return np.flatnonzero((self.low > -math.inf) | (self.high < math.inf)).tolist()

    def within(self, column: int, low: float, high: float) -> Box:
        """Make a box that differs in the limits of one column."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[column], highs[column] = low, high
        return Box(lows, highs)

    def freed(self, column: int) -> Box:
        """Make a box without limits on one column."""
        return self.within(column, -math.inf, math.inf)


def peel(x: FloatArray, y: BoolArray, least: int, hits: float = 0.0) -> list[Box]:
    """Peel from all runs down to few: a trajectory of boxes, each within the one before.

    `x` has shape (runs, columns), `y` tells in which runs it happens, the hits. No box holds
    fewer than `least` runs or fewer than `hits` hits; each is denser than the one before.
    """
    boxes = [Box.whole(x.shape[1])]
    while True:
        peels = [one for one in _peels(x, y, boxes[-1], least) if y[one[1]].sum() >= hits]
        best = max(peels, key=lambda one: one[0], default=None)
        if best is None or best[0] <= 0:
            return boxes
        _, left, box = best
        x, y = x[left], y[left]
        boxes.append(box)


def _peels(x: FloatArray, y: BoolArray, box: Box, least: int) -> Iterator[_Peel]:
    for column in range(x.shape[1]):
        values = x[:, column]
        if values.min() == values.max():
            continue
        low, high = _next(values), -_next(-values)
        for left, smaller in (
            (values >= low, box.within(column, low, box.high[column])),
            (values <= high, box.within(column, box.low[column], high)),
        ):
            given_up = len(y) - int(left.sum())
            if len(y) - given_up >= least:
                yield (float(y[left].mean() - y.mean()) / given_up, left, smaller)


def _next(values: FloatArray) -> float:
    """Get the least value that stays when the lowest are peeled off; of equals all go."""
    ordered = np.sort(values)
    place = max(int(PEEL * len(values)), 1)
    if ordered[place] == ordered[0]:
        place = int(np.searchsorted(ordered, ordered[0], side="right"))
    return float(ordered[place])


def pruned(box: Box, x: FloatArray, y: BoolArray) -> Box:
    """Drop limits without which the box would do as well, the least telling first."""
    while box.limited:
        chances = {column: by_chance(box, column, x, y) for column in box.limited}
        worst = max(chances, key=lambda column: chances[column])
        if chances[worst] < _CHANCE:
            return box
        box = box.freed(worst)
    return box


def by_chance(box: Box, column: int, x: FloatArray, y: BoolArray) -> float:
    """Get the chance of so many hits if the limit on a column picked runs at random.

    Without that limit a share q of the runs are hits; so many hits or more among those in the
    box are then binomial.
    """
    inside = y[box.holds(x)]
    q = float(y[box.freed(column).holds(x)].mean()) if len(inside) else 1.0
    hits = int(inside.sum())
    return float(special.bdtrc(hits - 1, len(inside), q)) if hits else 1.0

"""Numbers and medians of some timelines as a whole and in sections, for intervals of any mixture.

Cut alike, the sections of several variants share their luck; whatever is a sum of the variants'
numbers then has the spread of its sections as error. Source: sectioning, Asmussen and Glynn,
Stochastic Simulation, 2007, III.5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from coopsim.analysis.gauges import Gauge, Readings
from coopsim.analysis.pairing import SECTIONS, Difference, median
from coopsim.analysis.timelines import FloatArray, IntArray
from coopsim.scenario.values import YEAR

MEAN, MEDIAN = 0, 1
_T95 = float(stdtrit(SECTIONS - 1, 0.975))


def sectioned(readings: Readings) -> FloatArray:
    """Get means and medians, shape (gauges, 2, 1 + sections), those of all runs first.

    Medians are in years (of a date, since 1970); not a number where one is not reached, which
    `difference` turns into None.
    """
    found = np.full((len(readings.numbers), 2, 1 + SECTIONS), np.nan)
    for gauge, (numbers, moments) in enumerate(
        zip(readings.numbers, readings.moments, strict=True)
    ):
        found[gauge, MEAN, 0] = numbers.mean()
        found[gauge, MEAN, 1:] = [part.mean() for part in np.array_split(numbers, SECTIONS)]
        if moments is not None:
            parts = [moments, *np.array_split(moments, SECTIONS)]
            found[gauge, MEDIAN] = [_years(part) for part in parts]
    return found


def _years(moments: IntArray) -> float:
    found = median(moments)
    return math.nan if found is None else found / YEAR


def difference(values: FloatArray, gauge: Gauge, runs: int, more: float = 0.0) -> Difference | None:
    """Estimate what a mixture of one gauge's values comes to, shape (1 + sections,).

    `more` is a variance that is not in the sections. Of a share that no timeline changes, the
    interval is by the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983). None where a
    median is not reached, an error of None where it is not reached in some section.
    """
    value = float(values[0])
    if math.isnan(value):
        return None
    spread = float(((values[1:] - value) ** 2).sum()) / (SECTIONS - 1) / SECTIONS
    if math.isnan(spread):
        return Difference(value, None, None)
    se = math.sqrt(spread + more)
    half = _T95 * se
    if gauge.unit == "share" and half == 0.0:
        half = 3 / runs
    return Difference(value, se, (value - half, value + half))


def paired_difference(
    before: FloatArray, after: FloatArray, asked: Sequence[Gauge], runs: int
) -> list[tuple[Difference | None, Difference | None]]:
    """Estimate each gauge's change of mean and of median between two variants."""
    change = after - before
    return [
        (difference(change[n, MEAN], one, runs), difference(change[n, MEDIAN], one, runs))
        for n, one in enumerate(asked)
    ]

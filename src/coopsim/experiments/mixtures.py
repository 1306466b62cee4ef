"""Answers of many variants with the same luck, kept small, and what mixtures of them come to.

A mixture weighs the variants: `new` less `old` is one, a Shapley share another. In each timeline
it is one number, so that its error is that of a mean; a mixture of medians is made of differences
of two, and its interval of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from coopsim.analysis.comparing.medians import Middle, shift
from coopsim.analysis.comparing.pairing import PairedEstimate, mean_difference
from coopsim.analysis.measures import Measure, Samples
from coopsim.analysis.statistics.spread import Spread, Sums, t95
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR

Variant = TypeVar("Variant", bound=Hashable)
MixtureStep = tuple[float, Variant, Variant]  # weight, without a change, with it
Mixture = Sequence[MixtureStep[Variant]]

_BLOCK = 8_192  # runs whose numbers are unpacked at a time
_HAIR = 1e-12  # what rounding leaves of weights that cancel


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The samples of a variant, small: shares as bits, other numbers in few bytes, medians."""

    numbers: tuple[np.ndarray, ...]
    middles: tuple[Middle | None, ...]


def kept(samples: Samples, asked: Sequence[Measure]) -> Kept:
    """Make the samples of a variant small."""
    packed = [
        _packed(numbers, one.unit) for numbers, one in zip(samples.numbers, asked, strict=True)
    ]
    middles = (None if each is None else Middle.of(each) for each in samples.moments)
    return Kept(tuple(packed), tuple(middles))


def _packed(numbers: FloatArray, unit: str) -> Any:
    if unit == "share":
        return np.packbits(numbers.astype(np.bool_))
    if unit == "count":
        return numbers.astype(np.min_scalar_type(int(numbers.max())))
    return numbers


def _unpacked(numbers: np.ndarray, unit: str, runs: slice) -> np.ndarray:
    if unit != "share":
        return numbers[runs]
    return np.unpackbits(numbers[runs.start // 8 : -(-runs.stop // 8)])[: runs.stop - runs.start]


def mixed(
    variants: Mapping[Variant, Kept],
    mixtures: Sequence[Mixture[Variant]],
    number: int,
    unit: str,
    runs: int,
) -> list[Spread]:
    """Get the spread over the runs of mixtures of one measure's numbers, given by its place."""
    places = {variant: place for place, variant in enumerate(variants)}
    weights = np.zeros((len(mixtures), len(places)))
    for row, steps in zip(weights, mixtures, strict=True):
        for weight, without, having in steps:
            row[places[having]] += weight
            row[places[without]] -= weight
    sums = Sums((len(mixtures),))
    for first in range(0, runs, _BLOCK):
        block = slice(first, min(first + _BLOCK, runs))
        numbers = [_unpacked(one.numbers[number], unit, block) for one in variants.values()]
        found = weights @ np.array(numbers, dtype=np.float64)
        found[np.abs(found) < _HAIR] = 0.0
        sums.update(found)
    return [sums.spread(row) for row in range(len(mixtures))]


def mixed_median(
    variants: Mapping[Variant, Kept], steps: Mixture[Variant], number: int
) -> PairedEstimate | None:
    """Estimate a mixture of one measure's medians, in years; None where one is not reached.

    As the steps share their luck, their errors are taken to add up, so that the interval is
    rather too wide.
    """
    found = []
    for weight, without, having in steps:
        before, after = (variants[one].middles[number] for one in (without, having))
        step = None if before is None or after is None else shift(before, after, YEAR)
        if step is None:
            return None
        found.append((weight, step))
    value = sum(weight * step.value for weight, step in found)
    value = 0.0 if abs(value) < _HAIR else value
    errors = [
        (w, step.se, *step.interval) for w, step in found if step.se is not None and step.interval
    ]
    if len(errors) < len(found):
        return PairedEstimate(value, None, None)
    se, low, high = (sum(row[0] * row[place] for row in errors) for place in (1, 2, 3))
    return PairedEstimate(value, se, (low, high))


def estimated(
    variants: Mapping[Variant, Kept],
    wanted: Sequence[Sequence[Mixture[Variant]]],
    number: int,
    asked: Measure,
    runs: int,
) -> list[tuple[PairedEstimate, PairedEstimate | None]]:
    """Estimate one measure's changes of mean and of median, by its place among the measures.

    Each is the mean of some mixtures drawn at random, of which the error is counted in, or is one.
    """
    means = [_averaged(drawn) for drawn in wanted]
    lots = [mixture for drawn in wanted if len(drawn) > 1 for mixture in drawn]
    spreads = mixed(variants, [*means, *lots], number, asked.unit, runs)
    values = iter([spread.mean for spread in spreads[len(means) :]])
    found = []
    for drawn, mean, spread in zip(wanted, means, spreads, strict=False):
        change = mean_difference(spread, asked.unit)
        median = mixed_median(variants, mean, number) if asked.dated else None
        if len(drawn) > 1:
            change = _widened(change, [next(values) for _ in drawn])
            if median is not None:
                apart = [mixed_median(variants, one, number) for one in drawn]
                median = _widened(median, [one.value for one in apart if one is not None])
        found.append((change, median))
    return found


def _averaged(drawn: Sequence[Mixture[Variant]]) -> list[MixtureStep[Variant]]:
    return [
        (weight / len(drawn), without, having)
        for mixture in drawn
        for weight, without, having in mixture
    ]


def _widened(difference: PairedEstimate, drawn: Sequence[float]) -> PairedEstimate:
    """Add the error of a mean of what was drawn at random, with Student's t."""
    if difference.interval is None or difference.se is None:
        return difference
    value, count = difference.value, len(drawn)
    lot = float(np.std(drawn, ddof=1)) / math.sqrt(count)
    reach = t95(count - 1) * lot
    low, high = difference.interval
    ends = value - math.hypot(value - low, reach), value + math.hypot(high - value, reach)
    return PairedEstimate(value, math.hypot(difference.se, lot), ends)

"""Simulation chance and model uncertainty apart: each answer as a band over what is not known.

Model uncertainty (epistemic) is what is drawn once per run because nobody knows it: uncertain
rates, factors and chances, and the level at which a driver begins. All else is chance: when clocks
ring, how events turn out, and the shared luck of an industry, which is a run of good or bad years
and not a fact of today.

Replications of a run keep its epistemic draws and make all others again: the streams of what is not
known stay, the rest get another name. Over many runs the mean of the replications is the answer's
value given what we do not know, up to noise: how the values are spread is read from the means as a
mixture (npmle.py). The epistemic share of the variance is that of one-way analysis of variance
(components.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from coopsim.analysis.checkpoints import known_on
from coopsim.analysis.measures import Measure, Samples
from coopsim.analysis.once_per_run import run_draws
from coopsim.analysis.statistics.components import resamples, share_of_variance
from coopsim.analysis.statistics.estimates import Interval, wilson
from coopsim.analysis.statistics.noise import Noise, of_numbers, of_shares
from coopsim.analysis.statistics.npmle import interval, lucky_numbers, percentiles
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import IntArray
from coopsim.errors import UsageError
from coopsim.experiments.base import Base, bases_of
from coopsim.experiments.variants import Effort, Variant, sampled
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.program import Program

DEFAULT_REPLICATIONS = 100
_BAND = (5, 95)  # percent
_QUANTILES = (5, 10, 25, 50, 75, 90, 95)
_LIMITS = {"count": (0.0, math.inf), "percent": (0.0, 100.0)}


@dataclass(frozen=True, slots=True)
class UncertainAnswer:
    """An answer and the band in which it lies over what is not known.

    `value` is the mean over all timelines, `share` the epistemic share of the variance between
    timelines, `band` the 5th and 95th percentile of the answer over what we do not
    know, `quantiles` some more. Intervals are 95 % simulation error, `low` and `high` those of
    the ends of the band. They are None where the replications differ in hardly any draw, so that
    nothing is known of the noise.
    """

    base: Base
    value: float
    interval: Interval | None
    share: float
    share_interval: Interval | None
    band: Interval
    low_interval: Interval | None
    high_interval: Interval | None
    quantiles: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ModelUncertainty:
    """The bands of some answers, from `runs` epistemic draws with so many replications of each.

    `uncertain` are the paths of the assumptions that are drawn.
    """

    scenario: str
    hash: str
    as_of: date
    sets: tuple[str, ...]
    seed: int
    runs: int
    replications: int
    uncertain: tuple[str, ...]
    outcomes: Mapping[str, UncertainAnswer]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def epistemic(
    loaded: Loaded,
    asked: Sequence[str | Measure],
    effort: Effort,
    replications: int = DEFAULT_REPLICATIONS,
    *,
    luck: bool = False,
) -> ModelUncertainty:
    """Find the bands of some answers, or of all, over `effort.runs` epistemic draws.

    With `luck`, shared luck counts as not known, too. Raises UsageError for fewer than two
    replications, and where nothing is drawn once per run.
    """
    if replications < 2:
        raise UsageError(
            "--replications must be at least 2 to separate chance from model uncertainty"
        )
    written = Variant.of(loaded.scenario, asked)
    program = written.program
    kept = epistemic_streams(program, luck=luck)
    if not kept:
        raise UsageError(
            f"{loaded.scenario.scenario} has no model uncertainty to measure: every rate, factor, "
            "chance and first level is written as certain"
        )
    first, sums = _replicated(written, kept, replications, effort)
    lucky = _Lucky(resamples(program.seed, effort.runs), lucky_numbers(program.seed, effort.runs))
    return ModelUncertainty(
        scenario=loaded.scenario.scenario,
        hash=loaded.hash,
        as_of=known_on(loaded.scenario),
        sets=loaded.scenario.variant,
        seed=program.seed,
        runs=effort.runs,
        replications=replications,
        uncertain=_paths(program, kept),
        outcomes={
            one.text: _answer(base, sums, number, lucky)
            for number, (one, base) in enumerate(
                zip(written.asked, bases_of(written, first), strict=True)
            )
        },
    )


def _replicated(
    written: Variant, kept: frozenset[int], replications: int, effort: Effort
) -> tuple[Samples, _Sums]:
    """Make all replications; gives the samples of the first, and what is gathered of all."""
    variants = (
        replace(written, program=replication(written.program, kept, number))
        for number in range(replications)
    )
    sums = _Sums((len(written.asked), effort.runs))
    played = sampled(variants, replications, effort)
    _, first = next(played)
    sums.add(first.numbers)
    for _, samples in played:
        sums.add(samples.numbers)
    return first, sums


def epistemic_streams(program: Program, *, luck: bool = False) -> frozenset[int]:
    """Find the streams of what is drawn once per run as we do not know it."""
    kept = [draw for draw in run_draws(program) if luck or draw.kind != "luck"]
    # Without the luck that is mixed into it, a number would change.
    mixed = [draw.quantity.luck for draw in kept if draw.quantity is not None]
    return frozenset(
        stream for stream in (*(draw.stream for draw in kept), *mixed) if stream is not None
    )


def _paths(program: Program, kept: frozenset[int]) -> tuple[str, ...]:
    """List the paths of what is drawn on some streams, in the order of the streams."""
    drawn = sorted(run_draws(program), key=lambda draw: draw.stream)
    return tuple(draw.path for draw in drawn if draw.stream in kept)


def replication(program: Program, kept: frozenset[int], number: int) -> Program:
    """Give a program whose runs keep their draws on some streams and draw all others again.

    Replication 0 is the program itself.
    """
    if number == 0:
        return program
    streams = (
        name if stream in kept else f"{name} (replication {number})"
        for stream, name in enumerate(program.streams)
    )
    return replace(program, streams=tuple(streams))


class _Lucky(NamedTuple):
    """The random numbers by which all answers are resampled and simulated."""

    again: IntArray
    uniform: FloatArray


class _Sums:
    """Sums over the replications of every run, shape (measures, runs)."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.count = 0
        self._sum = np.zeros(shape)
        self._squares = np.zeros(shape)

    def add(self, numbers: FloatArray) -> None:
        """Take in one replication of all runs."""
        self.count += 1
        self._sum += numbers
        self._squares += numbers**2

    def means(self) -> FloatArray:
        """Get the mean over each run's replications."""
        return self._sum / self.count

    def within(self) -> FloatArray:
        """Estimate the variance between replications of each run."""
        spread: FloatArray = self._squares - self._sum**2 / self.count
        real = spread > 1e-9 * self._squares  # what is less is the rounding of equal numbers
        return np.where(real, spread, 0.0) / (self.count - 1)


def _answer(base: Base, sums: _Sums, number: int, lucky: _Lucky) -> UncertainAnswer:
    means, within = sums.means()[number], sums.within()[number]
    share, share_interval = share_of_variance(means, within, sums.count, lucky.again)
    noise = _noise(base.unit, means, within, sums.count)
    spread = percentiles(noise, _QUANTILES) if noise else _plainly(means)
    found = dict(zip(_QUANTILES, spread, strict=True))
    low, high = (
        interval(noise, percent, found[percent], lucky.uniform) if noise else None
        for percent in _BAND
    )
    return UncertainAnswer(
        base=base,
        value=float(means.mean()),
        interval=_mean_interval(base.unit, means, sums.count),
        share=share,
        share_interval=share_interval,
        band=(found[_BAND[0]], found[_BAND[1]]),
        low_interval=low,
        high_interval=high,
        quantiles={f"{percent / 100:g}": value for percent, value in found.items()},
    )


def _noise(unit: str, means: FloatArray, within: FloatArray, replications: int) -> Noise | None:
    if unit == "share":
        return of_shares(means, replications)
    return of_numbers(means, within, replications, _LIMITS[unit])


def _plainly(means: FloatArray) -> list[float]:
    found: list[float] = np.percentile(means, _QUANTILES).tolist()
    return found


def _mean_interval(unit: str, means: FloatArray, replications: int) -> Interval | None:
    """Bound the mean over all draws, which are independent; a draw's replications are not."""
    value, variance, runs = float(means.mean()), float(means.var(ddof=1)), len(means)
    if unit == "share":
        most = runs * replications
        alike = value * (1 - value) * runs / variance if variance else runs
        worth = float(np.clip(alike, runs, most))  # so many independent timelines
        low, high = wilson(np.array([value * worth]), worth)
        return float(low[0]), float(high[0])
    reach = Z95 * math.sqrt(variance / runs)
    return (value - reach, value + reach) if reach else None

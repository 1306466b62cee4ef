"""What lies behind noisy means: the mixture that makes them most likely, and its percentiles.

Each draw of what we do not know has a value, such as a chance; of it we see a mean over so many
replications. The distribution of the values is taken as the one under which the means seen are
most likely, among all distributions (Laird, J. Am. Stat. Assoc. 73, 1978): weights on a grid of
nodes, found by an interior-point method (Koenker and Mizera, J. Am. Stat. Assoc. 109, 2014). Means
are counted in cells about as wide as their noise, so that more draws are no more work.

The interval of a percentile holds the values that a likelihood-ratio test lets stand: those that,
taken as the percentile, make what was seen not much less likely. How much less happens by chance
is simulated from such mixtures (Chuang and Lai, Stat. Sinica 10, 2000), as no table knows it:
noise hides most of a distribution's shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from coopsim.analysis.statistics import special
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.statistics.noise import Noise
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.draws import stream_key, uniforms

RESAMPLES = 40
_STEP, _FINE = 0.4, 0.1  # between nodes, in standard deviations of the noise; for estimates
_MARGIN = 3.0  # how far nodes go beyond the means seen, likewise
_MILD = 0.55  # twice the loss of log-likelihood at which we simulate
_BLUR = 6.0  # how many draws' worth of weight is spread over all nodes there
_SOFT = 0.5  # and for estimates, where more would have a bias and less more noise
_POSSIBLE = 5.991464547107979  # -2 ln 0.05
_CLOSE = 0.01  # of log-likelihood: how well mixtures are fitted
_ROUNDS = 60
_SCAN = 24  # values tried as a percentile, and again within the two gaps where the interval ends


def lucky_numbers(seed: int, draws: int) -> FloatArray:
    """Draw the uniform numbers by which means are simulated, sorted, shape (RESAMPLES, draws)."""
    key = stream_key(seed, "analysis.mixtures")
    return np.sort([uniforms(key, 0, draws, k) for k in range(RESAMPLES)], axis=1)


def percentiles(noise: Noise, percents: Sequence[int]) -> list[float]:
    """Get percentiles of the most likely mixture, a little blurred, as it is all peaks."""
    nodes = noise.nodes(_FINE, 0.0)
    weights = fitted(noise.counts[None], noise.chances(nodes), blur=_SOFT)[0][0]
    middles = np.cumsum(weights) - weights / 2
    found: list[float] = np.interp(np.array(percents) / 100, middles, nodes).tolist()
    return found


def interval(noise: Noise, percent: int, estimate: float, lucky: FloatArray) -> Interval:
    """Bound a percentile by the values that are not rejected at 5 %."""
    test = _Test(noise, percent / 100)
    values, loss = test.curve()
    place = int(loss.argmin())
    sides = [(values[place::-1], loss[place::-1]), (values[place:], loss[place:])]
    mild = np.array([_reaching(_MILD, *side) for side in sides])
    by_chance = float(np.quantile(test.simulated(mild, lucky), 0.95)) + 2 * _CLOSE
    allowed = max(by_chance, test.of_discreteness())
    low, high = (_reaching(allowed, *side) for side in sides)
    return min(low, estimate), max(high, estimate)


def _reaching(loss: float, values: FloatArray, losses: FloatArray) -> float:
    """Find where the loss first is as large, or the last value if it never is."""
    risen = np.maximum.accumulate(losses)
    return float(np.interp(math.sqrt(loss), np.sqrt(np.maximum(risen - risen[0], 0.0)), values))


class _Test:
    """A likelihood-ratio test of the values that a percentile may have."""

    def __init__(self, noise: Noise, share: float) -> None:
        self._noise = noise
        self._nodes = noise.nodes(_STEP, _MARGIN)
        self._chances = noise.chances(self._nodes)
        self._masses = np.array([share, 1 - share])
        self._best = self._free(noise.counts[None])

    def _free(self, counts: FloatArray) -> FloatArray:
        return fitted(counts, self._chances)[1]

    def _held(
        self, counts: FloatArray, values: FloatArray, blur: float = 0.0
    ) -> tuple[FloatArray, FloatArray]:
        """Fit mixtures that have each value as percentile: a share lies below, the rest above.

        Gives the chances of the cells, and log-likelihoods.
        """
        nodes = np.concatenate([self._nodes, [np.nan, np.nan]])
        below, above = nodes < values[:, None], nodes >= values[:, None]
        groups = np.stack([below, above], axis=1).astype(float)
        groups[:, 0, -2] = groups[:, 1, -1] = 1.0
        there = self._noise.chances(values).T[:, :, None]
        shape = (len(values), *self._chances.shape)
        chances = np.concatenate([np.broadcast_to(self._chances, shape), there, there], axis=2)
        weights, found = fitted(counts, chances, groups, self._masses, blur)
        return _times(chances, weights), found

    def curve(self) -> tuple[FloatArray, FloatArray]:
        """Follow twice the loss of log-likelihood over values, more closely where it rises."""
        noise = self._noise
        values = np.clip(noise.nodes(0.0, _MARGIN + 1.0, _SCAN), *noise.limits)
        losses = self._losses(values)
        for _ in range(2):
            place = int(losses.argmin())
            near = np.flatnonzero(losses < losses[place] + _POSSIBLE)
            ends = [max(near[0] - 1, 0), place, min(near[-1] + 1, len(values) - 1)]
            spots = noise.place(values[ends])
            more = noise.value(np.interp(np.linspace(0, 2, _SCAN), range(3), spots))
            more = np.clip(more, *noise.limits)
            values, order = np.unique(np.concatenate([values, more]), return_index=True)
            losses = np.concatenate([losses, self._losses(more)])[order]
        return values, losses

    def _losses(self, values: FloatArray) -> FloatArray:
        counts = np.broadcast_to(self._noise.counts, (len(values), len(self._noise.counts)))
        return np.maximum(2 * (self._best - self._held(counts, values)[1]), 0.0)

    def simulated(self, values: FloatArray, lucky: FloatArray) -> FloatArray:
        """Simulate the losses if the percentile has these values, shape (values, RESAMPLES)."""
        counts = np.broadcast_to(self._noise.counts, (len(values), len(self._noise.counts)))
        chances = np.maximum(self._held(counts, values, _BLUR)[0], 0.0)
        losses = []
        for value, chance in zip(values, chances, strict=True):
            ends = np.cumsum(chance)[:-1] / chance.sum()
            below = np.array([np.searchsorted(row, ends) for row in lucky])
            drawn = np.diff(below, axis=1, prepend=0, append=lucky.shape[1]).astype(float)
            held = self._held(drawn, np.full(len(drawn), value))[1]
            losses.append(2 * (self._free(drawn) - held))
        return np.array(losses)

    def of_discreteness(self) -> float:
        """Get the loss below which what was seen has a chance of 5 % by itself.

        Where nearly all means are alike, a test that rejects it would err more often than that.
        """
        counts = self._noise.counts
        ways = special.gammaln(counts.sum() + 1) - special.gammaln(counts + 1).sum()
        return _POSSIBLE + 2 * float(self._best[0] + ways)


def fitted(
    counts: FloatArray,
    chances: FloatArray,
    groups: FloatArray | None = None,
    masses: FloatArray | None = None,
    blur: float = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """Find the most likely mixtures for counts of shape (fits, cells).

    `chances` has shape (cells, nodes), or one such for each fit. The weights of the nodes of each
    group (fits, groups, nodes) sum to its mass. Gives weights, and log-likelihoods without the
    number of ways in which counts can come about.
    """
    seen = counts.any(axis=0)
    counts, chances = counts[:, seen], np.atleast_3d(chances.T).T[:, seen]
    if groups is None or masses is None:
        groups, masses = np.ones((1, 1, chances.shape[2])), np.ones(1)
    point = _Point(
        counts, chances, np.broadcast_to(groups, (len(counts), *groups.shape[1:])), masses
    )
    least = blur / chances.shape[2]
    for _ in range(_ROUNDS):
        gap = point.gap()
        if gap.max() < max(_CLOSE, 1.1 * blur):
            break
        point.step(np.maximum(0.1 * gap / chances.shape[2], least))
    return point.weights, (counts * np.log(point.mixed())).sum(axis=1)


class _Point:
    """Weights and multipliers on the way to the most likely mixtures."""

    def __init__(
        self, counts: FloatArray, chances: FloatArray, groups: FloatArray, masses: FloatArray
    ) -> None:
        self._counts, self._chances, self._groups, self._masses = counts, chances, groups, masses
        self.weights = np.einsum("g,fgn->fn", masses, groups / groups.sum(axis=2, keepdims=True))
        slope = self._slope()
        self._levels = 1.1 * (groups * slope[:, None, :]).max(axis=2)
        least = 0.02 * counts.sum(axis=1, keepdims=True)
        self._slack = np.maximum(self._lifted() - slope, least)

    def mixed(self) -> FloatArray:
        """Get the chances of the cells."""
        return _times(self._chances, self.weights)

    def gap(self) -> FloatArray:
        """Bound how much log-likelihood is still to be gained."""
        found: FloatArray = (self.weights * self._slack).sum(axis=1)
        return found

    def _slope(self) -> FloatArray:
        return _times(self._chances.transpose(0, 2, 1), self._counts / self.mixed())

    def _lifted(self) -> FloatArray:
        return _times(self._groups.transpose(0, 2, 1), self._levels)

    def step(self, target: FloatArray) -> None:
        """Take a Newton step towards weight times slack = target, solved in the cells."""
        weights, slack, groups, mixed = self.weights, self._slack, self._groups, self.mixed()
        wide = weights / slack
        rows = self._chances * (np.sqrt(self._counts) / mixed)[:, :, None]
        inner = np.matmul(rows * wide[:, None, :], rows.transpose(0, 2, 1))
        inner[:, range(inner.shape[1]), range(inner.shape[1])] += 1.0
        pull = self._slope() - self._lifted() + target[:, None] / weights
        sides = wide[:, :, None] * np.concatenate(
            [pull[:, :, None], groups.transpose(0, 2, 1)], axis=2
        )
        solved = np.linalg.solve(inner, np.matmul(rows, sides))
        sides -= wide[:, :, None] * np.matmul(rows.transpose(0, 2, 1), solved)
        missing = self._masses - _times(groups, weights)
        summed = np.matmul(groups, sides)
        square = summed[:, :, 1:] + 1e-14 * np.eye(len(self._masses))
        lift = np.linalg.solve(square, summed[:, :, :1] - missing[:, :, None])[:, :, 0]
        by = sides[:, :, 0] - _times(sides[:, :, 1:], lift)
        slacken = target[:, None] / weights - slack - slack * by / weights
        self.weights = weights + _within(by / weights) * by
        reach = _within(slacken / slack)
        self._slack = slack + reach * slacken
        self._levels = self._levels + reach * lift


def _times(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    """Multiply a vector by a matrix in each fit."""
    found: FloatArray = np.matmul(matrices, vectors[:, :, None])[:, :, 0]
    return found


def _within(relative: FloatArray) -> FloatArray:
    """Find which part of a step leaves everything positive."""
    down = np.maximum(-relative.min(axis=1, keepdims=True), 0.95)
    part: FloatArray = 0.95 / down
    return part

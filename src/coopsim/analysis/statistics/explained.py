"""Which share of the variance between timelines goes once their class is known.

A one-way analysis of variance of vectors. The variance between the means of the classes is too
large by what chance leaves in each mean, which is known and taken off: of classes that do not
matter the estimate is 0 in the mean, whatever their number. Its interval turns a test around: the
estimate is taken to follow a noncentral chi-squared law, scaled so that its variance is the one
seen (that of the influence function). That law is exact for normal numbers, and goes over into the
normal one where much is explained; bench/indices_coverage.py shows how often such intervals hold
the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coopsim.analysis.statistics import special
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray

_MOMENTS = 50  # at which `by then` is asked
_LEAST = 30  # timelines in a class
_LEAST_MORE, _MORE = 1.5, 9.0
# Of 5 %: near 0 only the low end can miss, and further up the high one does so more easily.
_BELOW, _ABOVE = 0.03, 0.02


@dataclass(frozen=True, slots=True)
class Index:
    """A share of the variance, without the bias of its noise, and its 95 % interval.

    `chance` is how often classes that do not matter would seem to explain as much.
    """

    value: float
    interval: Interval
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """The class of each timeline, numbered from 0 on, and the chance of each class."""

    of_run: IntArray
    chances: FloatArray

    @property
    def counts(self) -> IntArray:
        """Count the timelines of each class."""
        return np.bincount(self.of_run, minlength=len(self.chances))

    def joined(self) -> Classes:
        """Take rare classes together with their neighbours, so that each has 30 timelines."""
        counts = self.counts
        number, held, numbers = 0, 0, np.zeros(len(counts), dtype=np.int64)
        for place, count in enumerate(counts):
            if held >= _LEAST and counts[place:].sum() >= _LEAST:
                number, held = number + 1, 0
            numbers[place] = number
            held += count
        chances = np.bincount(numbers, weights=self.chances).astype(np.float64)
        return Classes(numbers[self.of_run], chances)


@dataclass(frozen=True, slots=True, eq=False)
class AnswerColumns:
    """Some answers of each timeline, shape (runs, columns), and what classes do not change.

    `unlike` is the share of the timelines whose answers are not the commonest ones.
    """

    values: FloatArray
    covariance: FloatArray
    unlike: float

    @classmethod
    def of_numbers(cls, numbers: FloatArray) -> AnswerColumns:
        """Take one number of each timeline."""
        return cls(numbers[:, np.newaxis], np.array([[numbers.var()]]), unlike(numbers))

    @classmethod
    def of_dates(cls, dates: FloatArray) -> AnswerColumns:
        """Mark for each timeline whether it holds by each of 50 moments.

        The moments are evenly spread among the dates; the latest is left out, as it may be never.
        """
        earlier = np.sort(dates[dates < dates.max()])
        places = ((np.arange(_MOMENTS) + 0.5) * len(earlier) / _MOMENTS).astype(np.int64)
        so = (dates[:, np.newaxis] <= earlier[places]).astype(np.float64)
        share = so.mean(axis=0)
        # What is so by one moment is so by all later ones: both are so as often as the rarer one.
        covariance = np.minimum.outer(share, share) - np.multiply.outer(share, share)
        return cls(so, covariance, unlike(dates))

    def more(self, counts: IntArray, between: FloatArray) -> FloatArray:
        """Get how many timelines like all others are added to each class, for its variance.

        As Agresti and Coull (Am. Stat. 52, 1998) do it with shares: a class in which nothing was
        seen to differ is not taken for one in which nothing can. The further a class is from the
        whole, the fewer they are.
        """
        likely = 1 / (1 + counts * between / np.trace(self.covariance))
        found: FloatArray = (_LEAST_MORE + _MORE * likely) / self.unlike
        return found


def unlike(answers: FloatArray) -> float:
    """Get the share of the timelines that have another answer than the commonest one."""
    return 1 - float(np.unique(answers, return_counts=True)[1].max()) / len(answers)


def explained(classes: Classes, answers: AnswerColumns) -> Index:
    """Estimate the share of the variance of some answers by class.

    There are two classes or more, none with fewer than 2 timelines. The variances of the columns
    are added up, and must not all be 0.
    """
    counts, chances = classes.counts, classes.chances
    values = answers.values[np.argsort(classes.of_run, kind="stable")]
    means = _means(values, counts)
    away = means - chances @ means
    rest = values - np.repeat(means, counts, axis=0)
    departures, crossed = _products(rest, rest), _products(rest, np.repeat(away, counts, axis=0))
    between = _products(away, away)
    far = departures + 2 * crossed + np.repeat(between, counts)
    within = _means(departures, counts) * counts / (counts - 1)
    # Chance adds to the variance between means, and as much to the whole made of its two parts.
    more = answers.more(counts, between)
    mixed = (counts * within + more * np.trace(answers.covariance)) / (counts + more)
    of_means = chances * mixed / counts
    added = float((1 - chances) @ of_means)
    total = float(chances @ (within + between)) - added
    seen, noise = float(chances @ between) / total, added / total
    effects = 2 * crossed - seen * (far - np.repeat(_means(far, counts), counts))
    known = 4 * _products(away @ answers.covariance, away)
    own = _means(effects**2, counts) * counts / (counts - 1)
    spread = (counts * own + more * known) / (counts + more)
    variance = float(chances**2 / counts @ spread) / total**2
    return _index(seen, noise, variance)


def _means(values: FloatArray, counts: IntArray) -> FloatArray:
    """Average values, ordered by class, over each class."""
    sums = np.add.reduceat(values, np.cumsum(counts) - counts, axis=0)
    found: FloatArray = (sums.T / counts).T
    return found


def _products(left: FloatArray, right: FloatArray) -> FloatArray:
    found: FloatArray = np.einsum("ij,ij->i", left, right)
    return found


def _index(seen: float, noise: float, variance: float) -> Index:
    """Turn the test around: in quarters of `unit`, what is seen follows a noncentral law."""
    unit = variance / seen if seen > 0 else 4 * noise
    ratio, degrees = 4 * seen / unit, 4 * noise / unit
    chance = 1 - float(special.chndtr(ratio, degrees, 0.0))
    low = (
        0.0 if chance >= _BELOW else float(special.chndtrinc(ratio, degrees, 1 - _BELOW)) * unit / 4
    )
    # What is less than chance alone shows says no more than that.
    high = float(special.chndtrinc(max(ratio, degrees), degrees, _ABOVE)) * unit / 4
    return Index(max(0.0, seen - noise), (low, min(high, 1.0)), chance)

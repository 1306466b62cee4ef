"""How far plans slip: growth of the remaining lead time, and its lognormal by reference class.

Seen on some day, a plan has a lead of so much time; what it took in the end over that lead is its
growth. A plan not yet fulfilled has grown by at least what has passed since: it is censored.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_ndtr

from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR, Period, parse_date
from coopsim.scenario.sources.claim_files import Claim


@dataclass(frozen=True, slots=True)
class Slip:
    """What became of one plan; `growth` is a lower bound unless it was delivered."""

    claim: str
    programme: str
    country: str
    reference_class: str
    seen: Period
    planned: Period
    growth: float
    delivered: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class GrowthFit:
    """A lognormal growth factor: its median and the sigma of its logarithm."""

    median: float
    sigma: float

    def quantile(self, deviate: float) -> float:
        """Get the growth at a standard normal deviate, such as 1.645 for 95 %."""
        return self.median * math.exp(self.sigma * deviate)


def slips(claims: Iterable[Claim], known: Period) -> list[Slip]:
    """Read the rows of a base rate of plans: `seen`, `planned` and, if it came to that, `actual`.

    A month or a year counts at its middle. What had not happened on the day `known` is censored
    there.
    """
    return [_slip(claim, known) for claim in claims if claim.row is not None]


def _slip(claim: Claim, known: Period) -> Slip:
    assert claim.row is not None
    days = {number.what: parse_date(number.value).middle for number in claim.numbers}
    delivered = "actual" in days
    end = days["actual"] if delivered else known.middle
    return Slip(
        claim=claim.identity,
        programme=claim.row.programme,
        country=claim.row.country,
        reference_class=claim.row.reference_class,
        seen=_period(claim, "seen"),
        planned=_period(claim, "planned"),
        growth=(end - days["seen"]) / (days["planned"] - days["seen"]),
        delivered=delivered,
        verified=claim.verified is not False,
    )


def _period(claim: Claim, what: str) -> Period:
    return parse_date(next(number.value for number in claim.numbers if number.what == what))


@dataclass(frozen=True, slots=True)
class OfficialSlip:
    """How far a programme's official date moved, in years, from its first row to its last."""

    programme: str
    first: Slip
    last: Slip

    @property
    def years(self) -> float:
        """Count the years from the first day on which the plan was seen to the last."""
        return (self.last.seen.middle - self.first.seen.middle) / YEAR

    @property
    def moved(self) -> float:
        """Count the years by which the planned date is later in the last row."""
        return (self.last.planned.middle - self.first.planned.middle) / YEAR


def official_slips(rows: Iterable[Slip]) -> list[OfficialSlip]:
    """List the programmes whose plan was seen more than once, with how far it moved."""
    seen: dict[str, list[Slip]] = {}
    for row in sorted(rows, key=lambda row: row.seen.middle):
        seen.setdefault(row.programme, []).append(row)
    return [OfficialSlip(name, of[0], of[-1]) for name, of in seen.items() if len(of) > 1]


def by_class(rows: Iterable[Slip]) -> dict[str, list[Slip]]:
    """Group rows by reference class, such as `new development`."""
    groups: dict[str, list[Slip]] = {}
    for row in rows:
        groups.setdefault(row.reference_class, []).append(row)
    return groups


def one_per_programme(rows: Sequence[Slip]) -> list[float]:
    """Weigh rows so that each programme counts once, however often its plan was seen."""
    plans = Counter(row.programme for row in rows)
    return [1 / plans[row.programme] for row in rows]


def first_plans(rows: Sequence[Slip]) -> list[Slip]:
    """Keep of each programme the plan that was seen first."""
    kept: dict[str, Slip] = {}
    for row in sorted(rows, key=lambda row: row.seen.middle):
        kept.setdefault(row.programme, row)
    return list(kept.values())


def without_each_programme(rows: Sequence[Slip]) -> dict[str, list[Slip]]:
    """Leave out one programme at a time, by the name of the one left out."""
    return {
        name: [row for row in rows if row.programme != name]
        for name in dict.fromkeys(row.programme for row in rows)
    }


def fit(rows: Sequence[Slip], weights: Sequence[float] | None = None) -> GrowthFit | None:
    """Fit a lognormal to growths by maximum likelihood, those not delivered right-censored.

    With weights each row counts so much (a pseudo-likelihood). None where there is no maximum:
    fewer than two different growths were delivered, so that the median or sigma has no bound.
    Source: Klein and Moeschberger, Survival Analysis, 2nd ed. 2003, section 3.5.
    """
    if len({row.growth for row in rows if row.delivered}) < 2:
        return None
    sample = _Sample.of(rows, weights)
    found = minimize(
        sample.cost,
        sample.guess(),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 10_000},
    )
    return GrowthFit(math.exp(float(found.x[0])), math.exp(float(found.x[1])))


def log_likelihood(
    rows: Sequence[Slip], law: GrowthFit, weights: Sequence[float] | None = None
) -> float:
    """Get the (weighted) log likelihood of the logarithms of growth under a lognormal."""
    point = np.array([math.log(law.median), math.log(law.sigma)])
    return -_Sample.of(rows, weights).cost(point)


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    logs: FloatArray
    delivered: FloatArray  # 1 or 0
    weights: FloatArray

    @classmethod
    def of(cls, rows: Sequence[Slip], weights: Sequence[float] | None) -> _Sample:
        return cls(
            np.log([row.growth for row in rows]),
            np.array([float(row.delivered) for row in rows]),
            np.ones(len(rows)) if weights is None else np.array(weights),
        )

    def guess(self) -> FloatArray:
        logs = self.logs[self.delivered > 0]
        return np.array([logs.mean(), math.log(logs.std())])

    def cost(self, point: FloatArray) -> float:
        """Get minus the log likelihood at (log of median, log of sigma)."""
        z = (self.logs - point[0]) / math.exp(point[1])
        density = -0.5 * z**2 - point[1] - 0.5 * math.log(2 * math.pi)
        terms = np.where(self.delivered > 0, density, log_ndtr(-z))
        return -float(self.weights @ terms)

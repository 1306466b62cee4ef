"""Proper scoring rules of probabilities, and how reliable these were.

All are losses: 0 is perfect, less is better, and nobody expects to lose less by saying anything
else than what he believes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopsim.scenario.notation.quantiles import FloatArray

# Left to itself the library takes the fastest backend installed, and compiles for seconds.
BACKEND = "numpy"


def library() -> Any:
    """Import scoringrules, which takes a second."""
    import scoringrules  # noqa: PLC0415  # it compiles for seconds as it is imported

    return scoringrules


def brier(shares: Sequence[float] | FloatArray, place: int) -> float:
    """Score the probabilities of all answers, of which the one at `place` came true.

    Half the sum of their squared errors, so that of a yes or no it is the squared error of yes.
    Brier, Mon. Weather Rev. 78, 1950.
    """
    came = np.arange(len(shares)) == place
    errors = library().brier_score(came.astype(float), np.asarray(shares), backend=BACKEND)
    return float(errors.sum()) / 2


def log_loss(share: float) -> float:
    """Score the probability of what came true by minus its logarithm, in nats.

    Good, J. R. Stat. Soc. B 14, 1952.
    """
    return float(library().log_score(1.0, share, backend=BACKEND))


def rps(shares: Sequence[float] | FloatArray, place: int) -> float:
    """Score ordered answers by the squared errors of their cumulative probabilities, summed.

    Epstein, J. Appl. Meteorol. 8, 1969.
    """
    return float(library().rps_score(place + 1, np.asarray(shares), backend=BACKEND))


def date_loss(nodes: Sequence[tuple[float, float]], moment: float | None) -> float:
    """Score the chances of `by then`: their squared errors, integrated from first to last node.

    `nodes` are moments, in order, with the chance that it has happened by then; between them it
    grows evenly. `moment` is when it happened, None if not by the last node. This is the continuous
    ranked probability score of dates cut off there (Matheson and Winkler, Manage. Sci. 22, 1976),
    in the unit of the moments.
    """
    times, shares = (np.array(each, dtype=np.float64) for each in zip(*nodes, strict=True))
    if moment is None or moment >= times[-1]:
        return _squares(times, shares)
    at = min(max(moment, times[0]), times[-1])
    level = float(np.interp(at, times, shares))
    before, after = times < at, times > at
    return _squares(np.append(times[before], at), np.append(shares[before], level)) + _squares(
        np.insert(times[after], 0, at), 1 - np.insert(shares[after], 0, level)
    )


def _squares(times: FloatArray, values: FloatArray) -> float:
    """Integrate the square of what grows evenly from a to b: (a^2 + a b + b^2) / 3 a unit."""
    low, high = values[:-1], values[1:]
    return float((np.diff(times) * (low * low + low * high + high * high) / 3).sum())


@dataclass(frozen=True, slots=True)
class Bin:
    """How often what was forecast with a probability from low to high happened."""

    low: float
    high: float
    questions: int
    forecast: float
    happened: float


EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def reliability(probabilities: FloatArray, happened: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Compare mean forecasts with frequencies in bins; bins without a question are left out.

    A probability on an edge belongs to the bin above it, 1 to the last.
    """
    place = np.clip(np.searchsorted(EDGES, probabilities, side="right") - 1, 0, len(EDGES) - 2)
    return tuple(
        Bin(
            low=EDGES[number],
            high=EDGES[number + 1],
            questions=int(inside.sum()),
            forecast=float(probabilities[inside].mean()),
            happened=float(happened[inside].mean()),
        )
        for number in range(len(EDGES) - 1)
        if (inside := place == number).any()
    )

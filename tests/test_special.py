"""Special functions against those of SciPy, bit by bit: a firing may hang on the last one."""

from __future__ import annotations

import math
import platform
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from scipy import special as scipys

from coopsim.scenario.notation import special

# Elsewhere compilers fuse multiplying and adding in SciPy's, and the last bit may differ.
HAIR = 0.0 if platform.machine() in ("x86_64", "AMD64") else 1e-14


def _probabilities() -> list[float]:
    """List probabilities over all that a float can be, and both sides of where formulas change."""
    rng = np.random.default_rng(7)
    tails = 10 ** rng.uniform(-300, 0, 20_000), 10 ** rng.uniform(-16, 0, 20_000)
    edges = [math.exp(-2), 1 - math.exp(-2), 0.5, math.exp(-32), 2.0**-1074, 1 - 2.0**-53]
    sides = [math.nextafter(edge, to) for edge in edges[:4] for to in (0.0, 1.0)]
    every = [*np.concatenate([rng.random(60_000), *tails, 1 - tails[1]]).tolist(), *edges, *sides]
    return [one for one in every if 0 < one < 1]


def _scores() -> list[float]:
    """List normal scores, and both sides of where formulas change."""
    rng = np.random.default_rng(8)
    edges = [0.0, 5e-324, math.sqrt(2), 8 * math.sqrt(2), 37.677, 37.68, 38.5, 40.0, 1e154]
    sides = [math.nextafter(edge, to) for edge in edges for to in (0.0, math.inf)]
    spread = np.concatenate([rng.normal(size=60_000), rng.uniform(0, 39, 60_000)]).tolist()
    return [sign * one for one in (*spread, *edges, *sides) for sign in (1.0, -1.0)]


@pytest.mark.parametrize(
    ("ours", "theirs", "at"),
    [
        (special.ndtri, scipys.ndtri, _probabilities()),
        (special.ndtr, scipys.ndtr, _scores()),
    ],
)
def test_ours_are_those_of_scipy(
    ours: Callable[[float], float], theirs: Callable[[float], float], at: list[float]
) -> None:
    differing = [
        x for x in at if not math.isclose(ours(x), float(theirs(x)), rel_tol=HAIR, abs_tol=0.0)
    ]
    assert differing == []


def test_no_distribution_needs_scipy() -> None:
    code = (
        "import sys; from coopsim.scenario.notation import distributions as d; "
        "d.Lognormal(1.0, 0.5).quantile(0.2); d.Pert(0.0, 1.0, 3.0).quantile(0.2); "
        "print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

"""Special functions by SciPy, which is imported when one of them is first called.

It takes a quarter of a second to import, and only simulating needs it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


def ndtr(z: float) -> float:
    """Get the standard normal distribution function."""
    return float(_scipy().ndtr(z))


def ndtri(u: float) -> float:
    """Get the quantile of the standard normal distribution."""
    return float(_scipy().ndtri(u))


def betaincinv(a: float, b: float, u: float) -> float:
    """Get the quantile of the beta distribution."""
    return float(_scipy().betaincinv(a, b, u))


def betaln(a: float, b: float) -> float:
    """Get the logarithm of the beta function."""
    return float(_scipy().betaln(a, b))


@cache
def _scipy() -> Any:
    from scipy import special  # noqa: PLC0415  # the purpose of this module

    return special

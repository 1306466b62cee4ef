"""The percentile of Student's distribution that reaches are made of."""

from __future__ import annotations

import pytest
from scipy.special import stdtrit

from coopsim.analysis.statistics.spread import Z95, t95


@pytest.mark.parametrize("degrees", [1, 2, 19, 999, 1000, 1001, 1999, 9_999, 10**6, 10**9])
def test_it_is_that_of_scipy(degrees: int) -> None:
    assert t95(degrees) == pytest.approx(float(stdtrit(degrees, 0.975)), rel=2e-15, abs=0)
    assert t95(degrees) > Z95

"""Growth of the remaining lead, and the lognormal fit held against scipy.stats."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from coopsim.analysis.slips import (
    Lognormal,
    Slip,
    by_class,
    first_plans,
    fit,
    log_likelihood,
    one_per_programme,
    slips,
    without_each_programme,
)
from coopsim.scenario.claims import read_claims
from coopsim.scenario.values import parse_date

CLAIMS = read_claims(Path(__file__).parent.parent / "seeds")
ROWS = slips(CLAIMS.cited_by("slips"), parse_date("2025-08-05"))
RUSSIA = by_class(ROWS)["new development"]


def slip(
    growth: float, programme: str = "a", *, delivered: bool = True, seen: str = "2010"
) -> Slip:
    return Slip("x.1", programme, "Russia", "test", parse_date(seen), growth, delivered, True)


def test_the_claims_hold_33_rows_of_three_classes() -> None:
    assert {name: len(rows) for name, rows in by_class(ROWS).items()} == {
        "new development": 25,
        "flagship": 3,
        "robotic": 5,
    }
    assert [row.claim for row in ROWS if not row.verified] == ["slips.19"]


def test_growth_is_what_it_took_over_what_was_left() -> None:
    # From the middle of September 2019 (the 16th, 00:00) to that of November 2020 (likewise) were
    # 427 days; to 2021-07-21 it took 674.
    nauka = next(row for row in ROWS if row.claim == "slips.5")
    assert nauka.growth == pytest.approx(674 / 427)
    assert nauka.delivered


def test_what_has_not_flown_is_censored_on_the_day_known() -> None:
    # Luna-26 in 2024: the middle of 2024 is 07-02 00:00, that of 2027 07-02 12:00; 1095.5 days
    # were left, of which 399 had passed on 2025-08-05.
    luna = next(row for row in ROWS if row.claim == "slips.12")
    assert luna.growth == pytest.approx(399 / 1095.5)
    assert not luna.delivered
    later = slips(CLAIMS.cited_by("slips.12"), parse_date("2025-08-06"))
    assert later[0].growth == pytest.approx(400 / 1095.5)


def test_without_censoring_it_is_the_mean_and_spread_of_the_logs() -> None:
    rows = [slip(growth) for growth in (1.2, 1.9, 3.3)]
    logs = np.log([1.2, 1.9, 3.3])
    found = fit(rows)
    assert found is not None
    assert found.median == pytest.approx(math.exp(logs.mean()), rel=1e-8)
    assert found.sigma == pytest.approx(logs.std(), rel=1e-8)


@pytest.mark.parametrize("name", ["new development", "flagship"])
def test_the_fit_is_that_of_scipy_on_censored_data(name: str) -> None:
    rows = by_class(ROWS)[name]
    data: stats.CensoredData = stats.CensoredData(
        uncensored=[math.log(row.growth) for row in rows if row.delivered],
        right=[math.log(row.growth) for row in rows if not row.delivered],
    )
    mean, sigma = stats.norm.fit(data)
    found = fit(rows)
    assert found is not None
    assert found.median == pytest.approx(math.exp(mean), rel=1e-4)
    assert found.sigma == pytest.approx(sigma, rel=1e-4)


def test_a_weight_counts_a_row_so_often() -> None:
    once, twice, open_ended = slip(1.5), slip(2.5), slip(2.0, delivered=False)
    weighted = fit([once, twice, open_ended], [1.0, 2.0, 3.0])
    written_out = fit([once, twice, twice, open_ended, open_ended, open_ended])
    assert weighted is not None
    assert written_out is not None
    assert weighted.median == pytest.approx(written_out.median, rel=1e-7)
    assert weighted.sigma == pytest.approx(written_out.sigma, rel=1e-7)


def test_no_other_lognormal_is_likelier_than_the_fit() -> None:
    weights = one_per_programme(RUSSIA)
    best = fit(RUSSIA, weights)
    assert best is not None
    top = log_likelihood(RUSSIA, best, weights)
    for median, sigma in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)):
        near = Lognormal(best.median * median, best.sigma * sigma)
        assert log_likelihood(RUSSIA, near, weights) < top


def test_the_likelihood_is_density_where_delivered_and_tail_where_not() -> None:
    law = Lognormal(2.0, 0.5)
    expected = stats.norm.logpdf(math.log(3), math.log(2), 0.5) + stats.norm.logsf(
        math.log(1.5), math.log(2), 0.5
    )
    rows = [slip(3.0), slip(1.5, delivered=False)]
    assert log_likelihood(rows, law) == pytest.approx(expected)


def test_where_nothing_bounds_the_law_there_is_no_fit() -> None:
    assert fit(by_class(ROWS)["robotic"]) is None
    assert fit([slip(2.0), slip(3.0, delivered=False)]) is None
    assert fit([slip(2.0), slip(2.0)]) is None


def test_programmes_count_once() -> None:
    rows = [slip(1.0, "a"), slip(2.0, "a"), slip(3.0, "b")]
    assert one_per_programme(rows) == [0.5, 0.5, 1.0]
    assert sum(one_per_programme(RUSSIA)) == pytest.approx(7)


def test_the_first_plan_is_the_one_seen_first() -> None:
    rows = [slip(1.0, seen="2012"), slip(2.0, seen="2004"), slip(3.0, "b", seen="2020")]
    assert [row.growth for row in first_plans(rows)] == [2.0, 3.0]


def test_each_programme_is_left_out_in_turn() -> None:
    rows = [slip(1.0, "a"), slip(2.0, "b"), slip(3.0, "a")]
    left = {
        name: [row.growth for row in rest] for name, rest in without_each_programme(rows).items()
    }
    assert left == {"a": [2.0], "b": [1.0, 3.0]}


def test_a_quantile_of_the_lognormal() -> None:
    law = Lognormal(2.2, 0.68)
    assert law.quantile(0.0) == 2.2
    assert law.quantile(1.6448536) == pytest.approx(stats.lognorm.ppf(0.95, 0.68, scale=2.2))


def test_the_summary_claims_are_what_the_rows_give() -> None:
    """slips.34, .35 and .36 are computed from the whole table: so their numbers must follow."""
    numbers = {
        claim: {number.what: float(number.value) for number in CLAIMS.by_id[claim].numbers}
        for claim in ("slips.34", "slips.35", "slips.36")
    }
    growths = sorted(row.growth for row in RUSSIA if row.delivered)
    assert numbers["slips.34"] == {
        "delivered rows": len(growths),
        "rows not delivered": len(RUSSIA) - len(growths),
        "smallest growth of the remaining lead": round(growths[0], 1),
        "median growth of the remaining lead": round(growths[len(growths) // 2], 1),
        "largest growth of the remaining lead": round(growths[-1], 1),
    }
    found = fit(RUSSIA)
    assert found is not None
    assert list(numbers["slips.35"].values()) == [round(found.median, 1), round(found.sigma, 2)]
    flagships = [round(row.growth, 1) for row in by_class(ROWS)["flagship"]]
    assert list(numbers["slips.36"].values()) == flagships

"""Every notation of a value, for every kind of quantity that may be written so."""

from __future__ import annotations

import math

import pytest

from coopsim.scenario.notation import distributions as d
from coopsim.scenario.notation.quantities import (
    EXPECTED,
    NOTATIONS,
    Value,
    ValueKind,
    read_every,
    read_number,
    read_share,
    read_value,
)
from coopsim.scenario.notation.values import DAY, MONTH, YEAR, Every, parse_date
from coopsim.scenario.text.reading import Invalid

KINDS: tuple[ValueKind, ...] = ("date", "duration", "rate", "factor", "chance")


def moment(text: str) -> float:
    return float(parse_date(text).first)


JULY, YEAR_2028, YEAR_2030 = moment("2028-07-31"), moment("2028-01-01"), moment("2031-01-01")
MID_2029 = (moment("2029-01-01") + moment("2030-01-01")) / 2

CASES: list[tuple[ValueKind, object, d.Distribution]] = [
    # one certain number, or the days of a period
    ("date", "2028-07-31", d.Constant(JULY)),
    ("date", "2028-07", d.Uniform(moment("2028-07-01"), moment("2028-08-01"))),
    ("date", "2028-Q3", d.Uniform(moment("2028-07-01"), moment("2028-10-01"))),
    ("date", "2028", d.Uniform(YEAR_2028, moment("2029-01-01"))),
    ("date", 2028, d.Uniform(YEAR_2028, moment("2029-01-01"))),
    ("duration", "8 months", d.Constant(8 * MONTH)),
    ("rate", "1 per 5 years", d.Constant(1 / (5 * YEAR))),
    ("factor", "0.7", d.Constant(0.7)),
    ("factor", 1e3, d.Constant(1000)),
    ("chance", "1", d.Constant(1)),
    ("chance", "0", d.Constant(0)),
    # A to B: normal for dates, lognormal for the rest; a unit missing in A is B's
    ("date", "2028 to 2030", d.normal_from_percentiles(YEAR_2028, YEAR_2030)),
    (
        "date",
        "2028-07-31 to 2031-01-01",
        d.normal_from_percentiles(JULY, YEAR_2030),
    ),
    ("duration", "2 to 4 years", d.lognormal_from_percentiles(2 * YEAR, 4 * YEAR)),
    ("duration", "90 days to 2 years", d.lognormal_from_percentiles(90 * DAY, 2 * YEAR)),
    ("rate", "0.1 to 0.4 per year", d.lognormal_from_percentiles(0.1 / YEAR, 0.4 / YEAR)),
    ("factor", "1 to 3", d.lognormal_from_percentiles(1, 3)),
    ("chance", "0.1 to 0.3", d.lognormal_from_percentiles(0.1, 0.3)),
    # percentiles
    ("date", {"p5": "2028", "p95": "2030"}, d.normal_from_percentiles(YEAR_2028, YEAR_2030)),
    ("duration", {"p5": "1 year", "p95": "3 years"}, d.lognormal_from_percentiles(YEAR, 3 * YEAR)),
    ("date", {"p5": 2028, "p50": 2029, "p95": 2030}, d.Metalog(YEAR_2028, MID_2029, YEAR_2030)),
    (
        "duration",
        {"p5": "1 year", "p50": "2 years", "p95": "4 years"},
        d.Metalog(YEAR, 2 * YEAR, 4 * YEAR),
    ),
    ("factor", {"p5": 1, "p50": 1.5, "p95": 3}, d.Metalog(1, 1.5, 3)),
    # PERT
    (
        "duration",
        {"low": "1 year", "likely": "2 years", "high": "4 years"},
        d.Pert(YEAR, 2 * YEAR, 4 * YEAR),
    ),
    ("chance", {"low": 0.1, "likely": 0.2, "high": 0.4}, d.Pert(0.1, 0.2, 0.4)),
    (
        "date",
        {"earliest": 2028, "likely": 2029, "latest": 2030},
        d.Pert(YEAR_2028, MID_2029, YEAR_2030),
    ),
    # named distributions
    ("date", {"uniform": ["2028-07-31", "2030"]}, d.Uniform(JULY, YEAR_2030)),
    ("factor", {"uniform": [1, 2]}, d.Uniform(1, 2)),
    ("date", {"triangular": [2028, 2029, 2030]}, d.Triangular(YEAR_2028, MID_2029, YEAR_2030)),
    (
        "rate",
        {"triangular": ["0 per year", "1 per year", "2 per year"]},
        d.Triangular(0, 1 / YEAR, 2 / YEAR),
    ),
    ("date", {"normal": ["2028-07-31", "8 months"]}, d.Normal(JULY, 8 * MONTH)),
    ("duration", {"normal": ["2 years", "8 months"]}, d.Normal(2 * YEAR, 8 * MONTH)),
    ("factor", {"normal": [2, 0.5]}, d.Normal(2, 0.5)),
    ("factor", {"lognormal": [2.2, 0.68]}, d.Lognormal(2.2, 0.68)),
    ("duration", {"lognormal": ["2 years", 0.5]}, d.Lognormal(2 * YEAR, 0.5)),
    ("duration", {"exponential": "3 years"}, d.Exponential(3 * YEAR)),
    ("factor", {"exponential": 3}, d.Exponential(3)),
    ("duration", {"weibull": [1.5, "3 years"]}, d.Weibull(1.5, 3 * YEAR)),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), CASES)
def test_each_notation_stands_for_its_distribution(
    kind: ValueKind, raw: object, expected: d.Distribution
) -> None:
    found = read_value(kind, raw).distribution
    assert found is not None
    assert type(found) is type(expected)
    for u in (0.01, 0.3, 0.5, 0.9):
        assert math.isclose(found.quantile(u), expected.quantile(u), rel_tol=1e-12)


def test_each_notation_has_a_case_for_dates_and_for_others() -> None:
    written = {(kind == "date", frozenset(raw)) for kind, raw, _ in CASES if isinstance(raw, dict)}
    served = {
        (is_date, frozenset(notation.keys))
        for notation in NOTATIONS
        for is_date in (True, False)
        if (notation.dates if is_date else notation.others)
    }
    assert written == served


def test_a_share_of_luck_goes_with_any_distribution() -> None:
    shared = read_value("factor", {"lognormal": [2, 0.5], "luck": "industry", "share": "0.5"})
    assert shared == Value(d.Lognormal(2, 0.5), None, "industry", 0.5)
    assert read_value("factor", {"like": "slow"}) == Value(None, "slow")
    named = read_value("factor", {"like": "slow", "luck": "industry", "share": 1})
    assert named == Value(None, "slow", "industry", 1.0)
    assert read_value("factor", {"like": "slow", "share": 0}) == Value(None, "slow", None, 0.0)


ANY = "or an uncertain value such as `A to B` or {p5:, p50:, p95:}"
WRONG: list[tuple[ValueKind, object, str]] = [
    *((kind, "soon", f"found 'soon', expected {EXPECTED[kind]}, {ANY}") for kind in KINDS[:3]),
    *((kind, None, f"found nothing, expected {EXPECTED[kind]}, {ANY}") for kind in KINDS),
    *((kind, True, f"found 'true', expected {EXPECTED[kind]}, {ANY}") for kind in KINDS),
    ("factor", "-1", f"found '-1', expected a number, 0 or more, {ANY}"),
    ("chance", "1.01", f"found '1.01', expected a chance from 0 to 1 (0 % to 100 %), {ANY}"),
    ("chance", "nan", f"found 'nan', expected a chance from 0 to 1 (0 % to 100 %), {ANY}"),
    ("duration", "-1 year", f"found '-1 year', expected {EXPECTED['duration']}, {ANY}"),
    ("rate", "-1 per year", f"found '-1 per year', expected {EXPECTED['rate']}, {ANY}"),
    ("date", "2028-02-30", "found '2028-02-30', expected a day from 01 to 29 in 2028-02"),
    (
        "date",
        "2030 to 2028",
        "found '2030 to 2028', expected a 5th percentile that is not above the 95th",
    ),
    ("factor", "3 to 1", "found '3 to 1', expected a 5th percentile that is not above the 95th"),
    ("factor", "0 to 1", "found '0 to 1', expected a 5th percentile above 0"),
    (
        "factor",
        "1 to x",
        "found '1 to x', expected `A to B` where A and B are each a number, 0 or more",
    ),
    (
        "chance",
        "0.5 to 1.5",
        (
            "found '0.5 to 1.5', expected `A to B` where A and B are each a chance from 0 to 1 "
            "(0 % to 100 %)"
        ),
    ),
    (
        "factor",
        {"p5": 2, "p50": 1, "p95": 3},
        "found {p5: 2, p50: 1, p95: 3}, expected p5, p50 and p95 in rising order",
    ),
    (
        "factor",
        {"p5": 0, "p50": 95, "p95": 100},
        (
            "found {p5: 0, p50: 95, p95: 100}, expected a p50 from 12.5 % to 87.5 % of the way "
            "from p5 to p95 (no metalog is more lopsided than that)"
        ),
    ),
    (
        "factor",
        {"low": 1, "likely": 4, "high": 3},
        (
            "found {low: 1, likely: 4, high: 3}, "
            "expected a low, a likely and a high value in rising order"
        ),
    ),
    (
        "date",
        {"low": 2028},
        "found {low: 2028}, expected " + EXPECTED["date"] + ", `A to B`, "
        "{p5:, p50:, p95:}, {p5:, p95:}, {earliest:, likely:, latest:}, {uniform: [a, b]}, "
        "{triangular: [a, m, b]}, {normal: [m, s]} or {like: NAME}",
    ),
    (
        "date",
        {"lognormal": [1, 2]},
        "found {lognormal: [1, 2]}, expected " + EXPECTED["date"] + ", "
        "`A to B`, {p5:, p50:, p95:}, {p5:, p95:}, {earliest:, likely:, latest:}, "
        "{uniform: [a, b]}, {triangular: [a, m, b]}, {normal: [m, s]} or {like: NAME}",
    ),
    ("factor", {"uniform": [1]}, "found [1], expected [a, b]"),
    ("factor", {"uniform": "1 to 2"}, "found '1 to 2', expected [a, b]"),
    ("factor", {"lognormal": [2, "wide"]}, "found 'wide', expected a number"),
    ("factor", {"weibul": [2, 1]}, "weibull"),
    (
        "factor",
        {"p5": 1, "p95": 2, "luck": "a"},
        "found {p5: 1, p95: 2, luck: a}, expected both `luck: NAME` and `share: R`",
    ),
    (
        "factor",
        {"p5": 1, "p95": 2, "luck": "a", "share": 2},
        "found '2', expected a number from 0 to 1",
    ),
    ("factor", {"like": "a", "p5": 1}, "found the key 'p5', expected only like"),
    ("factor", {"like": ["a"]}, "found [a], expected the name of a reference"),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), WRONG)
def test_what_is_no_value_is_refused(kind: ValueKind, raw: object, expected: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_value(kind, raw)
    (fault,) = caught.value.faults
    said = f"found {fault.found}, expected {fault.expected}"
    assert said == expected or (expected == "weibull" and fault.hint == "did you mean 'weibull'?")


def test_a_fault_knows_its_place() -> None:
    with pytest.raises(Invalid) as caught:
        read_value("factor", {"uniform": ["a", "b"], "share": "c"})
    assert [fault.path for fault in caught.value.faults] == [
        ("share",),
        (),  # a share without the name of a luck
        ("uniform", 0),
        ("uniform", 1),
    ]


def test_steps_of_a_calendar_stay_in_it() -> None:
    assert read_every("2 years") == Every(months=24)
    assert read_every("2.5 years") == Every(seconds=5 * YEAR // 2)
    for long in ("1001 years", "20000 months", "9999999 days"):
        with pytest.raises(Invalid, match="expected a step of 1,000 years at most"):
            read_every(long)
    nonsense: list[object] = ["0 days", "2030", None, ["1 year"]]
    for raw in nonsense:
        with pytest.raises(Invalid, match="expected a step such as `2 years`"):
            read_every(raw)


def test_plain_numbers_and_shares() -> None:
    assert read_number("-1.5") == -1.5
    assert read_share("0.25") == 0.25
    nonsense: list[object] = [None, True, {}, [], "x"]
    for raw in nonsense:
        with pytest.raises(Invalid):
            read_number(raw)
    with pytest.raises(Invalid):
        read_share("1.5")

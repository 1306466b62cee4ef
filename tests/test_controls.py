"""The densities beside the live page's sliders: what is drawn is what the number is drawn from."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import beta

from coopsim.live.stops import stops
from coopsim.presentation.pages.controls import Control, ShownDensity, density
from coopsim.presentation.pages.live import densities
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.sources.assumptions import Assumption

PATH = "events.flight.takes"


def control(kind: str, written: str, path: str = PATH, name: str = "A flight") -> Control:
    one = Assumption(path, written, kind, "events.flight", None, (), None, None)
    return Control(path, name, kind, written, "judgement alone", stops([one], 0))


def drawn(kind: str, written: str, now: str | None = None, path: str = PATH) -> ShownDensity:
    found = density(control(kind, written, path), now)
    assert found is not None
    return found


def points(path: str) -> FloatArray:
    """Read the points of a path, in thousandths from the left and from the bottom."""
    assert path.endswith("Z")
    steps = np.array([[float(a), float(b)] for a, b in re.findall(r"(-?\d+),(-?\d+)", path)])
    found = steps.cumsum(axis=0)  # each point is told from the one before it
    return np.column_stack((found[:, 0], 1000 - found[:, 1]))


def test_both_marks_are_the_5th_and_the_95th_percentile() -> None:
    found = drawn("rate", "0.1 to 0.4 per year").written
    middle = (found.low + found.high) / 2
    assert middle == pytest.approx(50)  # a lognormal, of which the slider leaves as much to a side
    # Of 16 steps, four to a doubling, and from 0.5 to 99.5 % of log(4) / (2 * 1.645) each.
    whole = 4 * np.log(2) + 2 * 2.5758 * np.log(4) / (2 * 1.6449)
    assert found.high - found.low == pytest.approx(100 * np.log(4) / whole, rel=1e-3)
    assert found.ends == "0.1 to 0.4 per year"


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("rate", "0.1 to 0.4 per year"),
        ("duration", "{low: 1 year, likely: 2 years, high: 4 years}"),
        ("date", "2030 to 2034"),
        ("factor", "0.5 to 0.8"),
    ],
)
def test_a_step_of_the_slider_carries_the_shape_on(kind: str, written: str) -> None:
    places = control(kind, written).stops
    if kind == "duration":  # a mapping is moved number by number
        places = ("{low: 0.25 years, likely: 0.5 years, high: 1 years}", written,
                  "{low: 4 years, likely: 8 years, high: 16 years}")  # fmt: skip
    one = Control(PATH, "A flight", kind, written, "", places)
    found = density(one, places[-1])
    assert found is not None
    assert found.now is not None
    shift = found.now.low - found.written.low
    assert shift > 5
    assert found.now.high - found.written.high == pytest.approx(shift, abs=1.5)
    before, after = points(found.written.path), points(found.now.path)
    assert after[:, 1].max() == pytest.approx(before[:, 1].max(), rel=0.05)
    top = [shape[shape[:, 1].argmax(), 0] for shape in (before, after)]
    assert top[1] - top[0] == pytest.approx(10 * shift, abs=30)


def test_what_is_spread_evenly_over_dates_is_flat_and_twice_as_wide_half_as_high() -> None:
    found = drawn(
        "date", "{uniform: [2028-01-01, 2029-12-31]}", "{uniform: [2028-01-01, 2031-12-31]}"
    )
    assert found.now is not None
    before, after = points(found.written.path), points(found.now.path)
    assert set(before[1:-1, 1]) == {1000}
    assert set(after[1:-1, 1]) == {500}
    assert np.ptp(after[:, 0]) == pytest.approx(2 * np.ptp(before[:, 0]), rel=0.01)


def test_the_list_of_a_notation_is_read_below_its_key() -> None:
    path = "drivers.x.switches.a -> b.rate.uniform"
    found = drawn("rate", "[0.2 per year, 0.6 per year]", path=path)
    assert found.written.ends == "0.22 to 0.58 per year"


def test_it_is_said_in_a_sentence() -> None:
    low, middle, high = 0.5 + 3.5 * beta(1 + 4 * 0.5 / 3.5, 1 + 4 * 3 / 3.5).ppf([0.05, 0.5, 0.95])
    assert drawn("duration", "{low: 6 months, likely: 1 year, high: 4 years}").says == (
        f"Density of A flight. As written: median {middle:.3g} years,"
        f" nine in ten from {12 * low:.3g} months to {high:.3g} years."
    )
    assert drawn("duration", "1 to 2 years", "2 to 4 years").says == (
        "Density of A flight. As written: median 1.41 years, nine in ten from 1 to 2 years."
        " Now: median 2.83 years, nine in ten from 2 to 4 years."
    )
    assert drawn("chance", "0.2 to 0.4", "0.3").says == (
        "Density of A flight. As written: median 0.283, nine in ten from 0.2 to 0.4."
        " Now: 0.3 for certain."
    )
    assert drawn("date", "2027").says == (
        "Density of A flight. As written: median 2027-07-02,"
        " nine in ten from 2027-01-19 to 2027-12-13."
    )


def test_a_number_for_certain_is_a_line() -> None:
    found = drawn("duration", "1 to 2 years", "18 months")
    assert found.now is not None
    assert (found.now.path, found.now.low, found.now.ends) == ("", found.now.high, "1.5 years")


@pytest.mark.parametrize(
    ("kind", "written"),
    [("rate", "0.2 per year"), ("chance", "60 %"), ("weight", "35"), ("number", "0.4"),
     ("duration", "{like: delays}"), ("date", "2030-12-31")],
)  # fmt: skip
def test_what_is_not_uncertain_has_no_density(kind: str, written: str) -> None:
    assert density(control(kind, written)) is None


@pytest.mark.parametrize("now", ["{like: delays}", "soon", "[", "{uniform: [2 years]}"])
def test_what_a_reader_sets_that_is_no_value_is_not_drawn(now: str) -> None:
    assert drawn("duration", "1 to 2 years", now) == drawn("duration", "1 to 2 years")


def test_what_reaches_zero_is_drawn_too() -> None:
    found = drawn("duration", "1 to 2 years", "{uniform: [0 days, 1 year]}")
    assert found.now is not None
    assert found.now.ends == "18.3 days to 11.4 months"
    spread = drawn("chance", "0.5 to 0.99")  # a lognormal reaches beyond 1, where it is cut
    assert spread.written.high > spread.written.low


def test_a_name_is_text() -> None:
    one = control("duration", "1 to 2 years", name='<b>"A flight"')
    (shape,) = densities([one, control("rate", "1 per year", "events.flight.rate")], {}).values()
    assert "&lt;b&gt;&#34;A flight&#34;" in shape
    assert "dashed" not in shape
    (moved,) = densities([one], {PATH: "2 to 4 years"}).values()
    assert "now 2 to 4 years; dashed, as written: 1 to 2 years" in moved

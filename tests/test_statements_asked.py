"""Statements asked as outcomes are: in each experiment that answers with one number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coopsim import api
from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import Timelines
from coopsim.errors import UsageError
from coopsim.experiments.sensitivity import Sensitivity
from coopsim.presentation.views.epistemic import epistemic_view, indices_view
from coopsim.presentation.views.sensitivity import sensitivity_view
from coopsim.presentation.views.whatif import attribution_view, sweep_view
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from shown import printed
from small_world import SMALL, small

RUNS = 500
ORDER = "end before launch and launch by 2032"
FIRST = "end before launch"
KEPT = "climate = cold for 2 years by 2033"


@pytest.fixture(scope="module")
def moved() -> Sensitivity:
    return api.sensitivity(small(), [ORDER, KEPT, "end by 2032"], runs=RUNS, workers=1)


def so(statement: str, *sets: str) -> float:
    """Count the share of the small world's timelines in which a statement is so."""
    loaded = small(*sets)
    program = build_program(loaded.scenario)
    fact = read_evidence(statement, loaded.scenario, program)
    return float(is_so(fact, Timelines(program, simulate(program, 0, RUNS))).mean())


@pytest.mark.parametrize("statement", [ORDER, KEPT])
def test_what_moves_a_statement_is_what_its_share_differs_by(
    moved: Sensitivity, statement: str
) -> None:
    written = so(statement)
    assert 0.05 < written < 0.95
    assert moved.outcomes[statement].value == written
    for one in moved.assumptions:
        if one.path in ("events.end.rate", "events.launch.date"):
            high = so(statement, f"{one.path}={one.high}")
            assert one.effects[statement].high.value == pytest.approx(high - written)
    assert any(one.effects[statement].detectable for one in moved.assumptions)


def test_a_statement_has_no_course(moved: Sensitivity) -> None:
    effects = [one.effects for one in moved.assumptions]
    assert all(one[ORDER].courses == () for one in effects)
    assert all(len(one["end by 2032"].courses) == 3 for one in effects)
    tree = moved.to_json()
    assert tree["outcomes"][ORDER]["course_unit"] is None
    assert tree["assumptions"][0]["effects"][ORDER]["over_time_span"] is None
    # Only differences that are there can stand out by chance.
    felt = [(name, one) for each in effects for name, one in each.items() if one.felt]
    assert moved.tested == sum(6 if name == "end by 2032" else 3 for name, _ in felt)


def test_tables_call_it_by_its_text_and_show_no_course(moved: Sensitivity) -> None:
    page = printed(sensitivity_view(moved, focus=True, most=1), 110).splitlines()
    share = moved.outcomes[ORDER].value
    (heading,) = (line for line in page if line.startswith(ORDER))
    assert heading.split("  ")[0] == f"{ORDER}: {100 * share:.0f} %"
    assert heading.split("  ")[-1].strip() == "points of chance"
    (other,) = (line for line in page if line.startswith("Operations end by 2032"))
    assert other.endswith("years later")
    overview = printed(sensitivity_view(moved, focus=False), 110)
    assert f"{KEPT}: " in overview


def test_bands_indices_and_figures_take_statements(tmp_path: Path) -> None:
    bands = api.epistemic(small(), [ORDER], runs=200, replications=10, workers=1)
    assert bands.outcomes[ORDER].value == pytest.approx(so(ORDER), abs=0.1)
    assert ORDER in printed(epistemic_view(bands), 110)
    result = api.run(small(), runs=RUNS, out=tmp_path)
    indices = api.global_indices(result, [ORDER])
    assert indices.outcomes[ORDER].base.value == so(ORDER)
    assert indices.outcomes[ORDER].draws["events.end.rate"].felt
    assert ORDER in printed(indices_view(indices), 110)


def test_a_statement_is_explained_by_what_changed() -> None:
    new = api.load({**SMALL, "scenario": "new"}, ["events.end.rate=1 per year"])
    found = api.explain(small(), new, [ORDER], runs=RUNS, workers=1)
    one = found.outcomes[ORDER]
    assert (one.before.value, one.after.value) == (
        so(ORDER),
        so(ORDER, "events.end.rate=1 per year"),
    )
    assert one.change.value == pytest.approx(one.after.value - one.before.value)
    assert (one.over_time, one.median_change, one.by_date) == (None, None, False)
    assert one.change in one.differences
    assert ORDER in printed(attribution_view(found), 110)


def test_a_sweep_finds_where_a_statement_is_as_likely_as_not() -> None:
    ranges = ["events.end.rate=0.02..0.9 per year"]
    found = api.sweep(small(), ranges, FIRST, points=4, runs=RUNS, workers=1)
    shares = [so(FIRST, f"events.end.rate={text}") for text in found.axes[0].texts]
    assert [point.base.value for point in found.points] == shares
    assert found.level == 0.5
    assert found.threshold is not None
    place = np.interp(0.5, shares, found.axes[0].numbers or ())
    assert found.threshold.at == pytest.approx(float(place))
    assert f"`{FIRST}` is more likely than not" in printed(sweep_view(found), 200)


def test_a_precision_is_set_for_outcomes_alone() -> None:
    with pytest.raises(UsageError) as error:
        api.run(small(), precision=0.02, precise=["second idle by 2030"])
    assert str(error.value) == (
        "'second idle by 2030' is not an outcome; expected NAME, NAME = LEVEL or NAME by DATE"
    )

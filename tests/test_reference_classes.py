"""docs/reference-classes.md is what its script makes of the claims and the baseline of today."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from scipy import stats

from coopsim.scenario.loading import load_resolved
from coopsim.scenario.sources.assumptions import assumptions
from coopsim.scenario.sources.claims import read_claims

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Import the script, which finds its neighbours as when it is run."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("make_reference_classes")
    finally:
        sys.path.remove(str(ROOT / "docs"))


@pytest.fixture(scope="module")
def page(script: ModuleType) -> str:
    """Make the page of today."""
    return str(script.current())


def test_the_page_is_current(page: str) -> None:
    written = (ROOT / "docs" / "reference-classes.md").read_text("utf-8")
    assert written == page, "run `python docs/make_reference_classes.py`"


def cells(page: str, start: str) -> list[str]:
    """Get the cells of the table row that starts so."""
    (row,) = re.findall(rf"^\| {re.escape(start)} \| (.*) \|$", page, re.MULTILINE)
    return [cell.strip() for cell in row.split("|")]


@pytest.fixture(scope="module")
def russia(script: ModuleType) -> Any:
    """Get the rows of Russian new developments."""
    claims = read_claims(ROOT / "seeds")
    known = claims.sources["slips"].published
    rows = script.slips(claims.cited_by("slips"), known)
    return script.by_class(rows)["new development"]


def test_its_numbers_follow_from_the_rows(page: str, russia: Any) -> None:
    """Recomputed here from the claims by other means: scipy's censored fit and quantiles."""
    log: stats.CensoredData = stats.CensoredData(
        uncensored=[row.growth for row in russia if row.delivered],
        right=[row.growth for row in russia if not row.delivered],
    )
    sigma, _, median = stats.lognorm.fit(log, floc=0)
    law = stats.lognorm(sigma, scale=median)
    expected = [25, 9, median, sigma, law.ppf(0.05), law.ppf(0.95)]
    shown = [float(cell) for cell in cells(page, "new development | all rows")]
    assert shown == pytest.approx(expected, abs=0.006)


def test_its_weighted_fit_is_where_the_weighted_score_vanishes(
    script: ModuleType, page: str, russia: Any
) -> None:
    """At the maximum the derivatives of the weighted log likelihood by mean and sigma are 0.

    With z = (log growth - mean) / sigma and h = density / tail of the normal law, they are
    proportional to sum w (z or h) and sum w (z^2 - 1 or z h).
    """
    weights = script.one_per_programme(russia)
    shown = cells(page, "new development | one weight per programme")
    law = script.fit(russia, weights)
    assert [f"{law.median:.2f}", f"{law.sigma:.2f}"] == shown[2:4]
    by_mean = by_sigma = 0.0
    for row, weight in zip(russia, weights, strict=True):
        z = stats.norm.ppf(stats.lognorm.cdf(row.growth, law.sigma, scale=law.median))
        tail = stats.norm.pdf(z) / stats.norm.sf(z)
        by_mean += weight * (z if row.delivered else tail)
        by_sigma += weight * (z**2 - 1 if row.delivered else z * tail)
    assert by_mean == pytest.approx(0.0, abs=1e-4)
    assert by_sigma == pytest.approx(0.0, abs=1e-4)


def test_the_growths_of_a_scenario_are_found_where_they_stand(script: ModuleType) -> None:
    baseline = load_resolved(ROOT / "scenarios" / "baseline.yaml")
    found = dict(script.growths_of(assumptions(baseline.tree)))
    assert isinstance(found["references.russian_new_development"], script.GrowthFit)
    assert set(script.NEAREST) == set(found)


def test_official_dates_move_as_the_page_says(page: str) -> None:
    """Recomputed from the claims as they are written: a year counts at its middle, a month too."""
    seen: dict[str, list[tuple[float, float]]] = {}
    for claim in yaml.safe_load((ROOT / "seeds" / "slips.yaml").read_text("utf-8"))["claims"]:
        if claim.get("class") == "new development":
            days = {one["what"]: _middle(str(one["value"])) for one in claim["numbers"]}
            seen.setdefault(claim["programme"], []).append((days["seen"], days["planned"]))
    ends = [(min(rows), max(rows)) for rows in seen.values() if len(rows) > 1]
    moved = sum(last[1] - first[1] for first, last in ends)
    pace = moved / sum(last[0] - first[0] for first, last in ends)
    (stated,) = map(float, re.findall(r"together moved by ([\d.]+) years in a year", page))
    (implied,) = map(float, re.findall(r"goes with ([\d.]+) years in a\nyear", page))
    (planned,) = map(float, re.findall(r"official date moves by ([\d.]+) years in a year", page))
    assert stated == pytest.approx(pace, abs=0.01)
    assert implied == pytest.approx(1 - 1 / 1.7, abs=0.005)
    assert planned == pytest.approx(implied, abs=0.05)


def _middle(day: str) -> float:
    year, *month = day.split("-")[:2]
    return int(year) + ((int(month[0]) - 0.5) / 12 if month else 0.5)

"""Write docs/reference-classes.md from seeds/slips.yaml and scenarios/baseline.yaml.

Run it after a change of either: `python docs/make_reference_classes.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plan_growth import (
    GrowthFit,
    OfficialSlip,
    Slip,
    by_class,
    first_plans,
    fit,
    log_likelihood,
    official_slips,
    one_per_programme,
    slips,
    without_each_programme,
)

from coopsim.scenario.loading import load_resolved
from coopsim.scenario.notation.distributions import Constant, Lognormal
from coopsim.scenario.notation.quantities import Value
from coopsim.scenario.notation.values import YEAR, format_date
from coopsim.scenario.sources.assumptions import Assumption, assumptions
from coopsim.scenario.sources.claims import Claims, read_claims
from coopsim.scenario.spec import Scenario

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference-classes.md"
Z95 = 1.6448536269514722
LIMIT = 6.0  # chi squared with two degrees of freedom, 95 %

# To which class of the table a growth in the baseline is nearest; a judgement of ours.
NEAREST = {
    "references.russian_new_development": "new development",
    "references.russian_launcher": "new development",
    "references.russian_probe": "new development",
    "references.russian_station_module": "new development",
    "events.venera_d_launch.date.growth": "new development",
    "events.ilrs_reactor.date.growth": "new development",
    "events.deorbit_vehicle_ready.date.growth": "flagship",
    "events.commercial_station_crewed.date.growth": "flagship",
    "events.us_lunar_reactor.date.growth": "flagship",
    "events.veritas_launch.date.growth": "robotic",
    "events.davinci_launch.date.growth": "robotic",
}

TEXT = """\
# Reference classes: how far plans slip

Written by `python docs/make_reference_classes.py`; a test fails when it is out of date.

A plan seen on some day has a *remaining lead*: the time from that day to the planned date. Its
*growth* is the time it really took divided by that lead: 1 is on time, 2 twice as long. The
scenarios multiply leads by such growths; this page shows what the record supports. The record is
`seeds/slips.yaml`: {rows} rows, each one plan of one programme as seen on one day. A month or a
year counts at its middle. A plan not fulfilled by {known} has grown *at least* as far as shown
(≥). {unverified}

{record}

## The fit

The logarithm of growth is taken to be normal, and its mean and sigma are those of the largest
likelihood: a delivered row gives its density, one not delivered the chance of growing further
(right-censored, as in survival analysis). Where fewer than two different growths were delivered,
the likelihood has no maximum and there is no fit. `docs/plan_growth.py` has the code; tests
compare it with `scipy.stats` on censored data.

{fits}

The four ways differ in how they treat rows that are not independent:

- *delivered rows alone* ignore what has not flown. They are shown for comparison, not for use.
- *all rows* count each row once, and so a programme as often as its plan was looked at.
- *one weight per programme* shares one weight among the rows of a programme, whichever way they go;
  the sigma is then that between and within programmes, without the false certainty of repeats.
  This is the fit to quote.
- *first plans* keep the earliest row of each programme.

## How certain the fit is

Leaving out one programme at a time, weights per programme:

{jackknife}

Only {delivered} of the {programmes} Russian programmes were ever delivered, so the fit rests on
{decisive}. Without the rows that were not verified the fit is {verified}.

## Selection bias

Four ways in which the table is not a fair sample, and the remedy for each:

1. *Late programmes are looked at more often.* Nauka is listed five times because it took so long.
   One weight per programme corrects this.
2. *What has not flown yet is missing from delivered rows*, and it is the slow half. Counting it as
   censored corrects this, as far as the lognormal holds beyond what was seen.
3. *What was cancelled is missing altogether.* It would make growth larger. Nothing here corrects
   it; the scenarios have cancellation as an event (`venera_d_cancelled`) where it matters.
4. *Programmes on time make no news.* The table was made of programmes known for their delays. To
   see how much that matters, suppose that it lacks some programmes that were delivered exactly on
   time (growth 1, one weight each):

{on_time}

The judgement for Russian new developments ({judged}) matches
the table if, beside its {programmes} programmes, it lacks one or two that came on time. That is why
the baseline lies below the fit; it is still a judgement.

## How official dates move

Long before anything flies late, its official date moves. Of the programmes that stand in several
rows, by how much from the first look to the last:

{official}

Russian new developments together moved by {pace} years in a year. A date that moves by r years in a
year is met when 1 / (1 - r) of the first lead has passed, so that the median growth of {module}, by
which the baseline lets a station module slip that exists as metal, goes with {implied} years in a
year. Its plan of record, `ros_first_module`, keeps to that: reviewed every {interval} months and
moved by {step} years each time, on average, the official date moves by {planned} years in a year
while the module has not flown. Besides, it is never left in the past.

## What the baseline assumes

Growths of `scenarios/baseline.yaml`, each with the class it is nearest to. The last column says how
much less likely it makes that class's rows than the fit does (one weight per programme; twice the
difference of log likelihoods): beyond {limit} the rows would speak against it at the 5 % level, if
they were a fair sample (two parameters; Wilks, Ann. Math. Stat. 9, 1938).

{baseline}

Beyond the limit are:

{beyond}

Whoever uses these expects the programme to slip less than its class did: because it is half built,
late in its development, bought at a fixed price or bound to a launch window. The scenario says so
where the number stands; the table does not.
"""


def page(claims: Claims, growths: Sequence[tuple[str, GrowthFit]], plan: Reviews) -> str:
    """Make the whole page from the claims, a scenario's growths by their paths, and a plan."""
    known = claims.sources["slips"].published
    assert known is not None
    rows = slips(claims.cited_by("slips"), known)
    classes = by_class(rows)
    russia = classes["new development"]
    checked = [row for row in russia if row.verified]
    judged = dict(growths)["references.russian_new_development"]
    module = dict(growths)["references.russian_station_module"].median
    return TEXT.format(
        rows=len(rows),
        known=format_date(known.first),
        unverified=_unverified(rows),
        record=_record(claims, rows),
        fits=_fits(classes),
        jackknife=_jackknife(classes),
        delivered=len({row.programme for row in russia if row.delivered}),
        programmes=len({row.programme for row in russia}),
        decisive=" and ".join(dict.fromkeys(row.programme for row in russia if row.delivered)),
        verified=_law(fit(checked, one_per_programme(checked))),
        on_time=_on_time(russia),
        official=_official(rows),
        pace=f"{_pace(official_slips(russia)):.2f}",
        module=f"{module:.1f}",
        implied=f"{1 - 1 / module:.2f}",
        interval=f"{plan.interval * 12:.1f}",
        step=f"{plan.step:.3g}",
        planned=f"{plan.step / plan.interval:.2f}",
        judged=_law(judged),
        baseline=_baseline(classes, growths),
        limit=LIMIT,
        beyond=_beyond(classes, growths),
    )


@dataclass(frozen=True, slots=True)
class Reviews:
    """How often a plan of record is reviewed, and how far a review moves it; years, on average."""

    interval: float
    step: float


def reviews_of(scenario: Scenario, plan: str) -> Reviews:
    """Get the mean interval of a plan's reviews and the mean slip of one."""
    review = scenario.events[f"{plan}_reviewed"]
    assert isinstance(review.takes, Value)
    assert isinstance(review.takes.distribution, Lognormal)
    law = review.takes.distribution
    slipped = 0.0
    for outcome in review.outcomes.values():
        assert isinstance(outcome.chance, Value)
        assert isinstance(outcome.chance.distribution, Constant)
        half_years = outcome.shifts.get(f"{plan}_official", 0)
        slipped += outcome.chance.distribution.value * half_years / 2
    return Reviews(law.median * math.exp(law.sigma**2 / 2) / YEAR, slipped)


def _official(rows: Sequence[Slip]) -> str:
    cells = []
    for one in official_slips(rows):
        numbers = (one.years, one.moved)
        shown = [*(f"{number:.1f}" for number in numbers), f"{one.moved / one.years:.2f}"]
        cells.append([one.first.reference_class, one.programme, *shown])
    return _table(["class", "programme", "years", "moved by years", "a year"], cells)


def _pace(moved: Sequence[OfficialSlip]) -> float:
    return sum(one.moved for one in moved) / sum(one.years for one in moved)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _unverified(rows: Sequence[Slip]) -> str:
    unverified = ", ".join(f"`{row.claim}`" for row in rows if not row.verified)
    return f"Not verified, from memory: {unverified}; all others were checked."


def _record(claims: Claims, rows: Sequence[Slip]) -> str:
    cells = []
    for row in rows:
        said = {number.what: number.value for number in claims.by_id[row.claim].numbers}
        growth = f"{row.growth:.2f}" if row.delivered else f"≥ {row.growth:.2f}"
        days = [said["seen"], said["planned"], said.get("actual", "not yet")]
        cells.append([row.reference_class, row.programme, *days, growth, f"`{row.claim}`"])
    head = ["class", "programme", "seen", "planned", "actual", "growth", "claim"]
    return _table(head, cells)


def _fits(classes: dict[str, list[Slip]]) -> str:
    head = ["class", "way", "rows", "delivered", "median", "sigma", "5 %", "95 %"]
    cells = []
    for name, rows in classes.items():
        ways = {
            "delivered rows alone": (delivered := [row for row in rows if row.delivered], None),
            "all rows": (rows, None),
            "one weight per programme": (rows, one_per_programme(rows)),
            "first plans": (first_plans(rows), None),
        }
        if not delivered:
            ways = {"all rows": (rows, None)}
        for way, (chosen, weights) in ways.items():
            counts = [str(len(chosen)), str(sum(row.delivered for row in chosen))]
            cells.append([name, way, *counts, *_cells(fit(chosen, weights))])
    return _table(head, cells)


def _cells(law: GrowthFit | None) -> list[str]:
    if law is None:
        return ["no fit", "", "", ""]
    return [f"{n:.2f}" for n in (law.median, law.sigma, law.quantile(-Z95), law.quantile(Z95))]


def _law(law: GrowthFit | None) -> str:
    return "no fit" if law is None else f"median {law.median:.2f}, sigma {law.sigma:.2f}"


def _jackknife(classes: dict[str, list[Slip]]) -> str:
    cells = [
        [name, left_out, _law(fit(rest, one_per_programme(rest)))]
        for name, rows in classes.items()
        if any(row.delivered for row in rows)
        for left_out, rest in without_each_programme(rows).items()
    ]
    return _table(["class", "without", "fit"], cells)


def _on_time(rows: Sequence[Slip]) -> str:
    cells = []
    for count in range(5):
        missing = [
            replace(rows[0], programme=f"on time {number}", growth=1.0, delivered=True)
            for number in range(count)
        ]
        supposed = [*rows, *missing]
        cells.append([str(count), *_cells(fit(supposed, one_per_programme(supposed)))])
    return _table(["programmes on time", "median", "sigma", "5 %", "95 %"], cells)


def _baseline(classes: dict[str, list[Slip]], growths: Sequence[tuple[str, GrowthFit]]) -> str:
    cells = []
    for path, law in growths:
        name = NEAREST.get(path, "")
        less = _distance(classes.get(name, []), law)
        shown = "no fit" if less is None else f"{less:.1f}"
        cells.append([f"`{path}`", *_cells(law), name or "none", shown])
    head = ["where", "median", "sigma", "5 %", "95 %", "nearest class", "less likely by"]
    return _table(head, cells)


def _beyond(classes: dict[str, list[Slip]], growths: Sequence[tuple[str, GrowthFit]]) -> str:
    less = {path: _distance(classes.get(NEAREST.get(path, ""), []), law) for path, law in growths}
    found = [f"- `{path}`" for path, distance in less.items() if distance and distance > LIMIT]
    return "\n".join(found) or "- none"


def _distance(rows: list[Slip], law: GrowthFit) -> float | None:
    """Get twice the log likelihood that rows lose under a law other than their own fit."""
    weights = one_per_programme(rows)
    best = fit(rows, weights)
    if best is None:
        return None
    return 2 * (log_likelihood(rows, best, weights) - log_likelihood(rows, law, weights))


def growths_of(listed: Sequence[Assumption]) -> list[tuple[str, GrowthFit]]:
    """Find the lognormal factors by which a scenario lets plans grow, by their paths."""
    values = {one.path: one for one in listed}
    return [
        (stem, GrowthFit(float(one.value), float(values[f"{stem}.lognormal.1"].value)))
        for path, one in values.items()
        if path.endswith(".lognormal.0") and one.kind == "factor"
        for stem in [path.removesuffix(".lognormal.0")]
    ]


def current() -> str:
    """Make the page of the claims and the baseline as they are."""
    baseline = load_resolved(ROOT / "scenarios" / "baseline.yaml")
    plan = reviews_of(baseline.scenario, "ros_first_module")
    return page(read_claims(ROOT / "seeds"), growths_of(assumptions(baseline.tree)), plan)


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")

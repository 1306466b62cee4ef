"""Plans found again in a plain tree, by what was made of them; and paths led back into a plan.

A driver and an event are a plan where that plan would be turned into just these two. So what is set
in a scenario that is plain already, as that of a result, is set in the plan and converted again.
"""

from __future__ import annotations

from typing import Any

from coopsim.scenario.notation.quantities import read_period
from coopsim.scenario.plain.plans import OFFICIAL, REVIEWED, expanded
from coopsim.scenario.plain.tree import PLANS, marked
from coopsim.scenario.text.reading import Invalid, readable
from coopsim.scenario.text.tree import Map, Mark, plain

_KEPT = ("title", "description", "group", "sources", "judgement")
_PLACES = (("drivers", OFFICIAL), ("events", REVIEWED))
_WRITTEN = {"initial": "official", "takes": "reviews"}  # of which a plan has them by another name
_SAME = ("pace", "odds", *_KEPT)


def replanned(tree: Map) -> Map:
    """Put plans in the place of the drivers and events that were made of them."""
    days = [readable(read_period, tree.get(key)) for key in ("start", "end")]
    drivers, events = (tree.get(key) for key, _ in _PLACES)
    if None in days or not isinstance(drivers, Map) or not isinstance(events, Map):
        return tree
    found = Map()
    for made, driver in drivers.items():
        name = made.removesuffix(OFFICIAL)
        review = events.get(name + REVIEWED)
        if name == made or not isinstance(driver, Map) or not isinstance(review, Map):
            continue
        plan = _plan_of(driver, review)
        if plan is not None and _made_of(name, plan, days) == [plain(driver), plain(review)]:
            found.put(name, plan, drivers.marks[made])
    return _with_plans(tree, found) if found else tree


def _plan_of(driver: Map, review: Map) -> Map | None:
    """Write down the plan that a driver and a review may have been made of."""
    outcomes = review.get("outcomes")
    if not {"plan", "initial"} <= set(driver) or "takes" not in review:
        return None
    if not isinstance(outcomes, Map) or not all(
        isinstance(one, Map) and "chance" in one for one in outcomes.values()
    ):
        return None
    slips, plan = Map(), Map()
    for name, one in outcomes.items():
        slips.put(name, one["chance"], one.marks["chance"])
    taken: list[tuple[str, Any, Mark]] = [
        *((key, driver[key], driver.marks[key]) for key in _KEPT if key in driver),
        ("official", driver["initial"], driver.marks["initial"]),
        ("event", driver["plan"], driver.marks["plan"]),
        ("reviews", review["takes"], review.marks["takes"]),
        ("slips", slips, review.marks["outcomes"]),
        *((key, review[key], review.marks[key]) for key in ("pace", "odds") if key in review),
    ]
    for key, value, mark in taken:
        plan.put(key, value, mark)
    return plan


def _made_of(name: str, plan: Map, days: Any) -> list[Any]:
    """Turn a plan into the data of its driver and its review; into none where it is no plan."""
    try:
        return [plain(marked(one, Mark("", None))) for one in expanded(name, plan, *days)]
    except Invalid:
        return []


def _with_plans(tree: Map, found: Map) -> Map:
    tree = tree.copy()
    for section, suffix in _PLACES:
        entries = tree[section].copy()
        for name in found:
            entries.drop(name + suffix)
        if entries:
            tree[section] = entries
        else:  # it was made for the plans
            tree.drop(section)
    whole = tree[PLANS].copy() if isinstance(tree.get(PLANS), Map) else Map()
    for name, plan in found.items():
        whole.put(name, plan, found.marks[name])
    tree.put(PLANS, whole, next(iter(found.marks.values())))
    if "outcomes" in tree:  # what is assumed stands before what is asked
        asked, mark = tree["outcomes"], tree.marks["outcomes"]
        tree.drop("outcomes")
        tree.put("outcomes", asked, mark)
    return tree


def led_back(tree: Map, text: str) -> str:
    """Lead the dotted path of a part that a plan is turned into back to where the plan says it.

    Other paths stay as they are; so do those of what a plan does not say in so many words.
    """
    plans = tree.get(PLANS)
    for name in plans if isinstance(plans, Map) else ():
        for section, suffix in _PLACES:
            made = f"{section}.{name}{suffix}."
            if text.startswith(made):
                key = _written(text.removeprefix(made))
                return text if key is None else f"{PLANS}.{name}.{key}"
    return text


def _written(key: str) -> str | None:
    head, _, below = key.partition(".")
    if head in _SAME:
        return key
    if head in _WRITTEN:
        return _WRITTEN[head] + key.removeprefix(head)
    if head == "outcomes" and below.endswith(".chance"):
        return f"slips.{below.removesuffix('.chance')}"
    return None


def is_official(tree: Map, text: str) -> bool:
    """Tell whether a dotted path is that of a plan's official date."""
    plans = tree.get(PLANS)
    return isinstance(plans, Map) and any(text == f"{PLANS}.{one}.official" for one in plans)


def plan_around(tree: Map, text: str) -> str | None:
    """Name the plan of which a path's driver or event is made, if it is made of one."""
    plans = tree.get(PLANS)
    for name in plans if isinstance(plans, Map) else ():
        if any(f"{text}.".startswith(f"{section}.{name}{suffix}.") for section, suffix in _PLACES):
            return str(name)
    return None

"""What changes account for, where it is known: games with known shares, and small scenarios.

Tolerances are five standard errors, which a right answer misses once in two million times.
"""

from __future__ import annotations

import math

import pytest

from coopsim.errors import UsageError
from coopsim.experiments import shapley
from coopsim.experiments.attribution import Attribution, AttributionQuestion, Grouping, explain
from coopsim.experiments.variants import Effort
from coopsim.simulation.workers.playing import Players
from small_world import small

RUNS = 1000


# A left glove and two right ones; a pair is worth 1. The left one has 2/3, the others 1/6 each.
def test_shapley_values_of_the_glove_game() -> None:
    def worth(coalition: frozenset[int]) -> float:
        return float(0 in coalition and bool(coalition & {1, 2}))

    found = [
        sum(weight * (worth(having) - worth(without)) for weight, without, having in steps)
        for steps in (shapley.exact(one, 3) for one in range(3))
    ]
    assert found == pytest.approx([2 / 3, 1 / 6, 1 / 6], rel=1e-12)


@pytest.fixture(scope="module")
def found() -> Attribution:
    new = small(
        "events.end.rate=1 per year",
        "drivers.climate.initial=cold",
        "events.decision.outcomes.yes.chance=0.4",
        "events.decision.outcomes.no.chance=0.5",
        "events.idle.rate=1 per year",
    )
    return explain(small(), new, AttributionQuestion(), Effort(RUNS, Players(1)))


def test_the_shares_sum_to_the_whole(found: Attribution) -> None:
    assert found.orders is None
    for one in found.outcomes.values():
        assert sum(part.share.value for part in one.parts.values()) == pytest.approx(
            one.change.value, abs=1e-12
        )
        medians = [part.median_share for part in one.parts.values()]
        if one.median_change is not None and all(medians):
            total = sum(median.value for median in medians if median is not None)
            assert total == pytest.approx(one.median_change.value, abs=1e-9)


# The index adds up: 25 points where the climate stays cool, 75 where the decision is yes. Each
# change acts on one term, so that alone on, alone off and its share are one number. The climate
# that begins cold costs 25 x P(still cool after 10 years); the decision 75 x 0.2.
def test_changes_that_add_up(found: Attribution) -> None:
    parts = found.outcomes["mood"].parts
    for part in parts.values():
        assert part.on.value == pytest.approx(part.share.value, abs=1e-9)
        assert part.off.value == pytest.approx(part.share.value, abs=1e-9)
    decision = parts["events.decision"].share
    assert decision.se is not None
    assert decision.value == pytest.approx(-75 * 0.2, abs=5 * 75 * math.sqrt(0.16 / RUNS))
    assert parts["events.idle"].share.value == 0
    assert parts["events.end"].share.value == 0


# Whether the end comes before the launch hangs on both, and more than either alone.
def test_changes_that_act_together(found: Attribution) -> None:
    parts = found.outcomes["which = launch"].parts
    end, climate = parts["events.end"], parts["drivers.climate"]
    assert end.on.value != pytest.approx(end.off.value, abs=0.01)
    for part in (end, climate):
        low, high = sorted((part.on.value, part.off.value))
        assert low - 1e-12 <= part.share.value <= high + 1e-12


# At 1 per year the end comes within ten years but for exp(-10): the change of the chance is that
# of one hazard alone, less what was missing before.
def test_ends_are_those_of_the_two_scenarios(found: Attribution) -> None:
    one = found.outcomes["end"]
    assert one.after.value == pytest.approx(1.0, abs=0.005)
    assert one.change.value == pytest.approx(one.after.value - one.before.value, abs=1e-12)
    assert one.parts["events.end"].share.value == pytest.approx(one.change.value, abs=1e-12)
    assert one.median_change is not None
    share = one.parts["events.end"].median_share
    assert share is not None
    assert share.value == pytest.approx(one.median_change.value, abs=1e-12)
    assert share.interval == pytest.approx(one.median_change.interval, abs=1e-12)


def test_sampled_orders_sum_to_the_whole_and_agree(
    monkeypatch: pytest.MonkeyPatch, found: Attribution
) -> None:
    monkeypatch.setattr(shapley, "MOST_EXACT", 2)
    new = small(
        "events.end.rate=1 per year",
        "drivers.climate.initial=cold",
        "events.decision.outcomes.yes.chance=0.4",
        "events.decision.outcomes.no.chance=0.5",
        "events.idle.rate=1 per year",
    )
    sampled = explain(
        small(), new, AttributionQuestion(["which = launch"], orders=8), Effort(RUNS, Players(1))
    )
    assert sampled.orders == 8
    exact, one = found.outcomes["which = launch"], sampled.outcomes["which = launch"]
    assert sum(part.share.value for part in one.parts.values()) == pytest.approx(one.change.value)
    for name, part in one.parts.items():
        assert part.share.se is not None
        wanted = exact.parts[name].share.value
        assert part.share.value == pytest.approx(wanted, abs=5 * part.share.se + 1e-12)


# An event that waits for one that is not there never comes: alone it changes nothing, and the
# whole is shared by the two.
def test_a_change_that_needs_another() -> None:
    new = small(
        "events.first={date: 2026-01-01, judgement: Ours.}",
        "events.second={upon: [first], sets: {climate: cold}, judgement: Ours.}",
    )
    parts = (
        explain(small(), new, AttributionQuestion(["climate = cold"]), Effort(200, Players(1)))
        .outcomes["climate = cold"]
        .parts
    )
    first, second = parts["events.first"], parts["events.second"]
    assert first.on.value == second.on.value == 0
    assert first.share.value == pytest.approx(second.share.value)
    assert first.off.value == second.off.value > 0


def test_what_goes_together_is_the_askers_choice() -> None:
    new = small("events.end.rate=1 per year", "events.idle.rate=1 per year", "end=2033-12-31")
    groups: tuple[Grouping, ...] = ("each", "entry", "section")
    asked = {group: AttributionQuestion(["end"], group) for group in groups}
    effort = Effort(200, Players(1))
    found = {name: explain(small(), new, one, effort) for name, one in asked.items()}
    names = {name: [change.name for change in one.changes] for name, one in found.items()}
    assert names == {
        "each": ["end", "events.end.rate", "events.idle.rate"],
        "entry": ["end", "events.end", "events.idle"],
        "section": ["end", "events"],
    }


def test_nothing_to_explain_is_said() -> None:
    with pytest.raises(UsageError) as error:
        explain(small(), small("seed=8"), AttributionQuestion(), Effort(200, Players(1)))
    assert (
        str(error.value) == "small and small make the same assumptions: there is nothing to explain"
    )


def test_questions_that_are_not_asked_alike_are_left_out() -> None:
    new = small("events.end.rate=1 per year", "outcomes.end.by=2030-12-31")
    found = explain(small(), new, AttributionQuestion(), Effort(200, Players(1)))
    assert found.warnings == ("`end` is left out: the questions of that name differ",)
    assert "end" not in found.outcomes


# The warm level first, and nothing else of the climate changed: cool stays cool.
def test_levels_in_another_order_are_paired_by_name() -> None:
    new = small("drivers.climate.levels=[warm, cool, cold]", "events.end.rate=1 per year")
    found = explain(small(), new, AttributionQuestion(), Effort(200, Players(1)))
    assert found.warnings == ()
    assert found.outcomes["climate = cold"].before.value > 0.5
    for level in ("cold", "cool", "warm"):
        one = found.outcomes[f"climate = {level}"]
        assert one.before.value == one.after.value
        assert {part.share.value for part in one.parts.values()} == {0.0}


def test_a_level_that_only_one_has_is_left_out_and_named() -> None:
    new = small("drivers.climate.levels=[icy, cold, cool, warm]", "events.end.rate=1 per year")
    found = explain(small(), new, AttributionQuestion(), Effort(200, Players(1)))
    assert found.warnings == (
        "`climate` shows the levels that all have, cold, cool and warm; small has icy besides",
    )
    assert [name for name in found.outcomes if "climate" in name] == [
        "climate = cold",
        "climate = cool",
        "climate = warm",
    ]
    with pytest.raises(UsageError) as error:
        explain(small(), new, AttributionQuestion(["climate = icy"]), Effort(200, Players(1)))
    assert str(error.value) == (
        "`climate = icy`, character 11: found `icy`, expected a level of climate (cold, cool "
        "or warm) (as an outcome: 'climate = icy' is not a single number; expected `climate = "
        "cold`, `climate = cool` or `climate = warm`)"
    )

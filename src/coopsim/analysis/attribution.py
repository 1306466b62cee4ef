"""How much each difference between two scenarios accounts for what changes in the answers.

Every change is switched on alone, switched off alone, and given its Shapley share (Shapley, "A
value for n-person games", 1953): what it adds, averaged over all orders in which the changes may
be made, so that the shares sum to the whole. Beyond eight changes orders are sampled, each with
its reverse (Castro, Gomez and Tejada, Computers & Operations Research 36, 2009).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal, TypeAlias

import numpy as np

from coopsim.analysis.alike import Side, asked_alike
from coopsim.analysis.experiments import Effort, each, observe
from coopsim.analysis.gauges import DATED, Gauge, gauges
from coopsim.analysis.pairing import Difference
from coopsim.analysis.sections import MEAN, MEDIAN, difference, sectioned
from coopsim.analysis.sensitivity import SURE, Base, base_of
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import FloatArray
from coopsim.errors import ScenarioError, UsageError
from coopsim.scenario import differences as d
from coopsim.scenario.loading import Loaded, load_data
from coopsim.scenario.reading import listing
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import stream_key, uniform
from coopsim.simulation.program import Program

Grouping: TypeAlias = Literal["each", "entry", "section"]
MOST_EXACT = 8  # changes whose every order is gone through
ORDERS = 16  # sampled, half of them reverses of the others

Coalition: TypeAlias = frozenset[int]


@dataclass(frozen=True, slots=True)
class Change:
    """Hold assumptions that change together, as texts: path, old value, new value."""

    name: str
    title: str
    assumptions: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Hold what one change does to an answer: alone, as the last one, and as its Shapley share.

    `on` is the change against the old scenario, `off` what the new one would lose without it.
    The `median` ones are in years, None where a median is not reached.
    """

    on: Difference
    off: Difference
    share: Difference
    median_on: Difference | None
    median_off: Difference | None
    median_share: Difference | None


@dataclass(frozen=True, slots=True)
class Explained:
    """Hold an answer before and after, and what each change has to do with it."""

    before: Base
    after: Base
    change: Difference
    median_change: Difference | None
    parts: Mapping[str, Part]

    @property
    def by_date(self) -> bool:
        """Tell whether the answer is so sure in both that its date says more than its chance."""
        sure = min(self.before.value, self.after.value) > SURE
        return self.before.kind in DATED and sure and self.median_change is not None

    @property
    def differences(self) -> list[Difference]:
        """List the whole changes and the shares of them, as far as there are some."""
        shares = [one for p in self.parts.values() for one in (p.share, p.median_share)]
        found = (self.change, self.median_change, *shares)
        return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Hold how the changes from one scenario to another account for the answers' changes.

    Without `orders` the Shapley shares are exact, up to simulation error. `warnings` say
    which questions and levels are left out, as not both have them.
    """

    scenario: str
    against: str
    seed: int
    runs: int
    orders: int | None
    changes: tuple[Change, ...]
    outcomes: Mapping[str, Explained]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


@dataclass(frozen=True, slots=True)
class Question:
    """Say what is to be explained: outcomes as for --outcome (none: all), and what goes together.

    `group` is `each` (every assumption alone), `entry` (by event, driver or reference) or
    `section`.
    """

    asked: Sequence[str] = ()
    group: Grouping = "entry"
    orders: int = ORDERS


def explain(new: Loaded, old: Loaded, question: Question, effort: Effort) -> Attribution:
    """Split the change of every answer from an old scenario to a new one among the differences.

    All is simulated with the old scenario's seed. Raises UsageError where the two assume the
    same, or ask nothing alike.
    """
    bench = _Bench.of(new, old, question, effort)
    coalitions = bench.coalitions()
    values = dict(zip(coalitions, each(bench.value, coalitions, effort), strict=True))
    return bench.attribution(values, new, old)


@dataclass(frozen=True, slots=True, eq=False)
class _Value:
    """Hold what a coalition of changes comes to, and how the two ends look."""

    sections: FloatArray
    bases: tuple[Base, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Bench:
    old: Loaded
    groups: tuple[tuple[d.Difference, ...], ...]
    changes: tuple[Change, ...]
    questions: tuple[str, ...]
    asked: tuple[str, ...]
    warnings: tuple[str, ...]
    orders: tuple[tuple[int, ...], ...] | None
    effort: Effort

    @classmethod
    def of(cls, new: Loaded, old: Loaded, question: Question, effort: Effort) -> _Bench:
        found = [one for one in d.differences(old.tree, new.tree) if one.path[0] != "outcomes"]
        if not found:
            raise UsageError(f"{_pair(new, old)} assume the same: there is nothing to explain")
        alike, warnings = asked_alike(
            [
                Side.of(one.scenario.scenario, one.scenario, build_program(one.scenario))
                for one in (old, new)
            ]
        )
        groups = _grouped(found, question.group)
        return cls(
            old=old,
            groups=tuple(groups.values()),
            changes=tuple(_change(name, group) for name, group in groups.items()),
            questions=tuple(alike),
            asked=_shared_gauges(old, new, alike, question.asked),
            warnings=tuple(warnings),
            orders=_orders(len(groups), question.orders, old.scenario.seed),
            effort=effort,
        )

    def gauges_of(self, loaded: Loaded, program: Program) -> list[Gauge]:
        return _gauges(loaded, program, self.questions, self.asked)

    def coalitions(self) -> list[Coalition]:
        """List the sets of changes to be simulated: the old and the new scenario first."""
        everyone = range(len(self.groups))
        wanted = [frozenset[int](), frozenset(everyone)]
        wanted += [frozenset([one]) for one in everyone]
        wanted += [frozenset(everyone) - {one} for one in everyone]
        if self.orders is None:
            wanted += [frozenset(c) for k in everyone for c in combinations(everyone, k)]
        else:
            wanted += [frozenset(o[:k]) for o in self.orders for k in range(len(o))]
        return list(dict.fromkeys(wanted))

    def value(self, coalition: Coalition) -> _Value:
        """Simulate the old scenario with some of the changes made."""
        loaded = self._loaded(coalition)
        program = replace(build_program(loaded.scenario), seed=self.old.scenario.seed)
        asked = self.gauges_of(loaded, program)
        readings = observe(program, asked, self.effort.runs)
        bases = tuple(
            base_of(gauge, readings, n, program, loaded.scenario) for n, gauge in enumerate(asked)
        )
        return _Value(sectioned(readings), bases)

    def _loaded(self, coalition: Coalition) -> Loaded:
        """Make the scenario of a coalition, without what cannot stand as others are missing.

        An event that waits for another one that is not there never comes, so that leaving it out
        is what it means.
        """
        made = [one for number in sorted(coalition) for one in self.groups[number]]
        while True:
            try:
                return load_data(d.switched(self.old.tree, made))
            except ScenarioError as error:
                paths = [problem.path for problem in error.problems]
                fewer = [one for one in made if not any(_about(one, path) for path in paths)]
                if len(fewer) == len(made):
                    fewer = [one for one in made if one.new is not None]
                if len(fewer) == len(made):
                    raise
                made = fewer

    # --- from values to parts -------------------------------------------------------------------

    def attribution(
        self, values: Mapping[Coalition, _Value], new: Loaded, old: Loaded
    ) -> Attribution:
        sections = {coalition: value.sections for coalition, value in values.items()}
        everyone = frozenset(range(len(self.groups)))
        ends = values[frozenset()].bases, values[everyone].bases
        shares = [_shares(sections, one, len(self.groups), self.orders) for one in sorted(everyone)]
        outcomes = {
            gauge.text: self._explained(n, gauge, sections, shares, (ends[0][n], ends[1][n]))
            for n, gauge in enumerate(self.gauges_of(old, build_program(old.scenario)))
        }
        return Attribution(
            scenario=new.scenario.scenario,
            against=old.scenario.scenario,
            seed=old.scenario.seed,
            runs=self.effort.runs,
            orders=None if self.orders is None else len(self.orders),
            changes=self.changes,
            outcomes=outcomes,
            warnings=self.warnings,
        )

    def _explained(
        self,
        number: int,
        gauge: Gauge,
        sections: Mapping[Coalition, FloatArray],
        shares: Sequence[_Share],
        ends: tuple[Base, Base],
    ) -> Explained:
        def estimate(values: FloatArray, kind: int, more: FloatArray | None = None) -> Any:
            extra = 0.0 if more is None else float(more[number, kind])
            return difference(values[number, kind], gauge, self.effort.runs, extra)

        everyone = frozenset(range(len(self.groups)))
        nobody: Coalition = frozenset()
        whole = sections[everyone] - sections[nobody]
        parts = {}
        for one, change in enumerate(self.changes):
            on = sections[frozenset([one])] - sections[nobody]
            off = sections[everyone] - sections[everyone - {one}]
            share = shares[one]
            parts[change.name] = Part(
                on=estimate(on, MEAN),
                off=estimate(off, MEAN),
                share=estimate(share.value, MEAN, share.variance),
                median_on=estimate(on, MEDIAN),
                median_off=estimate(off, MEDIAN),
                median_share=estimate(share.value, MEDIAN, share.variance),
            )
        return Explained(*ends, estimate(whole, MEAN), estimate(whole, MEDIAN), parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """Hold a Shapley share by gauge, kind and section, and its variance over sampled orders."""

    value: FloatArray
    variance: FloatArray | None


def _shares(
    sections: Mapping[Coalition, FloatArray],
    one: int,
    count: int,
    orders: Sequence[Sequence[int]] | None,
) -> _Share:
    if orders is None:
        return _Share(shapley(sections.__getitem__, one, count), None)
    added = np.stack([_added(sections, one, order) for order in orders])
    # An order and its reverse are one draw: their mean varies less than either.
    pairs = (added[0::2] + added[1::2]) / 2
    spread = (
        pairs[..., 0].var(axis=0, ddof=1) / len(pairs) if len(pairs) > 1 else 0 * pairs[0, ..., 0]
    )
    return _Share(added.mean(axis=0), spread)


def _added(sections: Mapping[Coalition, FloatArray], one: int, order: Sequence[int]) -> FloatArray:
    before = frozenset(order[: order.index(one)])
    return sections[before | {one}] - sections[before]


def shapley(value: Callable[[Coalition], FloatArray], one: int, count: int) -> FloatArray:
    """Weigh what a change adds to every set of the other changes, exactly."""
    others = [other for other in range(count) if other != one]
    total = 0.0 * value(frozenset())
    for size in range(count):
        weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
        for chosen in combinations(others, size):
            total = total + weight * (value(frozenset((*chosen, one))) - value(frozenset(chosen)))
    return total


def _orders(count: int, orders: int, seed: int) -> tuple[tuple[int, ...], ...] | None:
    """Sample orders of many changes, each followed by its reverse."""
    if count <= MOST_EXACT:
        return None
    key = stream_key(seed, "analysis.orders")
    found: list[tuple[int, ...]] = []
    for draw in range(max(orders // 2, 2)):
        drawn = sorted(range(count), key=lambda one, draw=draw: uniform(key, draw, one))  # type: ignore[misc]
        found += [tuple(drawn), tuple(reversed(drawn))]
    return tuple(found)


# --- what differs -------------------------------------------------------------------------------


def _grouped(found: Iterable[d.Difference], group: Grouping) -> dict[str, tuple[d.Difference, ...]]:
    groups: dict[str, tuple[d.Difference, ...]] = {}
    for one in found:
        names = {"each": one.name, "entry": one.entry, "section": str(one.path[0])}
        name = names[group]
        groups[name] = (*groups.get(name, ()), one)
    return groups


def _change(name: str, group: Sequence[d.Difference]) -> Change:
    title = group[0].title if "." in name else name
    return Change(name, title, tuple((one.name, one.before, one.after) for one in group))


def _about(one: d.Difference, path: str) -> bool:
    return path == one.entry or path.startswith(f"{one.entry}.")


def _shared_gauges(
    old: Loaded, new: Loaded, questions: Sequence[str], asked: Sequence[str]
) -> tuple[str, ...]:
    """List what is to be explained, as --outcome writes it: the numbers that both have."""
    of_old, of_new = (
        [gauge.text for gauge in _gauges(old, build_program(one.scenario), questions, asked)]
        for one in (old, new)
    )
    return tuple(text for text in of_old if text in of_new)


def _gauges(
    asking: Loaded, program: Program, questions: Iterable[str], asked: Sequence[str]
) -> list[Gauge]:
    return gauges(program, {name: asking.scenario.outcomes[name] for name in questions}, asked)


def _pair(new: Loaded, old: Loaded) -> str:
    return listing((new.scenario.scenario, old.scenario.scenario), "and")

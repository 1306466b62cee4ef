"""How much each difference between two scenarios accounts for what changes in the answers.

Every change is switched on alone, switched off alone, and given its Shapley share: what it adds,
averaged over all orders in which the changes may be made, so that the shares sum to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeAlias, get_args

from coopsim.analysis.checkpoints import known_on
from coopsim.analysis.comparing.alike import ScenarioSide, asked_alike
from coopsim.analysis.comparing.pairing import PairedEstimate, PairedSums, chances
from coopsim.analysis.measures import Measure, Samples, measures
from coopsim.analysis.summaries import plain
from coopsim.errors import ScenarioError, UsageError
from coopsim.experiments.base import SURE, Base, bases_of
from coopsim.experiments.mixtures import Kept, estimated, kept
from coopsim.experiments.shapley import (
    Coalition,
    MixtureSteps,
    Orders,
    coalitions,
    sampled_orders,
    shares,
)
from coopsim.experiments.variants import Effort, Variant, sampled
from coopsim.scenario.changes import differences as d
from coopsim.scenario.loading import Loaded, load_data
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.text.reading import listing
from coopsim.simulation.building import build_program
from coopsim.simulation.program import Program

Grouping: TypeAlias = Literal["each", "entry", "section"]
GROUPINGS = get_args(Grouping)
ORDERS = 16  # sampled, half of them reverses of the others


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Assumptions that change together, as texts: path, old value, new value."""

    name: str
    title: str
    assumptions: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one change does to an answer: alone, as the last one, and as its Shapley share.

    `on` is the change made in the base alone, `off` what the other would lose without it.
    The `median` ones are in years, None where a median is not reached.
    """

    on: PairedEstimate
    off: PairedEstimate
    share: PairedEstimate
    median_on: PairedEstimate | None
    median_off: PairedEstimate | None
    median_share: PairedEstimate | None

    @property
    def told(self) -> bool:
        """Check whether any of it can be told from zero."""
        found = (self.on, self.off, self.share, self.median_on, self.median_off, self.median_share)
        return any(one.told_from_zero for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer before and after, and what each change contributes to it.

    `over_time` is how the answer differs over time up to its close, in `Base.course_unit`; None
    where it has no course.
    """

    before: Base
    after: Base
    change: PairedEstimate
    median_change: PairedEstimate | None
    over_time: PairedEstimate | None
    parts: Mapping[str, Part]

    @property
    def by_date(self) -> bool:
        """Check whether the answer is so sure in both that its date says more than its chance."""
        sure = min(self.before.value, self.after.value) > SURE
        dated = isinstance(self.before.median, date)
        return dated and sure and self.median_change is not None

    @property
    def shown(self) -> bool:
        """Check whether the changes' shares, or all of them together, is detectable."""
        return any(one.told_from_zero for one in self.differences if one is not self.over_time)

    @property
    def differences(self) -> list[PairedEstimate]:
        """List the whole changes and the shares of them, as far as there are some."""
        shares = [one for p in self.parts.values() for one in (p.share, p.median_share)]
        found = (self.change, self.median_change, self.over_time, *shares)
        return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class Attribution:
    """How the changes from a base to another scenario account for the answers' changes.

    Without `orders` the Shapley shares are exact, up to simulation error. `warnings` say
    which questions and levels are left out, as not both have them; so many of the whole changes
    and shares would stand out `by_chance` if there were none. `as_of` is that of the base.
    """

    base: str
    other: str
    as_of: date
    base_sets: tuple[str, ...]
    other_sets: tuple[str, ...]
    seed: int
    runs: int
    orders: int | None
    changes: tuple[ChangeGroup, ...]
    outcomes: Mapping[str, Explained]
    warnings: tuple[str, ...]
    by_chance: float

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


@dataclass(frozen=True, slots=True)
class AttributionQuestion:
    """What is to be explained: outcomes as for --outcome (none: all), and what goes together.

    `group` is `each` (every assumption alone), `entry` (by event, driver or reference) or
    `section`.
    """

    asked: Sequence[str] = ()
    group: Grouping = "entry"
    orders: int = ORDERS


def explain(
    base: Loaded, other: Loaded, question: AttributionQuestion, effort: Effort
) -> Attribution:
    """Split the change of every answer from a base to another scenario among the differences.

    All is simulated with the seed of the base. Raises UsageError where the two assume the
    same, or ask nothing alike.
    """
    bench = _Bench.of(base, other, question, effort)
    wanted = coalitions(len(bench.groups), bench.orders)
    played = sampled(map(bench.variant, wanted), len(wanted), effort)
    values = {
        coalition: bench.value(coalition, *one)
        for coalition, one in zip(wanted, played, strict=True)
    }
    return bench.attribution(values, other)


@dataclass(frozen=True, slots=True, eq=False)
class _Value:
    """What a coalition of changes comes to; the courses only of the two ends."""

    kept: Kept
    courses: FloatArray | None
    bases: tuple[Base, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Bench:
    base: Loaded
    groups: tuple[tuple[d.AssumptionDifference, ...], ...]
    changes: tuple[ChangeGroup, ...]
    questions: tuple[str, ...]
    asked: tuple[str, ...]
    warnings: tuple[str, ...]
    orders: Orders | None
    effort: Effort

    @classmethod
    def of(
        cls, base: Loaded, other: Loaded, question: AttributionQuestion, effort: Effort
    ) -> _Bench:
        found = [one for one in d.differences(base.tree, other.tree) if one.path[0] != "outcomes"]
        if not found:
            raise UsageError(
                f"{_pair(base, other)} make the same assumptions: there is nothing to explain"
            )
        alike, warnings = asked_alike(
            [
                ScenarioSide.of(one.scenario.scenario, one.scenario, build_program(one.scenario))
                for one in (base, other)
            ]
        )
        groups = _grouped(found, question.group)
        return cls(
            base=base,
            groups=tuple(groups.values()),
            changes=tuple(_change(name, group) for name, group in groups.items()),
            questions=tuple(alike),
            asked=_shared_measures(base, other, alike, question.asked),
            warnings=tuple(warnings),
            orders=sampled_orders(len(groups), question.orders, base.scenario.seed),
            effort=effort,
        )

    def measures_of(self, loaded: Loaded, program: Program) -> list[Measure]:
        return _measures(loaded, program, self.questions, self.asked)

    def variant(self, coalition: Coalition) -> Variant:
        """Make the base with some of the changes made."""
        loaded = self._loaded(coalition)
        program = replace(build_program(loaded.scenario), seed=self.base.scenario.seed)
        return Variant(loaded.scenario, program, self.measures_of(loaded, program))

    def value(self, coalition: Coalition, variant: Variant, samples: Samples) -> _Value:
        """Keep what a coalition of changes comes to."""
        end = len(coalition) in (0, len(self.groups))
        bases = tuple(bases_of(variant, samples))
        return _Value(kept(samples, variant.asked), samples.courses if end else None, bases)

    def _loaded(self, coalition: Coalition) -> Loaded:
        """Make the scenario of a coalition, without what cannot stand as others are missing.

        An event that waits for another one that is not there never comes, so that leaving it out
        is what it means.
        """
        made = [one for number in sorted(coalition) for one in self.groups[number]]
        while True:
            try:
                return load_data(d.switched(self.base.tree, made))
            except ScenarioError as error:
                paths = [problem.path for problem in error.problems]
                fewer = [one for one in made if not any(_about(one, path) for path in paths)]
                if len(fewer) == len(made):
                    fewer = [one for one in made if one.new is not None]
                if len(fewer) == len(made):
                    raise
                made = fewer

    # --- from values to parts -------------------------------------------------------------------

    def attribution(self, values: Mapping[Coalition, _Value], other: Loaded) -> Attribution:
        base = self.base
        variants = {coalition: value.kept for coalition, value in values.items()}
        ends = values[frozenset()], values[frozenset(range(len(self.groups)))]
        over_time = _paired_courses(*ends)
        outcomes = {
            asked.text: self._explained(
                n,
                asked,
                variants,
                (ends[0].bases[n], ends[1].bases[n]),
                None
                if asked.course_unit is None
                else over_time.difference(1, n, asked.course_unit),
            )
            for n, asked in enumerate(self.measures_of(base, build_program(base.scenario)))
        }
        looked_at = chances(found for one in outcomes.values() for found in one.differences)
        return Attribution(
            base=base.scenario.scenario,
            other=other.scenario.scenario,
            as_of=known_on(base.scenario),
            base_sets=base.scenario.variant,
            other_sets=other.scenario.variant,
            seed=base.scenario.seed,
            runs=self.effort.runs,
            orders=None if self.orders is None else len(self.orders),
            changes=self.changes,
            outcomes=outcomes,
            warnings=self.warnings,
            by_chance=looked_at / 20,
        )

    def _explained(
        self,
        number: int,
        asked: Measure,
        variants: Mapping[Coalition, Kept],
        ends: tuple[Base, Base],
        over_time: PairedEstimate | None,
    ) -> Explained:
        count = len(self.groups)
        nobody, everyone = frozenset[int](), frozenset(range(count))
        wanted: list[list[MixtureSteps]] = [[[(1.0, nobody, everyone)]]]
        for one in range(count):
            wanted.append([[(1.0, nobody, frozenset([one]))]])
            wanted.append([[(1.0, everyone - {one}, everyone)]])
            wanted.append(shares(one, count, self.orders))
        whole, *found = estimated(variants, wanted, number, asked, self.effort.runs)
        parts = {
            change.name: Part(on[0], off[0], share[0], on[1], off[1], share[1])
            for change, on, off, share in zip(
                self.changes, found[0::3], found[1::3], found[2::3], strict=True
            )
        }
        return Explained(*ends, *whole, over_time, parts)


def _paired_courses(old: _Value, new: _Value) -> PairedSums:
    """Pair the answers over time of the two ends."""
    assert old.courses is not None
    assert new.courses is not None
    sums = PairedSums(2, len(old.courses))
    sums.update([old.courses.T, new.courses.T])
    return sums


# --- what differs -------------------------------------------------------------------------------


def _grouped(
    found: Iterable[d.AssumptionDifference], group: Grouping
) -> dict[str, tuple[d.AssumptionDifference, ...]]:
    groups: dict[str, tuple[d.AssumptionDifference, ...]] = {}
    for one in found:
        names = {"each": one.name, "entry": one.entry, "section": str(one.path[0])}
        name = names[group]
        groups[name] = (*groups.get(name, ()), one)
    return groups


def _change(name: str, group: Sequence[d.AssumptionDifference]) -> ChangeGroup:
    title = group[0].title if "." in name else name
    return ChangeGroup(name, title, tuple((one.name, one.before, one.after) for one in group))


def _about(one: d.AssumptionDifference, path: str) -> bool:
    return path == one.entry or path.startswith(f"{one.entry}.")


def _shared_measures(
    base: Loaded, other: Loaded, questions: Sequence[str], asked: Sequence[str]
) -> tuple[str, ...]:
    """List what is to be explained, as --outcome writes it: the numbers that both have."""
    of_base, of_other = (
        [found.text for found in _measures(base, build_program(one.scenario), questions, asked)]
        for one in (base, other)
    )
    return tuple(text for text in of_base if text in of_other)


def _measures(
    asking: Loaded, program: Program, questions: Iterable[str], asked: Sequence[str]
) -> list[Measure]:
    shared = {name: asking.scenario.outcomes[name] for name in questions}
    return measures(program, asking.scenario.model_copy(update={"outcomes": shared}), asked)


def _pair(base: Loaded, other: Loaded) -> str:
    return listing((base.scenario.scenario, other.scenario.scenario), "and")

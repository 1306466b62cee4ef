"""Which assumptions drive an answer: each is moved to its low and its high, one at a time.

Common random numbers make the differences sharp: timeline r is the same but for the one
assumption, so that what moves, moves because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import known_on
from coopsim.analysis.comparing.pairing import PairedEstimate, PairedSums
from coopsim.analysis.measures import Measure, Samples
from coopsim.analysis.summaries import plain
from coopsim.errors import ScenarioError, UsageError
from coopsim.experiments.base import SURE, Base, bases_of
from coopsim.experiments.variants import Effort, Variant, sampled
from coopsim.scenario.changes.ranges import End, MovableAssumption, Swing, movable_assumptions
from coopsim.scenario.changes.revising import revised
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.spec import Scenario
from coopsim.simulation.building import Blueprint
from coopsim.simulation.indexing import Names


@dataclass(frozen=True, slots=True)
class Response:
    """What moving one assumption does to one answer, on paired timelines.

    `low` and `high` are differences from the number at the close as it is, `span` is high less
    low. The three `over_time` ones are of the answer's course up to the close, in
    `Base.course_unit`: how many years later a date comes, never counting as the close; None where
    it has no course. `felt` is the share of timelines in which anything differs.
    """

    low: PairedEstimate
    high: PairedEstimate
    span: PairedEstimate
    over_time_low: PairedEstimate | None
    over_time_high: PairedEstimate | None
    over_time_span: PairedEstimate | None
    felt: float

    @property
    def numbers(self) -> tuple[PairedEstimate, ...]:
        """Get the differences of the number at the close."""
        return self.low, self.high, self.span

    @property
    def courses(self) -> tuple[PairedEstimate, ...]:
        """Get the differences of the answer over time, if it has a course."""
        found = (self.over_time_low, self.over_time_high, self.over_time_span)
        return tuple(one for one in found if one is not None)

    @property
    def detectable(self) -> bool:
        """Check whether any difference is detectable."""
        return any(one.told_from_zero for one in (*self.numbers, *self.courses))


def _size(differences: Sequence[PairedEstimate]) -> float:
    """Get the largest of some detectable differences, without its sign."""
    return max((abs(one.value) for one in differences if one.told_from_zero), default=0.0)


@dataclass(frozen=True, slots=True)
class MovedAssumption:
    """An assumption, the values it was moved to, and what that did to each number.

    `low_stop` and `high_stop` say where one was stopped on its way: at `the start` or `the limit`.
    """

    path: str
    title: str
    kind: str
    written: str
    uncertain: bool
    low: str
    high: str
    low_stop: str | None
    high_stop: str | None
    effects: Mapping[str, Response]

    @property
    def felt(self) -> float:
        """Get the largest share of timelines in which a number differs."""
        return max(effect.felt for effect in self.effects.values())


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What moving each assumption does to some answers, over `runs` timelines of each variant.

    `dead` lists the assumptions that change no timeline's answer to any question asked,
    `no_detectable_effect` those without a detectable effect, `unmoved` those that could
    not be moved and why.
    """

    scenario: str
    hash: str
    as_of: date
    sets: tuple[str, ...]
    seed: int
    runs: int
    swing: Swing
    outcomes: Mapping[str, Base]
    assumptions: tuple[MovedAssumption, ...]
    dead: tuple[str, ...]
    no_detectable_effect: tuple[str, ...]
    unmoved: Mapping[str, str]

    def by_date(self, outcome: str) -> bool:
        """Check whether an outcome is so sure that its date says more than its chance."""
        base = self.outcomes[outcome]
        return base.median is not None and base.value > SURE

    def largest(self, outcome: str) -> list[MovedAssumption]:
        """List the assumptions by the size of their effect on an outcome, the largest first."""
        return sorted(self.assumptions, key=lambda one: -self.size(one.effects[outcome], outcome))

    def size(self, effect: Response, outcome: str) -> float:
        """Get the larger of what differs at the close and, on average, over the time before.

        Years count as a share of the time up to the close: a date that comes half of it later is
        a chance of `by then` that is lower by one half on average. What is not detectable
        counts for nothing.
        """
        base = self.outcomes[outcome]
        years = base.years if base.course_unit == "years" else 1.0
        return max(_size(effect.numbers), _size(effect.courses) / years)

    @property
    def tested(self) -> int:
        """Count the differences that could stand out by chance: those that are felt at all."""
        effects = [effect for one in self.assumptions for effect in one.effects.values()]
        return sum(len((*e.numbers, *e.courses)) for e in effects if e.felt)

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def sensitivity(
    loaded: Loaded,
    asked: Sequence[str],
    effort: Effort,
    swing: Swing = Swing(),  # noqa: B008  # frozen
    only: Sequence[str] = (),
) -> Sensitivity:
    """Move every assumption of a scenario to its low and its high, one at a time.

    `asked` are outcomes in the notation of --outcome; without any, all questions are asked.
    `only` are beginnings of the paths to be moved. Raises UsageError for an outcome or a path
    that is not there.
    """
    blueprint = Blueprint(loaded.scenario)
    written = Variant.of(loaded.scenario, asked, blueprint.program)
    if not written.asked:
        raise UsageError(f"{loaded.scenario.scenario} has no questions")
    ends, unmoved = _moved_ends(loaded, _chosen(loaded, swing, only), Names.of(written.program))
    played = sampled(_variants(written, ends, blueprint), 1 + 2 * len(ends), effort)
    _, base = next(played)
    samples = (samples for _, samples in played)
    moved = [
        _moved(one.of, _effects(written.asked, base, low, high))
        for one, low, high in zip(ends, samples, samples, strict=True)
    ]
    return Sensitivity(
        scenario=loaded.scenario.scenario,
        hash=loaded.hash,
        as_of=known_on(loaded.scenario),
        sets=loaded.scenario.variant,
        seed=loaded.scenario.seed,
        runs=effort.runs,
        swing=swing,
        outcomes={
            one.text: described
            for one, described in zip(written.asked, bases_of(written, base), strict=True)
        },
        assumptions=tuple(moved),
        dead=tuple(one.path for one in moved if one.felt == 0),
        no_detectable_effect=tuple(
            one.path for one in moved if one.felt > 0 and not _is_detectable(one)
        ),
        unmoved=unmoved,
    )


def _chosen(loaded: Loaded, swing: Swing, only: Sequence[str]) -> list[MovableAssumption]:
    found = movable_assumptions(loaded.tree, loaded.scenario.start.first, swing)
    if not only:
        return found
    for beginning in only:
        if not any(one.name.startswith(beginning) for one in found):
            raise UsageError(f"no movable assumption begins with '{beginning}'")
    return [one for one in found if one.name.startswith(tuple(only))]


def _moved(one: MovableAssumption, effects: Mapping[str, Response]) -> MovedAssumption:
    return MovedAssumption(
        path=one.name,
        title=one.title,
        kind=one.kind,
        written=one.written,
        uncertain=one.uncertain,
        low=one.low.text,
        high=one.high.text,
        low_stop=one.low.stop,
        high_stop=one.high.stop,
        effects=effects,
    )


def _is_detectable(one: MovedAssumption) -> bool:
    return any(effect.detectable for effect in one.effects.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """An assumption that can be moved, and the scenario with its low and with its high."""

    of: MovableAssumption
    low: Scenario
    high: Scenario


def _moved_ends(
    loaded: Loaded, chosen: Sequence[MovableAssumption], names: Names
) -> tuple[list[_Ends], dict[str, str]]:
    """Move assumptions to both of their ends; gives too why some cannot be, by their names."""

    def revise(end: End) -> Scenario:
        return revised(loaded.scenario, loaded.tree, end.settings, names.levels.__getitem__)

    found, unmoved = [], {}
    for one in chosen:
        try:
            found.append(_Ends(one, revise(one.low), revise(one.high)))
        except ScenarioError as error:
            unmoved[one.name] = "; ".join(f"{p.path}: found {p.found}" for p in error.problems)
    return found, unmoved


def _variants(written: Variant, ends: Sequence[_Ends], blueprint: Blueprint) -> Iterator[Variant]:
    """Give the scenario as it is, and then each assumption's low and high."""
    yield written
    for one in ends:
        for scenario in (one.low, one.high):
            yield Variant(scenario, blueprint.revised(scenario), written.asked)


def _effects(
    asked: Sequence[Measure], base: Samples, low: Samples, high: Samples
) -> dict[str, Response]:
    """Measure what both ends of an assumption do to each number."""
    numbers, courses = (
        _paired([getattr(samples, name) for samples in (base, low, high)])
        for name in ("numbers", "courses")
    )
    found = {}
    for column, one in enumerate(asked):
        low_now, high_now, span_now = (sums.difference(1, column, one.unit) for sums in numbers)
        low_then, high_then, span_then = (
            sums.difference(1, column, one.course_unit, one.query.course_whole)
            if one.course_unit is not None
            else None
            for sums in courses
        )
        felt = _felt(base, low, high, column)
        found[one.text] = Response(
            low_now, high_now, span_now, low_then, high_then, span_then, felt
        )
    return found


def _paired(three: Sequence[FloatArray]) -> list[PairedSums]:
    """Pair a base with its low and its high, and these two, each of shape (measures, runs)."""
    base, low, high = (numbers.T for numbers in three)
    found = []
    for before, after in ((base, low), (base, high), (low, high)):
        sums = PairedSums(2, base.shape[1])
        sums.update([before, after])
        found.append(sums)
    return found


def _felt(base: Samples, low: Samples, high: Samples, column: int) -> float:
    differs = np.zeros(base.numbers.shape[1], dtype=np.bool_)
    for other in (low, high):
        differs |= other.numbers[column] != base.numbers[column]
        differs |= other.courses[column] != base.courses[column]
    return float(differs.mean())

"""Several results side by side, and how each differs from the first, run by run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from coopsim.analysis.checkpoints import day_of
from coopsim.analysis.comparing.alike import ScenarioSide, asked_alike
from coopsim.analysis.comparing.medians import Middle, shift
from coopsim.analysis.comparing.pairing import (
    MovedShares,
    PairedEstimate,
    PairedSums,
    chances,
    moments_moved,
)
from coopsim.analysis.comparing.side_by_side import (
    Compared,
    Notice,
    SharedQuestion,
    SideBySide,
    common_end,
)
from coopsim.analysis.kinds.base import Column, Query
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import DrawLevels, IntArray, drawn_levels
from coopsim.errors import UsageError
from coopsim.scenario.notation.values import YEAR
from coopsim.simulation.interfaces import Each, one_by_one


@dataclass(frozen=True, slots=True)
class ComparedNumber:
    """One number of each result by name, and of each but the base its difference.

    The unit is that of the differences: `share`, `count`, `percent` (points) or `years`.
    `over_time` is an answer's course up to its close, as in `courses`: of a date the mean years
    from the base's start until it comes, never counting as the close. A median is a date or, of
    `between`, a number of years; None where it is not reached. `intervals` are 95 %; an end of a
    median's is None as in a summary. `moved` tells in which shares of the timelines a result's
    number is above and below the base's (a median's: in which the date is later and earlier, the
    gap longer and shorter); None where the two share no luck.
    """

    measure: str
    unit: str
    day: date | None
    label: str | None
    values: dict[str, float | date | None]
    intervals: dict[str, Bounds[float | date] | None]
    differences: dict[str, PairedEstimate | None]
    moved: dict[str, MovedShares | None]


@dataclass(frozen=True, slots=True)
class ComparedOutcome:
    """All measures of one question, the headline first."""

    kind: str
    title: str
    measures: tuple[ComparedNumber, ...]


@dataclass(frozen=True, slots=True)
class ComparedResult:
    """What was compared; `paired` tells whether it shares its luck with the base.

    `sets` are what was set in it over what its file says.
    """

    scenario: str
    title: str
    seed: int
    runs: int
    paired: bool
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """Results side by side over their common first `runs` timelines.

    So many of all the differences would stand out `by_chance` if there were none.
    """

    base: str
    runs: int
    results: dict[str, ComparedResult]
    warnings: tuple[str, ...]
    outcomes: dict[str, ComparedOutcome]
    by_chance: float

    def __repr__(self) -> str:
        names = ", ".join(self.results)
        return f"<Comparison {names}: {self.runs:,} runs, {len(self.outcomes)} outcomes>"

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def compare(
    results: Sequence[Compared],
    draw_levels: DrawLevels = drawn_levels,
    each: Each = one_by_one,
    *,
    closing: bool = False,
) -> Comparison:
    """Compare results with the first of them, on the questions that they share.

    Results of one seed share their luck, so that the differences within a run are small and
    their intervals narrow; other seeds, starts, ends and numbers of runs give a warning. `each`
    reads the blocks of runs. With `closing` it is told only how each question stands in the end,
    in half the time: at no other day, without calendar years, courses and medians. Raises
    UsageError where there is nothing to compare: fewer than two results, one name twice, fewer
    than two common timelines, or no shared question.
    """
    comparison, _ = compare_noticing(results, lambda _: None, draw_levels, each, closing=closing)
    return comparison


def compare_noticing(
    results: Sequence[Compared],
    notice: Notice,
    draw_levels: DrawLevels,
    each: Each,
    *,
    closing: bool = False,
) -> tuple[Comparison, list[Any]]:
    """Compare as `compare` does, and give what is noticed of the answers in each block."""
    runs = _common_runs(results)
    shared, left_out = asked_alike(
        [ScenarioSide.of(r.name, r.scenario, r.program, whole=r.whole) for r in results]
    )
    sides = SideBySide(results, shared, draw_levels, closing=closing)
    noticed = sides.gather(results, runs, each, notice)
    base, names = results[0], [result.name for result in results]
    compared = {
        question.query.name: _outcome(question, names, sides.sums, moments)
        for question, moments in zip(sides.questions, sides.moments, strict=True)
    }
    measured = [each for one in compared.values() for each in one.measures]
    looked_at = chances(found for each in measured for found in each.differences.values())
    comparison = Comparison(
        base=base.name,
        runs=runs,
        results={r.name: _described(r, base) for r in results},
        warnings=(*_warnings(results, runs), *left_out),
        outcomes=compared,
        by_chance=looked_at / 20,
    )
    return comparison, noticed


def _common_runs(results: Sequence[Compared]) -> int:
    names = [result.name for result in results]
    if len(names) < 2:
        raise UsageError("a comparison needs at least two results")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"a comparison needs different results; given twice: {', '.join(twice)}")
    runs = min(result.runs for result in results)
    if runs < 2:
        raise UsageError("a comparison needs at least two timelines of each result")
    return runs


def _described(result: Compared, base: Compared) -> ComparedResult:
    return ComparedResult(
        scenario=result.program.scenario,
        title=result.scenario.title or result.program.scenario,
        seed=result.program.seed,
        runs=result.runs,
        paired=result.program.seed == base.program.seed,
        sets=result.scenario.variant,
    )


def _warnings(results: Sequence[Compared], runs: int) -> Iterator[str]:
    """Warn of what stands between the results besides their assumptions."""
    base = results[0]
    if any(result.runs != runs for result in results):
        yield f"the results differ in size: the first {runs} timelines of each are compared"
    if len({result.end for result in results}) > 1:
        last = day_of(common_end(results) - 1)
        yield f"the results end on different days: all questions close after {last}"
    for result in results[1:]:
        pair = f"{base.name} and {result.name}"
        if result.program.seed != base.program.seed:
            yield f"{pair} have different seeds, so they share no luck, and the intervals are wide"
        if result.program.start != base.program.start:
            yield f"{pair} start on different days: timelines agree less, and counts differ"


def _outcome(
    question: SharedQuestion,
    names: Sequence[str],
    sums: Mapping[str, PairedSums],
    moments: Sequence[IntArray],
) -> ComparedOutcome:
    measures = [
        _number(sums[kind], place, column, names, question.paired)
        for kind, place, column in question.columns()
    ]
    if moments:
        measures.append(_median(question.query, moments, names, question.paired))
    return ComparedOutcome(question.query.kind, question.query.title, tuple(measures))


def _number(
    sums: PairedSums, place: int, column: Column, names: Sequence[str], paired: Sequence[bool]
) -> ComparedNumber:
    others = list(enumerate(names))[1:]
    return ComparedNumber(
        measure=column.measure,
        unit=column.unit,
        day=column.day,
        label=column.label,
        values={name: sums.value(result, place) for result, name in enumerate(names)},
        intervals={
            name: sums.interval(result, place, column) for result, name in enumerate(names)
        },
        differences={
            name: sums.difference(result, place, column.unit, column.whole)
            for result, name in others
        },
        moved={name: sums.moved(result, place) if paired[result] else None
               for result, name in others},
    )  # fmt: skip


def _median(
    query: Query, moments: Sequence[IntArray], names: Sequence[str], paired: Sequence[bool]
) -> ComparedNumber:
    middles = [Middle.of(each) for each in moments]
    bounded = [(query.shown(low), query.shown(high)) for low, high in (m.bounds for m in middles)]
    others = list(zip(names, moments, paired, strict=True))[1:]
    return ComparedNumber(
        measure="median",
        unit="years",
        day=None,
        label=None,
        values={name: query.shown(m.median) for name, m in zip(names, middles, strict=True)},
        intervals=dict(zip(names, bounded, strict=True)),
        differences=dict(
            zip(names[1:], (shift(middles[0], m, YEAR) for m in middles[1:]), strict=True)
        ),
        moved={
            name: moments_moved(moments[0], other) if shares_luck else None
            for name, other, shares_luck in others
        },
    )

"""Which timeline to tell: one near the middle of all, one of the rarest, one in which it happened.

Every question of the scenario is reduced to one number for each timeline, in an order in which
"never" comes last; only which of several came first has no order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.kinds.base import Reduced
from coopsim.analysis.naming import question_named
from coopsim.analysis.outcomes import queries
from coopsim.analysis.timelines import BoolArray, IntArray, Timelines
from coopsim.errors import UsageError
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

HOW = ("typical", "rarest", "first")  # ways to choose


@dataclass(frozen=True, slots=True)
class Wish:
    """Which timeline is wanted.

    `how` is one of HOW; `outcome` is the one whose middle counts, without it
    all; `where` is evidence that must be so in the timeline.
    """

    how: str = "typical"
    outcome: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run, the wish that it meets, and of how many runs it was chosen.

    In `matching` of the `runs` the wish's evidence holds. `alike` counts the runs with
    the same combination of outcomes, where that was asked.
    """

    run: int
    wish: Wish
    runs: int
    matching: int
    alike: int | None = None


def choose(scenario: Scenario, program: Program, firings: Firings, wish: Wish) -> Chosen:
    """Choose one of some runs, counted from run 0.

    Raises UsageError for an outcome that there is not, evidence that cannot be read, and evidence
    that none of the runs shows.
    """
    among = np.ones(firings.runs, dtype=np.bool_)
    if wish.outcome is not None:
        wish = replace(wish, outcome=question_named(wish.outcome, scenario.outcomes))
    if wish.where is not None:
        fact = read_evidence(wish.where, scenario, program)
        among = is_so(fact, Timelines(program, firings))
    if not among.any():
        raise UsageError(
            f"`{wish.where}` holds in none of {firings.runs:,} timelines; more of them (--runs) "
            "may include one"
        )
    alike = None
    if wish.how == "first":
        run = int(np.flatnonzero(among)[0])
    elif wish.how == "rarest":
        run, alike = rarest(answers(scenario, program, [firings]), among)
    else:
        run = most_typical(answers(scenario, program, [firings]), among, wish.outcome)
    return Chosen(run, wish, firings.runs, int(among.sum()), alike)


def answers(scenario: Scenario, program: Program, parts: Iterable[Firings]) -> dict[str, Reduced]:
    """Reduced every question for every timeline of some parts; drivers and indices at the end."""
    asked = queries(scenario.outcomes, program)
    found: dict[str, list[Reduced]] = {query.name: [] for query in asked}
    for part in parts:
        timelines = Timelines(program, part)
        for query in asked:
            found[query.name].append(query.answer(timelines, (program.horizon,)).reduced())
    return {name: _joined(pieces) for name, pieces in found.items()}


def _joined(pieces: list[Reduced]) -> Reduced:
    kinds = [piece.kinds for piece in pieces if piece.kinds is not None]
    return Reduced(
        np.concatenate([piece.values for piece in pieces]),
        pieces[0].ordered,
        np.concatenate(kinds) if kinds else None,
    )


def most_typical(
    answered: Mapping[str, Reduced], among: BoolArray, outcome: str | None = None
) -> int:
    """Choose the run nearest the middle of one outcome, or of all of them together.

    The distance from the middle is the share of timelines between this one and the median (of
    what has no order: by how much less frequent than the most frequent). Distances are summed over
    outcomes; with `outcome`, they only settle ties in its own. Only runs marked in `among` are
    chosen from; all count for the middle.
    """
    distances = {name: _distance(each) for name, each in answered.items()}
    total: FloatArray = sum(distances.values(), np.zeros(len(among)))
    first = total if outcome is None else distances[outcome]
    ordered = np.lexsort((total, np.round(first, 12)))
    return int(ordered[among[ordered]][0])


def _distance(answered: Reduced) -> FloatArray:
    """Get the share of timelines between each one and the middle; 0 for all who share it."""
    _, which, counts = np.unique(answered.values, return_inverse=True, return_counts=True)
    runs = len(answered.values)
    if not answered.ordered:
        fewer: FloatArray = (counts.max() - counts) / (2 * runs)
        return fewer[which]
    after = np.cumsum(counts) / runs
    before = after - counts / runs
    apart: FloatArray = np.maximum(np.maximum(before - 0.5, 0.5 - after), 0.0)
    return apart[which]


def rarest(answered: Mapping[str, Reduced], among: BoolArray) -> tuple[int, int]:
    """Choose the run whose combination of outcomes is the rarest; gives it and how many have it.

    A combination is what happened, what came first and which levels were reached, not when. Of
    those equally rare the most surprising is chosen: the least product of the single shares.
    """
    kinds = [each.kinds for each in answered.values() if each.kinds is not None]
    table = np.stack(kinds or [np.zeros(len(among), dtype=np.int64)], axis=1)
    _, which, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    alike = counts[which.ravel()]
    surprise = np.sum([-np.log2(_shares(column)) for column in table.T], axis=0)
    ordered = np.lexsort((-np.round(surprise, 9), alike))
    run = int(ordered[among[ordered]][0])
    return run, int(alike[run])


def _shares(column: IntArray) -> FloatArray:
    _, which, counts = np.unique(column, return_inverse=True, return_counts=True)
    shares: FloatArray = counts[which] / len(column)
    return shares

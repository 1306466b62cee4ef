"""How much each draw made once per run explains of an answer.

Two given-data indices, from 0 (nothing) to 1 (everything), which need no runs of their own. Both
are the share of the variance between timelines that would go if a draw were known:

- the first-order index of the number: whether it happens, how often, how high;
- the distribution index looks at the date as well: the same of `by then`, at the moments at which
  it happens (the Cramer-von Mises index: Gamboa, Klein and Lagnoux, SIAM/ASA J. Uncertain. Quantif.
  6, 2018; its limit is the correlation of Chatterjee, J. Am. Stat. Assoc. 116, 2021). What never
  happens is later than all that does.

What is known of a draw is its level, or in which twentieth of its distribution it lies. Classes
that are so given make both a one-way analysis of variance: what chance adds to the variance between
the means of the classes is known, and taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import known_on
from coopsim.analysis.measures import Measure, Samples, joined, measures, read
from coopsim.analysis.once_per_run import places, run_draws
from coopsim.analysis.statistics.explained import AnswerColumns, Classes, Index, explained, unlike
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import IntArray, drawn_levels
from coopsim.errors import UsageError
from coopsim.experiments.base import Base, base_of
from coopsim.scenario.changes.ranges import title_at
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Driver, Program

_FEWEST_RUNS = 500
MOST_READ = 20_000  # beyond, all that can be told is told
_LEAST_UNLIKE = 30  # timelines whose answer is not the commonest one, for an index to be given
_SLICES = 20
_BY_CHANCE = 0.05  # how often idle draws alone would make any stand out, over all draws together


@dataclass(frozen=True, slots=True)
class Draw:
    """The indices of one draw; None where too few timelines differ for one to be known.

    `felt` tells whether either stands out from all that as many idle draws would show.
    """

    distribution: Index | None
    first: Index | None
    felt: bool = False

    @property
    def known(self) -> list[Index]:
        """List the indices that are known."""
        return [one for one in (self.distribution, self.first) if one is not None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """An answer and how much of it each draw explains."""

    base: Base
    draws: Mapping[str, Draw]

    def largest(self) -> list[tuple[str, Draw]]:
        """List the draws, those that are felt first, by their larger index."""

        def order(one: tuple[str, Draw]) -> tuple[bool, float]:
            return not one[1].felt, -max((index.value for index in one[1].known), default=0.0)

        return sorted(self.draws.items(), key=order)


@dataclass(frozen=True, slots=True)
class GlobalIndices:
    """The indices of the draws in some answers, from so many runs.

    `titles` are those of the entries that the draws belong to.
    """

    scenario: str
    hash: str
    as_of: date
    sets: tuple[str, ...]
    seed: int
    runs: int
    titles: Mapping[str, str]
    outcomes: Mapping[str, Indexed]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def global_indices(loaded: Loaded, asked: Sequence[str], parts: Iterable[Firings]) -> GlobalIndices:
    """Read from the parts of a result, run 0 first, how much each draw explains of some answers.

    The first 20,000 runs are read. Raises UsageError for fewer than 500, and where nothing is drawn
    once per run.
    """
    program = build_program(loaded.scenario)
    found = measures(program, loaded.scenario, asked)
    samples = _first_runs(found, program, parts)
    runs = samples.numbers.shape[1]
    if runs < _FEWEST_RUNS:
        raise _too_few(runs)
    drawn = draws_of(program, runs)
    if not drawn:
        raise UsageError(
            f"{loaded.scenario.scenario} has no uncertain input: nothing is drawn once per timeline"
        )
    return GlobalIndices(
        scenario=loaded.scenario.scenario,
        hash=loaded.hash,
        as_of=known_on(loaded.scenario),
        sets=loaded.scenario.variant,
        seed=program.seed,
        runs=runs,
        titles={path: title_at(loaded.tree, path) for path in drawn},
        outcomes={
            one.text: Indexed(
                base_of(one, samples, n, program, loaded.scenario),
                indices(drawn, samples.numbers[n], _dated(samples, n)),
            )
            for n, one in enumerate(found)
        },
    )


def _dated(samples: Samples, number: int) -> FloatArray:
    """Get the dates of an answer, or its numbers where it has none."""
    moments = samples.moments[number]
    return samples.numbers[number] if moments is None else moments.astype(np.float64)


def _first_runs(asked: Sequence[Measure], program: Program, parts: Iterable[Firings]) -> Samples:
    pieces: list[Samples] = []
    runs = 0
    for part in parts:
        pieces.append(read(asked, program, part))
        runs += part.runs
        if runs >= MOST_READ:
            break
    if not pieces:
        raise _too_few(0)
    whole = joined(pieces)
    moments = (None if one is None else one[:MOST_READ] for one in whole.moments)
    return Samples(whole.numbers[:, :MOST_READ], whole.courses[:, :MOST_READ], tuple(moments))


def _too_few(runs: int) -> UsageError:
    return UsageError(f"indices need at least {_FEWEST_RUNS} timelines; there are {runs}")


# --- what is drawn once per run -----------------------------------------------------------------


def draws_of(program: Program, runs: int) -> dict[str, Classes]:
    """Draw again what the first runs drew once each, by the path of the assumption: its class.

    Of a first level that is the level, of a number the twentieth of its distribution it lies in.
    """
    return {
        draw.path: sliced(places(program, draw, runs))
        if draw.driver is None
        else _by_level(drawn_levels(program, draw.driver, 0, runs), program.drivers[draw.driver])
        for draw in run_draws(program)
    }


def _by_level(levels: IntArray, driver: Driver) -> Classes:
    return Classes(levels, np.diff(driver.cumulative, prepend=0.0))


def sliced(places: FloatArray) -> Classes:
    """Cut draws, by their place in their distribution, into twenty classes."""
    number = np.minimum(places * _SLICES, _SLICES - 1).astype(np.int64)
    return Classes(number, np.full(_SLICES, 1 / _SLICES))


# --- the indices --------------------------------------------------------------------------------


def indices(
    drawn: Mapping[str, Classes], numbers: FloatArray, dates: FloatArray
) -> dict[str, Draw]:
    """Estimate the indices of each draw, given by its classes, in an answer of each run."""
    distribution = AnswerColumns.of_dates(dates) if _differ(dates) else None
    first = AnswerColumns.of_numbers(numbers) if _differ(numbers) else None
    found = {
        name: Draw(_explained(classes, distribution), _explained(classes, first))
        for name, classes in ((name, each.joined()) for name, each in drawn.items())
    }
    most = _BY_CHANCE / (2 * len(found))
    return {
        name: replace(draw, felt=any(index.chance <= most for index in draw.known))
        for name, draw in found.items()
    }


def _differ(answers: FloatArray) -> bool:
    """Check whether enough timelines have another answer than the commonest one."""
    return unlike(answers) * len(answers) >= _LEAST_UNLIKE


def _explained(classes: Classes, answers: AnswerColumns | None) -> Index | None:
    if answers is None or len(classes.chances) < 2:
        return None
    return explained(classes, answers)

"""How much each draw made once per run has to say in an answer, from runs already made.

Three given-data indices, from 0 (nothing) to 1 (everything), which need no runs of their own:

- PAWN (Pianosi and Wagener, Environ. Model. Softw. 108, 2018): how far the distribution of the
  answer moves when the draw is known to lie in a tenth of its range, the mean of ten
  Kolmogorov-Smirnov distances (a median would not see a first level that is rare);
- Borgonovo's delta (Reliab. Eng. Syst. Saf. 92, 2007; estimated as by Plischke, Borgonovo and
  Smith, Eur. J. Oper. Res. 226, 2013): half the area between the densities;
- the first-order index: the share of the variance of the number that the draw alone explains.

The first two see the date of an answer as well. They do not change when dates are put in order
and given normal scores; timelines in which it never happens come last, in an order drawn by lot,
which adds no distance as the lot knows nothing of the draws. Idle draws, on which nothing depends,
show what chance alone makes of the estimates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from coopsim.analysis.doubt import doubt_path
from coopsim.analysis.estimates import Interval
from coopsim.analysis.gauges import Gauge, Readings, gauges, joined, read
from coopsim.analysis.sensitivity import Base, base_of
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import FloatArray, IntArray, drawn_levels
from coopsim.errors import UsageError
from coopsim.scenario.loading import Loaded
from coopsim.scenario.swings import title_at
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import stream_key, uniforms
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program, Quantity

IDLE = "idle"  # the loudest of some draws on which nothing depends
_IDLE_DRAWS = 8
LEAST_RUNS = 500
MOST_RUNS = 4_000  # beyond, kernel densities take minutes and tell little more
RESAMPLES = 30
_SLICES = 10
_GRID = 100
_ENDS = (2.5, 97.5)

_BINS = 200  # of normal scores, for what is resampled
_EDGES = np.linspace(-3.6, 3.6, _BINS + 1)
_MIDDLES = (_EDGES[1:] + _EDGES[:-1]) / 2
_GRID_POINTS = np.linspace(-3.6, 3.6, _GRID)
_GRID_STEP = 7.2 / (_GRID - 1)


@dataclass(frozen=True, slots=True)
class Index:
    """Hold an index, corrected for the bias of its noise, and its 95 % interval.

    Both are by the bootstrap: what resampling adds to the estimate is taken off it, and the
    interval is the reversed one (Efron and Tibshirani, An Introduction to the Bootstrap, 1993).
    What is resampled is the same estimator on binned scores, a hundred times as quick.
    """

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Draw:
    """Hold the indices of one draw; `felt` tells whether any is above all that idleness shows."""

    pawn: Index
    delta: Index
    first: Index
    felt: bool


@dataclass(frozen=True, slots=True)
class Indexed:
    """Hold an answer and what each draw has to say in it, `idle` among them."""

    base: Base
    draws: Mapping[str, Draw]

    def largest(self) -> list[tuple[str, Draw]]:
        """List the draws, those that are felt first, by their PAWN index."""
        named = [(name, draw) for name, draw in self.draws.items() if name != IDLE]
        return sorted(named, key=lambda one: (not one[1].felt, -one[1].pawn.value))


@dataclass(frozen=True, slots=True)
class GlobalIndices:
    """Hold the indices of the draws in some answers, from so many runs.

    `titles` are those of the entries that the draws belong to.
    """

    scenario: str
    hash: str
    seed: int
    runs: int
    titles: Mapping[str, str]
    outcomes: Mapping[str, Indexed]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def global_indices(
    loaded: Loaded, asked: Sequence[str], parts: Iterable[Firings], resamples: int = RESAMPLES
) -> GlobalIndices:
    """Read from the parts of a result, run 0 first, what the draws have to say in some answers.

    The first 4,000 runs are read. Raises UsageError for fewer than 500, and where nothing is drawn
    once per run.
    """
    program = build_program(loaded.scenario)
    found = gauges(program, loaded.scenario.outcomes, asked)
    readings = _first_runs(found, program, parts)
    runs = readings.numbers.shape[1]
    if runs < LEAST_RUNS:
        raise UsageError(f"{runs} timelines are too few for indices; at least {LEAST_RUNS}")
    drawn = draws_of(program, runs)
    if not drawn:
        raise UsageError(f"{loaded.scenario.scenario} draws nothing once per run")
    idle = idle_draws(program.seed, runs)
    again = _resampled(program.seed, runs, resamples)
    return GlobalIndices(
        scenario=loaded.scenario.scenario,
        hash=loaded.hash,
        seed=program.seed,
        runs=runs,
        titles={path: title_at(loaded.tree, path) for path in drawn},
        outcomes={
            gauge.text: Indexed(
                base_of(gauge, readings, n, program, loaded.scenario),
                indices(
                    drawn,
                    idle,
                    Answer(readings.numbers[n], _scores(readings, n, program.seed)),
                    again,
                ),
            )
            for n, gauge in enumerate(found)
        },
    )


def _first_runs(asked: Sequence[Gauge], program: Program, parts: Iterable[Firings]) -> Readings:
    pieces: list[Readings] = []
    runs = 0
    for part in parts:
        pieces.append(read(asked, program, part))
        runs += part.runs
        if runs >= MOST_RUNS:
            break
    if not pieces:
        raise UsageError(f"0 timelines are too few for indices; at least {LEAST_RUNS}")
    whole = joined(pieces)
    moments = (None if one is None else one[:MOST_RUNS] for one in whole.moments)
    return Readings(whole.numbers[:, :MOST_RUNS], whole.courses[:, :MOST_RUNS], tuple(moments))


# --- what is drawn once per run -----------------------------------------------------------------


def draws_of(program: Program, runs: int) -> dict[str, FloatArray]:
    """Draw anew what the first runs drew once each, by the path of the assumption.

    Numbers are given by their place in their distribution, from 0 to 1, which the indices take
    as well as the number; first levels by their place among the levels, in an order by lot within
    each, as slices are cut by order.
    """
    found = {
        doubt_path(program.streams[quantity.stream]): _places(program, quantity, runs)
        for _, quantity in program.per_run
        if quantity.stream is not None
    }
    levels = drawn_levels(program, 0, runs)
    lots = uniforms(stream_key(program.seed, "analysis.levels"), 0, runs, 0)
    for number, driver in enumerate(program.drivers):
        if driver.stream is not None:
            found[doubt_path(program.streams[driver.stream])] = levels[:, number] + lots
    for stream, name in enumerate(program.streams):
        if name.startswith("luck."):
            found[name] = _uniforms(program, stream, runs)
    return found


def idle_draws(seed: int, runs: int) -> list[FloatArray]:
    """Make draws on which nothing depends."""
    key = stream_key(seed, "analysis.idle")
    return [uniforms(key, 0, runs, k) for k in range(_IDLE_DRAWS)]


def _uniforms(program: Program, stream: int, runs: int) -> FloatArray:
    return uniforms(stream_key(program.seed, program.streams[stream]), 0, runs, 0)


def _places(program: Program, quantity: Quantity, runs: int) -> FloatArray:
    assert quantity.stream is not None
    own = _uniforms(program, quantity.stream, runs)
    if quantity.luck is None:
        return own
    luck = _uniforms(program, quantity.luck, runs)
    z = np.sqrt(quantity.share) * ndtri(luck) + np.sqrt(1 - quantity.share) * ndtri(own)
    return np.asarray(ndtr(z))


def _scores(readings: Readings, number: int, seed: int) -> FloatArray:
    """Give normal scores to the dates or numbers of an answer, equal ones in an order by lot."""
    moments = readings.moments[number]
    values = readings.numbers[number] if moments is None else moments
    lot = uniforms(stream_key(seed, "analysis.ties"), 0, len(values), 0)
    ranks = np.empty(len(values))
    ranks[np.lexsort((lot, values))] = np.arange(len(values))
    return np.asarray(ndtri((ranks + 0.5) / len(values)))


def _resampled(seed: int, runs: int, resamples: int) -> IntArray:
    key = stream_key(seed, "analysis.resampling")
    drawn = np.stack([uniforms(key, 0, runs, k) for k in range(resamples)])
    return (drawn * runs).astype(np.int64)


# --- the indices --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Hold an answer of each run: as a number, and as a normal score of it or of its date."""

    numbers: FloatArray
    scores: FloatArray


def indices(
    drawn: Mapping[str, FloatArray], idle: Sequence[FloatArray], answer: Answer, again: IntArray
) -> dict[str, Draw]:
    """Estimate the indices of each draw in an answer, and of the loudest idle one.

    `again` are the runs of each resample, shape (resamples, runs).
    """
    found = {name: _three(x, answer, again) for name, x in drawn.items()}
    silent = [_three(x, answer, again) for x in idle]
    above = [max(index.interval[1] for index in column) for column in zip(*silent, strict=True)]
    found[IDLE] = max(silent, key=lambda three: three[0].value)
    return {
        name: Draw(
            pawn=three[0],
            delta=three[1],
            first=three[2],
            felt=any(one.interval[0] > most for one, most in zip(three, above, strict=True)),
        )
        for name, three in found.items()
    }


def _three(x: FloatArray, answer: Answer, again: IntArray) -> list[Index]:
    numbers, scores = answer.numbers, answer.scores
    slices, classes = _Table.of(x, scores, _SLICES), _Table.of(x, scores, _classes(len(x)))
    estimates = (pawn(x, scores), delta(x, scores), first_order(x, numbers))
    everyone = np.arange(len(x))
    spreads = np.array(
        [
            (
                quick_pawn(slices.counts(rows)),
                quick_delta(classes.counts(rows)),
                first_order(x[rows], numbers[rows]),
            )
            for rows in (everyone, *again)
        ]
    )
    return [_index(one, column) for one, column in zip(estimates, spreads.T, strict=True)]


def _index(estimate: float, column: FloatArray) -> Index:
    """Correct an estimate by what resampling adds to it; the first of the column is unresampled."""
    added = column[1:] - column[0]
    low, high = estimate - np.percentile(added, _ENDS)[::-1]
    value = estimate - added.mean()
    return Index(max(float(value), 0.0), (max(float(low), 0.0), max(float(high), 0.0)))


def pawn(x: FloatArray, y: FloatArray) -> float:
    """Estimate the PAWN index by SALib, the mean over the slices."""
    # SALib brings pandas and scipy.stats along: two seconds.
    from SALib.analyze import pawn as salib  # noqa: PLC0415

    problem = {"num_vars": 1, "names": ["x"], "bounds": [[0, 1]]}
    return float(salib.analyze(problem, x[:, np.newaxis], y, S=_SLICES)["mean"][0])


def delta(x: FloatArray, y: FloatArray) -> float:
    """Estimate Borgonovo's delta by SALib, without its bias correction, which is ours."""
    from SALib.analyze.delta import calc_delta  # noqa: PLC0415

    grid = np.linspace(y.min(), y.max(), _GRID)
    return float(calc_delta(y, grid, x, np.linspace(0, len(y), _classes(len(y)) + 1)))


def first_order(x: FloatArray, y: FloatArray) -> float:
    """Estimate the first-order index by SALib."""
    from SALib.analyze.delta import sobol_first  # noqa: PLC0415

    return float(sobol_first(y, x, np.linspace(0, len(y), _classes(len(y)) + 1)))


def _classes(runs: int) -> int:
    """Choose into how many classes a draw is cut, as Plischke et al. advise."""
    power = 2 / (7 + np.tanh((1500 - runs) / 500))
    return int(min(np.ceil(runs**power), 48))


# --- the same on binned scores, quick enough to be resampled ------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Hold each run's cell in a table of a draw's classes by bins of normal scores."""

    cells: IntArray
    classes: int

    @classmethod
    def of(cls, x: FloatArray, scores: FloatArray, classes: int) -> _Table:
        ranks = np.argsort(np.argsort(x, kind="stable"), kind="stable")
        bins = np.clip(np.digitize(scores, _EDGES) - 1, 0, _BINS - 1)
        return cls(ranks * classes // len(x) * _BINS + bins, classes)

    def counts(self, rows: IntArray) -> FloatArray:
        """Count some runs, shape (classes, bins)."""
        counted = np.bincount(self.cells[rows], minlength=self.classes * _BINS)
        return counted.reshape(self.classes, _BINS).astype(np.float64)


def quick_pawn(counts: FloatArray) -> float:
    """Get the mean distance of Kolmogorov and Smirnov between the classes and the whole."""
    whole = np.cumsum(counts.sum(axis=0)) / counts.sum()
    each = np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True)
    return float(np.abs(each - whole).max(axis=1).mean())


def quick_delta(counts: FloatArray) -> float:
    """Get half the mean area between the classes' kernel densities and the whole's."""
    whole = _density(counts.sum(axis=0))
    areas = np.array([np.abs(_density(one) - whole).sum() for one in counts]) * (_GRID_STEP / 2)
    return float(areas @ counts.sum(axis=1) / counts.sum())


def _density(counts: FloatArray) -> FloatArray:
    """Smooth binned scores by a Gaussian kernel of Silverman's width (1986)."""
    runs = counts.sum()
    mean = counts @ _MIDDLES / runs
    sd = np.sqrt(counts @ (_MIDDLES - mean) ** 2 / (runs - 1))
    width = max(float(sd * (0.75 * runs) ** -0.2), _GRID_STEP / 2)
    kernel = np.exp(-(((_GRID_POINTS[:, np.newaxis] - _MIDDLES) / width) ** 2) / 2)
    density: FloatArray = kernel @ counts / (runs * width * np.sqrt(2 * np.pi))
    return density

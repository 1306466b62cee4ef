"""How much each input matters, as a table and a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coopsim import api
from coopsim.analysis.statistics.explained import Index
from coopsim.experiments.global_indices import Draw, GlobalIndices, global_indices
from coopsim.presentation.figures.global_indices import draw_draws
from coopsim.presentation.figures.kit.style import styled
from coopsim.presentation.views.epistemic import indices_view
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from shown import printed
from small_world import small

RATE, COOL = "events.end.rate", "drivers.climate.switches.cool -> cold.rate"


def index(value: float) -> Index:
    return Index(value, (value - 0.0105, value + 0.0205), 0.0001)


@pytest.fixture(scope="module")
def found() -> GlobalIndices:
    """Make indices of three answers: one input matters, none does, and nothing differs."""
    loaded = small()
    parts = [simulate(build_program(loaded.scenario), 0, 600)]
    real = global_indices(loaded, ["end", "launch", "ends"], parts)
    made = (
        {RATE: Draw(index(0.2), None, felt=True), COOL: Draw(index(0.3), None)},
        {RATE: Draw(index(0.2), index(0.1)), COOL: Draw(index(0.3), index(0.1))},
        {RATE: Draw(None, None), COOL: Draw(None, None)},
    )
    outcomes = zip(real.outcomes.items(), made, strict=True)
    return replace(
        real, outcomes={name: replace(one, draws=draws) for (name, one), draws in outcomes}
    )


TABLE = """\
How much each input matters in small
600 timelines, seed 7

Operations end                    distribution  first order
  Operations end: rate  0.200 (0.190 to 0.221)  ?
Not listed: 1 input with less or no detectable effect (--json lists all)

Launch                            distribution  first order
  No input has a detectable effect (--json lists all)

How many happen                   distribution  first order
  The answer is the same in all timelines, or nearly so: there is nothing to explain.

From 0, no effect, to 1, it decides the answer. Distribution: how much of the spread of the answer,
its date included, would disappear if the input were known. First order: the same for the number
alone (whether, how often, how high). A number counts as known if we know in which twentieth of its
range it lies.

The list holds inputs that stand out among so many: if none mattered, 19 lists of 20 would be empty.
In brackets: 95 % simulation error, the margin of error from a finite number of timelines; model
uncertainty is not included.

?: not known, as too few timelines differ.
"""


def test_the_table_lists_what_stands_out(found: GlobalIndices) -> None:
    assert printed(indices_view(found), 100) == TABLE


def test_an_answer_to_which_no_input_matters_has_no_page(
    found: GlobalIndices, tmp_path: Path
) -> None:
    names = [path.name for path in api.draw(found, tmp_path) if path.suffix == ".png"]
    assert names == ["indices.png"]


@pytest.fixture
def ax() -> Iterator[Axes]:
    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    with styled():
        yield figure.add_axes((0.3, 0.1, 0.6, 0.8))


def test_marks_are_hollow_where_nothing_is_felt_and_left_out_where_unknown(ax: Axes) -> None:
    draw_draws(
        ax, [("one", Draw(index(0.2), None, felt=True)), ("two", Draw(index(0.3), index(0)))]
    )
    xs = [[float(x) for x in np.asarray(line.get_xdata())] for line in ax.lines]
    hollow = [line.get_markerfacecolor() == "white" for line in ax.lines]
    marks = [(x[0], white) for x, white in zip(xs, hollow, strict=True) if len(x) == 1]
    assert marks == [(0.2, False), (0.3, True), (0.0, True)]
    assert next(x for x in xs if len(x) == 2) == pytest.approx([0.1895, 0.2205])
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["distribution", "first order"]

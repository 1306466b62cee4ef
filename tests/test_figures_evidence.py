"""What is drawn of answers given evidence and of what marks an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coopsim.presentation.figures.discovery import (
    draw_discovery,
    draw_signposts,
    draw_tradeoff,
)
from coopsim.presentation.figures.given import (
    EvidenceRow,
    draw_dumbbells,
    draw_given,
    evidence_rows,
)
from coopsim.presentation.figures.kit.style import styled
from coopsim.presentation.words.wording import Wording
from ten import asked
from test_conditioning import given
from test_views_discovery import FOUND, SCENARIO


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with styled():
        yield


def axes() -> Axes:
    figure = Figure(figsize=(11, 4))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.4, 0.1, 0.4, 0.8))


def texts(ax: Axes) -> list[str]:
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


ROWS = [
    EvidenceRow("likelier", 0.6, (0.5, 0.7), 0.2, (0.15, 0.25)),
    EvidenceRow("the same", 0.0, (0.0, 0.1), 0.0, (0.0, 0.02)),
]


def test_each_row_joins_its_two_chances_and_writes_them() -> None:
    ax = draw_dumbbells(axes(), ROWS)
    assert texts(ax) == ["20 %", "60 % (50 to 70)", "<2 %", "<10 %"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["likelier", "the same"]
    marks = {
        line.get_marker(): line for line in ax.lines if line.get_marker() not in ("None", None)
    }
    # The two differ in form and filling, not in colour alone.
    assert set(marks) == {"o", "D"}
    assert marks["o"].get_markerfacecolor() == "white"
    spans = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2]  # type: ignore[arg-type]
    assert spans[:3] == [(0.2, 0.6), (0.15, 0.25), (0.5, 0.7)]


def test_rows_of_given_are_what_moves_most_first() -> None:
    found, words = given(["flight"]), Wording.of(asked())
    rows = evidence_rows(found, words)
    sizes = [abs(row.given - row.overall) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) > 0
    assert not {"Relations: cold", "Launch in 2025"} & {row.label for row in rows}


def test_the_files_of_given(tmp_path: Path) -> None:
    files = draw_given(given(["flight"]), asked(), tmp_path / "given")
    assert [path.name for path in files] == ["given.png", "given.svg"]
    svg = files[1].read_text(encoding="utf-8")
    assert "<!-- Given that flight -->" in svg
    assert "<!-- First flight -->" in svg


def test_the_trade_off_names_its_boxes() -> None:
    ax = draw_tradeoff(axes(), FOUND)
    assert texts(ax) == ["all timelines", "condition 1", "condition 2"]
    assert ax.get_ylim()[1] == pytest.approx(1.25 * FOUND.boxes[0].density.interval[1])


def test_signposts_are_bars_up_and_down() -> None:
    shown = FOUND.signposts[:2]
    ax = draw_signposts(axes(), shown, ["up", "down"])
    widths = [bar.get_width() for bar in ax.patches if abs(bar.get_height() - 0.5) < 1e-9]  # type: ignore[attr-defined]
    assert widths == pytest.approx([30, -20])
    assert texts(ax) == ["50 %", "50 %", "10 %"] * 2  # if seen, if not, seen in
    assert ax.get_xlabel() == "change in the chance that it happens, percentage points"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["up", "down"]


def test_the_files_of_discover(tmp_path: Path) -> None:
    files = draw_discovery(FOUND, SCENARIO, tmp_path)
    assert [path.name for path in files] == [
        "boxes.png",
        "boxes.svg",
        "signposts.png",
        "signposts.svg",
    ]
    without = draw_discovery(replace(FOUND, signposts=(), boxes=()), SCENARIO, tmp_path / "none")
    assert [path.name for path in without] == ["boxes.png", "boxes.svg"]


def test_long_names_do_not_run_into_each_other() -> None:
    long = "A title that goes on and on until it needs a second line, as some in a scenario do"
    ax = draw_dumbbells(axes(), [replace(ROWS[0], label=long)] * 8)
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))

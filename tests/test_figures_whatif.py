"""What is shown of what moves an answer: only what can be told from noise, or that nothing can."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from coopsim import api
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.explained import Index
from coopsim.experiments.attribution import Attribution, Explained
from coopsim.experiments.global_indices import Draw, GlobalIndices, Indexed
from coopsim.experiments.sensitivity import MovedAssumption, Response, Sensitivity
from coopsim.presentation.figures import attribution
from coopsim.presentation.figures.attribution import panels_of
from coopsim.presentation.figures.discovery import draw_discovery
from coopsim.presentation.figures.kit.style import styled
from coopsim.presentation.figures.sensitivity import TornadoBar, draw_tornado
from coopsim.presentation.views.sensitivity import sensitivity_view
from coopsim.presentation.views.whatif import attribution_view
from coopsim.presentation.words.assumptions import assumption_name
from small_world import SMALL, small
from test_views_discovery import FOUND, SCENARIO

DAY = date(2025, 1, 1)
NOISE = PairedEstimate(0.001, 0.01, (-0.02, 0.022))
SURE = PairedEstimate(0.2, 0.02, (0.16, 0.24))


class Page:
    """A page as it was saved: its texts, and how many axes it has."""

    def __init__(self, path: Path) -> None:
        svg = path.read_text(encoding="utf-8")
        self.texts = [text.replace("\xa0", " ") for text in re.findall(r"<!-- (.*?) -->", svg)]
        self.axes = svg.count('<g id="axes_')

    @property
    def text(self) -> str:
        """Get all that is written, in a line."""
        return " ".join(self.texts)


def drawn(found: api.Answer, folder: Path) -> dict[str, Page]:
    return {path.stem: Page(path) for path in api.draw(found, folder) if path.suffix == ".svg"}


# --- assumptions moved one by one ---------------------------------------------------------------


@pytest.fixture(scope="module")
def moved() -> Sensitivity:
    return api.sensitivity(small(), ["end"], runs=200, workers=1)


def quiet(effect: Response) -> Response:
    return replace(
        effect, low=NOISE, high=NOISE, span=NOISE,
        over_time_low=NOISE, over_time_high=NOISE, over_time_span=NOISE, felt=0.1,
    )  # fmt: skip


def silenced(one: MovedAssumption) -> MovedAssumption:
    return replace(one, effects={name: quiet(effect) for name, effect in one.effects.items()})


def test_a_tornado_of_noise_says_so_and_has_no_frame(moved: Sensitivity, tmp_path: Path) -> None:
    nothing = replace(moved, assumptions=tuple(map(silenced, moved.assumptions)))
    page = drawn(nothing, tmp_path)["tornado"]
    assert page.axes == 0
    assert "No detectable effect" in page.texts
    assert "at its low" not in page.texts
    count = len(moved.assumptions)
    assert f"Detectable effects: 0 of {count} assumptions moved." in page.text


def test_a_tornado_has_a_row_for_what_is_detected_alone(moved: Sensitivity, tmp_path: Path) -> None:
    first, *others = map(silenced, moved.largest("end"))
    loud = replace(first, effects={"end": replace(first.effects["end"], low=SURE, high=SURE)})
    page = drawn(replace(moved, assumptions=(loud, *others)), tmp_path)["tornado"]
    assert page.axes == 1
    count = len(moved.assumptions)
    assert f"Detectable effects: 1 of {count} assumptions moved." in page.text
    assert loud.low in page.texts
    assert not any(one.title == text for one in others for text in page.texts)


def test_the_table_lists_what_is_detected_and_counts_the_others(moved: Sensitivity) -> None:
    first, *others = map(silenced, moved.largest("end"))
    loud = replace(first, effects={"end": replace(first.effects["end"], low=SURE, high=SURE)})
    one = replace(moved, assumptions=(loud, *others))
    rows = sensitivity_view(one, focus=True).sections[0].rows
    assert [row.title for row in rows if not row.level] == [
        assumption_name(loud.title, loud.path),
        f"{len(others)} other assumptions: no detectable effect (shown by --all)",
    ]
    none = replace(moved, assumptions=tuple(map(silenced, moved.assumptions)))
    (row,) = sensitivity_view(none, focus=True).sections[0].rows
    count = len(moved.assumptions)
    assert row.title == f"{count} assumptions: no detectable effect (shown by --all)"
    every = sensitivity_view(none, focus=True, most=None).sections[0].rows
    assert sum(not row.level for row in every) == count


def test_a_tornado_is_as_wide_as_its_bars_and_their_values_need() -> None:
    figure = Figure(figsize=(9, 3))
    FigureCanvasAgg(figure)
    with styled():
        ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        small, large = replace(SURE, value=-0.2, interval=(-0.24, -0.16)), SURE
        draw_tornado(
            ax, [TornadoBar("A", "0.00333 per year", "2", (small, large))], 100, named=True
        )
        figure.canvas.draw()
    frame = ax.get_window_extent()
    assert all(frame.x0 <= box.x0 <= box.x1 <= frame.x1 for box in extents(ax))
    low, high = ax.get_xlim()
    assert high - low < 1.5 * 2 * 24  # of what the whiskers reach


def extents(ax: Axes) -> list[Bbox]:
    return [text.get_window_extent() for text in ax.texts]


# --- what each change accounts for --------------------------------------------------------------


@pytest.fixture(scope="module")
def explained() -> Attribution:
    sets = ["events.end.rate=1 per year", "events.launch.date=2031-01-01"]
    new = api.load({**SMALL, "scenario": "new"}, sets)
    return api.explain(new, small(), runs=200, workers=1)


def still(one: Explained) -> Explained:
    parts = {
        name: replace(part, share=NOISE, median_share=NOISE) for name, part in one.parts.items()
    }
    return replace(one, parts=parts, change=NOISE, median_change=NOISE)


def test_where_no_change_counts_it_is_said(explained: Attribution, tmp_path: Path) -> None:
    outcomes = {name: still(one) for name, one in explained.outcomes.items()}
    page = drawn(replace(explained, outcomes=outcomes), tmp_path)["explained"]
    assert page.axes == 0
    assert "No detectable effect" in page.texts


def test_changes_without_an_effect_are_counted_and_not_drawn(
    explained: Attribution, tmp_path: Path
) -> None:
    one = still(explained.outcomes["end"])
    loud, silent = one.parts
    parts = {**one.parts, loud: replace(one.parts[loud], share=SURE)}
    heard = replace(explained, outcomes={"end": replace(one, parts=parts, change=SURE)})
    (panel,) = panels_of(heard)
    titles = {change.name: change.title for change in explained.changes}
    assert [row.name for row in panel.rows] == [titles[loud], "Together"]
    page = drawn(heard, tmp_path)["explained"]
    assert "1 other change: no detectable effect" in page.texts
    assert titles[silent] not in page.texts


def test_the_table_counts_the_changes_without_an_effect(explained: Attribution) -> None:
    parts = explained.outcomes["end"].parts
    silent = {
        name: replace(
            part, on=NOISE, off=NOISE, share=NOISE,
            median_on=NOISE, median_off=NOISE, median_share=NOISE,
        )
        for name, part in parts.items()
    }  # fmt: skip
    loud, _ = parts
    one = replace(explained.outcomes["end"], parts={**silent, loud: parts[loud]}, change=SURE)
    titles = {change.name: change.title for change in explained.changes}
    found = replace(explained, outcomes={"end": one})
    _, section = attribution_view(found).sections
    assert [row.title for row in section.rows[:3]] == [
        titles[loud], "1 other change: no detectable effect (shown by --all)", "Together",
    ]  # fmt: skip
    _, section = attribution_view(found, everything=True).sections
    assert {row.title for row in section.rows} >= set(titles.values())


def test_panels_of_different_heights_do_not_overlap(
    explained: Attribution, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = explained.outcomes["end"]
    loud = {name: replace(part, share=SURE) for name, part in one.parts.items()}
    full = replace(one, parts=loud, change=SURE)
    alone = replace(still(one), change=SURE)
    kept: list[Figure] = []
    monkeypatch.setattr(
        attribution, "save_pages", lambda pages, _: kept.extend(sheet.figure for _, sheet in pages)
    )
    outcomes = {"a": full, "b": alone, "c": alone, "d": full}
    with styled():
        attribution.draw_attribution(replace(explained, outcomes=outcomes), tmp_path)
    (figure,) = kept
    figure.canvas.draw()
    boxes = [ax.get_tightbbox() for ax in figure.axes]
    (left, right, below, under) = boxes
    assert left is not None
    assert right is not None
    assert below is not None
    assert under is not None
    assert min(left.y0, right.y0) > max(below.y1, under.y1)
    assert left.x1 < right.x0


# --- inputs -------------------------------------------------------------------------------------


def indexed(base: Indexed, *, felt: bool) -> Indexed:
    low = Index(0.2, (0.19, 0.22), 0.0001)
    return replace(base, draws={"a": Draw(low, low, felt=felt), "b": Draw(low, low)})


@pytest.mark.parametrize("felt", [True, False])
def test_inputs_that_do_not_stand_out_are_not_drawn(felt: bool, tmp_path: Path) -> None:
    base = api.sensitivity(small(), ["end"], runs=100, workers=1).outcomes["end"]
    one = indexed(Indexed(base, {}), felt=felt)
    found = GlobalIndices(
        "small", "0" * 8, DAY, (), 1, 600, {"a": "First", "b": "Second"}, {"end": one}
    )
    page = drawn(found, tmp_path)["indices"]
    assert page.axes == int(felt)
    assert ("No detectable effect" in page.texts) is not felt
    assert f"Detectable effects: {int(felt)} of 2 inputs." in page.text
    assert "Second" not in page.texts


# --- what marks an outcome ----------------------------------------------------------------------


def test_without_conditions_there_is_no_empty_frame(tmp_path: Path) -> None:
    signs = draw_discovery(replace(FOUND, boxes=()), SCENARIO, tmp_path)
    assert [path.name for path in signs] == ["signposts.png", "signposts.svg"]
    _, svg = draw_discovery(replace(FOUND, boxes=(), signposts=()), SCENARIO, tmp_path / "none")
    page = Page(svg)
    assert page.axes == 0
    said = "No condition that covers enough of the cases makes it clearly more likely."
    assert said in page.texts

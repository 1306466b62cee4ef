"""Score the backtest and the hindcast for docs/model.md, and the README, against what happened."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from coopsim import api
from coopsim.presentation.terminal.pen import Page
from coopsim.presentation.views.forecasts.scores import scores_view
from coopsim.presentation.views.scorecard import scorecard_view
from coopsim.presentation.views.view import View

RUNS = 2000
SHOWN = 96  # columns
BRIEF = 80  # columns of the README
HEADING = "All questions"
FOILS = ("coin", "unchanged", "face_value")
FIGURES = {"calibration-baseline-hindcast.png": "track-calibration.png",
           "questions-1.png": "track-questions.png"}  # fmt: skip


def backtest(files: Sequence[Path], history: Path) -> str:
    """Simulate the backtest and its foil and write down their scores, but not every question."""
    with tempfile.TemporaryDirectory() as folder:
        results = [api.run(file, runs=RUNS, out=folder) for file in files]
        card = api.score(results[0], history, results[1])
    seed = results[0].scenario.seed
    said = f"Simulated with seed {seed}, {RUNS:,} timelines, from these assumptions:"
    rows = (f"| `{result.scenario.scenario}` | `{result.loaded.hash}` |" for result in results)
    table = ["| scenario | hash |", "| --- | --- |", *rows]
    view = scorecard_view(card)
    brief = [one for one in view.sections if not one.title.startswith(HEADING)]
    printed = _printed(replace(view, sections=tuple(brief)), SHOWN)
    return "\n".join([said, "", *table, "", "```text", printed, "```"])


def hindcast(folder: Path) -> str:
    """Score recorded forecasts and write down their scores, but not every question."""
    view = scores_view(api.score_forecasts(folder, foils=FOILS))
    return f"```text\n{_printed(replace(view, sections=view.sections[:-1]), SHOWN)}\n```"


def in_brief(folder: Path) -> str:
    """Score recorded forecasts and write down their mean Brier scores alone."""
    view = scores_view(api.score_forecasts(folder))
    brief = replace(view, heading=(), sections=view.sections[:1], notes=())
    return f"```text\n{_printed(brief, BRIEF)}\n```"


def draw_hindcast(folder: Path, figures: Path) -> None:
    """Draw the figures of a track record that its page shows."""
    with tempfile.TemporaryDirectory() as place:
        api.draw(api.score_forecasts(folder, foils=FOILS), Path(place))
        for name, kept in FIGURES.items():
            (figures / kept).write_bytes((Path(place) / name).read_bytes())


def _printed(view: View, width: int) -> str:
    text = StringIO()
    console = Console(file=text, width=width, color_system=None, legacy_windows=False)
    console.print(Page(view))
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())

"""Score the backtest for docs/model.md against what happened."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from coopsim import api
from coopsim.analysis.scorecard import Scorecard
from coopsim.presentation.terminal.pen import Page
from coopsim.presentation.views.scorecard import scorecard_view

RUNS = 2000
SHOWN = 96  # columns
HEADING = "All questions"


def backtest(files: Sequence[Path], history: Path) -> str:
    """Simulate the backtest and its foil and write down their scores, but not every question."""
    with tempfile.TemporaryDirectory() as folder:
        results = [api.run(file, runs=RUNS, out=folder) for file in files]
        card = api.score(results[0], history, results[1])
    seed = results[0].scenario.seed
    said = f"Simulated with seed {seed}, {RUNS:,} timelines, from these assumptions:"
    rows = (f"| `{result.scenario.scenario}` | `{result.loaded.hash}` |" for result in results)
    table = ["| scenario | hash |", "| --- | --- |", *rows]
    return "\n".join([said, "", *table, "", "```text", _printed(card), "```"])


def _printed(card: Scorecard) -> str:
    view = scorecard_view(card)
    brief = tuple(one for one in view.sections if not one.title.startswith(HEADING))
    text = StringIO()
    console = Console(file=text, width=SHOWN, color_system=None, legacy_windows=False)
    console.print(Page(replace(view, sections=brief)))
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())

"""The code of docs/python.md and docs/data.md runs as it stands, in a checkout's folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import coopsim

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def played(page: str, blocks: int) -> dict[str, Any]:
    """Run the Python of a page, of which there are so many blocks, and give its names."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(found) == blocks
    names: dict[str, Any] = {}
    for block in found:
        exec(compile(block, f"docs/{page}", "exec"), names)
    return names


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_the_tour_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names = played("python.md", 16)
    result, other, text = names["result"], names["other"], names["text"]
    assert (result.runs, other.runs) == (500, 500)
    assert text == (
        "scenario: eased\nextends: thaw.yaml\ndrivers:\n  sanctions:\n    initial: eased\n"
    )
    assert text in capsys.readouterr().out
    faster = names["headline"].differences[other.name]
    # Twice the rate of the decree: more flights by the end in the same timelines, never fewer.
    assert faster.value > 0
    assert faster.interval[0] > 0
    assert names["changes"].outcomes["flies"].share > faster.value
    assert names["played"].summary.outcomes["flies"].probability == pytest.approx(
        result.summary.outcomes["flies"].probability, abs=0.1
    )
    early = names["early"]
    assert list(early.summary.outcomes) == ["flies", "flight by 2027 and decree by 2026"]
    assert early.answers().schema.names == ["run", *early.summary.outcomes]
    assert names["again"].hash == names["eased"].hash


@pytest.mark.slow
def test_the_page_on_data_runs(folder: Path) -> None:
    names = played("data.md", 1)
    summary = names["result"].summary.outcomes
    assert (folder / "thaw.parquet").is_file()
    assert names["share"] == pytest.approx(summary["early_end"].probability)
    assert names["among_all"] == pytest.approx(summary["programme"].probability)
    assert 0 < names["among_eased"] < 1
    years = names["by_year"].to_pydict()
    assert sum(years["run_count"]) == len(names["firings"])
    assert min(years["year"]) == 2025


def test_the_public_names_are_those_of_the_page_and_what_they_give_or_raise() -> None:
    assert set(coopsim.__all__) == {
        "CoopsimError", "Played", "Result", "ScenarioError", "StoppedError", "UsageError",
        "Viewed", "ask", "assumptions", "causes", "child_of", "compare", "diff", "discover",
        "epistemic", "explain", "export_forecasts", "forecast_changes", "given", "global_indices",
        "influences", "list_forecasts", "load", "load_text", "open_result", "play",
        "record_forecasts", "report", "resolve_question", "run", "score", "score_forecasts",
        "sensitivity", "sources", "sweep", "trace", "verify_forecasts", "view",
    }  # fmt: skip
    for name in coopsim.__all__:
        assert getattr(coopsim, name) is not None
    with pytest.raises(AttributeError, match="module 'coopsim' has no attribute 'lod'"):
        coopsim.lod  # noqa: B018

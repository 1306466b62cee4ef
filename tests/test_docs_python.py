"""The code of docs/python.md runs as it stands, from top to bottom, in a checkout's folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import coopsim

ROOT = Path(__file__).resolve().parents[1]


def test_the_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "python.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 6
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    result, other = names["result"], names["other"]
    assert (result.runs, other.runs) == (500, 500)  # type: ignore[attr-defined]
    headline = names["headline"]
    faster = headline.differences[other.name]  # type: ignore[attr-defined]
    # Twice the rate of the decree: more flights by the end in the same timelines, never fewer.
    assert faster.value > 0
    assert faster.interval[0] > 0


def test_the_public_names_are_those_of_the_page_and_what_they_give_or_raise() -> None:
    assert set(coopsim.__all__) == {
        "CoopsimError", "Played", "Result", "ScenarioError", "StoppedError", "UsageError", "Viewed",
        "assumptions", "causes", "child_of", "compare", "diff", "discover", "epistemic", "explain",
        "given", "global_indices", "influences", "load", "load_text", "open_result", "play", "run",
        "score", "sensitivity", "sources", "sweep", "trace", "view",
    }  # fmt: skip
    for name in coopsim.__all__:
        assert getattr(coopsim, name) is not None
    with pytest.raises(AttributeError, match="module 'coopsim' has no attribute 'lod'"):
        coopsim.lod  # noqa: B018

"""docs/precision.md, played from top to bottom, prints what it shows, and its numbers are so.

`python docs/make_tutorial.py docs/precision.md` renews the page.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopsim.analysis.precision import needed
from coopsim.api import Result
from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGE = (DOCS / "precision.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Play the page once; gives what it would show now, and the reader's folder."""
    person = reader(tmp_path_factory.mktemp("reader"))
    return person.play(PAGE), person.folder


def test_the_page_shows_what_its_commands_print(played: tuple[str, Path]) -> None:
    assert played[0] == PAGE


def test_the_python_of_the_page_runs(
    played: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(played[1])
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, "docs/precision.md", "exec"), names)
    result = names["result"]
    assert isinstance(result, Result)
    assert result.look is not None
    assert result.look.too_wide == ()


def test_the_table_is_what_the_rule_reckons_with() -> None:
    rows = re.findall(r"^\| (0\.\d+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 4
    for width, *cells in rows:
        for share, cell in zip((0.5, 0.1, 0.0), cells, strict=True):
            told = int(cell.replace(",", ""))
            assert abs(needed(share, float(width)) - told) <= 0.005 * told

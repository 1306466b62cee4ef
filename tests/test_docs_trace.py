"""docs/trace.md, played from top to bottom, prints what it shows, and its Python runs.

`python docs/make_tutorial.py docs/trace.md` renews the page.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGE = (DOCS / "trace.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Play the page once; gives what it would show now, and the reader's folder."""
    person = reader(tmp_path_factory.mktemp("reader"))
    return person.play(PAGE), person.folder


def test_the_page_shows_what_its_commands_print(played: tuple[str, Path]) -> None:
    assert played[0] == PAGE


def test_the_figures_are_there(played: tuple[str, Path]) -> None:
    drawn = {path.name for path in (played[1] / "results").glob("*/*.png")}
    assert drawn == {"trace-17.png", "causes.png", "chain.png"}


def test_the_python_of_the_page_runs(
    played: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(played[1])
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, "docs/trace.md", "exec"), names)
    # What the page tells of this timeline in its story.
    assert names["story"].outcomes["reentry"] == "2034-02-25"  # type: ignore[attr-defined]
    assert "\n2034-02-25  ISS re-enters." in PAGE
    assert names["binding"].reason.variable is not None  # type: ignore[attr-defined]


def test_no_cause_of_re_entry_is_the_only_one() -> None:
    block = PAGE.partition("ISS re-enters, in ")[2].partition("\n...")[0]
    shares = [float(share) for share in re.findall(r"([\d.]+) ±", block)]
    assert len(shares) == 3
    assert max(shares) < 60
    assert abs(sum(shares) - 100) <= 1.5  # three shares, each to the whole percent

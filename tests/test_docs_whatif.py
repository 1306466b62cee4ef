"""docs/sensitivity.md and docs/whatif.md, played from top to bottom, print what they show.

`python docs/make_tutorial.py docs/sensitivity.md docs/whatif.md` renews the pages.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

Played = tuple[str, Path]


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _played(name: str, factory: pytest.TempPathFactory) -> Played:
    """Play a page once; gives what it would show now, and the reader's folder."""
    person = reader(factory.mktemp("reader"))
    return person.play(_page(name)), person.folder


@pytest.fixture(scope="module")
def sensitivity(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return _played("sensitivity.md", tmp_path_factory)


@pytest.fixture(scope="module")
def whatif(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return _played("whatif.md", tmp_path_factory)


def _run_python(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.chdir(folder)
    (block,) = re.findall(r"```python\n(.*?)```", _page(name), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, f"docs/{name}", "exec"), names)
    return names


def test_the_page_on_sensitivity_shows_what_its_commands_print(sensitivity: Played) -> None:
    assert sensitivity[0] == _page("sensitivity.md")


def test_the_page_on_what_if_shows_what_its_commands_print(whatif: Played) -> None:
    assert whatif[0] == _page("whatif.md")


def test_the_python_on_sensitivity_runs(
    sensitivity: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = _run_python("sensitivity.md", sensitivity[1], monkeypatch)
    assert "events.deorbit_vehicle_ready.date.growth" in names["largest"]  # type: ignore[operator]  # a list
    low, high = names["low"], names["high"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert 0 <= low < 0.1
    assert 0.6 < high <= 1


def test_the_python_on_what_if_runs(whatif: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    names = _run_python("whatif.md", whatif[1], monkeypatch)
    assert "drivers.climate.initial" in names["paths"]  # type: ignore[operator]  # a list
    shares = names["shares"]
    assert isinstance(shares, dict)
    # What the page answers: it is the climate.
    assert min(shares, key=lambda name: shares[name].value) == "drivers.climate"
    chances = names["chances"]
    assert isinstance(chances, list)
    assert chances == sorted(chances)


def test_the_figures_are_there(sensitivity: Played, whatif: Played) -> None:
    drawn = {path.name for path in (sensitivity[1] / "results").glob("*/*.png")}
    assert {"tornado.png", "uncertainty-1.png", "indices.png"} <= drawn
    drawn = {path.name for path in (whatif[1] / "results").glob("*/*.png")}
    assert drawn == {"explained.png", "sweep.png"}

"""The tutorial, played from top to bottom in an empty folder, prints what the page shows.

`python docs/make_tutorial.py` renews the page where a scenario has changed on purpose; what the
prose says of the outputs is held here against the results, so that it cannot be left behind.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coopsim import api
from coopsim.analysis.comparing.comparison import ComparedNumber
from terminal import coopsim

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "tutorial.md").read_text(encoding="utf-8")


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_tutorial", DOCS / "make_tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()


def reader(folder: Path) -> Any:
    """Give a reader who calls the command line in this process, which is quick."""
    return SCRIPT.Reader(folder, coopsim)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Play the page once; gives what it would show now, and the reader's folder."""
    person = reader(tmp_path_factory.mktemp("reader"))
    return person.play(PAGE), person.folder


def test_the_page_shows_what_its_commands_print(played: tuple[str, Path]) -> None:
    assert played[0] == PAGE


def test_the_prose_says_what_came_out(played: tuple[str, Path]) -> None:
    names = ("swaps", "early_settlement", "with_thaw", "longer_station", "fragile")
    base, settled, thaw, longer, fragile = (_opened(name, played[1]) for name in names)
    comparison = api.compare(base, settled, thaw, longer, fragile)
    lapse, swaps, programme = (
        comparison.outcomes[name].measures[0]
        for name in ("lapse", "cross_flights", "programme_by_2035")
    )
    # By itself next to nothing, new programmes a little.
    assert abs(_change(lapse, settled)) < 0.03
    assert abs(_change(swaps, settled)) < 0.2
    assert 0 < _change(programme, settled) < 0.08
    # With a thaw clearly less often, somewhat more swaps, programmes far more than swaps.
    assert _change(lapse, thaw) < -0.08
    assert 0.3 < _change(swaps, thaw) < 2
    assert _change(programme, thaw) > 0.3
    # The station's end is worth more swaps than the thaw, and lapses are a little more frequent.
    assert _change(swaps, longer) > _change(swaps, thaw)
    assert 0 < _change(lapse, longer) < 0.08
    # The guess changes much more than the settlement does.
    fragile_settled = _opened("fragile_settled", played[1])
    helped = api.compare(fragile, fragile_settled).outcomes["lapse"].measures[0]
    assert _change(helped, fragile_settled) < _change(lapse, settled)
    assert _change(lapse, fragile) > 5 * abs(_change(helped, fragile_settled))


def _opened(name: str, folder: Path) -> api.Result:
    return api.open_result(name, folder / "results")


def _change(measure: ComparedNumber, result: api.Result) -> float:
    """Get by how much a result is above the base of its comparison."""
    difference = measure.differences[result.name]
    assert difference is not None
    return difference.value


def test_an_excerpt_keeps_what_is_asked_for_and_what_is_below_it() -> None:
    output = "Head\nOne\n  a\n\nTwo\n  b\n    c\nThree\n"
    assert SCRIPT.excerpt(output, ["^Two"]) == "...\nTwo\n  b\n    c\n...\n"
    assert SCRIPT.excerpt(output, ["Head", "One"]) == "Head\nOne\n  a\n...\n"
    assert SCRIPT.excerpt(output, ["  b"]) == "...\n  b\n    c\n...\n"
    with pytest.raises(ValueError, match="no line with Four in:\nHead"):
        SCRIPT.excerpt(output, ["Four"])


def test_a_page_whose_output_is_another_is_noticed(tmp_path: Path) -> None:
    page = "```console\n$ coopsim --version\ncoopsim 0.0.0\n```\n"
    shown = SCRIPT.Reader(tmp_path).play(page)
    assert shown != page
    assert SCRIPT.Reader(tmp_path).play(shown) == shown


def test_a_page_may_have_a_folder_of_the_project_and_a_day_of_its_own(tmp_path: Path) -> None:
    call = "```console\n$ coopsim forecast list --due --forecasts {folder}\n```\n"
    folder = "forecasts/hindcast-2025-08"
    page = f"<!-- copied: {folder} -->\n" + "".join(
        f"<!-- clock: {day}T09:00:00+00:00 -->\n{call.format(folder=folder)}"
        for day in ("2026-12-01", "2027-02-01")
    )
    shown = reader(tmp_path).play(page)
    assert ", as of 2026-12-01\n" in shown
    assert ", as of 2027-02-01\n" in shown
    assert {path.name for path in (tmp_path / folder).iterdir()} == {
        path.name for path in (DOCS.parent / folder).iterdir()
    }

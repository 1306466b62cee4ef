"""docs/given.md and docs/discover.md, played from top to bottom, print what they show.

`python docs/make_tutorial.py docs/given.md docs/discover.md` renews the pages.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopsim import api
from coopsim.analysis.evidence.facts import Fact
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.simulation.building import build_program
from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGES = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("given", "discover")}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Path]]:
    """Play each page once; gives what it would show now, and the reader's folder."""
    readers = {name: reader(tmp_path_factory.mktemp(name)) for name in PAGES}
    return {name: (readers[name].play(PAGES[name]), readers[name].folder) for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_its_commands_print(
    played: dict[str, tuple[str, Path]], name: str
) -> None:
    assert played[name][0] == PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_the_python_of_the_page_runs(
    played: dict[str, tuple[str, Path]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(played[name][1])
    (block,) = re.findall(r"```python\n(.*?)```", PAGES[name], re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, f"docs/{name}.md", "exec"), names)
    found = names["found"]
    # What the first example of the page says.
    if name == "given":
        assert found.matches == 833  # type: ignore[attr-defined]
        assert "833 of 2,000 timelines match" in PAGES[name]
    else:
        assert found.boxes[0].limits[0].name == "climate >= thaw on 2027-12-31"  # type: ignore[attr-defined]


# What the prose says: a settlement goes with more programmes, the end hardly feels it; a thaw is
# the box of joint missions, and a good sign for programmes.
def test_the_prose_says_what_came_out(played: dict[str, tuple[str, Path]]) -> None:
    result = api.open_result("baseline", played["given"][1] / "results")
    shifts = {one.outcome: one for one in api.given(result, ["war = settled by 2027"]).shifts}
    low, high = shifts["programme_by_2035"].difference_interval or (0, 0)
    assert 0 < low < high < 0.15
    assert abs(shifts["reentry"].difference) < 0.005
    found = api.discover(result, "joint_mission_flies")
    assert found.boxes[0].limits[0].name == "climate >= thaw on 2027-08-04"
    assert all(limit.kind is None for box in found.boxes for limit in box.limits)


def test_every_statement_of_the_table_can_be_read() -> None:
    scenario = api.load(DOCS.parent / "scenarios" / "baseline.yaml").scenario
    program = build_program(scenario)
    table = PAGES["given"].partition("| statement |")[2].partition("\n\n")[0]
    statements = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    times = PAGES["given"].partition("| when |")[2].partition("\n\n")[0]
    spans = re.findall(r"`([^`]+)`", times)
    assert (len(statements), len(spans)) == (19, 9)
    read: list[Fact] = [read_evidence(text, scenario, program) for text in statements]
    read += [read_evidence(f"ros_crewed {span}", scenario, program) for span in spans]
    assert len(set(read)) == len(read) - 1  # ros_crewed before iss_reentry is in both
    read_evidence("heads_meet after us_end_decided = 2030", scenario, program)

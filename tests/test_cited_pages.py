"""Pages that a `why` cites in place: an address, a title and a date, beside claims or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load, load_data
from coopsim.scenario.sources.reasons import CitedPage, page_of

PAGE = "https://example.org/launch | The launch is set | 2024-12-01"
SCENARIO = f"""\
scenario: paged
as_of: 2025-01-01
start: 2025-01-01
end: 2029-12-31
events:
  launch: {{date: 2026-07-01, why: "Announced by the agency [{PAGE}]."}}
outcomes:
  launch: {{event: launch}}
"""
UNCHECKED = (
    "found 'press.1', which cannot be checked, as there is no folder of claims, expected a "
    "folder `seeds` in the scenario's folder, or up to two above it"
)
PRESS = """\
source: {kind: article, title: The papers}
claims: [{id: 1, date: 2024, statement: It may fly.}]
"""


def write(folder: Path, text: str, *, seeds: bool) -> Path:
    path = folder / "paged.yaml"
    path.write_text(text, encoding="utf-8")
    if seeds:
        (folder / "seeds").mkdir()
        (folder / "seeds" / "press.yaml").write_text(PRESS, encoding="utf-8")
    return path


@pytest.mark.parametrize("seeds", [False, True])
def test_a_page_needs_no_claims_and_does_not_mind_them(seeds: bool, tmp_path: Path) -> None:
    loaded = load(write(tmp_path, SCENARIO, seeds=seeds))
    assert loaded.scenario.events["launch"].sources == (PAGE,)
    assert loaded.warnings == ()


def test_a_page_is_not_dated_after_as_of(tmp_path: Path) -> None:
    path = write(tmp_path, SCENARIO.replace("2024-12-01", "2025-01-02"), seeds=True)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}:6: error: events.launch.why: found 'https://example.org/launch | The launch "
        "is set | 2025-01-02', expected a page that is not dated after as_of"
    )


@pytest.mark.parametrize("key", ["why", "sources"])
def test_claims_that_nobody_can_check_are_told_however_they_are_cited(
    key: str, tmp_path: Path
) -> None:
    cited = (
        f"why: 'As stated [press.1] [{PAGE}].'" if key == "why" else f"sources: ['{PAGE}', press.1]"
    )
    text = SCENARIO.replace(f'why: "Announced by the agency [{PAGE}]."', cited)
    path = write(tmp_path, text, seeds=False)
    loaded = load(path)
    (warning,) = loaded.warnings
    assert str(warning) == f"{path}:6: warning: events.launch.{key}: {UNCHECKED}"


def test_data_is_told_of_claims_too() -> None:
    event = {"date": "2026", "why": "As stated [press.1]."}
    data = {"scenario": "a", "start": "2025", "end": "2030", "events": {"e": event}}
    asked = {"start": "2025-01-01", "outcomes": {"e": {"event": "e"}}}
    (warning,) = load_data({**data, **asked}).warnings
    assert str(warning) == f"data: warning: events.e.why: {UNCHECKED}"


@pytest.mark.parametrize(
    ("cited", "page"),
    [
        (PAGE, CitedPage("https://example.org/launch", "The launch is set", "2024-12-01")),
        ("press.1", None),
        ("https://example.org/launch", None),
        ("https://example.org/launch | The launch is set | soon", None),
        ("example.org | The launch is set | 2024", None),
    ],
)
def test_a_page_is_told_from_the_id_of_a_claim(cited: str, page: CitedPage | None) -> None:
    assert page_of(cited) == page

"""What the pages for readers show is so: their scenario, their commands, their links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopsim.scenario.loading import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(p for folder in (ROOT, ROOT / "docs", ROOT / "results") for p in folder.glob("*.md"))


def test_the_scenario_in_the_readme_is_sound(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    file = tmp_path / "gap.yaml"
    file.write_text(block, encoding="utf-8")
    assert load(file).warnings == ()


def test_an_assumption_changed_in_the_readme_is_one_of_the_scenario() -> None:
    changes = re.findall(r"run (\S+) --set '([^']+)'", README)
    assert len(changes) == 4
    for file, change in changes:
        assert load(ROOT / file, [change]).scenario != load(ROOT / file).scenario


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []

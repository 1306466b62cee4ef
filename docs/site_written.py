"""Write the pages of the site that are no file of the repository: see site_pages.py.

The gallery and the list of recorded forecasts are links and titles, which stand in the scenarios
and in the names of the files; the page of a text shows the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from make_gallery import ANSWERS, REPORT, ROOT, folder_of, shipped


def text_page(text: Path, gallery: Path) -> str:
    """Show a text; before that of a scenario stands what came out, where the gallery has it."""
    kind = "yaml" if text.suffix else "text"
    shown = f"~~~~{kind}\n{text.read_text('utf-8').rstrip()}\n~~~~"
    if text not in shipped():
        return _page(f"# {text.relative_to(ROOT)}", shown)
    drawn = (gallery / folder_of(text)).glob("*.png")
    figures = sorted(drawn, key=lambda figure: (figure.stem != "overview", figure))
    return _page(
        f"# {_said(text, 'title')}",
        *_answers(text, gallery),
        *_report(text, text.parent, gallery),
        *(_figure(text, figure.stem, text.parent) for figure in figures),
        "## What is assumed",
        *_others(text),
        shown,
    )


def gallery_page(gallery: Path) -> str:
    """Show each scenario by its overview and lead to the rest; the latest knowledge comes first."""
    return _page(
        "# Gallery",
        "Each scenario in one figure. Its title leads to its answers, its other figures and its "
        "assumptions.",
        *(part for as_of, family in _families() for part in _family(as_of, family, gallery)),
    )


def scenarios_nav() -> list[dict[str, list[dict[str, str]]]]:
    """List the pages of scenarios for the navigation, as the gallery does."""
    return [
        {f"As of {_day(as_of)}": [{_short(one): _place(one)} for one in family]}
        for as_of, family in _families()
    ]


def records_page(records: Path) -> str:
    """List what is on record of forecasts, each file with a link to it."""
    files = sorted(path for path in records.rglob("*.*") if path.suffix != ".md")
    folders = groupby(sorted(files, key=_folder), key=_folder)
    return _page(
        "# The files on record",
        "[The track record](../docs/track-record.md) says what they show, and "
        "[Forecasts](../docs/forecasts.md) what is in them.",
        *(part for folder, inside in folders for part in _records(folder, inside, records)),
    )


def _page(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def _families() -> Iterator[tuple[date, Iterator[Path]]]:
    return groupby(sorted(shipped(), key=_as_of, reverse=True), key=_as_of)


def _day(as_of: date) -> str:
    return f"{as_of.day} {as_of:%B %Y}"


def _place(scenario: Path) -> str:
    return scenario.relative_to(ROOT).as_posix()


def _short(scenario: Path) -> str:
    """Shorten a title to what stands before its dash."""
    title: str = _said(scenario, "title")
    return title.partition(" - ")[0]


def _family(as_of: date, family: Iterable[Path], gallery: Path) -> Iterator[str]:
    yield f"## What was known on {_day(as_of)}"
    for scenario in family:
        yield f"### [{_said(scenario, 'title')}]({_place(scenario)})"
        yield from _report(scenario, ROOT, gallery)
        if (gallery / folder_of(scenario) / "overview.png").exists():
            yield _figure(scenario, "overview", ROOT)


def _answers(scenario: Path, gallery: Path) -> Iterator[str]:
    """Answer the headline questions in sentences, by which the search finds the report."""
    file = gallery / folder_of(scenario) / ANSWERS
    if file.exists():
        yield "What follows from its assumptions:"
        yield "\n".join(f"- {line}" for line in file.read_text("utf-8").splitlines())


def _report(scenario: Path, page: Path, gallery: Path) -> Iterator[str]:
    if (gallery / folder_of(scenario) / REPORT).exists():
        report = (ROOT / folder_of(scenario) / REPORT).relative_to(page).as_posix()
        yield f"[Read the report]({report}): every answer, its uncertainty, and who says so."


def _figure(scenario: Path, stem: str, page: Path) -> str:
    """Show a figure, which leads to itself: on a phone it is read larger."""
    about = f"{stem.replace('-', ' ').capitalize()} of {_said(scenario, 'title')}"
    file = (ROOT / folder_of(scenario) / f"{stem}.png").relative_to(page).as_posix()
    return f"[![{about}]({file}){{ loading=lazy }}]({file})"


def _others(scenario: Path) -> Iterator[str]:
    tree = _tree(scenario)
    if parent := tree.get("extends"):
        yield f"All else is as in [{parent}]({parent})."
    if parts := tree.get("include"):
        yield "The rest is in " + ", ".join(f"[{part}]({part})" for part in parts) + "."


def _records(folder: Path, inside: Iterable[Path], records: Path) -> Iterator[str]:
    yield f"## {folder.relative_to(ROOT)}"
    yield "\n".join(f"- [{file.name}]({file.relative_to(records).as_posix()})" for file in inside)


def _folder(file: Path) -> Path:
    return file.parent


def _as_of(scenario: Path) -> date:
    found: date = _said(scenario, "as_of")
    return found


def _said(scenario: Path, key: str) -> Any:
    """Look up what a scenario says, or else what it extends."""
    tree = _tree(scenario)
    return tree[key] if key in tree else _said(scenario.parent / tree["extends"], key)


@cache
def _tree(scenario: Path) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load(scenario.read_text("utf-8"))
    return tree

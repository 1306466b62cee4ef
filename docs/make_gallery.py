"""Make what the site shows of the shipped scenarios: of each a report and the figures.

    python docs/make_gallery.py

Everything goes to build/: the results, which are simulated once, and in build/gallery/ the files
that the site shows, in the folders in which it shows them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import coopsim
from coopsim import api
from coopsim.presentation.views.result.sentences import headline_sentences
from coopsim.presentation.words.wording import Wording

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "build" / "gallery"
RESULTS = ROOT / "build" / "results"
REPORT, ANSWERS = "report.html", "answers.txt"
BESIDE_BASELINE = ("thaw", "freeze")
FAMILIES = (ROOT / "scenarios" / "2026-10", ROOT / "scenarios")  # the latest knowledge first


def shipped() -> list[Path]:
    """List the shipped scenarios, of each family the baseline first; what they include is none."""
    return [
        file
        for family in FAMILIES
        for file in sorted(family.glob("*.yaml"), key=lambda file: (file.stem != "baseline", file))
    ]


def folder_of(scenario: Path) -> Path:
    """Name the folder, in the gallery and on the site, of what is shown of a scenario."""
    return scenario.relative_to(ROOT).with_suffix("")


def reported(scenario: Path) -> list[Path]:
    """List what the report of a scenario tells of: it, and what varies a baseline most simply."""
    others = BESIDE_BASELINE if scenario.stem == "baseline" else ()
    return [scenario, *(scenario.with_stem(other) for other in others)]


def show(scenario: Path, gallery: Path, results: Path, runs: int | None = None) -> None:
    """Simulate a scenario, where that was not done before, and put what came out in the gallery."""
    # Beside the results, where a report looks for what its numbers rest on.
    shutil.copytree(ROOT / "seeds", results.with_name("seeds"), dirs_exist_ok=True)
    found = [coopsim.run(one, runs=runs, out=results) for one in reported(scenario)]
    folder = gallery / folder_of(scenario)
    folder.mkdir(parents=True)
    api.write_report(api.report(found), folder / REPORT)
    (folder / ANSWERS).write_text("\n".join(answers(found[0])), "utf-8")
    for figure in found[0].draw():
        if figure.suffix == ".png":
            shutil.copy(figure, folder)


def answers(found: api.Result) -> list[str]:
    """Answer the headline questions, a line each, as the report begins."""
    sentences = headline_sentences(found.summary, Wording.of(found.scenario))
    return [one.text for one in sentences.values()]


def main() -> None:
    """Make the gallery anew."""
    shutil.rmtree(GALLERY, ignore_errors=True)
    for scenario in shipped():
        show(scenario, GALLERY, RESULTS)


if __name__ == "__main__":
    main()

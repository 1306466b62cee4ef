"""Make what the site shows of the shipped scenarios: the figures of each.

    python docs/make_gallery.py

Everything goes to build/: the results, which are simulated once, and in build/gallery/ the files
that the site shows, in the folders in which it shows them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import coopsim

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "build" / "gallery"
RESULTS = ROOT / "build" / "results"
REPORT = "report.html"
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


def show(scenario: Path, gallery: Path, results: Path, runs: int | None = None) -> None:
    """Simulate a scenario, where that was not done before, and put what came out in the gallery."""
    result = coopsim.run(scenario, runs=runs, out=results)
    folder = gallery / folder_of(scenario)
    folder.mkdir(parents=True)
    for figure in result.draw():
        if figure.suffix == ".png":
            shutil.copy(figure, folder)


def main() -> None:
    """Make the gallery anew."""
    shutil.rmtree(GALLERY, ignore_errors=True)
    for scenario in shipped():
        show(scenario, GALLERY, RESULTS)


if __name__ == "__main__":
    main()

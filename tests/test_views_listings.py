"""What is said of result folders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coopsim.presentation.views.listings import finished_text, result_view, results_view
from coopsim.presentation.views.view import View
from coopsim.simulation.results.manifest import Keep, Manifest, ResultIdentity
from coopsim.simulation.results.store import Store
from hand_made import scenario
from shown import printed


def manifest(**changes: object) -> Manifest:
    begun = Manifest.begin(ResultIdentity("thaw", "3f9a2c1b", 2025, 10_000), "0" * 64)
    fixed = replace(begun, versions={"coopsim": "0.1.0", "numpy": "2.0"}, source_commit=None)
    return replace(fixed, **changes)  # type: ignore[arg-type]  # each test knows its fields


DONE = manifest(complete=True, finished="2025-08-05T12:34:56+00:00", wall_seconds=12.5)

FEW = manifest(keep=Keep.nothing)


def test_results_are_listed_with_their_size_and_time() -> None:
    stores = [Store(Path("r/thaw-3f9a2c1b"), DONE), Store(Path("r/freeze-00000000"), FEW)]
    assert printed(results_view(stores)) == (
        "Result           timelines    keeps  seed  finished (UTC)\n"
        "thaw-3f9a2c1b       10,000  firings  2025  2025-08-05 12:34\n"
        "freeze-00000000     10,000  nothing  2025  not finished: run it again\n"
    )


def test_a_result_says_what_it_is_of_and_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "firings").mkdir()
    (tmp_path / "firings" / "part-000000.parquet").write_bytes(b"x" * 2_500_000)
    (tmp_path / "scenario.yaml").write_bytes(b"x" * 1500)
    (tmp_path / "manifest.json").write_bytes(b"x")
    (tmp_path / ".hidden").touch()
    asked = {"flies": {"event": "flight", "title": "A joint flight"}}
    made = scenario({**asked, "landing": {"event": "landing"}}, title="Thaw")
    done = replace(DONE, source_commit="abc", questions="c9cd9570")
    text = printed(result_view(Store(tmp_path, done), made), 100)
    assert text.replace(str(tmp_path), "FOLDER") == (
        "Thaw\n"
        "FOLDER\n"
        "\n"
        "What was simulated\n"
        "  scenario       thaw, hash 3f9a2c1b, questions c9cd9570\n"
        "  runs           10,000 timelines, seed 2025\n"
        "  keeps          all firings\n"
        "  time           2025-07-01 to 2027-06-30\n"
        "  asks           1 driver, 6 events, 2 outcomes\n"
        "  engine         simpy\n"
        "  finished       2025-08-05 12:34\n"
        "  took           12.5 seconds\n"
        "  versions       coopsim 0.1.0, numpy 2.0\n"
        "  commit         abc\n"
        "\n"
        "What it asks, by id\n"
        "  flies          A joint flight\n"
        "  landing        landing\n"
        "\n"
        "What the folder holds\n"
        "  firings/       1 file, 2.5 MB\n"
        "  manifest.json  1 byte\n"
        "  scenario.yaml  2 kB\n"
    )


def test_a_finished_run_says_which_figure_to_open_first() -> None:
    figures = [Path("r/figures") / name for name in ("overview.png", "overview.svg", "index.png")]
    assert finished_text(Path("r"), figures) == (
        f"Result: r\nFigures: {Path('r/figures')}, 2 pages\nOpen first: {figures[0]}"
    )
    assert finished_text(Path("r"), []) == "Result: r"


def test_drivers_and_events_are_listed_by_their_groups(tmp_path: Path) -> None:
    made = scenario({"flies": {"event": "flight"}})
    groups = {"flight": "Flights", "landing": "Flights", "summit": "Politics"}
    events = {
        name: event.model_copy(update={"group": groups.get(name), "title": name.title()})
        for name, event in made.events.items()
    }
    relations = made.drivers["relations"].model_copy(update={"group": "Politics"})
    grouped = made.model_copy(update={"events": events, "drivers": {"relations": relations}})
    view = result_view(Store(tmp_path, DONE), grouped)
    (listed,) = (one for one in view.sections if one.title == "What it assumes, by group")
    assert printed(View((), (listed,))) == (
        "What it assumes, by group\n"
        "  Politics\n"
        "    drivers  relations\n"
        "    events   Summit\n"
        "  Flights\n"
        "    events   Flight; Landing\n"
        "  in no group\n"
        "    events   Launch; Thaw; Freeze\n"
    )
    assert [cell.about for cell in listed.rows[4].told] == ["flight", "landing"]


def test_without_groups_nothing_is_listed_by_them(tmp_path: Path) -> None:
    view = result_view(Store(tmp_path, DONE), scenario({"flies": {"event": "flight"}}))
    titles = ["What was simulated", "What it asks, by id", "What the folder holds"]
    assert [one.title for one in view.sections] == titles

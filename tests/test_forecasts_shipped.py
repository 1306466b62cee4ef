"""The forecasts that come with the project: whole, marked, and made by the scenarios they name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hubdata import connect_hub

from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import Timelines, drawn_levels
from coopsim.forecasts.hub import write_hub
from coopsim.forecasts.records import DIGITS
from coopsim.forecasts.verifying import TrackRecord, read_folder
from coopsim.scenario.loading import load_text
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program

pytestmark = pytest.mark.slow

FORECASTS = Path(__file__).parents[1] / "forecasts"
TODAY = date(9999, 12, 31)  # whenever this is run: a folder that was whole stays so
FORECASTERS = {
    "baseline": (date(2025, 8, 5), (15, 8, 7)),
    "thaw": (date(2025, 8, 5), (15, 8, 7)),
    "freeze": (date(2025, 8, 5), (15, 8, 7)),
    "baseline_2026": (date(2026, 10, 8), (28, 2, 0)),
    "thaw_2026": (date(2026, 10, 8), (28, 2, 0)),
    "freeze_2026": (date(2026, 10, 8), (28, 2, 0)),
}


@pytest.fixture(scope="module")
def track() -> TrackRecord:
    return read_folder(FORECASTS, TODAY)


def test_the_folder_is_whole(track: TrackRecord) -> None:
    assert len(track.book.questions) == 30
    assert {one.record.forecaster for one in track.records} >= set(FORECASTERS)


# What each forecaster knew is up to the day in the file's name, on exactly, roughly or not at all
# so many questions.
@pytest.mark.parametrize("forecaster", FORECASTERS)
def test_a_record_says_what_was_known(track: TrackRecord, forecaster: str) -> None:
    known, fits = FORECASTERS[forecaster]
    first = next(one for one in track.records if one.record.forecaster == forecaster)
    assert first.file == f"{known}-{forecaster}.json"
    assert first.record.assumed.as_of == known
    assert first.record.made[:10] == "2026-11-27"
    found = [one.fit for one in first.record.questions]
    assert tuple(found.count(fit) for fit in ("exact", "approximate", None)) == fits


# A pin: the scenario within a record, simulated again, comes to the chances that were recorded.
@pytest.mark.parametrize("forecaster", ["baseline", "freeze_2026"])
def test_a_record_can_be_made_again(track: TrackRecord, forecaster: str) -> None:
    record = next(one.record for one in track.records if one.record.forecaster == forecaster)
    assumed = record.assumed
    loaded = load_text("\n".join(assumed.yaml))
    assert loaded.hash == assumed.hash
    assert loaded.scenario.seed == assumed.seed
    program = build_program(loaded.scenario)
    timelines = Timelines(program, compiled.simulate(program, 0, assumed.timelines), drawn_levels)
    for one in record.questions:
        for answer, text in one.statements.items():
            share = is_so(read_evidence(text, loaded.scenario, program), timelines).mean()
            assert round(float(share), DIGITS) == one.chances[answer].probability, text


def test_it_can_be_exported(track: TrackRecord, tmp_path: Path) -> None:
    hub = write_hub(track, tmp_path / "hub")
    assert hub.questions == 30
    found = connect_hub(tmp_path / "hub").to_table().column("model_id").to_pylist()
    assert set(found) >= {f"coopsim-{name}" for name in FORECASTERS}

"""One question: its chance where that is known, what evidence and changes do, its sentence."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from coopsim import api
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.estimates import share_of
from coopsim.errors import UsageError
from coopsim.experiments.asking import AskedChance, Band
from coopsim.presentation.figures.asking import asked_sheet
from coopsim.presentation.views.asking import asked_view, frequency, sentence
from terminal import coopsim
from world import STANDARD_ERRORS, data_of

WORLD = """
scenario: small
start: 2025-01-01
end: 2034-12-31
runs: 4000
seed: 7
events:
  pact: {rate: 10 % within 1 year, why: Made up.}
  flight: {rate: 0.3 per year, when: pact, why: Made up.}
outcomes:
  flights: {count: flight}
"""
YEARS = 3652 / 365.25  # from 2025-01-01 to 2034-12-31, both included


def off(asked: AskedChance, chance: float) -> float:
    se = math.sqrt(chance * (1 - chance) / asked.matches)
    return abs(asked.chance.share - chance) / se


# A hazard that comes within a year with chance 0.1 has come after T years with 1 - 0.9 ** T.
def test_a_chance_is_what_theory_says() -> None:
    asked = api.ask(api.load(data_of(WORLD)), "pact by 2034")
    assert off(asked, 1 - 0.9**YEARS) < STANDARD_ERRORS
    assert off(asked, 1 - 0.95**YEARS) > STANDARD_ERRORS  # it shows where the rate is another
    assert (asked.matches, asked.written, asked.change, asked.band) == (4000, None, None, None)


# Without memory, what has not come in five years comes in the next five as if they were the first.
def test_evidence_chooses_among_timelines() -> None:
    asked = api.ask(api.load(data_of(WORLD)), "pact by 2034", given=["not pact by 2029"])
    left = YEARS - 1826 / 365.25
    assert off(asked, 1 - 0.9**left) < STANDARD_ERRORS
    assert asked.written is not None
    assert asked.written.share > asked.chance.share
    assert asked.change is None


def test_a_change_is_told_on_the_same_luck() -> None:
    loaded = api.load(data_of(WORLD))
    asked = api.ask(loaded, "pact by 2034", sets=["events.pact.rate=20 % within 1 year"])
    assert off(asked, 1 - 0.8**YEARS) < STANDARD_ERRORS
    assert asked.written is not None
    assert asked.change is not None
    assert asked.change.value == pytest.approx(asked.chance.share - asked.written.share)
    # On the same luck whatever has come with the lower rate has come with the higher one.
    assert asked.change.se is not None
    apart = math.hypot(asked.chance.se, asked.written.se)
    assert asked.change.se < apart
    assert asked.hash != loaded.hash


# The band of a chance 1 - exp(-L T) whose rate L is uniform from 0.02 to 0.1 per year: its ends are
# those of the rate's 5th and 95th percentile, 0.024 and 0.096.
def test_the_band_is_that_of_what_we_do_not_know() -> None:
    rate = "{uniform: [0.02 per year, 0.1 per year]}"
    text = WORLD.replace("10 % within 1 year", rate)
    asked = api.ask(api.load(data_of(text)), "pact by 2034", runs=1000)
    assert asked.band is not None
    ends = [1 - math.exp(-rate * YEARS) for rate in (0.024, 0.096)]
    assert asked.band.ends == pytest.approx(ends, abs=0.05)
    assert asked.band.numbers == 1


@pytest.mark.parametrize(
    ("statement", "given", "told"),
    [
        ("flights", [], ("`flights` is a number and no chance: state how much, such as "
            "`flights >= 3`")),
        ("pact", ["flight by 2025-01"], ("0 of 1,000 timelines agree with `flight by 2025-01`; at "
            "least 30 must: use a broader condition, or more `--runs`")),
    ],
)  # fmt: skip
def test_what_has_no_answer(statement: str, given: list[str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        api.ask(api.load(data_of(WORLD)), statement, given=given, runs=1000)
    assert str(error.value) == told


# --- what is said ---------------------------------------------------------------------------------

PLAIN = AskedChance(
    "small", "3f9a2c1b", 7, 10_000, 10_000, "pact by 2030", (), (), share_of(640, 10_000), None,
    None, Band((0.04, 0.09), (0.035, 0.045), (0.085, 0.095), 58),
)  # fmt: skip
GIVEN = AskedChance(
    "small", "3f9a2c1b", 7, 10_000, 400, "pact by 2030", ("thaw",), (), share_of(100, 400),
    share_of(640, 10_000), None, None,
)  # fmt: skip
CHANGED = AskedChance(
    "small", "3f9a2c1b", 7, 10_000, 10_000, "pact by 2030", (), ("a.rate=1 per year",),
    share_of(6_100, 10_000), share_of(5_000, 10_000),
    PairedEstimate(0.11, 0.003, (0.104, 0.116)), None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (PLAIN, "`pact by 2030` comes true in 6.4 ±0.5 % of timelines, about 1 in 16."),
        (GIVEN, ("Of the 400 of 10,000 timelines in which `thaw` is so: `pact by 2030` comes true "
            "in 25 ±4 % of timelines; of all timelines, in 6.4 ±0.5 %.")),
        (CHANGED, ("With `a.rate=1 per year`: `pact by 2030` comes true in 61.0 ±1.0 % of "
            "timelines; with everything as written, in 50.0 ±1.0 %. The difference is +11.0 ±0.6 "
            "points.")),
    ],
)  # fmt: skip
def test_the_answer_is_a_sentence(asked: AskedChance, told: str) -> None:
    assert sentence(asked) == told


def test_the_view_has_both_uncertainties_apart() -> None:
    view = asked_view(PLAIN)
    assert view.heading == (
        sentence(PLAIN),
        (
            "If we knew the 58 numbers and first levels that are written as uncertain, this chance "
            "would lie between 4.0 and 9.0 % nine times in ten."
        ),
        "small-3f9a2c1b: 10,000 timelines, seed 7",
    )
    rows = {row.title: row.cells[0].value for row in view.sections[0].rows}
    assert rows == {
        "Chance": 0.064,
        "Model uncertainty, 5th percentile": 0.04,
        "Model uncertainty, 95th percentile": 0.09,
    }


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, ""), (1.0, ""), (0.0001, ""), (0.064, ", about 1 in 16"), (0.33, ", about 1 in 3"),
        (0.6, ", about 3 in 5"), (0.97, ", all but about 1 in 33"),
    ],
)  # fmt: skip
def test_natural_frequencies(share: float, told: str) -> None:
    assert frequency(share) == told


def test_the_figure_shows_the_chances_on_the_band() -> None:
    sheet = asked_sheet(PLAIN)
    (ax,) = [one for one in sheet.figure.axes if one.patches]
    (band,) = ax.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((4, 9))  # type: ignore[attr-defined]  # a bar
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == pytest.approx([6.4])  # type: ignore[index]
    assert [text.get_text() for text in ax.texts if "%" in text.get_text()] == ["6.4 %"]
    assert ax.get_xlim() == (0, 10)


@pytest.mark.parametrize(("high", "last"), [(0.004, 1), (0.3, 50), (1.0, 100)])
def test_the_axis_of_the_figure_ends_where_the_data_do(high: float, last: float) -> None:
    band = Band((0.0, high), None, None, 58)
    sheet = asked_sheet(replace(PLAIN, chance=share_of(0, 4000), band=band))
    assert sheet.figure.axes[0].get_xlim() == (0, last)


def test_the_command_line_answers_of_a_shipped_name(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "small.yaml").write_text(WORLD, encoding="utf-8")
    done = coopsim(tmp_path, "ask", "small", "pact", "--runs", "1000", "--no-figures")
    assert done.returncode == 0
    assert done.stdout.startswith("`pact` comes true in ")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("words", [("check", "small"), ("run", "small"), ("trace", "small")])
def test_an_id_is_enough_where_the_scenario_is_shipped(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "small.yaml").write_text(WORLD, encoding="utf-8")
    more = ("--runs", "100", "--no-figures") if words[0] != "check" else ()
    assert coopsim(tmp_path, *words, *more).returncode == 0

"""What is asked: its chance where that is known, what evidence and changes do, its sentence."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from coopsim import api
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.estimates import share_of
from coopsim.errors import UsageError
from coopsim.experiments import variants
from coopsim.experiments.asking import AskedChance, AskedChances, Band
from coopsim.presentation.figures.asking import asked_sheet
from coopsim.presentation.views.asking import asked_view, frequency, sentences
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
  mood: {index: [{when: pact, weight: 1}]}
"""
YEARS = 3652 / 365.25  # from 2025-01-01 to 2034-12-31, both included


def alone(found: AskedChances) -> AskedChance:
    (one,) = found.answers
    return one


def off(found: AskedChances, chance: float) -> float:
    se = math.sqrt(chance * (1 - chance) / found.matches)
    return abs(alone(found).chance.share - chance) / se


# A hazard that comes within a year with chance 0.1 has come after T years with 1 - 0.9 ** T.
def test_a_chance_is_what_theory_says() -> None:
    asked = api.ask(api.load(data_of(WORLD)), "pact by 2034")
    assert off(asked, 1 - 0.9**YEARS) < STANDARD_ERRORS
    assert off(asked, 1 - 0.95**YEARS) > STANDARD_ERRORS  # it shows where the rate is another
    assert asked.matches == 4000
    assert alone(asked) == AskedChance("pact by 2034", alone(asked).chance)


# Without memory, what has not come in five years comes in the next five as if they were the first.
def test_evidence_chooses_among_timelines() -> None:
    asked = api.ask(api.load(data_of(WORLD)), "pact by 2034", given=["not pact by 2029"])
    left = YEARS - 1826 / 365.25
    assert off(asked, 1 - 0.9**left) < STANDARD_ERRORS
    one = alone(asked)
    assert one.written is not None
    assert one.change is not None
    assert one.change.value == pytest.approx(one.chance.share - one.written.share)
    assert one.change.interval is not None
    assert one.change.interval[1] < 0


def test_a_change_is_told_on_the_same_luck() -> None:
    loaded = api.load(data_of(WORLD))
    asked = api.ask(loaded, "pact by 2034", sets=["events.pact.rate=20 % within 1 year"])
    assert off(asked, 1 - 0.8**YEARS) < STANDARD_ERRORS
    one = alone(asked)
    assert one.written is not None
    assert one.change is not None
    assert one.change.value == pytest.approx(one.chance.share - one.written.share)
    # On the same luck whatever has come with the lower rate has come with the higher one.
    assert one.change.se is not None
    apart = math.hypot(one.chance.se, one.written.se)
    assert one.change.se < apart
    assert asked.hash != loaded.hash


# The band of a chance 1 - exp(-L T) whose rate L is uniform from 0.02 to 0.1 per year: its ends are
# those of the rate's 5th and 95th percentile, 0.024 and 0.096.
def test_the_band_is_that_of_what_we_do_not_know() -> None:
    rate = "{uniform: [0.02 per year, 0.1 per year]}"
    text = WORLD.replace("10 % within 1 year", rate)
    asked = api.ask(api.load(data_of(text)), "pact by 2034", "not pact by 2034", runs=1000)
    ends = [1 - math.exp(-rate * YEARS) for rate in (0.024, 0.096)]
    so, not_so = (one.band for one in asked.answers)
    assert so is not None
    assert not_so is not None
    assert so.ends == pytest.approx(ends, abs=0.05)
    assert not_so.ends == pytest.approx([1 - end for end in reversed(ends)], abs=0.05)
    assert so.numbers == 1


@pytest.mark.parametrize(
    ("statement", "given", "told"),
    [
        ("mood by 2030", [], "`mood by 2030` is a number, not a chance: write a statement"),
        ("pact", ["flight by 2025-01"], ("0 of 1,000 timelines match `flight by 2025-01`; at "
                                         "least 30 must match: use a broader condition, or "
                                         "simulate more: `--until 400` continues until that "
                                         "many match. `flight by 2025-01` holds in no "
                                         "timeline, though no single assumption makes it "
                                         "so: see `events.flight` (data)")),
    ],
)  # fmt: skip
def test_what_has_no_answer(statement: str, given: list[str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        api.ask(api.load(data_of(WORLD)), statement, given=given, runs=1000)
    assert str(error.value) == told


# --- timelines that are there, and more of them ---------------------------------------------------


def nothing_played(*_: object) -> NoReturn:
    raise AssertionError("nothing was to be simulated")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a scenario and its result."""
    folder = tmp_path_factory.mktemp("asking")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "small.yaml").write_text(WORLD, encoding="utf-8")
    api.run(folder / "scenarios" / "small.yaml", out=folder / "results", workers=1)
    return folder


ASKED = ("pact by 2030", "flight by 2032")
EVIDENCE = ["not pact by 2026"]


def test_the_timelines_of_a_result_are_not_played_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = api.ask(api.load(folder / "scenarios" / "small.yaml"), *ASKED, given=EVIDENCE)
    monkeypatch.setattr(variants, "simulate", nothing_played)
    stored = api.asked_of("small", folder / "results")
    assert api.ask(stored, *ASKED, given=EVIDENCE) == played
    assert api.ask(api.open_result("small", folder / "results"), *ASKED, given=EVIDENCE) == played


def test_without_firings_the_assumptions_of_a_result_are_played(tmp_path: Path) -> None:
    loaded = api.load(data_of(WORLD))
    result = api.run(loaded, runs=500, out=tmp_path, keep="firsts", workers=1)
    assert api.ask(api.asked_of("small", tmp_path), *ASKED) == api.ask(loaded, *ASKED, runs=500)
    assert api.ask(result, *ASKED) == api.ask(loaded, *ASKED, runs=500)


# Of a pact in the first year there are about 10 in 100: 400 of them take some 4,000 timelines.
def test_timelines_are_played_until_enough_agree(folder: Path) -> None:
    stored = api.asked_of("small", folder / "results")
    first = ["pact in 2025"]
    found = api.ask(stored, "flight", given=first, until=450)
    assert found.matches >= 450
    assert found.runs % 1000 == 0
    assert found == api.ask(stored, "flight", given=first, runs=found.runs)
    before = api.ask(stored, "flight", given=first, runs=found.runs - 1000)
    assert before.matches < 450
    changed = ["events.flight.rate=0.6 per year"]
    both = api.ask(stored, "flight", given=first, sets=changed, until=450)
    assert both == api.ask(stored, "flight", given=first, sets=changed, runs=both.runs)
    assert both.runs == found.runs


def test_a_search_that_ends_too_early_says_so(folder: Path) -> None:
    stored = api.asked_of("small", folder / "results")
    found = api.ask(stored, "flight", given=["pact in 2025"], until=900, most=4500)
    assert found.runs == 4500
    (warning,) = found.warnings
    assert warning == (
        f"stopped at 4,500 timelines with {found.matches} of the 900 matches asked for; --most "
        "raises that limit"
    )


def test_what_is_searched_for_has_to_be_given(folder: Path) -> None:
    with pytest.raises(UsageError) as error:
        api.ask(folder / "scenarios" / "small.yaml", "flight", until=400)
    assert str(error.value) == (
        "`--until` counts the timelines that agree with `--if`: say what is given"
    )
    with pytest.raises(UsageError) as error:
        api.ask(folder / "scenarios" / "small.yaml")
    assert str(error.value) == "say what is asked, such as `agreement_signed by 2035`"


# --- what is said ---------------------------------------------------------------------------------

PLAIN = AskedChances(
    "small", "3f9a2c1b", 7, 10_000, 10_000, (), (),
    (AskedChance("pact by 2030", share_of(640, 10_000),
        band=Band((0.04, 0.09), (0.035, 0.045), (0.085, 0.095), 58)),),
)  # fmt: skip
GIVEN = AskedChances(
    "small", "3f9a2c1b", 7, 10_000, 400, ("thaw",), (),
    (
        AskedChance("pact by 2030", share_of(100, 400), share_of(640, 10_000),
            PairedEstimate(0.186, 0.02, (0.146, 0.226))),
        AskedChance("flight", share_of(396, 400), share_of(9_880, 10_000),
            PairedEstimate(0.002, 0.005, (-0.008, 0.012))),
    ),
    ("only 399 timelines match",),
)  # fmt: skip
ALWAYS = replace(GIVEN, matches=10_000, answers=(
    AskedChance("flight", share_of(10_000, 10_000), share_of(10_000, 10_000),
        PairedEstimate(0.0, 0.0, (0.0, 0.0))),
))  # fmt: skip
CHANGED = AskedChances(
    "small", "3f9a2c1b", 7, 10_000, 10_000, (), ("a.rate=1 per year",),
    (AskedChance("pact by 2030", share_of(6_100, 10_000), share_of(5_000, 10_000),
        PairedEstimate(0.11, 0.003, (0.104, 0.116))),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (PLAIN, ["`pact by 2030` comes true in 6.4 ±0.5 % of timelines, about 1 in 16."]),
        (GIVEN, [("Of the 400 of 10,000 timelines in which `thaw` holds: `pact by 2030` comes true "
            "in 25 ±4 % of timelines; of all timelines, in 6.4 ±0.5 %. The difference is +19 ±4 "
            "points."), ("`flight` comes true in 99.0 ±1.5 % of timelines; of all timelines, in "
            "98.8 ±0.2 %. The difference is +0.2 ±1.0 points, which is within simulation "
            "error.")]),
        (ALWAYS, [("`thaw` holds in all 10,000 timelines, so it changes nothing: `flight` "
                   "comes true in all 10,000 timelines.")]),
        (CHANGED, [("With `a.rate=1 per year`: `pact by 2030` comes true in 61.0 ±1.0 % of "
            "timelines; with everything as written, in 50.0 ±1.0 %. The difference is +11.0 ±0.6 "
            "points.")]),
    ],
)  # fmt: skip
def test_an_answer_is_a_sentence(asked: AskedChances, told: list[str]) -> None:
    assert sentences(asked) == told


def test_the_view_has_both_uncertainties_apart() -> None:
    view = asked_view(PLAIN)
    assert view.heading == (
        *sentences(PLAIN),
        (
            "Model uncertainty: depending on the 58 numbers and starting levels that are written "
            "as uncertain, the chance is between 4.0 and 9.0 % nine times in ten."
        ),
        "small-3f9a2c1b: 10,000 timelines, seed 7",
    )
    rows = {row.title: row.cells[0].value for row in view.sections[0].rows}
    assert rows == {
        "Chance": 0.064,
        "Model uncertainty, 5th percentile": 0.04,
        "Model uncertainty, 95th percentile": 0.09,
    }


def test_several_answers_have_a_section_each() -> None:
    view = asked_view(GIVEN)
    about = "small-3f9a2c1b: 10,000 timelines, seed 7"
    assert view.heading == (*sentences(GIVEN), about, "warning: only 399 timelines match")
    assert [section.title for section in view.sections] == ["pact by 2030", "flight"]
    titles = [row.title for section in view.sections for row in section.rows]
    assert titles == ["Given that", "Of all timelines", "Difference, points"] * 2


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


def test_the_figure_has_a_row_for_each_chance() -> None:
    (ax,) = [one for one in asked_sheet(GIVEN).figure.axes if one.lines]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["pact by 2030", "Of all timelines", "flight", "Of all timelines"]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]  # type: ignore[index]
    assert dots == pytest.approx([25, 6.4, 99, 98.8])
    # What a chance is held against is hollow, which shows in grey, too.
    fills = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"]
    assert [fill == "white" for fill in fills] == [False, True, False, True]


@pytest.mark.parametrize(
    ("asked", "heading", "about"),
    [
        (PLAIN, '"pact by 2030" comes true in 6.4 ±0.5 % of timelines, about 1 in 16.',
            ("Dot: the chance; whisker: 95 % simulation error. Bar: model uncertainty, its 90 % "
                "range")),
        (GIVEN, 'Of the 400 of 10,000 timelines in which "thaw" holds',
            "Dot: the chance (hollow: of all timelines); whisker: 95 % simulation error"),
        (replace(PLAIN, answers=PLAIN.answers * 2), "The chances of 2 statements",
            ("Dot: the chance; whisker: 95 % simulation error. Bar: model uncertainty, its 90 % "
                "range")),
    ],
)  # fmt: skip
def test_the_figure_is_titled_by_its_answer(asked: AskedChances, heading: str, about: str) -> None:
    texts = {text.get_text().replace("\n", " ") for text in asked_sheet(asked).figure.texts}
    texts = {text.replace("\xa0", " ") for text in texts}
    assert {heading, about} <= texts


@pytest.mark.parametrize(("high", "last"), [(0.004, 1), (0.3, 50), (1.0, 100)])
def test_the_axis_of_the_figure_ends_where_the_data_do(high: float, last: float) -> None:
    band = Band((0.0, high), None, None, 58)
    answer = AskedChance("pact by 2030", share_of(0, 4000), band=band)
    sheet = asked_sheet(replace(PLAIN, answers=(answer,)))
    assert sheet.figure.axes[0].get_xlim() == (0, last)


def test_the_command_line_answers_of_a_shipped_name(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "small.yaml").write_text(WORLD, encoding="utf-8")
    done = coopsim(tmp_path, "ask", "small", "pact", "--runs", "1000", "--no-figures")
    assert done.returncode == 0
    assert done.stdout.startswith("`pact` comes true in ")
    assert not (tmp_path / "results").exists()


def test_the_command_line_answers_several_of_a_result(folder: Path) -> None:
    asked = ("ask", "small", *ASKED, "--if", *EVIDENCE)
    done = coopsim(folder, *asked, "--set", "events.pact.rate=20 % within 1 year")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.index("`pact by 2030` comes"), done.stdout.index("`flight by 2032")
    assert first < second
    assert len(list(folder.glob("results/ask-small-*/answer.png"))) == 1
    found = json.loads(coopsim(folder, *asked, "--json").stdout)
    assert [one["statement"] for one in found["answers"]] == list(ASKED)
    assert found["runs"] == 4000


@pytest.mark.parametrize("words", [("check", "small"), ("run", "small"), ("trace", "small")])
def test_an_id_is_enough_where_the_scenario_is_shipped(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "small.yaml").write_text(WORLD, encoding="utf-8")
    more = ("--runs", "100", "--no-figures") if words[0] != "check" else ()
    assert coopsim(tmp_path, *words, *more).returncode == 0

"""The live page's answers: whose they are, how many timelines, and what stops them."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from itertools import zip_longest
from pathlib import Path

import pytest

from coopsim import api
from coopsim.api.registry import folder_of, save
from coopsim.errors import ScenarioError, StoppedError
from coopsim.live.desk import Desk
from coopsim.live.panel import ControlPanel
from coopsim.live.stops import stops
from coopsim.live.watching import folders_of
from coopsim.live.wishes import LiveWish
from coopsim.live.worker import Worker
from coopsim.presentation.pages.controls import Control
from coopsim.scenario.loading import Loaded
from coopsim.scenario.sources.assumptions import Assumption
from coopsim.simulation.workers.playing import Cancelled, never
from small_live import SMALL_LIVE

TAKES = "events.flight.takes"
START = 1_754_352_000  # 2025-08-05


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "small.yaml"
    made.write_text(SMALL_LIVE)
    return made


@pytest.fixture
def desk(file: Path) -> Desk:
    return Desk(str(file), file.parent / "results")


def wish(**settings: str) -> LiveWish:
    names = {"takes": TAKES, "rate": "events.decree.rate.warm"}
    return LiveWish(settings={names.get(name, name): value for name, value in settings.items()})


# --- the worker ---------------------------------------------------------------------------------


def test_the_newest_stops_what_an_older_one_began_and_what_waits_never_begins() -> None:
    worker, begun = Worker(), threading.Event()
    played: list[str] = []

    def long(cancelled: Cancelled) -> str:
        begun.set()
        while not cancelled():
            time.sleep(0.001)
        raise StoppedError("stopped")

    def quick(name: str) -> str:
        played.append(name)
        return name

    first = worker.newest(long)
    assert begun.wait(5)
    assert not worker.idle
    second = worker.newest(lambda _: quick("second"))
    third = worker.newest(lambda _: quick("third"))
    assert third.result(5) == "third"
    for given_up in (first, second):
        with pytest.raises(StoppedError):
            given_up.result(5)
    assert played == ["third"]
    worker.close()


def test_what_is_done_aside_stops_for_a_question_and_stops_none() -> None:
    worker, begun = Worker(), threading.Event()

    def long(cancelled: Cancelled) -> None:
        begun.set()
        while not cancelled():
            time.sleep(0.001)
        raise StoppedError("stopped")

    aside = worker.aside(long)
    assert begun.wait(5)
    assert worker.idle
    assert worker.newest(lambda _: 7).result(5) == 7
    with pytest.raises(StoppedError):
        aside.result(5)
    assert worker.newest(lambda cancelled: cancelled()).result(5) is False
    worker.close()


def test_timelines_of_a_stale_change_are_not_played_to_the_end(file: Path) -> None:
    file.write_text(SMALL_LIVE.replace("runs: 300", "runs: 20000"))
    desk, asked = Desk(str(file), file.parent), []

    def cancelled() -> bool:
        asked.append(True)
        return True

    with pytest.raises(StoppedError, match=r"stopped: 1,000 of 20,000 timelines were simulated"):
        desk.reply(LiveWish(settings={TAKES: "2 to 3 years"}, stage="whole"), cancelled)
    assert len(asked) == 1


# --- the desk -----------------------------------------------------------------------------------


def test_a_change_is_answered_with_a_thousand_timelines_first(file: Path) -> None:
    file.write_text(SMALL_LIVE.replace("runs: 300", "runs: 3000"))
    desk = Desk(str(file), file.parent)
    first = desk.reply(wish(takes="2 to 3 years"), never)
    assert (first.fragments["status"], first.then) == (
        "1,000 timelines; 3,000 timelines follow",
        "whole",
    )
    whole = desk.reply(LiveWish(settings={TAKES: "2 to 3 years"}, stage="whole"), never)
    assert (whole.fragments["status"], whole.then) == ("3,000 timelines", "rest")
    rest = desk.reply(LiveWish(settings={TAKES: "2 to 3 years"}, stage="rest"), never)
    assert (list(rest.fragments), rest.then) == (["shown"], "")


def test_no_answer_takes_more_than_twenty_thousand_timelines(file: Path) -> None:
    file.write_text(SMALL_LIVE.replace("runs: 300", "runs: 20001"))
    desk = Desk(str(file), file.parent)
    assert desk.base.played.runs == 20_000
    told = desk.reply(wish(takes="2 to 3 years", runs="1000000"), never)
    assert told.fragments["status"] == "1,000 timelines; 20,000 timelines follow"
    assert "--runs 20000</pre>" in told.fragments["changes"]


def test_what_a_file_may_not_say_is_told_behind_the_answer_which_is_taken_back(file: Path) -> None:
    dates = "rate: 1 per year\n    from: 2027-01-01\n    until: 2030-01-01"
    file.write_text(SMALL_LIVE.replace("takes: 1 to 2 years\n    after: [decree]", dates))
    desk = Desk(str(file), file.parent)
    before = desk.reply(LiveWish(), never).fragments["headlines"]
    settings = {"events.flight.until": "2026-06-30"}
    first = desk.reply(LiveWish(settings=settings), never)
    assert first.then == "rest"
    assert first.fragments["headlines"] != before
    rest = desk.reply(LiveWish(settings=settings, stage="rest"), never)
    assert (sorted(rest.fragments), rest.then) == (["headlines", "problems"], "")
    told = "--set events.flight.until=2026-06-30: error: events.flight.until: found 2026-06-30"
    assert told in rest.fragments["problems"]
    assert rest.fragments["headlines"] == before


@pytest.mark.slow
def test_what_is_revised_quickly_is_what_a_file_would_say() -> None:
    file = Path("scenarios/baseline.yaml")
    loaded = api.load(file)
    panel = ControlPanel(loaded, api.sources(file), api.influences(loaded), Path("no-results"))
    plain = [one for one in panel.movable if one.kind != "chance" and "plans." not in one.path]
    moved = {one.path: one.stops[-1] for one in plain if "{" not in one.written + "["}
    assert len(moved) > 50
    for beside in (dict([each]) for each in list(moved.items())[::8]):
        quick, whole = (
            loaded.revised(beside),
            loaded.having([f"{p}={v}" for p, v in beside.items()]),
        )
        assert (quick.hash, quick.sets) == (whole.hash, whole.sets)


def test_what_was_answered_before_is_there_at_once(desk: Desk) -> None:
    first = desk.reply(wish(takes="2 to 3 years"), never)
    desk.reply(LiveWish(), never)
    assert desk.reply(wish(takes="2 to 3 years"), never) is first
    desk.read_again()
    assert desk.reply(wish(takes="2 to 3 years"), never) is not first


def test_the_command_answers_the_same(desk: Desk, file: Path) -> None:
    told = desk.reply(wish(takes="2 to 3 years"), never).fragments["changes"]
    command = f"coopsim run {file} --set '{TAKES}=2 to 3 years'"
    assert command.replace("'", "&#39;") in told
    assert shlex.split(command)[-1] == f"{TAKES}=2 to 3 years"


def test_what_is_asked_otherwise_changes_no_timeline(desk: Desk) -> None:
    told = desk.reply(wish(**{"outcomes.flies.by": "2028-12-31"}), never).fragments
    assert "have another answer" not in told["headlines"]
    assert told["title"].endswith(", changed by you")


def test_settings_read_no_file(desk: Desk) -> None:
    told = desk.reply(wish(extends="/etc/passwd"), never)
    assert list(told.fragments) == ["problems"]
    assert "root:" not in told.fragments["problems"]
    assert "extends" in told.fragments["problems"]


def test_another_luck_is_not_compared(desk: Desk) -> None:
    told = desk.reply(wish(seed="8"), never)
    assert "they do not share luck, so no timeline can be compared" in told.fragments["problems"]


def test_chances_beside_one_that_is_moved_are_scaled_and_it_is_said(file: Path) -> None:
    chances = (
        "    outcomes: {signed: {chance: 0.5}, dropped: {chance: 0.3}, delayed: {chance: 0.2}}\n"
    )
    file.write_text(
        SMALL_LIVE.replace("    judgement: For a <b>", f"{chances}    judgement: For a <b>")
    )
    desk = Desk(str(file), file.parent)
    told = desk.reply(wish(**{"events.decree.outcomes.signed.chance": "0.75"}), never)
    scaled = "the others are scaled in proportion, dropped to 0.15 and delayed to 0.1"
    assert f"chances that sum to 1: {scaled}" in told.fragments["changes"]


def test_a_result_is_asked_as_well_and_gives_a_whole_scenario(file: Path, tmp_path: Path) -> None:
    result = api.run(file, runs=200, out=tmp_path / "results")
    desk = Desk(result.name, tmp_path / "results")
    assert desk.file is None
    assert desk.base.name == result.name
    told = desk.reply(wish(takes="2 to 3 years"), never).fragments["changes"]
    assert f"coopsim run {result.folder / 'scenario.yaml'} --set" in told
    child = desk.child(wish(takes="2 to 3 years"))
    made = api.load_text(child.text)
    assert (child.name, made.scenario.scenario) == ("small_changed.yaml", "small_changed")
    assert str(made.tree["events"]["flight"]["takes"]) == "2 to 3 years"


def test_a_file_with_problems_leaves_the_answers_of_before(desk: Desk, file: Path) -> None:
    before = desk.reply(LiveWish(), never).fragments["headlines"]
    file.write_text(SMALL_LIVE.replace("[cold, warm]", "[cold, cold]"))
    desk.read_again()
    assert desk.version == 2
    problems = desk.news()["file-problems"]
    assert f"{file} has problems; the page shows what it said before:" in problems
    assert f"<code>{file}:" in problems
    assert desk.reply(LiveWish(), never).fragments["headlines"] == before
    file.write_text(SMALL_LIVE)
    desk.read_again()
    assert desk.news()["file-problems"].strip() == ""
    file.unlink()
    desk.read_again()
    assert "no such file" in desk.news()["file-problems"]


def test_every_folder_of_a_scenario_is_watched() -> None:
    file = Path("scenarios/thaw.yaml")
    found = {folder.resolve() for folder in folders_of(file, api.load(file).tree)}
    assert found == {Path(one).resolve() for one in ("scenarios", "scenarios/baseline", "seeds")}


def test_the_reason_of_each_change_has_its_line(desk: Desk) -> None:
    text = desk.child(wish(takes="2 to 3 years", rate="1 per year")).text
    assert text.splitlines()[:3] == [
        f"# Changed by a reader of coopsim live, from {desk.base.name}. Why:",
        f"# {TAKES}: 2 to 3 years, was 1 to 2 years, because ...",
        "# events.decree.rate.warm: 1 per year, was 0.6 per year, because ...",
    ]


def test_a_report_is_that_of_the_scenario_that_is_downloaded(desk: Desk, file: Path) -> None:
    asked = wish(takes="2 to 3 years")
    taken = desk.report(asked, never)
    assert (taken.name, taken.kind) == ("small_changed.html", "text/html")
    child = file.with_name("small_changed.yaml")
    child.write_text(desk.child(asked).text)
    played = api.play(file), api.play(child)
    assert taken.text == api.report(played, support=api.sources(file))
    assert ", changed by a reader" in taken.text


def test_a_report_of_what_is_written_is_of_that_alone(desk: Desk, file: Path) -> None:
    taken = desk.report(LiveWish(given=["decree by 2028"]), never)
    assert taken.name == "small.html"
    assert taken.text == api.report([api.play(file)], support=api.sources(file))


def test_a_report_is_given_up_for_what_is_newer(desk: Desk) -> None:
    with pytest.raises(StoppedError):
        desk.report(wish(takes="2 to 3 years"), lambda: True)


def test_a_remark_stays_one_line(desk: Desk) -> None:
    text = desk.child(LiveWish(settings={TAKES: "'2 to\n  3 years'"})).text
    assert text.splitlines()[1].endswith("3 years', was 1 to 2 years, because ...")
    assert text.splitlines()[2] == "scenario: small_changed"


# --- the assumptions ----------------------------------------------------------------------------


def test_what_moves_the_answers_most_is_offered_first_once_it_is_measured(desk: Desk) -> None:
    panel = desk.base.panel
    nearest = [one.path for one in panel.offered()]
    assert nearest[0] == TAKES
    while not panel.ranking.known:
        desk.measure(never)
    assert desk.version == 2
    assert "These move the answers most" in desk.news()["controls"]
    assert "Measured on 200 timelines of each low and high." in desk.news()["controls"]
    found = api.sensitivity(desk.base.loaded, ["flies"], runs=200).assumptions
    most = max(found, key=lambda one: abs(one.effects["flies"].span.value))
    assert panel.offered()[0].path == most.path
    assert not any(one.path.startswith("drivers.climate.initial") for one in panel.offered())


def test_measuring_stops_for_a_question_and_goes_on_afterwards(desk: Desk) -> None:
    with pytest.raises(StoppedError):
        desk.measure(lambda: True)
    assert not desk.base.panel.ranking.known
    while not desk.base.panel.ranking.known:
        desk.measure(never)


def kept(found: api.Answer, results: Path) -> Path:
    folder = folder_of(found, results)
    folder.mkdir(parents=True)
    save(found, (), folder)
    return folder


def test_a_sensitivity_that_was_kept_says_what_moves_the_answers(file: Path) -> None:
    results = file.parent / "results"
    kept(api.sensitivity(file, runs=100), results)
    most = api.sensitivity(file, runs=150)
    folder = kept(most, results)
    ranking = Desk(str(file), results).base.panel.ranking
    assert ranking.known
    assert ranking.about == f"From {folder.name}: 150 timelines of each low and high."
    for one in most.assumptions:
        span = one.effects["flies"].span
        assert ranking.effect(one.path) == (abs(span.value) if span.told_from_zero else 0)
    panel = Desk(str(file), results).base.panel
    assert panel.offered()[0].path == max(
        most.assumptions, key=lambda one: abs(one.effects["flies"].span.value)
    ).path  # fmt: skip


def test_what_was_kept_of_less_or_of_other_assumptions_is_passed_over(file: Path) -> None:
    results = file.parent / "results"
    kept(api.sensitivity(file, ["climate = warm"], runs=100), results)  # no headline question
    kept(api.sensitivity(file, runs=100, only=["events."]), results)
    kept(api.sensitivity(api.load(file, ["seed=8"]), runs=100), results)
    broken = kept(api.sensitivity(file, runs=100), results) / "answer.json"
    assert Desk(str(file), results).base.panel.ranking.known
    whole = broken.read_text()
    damaged = (
        whole[:-9],
        whole.replace('"runs": 100', '"runs": 0'),
        "[]",
        whole.replace(f'"hash": "{api.load(file).hash}"', '"hash": "00000000"'),
    )
    for text in damaged:
        broken.write_text(text)
        assert not Desk(str(file), results).base.panel.ranking.known


PLAN = """\
plans:
  flight:
    title: The flight as announced
    official: 2027
    event: flight
    reviews: every 6 to 12 months
    slips: {none: 60 %, half a year: 30 %, a year: 10 %}
    judgement: For a test.
events:
"""


def test_the_numbers_of_a_plan_are_ranked(file: Path) -> None:
    text = SMALL_LIVE.replace("events:\n", PLAN).replace(
        "    after: [decree]\n",
        "    after: [decree]\n    when: flight_official < 2028-H1\n",
    )
    file.write_text(text)
    desk = Desk(str(file), file.parent)
    ranking = desk.base.panel.ranking
    while not ranking.known:
        desk.measure(never)
    found = {one.path: one for one in api.sensitivity(file, ["flies"], runs=200).assumptions}
    made = {
        "plans.flight.official": "drivers.flight_official.initial",
        "plans.flight.reviews": "events.flight_reviewed.takes",
        "plans.flight.slips.none": "events.flight_reviewed.outcomes.none.chance",
    }
    for written, path in made.items():
        span = found[path].effects["flies"].span
        assert ranking.effect(written) == (abs(span.value) if span.told_from_zero else 0)
    assert ranking.effect("plans.flight.official") > 0
    assert "plans.flight.official" in [one.path for one in desk.base.panel.offered()[:3]]


def test_a_search_wants_all_words(desk: Desk) -> None:
    panel = desk.base.panel
    assert [one.path for one in panel.found("DECREE warm")] == ["events.decree.rate.warm"]
    assert panel.found("decree nothing") == panel.found(" ") == ()
    assert "nothing found" in desk.found("decree nothing")


def assumption(kind: str, value: str) -> Assumption:
    return Assumption("events.x.y", value, kind, "events.x", None, (), None, None)


@pytest.mark.parametrize(
    ("kind", "value", "lower", "higher"),
    [
        ("rate", "0.5 to 1.1 per year", "0.25 to 0.55 per year", "1 to 2.2 per year"),
        ("duration", "6 to 12 months", "3 to 6 months", "12 to 24 months"),
        ("factor", "1", "0.5", "2"),
        ("chance", "60 %", "27.3 %", "85.7 %"),
        ("chance", "0.2", "0.0588", "0.5"),
        ("date", "2030", "2026", "2034"),
        ("date", "2030-05", "2029-05", "2031-05"),
        ("date", "2030-12-31", "2029-12-31", "2031-12-31"),
        ("date", "2029 to 2030", "2025 to 2026", "2033 to 2034"),
    ],
)
def test_four_steps_of_a_slider(kind: str, value: str, lower: str, higher: str) -> None:
    found = stops([assumption(kind, value)], 0)
    here = found.index(value)
    assert (found[here - 4], found[here + 4]) == (lower, higher)
    assert len(found) == 17


def test_a_slider_moves_no_date_before_the_start() -> None:
    found = stops([assumption("date", "2027-02")], START)
    assert found[0] == "2025-11"  # August begins before the start
    assert stops([assumption("date", "2025-08-05")], START)[0] == "2025-08-05"


@pytest.mark.parametrize(
    ("kind", "value"), [("weight", "35"), ("levels", "-1"), ("share", "0.5"), ("number", "0.4")]
)
def test_some_kinds_have_no_slider(kind: str, value: str) -> None:
    assert stops([assumption(kind, value)], 0) == ()


def test_a_chance_beside_a_rest_is_moved_as_far_as_that_gives_way(file: Path) -> None:
    chances = (
        "    outcomes: {signed: {chance: 60 %}, late: {chance: 0.3}, dropped: {chance: rest}}\n"
    )
    file.write_text(
        SMALL_LIVE.replace("    judgement: For a <b>", f"{chances}    judgement: For a <b>")
    )
    panel = Desk(str(file), file.parent).base.panel
    at = panel.at([f"events.decree.outcomes.{name}.chance" for name in ("signed", "late")])
    signed, late = at.values()
    assert (signed.stops[-2:], late.stops[-1]) == (("60 %", "68 %"), "0.377")
    assert stops([assumption("chance", "0.3 to 0.5")], 0, 0.7)[-1] == "0.462 to 0.667"


def faulty(loaded: Loaded, settings: list[str]) -> list[str]:
    """Find the settings that cannot stand, each beside nothing else that is set."""
    try:
        loaded.having(settings)
    except ScenarioError:
        if len(settings) == 1:
            return settings
        half = len(settings) // 2
        return faulty(loaded, settings[:half]) + faulty(loaded, settings[half:])
    return []


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(Path("scenarios").glob("*.yaml")), ids=lambda one: one.stem)
def test_no_place_of_a_slider_is_a_problem(file: Path) -> None:
    """All are moved at once, but for those of one entry, whose chances bound each other."""
    loaded = api.load(file)
    panel = ControlPanel(loaded, api.sources(file), api.influences(loaded), Path("no-results"))
    entries: dict[str, list[Control]] = {}
    for one in panel.movable:
        assert one.written in one.stops
        entries.setdefault(".".join(one.path.split(".")[:2]), []).append(one)
    assert len(entries) > 20
    for beside in zip_longest(*entries.values()):
        moved = [one for one in beside if one is not None]
        places = range(-1, 16) if file.stem == "baseline" else (0, -1)  # 17 places at most
        for place in places:
            at = [(one, one.stops[min(place, len(one.stops) - 1)]) for one in moved]
            assert faulty(loaded, [f"{one.path}={text}" for one, text in at]) == []


def test_a_value_of_several_numbers_moves_as_a_whole(file: Path) -> None:
    file.write_text(
        SMALL_LIVE.replace("1 to 2 years", "{low: 1 year, likely: 2 years, high: 4 years}").replace(
            "{rate: 0.5 per year}", "{rate: {uniform: [0.2 per year, 0.6 per year]}}"
        )
    )
    desk = Desk(str(file), file.parent)
    (takes,) = desk.base.panel.found("flight takes")
    assert (takes.path, takes.written) == (TAKES, "{low: 1 year, likely: 2 years, high: 4 years}")
    assert takes.stops[4] == "{low: 0.5 years, likely: 1 year, high: 2 years}"
    (rate,) = desk.base.panel.found("climate rate")
    assert rate.path == "drivers.climate.switches.cold -> warm.rate.uniform"
    assert rate.stops[-1] == "[0.8 per year, 2.4 per year]"
    settings = {takes.path: takes.stops[0], rate.path: rate.stops[-1]}
    told = desk.reply(LiveWish(settings=settings), never).fragments
    assert "have another answer" in told["headlines"]
    shown = desk.reply(LiveWish(settings=settings, stage="rest", tab="assumptions"), never)
    assert shown.fragments["shown"].count("yours") == 2


# --- the command --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_serves_until_ctrl_c(file: Path) -> None:
    command = [sys.executable, "-m", "coopsim", "live", str(file), "--no-open"]
    with subprocess.Popen(
        command, cwd=file.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        link = served.stdout.readline().strip()
        assert served.stdout.readline() == "This link is for this machine. Ctrl-C ends the page.\n"
        with urllib.request.urlopen(link.partition("#")[0], timeout=20) as page:
            assert page.status == 200
            assert link.partition("=")[2] not in page.read().decode()
        served.send_signal(signal.SIGINT)
        out, errors = served.communicate(timeout=20)
    assert (served.returncode, out, errors) == (0, "", "")
    assert [one.name for one in file.parent.iterdir()] == ["small.yaml"]  # nothing was written


def test_what_is_no_scenario_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as told:
        Desk("nothing-of-this-name", tmp_path)
    assert str(told.value) == (
        "nothing-of-this-name: error: found no such file, expected a scenario file"
    )

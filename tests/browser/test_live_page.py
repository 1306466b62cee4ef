"""The live page in a real browser: moved, undone, mailed, broken and read by keyboard."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from browser_pages import browser
from coopsim import api
from coopsim.presentation.views.comparison import number_cells
from coopsim.presentation.views.given import given_view
from coopsim.presentation.words.headlines import headlines
from coopsim.presentation.words.wording import Wording
from live_pages import NBSP, Served, answered, run_with, serving, shown
from small_live import SMALL_LIVE

pytestmark = pytest.mark.slow
__all__ = ["browser"]  # a fixture

TAKES = "events.flight.takes"
SLIDER = f'input[type=range][data-path="{TAKES}"]'
FIELD = f'input[type=text][data-path="{TAKES}"]'
TITLE = "A small world <script>alert(1)</script>"
FOCUSED = "(at => at.dataset.path ?? at.dataset.tab ?? at.id)(document.activeElement)"
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL_LIVE)
    with serving(file) as found:
        yield found


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:  # noqa: ARG001  # ends after it
    context = browser.new_context(viewport=DESKTOP, accept_downloads=True)
    made = context.new_page()
    told: list[str] = []
    made.on("console", lambda message: told.append(message.text))
    made.on("pageerror", lambda error: told.append(str(error)))
    yield made
    context.close()
    assert [one for one in told if "409" not in one] == []  # a browser tells of what is given up


def opened(page: Page, served: Served) -> None:
    page.goto(served.link)
    answered(page)
    expect(page.locator(SLIDER)).to_be_visible()


def test_a_slider_answers_as_run_with_set_does_to_the_last_digit(
    page: Page, served: Served
) -> None:
    opened(page, served)
    slider = page.locator(SLIDER)
    slider.focus()
    for _ in range(4):
        slider.press("ArrowLeft")
    answered(page)
    expect(slider).to_have_attribute("aria-valuetext", "0.5 to 1 year")
    assert shown(page) == run_with(served.file, f"{TAKES}=0.5 to 1 year")
    expect(page.locator("#title")).to_have_text(f"{TITLE}, changed by you")
    assert page.title().endswith(", changed by you")
    assert "changed_by" not in page.url


def test_the_command_that_the_page_gives_prints_the_same_digits(page: Page, served: Served) -> None:
    opened(page, served)
    for _ in range(4):
        page.locator(SLIDER).press("ArrowLeft")
    answered(page)
    page.locator("#changes summary").click()
    command = shlex.split(page.locator("#changes pre").inner_text())
    run = ["coopsim", "run", str(served.file)]
    assert command == [*run, "--set", f"{TAKES}=0.5 to 1 year"]
    base, now = (
        printed(one, served).split("Result: results/")[1].split()[0] for one in (run, command)
    )
    told = printed(["coopsim", "compare", base, now, "--no-figures"], served)
    _, written, changed = told[told.index("\nA joint flight\n") :].strip().splitlines()[:3]
    before, after = (re.split(r"  +", line.strip())[1:] for line in (written, changed))
    chance, median = (
        row.locator("td.number").all_inner_texts()
        for row in page.locator("table.now tbody tr").all()[:2]
    )
    assert chance == [f"{before[0]}{NBSP}%", f"{after[0]}{NBSP}%", f"{after[1]} points"]
    assert median == [before[1], after[2], f"{after[3]} years"]
    assert after[1] != "~0"


def printed(command: list[str], served: Served) -> str:
    """Run the installed command in the scenario's folder, with results of its own."""
    program = Path(sys.executable).with_name(command[0])
    wide = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        [program, *command[1:]], cwd=served.file.parent, env=wide, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout


def test_the_density_moves_with_its_slider_and_back(page: Page, served: Served) -> None:
    opened(page, served)
    shape = page.locator(f'#controls [data-density="{TAKES}"]')
    name = "Density of A joint flight: how long it takes."
    written = f"{name} As written: median 1.41 years, nine in ten from 1 to 2 years."
    expect(shape.get_by_role("img", name=written, exact=True)).to_be_visible()
    before = shape.inner_html()
    for _ in range(4):
        page.locator(SLIDER).press("ArrowRight")
    answered(page)
    moved = f"{written} Now: median 2.83 years, nine in ten from 2 to 4 years."
    expect(shape.get_by_role("img", name=moved, exact=True)).to_be_visible()
    expect(shape).to_contain_text("now 2 to 4 years; dashed, as written: 1 to 2 years")
    page.get_by_role("searchbox", name="Search").fill("flight takes")
    again = page.locator("#found").get_by_role("img", name=moved, exact=True)
    expect(again).to_be_visible()  # what is found is drawn as it was set
    page.get_by_role("button", name="All as written").click()
    answered(page)
    assert shape.inner_html() == before
    expect(again).to_have_count(0)


def test_a_field_takes_what_set_takes_and_undo_takes_it_back(page: Page, served: Served) -> None:
    opened(page, served)
    before = page.locator("#headlines").inner_text()
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    answered(page)
    assert shown(page) == run_with(served.file, f"{TAKES}=3 to 5 years")
    expect(page.locator("#changes pre")).to_have_text(
        f"coopsim run {served.file} --set '{TAKES}=3 to 5 years'\n"
    )
    page.get_by_role("button", name="Undo").click()
    answered(page)
    assert page.locator("#headlines").inner_text() == before
    expect(page.locator(FIELD)).to_have_value("1 to 2 years")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_what_cannot_be_set_is_told_and_the_answers_stay(page: Page, served: Served) -> None:
    opened(page, served)
    before = page.locator("#headlines").inner_text()
    page.locator(FIELD).fill("soon")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#problems")).to_contain_text(f"--set {TAKES}=soon: error: {TAKES}: found")
    assert page.locator("#headlines").inner_text() == before


def test_a_number_that_was_changed_is_the_readers(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    page.get_by_role("button", name="Who says so").click()
    answered(page)
    entries = page.locator(".group > details > summary")
    expect(entries.filter(has_text="A joint flight")).to_contain_text("yours")
    expect(entries.filter(has_text="A decree is signed")).to_contain_text("judgement alone")
    entries.filter(has_text="A joint flight").press("Enter")
    page.locator(".group").get_by_role("button", name=TAKES.removeprefix("events.flight")).click()
    expect(page.locator(".opened")).to_contain_text(f"--set '{TAKES}=3 to 5 years'yours")


def test_evidence_chooses_as_given_does(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_label("Statement").fill("decree by 2028")
    page.get_by_label("Statement").press("Enter")
    answered(page)
    played = api.play(served.file)
    found = api.given(played, ["decree by 2028"])
    expect(page.locator("#evidence")).to_contain_text(f"{found.matches} of 300 timelines match")
    page.locator("#evidence summary").click()
    told = given_view(found, played.scenario).sections[1].rows[0]
    row = page.locator("#evidence table", has_text="difference").locator("tbody tr").first
    expect(row.locator("th")).to_have_text(told.title)
    assert row.locator("td").all_inner_texts() == [
        f"{cell.text} {cell.mark}".strip() for cell in told.cells
    ]
    page.get_by_role("button", name="Remove").click()
    answered(page)
    expect(page.locator("#evidence")).to_be_empty()


def test_a_problem_is_shown_at_its_line_and_what_is_saved_is_answered(
    page: Page, served: Served
) -> None:
    opened(page, served)
    before = page.locator("#headlines").inner_text()
    served.file.write_text(SMALL_LIVE.replace("1 to 2 years", "1 to 2 yars"))
    line = SMALL_LIVE.splitlines().index("    takes: 1 to 2 years") + 1
    expect(page.locator("#file-problems")).to_contain_text(
        f"{served.file}:{line}: error: {TAKES}: found '1 to 2 yars'", timeout=15_000
    )
    assert page.locator("#headlines").inner_text() == before
    served.file.write_text(SMALL_LIVE.replace("1 to 2 years", "4 to 5 years"))
    expect(page.locator("#file-problems")).to_be_empty(timeout=15_000)
    expect(page.locator(FIELD)).to_have_value("4 to 5 years")
    answered(page)
    assert page.locator("#headlines").inner_text() != before


def test_a_link_that_was_copied_shows_the_same_again(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    answered(page)
    said = page.locator("#headlines").inner_text()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#done")).not_to_be_empty()
    link = page.url
    assert "#changed-by-a-reader=" in link
    assert served.link.split("=")[1] not in link
    page.goto("about:blank")
    page.goto(link)  # the same tab still has the secret
    answered(page)
    assert page.locator("#headlines").inner_text() == said
    expect(page.locator("#notice")).to_be_empty()
    served.file.write_text(SMALL_LIVE.replace("0.5 per year", "0.7 per year"))
    expect(page.locator("#source")).not_to_contain_text(said_of(link), timeout=15_000)
    page.goto("about:blank")
    page.goto(link)
    answered(page)
    expect(page.locator("#notice")).to_contain_text("The link is of small-")


def test_a_link_opened_in_another_tab_is_answered_there(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    answered(page)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#done")).not_to_be_empty()
    other = page.context.new_page()
    other.goto(page.url)
    answered(other)
    assert shown(other) == shown(page)
    expect(other.locator("#locked")).to_be_hidden()


def test_a_screen_reader_is_led_as_the_documentation_says(page: Page, served: Served) -> None:
    opened(page, served)
    # Until it is measured what moves the answers, the first assumptions are those nearest to them.
    expect(page.get_by_role("heading", name="These move the answers most")).to_be_visible(
        timeout=60_000
    )
    headings = page.get_by_role("heading").all_inner_texts()
    assert [one.partition(" 300")[0].strip() for one in headings] == [
        TITLE, "Answers now", "Given that", "All answers", "Assumptions",
        "These move the answers most", "All others",
    ]  # fmt: skip
    assert page.get_by_role("slider", name="A joint flight: how long it takes").get_attribute(
        "aria-valuetext"
    ) == "1 to 2 years"  # fmt: skip


@pytest.mark.parametrize(
    "state", ["", "%%%", "e30", "bnVsbA", "eyJzZXR0aW5ncyI6NywiZ2l2ZW4iOlsxXX0"]
)
def test_a_link_that_is_not_whole_is_told_and_the_page_answers(
    page: Page, served: Served, state: str
) -> None:
    opened(page, served)
    page.goto("about:blank")
    page.goto(f"{served.link.split('#')[0]}#changed-by-a-reader={state}")
    answered(page)
    expect(page.locator("#headlines")).to_contain_text("A joint flight")
    expect(page.locator("#title")).to_have_text(TITLE)
    told = "The link is not whole: its changes cannot be read." if state else ""
    expect(page.locator("#notice")).to_have_text(told)


def test_events_are_offered_as_evidence(page: Page, served: Served) -> None:
    opened(page, served)
    offered = page.locator("#statements option")
    expect(offered).to_have_count(2)
    assert [one.get_attribute("value") for one in offered.all()] == ["decree", "flight"]
    assert offered.all_text_contents() == ["A decree is signed", "A joint flight"]


def said_of(link: str) -> str:
    text = link.split("#changed-by-a-reader=")[1]
    state = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return str(state["base"])


def test_the_page_asks_for_the_link_where_it_has_no_secret(page: Page, served: Served) -> None:
    page.goto(served.link.split("#")[0])
    expect(page.locator("#locked")).to_be_visible()
    expect(page.locator("#headlines")).to_be_empty()
    page.get_by_label("Link").fill(served.link)
    page.get_by_role("button", name="Open").click()
    answered(page)
    assert "key" not in page.url


def test_the_scenario_that_is_downloaded_answers_the_same(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    answered(page)
    said = shown(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the scenario").click()
    child = served.file.parent / waiting.value.suggested_filename
    waiting.value.save_as(child)
    assert child.name == "small_changed.yaml"
    text = child.read_text()
    assert f"# {TAKES}: 3 to 5 years, was 1 to 2 years, because ..." in text
    base, now = api.play(served.file), api.play(child)
    assert now.scenario.title == f"{TITLE}, changed by a reader"
    found = headlines(now.against(base).comparison, Wording.of(base.scenario))[0]
    assert said[1] == f"{number_cells(found, now.name)[0].text}\N{NO-BREAK SPACE}%"


def test_three_clicks_a_second_for_ten_seconds_end_at_the_last(page: Page, served: Served) -> None:
    opened(page, served)
    slider = page.locator(SLIDER)
    slider.focus()
    keys = ["ArrowLeft", "ArrowLeft", "ArrowRight"] * 10
    started = time.monotonic()
    for number, key in enumerate(keys):
        slider.press(key)
        page.wait_for_timeout(max(0.0, 1000 * (started + (number + 1) / 3 - time.monotonic())))
    answered(page)
    value = page.locator(FIELD).input_value()
    assert value == slider.get_attribute("aria-valuetext")
    assert shown(page) == run_with(served.file, f"{TAKES}={value}")


def test_the_keyboard_reaches_everything(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator("body").press("Tab")
    reached = set()
    for _ in range(60):
        reached.add(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
    expected = {"answers", "assumptions", "story", "around", "link", "child", "search", TAKES}
    assert expected <= reached
    for tab in ("Who says so", "Story", "Around", "All answers"):
        page.get_by_role("button", name=tab).press("Enter")
        answered(page)
        expect(page.get_by_role("button", name=tab)).to_have_attribute("aria-pressed", "true")


def test_one_step_around_is_followed_by_links(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_role("button", name="Around").click()
    page.get_by_role("combobox", name="Show").select_option("events.flight")
    expect(page.get_by_role("heading", name='One step around "A joint flight"')).to_be_visible()
    centre = page.locator("#shown .columns > .centre").bounding_box()
    sides = [one.bounding_box() for one in page.locator("#shown .columns > div").all()]
    assert centre is not None
    assert sides[0] is not None
    assert sides[1] is not None
    assert sides[0]["x"] + sides[0]["width"] < centre["x"] < sides[1]["x"] - centre["width"]
    page.locator("#shown .columns a", has_text="A decree is signed").first.click()
    expect(page.get_by_role("heading", name='One step around "A decree is signed"')).to_be_visible()
    page.locator("#shown .columns a", has_text="A joint flight").first.click()
    expect(page.get_by_role("heading", name='One step around "A joint flight"')).to_be_visible()
    page.locator("#shown .columns > div").last.get_by_role("link", name="A joint flight").click()
    answered(page)  # what it acts on is a question, which stands among the answers
    expect(page.get_by_role("button", name="All answers")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.activeElement.id") == "answers.flies"


def test_a_link_among_the_assumptions_opens_what_it_leads_to(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_role("button", name="Who says so").click()
    answered(page)
    entry = page.locator(".group > details", has_text="A joint flight").last
    entry.locator("summary").click()
    entry.get_by_role("link", name="A decree is signed").first.click()
    expect(page.locator('[id="events.decree"]')).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "events.decree"
    expect(page.get_by_role("heading", name="Who says so")).to_be_visible()


def test_on_a_phone_no_number_of_the_evidence_is_out_of_sight(page: Page, served: Served) -> None:
    page.set_viewport_size(PHONE)
    opened(page, served)
    page.get_by_label("Statement").fill("decree by 2028")
    page.get_by_label("Statement").press("Enter")
    answered(page)
    page.locator("#evidence summary").click()
    cells = page.locator("#evidence table :is(td, th)").all()
    assert len(cells) > 20
    for cell in cells:
        box = cell.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"]


def test_a_story_tells_what_was_drawn_at_the_start_in_whole_lines(
    page: Page, served: Served
) -> None:
    text = SMALL_LIVE.replace("initial: cold", "initial: {cold: 50 %, warm: 50 %}")
    served.file.write_text(text)
    opened(page, served)
    expect(page.locator("#news")).to_have_count(0)
    page.get_by_role("button", name="Story").click()
    drawn = page.locator("#shown li", has_text="(drawn)")
    expect(drawn).to_be_visible(timeout=15_000)
    box = drawn.bounding_box()
    assert box is not None
    assert box["width"] > 400
    expect(page.get_by_role("heading", name="A typical timeline", exact=True)).to_be_visible()
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    expect(
        page.get_by_role("heading", name="A typical timeline, with your changes")
    ).to_be_visible()


def test_in_print_stands_what_is_said_and_nothing_to_press(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    page.get_by_label("Statement").fill("decree by 2028")
    page.get_by_label("Statement").press("Enter")
    answered(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(":is(button, input, select, textarea):visible").count() == 0
    for told in ("#headlines", "#changes .yours", "#changes pre", "#evidence .chips", "#shown"):
        expect(page.locator(told)).to_be_visible()
    expect(page.locator("details:not([open])")).to_have_count(0)


def test_a_search_finds_an_assumption_to_move(page: Page, served: Served) -> None:
    opened(page, served)
    page.get_by_role("searchbox", name="Search").fill("decree warm")
    found = page.locator('#found input[type=text][data-path="events.decree.rate.warm"]')
    found.fill("2 per year")
    found.press("Enter")
    answered(page)
    assert shown(page) == run_with(served.file, "events.decree.rate.warm=2 per year")


# --- without JavaScript ---------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser, served: Served) -> Iterator[Page]:
    """Open the page without JavaScript, by pasting the link."""
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    made = context.new_page()
    made.goto(served.link)
    made.get_by_role("textbox", name="Link").fill(served.link)
    made.get_by_role("button", name="Open").click()
    expect(made.get_by_role("heading", name="Answers now")).to_be_visible()
    yield made
    context.close()


def test_forms_answer_as_run_with_set_does_without_javascript(plain: Page, served: Served) -> None:
    assert "key" not in plain.url
    expect(plain.get_by_role("heading", level=1)).to_have_text(TITLE)
    plain.get_by_label("A joint flight: how long it takes", exact=True).fill("3 to 5 years")
    plain.get_by_label("A joint flight: how long it takes", exact=True).press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text(f"{TITLE}, changed by you")
    assert shown(plain) == run_with(served.file, f"{TAKES}=3 to 5 years")
    plain.get_by_label("Any other").fill("drivers.climate.initial=warm")
    plain.get_by_label("Statements").fill("decree by 2028")
    plain.get_by_role("button", name="Answer", exact=True).first.click()
    sets = f"{TAKES}=3 to 5 years", "drivers.climate.initial=warm"
    assert shown(plain) == run_with(served.file, *sets)
    expect(plain.get_by_text("of 300 timelines match")).to_be_visible()
    plain.get_by_role("button", name="Who says so").click()
    summary = plain.locator(".group > details > summary", has_text="A joint flight")
    expect(summary).to_contain_text("yours")
    plain.get_by_role("button", name="Around").click()
    plain.get_by_role("combobox", name="Show").select_option("events.flight")
    plain.get_by_role("button", name="Show").click()
    expect(plain.get_by_role("heading", name='One step around "A joint flight"')).to_be_visible()
    assert shown(plain) == run_with(served.file, *sets)


def test_every_button_without_javascript_does_something(plain: Page) -> None:
    plain.get_by_label("A joint flight: how long it takes", exact=True).fill("3 to 5 years")
    plain.get_by_role("button", name="Answer", exact=True).first.click()
    expect(plain.get_by_role("button", name="As written")).to_have_count(0)  # it would do nothing
    for button in plain.locator("button:visible").all():
        assert button.evaluate("one => one.type === 'submit' && one.form.id === 'form'")


def test_a_link_that_is_not_whole_opens_no_forms(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.link)
    page.get_by_role("textbox", name="Link").fill(served.link[:-1])
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("open the link that coopsim live printed")).to_be_visible()
    context.close()


# --- for everybody --------------------------------------------------------------------------------


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_nothing_in_the_forms(browser: Browser, served: Served, look: str) -> None:
    """Its script runs in a page with JavaScript, to which the forms are all the same."""
    size = PHONE if look == "phone" else DESKTOP
    context = browser.new_context(color_scheme="dark" if look == "dark" else "light", viewport=size)
    page = context.new_page()
    page.goto(served.link)
    answered(page)
    page.evaluate(
        """link => { document.body.insertAdjacentHTML("beforeend",
        '<form method=post action=/forms><input name=link></form>');
        const form = document.body.lastChild; form.link.value = link; form.submit(); }""",
        served.link,
    )
    expect(page.locator("body.forms")).to_have_count(1)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    context.close()


@pytest.mark.parametrize("tab", ["All answers", "Who says so", "Story", "Around"])
@pytest.mark.parametrize("look", ["light", "dark", "phone", "print"])
def test_axe_finds_nothing(browser: Browser, served: Served, look: str, tab: str) -> None:
    context = browser.new_context(
        color_scheme="dark" if look == "dark" else "light",
        viewport=PHONE if look == "phone" else DESKTOP,
    )
    page = context.new_page()
    opened(page, served)
    page.locator(FIELD).fill("3 to 5 years")
    page.locator(FIELD).press("Enter")
    page.get_by_label("Statement").fill("decree by 2027")
    page.get_by_label("Statement").press("Enter")
    page.get_by_role("button", name=tab).click()
    answered(page)
    page.emulate_media(media="print" if look == "print" else "screen")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = PHONE if look == "phone" else DESKTOP
    assert page.evaluate("document.documentElement.scrollWidth") == wide["width"]
    context.close()

"""A report in a real browser: from disk, without a network, by keyboard, in every look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from browser_pages import browser, page, report
from coopsim import api
from pdf_text import pdf_text
from report_world import MARKUP

pytestmark = pytest.mark.slow
__all__ = ["browser", "page", "report"]  # fixtures

DESKTOP, PHONE = (1280, 900), (390, 844)
LOOKS = {
    "light": ("light", DESKTOP, "screen"),
    "dark": ("dark", DESKTOP, "screen"),
    "phone": ("light", PHONE, "screen"),
    "dark phone": ("dark", PHONE, "screen"),
    "print": ("light", DESKTOP, "print"),
}


def test_it_asks_for_nothing_but_itself_and_no_rule_is_broken(page: Page, report: Path) -> None:
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(report.as_uri())
    page.get_by_role("link", name="All assumptions").first.click()
    assert [url for url in asked if url != "data:,"] == [report.as_uri()]
    assert told == []


def test_titles_full_of_markup_stay_text(page: Page, report: Path) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text(f"A world {MARKUP}")
    assert page.locator("b", has_text="bold").filter(has_not_text="<").count() == 0
    assert dialogs == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(browser: Browser, report: Path, look: str) -> None:
    scheme, (width, height), media = LOOKS[look]
    context = browser.new_context(
        offline=True,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, report: Path, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    context.close()


def test_a_curve_is_read_by_the_keyboard_and_speaks(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    curve = page.locator("#curves .plot").first
    table = page.locator("#curves .numbers table")
    days = table.locator("thead th").all_text_contents()[1:]
    told: dict[str, list[str]] = {}
    for row in table.locator("tbody").first.locator("tr:has(td)").all():
        cells = [
            (cell.text_content(), int(cell.get_attribute("colspan") or 1))
            for cell in row.locator("td").all()
        ]
        told[row.locator("th").text_content() or ""] = [
            text or "" for text, days in cells for _ in range(days)
        ]
    assert list(told) == ["marked", "other"]
    said = [
        f"{day}: marked {base}, other {other}"
        for day, base, other in zip(days, told["marked"], told["other"], strict=True)
    ]
    expect(curve).to_have_role("slider")
    expect(curve).to_have_attribute("aria-valuetext", said[-1])
    curve.focus()
    for key, place in (("ArrowLeft", -2), ("ArrowLeft", -3), ("ArrowRight", -2), ("Home", 0)):
        curve.press(key)
        expect(curve).to_have_attribute("aria-valuetext", said[place])
        expect(curve.locator(".reading")).to_have_text(said[place])
    curve.press("ArrowLeft")
    expect(curve).to_have_attribute("aria-valuetext", said[0])


def test_each_result_of_a_stack_is_read_by_itself(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    plots = page.locator("#firsts .plot")
    groups = page.locator("#firsts .numbers tbody")
    assert plots.count() == groups.count() == 2
    for at, name in enumerate(("marked", "other")):
        first = groups.nth(at).locator("tr:has(td)").first
        last = first.locator("td").last.text_content()
        title = first.locator("th").text_content()
        expect(plots.nth(at).locator("p").first).to_have_text(name)
        said = plots.nth(at).get_attribute("aria-valuetext") or ""
        assert said.startswith(f"2031: {title} {last}, ")


def test_a_slider_is_moved_by_the_keyboard_and_speaks(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    slider = page.locator(".slider").first
    rows = slider.locator("tbody tr")
    names = slider.locator("thead th").all_text_contents()[1:]
    said = []
    for at in range(rows.count()):
        cells = rows.nth(at).locator("td").all_text_contents()
        answers = (f"{name} {cell.strip()}" for name, cell in zip(names, cells, strict=True))
        (setting,) = rows.nth(at).locator("th").all_text_contents()
        said.append(f"{setting.strip()}: {', '.join(answers)}")
    control = slider.get_by_role("slider", name="Setting")
    expect(control).to_have_attribute("aria-valuetext", said[1])
    expect(slider.locator(".control b")).to_have_text("cool")
    control.press("ArrowRight")
    expect(control).to_have_attribute("aria-valuetext", said[2])
    expect(slider.locator(".control b")).to_have_text("warm")
    large = slider.locator(".cards .news").first
    expect(large).to_have_text(rows.nth(2).locator("td").all_text_contents()[0].split()[0])


def test_what_is_folded_is_printed_in_a_pdf(browser: Browser, report: Path, tmp_path: Path) -> None:
    assert browser.is_connected()  # else there is nothing that prints
    file = tmp_path / "printed.pdf"
    api.print_report(report, file)
    text = pdf_text(file.read_bytes())
    for told in (
        "they are not predictions",
        "The numbers of all curves are in the file that this was printed from.",
        "What happened in it",
        "events.decree",  # of an entry that is folded on the screen
        "0.6 per year",
        "Reason: Stated.",
        "2: A decree is near.",
    ):
        assert "".join(told.split()) in "".join(text.split()), told
    assert "by the end of" not in text
    assert "Open all" not in text


def test_what_is_folded_is_printed_without_javascript_too(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    reason, numbers = page.get_by_text("Reason: Stated."), page.locator(".numbers").first
    expect(reason).to_be_hidden()
    page.emulate_media(media="print")
    expect(reason).to_be_visible()
    expect(numbers).to_be_hidden()
    context.close()


def test_a_scenario_can_be_left_out_of_the_curves(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    line = page.locator("#curves path.of-1").first
    expect(line).to_be_visible()
    page.get_by_role("checkbox", name="other").uncheck()
    expect(line).to_be_hidden()


def test_assumptions_are_searched_and_opened_by_the_keyboard(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    entries = page.locator(".group > details")
    everything = entries.count()
    page.get_by_role("searchbox", name="Search").fill("ministry")
    assert everything > 3
    page.get_by_role("searchbox", name="Search").fill("decree 0.6")
    expect(page.locator(".group > details:visible")).to_have_count(1)
    expect(page.locator("output")).to_have_text("1 found")
    page.locator(".group > details:visible summary").press("Enter")
    expect(page.get_by_text("A decree is near.")).to_be_visible()


def test_a_link_to_an_entry_opens_it(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    _entry(page, "The flight").locator("summary").click()
    columns = _entry(page, "The flight").locator(".columns > *")
    assert [" ".join(text.split()) for text in columns.all_text_contents()] == [
        "Acts on it: A decree",
        "The flight",
        "It acts on: The flight From decree to flight Cooperation, 2031",
    ]
    columns.get_by_role("link", name="A decree").click()
    columns = _entry(page, "A decree").locator(".columns")
    expect(columns).to_be_visible()
    columns.get_by_role("link", name="The flight").first.click()
    expect(_entry(page, "The flight").locator(".columns")).to_be_in_viewport()


def test_the_number_of_a_question_leads_to_what_it_rests_on(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    rows = page.locator(".questions tr")
    rows.filter(has_text="The flight").first.locator("td").first.get_by_role("link").click()
    expect(_entry(page, "The flight").locator(".columns")).to_be_in_viewport()
    expect(_entry(page, "The flight").locator("summary")).to_be_in_viewport(ratio=1)
    rows.filter(has_text="Which comes first").get_by_role("link", name="A loss").click()
    expect(_entry(page, "A loss").locator(".columns")).to_be_in_viewport()


def _entry(page: Page, title: str) -> Locator:
    return page.locator(".group > details").filter(
        has=page.locator("summary").get_by_text(re.compile(f"^{title} "))
    )


def test_a_number_opens_what_it_rests_on(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    decree = _entry(page, "A decree")
    decree.locator("summary").press("Enter")
    number = decree.get_by_role("button", name=".rate.warm")
    expect(number).to_have_attribute("aria-expanded", "false")
    number.press("Enter")
    expect(number).to_have_attribute("aria-expanded", "true")
    opened = decree.locator(".opened")
    expect(opened).to_have_text(
        "--set 'events.decree.rate.warm=0.6 per year'stated by a source (press.2)Reason: Stated."
        f"press.2: A decree is near. reputable; 2024From: The papers {MARKUP} "
        "press; article; A ministry; state-funded"
    )
    number.press("Enter")
    expect(opened).to_be_hidden()
    decree.get_by_role("button", name="….cool").click()
    expect(decree.locator(".opened:visible code")).to_have_text(
        "--set 'events.decree.rate.cool=0.2 per year'"
    )


def test_it_reads_without_javascript(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    expect(page.get_by_text("they are not predictions").first).to_be_visible()
    expect(page.locator("table.questions").first).to_be_visible()
    expect(page.locator("figure.chart svg[role=img]").first).to_be_visible()
    expect(page.locator(".search")).to_be_hidden()
    page.locator(".numbers summary").first.click()
    expect(page.locator(".numbers table.read").first).to_be_visible()
    decree = _entry(page, "A decree")
    decree.locator("summary").click()
    expect(decree.locator("dd").first).to_have_text("0.6 per year")
    expect(decree.get_by_text("Acts on it:")).to_be_visible()
    decree.get_by_role("link", name="press.2").click()
    expect(page.locator(".claims :target")).to_have_text("2: A decree is near. reputable; 2024")
    context.close()


def test_a_reader_hears_the_page_in_its_order(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    heard = page.get_by_role("heading", level=2).all_text_contents()
    assert heard == [
        "Answers",
        "Two uncertainties",
        "Who says so",
        "And if?",
        "When it comes",
        "What comes first",
        "How often",
        "Drivers and indices through time",
        "A typical timeline",
        "What the other scenarios assume",
        "All assumptions",
        "Method",
    ]
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the answers")).to_be_focused()


def test_print_has_no_controls(page: Page, report: Path) -> None:
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    for control in (".search", ".choose", "nav"):
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator("table.questions").first).to_be_visible()

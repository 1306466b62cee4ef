"""A report is one file that holds all it says, and nothing that it should not."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import socket
import zipfile
from getpass import getuser
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import pytest

from coopsim import api
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.errors import UsageError
from coopsim.experiments.sliders import slider_axis
from coopsim.presentation.pages.downloads import rounded
from coopsim.presentation.pages.rendering import FOLDER
from coopsim.presentation.pages.slimming import slim
from coopsim.presentation.views.cells import chance_cell, difference_cell
from coopsim.presentation.words.numbers import percent
from report_world import MARKUP, simulated
from terminal import coopsim

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


class Read(HTMLParser):
    """What stands in a page: its elements, and its text without style and script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._aside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._aside = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._aside = self._aside and tag not in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[api.Result, api.Result]:
    return simulated(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def html(results: tuple[api.Result, api.Result]) -> str:
    return api.report(results)


@pytest.fixture(scope="module")
def page(html: str) -> Read:
    return Read(html)


def test_it_leads_with_where_it_is_from_the_answer_and_what_it_is_not(page: Read) -> None:
    begin = page.text.index("marked, beside other. As of 2025-01-01: 400 timelines from")
    answer = page.text.index("Decreed", begin)
    caveat = page.text.index(
        "These follow from written assumptions; they are not predictions.", answer
    )
    assert caveat < page.text.index("About", answer) or "in other" in page.text[caveat:]


def test_numbers_are_those_of_the_result(
    results: tuple[api.Result, api.Result], page: Read
) -> None:
    for name in ("decreed", "flies"):
        one = results[0].summary.outcomes[name]
        assert isinstance(one, DateSummary)
        text = chance_cell(one.probability, one.interval).text
        assert text in page.text


def test_differences_are_the_paired_ones(
    results: tuple[api.Result, api.Result], page: Read
) -> None:
    measure = api.compare(*results).outcomes["decreed"].measures[0]
    (difference,) = measure.differences.values()
    assert difference is not None
    assert difference.told_from_zero
    assert difference_cell(difference, measure.unit).text in page.text


def test_every_number_has_its_value_claim_grade_and_reason(page: Read) -> None:
    for told in (
        "0.2 to 0.5 per year",
        f"Reason: Ours {MARKUP}.",
        f"It may thaw {MARKUP}.",
        "reputable; 2024",
        f"The papers {MARKUP}",
        "article; A ministry; state-funded",
        "judgement led by claims",
        "stated by a source (press.2)",
        "reputable: one news agency, specialist page or official document",
    ):
        assert told in page.text, told
    links = [attrs.get("href", "") for tag, attrs in page.elements if tag == "a"]
    assert "https://example.org/papers" in links
    assert "https://example.org/a?b=1&c=2" in links


def test_links_within_the_page_lead_somewhere_and_no_name_is_given_twice(page: Read) -> None:
    _check_links(page)


def _check_links(page: Read) -> None:
    names = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(names) == len(set(names))
    inside = {attrs["href"][1:] for _, attrs in page.elements if attrs.get("href", "")[:1] == "#"}
    assert inside
    assert inside <= set(names)


def test_markup_in_titles_claims_and_reasons_stays_text(html: str, page: Read) -> None:
    assert html.count("<script>") == 1
    assert "<b>bold</b>" not in html
    assert page.text.count(MARKUP) > 10


def test_nothing_is_loaded_and_only_our_own_style_and_script_may_run(page: Read) -> None:
    for tag, attrs in page.elements:
        assert tag not in ("img", "iframe", "object", "embed", "form", "base")
        assert "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        assert "src" not in attrs
    policy = next(a["content"] for _, a in page.elements if "Security" in a.get("http-equiv", ""))
    style, script = (
        base64.b64encode(sha256(_laid_out(*names).encode()).digest()).decode() for names in EMBEDDED
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src "
        "data:; base-uri 'none'; form-action 'none'"
    )


EMBEDDED = (("styles.css",), ("numbers.js", "page.js"))


def _laid_out(*names: str) -> str:
    """Read files as a page holds them: without what they are only laid out with."""
    lines = (line.strip() for name in names for line in (FOLDER / name).read_text().splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith("//"))
    if names[0].endswith(".css"):
        code = re.sub(r"/\*[^*]*\*/", "", code)
        code = re.sub(r"\s*([{};])\s*", r"\1", code)
    return code


def test_what_is_embedded_is_what_the_notice_says(html: str, page: Read) -> None:
    assert (
        "Made with coopsim 0.1.0. This page holds its own style and script, both part of coopsim "
        "(MIT licence), and nothing of others; it loads nothing and sends nothing."
    ) in page.text
    style, script = (
        re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL) for tag in ("style", "script")
    )
    assert [style, script] == [[_laid_out(*names)] for names in EMBEDDED]


def test_no_folder_user_or_host_is_named(results: tuple[api.Result, api.Result], html: str) -> None:
    ours = r"<style>.*</style>|base64,[^\" >]+"
    read = re.sub(ours, "", html, flags=re.DOTALL) + "".join(_carried(html).values())
    folder = results[0].folder.resolve()
    assert str(folder.parents[1]) not in read
    assert str(Path.home()) not in read
    for name in (socket.gethostname(), getuser()):
        assert not re.search(rf"\b{re.escape(name)}\b", read)


def test_the_file_within_holds_the_yaml_and_the_json(
    results: tuple[api.Result, api.Result], html: str, tmp_path: Path
) -> None:
    carried = _carried(html)
    for name, text in carried.items():
        (tmp_path / name).write_text(text, "utf-8")
    for one in results:
        assert api.load(tmp_path / f"{one.name}.yaml").hash == one.loaded.hash
        assert json.loads(carried[f"{one.name}.json"]) == rounded(one.summary.to_json())
    assert carried[f"{results[1].name}.yaml"].startswith(f"extends: {results[0].name}.yaml\n")
    assert rounded({"a": [0.1234567, 1, "x", None]}) == {"a": [0.1235, 1, "x", None]}


def _carried(html: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for coded in re.findall(r"data:application/zip;base64,([^\" >]+)", html):
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(unescape(coded)))) as archive:
            found |= {name: archive.read(name).decode() for name in archive.namelist()}
    return found


def test_the_same_results_make_the_same_file(
    results: tuple[api.Result, api.Result], html: str
) -> None:
    assert api.report(results) == html


def test_every_chart_has_its_sentence_and_its_numbers(html: str) -> None:
    charts = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    assert len(charts) == 6  # two dates, what comes first, the count, the index, the driver
    plots = re.findall(r'<div class=plot>.*?role=img aria-label="([^"]*)"', html, re.DOTALL)
    assert len(plots) == 3 + 2 * 3  # lines of both in one; areas for each
    assert all(re.search(r", at (most|the end of 2031): .*\d", says) for says in plots)
    assert len(_tables(html)) == 4
    groups = [group for table in _tables(html) for group in table]
    assert len(groups) == len(plots)
    for rows in groups:
        assert all(sum(days for _, days in row) == 7 for row in rows.values())  # years


def _tables(html: str) -> list[list[dict[str, list[tuple[str, int]]]]]:
    """Read the tables of numbers: rows by their names, group by group, each text over so many days.

    The heading of a group is not among its rows.
    """
    return [
        [_rows(group) for group in table.split("<tbody>")[1:]]
        for table in re.findall(r"<table class=read>(.*?)</table>", html, re.DOTALL)
    ]


def _rows(group: str) -> dict[str, list[tuple[str, int]]]:
    rows = (re.match(r"<th[^>]*>([^<]*)(.*)", row, re.DOTALL) for row in group.split("<tr>")[1:])
    return {
        unescape(row[1]): [
            (unescape(text), int(days or 1))
            for days, text in re.findall(r"<td(?: colspan=(\d+))?>([^<]*)", row[2])
        ]
        for row in rows
        if row is not None and "<td" in row[2]
    }


def test_stacks_and_fans_are_drawn_for_each_result_and_counts_by_year(
    results: tuple[api.Result, api.Result], html: str
) -> None:
    first, counts, drivers = (
        html[html.index(f"<section id={name}>") :].split("</section>", 1)[0]
        for name in ("firsts", "counts", "drivers")
    )
    for section, plots in ((first, 2), (drivers, 4)):
        assert re.findall(r"<div class=plot><p>(\w+)", section) == ["marked", "other"] * (
            plots // 2
        )
    assert len(re.findall(r"<path class=\"stroke-[01] of-[01]\"", counts)) == 2
    per_year = results[0].summary.outcomes["losses"].per_year  # type: ignore[attr-defined]
    told = [text for text, days in _tables(counts)[0][0]["marked"] for _ in range(days)]
    assert [float(text) for text in told] == pytest.approx(
        [mean.mean for mean in per_year.values()], abs=0.06
    )


def test_a_slider_holds_pythons_paired_answers(results: tuple[api.Result, api.Result]) -> None:
    base = results[0]
    html = api.report([base], sliders=["events.decree.rate.warm=0.2..1 per year"])
    slider = html[html.index("<div class=slider>") : html.index("id=curves")]
    read = re.findall(r"<tr><th>(.*?)<td>(.*?) <span class=difference>(.*?)</span>", slider)
    settings = ("0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1")
    assert [text for text, _, _ in read] == [f"{number} per year" for number in settings]
    assert read[4][1:] == (_percent(base), "as written")
    changed = api.play(base.loaded.having(["events.decree.rate.warm=1 per year"]), runs=base.runs)
    (difference,) = api.compare(base, changed).outcomes["decreed"].measures[0].differences.values()
    assert difference is not None
    told = difference_cell(difference, "share").text.replace(" ±", "\N{NO-BREAK SPACE}±")
    assert read[8][1:] == (_percent(changed), told)


def _percent(one: api.Played) -> str:
    found = one.summary.outcomes["decreed"]
    assert isinstance(found, DateSummary)
    return percent(found.probability, found.interval)


@pytest.mark.parametrize(
    ("slider", "texts"),
    [
        ("drivers.mood.initial", ["cold", "cool", "warm"]),
        ("events.loss.rate", ["0.1 per year", "0.125 per year"]),
        ("events.flight.after.decree", ["1 years", "1.125 years"]),
    ],
)
def test_a_slider_goes_as_far_as_the_assumption_may(
    results: tuple[api.Result, api.Result], slider: str, texts: list[str]
) -> None:
    assert list(slider_axis(results[0].loaded, slider).texts[: len(texts)]) == texts


def test_sliders_that_cannot_be_are_refused(results: tuple[api.Result, api.Result]) -> None:
    with pytest.raises(UsageError) as refused:
        api.report(results, sliders=["drivers.moood.initial"])
    assert str(refused.value) == (
        "--slider: found `drivers.moood.initial`, expected the path of an assumption that can be "
        "moved, or PATH=LOW..HIGH UNIT; did you mean 'drivers.mood.initial'?"
    )
    with pytest.raises(UsageError) as refused:
        api.report(results, sliders=["drivers.mood.initial"] * 9)
    assert str(refused.value) == "--slider: found '9', expected a whole number from 0 to 8"


def test_why_tells_what_moves_the_headlines_and_how_far_uncertainty_carries_them(
    results: tuple[api.Result, api.Result],
) -> None:
    plain, why = (Read(api.report([results[0]], why=wanted)).text for wanted in (False, True))
    assert "What moves the answers most" not in plain
    assert "With --why, a report also shows" in plain
    told = why[why.index("What moves the answers most", why.index("Who says so")) :]
    assert "A decree: rate" in told
    assert "=: no detectable effect" in told
    assert "~0" not in why
    assert "--all" not in why
    assert re.search(
        "Depending on what is written as uncertain, the chance lies nine times in ten between: "
        rf"Decreed {re.escape(MARKUP)}: [\d.]+ and [\d.]+ % The flight: [\d.]+ and [\d.]+ %",
        why,
    )


def test_without_a_browser_pdf_is_refused(tmp_path: Path) -> None:
    with (
        mock.patch("coopsim.api.reports.shutil.which", return_value=None),
        pytest.raises(UsageError) as refused,
    ):
        api.print_report(tmp_path / "page.html", tmp_path / "page.pdf")
    assert str(refused.value) == (
        "--pdf needs Chromium or Chrome, and neither is installed; open the page in a browser and "
        "print it from there"
    )


def test_without_the_claims_it_says_so(
    results: tuple[api.Result, api.Result], tmp_path: Path
) -> None:
    alone = tmp_path / "a" / "b" / results[0].name
    shutil.copytree(results[0].folder, alone)
    told = coopsim(tmp_path, "report", str(alone), "--out", "page.html")
    assert (told.returncode, told.stderr) == (
        0,
        "the page shows no claims: no folder `seeds` lies beside the result, or here\n",
    )
    page = Read((tmp_path / "page.html").read_text()).text
    assert "found neither beside the result nor here, so that none is shown." in page


def test_claims_are_also_looked_for_where_one_works(
    results: tuple[api.Result, api.Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "a" / "b" / results[0].name
    shutil.copytree(results[0].folder, alone)
    beside = api.report([results[0]])
    monkeypatch.chdir(results[0].folder.parent)
    found = api.open_result(alone)
    assert not api.lacks_claims(found)
    assert api.report([found]) == beside


HASTY = """\
scenario: hasty
start: 2025-01-01
end: 2025-01-10
runs: 1
seed: 1
drivers: {mood: {levels: [cold, warm], initial: cold, why: Ours.}}
events: {decree: {date: 2025-01-05, why: Ours.}}
outcomes: {decreed: {event: decree}, mood: {driver: mood}}
"""


def test_one_timeline_of_ten_days_makes_a_page(tmp_path: Path) -> None:
    (tmp_path / "hasty.yaml").write_text(HASTY, "utf-8")
    text = Read(api.report([api.run(tmp_path / "hasty.yaml", out=tmp_path)])).text
    assert "As of 2025-01-01: 1 timeline from 2025-01-01 to 2025-01-10, seed 1" in text
    assert "decreed: 2025-01-05" in text or "decreed: middle date" in text


def test_results_of_other_times_and_of_one_name_stand_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "hasty.yaml").write_text(HASTY, "utf-8")
    sides = [
        api.run(api.load(tmp_path / "hasty.yaml", sets), out=tmp_path, runs=50)
        for sets in ((), ("events.decree.date=2025-01-08", "end=2025-02-01", "start=2025-01-03"))
    ]
    html = api.report(sides)
    text = Read(html).text
    assert "Warning:" in text
    rows = _tables(html)[0][0]
    none, all_of_them = "<8\N{NO-BREAK SPACE}%", ">92\N{NO-BREAK SPACE}%"
    base, other = rows.values()
    assert base == [(none, 3), (all_of_them, 6)]  # from 2 to 10 January
    assert other == [("", 1), (none, 5), (all_of_them, 3)]  # it begins on the 3rd


def test_a_result_without_questions_is_refused(tmp_path: Path) -> None:
    asked_nothing = HASTY[: HASTY.index("outcomes")]
    (tmp_path / "mute.yaml").write_text(asked_nothing, "utf-8")
    mute = api.run(tmp_path / "mute.yaml", out=tmp_path)
    with pytest.raises(UsageError) as refused:
        api.report([mute])
    assert str(refused.value) == f"{mute.name} answers no question: ask some under `outcomes`"


# --- the command --------------------------------------------------------------------------------


def test_the_command_writes_beside_the_result_and_run_names_it(
    results: tuple[api.Result, api.Result],
) -> None:
    folder, base = results[0].folder.parents[1], results[0]
    done = coopsim(folder, "run", "scenarios/marked.yaml", "--no-figures")
    assert done.stdout.endswith(f"To mail or print it: coopsim report {base.name}\n")
    done = coopsim(folder, "report", base.name)
    file = base.folder / "report.html"
    size = f"{file.stat().st_size / 1000:,.0f} KB"
    shown = file.relative_to(folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{shown}: {size}\n", "")
    assert file.read_text("utf-8") == api.report([base])


def test_a_name_that_is_no_result_is_refused(
    results: tuple[api.Result, api.Result], tmp_path: Path
) -> None:
    folder, out = results[0].folder.parents[1], tmp_path / "page.html"
    done = coopsim(folder, "report", "thwa", "--out", str(out))
    assert done.returncode == 2
    assert "thwa" in done.stderr
    assert not out.exists()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder for results with the claims beside it."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder / "results"


@pytest.mark.parametrize("name", ["grand_bargain", "2026-10/grand_bargain"])
def test_the_largest_shipped_scenarios_make_pages_that_can_be_mailed(
    shipped: Path, name: str
) -> None:
    html = api.report([api.run(ROOT / "scenarios" / f"{name}.yaml", out=shipped)])
    _check_links(Read(html))
    assert len(html.encode()) < 300_000


@pytest.mark.parametrize("folder", ["", "2026-10/"])
def test_five_shipped_scenarios_make_a_page_that_can_be_mailed(shipped: Path, folder: str) -> None:
    found = [
        api.run(ROOT / "scenarios" / f"{folder}{name}.yaml", out=shipped, runs=1_000)
        for name in ("baseline", "thaw", "freeze", "rupture", "grand_bargain")
    ]
    assert len(api.report(found).encode()) < 600_000


def test_a_page_made_smaller_is_read_as_before() -> None:
    whole = """<p class="a">It says &#34;x&#39;s&#34; &gt; <b id="b c">y</b></p>
      <ul>
        <li data-a="1&#34;">&lt;b&gt;</li>
        <li><a href="https://x.org/a?b=c">z</a> <i>and</i></li>
      </ul><p>End</p> text<svg><rect width="3%"/></svg><pre>
 <b class="c">kept</b>
  <i>too</i></pre>"""
    assert slim(whole) == (
        """<p class=a>It says "x's" > <b id="b c">y</b><ul><li data-a="1&#34;">&lt;b>"""
        """<li><a href="https://x.org/a?b=c">z</a> <i>and</i></ul><p>End</p> text"""
        """<svg><rect width=3% /></svg><pre>\n <b class="c">kept</b>\n  <i>too</i></pre>"""
    )
    assert Read(slim(whole)).elements == Read(whole).elements
    assert Read(slim(whole)).text == Read(whole).text

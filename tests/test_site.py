"""The site of `make site`: it is built strictly, says what the repository says, and asks nobody."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from markdown_it import MarkdownIt

from coopsim.scenario.loading import load
from site_made import GALLERY, ROOT, THAW, Abort, build_site, site

pytestmark = pytest.mark.slow
__all__ = ["site"]  # a fixture

STRUCTURE = {"blockquote", "code", "em", "h1", "h2", "h3", "h4", "img", "li", "ol", "pre", "strong",
             "table", "td", "th", "ul"}  # fmt: skip


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += "".join(data.split())

    def all(self, tag: str, attribute: str) -> list[str]:
        return [
            found[attribute] for name, found in self.elements if name == tag and attribute in found
        ]


def read(file: Path) -> Page:
    return Page(file.read_text("utf-8"))


def pages(site: Path) -> Iterator[tuple[Path, Page]]:
    for file in sorted(site.rglob("*.html")):
        yield file, read(file)


# --- it says what the repository says -------------------------------------------------------------

MARKDOWN = sorted(
    path
    for folder in ("", "docs", "bench", "results", "seeds")
    for path in (ROOT / folder).glob("*.md")
)


@pytest.mark.parametrize("source", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_is_what_github_makes_of_its_file(site: Path, source: Path) -> None:
    name = "index" if source.stem == "README" else source.stem
    html = (site / source.relative_to(ROOT).parent / f"{name}.html").read_text("utf-8")
    _, _, article = html.partition('<article class="md-content__inner md-typeset">')
    article = article.partition("</article>")[0]
    ours = Page(re.sub(r'<a class="headerlink".*?</a>', "", article))
    rendered = MarkdownIt().enable("table").render(source.read_text("utf-8"))
    theirs = Page(re.sub(r"<th[^>]*></th>", "<td></td>", rendered))
    assert ours.text == theirs.text
    assert structure(ours) == structure(theirs)


def structure(page: Page) -> Counter[str]:
    return Counter(tag for tag, _ in page.elements if tag in STRUCTURE)


def test_each_shipped_scenario_has_a_page_that_the_gallery_leads_to(site: Path) -> None:
    led_to = read(site / "gallery.html").all("a", "href")
    expected = [f"{GALLERY.folder_of(scenario)}.html" for scenario in GALLERY.shipped()]
    assert len(expected) >= 17
    assert [name for name in expected if name not in led_to or not (site / name).exists()] == []


def test_a_scenario_shows_what_came_out_the_overview_first_and_its_file(site: Path) -> None:
    page = read(site / "scenarios" / "thaw.html")
    images = page.all("img", "src")
    assert images[0] == "thaw/overview.png"
    assert len(images) == 9
    assert page.all("img", "alt")[0] == (
        "Overview of Thaw - a settlement in mid-2026, and sanctions eased in its wake"
    )
    assert "".join(THAW.read_text("utf-8").split()) in page.text


def test_a_scenario_has_a_report_that_its_page_and_the_gallery_lead_to(site: Path) -> None:
    assert "sanctionseasedinitswake" in read(site / "scenarios" / "thaw" / "report.html").text
    assert "thaw/report.html" in read(site / "scenarios" / "thaw.html").all("a", "href")
    gallery = read(site / "gallery.html").all("a", "href")
    reports = [link for link in gallery if link.endswith("report.html")]
    assert reports == ["scenarios/thaw/report.html"]


def test_a_report_says_where_its_numbers_come_from(site: Path) -> None:
    report = read(site / "scenarios" / "thaw" / "report.html")
    assert "Theclaimswerenotbesidetheresult" not in report.text
    assert report.text.count("after-ukraine.") > 10


def test_the_answers_of_a_report_are_told_and_found(site: Path) -> None:
    answers = (site / "scenarios" / "thaw" / "report.html").read_text("utf-8")
    lead = re.search(r"<p class=headline>([^<]*)", answers)
    assert lead is not None
    told = "".join(Page(lead[1]).text.split())
    assert told in read(site / "scenarios" / "thaw.html").text
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    found = [entry["location"] for entry in index["docs"] if told in Page(entry["text"]).text]
    assert found == ["scenarios/thaw.html"]


def test_every_shipped_scenario_has_answers_to_tell() -> None:
    scenarios = [load(scenario).scenario for scenario in GALLERY.shipped()]
    assert [one.scenario for one in scenarios if not one.headlines] == []


def test_every_page_is_in_the_navigation_of_a_section(site: Path) -> None:
    missing = []
    for file, page in pages(site):
        classes = [found for tag, one in page.elements if tag == "li"
                   for found in one.get("class", "").split()]  # fmt: skip
        if file.name not in ("404.html", "report.html") and "md-tabs__item--active" not in classes:
            missing.append(file.relative_to(site).as_posix())
    assert missing == []


def test_the_navigation_names_each_shipped_scenario(site: Path) -> None:
    page = read(site / "scenarios" / "thaw.html")
    named = {one["href"] for tag, one in page.elements
             if tag == "a" and "md-nav__link" in one.get("class", "")}  # fmt: skip
    expected = {f"{one.relative_to(THAW.parent).with_suffix('.html')}" for one in GALLERY.shipped()}
    assert expected <= named


def test_the_report_of_a_baseline_has_others_beside_it() -> None:
    reported = [GALLERY.reported(scenario) for scenario in GALLERY.shipped()]
    assert [[one.stem for one in beside] for beside in reported if len(beside) > 1] == [
        ["baseline", "thaw", "freeze"],
        ["baseline", "thaw", "freeze"],
    ]
    assert all(one.exists() for beside in reported for one in beside)


def test_what_is_on_record_can_be_had(site: Path) -> None:
    led_to = set(read(site / "forecasts" / "index.html").all("a", "href"))
    records = {path.relative_to(ROOT / "forecasts").as_posix()
               for path in (ROOT / "forecasts").rglob("*.json*")}  # fmt: skip
    assert records
    assert records <= led_to
    for record in records:
        assert (site / "forecasts" / record).read_bytes() == (
            ROOT / "forecasts" / record
        ).read_bytes()


def test_the_search_knows_every_page(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    found = {urldefrag(entry["location"]).url for entry in index["docs"]}
    names = {file.relative_to(site).as_posix() for file, _ in pages(site)}
    expected = {name for name in names if not name.endswith(("404.html", "report.html"))}
    assert expected - found == set()


# --- its links lead somewhere, and what it needs it brings ----------------------------------------


def test_no_link_is_dead(site: Path) -> None:
    anchors = {file: {*page.all("a", "id"), *(i for _, e in page.elements if (i := e.get("id")))}
               for file, page in pages(site)}  # fmt: skip
    dead = []
    for file, page in pages(site):
        if file.name == "404.html":  # is shown anywhere, so that its links begin at the host
            continue
        for link in page.all("a", "href") + page.all("img", "src"):
            if re.match(r"(https?|data):", link):
                continue
            path, anchor = urldefrag(unquote(link))
            target = (file.parent / path).resolve() if path else file
            known = anchors.get(target, set())
            if not target.exists() or (anchor and anchor not in known and anchor != "__skip"):
                dead.append((file.relative_to(site).as_posix(), link))
    assert dead == []


def test_no_page_asks_another_host_for_anything(site: Path) -> None:
    asked = set()
    for _, page in pages(site):
        for tag, attributes in page.elements:
            if tag != "a":
                asked |= {
                    attributes[name] for name in ("href", "src", "srcset") if name in attributes
                }
    assert {link for link in asked if re.match(r"(https?:)?//", link)} == set()
    assert "docs/site/iframe-worker.js" in asked  # else the theme would fetch it for pages on disk
    for style in site.rglob("*.css"):
        assert (
            re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text("utf-8")) == []
        )


def test_a_dead_link_fails_the_build(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    gallery = tmp_path / "gallery"
    gallery.mkdir()
    more = "# More\n\n[No file](nowhere.md), [no heading](README.md#nothing)\n"
    (gallery / "more.md").write_text(more, encoding="utf-8")
    with pytest.raises(Abort):
        build_site(tmp_path / "site", gallery)
    assert "contains a link 'nowhere.md', but the target is not found" in caplog.text
    assert "the doc 'README.md' does not contain an anchor '#nothing'" in caplog.text

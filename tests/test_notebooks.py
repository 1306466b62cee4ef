"""Answers in a notebook: short reprs, tables as HTML, pages as figures."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

import coopsim
from coopsim.errors import UsageError
from coopsim.presentation.pens.html import html_of
from coopsim.presentation.views.view import (
    Cell,
    Emphasis,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)

WORLD = {
    "scenario": "small",
    "title": "A <small> world",
    "start": "2025-01-01",
    "end": "2030-12-31",
    "runs": 100,
    "seed": 7,
    "drivers": {
        "mood": {
            "levels": ["cold", "warm"], "initial": "cold", "judgement": "Made up.",
            "switches": {"cold -> warm": {"rate": "0.3 per year"}},
        }
    },
    "events": {
        "vote": {"date": "2026-01-01 to 2028-01-01", "judgement": "Made up."},
        "pact": {"rate": "0.4 per year", "when": {"vote": True}, "judgement": "Made up."},
    },
    "outcomes": {
        "votes": {"event": "vote", "title": "A vote <b>"},
        "signed": {"event": "pact", "title": "A pact"},
        "mood": {"driver": "mood"},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def played() -> coopsim.Played:
    return coopsim.play(WORLD)


class Cells(HTMLParser):
    """The texts of HTML, and that what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


# --- short reprs ----------------------------------------------------------------------------------


def test_reprs_are_short(played: coopsim.Played, tmp_path: Path) -> None:
    loaded = coopsim.load(WORLD)
    name = f"small-{loaded.hash}"
    other = coopsim.play(loaded.having(["events.pact.rate=1 per year"]))
    assert repr(loaded) == f"<Loaded {name}: 1 drivers, 2 events, 3 outcomes>"
    assert repr(played) == (
        f"<Played {name}: 100 timelines, 3 questions, 2025-01-01 to 2030-12-31>"
    )
    assert repr(played.summary) == f"<Summary {name}: 100 runs, 3 outcomes>"
    comparison = coopsim.compare(played, other)
    assert repr(comparison) == f"<Comparison {name}, {other.name}: 100 runs, 3 outcomes>"
    changes = other.against(played)
    share = f"{changes.anything.share:.3f}"
    assert repr(changes) == (
        f"<PairedChanges {name}, {other.name}: a share of {share} of the timelines changes>"
    )
    assert repr(coopsim.influences(loaded)) == "<Influences small: 6 of them>"
    result = coopsim.run(loaded, out=tmp_path, workers=1)
    assert repr(result) == f"<Result {name}: 100 timelines, 3 questions, 2025-01-01 to 2030-12-31>"


# --- tables ---------------------------------------------------------------------------------------


def test_a_view_becomes_a_table_with_nothing_left_as_markup() -> None:
    view = View(
        ("A <title>", "of what"),
        (
            Section(
                "Answers & more",
                (
                    Row("first", (Cell("12 ±1", 0.12, (0.11, 0.13), "share", "~0"), Cell("2031"))),
                    Row("below", (Cell("not by 2040", span=2),), level=1, emphasis=Emphasis.STRONG),
                    Row("listed", listed=(Cell("3", name="a"), Cell("4", name="b"))),
                ),
                (TableColumn("%"), TableColumn("when", Holds.TEXT)),
            ),
        ),
        ("Read \x1b[31mwith care.",),
    )
    number, text = "text-align:right;white-space:nowrap", "text-align:left"
    assert html_of(view) == (
        "<div><p><strong>A &lt;title&gt;</strong></p><p>of what</p>"
        f'<table><thead><tr><th style="{text}">Answers &amp; more</th>'
        f'<th style="{number}">%</th><th style="{text}">when</th></tr></thead><tbody>'
        f'<tr><td style="{text};padding-left:0.4em">first</td>'
        f'<td style="{number}">12 ±1 ~0</td><td style="{text}">2031</td></tr>'
        f'<tr><th style="{text};padding-left:1.6em">below</th>'
        f'<td style="{number}" colspan="2">not by 2040</td></tr>'
        f'<tr><td style="{text};padding-left:0.4em">listed</td>'
        f'<td style="{text}" colspan="2">a 3, b 4</td></tr>'
        "</tbody></table><p><small>Read \ufffd[31mwith care.</small></p></div>"
    )


def test_a_verbatim_view_keeps_its_lines() -> None:
    view = View(("a.yaml",), (Section("b", (Row("c < d", level=1),)),), verbatim=True)
    assert html_of(view) == "<pre>a.yaml\nb\n  c &lt; d</pre>"


def test_what_is_played_is_its_table(played: coopsim.Played) -> None:
    shown = played._repr_html_()
    assert "<b>" not in shown
    texts = Cells(shown).texts
    assert {"A <small> world", "A vote <b>", "A pact"} <= set(texts)
    assert coopsim.view(played)._repr_html_() == shown


def test_elsewhere_a_view_is_the_text_of_the_command_line(played: coopsim.Played) -> None:
    viewed = coopsim.view(played)
    assert repr(viewed) == viewed.text(100).rstrip("\n")
    assert repr(viewed).splitlines()[0] == "A <small> world"
    assert max(map(len, viewed.text(60).splitlines())) <= 60
    (view,) = viewed.views
    rows = {row.about: row for section in view.sections for row in section.rows}
    assert isinstance(rows["votes"].cells[1].value, date)


def test_what_is_found_is_shown_with_what_it_is_of(played: coopsim.Played) -> None:
    loaded = played.loaded
    other = coopsim.play(loaded.having(["events.pact.rate=1 per year"]))
    comparison = coopsim.compare(played, other)
    assert other.name in "".join(Cells(coopsim.view(comparison, played)._repr_html_()).texts)
    for found, told in (
        (coopsim.trace(loaded, 3), "Timeline 3 of small, seed 7"),
        (
            coopsim.causes(loaded, runs=100),
            "small: what events waited for last, over 100 timelines",
        ),
        (coopsim.sweep(loaded, ["events.pact.rate=1..2 per year"], "signed", points=2), "A pact"),
    ):
        assert told in repr(coopsim.view(found))
        assert told in "".join(Cells(coopsim.view(found)._repr_html_()).texts)
    with pytest.raises(UsageError) as raised:
        coopsim.view(comparison)
    assert str(raised.value) == (
        "Comparison: name the result it belongs to, as in view(comparison, result)"
    )
    with pytest.raises(UsageError) as raised:
        coopsim.view(7)
    assert str(raised.value) == "found an object of the type int, expected an answer"


# --- figures --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_page_is_a_figure(played: coopsim.Played) -> None:
    figure = played.figure("overview")
    assert type(figure).__module__ == "matplotlib.figure"
    assert "A <small> world" in [text.get_text() for text in figure.texts]
    with pytest.raises(UsageError) as raised:
        played.figure("overvew")
    assert str(raised.value).startswith("no page 'overvew'; expected `overview`")

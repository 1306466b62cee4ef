"""A variant is called by its scenario and what was set in it, wherever it is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import coopsim
from coopsim import api
from coopsim.api.registry import views
from coopsim.experiments.sensitivity import Sensitivity
from coopsim.presentation.figures.comparison import Atlas
from coopsim.presentation.pens.html import html_of
from coopsim.presentation.views.comparison import comparison_view
from coopsim.presentation.views.whatif import differences_view
from coopsim.presentation.words.headlines import short_names
from coopsim.presentation.words.variants import shortened, variant_name, variant_names
from coopsim.presentation.words.wording import Wording
from coopsim.scenario.variants import variant_of
from shown import printed
from small_world import small
from terminal import coopsim as called

RATE, IDLE = "events.end.rate=1 per year", "events.idle.rate=0.5 per year"
FAST = "small + rate = 1 per year"


@pytest.mark.parametrize(
    ("sets", "name"),
    [
        ([], "thaw"),
        (["events.pact.takes=1 to 2 years"], "thaw + takes = 1 to 2 years"),
        (["events.pact.takes = 1 to   2 years"], "thaw + takes = 1 to 2 years"),
        (["events.a.rate=1 per year", "drivers.war.initial=settled"],
            "thaw + rate = 1 per year, initial = settled"),
        (["events.a.rate=1 per year", "events.b.rate=2 per year"],
            "thaw + a.rate = 1 per year, b.rate = 2 per year"),
        (["drivers.war.switches.'a -> b'.rate=1 per year", "events.b.rate=2 per year"],
            "thaw + a -> b.rate = 1 per year, b.rate = 2 per year"),
        (["end=2030-12-31", "events.a.end=x"], "thaw + end = 2030-12-31, a.end = x"),
    ],
)  # fmt: skip
def test_a_variant_is_called_by_the_last_keys_of_what_was_set(sets: list[str], name: str) -> None:
    assert variant_name("thaw", sets) == name


def test_variants_side_by_side_are_told_apart() -> None:
    assert variant_names([("a", []), ("a", ["events.x.rate=1"]), ("a", ["events.y.rate=1"])]) == [
        "a",
        "a + x.rate = 1",
        "a + y.rate = 1",
    ]
    # The same path with two values needs no more keys.
    assert variant_names([("a", ["events.x.rate=1"]), ("a", ["events.x.rate=2"])]) == [
        "a + rate = 1",
        "a + rate = 2",
    ]


@pytest.mark.parametrize(
    ("names", "most", "short"),
    [
        (["thaw", "thaw + rate = 1 per year"], 24, ["thaw", "thaw + rate = 1 per year"]),
        (["thaw + rate = 1 per year, initial = war"], 28, ["thaw + rate = 1 per year, …"]),
        (["thaw + rate = 1, initial = a", "thaw + rate = 1, initial = b"], 22,
            ["thaw + ra … itial = a", "thaw + ra … itial = b"]),
        (["aaaaaaaa x b", "aaaaaaaa y b"], 6, ["… x b", "… y b"]),
        (["aaaaaaaa x bbbbbbbb", "aaaaaaaa y bbbbbbbb"], 9,
            ["aaaaaaaa x bbbbbbbb", "aaaaaaaa y bbbbbbbb"]),
    ],
)  # fmt: skip
def test_what_is_too_wide_is_cut_and_never_becomes_another(
    names: list[str], most: int, short: list[str]
) -> None:
    assert shortened(names, lambda text: len(text) <= most) == short


@pytest.mark.parametrize(
    ("sets", "variant"),
    [
        (["a.b=1", "runs=5", "seed = 3", "title=X"], ("a.b=1",)),
        (["a.b=1", "a.b=2"], ("a.b=2",)),
        (["a.b=1", "scenario=other"], ()),
    ],
)
def test_what_makes_a_variant(sets: list[str], variant: tuple[str, ...]) -> None:
    assert variant_of(sets) == variant


def test_a_scenario_knows_what_was_set_and_stays_the_same() -> None:
    changed = small(RATE, "runs=300")
    assert changed.sets == (RATE, "runs=300")
    assert changed.scenario.variant == (RATE,)
    assert changed.having([IDLE]).scenario.variant == (RATE, IDLE)
    assert changed.revised({"events.idle.rate": "0.5 per year"}).scenario.variant == (RATE, IDLE)
    noted = small().having_set([RATE])
    assert noted.scenario == small().scenario
    assert (noted.hash, noted.text) == (small().hash, small().text)


def headings(answer: api.Answer) -> str:
    options = {"focus": True} if isinstance(answer, Sensitivity) else {}
    return "\n".join(line for view in views(answer, **options) for line in view.heading)


def test_every_answer_names_the_variant_it_is_of() -> None:
    loaded, title = small(RATE), "A small world + rate = 1 per year"
    played = api.play(loaded, workers=1)
    assert headings(played).startswith(f"{title}\n")
    assert title in played._repr_html_()
    given = api.given(played, ["decision by 2028"])
    assert headings(api.GivenAnswer(given, played)).startswith(f"{title}\n")
    told = api.TraceAnswer(api.trace(loaded, 3), loaded)
    assert headings(told).startswith(f"{title}\n")
    moved = api.sensitivity(loaded, ["end"], runs=100, only=["events.idle"], workers=1)
    assert headings(moved).startswith(f"Which assumptions drive the {FAST} results\n")
    swept = api.sweep(loaded, ["events.idle.rate=0.1..1 per year"], "end", points=2, runs=100)
    assert headings(swept).startswith(f"Operations end by 2034 in {FAST}\n")
    banded = api.epistemic(loaded, ["launch"], runs=100, replications=2, workers=1)
    assert headings(banded).startswith(f"Chance and model uncertainty in {FAST}\n")
    split = api.explain(small(), loaded, ["end"], runs=100, workers=1)
    assert headings(split).startswith(f"Why {FAST} differs from small\n")
    asked = api.ask(loaded, "end by 2030", runs=100, workers=1)
    assert headings(asked).endswith(f"small-{loaded.hash} ({FAST}): 100 timelines, seed 7")
    assert [one.to_json()["sets"] for one in (moved, swept, banded, asked)] == [[RATE]] * 4
    assert split.to_json()["other_sets"] == [RATE]


def test_differences_between_a_scenario_and_its_variant() -> None:
    found = api.diff(small(), small(RATE))
    assert printed(differences_view(found), 80) == (
        "From small to small + rate = 1 per year\n"
        "1 difference\n"
        "\n"
        "Different\n"
        "Operations end: rate\n"
        "  small                      {uniform: [0.05 per year, 0.45 per year]}\n"
        "  small + rate = 1 per year  1 per year\n"
        "  rests on                   Made up.\n"
    )


def compared() -> tuple[list[api.Played], coopsim.api.ComparisonAnswer]:
    sides = [api.play(small(*sets), runs=200) for sets in ((), (RATE,), (RATE, IDLE))]
    return sides, api.ComparisonAnswer(api.compare(*sides), sides)


def test_a_comparison_calls_variants_what_they_are() -> None:
    sides, answer = compared()
    names = ["small", "small + end.rate = 1 per year"]
    names.append("small + end.rate = 1 per year, idle.rate = 0.5 per year")
    assert list(short_names(answer.found).values()) == names
    page = printed(comparison_view(answer.found, sides[0].scenario), 76)
    assert page.startswith(
        "Differences from small, over 200 timelines of each\n"
        f"{sides[0].name}: A small world; seed 7\n"
        f"{sides[1].name}: A small world + rate = 1 per year; seed 7\n"
    )
    # A name takes two lines at most, and what is left out is told by the heading.
    rows = [line.rstrip() for line in page.splitlines() if line.startswith(("  small", "    "))]
    assert "  small + end.rate =" in rows[1]
    assert any(line.strip().endswith("…") for line in rows)
    title = "small + end.rate = 1 per year and small + end.rate = 1 per year, idle.rate = 0.5 per "
    atlas = Atlas(Wording.of(sides[0].scenario), answer.found, answer.curves())
    assert atlas.title == f"{title}year compared with small"
    assert answer.to_json()["results"][sides[2].name]["sets"] == [RATE, IDLE]


def test_labels_beside_curves_have_two_lines_and_stay_apart() -> None:
    sides, answer = compared()
    atlas = Atlas(Wording.of(sides[0].scenario), answer.found, answer.curves())
    sheets = dict(atlas.sheets())
    for stem in ("overview", "curves-1"):
        for ax in sheets[stem if stem in sheets else "curves"].figure.axes:
            labels = [text.get_text() for text in ax.texts if text.get_text().startswith("small")]
            assert len(set(labels)) == len(labels)
            assert all(label.count("\n") < 2 for label in labels)


def test_results_of_the_same_name_go_by_their_folders() -> None:
    sides = [api.play(small(*sets), runs=200) for sets in ((), ("seed=8",))]
    assert list(short_names(api.compare(*sides)).values()) == [one.name for one in sides]


def test_a_result_keeps_what_was_set(tmp_path: Path) -> None:
    made = api.run(small(RATE), runs=100, out=tmp_path, workers=1)
    opened = api.open_result(made.folder)
    assert opened.scenario.variant == (RATE,)
    assert "".join(map(html_of, views(opened))) == "".join(map(html_of, views(made)))
    assert api.assumed(made.folder).scenario.variant == (RATE,)
    (tmp_path / "small.yaml").write_text(small().text, encoding="utf-8")
    done = called(tmp_path, "show", str(made.folder))
    assert done.stdout.startswith("A small world + rate = 1 per year\n")


def test_an_id_of_its_own_is_a_name_of_its_own() -> None:
    own = small("scenario=mine", RATE)
    assert Wording.of(own.scenario).heading == "A small world"
    assert Wording.of(replace(own, scenario=own.scenario).scenario).heading == "A small world"

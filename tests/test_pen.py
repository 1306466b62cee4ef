"""The terminal's pen: cells padded into columns, whole at any width, and shortened where they must.

Each text was derived by hand from the rules: numbers to the right, a gap of two, ten columns for a
quantile, twelve for a difference and three for its mark.
"""

from __future__ import annotations

import pytest

from coopsim.presentation.terminal.lines import lines_of
from coopsim.presentation.terminal.plain import plain_text
from coopsim.presentation.views.view import (
    Cell,
    ColumnGroup,
    Emphasis,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from shown import printed

QUANTILES = (
    TableColumn("chance %"),
    TableColumn("5 %", Holds.DATE, ColumnGroup.QUANTILES, kept=False),
    TableColumn("median", Holds.DATE, ColumnGroup.QUANTILES),
    TableColumn("95 %", Holds.DATE, ColumnGroup.QUANTILES, kept=False),
)
NEVER = "not by 2030: 30 %"
ANSWERS = View(
    ("A world", "10 timelines"),
    (
        Section(
            "Whether and when",
            (
                Row("Always", (Cell("100"), Cell("2026"), Cell("2027"), Cell("2028"))),
                Row("Often", (Cell("70"), Cell("2026"), Cell("2027"), Cell(NEVER))),
                Row("Rarely", (Cell("30"), Cell("2029"), Cell(NEVER, span=2))),
                Row("Hardly", (Cell("3"), Cell(NEVER, span=3))),
                Row("A branch", (Cell("9"),), level=1),
            ),
            QUANTILES,
        ),
    ),
    ("How to read it.",),
)
WIDE = """\
A world
10 timelines

Whether and when  chance %         5 %     median       95 %
Always                 100        2026       2027       2028
Often                   70        2026       2027 not by 2030: 30 %
Rarely                  30        2029 not by 2030: 30 %
Hardly                   3  not by 2030: 30 %
  A branch               9

How to read it.
"""
# The title keeps its 16 columns, and the median alone is left of the quantiles.
NARROW = """\
A world
10 timelines

Whether and when  chance %      median
Always                 100        2027
Often                   70        2027
Rarely                  30  not by 2030: 30 %
Hardly                   3  not by 2030: 30 %
  A branch               9

How to read it.
"""


@pytest.mark.parametrize("width", [120, 100, 80])
def test_quantiles_are_one_column_across_which_stands_what_is_not_reached(width: int) -> None:
    assert printed(ANSWERS, width) == WIDE


@pytest.mark.parametrize("width", [60, 46])
def test_where_there_is_little_room_the_median_stands_for_the_quantiles(width: int) -> None:
    assert printed(ANSWERS, width) == NARROW


def test_differences_have_room_for_their_marks() -> None:
    columns = (
        TableColumn("mean"),
        TableColumn("difference", Holds.DIFFERENCE, marked=True),
        TableColumn("years later", Holds.DIFFERENCE, ColumnGroup.MEDIAN, marked=True),
    )
    rows = (
        Row("base", (Cell("2.0"), Cell(), Cell())),
        Row("other", (Cell("2.5"), Cell("+0.5 ±0.1", mark=""), Cell("-1.00 ±0.25", mark="~0"))),
        Row("third", (Cell("2.1"), Cell("+0.1 ±0.2", mark="~0"))),
    )
    assert printed(View((), (Section("How often", rows, columns),)), 60) == (
        "How often  mean    difference     years later\n"
        "base        2.0\n"
        "other       2.5     +0.5 ±0.1      -1.00 ±0.25 ~0\n"
        "third       2.1     +0.1 ±0.2 ~0\n"
    )


def test_effects_name_their_units_where_the_column_does_not() -> None:
    effect = TableColumn("at the close", Holds.EFFECT, marked=True, units=True)
    rows = (
        Row("share", (Cell("+12.0 ±0.5", words="%"),)),
        Row("index", (Cell("+1.0 ±1.5", mark="~0", words="pts"),)),
        Row("count", (Cell("+0.25 ±0.05"),)),
    )
    columns = (effect, TableColumn("all", Holds.TEXT))
    assert printed(View((), (Section("Effects", rows, columns),)), 60) == (
        "Effects    at the close      all\n"
        "share     +12.0 ±0.5    %\n"
        "index      +1.0 ±1.5 ~0 pts\n"
        "count    +0.25 ±0.05\n"
    )


def test_cells_that_are_listed_go_on_beside_the_title() -> None:
    levels = tuple(Cell(f"{part} %", name=name) for name, part in (("cold", 20), ("warm", 80)))
    rows = (Row("Mood", listed=levels), Row("Peace", note="not in a hundred years, they say"))
    assert printed(View((), (Section("Levels", rows),)), 28) == (
        "Levels\nMood   cold 20 %, warm 80 %\nPeace  not in a hundred\n       years, they say\n"
    )


def test_a_row_has_cells_of_its_own_where_there_is_little_room() -> None:
    columns = (TableColumn("at the close"), TableColumn("over time", kept=False))
    rows = (Row("A long name, no doubt", (Cell("1"), Cell("2")), brief=(Cell("2"),)),)
    view = View((), (Section("Effects of it", rows, columns),))
    assert printed(view, 46).splitlines()[1] == "A long name, no doubt             1  2"
    assert printed(view, 36).splitlines()[1] == "A long name, no doubt  2"


def test_what_stands_out_is_bold_and_what_stands_aside_dim() -> None:

    rows = (Row("Leads", emphasis=Emphasis.STRONG), Row("Aside", emphasis=Emphasis.ASIDE))
    assert [line.style for line in lines_of(Section("Title", rows))] == ["bold", "bold", "dim"]


def test_signs_of_ascii_do_not_move_the_columns() -> None:
    column = TableColumn("difference", Holds.DIFFERENCE, marked=True)
    rows = (Row("Орёл", (Cell("+1.0 ±0.5"),)), Row("b", (Cell("+10.0 ±0.5"),)))
    assert printed(View((), (Section("Of", rows, (column,)),)), 40, "ascii") == (
        "Of      difference\n????     +1.0 +-0.5\nb       +10.0 +-0.5\n"
    )


def test_lines_of_a_verbatim_view_are_as_long_as_they_are() -> None:
    line = "a.yaml:3: error: " + "x" * 100
    view = View((), (Section("a.yaml: 1 error", (Row(line, level=1),)),), ("1 file",), True)
    assert plain_text(view) == f"a.yaml: 1 error\n  {line}\n1 file"


def test_no_line_breaks_a_path_a_number_or_what_is_to_be_typed() -> None:
    path = "drivers.war.switches.fighting.settled.rate/and/so/on"
    text = f"Half are 12.3 ±1.1 % of {path}; `--until 400` simulates more"
    for width in (12, 20, 31, 48):
        lines = printed(View((text,), ()), width).splitlines()
        for whole in ("12.3 ±1.1 %", path, "`--until 400`"):
            assert any(whole in line for line in lines), (width, lines)

"""Views as CSV: a line for each cell."""

from __future__ import annotations

from datetime import date

from coopsim.presentation.pens.csv_lines import views_csv
from coopsim.presentation.views.view import Cell, Holds, Row, Section, TableColumn, View


def test_a_cell_is_a_line_with_its_value() -> None:
    cells = (
        Cell("12 ±1", 0.12, (0.11, 0.13), "share", "~0"),
        Cell("2031", date(2031, 5, 6), (date(2031, 1, 1), None), "date"),
    )
    section = Section(
        "Answers",
        (
            Row("=first", cells, about="flies"),
            Row("never", (Cell("not by 2040", -0.0, unit="share", span=2),)),
            Row("several", listed=(Cell("3", 3, name="a", about="x"), Cell("4", 4, name="b"))),
            Row("noted", note="with care"),
        ),
        (TableColumn("%"), TableColumn("when", Holds.DATE)),
    )
    assert views_csv([View(("Title",), (section,))]).splitlines() == [
        "section,row,id,column,text,value,low,high,unit,mark",
        "Answers,'=first,flies,%,12 ±1,0.12,0.11,0.13,share,~0",
        "Answers,'=first,flies,when,2031,2031-05-06,2031-01-01,,date,",
        "Answers,never,,,not by 2040,0.0,,,share,",
        "Answers,several,x,a,3,3,,,,",
        "Answers,several,,b,4,4,,,,",
        "Answers,noted,,,with care,,,,,",
    ]

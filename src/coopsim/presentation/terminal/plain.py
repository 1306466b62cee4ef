"""A verbatim view as plain text, without loading what lays out tables."""

from __future__ import annotations

from coopsim.presentation.views.view import View

_INDENT = "  "


def plain_text(view: View) -> str:
    """Write the lines of a view without columns, each as long as it is."""
    rows = [
        line
        for section in view.sections
        for line in (section.title, *(_INDENT * row.level + row.title for row in section.rows))
    ]
    return "\n".join([*view.heading, *rows, *view.notes])

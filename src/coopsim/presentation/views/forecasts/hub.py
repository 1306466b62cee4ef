"""What was written of a track record as a hub."""

from __future__ import annotations

from coopsim.forecasts.hub import Hub
from coopsim.presentation.views.view import Row, Section, View
from coopsim.presentation.words.counting import counted
from coopsim.scenario.text.reading import listing

_PUBLISH = (
    "To publish it, write the name of its repository and whom to ask into hub-config/admin.json."
)


def hub_view(found: Hub) -> View:
    """Show what was written, and what is left out."""
    told = f"{counted(found.forecasts, 'forecast')} of {listing(found.forecasters, 'and')}, "
    told += f"{counted(found.questions, 'question')}"
    left = [
        *([f"{counted(found.silent, 'question')} on which all are silent"] if found.silent else []),
        *([f"{counted(found.superseded, 'forecast')} amended on the same day"]
          if found.superseded else []),
    ]  # fmt: skip
    rows = tuple(Row(name, level=1) for name in found.files)
    notes = ([f"Left out: {listing(left, 'and')}."] if left else []) + [_PUBLISH]
    return View((f"Written to {found.folder}", told), (Section("Files", rows),), tuple(notes))

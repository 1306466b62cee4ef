"""The one way in which a command that answers ends: JSON, or a view and its figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.cli.printing import note, print_json, say, show, status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopsim.api import Answer
    from coopsim.presentation.views.view import View


def answered(
    found: Answer,
    *,
    as_json: bool,
    results: Path | None = None,
    figures: bool = True,
    remark: str = "",
    **options: Any,
) -> None:
    """Print an answer as JSON, or show it; the options are those of its view.

    The numbers are written into a folder of their own below `results`, if that is given, and
    `figures` drawn beside them. A `remark` goes behind the answer.
    """
    if as_json:
        print_json(found.to_json())
        if remark:
            note(remark)
        return
    from coopsim.api import views

    shown = views(found, **options)
    for view in shown:
        show(view)
    if remark:
        say(remark)
    if results is not None:
        from coopsim.presentation.views.listings import finished_text

        folder, drawn = _saved(found, shown, results, figures=figures)
        say(finished_text(folder, drawn))


def _saved(
    found: Answer, shown: Sequence[View], results: Path, *, figures: bool
) -> tuple[Path, list[Path]]:
    from coopsim.api import draw, folder_of, save

    folder = folder_of(found, results)
    with status("drawing figures", silent=not figures):
        drawn = draw(found, folder) if figures else []
        folder.mkdir(parents=True, exist_ok=True)
        save(found, shown, folder)
    return folder, drawn

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
    remark: str = "",
    **options: Any,
) -> None:
    """Print an answer as JSON, or show it; the options are those of its view.

    Figures are drawn into a folder of their own below `results`, if that is given, and the numbers
    are written beside them. A `remark` goes behind the answer.
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

        say(finished_text(*_saved(found, shown, results)))


def _saved(found: Answer, shown: Sequence[View], results: Path) -> tuple[Path, list[Path]]:
    from coopsim.api import draw, folder_of, save

    folder = folder_of(found, results)
    with status("drawing figures", silent=False):
        figures = draw(found, folder)
        save(found, shown, folder)
    return folder, figures

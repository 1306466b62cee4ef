"""What is shown of an answer, in a notebook and elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coopsim.api.answers import (
    CausesAnswer,
    ComparisonAnswer,
    DiscoveryAnswer,
    GivenAnswer,
    TraceAnswer,
)
from coopsim.api.interfaces import Answer
from coopsim.api.registry import views
from coopsim.errors import UsageError
from coopsim.presentation.views.view import View

# What lays views out is imported by the one who does it.
# ruff: noqa: PLC0415

_WIDTH = 100


@dataclass(frozen=True, slots=True, repr=False)
class Viewed:
    """The tables of an answer: HTML in a notebook, text elsewhere, and their values as data."""

    views: tuple[View, ...]

    def _repr_html_(self) -> str:
        from coopsim.presentation.pens.html import html_of

        return "".join(map(html_of, self.views))

    def text(self, width: int = _WIDTH) -> str:
        """Write the tables as the command line prints them, so many columns wide."""
        from rich.console import Console

        from coopsim.presentation.terminal.pen import Page

        text = io.StringIO()
        console = Console(file=text, width=width, highlight=False, color_system=None)
        for view in self.views:
            console.print(Page(view))
        return text.getvalue()

    def __repr__(self) -> str:
        return self.text().removesuffix("\n")


# What is found without what it is of, which its view needs.
_FOUND: Mapping[str, Callable[[Any, Any], Answer]] = {
    "Comparison": lambda found, of: ComparisonAnswer(found, (of,)),
    "Given": GivenAnswer,
    "Discovery": lambda found, of: DiscoveryAnswer(found, of, 0.2),
}
_TOLD: Mapping[str, Callable[[Any, Any], Answer]] = {
    "Trace": TraceAnswer,
    "Causes": lambda found, of: CausesAnswer(found, (), of),
}


def view(found: Any, of: Any = None, **options: Any) -> Viewed:
    """Show an answer as the command line does: HTML in a notebook, text elsewhere.

    What `compare`, `given` and `discover` give has to be told the result that it is `of`. The
    options are those of the view. Raises UsageError for what is no answer.
    """
    kind = type(found).__name__
    if kind in _FOUND and not hasattr(of, "scenario"):
        raise UsageError(
            f"{kind}: name the result it belongs to, as in view({kind.lower()}, result)"
        )
    wrap = {**_FOUND, **_TOLD}.get(kind)
    return Viewed(views(found if wrap is None else wrap(found, of), **options))

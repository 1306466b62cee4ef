"""Views as the terminal prints them."""

from __future__ import annotations

import io

from rich.console import Console

from coopsim.presentation.terminal.pen import Page
from coopsim.presentation.views.view import View


def printed(view: View, width: int = 80, encoding: str = "utf-8") -> str:
    """Print a view without colours, so many columns wide."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, newline="\n") as file:
        Console(file=file, width=width, highlight=False, color_system=None).print(
            Page(view), crop=False
        )
        file.flush()
        return raw.getvalue().decode(encoding)

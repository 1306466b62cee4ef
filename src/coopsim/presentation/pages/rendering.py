"""The templates: every text put into one is escaped, and shows no sign that cannot be seen.

Titles, claims and reasons come from anyone, and are text wherever they stand, never markup.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coopsim.presentation.pages.slimming import dense, dense_style
from coopsim.printable import printable

FOLDER = Path(__file__).parent / "templates"


def render(template: str, **data: Any) -> str:
    """Fill in a template by its name; raises UndefinedError where it asks for what is not given."""
    return _environment().get_template(template).render(**data)


def placed(fragment: str) -> Markup:
    """Let a fragment that `render` wrote stand in another as the markup that it is."""
    return Markup(fragment)  # its texts were escaped


def embedded(*names: str) -> Markup:
    """Read files of ours that stand in a page: its style or its script."""
    code = "\n".join((FOLDER / name).read_text("utf-8") for name in names)
    short = dense_style if names[0].endswith(".css") else dense
    return Markup(short(code))  # ours, not a reader's


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["place"] = _place
    return made


def _shown(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _place(value: float) -> str:
    """Write a coordinate, as short as it may be."""
    return f"{value:.1f}".removesuffix(".0")

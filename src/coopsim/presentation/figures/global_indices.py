"""How much each input of an answer matters: both indices as marks with their errors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes

from coopsim.experiments.global_indices import Draw, GlobalIndices
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, numbered, save_pages
from coopsim.presentation.figures.kit.style import POINTS, TEXT, line_style
from coopsim.presentation.figures.kit.whiskers import draw_dot, draw_whisker, frame_rows, name_rows
from coopsim.presentation.views.epistemic import INDICES, draw_name
from coopsim.presentation.words.assumptions import outcome_name
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import NO_EFFECT, SHORT_ERROR, timelines

_NAMES = 3.2  # inches
_ROW = 0.34
_SHOWN = 12  # draws


def draw_indices(found: GlobalIndices, folder: Path) -> list[Path]:
    """Draw the inputs that matter most, as PNG and SVG; gives the files.

    An answer that no input is seen to matter to has no page, unless it is the only one.
    """
    names = [
        name
        for name, one in found.outcomes.items()
        if len(found.outcomes) == 1 or any(draw.felt for draw in one.draws.values())
    ]
    sheets = ((stem, _indices_sheet(found, name)) for stem, name in numbered("indices", names))
    return save_pages(sheets, folder)


def _indices_sheet(found: GlobalIndices, outcome: str) -> Sheet:
    indexed = found.outcomes[outcome]
    felt = [(path, draw) for path, draw in indexed.largest() if draw.felt]
    shown = [(draw_name(found, path), draw) for path, draw in felt[:_SHOWN]]
    largest = "" if len(shown) == len(felt) else f", the {len(shown)} largest shown"
    footer = (
        f"{found.scenario}-{found.hash}: {timelines(found.runs)}, seed {found.seed}. Detectable "
        f"effects: {len(felt):,} of {len(indexed.draws):,} inputs{largest}. Whiskers: 95 % "
        f"{SHORT_ERROR}."
    )
    title = f"How much each input matters: {outcome_name(indexed.base, outcome)}"
    about = (
        f"{variant_name(found.scenario, found.sets)}, as of {found.as_of}. {INDICES}. Inputs are "
        "what is drawn once per timeline"
    )
    sheet = Sheet.make(title, about, footer, 0.85 + _ROW * len(shown))
    if not shown:
        sheet.say(NO_EFFECT)
        return sheet
    body = sheet.body
    ax = sheet.axes(
        Rectangle(
            body.left + _NAMES, body.bottom + 0.5, body.width - _NAMES - 0.1, body.height - 0.65
        )
    )
    draw_draws(ax, shown)
    return sheet


def draw_draws(ax: Axes, rows: Sequence[tuple[str, Draw]]) -> Axes:
    """Draw both indices of each draw as marks with their intervals."""
    for number, kind in enumerate(("distribution", "first order")):
        colour = line_style(number)[0]
        known = [
            (place, draw, index)
            for place, (_, draw) in enumerate(rows)
            if (index := (draw.distribution, draw.first)[number]) is not None
        ]
        for order, (place, draw, index) in enumerate(known):
            level = place + 0.3 * (number - 0.5)
            draw_whisker(ax, level, index.interval, color=colour, linewidth=1.1)
            draw_dot(
                ax, (index.value, level), number, filled=draw.felt, size=4.2,
                label=kind if order == 0 else None, clip_on=False,
            )  # fmt: skip
    frame_rows(ax, len(rows))
    ax.set_xlim(left=0)
    ax.set_xlabel("index, from 0 (does not matter) to 1 (decides alone)")
    name_rows(ax, [name for name, _ in rows], _NAMES * POINTS - 14)
    ax.legend(loc="lower right", frameon=False, fontsize=TEXT)
    return ax

"""The same question asked of several results: their lines over one another in one axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coopsim.presentation.figures.kit.labels import EndLabel, end_labels
from coopsim.presentation.figures.kit.style import line_style, percent_axis
from coopsim.presentation.figures.kit.time_axis import gap_axis, time_axis
from coopsim.presentation.words.numbers import among, rounded, whole_percent
from coopsim.presentation.words.wording import NBSP
from coopsim.scenario.notation.quantiles import FloatArray

_BAND = 0.16  # opacity


@dataclass(frozen=True, slots=True)
class OverlaidLine:
    """One line to overlay: years, values, and their 95 % interval if it is known.

    Shares are of `runs` timelines; of gaps, `shorter` are shorter than any that is seen. With a
    `step` each value holds for all the day that ends there.
    """

    years: FloatArray
    values: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    scale: Scale
    step: bool = False
    runs: int = 0
    shorter: float = 0.0
    span: str = ""  # in which is counted


@dataclass(frozen=True, slots=True)
class Scale:
    """What lines are measured by: the axes beside and below them, and the text of the last value.

    `below` takes the first and the last of the years; `unit` is written where numbers have no sign.
    """

    beside: Callable[[Axes], None]
    below: Callable[[Axes, float, float], None]
    last: Callable[[OverlaidLine], str]
    unit: Callable[[OverlaidLine], str] = lambda _: ""


def draw_overlay(
    ax: Axes, lines: Mapping[str, OverlaidLine], wrap: Callable[[str], str] = str
) -> Axes:
    """Overlay the lines of several results, each labelled with its name and last value.

    They answer one question, so that one scale serves all. At least one has values. `wrap` breaks
    a label into the lines that there is room for.
    """
    seen = {name: line for name, line in lines.items() if len(line.years)}
    styles = {name: line_style(number) for number, name in enumerate(lines)}
    for name, line in seen.items():
        colour, dashes = styles[name]
        if line.low is not None and line.high is not None:
            ax.fill_between(
                line.years, line.low, line.high, color=colour, alpha=_BAND, linewidth=0,
                step="pre" if line.step else None,
            )  # fmt: skip
        ax.plot(
            line.years, line.values, color=colour, linestyle=dashes, linewidth=1.4,
            drawstyle="steps-pre" if line.step else "default",
        )  # fmt: skip
    one = next(iter(seen.values()))
    scale = one.scale
    scale.beside(ax)
    ax.set_ylabel(scale.unit(one))
    firsts, lasts = zip(*((line.years[0], line.years[-1]) for line in seen.values()), strict=True)
    scale.below(ax, float(min(firsts)), float(max(lasts)))
    labels = [
        EndLabel(
            float(line.values[-1]),
            wrap(f"{name} {scale.last(line).replace(' ', NBSP)}"),
            *styles[name],
        )
        for name, line in reversed(seen.items())  # of equals, the first on top
    ]
    end_labels(ax, labels)
    return ax


# --- scales -------------------------------------------------------------------------------------


def _last_share(line: OverlaidLine) -> str:
    value = float(line.values[-1]) - line.shorter
    return whole_percent(value, among(value, line.runs))


def _last_mean(line: OverlaidLine) -> str:
    value = float(line.values[-1])
    if line.low is None or line.high is None:
        return rounded(value, None)
    return rounded(value, (float(line.low[-1]), float(line.high[-1])))


def _in_all(line: OverlaidLine) -> str:
    """Write the mean number over all spans."""
    return f"{rounded(float(line.values.sum()), None)} in all"


def _gaps_below(ax: Axes, first: float, last: float) -> None:
    unit = gap_axis(ax, min(first, 0), max(last, 0))
    ax.set_xlabel(f"{unit} from first to second")


def _counts_beside(ax: Axes) -> None:
    ax.set_ylim(0, max(ax.get_ylim()[1], 0.1))
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))


def _counts_below(ax: Axes, first: float, last: float) -> None:
    pad = 0.3 if last - first >= 1 else 0.0
    time_axis(ax, first - pad, last + pad)


def _index_beside(ax: Axes) -> None:
    ax.set_ylim(0, 100)
    ax.yaxis.set_major_locator(MaxNLocator(2, integer=True))


SHARES = Scale(percent_axis, time_axis, _last_share)
GAPS = Scale(percent_axis, _gaps_below, _last_share)
COUNTS = Scale(_counts_beside, _counts_below, _in_all, lambda line: f"mean a {line.span}")
INDEX = Scale(_index_beside, time_axis, _last_mean, lambda _: "mean, 0 to 100")

"""Simulate the scenarios for a page on the model: a table of main answers and two figures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coopsim import api
from coopsim.analysis.summaries import Summary
from coopsim.presentation.figures.kit.style import (
    FAINT,
    INK,
    LINES,
    percent_axis,
    styled,
)
from coopsim.presentation.figures.kit.time_axis import as_years, time_axis
from coopsim.presentation.words.numbers import date_text, rounded, whole_percent
from coopsim.presentation.words.wording import NBSP

RUNS = 2000
FIGURES = Path(__file__).resolve().parent / "figures"
CLIMATES = ("grand_bargain", "thaw", "baseline", "freeze", "rupture", "aging_shock")
MODEL, ANNOUNCED = LINES[0][0], LINES[1][0]
Summaries = Mapping[str, Summary]


# --- the table --------------------------------------------------------------------------------


def _chance(answer: Any, _: Summary) -> str:
    return whole_percent(answer.probability, answer.interval)


def _median(answer: Any, summary: Summary) -> str:
    middle = answer.quantiles["0.5"]
    if isinstance(middle, date):
        return date_text(middle, answer.quantile_intervals["0.5"])
    return f"not by {summary.end.year}"


def _years(answer: Any, _: Summary) -> str:
    middle = answer.quantiles["0.5"]
    return "longer" if middle is None else rounded(middle, answer.quantile_intervals["0.5"], 1)


def _mean(answer: Any, _: Summary) -> str:
    return rounded(answer.mean, answer.interval)


def _index(year: int) -> Callable[[Any, Summary], str]:
    def cell(answer: Any, _: Summary) -> str:
        one = answer.by[date(year, 12, 31)]
        return rounded(one.mean, one.interval, 0)

    return cell


def _first(label: str) -> Callable[[Any, Summary], str]:
    return lambda answer, _: whole_percent(answer.shares[label], answer.intervals[label])


# Question, what of its answer, what the row says.
ROWS: tuple[tuple[str, Callable[[Any, Summary], str], str], ...] = (
    ("over_by_2028", _chance, "Joint operations over by the end of 2028"),
    ("joint_end", _median, "Joint operations end, median"),
    ("joint_end", _first("russia_leaves_iss"), "... because Russia leaves first"),
    ("early_end", _chance, "Station abandoned early, by failure or leak"),
    ("formal_extension", _chance, "Russia formally extends to 2030"),
    ("last_cross_flight", _median, "Last seat swap, median"),
    ("cross_flights", _mean, "Seat swaps flown, mean"),
    ("reentry", _median, "Station re-enters, median"),
    ("programme_by_2030", _chance, "New joint programme agreed by 2030"),
    ("programme_by_2035", _chance, "... by 2035"),
    ("joint_flight", _chance, "A new joint mission has flown by {end}"),
    ("iss2", _chance, "ISS-2 agreed by {end}"),
    ("meetings", _mean, "Meetings of the heads, mean"),
    ("ros_first_module", _median, "First module of the Russian station, median"),
    ("russian_gap", _years, "Years without a Russian crew in orbit, median"),
    ("american_gap", _years, "Years without an American crew, median"),
    ("orel", _median, "Orel flies, median"),
    ("next_landing", _median, "Next Russian lander flies, median"),
    ("venera_d", _median, "Venera-D leaves, median"),
    ("cooperation", _index(2027), "Cooperation index at the end of 2027, mean"),
    ("cooperation", _index(2035), "... of 2035"),
)


def results(files: Sequence[Path], stem: str) -> str:
    """Simulate scenario files, the baseline first; gives the text of the page, writes its figures.

    `stem` begins the names of the figures.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = [api.run(file, runs=RUNS, out=folder) for file in files]
    summaries = {one.scenario.scenario: one.summary for one in found}
    draw_figures(summaries, stem)
    return "\n\n".join((_record(summaries), _pictures(stem), _table(summaries)))


def _record(summaries: Summaries) -> str:
    (seed,) = {summary.seed for summary in summaries.values()}
    rows = (f"| `{name}` | `{summary.hash}` |" for name, summary in summaries.items())
    said = f"Simulated with seed {seed}, {RUNS:,} timelines of each scenario:"
    return "\n".join([said, "", "| scenario | hash |", "| --- | --- |", *rows])


def _table(summaries: Summaries) -> str:
    lines = ["| | " + " | ".join(summaries) + " |", "| --- |" + " ---: |" * len(summaries)]
    for question, cell, label in ROWS:
        cells = (cell(one.outcomes[question], one) for one in summaries.values())
        said = label.format(end=next(iter(summaries.values())).end.year)
        lines.append(f"| {said} | " + " | ".join(cells).replace(NBSP, " ") + " |")
    return "\n".join(lines)


def _pictures(stem: str) -> str:
    return (
        "![Two panels: the share of timelines in which the station is run jointly, and in which a "
        "new joint programme has been agreed, by year and scenario]"
        f"(figures/{stem}-regularities.svg)"
        "\n\n"
        "![Announced dates beside the dates that the baseline gives]"
        f"(figures/{stem}-announced.svg)"
    )


# --- the figures ------------------------------------------------------------------------------


def draw_figures(summaries: Summaries, stem: str) -> None:
    """Draw what the page shows into docs/figures."""
    FIGURES.mkdir(exist_ok=True)
    with styled():
        _save(regularities(summaries), f"{stem}-regularities")
        base, foil = (_of(kind, summaries) for kind in ("baseline", "face_value"))
        _save(announced(base, foil), f"{stem}-announced")


def _of(kind: str, summaries: Summaries) -> Summary:
    """Find the scenario of a kind in a family, whose names may say of which year it is."""
    return next(one for name, one in summaries.items() if name.startswith(kind))


def _save(figure: Figure, stem: str) -> None:
    figure.savefig(FIGURES / f"{stem}.svg", facecolor="white", metadata={"Date": None})
    plt.close(figure)


def regularities(summaries: Summaries) -> Figure:
    """Draw the two regularities: the station is insulated, new cooperation is not."""
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
    joint: dict[str, dict[date, float]] = {}
    agreed: dict[str, dict[date, float]] = {}
    for kind in CLIMATES:
        summary = _of(kind, summaries)
        outcomes: Mapping[str, Any] = summary.outcomes
        shares = outcomes["station"].shares
        joint[kind] = {day: levels["joint"] for day, levels in shares.items()}
        agreed[kind] = outcomes["programme"].by
    span = _span(next(iter(summaries.values())))
    _draw_lines(axes[0], joint, "Station in joint operation", span)
    _draw_lines(axes[1], agreed, "New joint programme agreed", span)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=6, frameon=False
    )
    return figure


def _span(summary: Summary) -> tuple[float, float]:
    return _year(summary.start), _year(summary.end)


def _draw_lines(
    ax: Axes,
    shares: Mapping[str, Mapping[date, float]],
    title: str,
    span: tuple[float, float],
) -> None:
    for (name, by), (colour, dashes) in zip(shares.items(), LINES, strict=False):
        years = as_years(np.array(list(by), dtype="datetime64[D]") + 1)
        ax.plot(years, list(by.values()), color=colour, linestyle=dashes, linewidth=1.4, label=name)
    ax.set_title(title, loc="left")
    percent_axis(ax)
    time_axis(ax, *span)


# Question and what the figure calls it.
DATED = (
    ("formal_extension", "Russia formally extends to 2030"),
    ("nasa_venus", "NASA leaves for Venus"),
    ("ros_first_module", "First module of the Russian station"),
    ("next_landing", "Next Russian lander flies"),
    ("own_stations", "Each with a station of its own"),
    ("orel", "Orel flies"),
    ("reactor", "First reactor on the Moon"),
    ("venera_d", "Venera-D leaves"),
    ("reentry", "Station re-enters"),
)


def announced(model: Summary, foil: Summary) -> Figure:
    """Draw the 5th, 50th and 95th percentile of dates beside the announced ones."""
    figure, ax = plt.subplots(figsize=(7.2, 3.0), layout="constrained")
    horizon = _year(model.end)
    for row, (question, _) in enumerate(DATED):
        answer: Any = model.outcomes[question]
        said: Any = foil.outcomes[question]
        _draw_range(ax, row, [answer.quantiles[key] for key in ("0.05", "0.5", "0.95")], horizon)
        if said.quantiles["0.5"] is not None:
            ax.plot(_year(said.quantiles["0.5"]), row, "x", color=ANNOUNCED, markersize=6)
    ax.plot([], [], color=MODEL, linewidth=2, label="5 % to 95 % of the baseline's timelines")
    ax.plot([], [], "o", color=MODEL, label="median")
    ax.plot([], [], "x", color=ANNOUNCED, label=f"as announced (median of {foil.scenario})")
    ax.set_yticks(range(len(DATED)), [label for _, label in DATED], color=INK)
    ax.invert_yaxis()
    time_axis(ax, *_span(model))
    ax.grid(visible=True, axis="x", color=FAINT)
    figure.legend(
        *ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    return figure


def _draw_range(ax: Axes, row: int, dates: Sequence[date | None], horizon: float) -> None:
    low, middle, high = (None if day is None else _year(day) for day in dates)
    if low is None:
        return
    ax.plot([low, horizon if high is None else high], [row, row], color=MODEL, linewidth=2)
    if high is None:
        ax.plot(horizon, row, ">", color=MODEL, markersize=4, clip_on=False)
    if middle is not None:
        ax.plot(middle, row, "o", color=MODEL, markersize=5)


def _year(day: date) -> float:
    return float(as_years(np.array([day], dtype="datetime64[D]"))[0])

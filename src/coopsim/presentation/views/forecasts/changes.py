"""What moved between two recorded forecasts, and below it which assumptions moved it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coopsim.analysis.comparing.pairing import PairedEstimate, chances
from coopsim.forecasts.changes import ForecastChanges, MovedAnswer, MovedQuestion
from coopsim.forecasts.questions import YES
from coopsim.presentation.views.cells import chance_cell, difference_cell
from coopsim.presentation.views.view import Cell, Holds, Row, Section, TableColumn, View
from coopsim.presentation.views.whatif import attribution_view, changes_section
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.numbers import among
from coopsim.presentation.words.wording import (
    ALL_SHOWS,
    SIMULATION_ERROR,
    by_chance_text,
    others_text,
    timelines,
)

_COLUMNS = (
    TableColumn("before"),
    TableColumn("now"),
    TableColumn("difference", Holds.DIFFERENCE, marked=True),
)


def changes_views(found: ForecastChanges, *, everything: bool = False) -> tuple[View, ...]:
    """Show what moved, most first, and which assumptions moved it.

    With everything, also what did not move, and below it how the changes work together.
    """
    moved = _moved_view(found, everything)
    if found.split is None or not everything:
        return (moved,)
    return moved, attribution_view(found.split, everything=everything)


def _moved_view(found: ForecastChanges, everything: bool) -> View:
    held = [one for one in found.questions if one.answers]
    shown = [one for one in held if everything or one.moved]
    sections = (
        *([] if found.split is None else [changes_section(found.split)]),
        *([_section(found, shown)] if shown else []),
        *_apart([one for one in found.questions if not one.answers]),
    )
    return View(
        heading=(f"From {found.before.name} to {found.after.name}", *_about(found)),
        sections=sections,
        notes=(
            *_counts(found, len(shown), len(held) - len(shown)),
            *_reading(found, held, everything),
        ),
    )


def _apart(questions: Sequence[MovedQuestion]) -> Iterator[Section]:
    """List what cannot be held against each other, and why."""
    rows = tuple(Row(one.title, note=one.why or "", about=one.identity) for one in questions)
    if rows:
        yield Section("Not compared", rows)


def _about(found: ForecastChanges) -> Iterator[str]:
    one, other = found.before, found.after
    played = f"{timelines(one.timelines)}, seed {one.seed}"
    yield f"Made on {one.made[:10]}, then on {other.made[:10]}; {played}"
    if found.others:
        yield f"Also different: {'; '.join(found.others)}"


def _section(found: ForecastChanges, shown: Sequence[MovedQuestion]) -> Section:
    rows = tuple(row for one in shown for row in _rows(found, one))
    return Section("What moved, chance %", rows, _COLUMNS)


def _rows(found: ForecastChanges, one: MovedQuestion) -> Iterator[Row]:
    note = f"not split: {one.why}" if one.why else ""
    if [each.answer for each in one.answers] == [YES]:
        yield Row(one.title, _cells(found, one.answers[0]), note=note, about=one.identity)
        yield from _parts(found, one.answers[0], 1)
        return
    yield Row(one.title, note=note, about=one.identity)
    for each in one.answers:
        yield Row(each.answer, _cells(found, each), level=1, about=one.identity)
        yield from _parts(found, each, 2)


def _cells(found: ForecastChanges, one: MovedAnswer) -> tuple[Cell, ...]:
    sides = ((one.before, found.before), (one.after, found.after))
    return (
        *(
            chance_cell(chance.probability, among(chance.probability, side.timelines))
            for chance, side in sides
        ),
        difference_cell(one.change, "share"),
    )


def _parts(found: ForecastChanges, one: MovedAnswer, level: int) -> Iterator[Row]:
    """Show the share of each change in what moved, as far as it can be told, and what is left."""
    if found.split is None or one.title not in found.split.outcomes:
        return
    titles = {change.name: change.title for change in found.split.changes}
    shares = {name: part.share for name, part in found.split.outcomes[one.title].parts.items()}
    for name, share in sorted(shares.items(), key=lambda item: -abs(item[1].value)):
        if share.told_from_zero:
            yield Row(titles[name], _alone(share), level=level, about=name)
    if one.left is not None and one.left.told_from_zero:
        yield Row("from no assumption", _alone(one.left), level=level)


def _alone(difference: PairedEstimate) -> tuple[Cell, ...]:
    return Cell(), Cell(), difference_cell(difference, "share")


def _counts(found: ForecastChanges, shown: int, quiet: int) -> Iterator[str]:
    others = others_text(quiet, shown, ALL_SHOWS)
    if others:
        yield others
    if found.silent:
        yield f"On {counted(found.silent, 'question')} both models are silent."


def _reading(
    found: ForecastChanges, held: Sequence[MovedQuestion], everything: bool
) -> Iterator[str]:
    by_chance = by_chance_text(chances(each.change for one in held for each in one.answers))
    if by_chance:
        yield by_chance
    if found.split is None and not found.others:
        yield "Both assume the same: there is nothing to split."
    if found.split is not None and not everything:
        yield (
            "Below a question stands what each changed assumption adds, averaged over all orders "
            "of making the changes, where the effect can be detected; --all shows how they work "
            "together."
        )
    yield f"±: 95 % {SIMULATION_ERROR}."

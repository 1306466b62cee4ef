"""What a reader takes away: the scenario with the changes, and a report of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coopsim import api
from coopsim.live.served import ServedScenario, changes_of
from coopsim.live.wishes import LiveWish
from coopsim.presentation.pages import live as pages
from coopsim.printable import one_line
from coopsim.scenario.loading import Loaded
from coopsim.simulation.workers.playing import Cancelled


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reader takes away: the name of a file, its media type, and its text."""

    name: str
    kind: str
    text: str


def child_of(base: ServedScenario, file: Path | None, wish: LiveWish) -> Taken:
    """Write the scenario file that changes what the reader has changed; raises as `api.child_of`.

    Of a result, which has no file to extend, it is the whole scenario.
    """
    name, own = _name(base), (*wish.sets, f"title={json.dumps(_title(base))}")
    if file is None:
        text = base.loaded.having((*own, f"scenario={name}")).text
    else:
        text = api.child_of(file, own, name)
    remarks = _reasons(base, tuple(changes_of(base.panel, wish)))
    return Taken(f"{name}.yaml", "application/yaml", "\n".join((*remarks, text)))


def report_of(base: ServedScenario, wish: LiveWish, cancelled: Cancelled) -> Taken:
    """Write the report of what is written and, beside it, of what the reader has changed.

    It is that of `coopsim report`; evidence, which changes nothing, is not in it. Raises
    StoppedError where it is cancelled.
    """
    played = [base.played]
    if wish.settings:
        own = _readers(base, wish)
        played.append(api.play(own, runs=base.played.runs, cancelled=cancelled))
    html = api.report(played, support=base.support)
    return Taken(f"{played[-1].scenario.scenario}.html", "text/html", html)


def _readers(base: ServedScenario, wish: LiveWish) -> Loaded:
    """Make what a reader has changed a scenario of its own."""
    named = (f"scenario={_name(base)}", f"title={json.dumps(_title(base))}")
    return base.loaded.having((*wish.sets, *named))


def _name(base: ServedScenario) -> str:
    return f"{base.loaded.scenario.scenario}_changed"


def _title(base: ServedScenario) -> str:
    scenario = base.loaded.scenario
    return f"{scenario.title or scenario.scenario}, changed by a reader"


def _reasons(base: ServedScenario, own: Sequence[pages.ReaderChange]) -> Iterator[str]:
    """Write what was changed as remarks, with room for the reason of each."""
    yield f"# Changed by a reader of coopsim live, from {base.name}. Why:"
    for one in own:
        was = f", was {one.written}" if one.written else ""
        yield one_line(f"# {one.path}: {one.now}{was}, because ...")

"""Scenarios: from a file, a text or plain data, and what is in them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.scenario import loading
from coopsim.scenario.loading import Loaded

# What is asked of a scenario is imported by the function that needs it: `run` stays quick.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.scenario.influences import Influences
    from coopsim.scenario.sources.assumptions import Assumption


def load(scenario: str | Path | Mapping[str, Any], sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario from a YAML file, or from the same content as Python data.

    Each of `sets` is an assumption PATH=VALUE that is merged last. Raises ScenarioError with
    every problem found.
    """
    if isinstance(scenario, str | os.PathLike):
        return loading.load(scenario, sets)
    return loading.load_data(scenario, sets)


def load_text(text: str, sets: Sequence[str] = (), folder: str | Path | None = None) -> Loaded:
    """Load the text of a scenario file; raises ScenarioError like `load`.

    Other files may only be named in it, by `extends` and `include`, where a `folder` is given in
    which it is taken to stand; claims are looked for there, too.
    """
    return loading.load_text(text, sets, folder)


def child_of(parent: str | Path, settings: Sequence[str], scenario: str | None = None) -> str:
    """Write a scenario file that sets something in a parent file: `extends`, and what changes.

    It belongs in the parent's folder. Each setting is PATH=VALUE, as for --set; without an id of
    its own, `scenario`, the child has its parent's. Raises ScenarioError like `load`.
    """
    return loading.child_text(Path(parent), settings, scenario)


def assumptions(scenario: Loaded | str | Path | Mapping[str, Any]) -> tuple[Assumption, ...]:
    """List every number and date of a scenario, with its path and what it rests on.

    Raises ScenarioError as `load` does.
    """
    from coopsim.scenario.sources.assumptions import assumptions as listed

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    return tuple(listed(loaded.tree))


def influences(scenario: Loaded | str | Path | Mapping[str, Any]) -> Influences:
    """List what acts on what in a scenario: what reads, triggers, sets and weighs.

    Raises ScenarioError as `load` does.
    """
    from coopsim.scenario.influences import influences as listed

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    return listed(loaded.scenario)

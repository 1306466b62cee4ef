"""Scenarios: from a file, a text or plain data."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coopsim.scenario import loading
from coopsim.scenario.loading import Loaded


def load(scenario: str | Path | Mapping[str, Any], sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario from a YAML file, or from the same content as Python data.

    Each of `sets` is an assumption PATH=VALUE that is merged last. Raises ScenarioError with
    every problem found.
    """
    if isinstance(scenario, str | os.PathLike):
        return loading.load(scenario, sets)
    return loading.load_data(scenario, sets)

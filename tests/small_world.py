"""A small scenario of which most answers are known, for the tests of what-if and why."""

from __future__ import annotations

from typing import Any

from coopsim.scenario.loading import Loaded, load_data

SMALL: dict[str, Any] = {
    "scenario": "small",
    "title": "A small world",
    "start": "2025-01-01",
    "end": "2034-12-31",
    "runs": 400,
    "seed": 7,
    "drivers": {
        "climate": {
            "title": "Climate",
            "levels": ["cold", "cool", "warm"],
            "initial": "cool",
            "switches": {"cool -> cold": {"rate": "0.1 to 0.3 per year"}},
            "judgement": "Made up.",
        }
    },
    "events": {
        "end": {
            "title": "Operations end",
            "rate": {"uniform": ["0.05 per year", "0.45 per year"]},
            "judgement": "Made up.",
        },
        "decision": {
            "title": "Decision",
            "date": "2028-01-01",
            "outcomes": {"yes": {"chance": 0.6}, "no": {"chance": 0.3}, "later": {"chance": 0.1}},
            "judgement": "Made up.",
        },
        "launch": {
            "title": "Launch",
            "date": {"planned": "2029-01-01", "growth": {"lognormal": [1.6, 0.4]}},
            "pace": [{"by": "climate", "cold": 0.5}],
            "judgement": "Made up.",
        },
        "idle": {"title": "Idle", "rate": "0.2 per year", "judgement": "Made up."},
    },
    "outcomes": {
        "end": {"event": "end", "title": "Operations end"},
        "yes": {"event": "decision", "outcome": "yes", "title": "Decided for it"},
        "launch": {"event": "launch", "title": "Launch"},
        "which": {"first_of": ["end", "launch"], "title": "Which comes first"},
        "gap": {"between": ["decision", "launch"], "title": "Decision to launch"},
        "ends": {"count": ["end", "launch"], "title": "How many happen"},
        "climate": {"driver": "climate", "title": "Climate"},
        "mood": {
            "index": [
                {"when": {"climate": "cool"}, "weight": 1},
                {"when": {"decision": "yes"}, "weight": 3},
            ],
            "title": "Mood",
        },
    },
}


def small(*sets: str) -> Loaded:
    """Load the small scenario, some assumptions set."""
    return load_data(SMALL, sets)

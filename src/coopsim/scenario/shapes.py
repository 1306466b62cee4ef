"""JSON Schema of the notations, for completion and hover help in editors.

The models of `spec` describe keys; what a value may look like is described here once per kind
and referred to by name. A schema cannot know levels or names of other entries: those
are left to `coopsim check`.
"""

from __future__ import annotations

import re
from typing import Any

from coopsim.scenario.quantities import EXPECTED, NOTATIONS, NUMBER, Kind, Notation

Shape = dict[str, Any]

IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_NUMBER = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_UNIT = "(hour|day|week|month|year)s?"
_DATE = r"[0-9]{4}(-(Q[1-4]|[0-9]{2}(-[0-9]{2})?))?"

_ATOMS: dict[Kind, Shape] = {
    "date": {"type": ["string", "integer"], "pattern": f"^{_DATE}$"},
    "duration": {"type": "string", "pattern": rf"^{_NUMBER}\s+{_UNIT}$"},
    "rate": {"type": "string", "pattern": rf"^{_NUMBER}\s+per\s+({_NUMBER}\s+)?{_UNIT}$"},
    "factor": {"type": "number", "minimum": 0},
    "chance": {"type": "number", "minimum": 0, "maximum": 1},
}
_RANGES = {"type": "string", "pattern": r"^\S.*\s+to\s+\S.*$"}


def _reference(name: str) -> Shape:
    # Written as $ref by `schema`: pydantic resolves every $ref itself and knows only its models.
    return {"$shape": name}


def value(kind: Kind) -> Shape:
    """Refer to the shape of an uncertain value of a kind."""
    return _reference(f"{kind}_value")


def _mapping(properties: Shape, required: list[str], **more: object) -> Shape:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **more,
    }


def _table(item: Shape) -> Shape:
    return {
        "type": "object",
        "properties": {"by": _reference("name")},
        "required": ["by"],
        "additionalProperties": item,
        "description": "By level: {by: DRIVER, LEVEL: value, ...}",
    }


def _notation(kind: Kind, notation: Notation) -> Shape:
    atom = _reference(f"{kind}_atom")
    items: list[Shape] = [{"type": "number"} if role == NUMBER else atom for role in notation.roles]
    if kind == "date" and notation.keys == ("normal",):
        items = [atom, _reference("duration_atom")]
    luck = {"luck": _reference("name"), "share": {"type": "number", "minimum": 0, "maximum": 1}}
    if notation.listed:
        (key,) = notation.keys
        count = len(items)
        shape: Shape = {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}
        return _mapping({key: shape, **luck}, [key])
    return _mapping({**dict(zip(notation.keys, items, strict=True)), **luck}, list(notation.keys))


def _value(kind: Kind) -> Shape:
    like = _mapping(
        {
            "like": _reference("name"),
            "luck": _reference("name"),
            "share": {"type": "number", "minimum": 0, "maximum": 1},
        },
        ["like"],
        description="The value of a reference, drawn on this entry's own stream",
    )
    forms = [_reference(f"{kind}_atom"), {**_RANGES, "description": "`A to B`: p5 and p95"}]
    forms += [_notation(kind, notation) for notation in NOTATIONS if notation.serves(kind)]
    return {"description": f"{EXPECTED[kind]}, or uncertain", "anyOf": [*forms, like]}


def _plan(kind: Kind) -> Shape:
    properties = {"planned": value(kind), "growth": value("factor")}
    if kind == "date":
        properties["not_before"] = _reference("date_atom")
    return _mapping(
        properties, ["planned", "growth"], description="A plan, and the growth of what remains"
    )


TEXT: Shape = {"type": ["string", "number"]}
NAME: Shape = {"type": ["string", "number", "boolean"]}
NAMES: Shape = {"anyOf": [NAME, {"type": "array", "items": NAME}]}
LEVELS: Shape = {"type": "array", "items": NAME, "minItems": 2, "uniqueItems": True}
IDENTITY_SHAPE: Shape = {"type": ["string", "integer"], "pattern": f"^{IDENTITY.pattern}$"}
DAY: Shape = _reference("date_atom")
CONDITION: Shape = _reference("condition")
DATE: Shape = _reference("date")
TAKES: Shape = _reference("takes")
RATE: Shape = _reference("rate")
CHANCE: Shape = _reference("chance")
WINDOW: Shape = _reference("window")
TRIGGERS: Shape = _reference("triggers")
INITIAL: Shape = {
    "anyOf": [NAME, {"type": "object", "additionalProperties": _reference("chance_atom")}]
}
AFTER: Shape = {
    "anyOf": [
        {"type": "array", "items": NAME},
        {"type": "object", "additionalProperties": value("duration")},
    ]
}
PACE: Shape = {
    "title": "Pace",
    "anyOf": [
        _mapping({"when": CONDITION, "times": value("factor")}, ["when", "times"]),
        _mapping({"like": NAME}, ["like"]),
        _table(value("factor")),
    ],
}
_ROW: Shape = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            NAMES,
            _mapping({"at_least": NAME, "at_most": NAME}, [], minProperties=1),
        ]
    },
}
_SUPPORT: Shape = {
    "title": {**TEXT, "description": "What this is, in a few words"},
    "description": TEXT,
    "sources": {**NAMES, "description": "Ids of claims in seeds/"},
    "judgement": {**TEXT, "description": "What is ours, and why"},
}
REFERENCE_KEYS = ("title", "description", "sources", "judgement", "luck", "share", "pace", "value")
REFERENCE: Shape = {
    "title": "Reference",
    "anyOf": [
        TEXT,
        {
            "type": "object",
            "properties": {
                **_SUPPORT,
                "luck": NAME,
                "share": {"type": "number", "minimum": 0, "maximum": 1},
                "pace": {"type": "array", "items": PACE},
                "value": TEXT,
                **{key: True for notation in NOTATIONS for key in notation.keys},
                **{key: True for key in ("open", "opens", "every", "lasts")},
            },
            "additionalProperties": False,
        },
    ],
}
_PLACES: Shape = {"type": "array", "items": NAMES, "minItems": 1}
_ASKED: Shape = {
    "event": {**NAMES, "description": "When it first happens"},
    "last": {**NAMES, "description": "When it last happens"},
    "count": {**NAMES, "description": "How often it happens"},
    "between": {**_PLACES, "minItems": 2, "maxItems": 2, "description": "From A to B"},
    "first_of": {**_PLACES, "description": "Which comes first"},
    "all_of": {**_PLACES, "description": "When the last of them first happens"},
    "driver": {**NAME, "description": "At which level a driver stands"},
    "index": {
        "type": "array",
        "minItems": 1,
        "description": "Weighted conditions, in percent of the whole weight",
        "items": _mapping(
            {"when": CONDITION, "weight": {"type": "number", "exclusiveMinimum": 0}},
            ["when", "weight"],
        ),
    },
}
QUESTION: Shape = _mapping(
    {
        **_ASKED,
        "title": TEXT,
        "description": TEXT,
        "outcome": {**NAME, "description": "Only firings with this outcome count"},
        "by": {**DAY, "description": "The question closes at this day"},
    },
    [],
    title="Question",
    oneOf=[{"required": [kind]} for kind in _ASKED],
)

DEFINITIONS: dict[str, Shape] = {
    "name": NAME,
    **{f"{kind}_atom": {**atom, "description": EXPECTED[kind]} for kind, atom in _ATOMS.items()},
    **{f"{kind}_value": _value(kind) for kind in _ATOMS},
    "condition": {
        "description": "{NAME: LEVEL, ...}: all hold; a list of such mappings: any holds",
        "anyOf": [_ROW, {"type": "array", "items": _ROW, "minItems": 1}],
    },
    "date": {
        "description": "When it is due",
        "anyOf": [
            value("date"),
            _plan("date"),
            _mapping({"first": value("date"), "every": {"type": "string"}}, ["first", "every"]),
            _mapping({"first": value("date"), "then": value("duration")}, ["first", "then"]),
            _table({"anyOf": [value("date"), _plan("date")]}),
        ],
    },
    "takes": {
        "description": "How long it takes",
        "anyOf": [value("duration"), _plan("duration")],
    },
    "rate": {"description": "A hazard", "anyOf": [value("rate"), _table(value("rate"))]},
    "chance": {
        "description": "How likely the outcome is",
        "anyOf": [
            value("chance"),
            {"const": "rest", "description": "What the other outcomes leave"},
            _table(value("chance")),
            {
                "type": "array",
                "minItems": 1,
                "items": _mapping({"when": CONDITION, "is": value("chance")}, ["is"]),
            },
        ],
    },
    "window": {
        "description": "When an event may fire",
        "anyOf": [
            _mapping({"like": NAME}, ["like"]),
            _mapping(
                {
                    "open": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "array", "items": DAY, "minItems": 2, "maxItems": 2},
                    }
                },
                ["open"],
            ),
            _mapping(
                {
                    "opens": DAY,
                    "every": {"type": "string"},
                    "lasts": _reference("duration_atom"),
                },
                ["opens", "every", "lasts"],
            ),
        ],
    },
    "triggers": {
        "description": "What sets an event off",
        "anyOf": [
            {"type": "array", "items": NAME, "minItems": 1},
            {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [
                        NAMES,
                        _mapping({"falls_to": NAMES, "rises_to": NAMES}, [], minProperties=1),
                    ]
                },
            },
        ],
    },
}

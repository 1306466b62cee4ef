"""JSON Schema of the notations, for completion and hover help in editors.

The models of `spec` describe keys; what a value may look like is described here once per kind
and referred to by name. A schema cannot know levels or names of other entries: those
are left to `coopsim check`.
"""

from __future__ import annotations

import re
from typing import Any

from coopsim.scenario.notation.quantities import EXPECTED, NOTATIONS, NUMBER, Notation, ValueKind
from coopsim.scenario.notation.questions import (
    QUESTIONS,
    DriverName,
    OnePlace,
    Places,
    QuestionForm,
    WeightedConditions,
)
from coopsim.scenario.notation.units import UNIT_KEYS
from coopsim.scenario.notation.values import LARGEST

Shape = dict[str, Any]

IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_NUMBER = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_UNIT = "(hour|day|week|month|year)s?"
_DATE = r"[0-9]{4}(-(Q[1-4]|[0-9]{2}(-[0-9]{2})?))?"

_ATOMS: dict[ValueKind, Shape] = {
    "date": {"type": ["string", "integer"], "pattern": f"^{_DATE}$"},
    "duration": {"type": "string", "pattern": rf"^{_NUMBER}\s+{_UNIT}$"},
    "rate": {
        "type": "string",
        "pattern": rf"^{_NUMBER}(\s*%\s+within|\s+per)\s+({_NUMBER}\s+)?{_UNIT}$",
    },
    "factor": {"type": "number", "minimum": 0, "maximum": LARGEST},
    "chance": {
        "type": ["number", "string"],
        "minimum": 0,
        "maximum": 1,
        "pattern": rf"^{_NUMBER}\s*%$",
    },
}
_BARE: Shape = {
    "description": "A number or range of the unit beside it",
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": rf"^{_NUMBER}\s+to\s+{_NUMBER}$"},
    ],
}
_UNITS: dict[str, Shape] = {
    "rate": {"type": "string", "pattern": rf"^({_NUMBER}\s+)?{_UNIT}$"},
    "duration": {"type": "string", "pattern": f"^{_UNIT}$"},
}
_RANGES = {"type": "string", "pattern": r"^\S.*\s+to\s+\S.*$"}


def _reference(name: str) -> Shape:
    # Written as $ref by `schema`: pydantic resolves every $ref itself and knows only its models.
    return {"$shape": name}


def value(kind: ValueKind) -> Shape:
    """Refer to the shape of an uncertain value of a kind."""
    return _reference(f"{kind}_value")


# What an editor shows beside a key, wherever the key stands and says nothing more particular.
HOVER = {
    "p5": "The 5th percentile: one time in twenty it is lower",
    "p50": "The median: as often lower as higher",
    "p95": "The 95th percentile: one time in twenty it is higher",
    "low": "The lowest it can be (PERT)",
    "likely": "The likeliest (PERT)",
    "high": "The highest it can be (PERT)",
    "earliest": "The earliest it can be (PERT)",
    "latest": "The latest it can be (PERT)",
    "uniform": "[a, b]: anywhere between, all equally likely",
    "triangular": "[a, m, b]: from a to b, likeliest at m",
    "normal": "[mean, standard deviation]",
    "lognormal": "[median, sigma of the logarithm]",
    "exponential": "The mean of an exponential distribution",
    "weibull": "[shape, scale]",
    "like": "The name of a reference",
    "luck": "The name of a luck shared with others, so that they slip together",
    "share": "How much of the luck is shared, from 0 to 1",
    "by": "The driver, or event, whose level decides",
    "when": "The condition under which this holds",
    "times": "The factor that applies then",
    "is": "The chance that applies then",
    "planned": "What is announced",
    "growth": "By how much the time until then grows",
    "not_before": "The day before which it cannot be, whatever the pace",
    "first": "The first date",
    "every": "The step from one to the next: `2 years`, `6 months`, `90 days`",
    "then": "How long after the last one the next comes",
    "open": "A list of [FIRST DAY, LAST DAY], both included",
    "opens": "The day on which the first window opens",
    "lasts": "How long each window stays open",
    "at_least": "This level or a higher one",
    "at_most": "This level or a lower one",
    "falls_to": "Entered from a higher level",
    "rises_to": "Entered from a lower level",
    "weight": "How much this counts in the index",
    "per": "The unit of the rates beside it: `per: year`",
    "in": "The unit of the durations beside it: `in: months`",
    "why": "Where this comes from, with citations: [CLAIM] or [ADDRESS | TITLE | DATE]",
    "group": "The group of entries that it is listed with",
    "official": "The date by which it is announced: 2028 by its end, 2028-H1 by its middle",
    "reviews": "How long from one review of the plan to the next: `every 6 to 12 months`",
    "slips": "By how much a review moves the date: {none: 0.5, half a year: 0.3, a year: 0.2}",
    "title": "What this is, in a few words",
    "description": "What this means, in a sentence or two",
    "sources": "Ids of the claims in seeds/ that this rests on",
    "judgement": "What is ours, not the sources', and why",
}


_LUCK = {key: _reference(key) for key in ("luck", "share")}  # they have their texts with them


def _described(properties: Shape) -> Shape:
    return {
        key: {"description": HOVER[key], **shape} if key in HOVER and key not in _LUCK else shape
        for key, shape in properties.items()
    }


def _mapping(properties: Shape, required: list[str], **more: object) -> Shape:
    needed: Shape = {"required": required} if required else {}
    return {
        "type": "object",
        "properties": _described(properties),
        **needed,
        "additionalProperties": False,
        **more,
    }


def _nullable(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def _without_unit(kind: ValueKind, shape: Shape) -> Shape:
    """Let a number stand without the unit that is stated once beside it."""
    return {"anyOf": [shape, _reference("bare")]} if kind in _UNITS else shape


def _unit(kind: ValueKind) -> Shape:
    return {UNIT_KEYS[kind]: _UNITS[kind]} if kind in _UNITS else {}


def _table(item: Shape, unit: Shape | None = None) -> Shape:
    """Describe a table by level, or entries of one that the parent file has."""
    return {
        "type": "object",
        "properties": _described({"by": _reference("name"), **(unit or {})}),
        "additionalProperties": _nullable(item),
        "minProperties": 1,
        "anyOf": [{"required": ["by"]}, {"propertyNames": {"not": {"enum": sorted(HOVER)}}}],
        "description": "By level: {by: DRIVER, LEVEL: value, ...}",
    }


def _notation(kind: ValueKind, notation: Notation) -> Shape:
    atom = _without_unit(kind, _reference(f"{kind}_atom"))
    more = {**_LUCK, **_unit(kind)}
    items: list[Shape] = [{"type": "number"} if role == NUMBER else atom for role in notation.roles]
    if kind == "date" and notation.keys == ("normal",):
        items = [atom, _reference("duration_atom")]
    if notation.listed:
        (key,) = notation.keys
        count = len(items)
        shape: Shape = {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}
        return _mapping({key: shape, **more}, [key])
    return _mapping({**dict(zip(notation.keys, items, strict=True)), **more}, list(notation.keys))


def _value(kind: ValueKind) -> Shape:
    like = _mapping(
        {"like": _reference("name"), **_LUCK},
        ["like"],
        description="The value of a reference, drawn on this entry's own stream",
    )
    forms = [_reference(f"{kind}_atom"), {**_RANGES, "description": "`A to B`: p5 and p95"}]
    forms += [_notation(kind, notation) for notation in NOTATIONS if notation.serves(kind)]
    return {"description": f"{EXPECTED[kind]}, or uncertain", "anyOf": [*forms, like]}


def _plan(kind: ValueKind) -> Shape:
    properties = {"planned": value(kind), "growth": value("factor")}
    if kind == "date":
        properties["not_before"] = _reference("date_atom")
    return _mapping(
        properties, ["planned", "growth"], description="A plan, and the growth of what remains"
    )


SHARE_SHAPE: Shape = {"type": "number", "minimum": 0, "maximum": 1}
TEXT_SHAPE: Shape = {"type": ["string", "number"]}
NAME_SHAPE: Shape = {"type": ["string", "number", "boolean"]}
NAMES_SHAPE: Shape = {"anyOf": [NAME_SHAPE, {"type": "array", "items": NAME_SHAPE}]}
LEVELS_SHAPE: Shape = {"type": "array", "items": NAME_SHAPE, "minItems": 1, "uniqueItems": True}
IDENTITY_SHAPE: Shape = {"type": ["string", "integer"], "pattern": f"^{IDENTITY.pattern}$"}
DAY_SHAPE: Shape = _reference("date_atom")
CONDITION_SHAPE: Shape = _reference("condition")
DATE_SHAPE: Shape = _reference("date")
TAKES_SHAPE: Shape = _reference("takes")
RATE_SHAPE: Shape = _reference("rate")
CHANCE_SHAPE: Shape = _reference("chance")
WINDOW_SHAPE: Shape = _reference("window")
TRIGGERS_SHAPE: Shape = _reference("triggers")
INITIAL_SHAPE: Shape = {
    "anyOf": [NAME_SHAPE, {"type": "object", "additionalProperties": _reference("chance_atom")}]
}
AFTER_SHAPE: Shape = {
    "anyOf": [
        {"type": "array", "items": NAME_SHAPE},
        {
            "type": "object",
            "properties": {"in": {**_UNITS["duration"], "description": HOVER["in"]}},
            "additionalProperties": _nullable(_without_unit("duration", value("duration"))),
        },
    ]
}
PACE_SHAPE: Shape = {
    "title": "Pace",
    "anyOf": [
        _mapping({"when": CONDITION_SHAPE, "times": value("factor")}, ["when", "times"]),
        _mapping({"like": NAME_SHAPE}, ["like"]),
        _table(value("factor")),
    ],
}
_ROW: Shape = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            *NAMES_SHAPE["anyOf"],
            _mapping({"at_least": NAME_SHAPE, "at_most": NAME_SHAPE}, [], minProperties=1),
            {"type": "null"},
        ]
    },
}
WHY_SHAPE: Shape = _reference("why")
_SUPPORT: Shape = {
    "title": TEXT_SHAPE,
    "description": TEXT_SHAPE,
    "sources": NAMES_SHAPE,
    "judgement": TEXT_SHAPE,
    "why": WHY_SHAPE,
}
REFERENCE_SHAPE: Shape = {
    "title": "Reference",
    "anyOf": [
        TEXT_SHAPE,
        _mapping(
            {
                **_SUPPORT,
                **_LUCK,
                "pace": {
                    "description": "A pace table",
                    "type": "array",
                    "items": _reference("Pace"),
                },
                "value": {**TEXT_SHAPE, "description": "The value as text, such as `2 to 4 years`"},
                **{key: {} for notation in NOTATIONS for key in notation.keys},
                **_unit("rate"),
                **_unit("duration"),
                "open": _reference("openings"),
                "opens": DAY_SHAPE,
                "every": {"type": "string"},
                "lasts": _reference("duration_atom"),
            },
            [],
        ),
    ],
}


def _asked(form: QuestionForm) -> Shape:
    """Describe what stands under the key of a question."""
    match form:
        case OnePlace():
            return NAMES_SHAPE
        case Places():
            most = {"maxItems": 2} if form.pair else {}
            return {"type": "array", "items": NAMES_SHAPE, "minItems": 1 + form.pair, **most}
        case DriverName():
            return NAME_SHAPE
        case WeightedConditions():
            weight = {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST}
            item = _mapping({"when": CONDITION_SHAPE, "weight": weight}, ["when", "weight"])
            return {"type": "array", "minItems": 1, "items": item}
        case _:
            raise TypeError(type(form).__name__)


QUESTION_SHAPE: Shape = _mapping(
    {
        **{k: {**_asked(q.form), "description": q.about} for k, q in QUESTIONS.items()},
        "title": TEXT_SHAPE,
        "description": TEXT_SHAPE,
        "outcome": {**NAME_SHAPE, "description": "Only firings with this outcome count"},
        "by": {**DAY_SHAPE, "description": "The question closes on this day"},
        "headline": {"type": "boolean", "description": "Shown first in tables, figures and pages"},
    },
    [],
    title="Question",
)

PLAN_SHAPE: Shape = _mapping(
    {
        **_SUPPORT,
        "group": TEXT_SHAPE,
        "official": NAME_SHAPE,
        "event": {**NAME_SHAPE, "description": "The event that is planned"},
        "reviews": value("duration"),
        "slips": {"type": "object", "additionalProperties": _reference("chance")},
        "pace": {
            "type": "array",
            "items": _reference("Pace"),
            "description": "What makes reviews more or less frequent",
        },
        "odds": {
            "type": "array",
            "items": _reference("Odds"),
            "description": "What changes the chances of slips",
        },
    },
    [],
    title="Plan",
)

DEFINITIONS: dict[str, Shape] = {
    "name": NAME_SHAPE,
    "bare": _BARE,
    "why": {
        "anyOf": [TEXT_SHAPE, {"type": "array", "items": NAME_SHAPE}],
        "description": HOVER["why"],
    },
    "luck": {**NAME_SHAPE, "description": HOVER["luck"]},
    "share": {**SHARE_SHAPE, "description": HOVER["share"]},
    "openings": {
        "type": "array",
        "minItems": 1,
        "items": {"type": "array", "items": DAY_SHAPE, "minItems": 2, "maxItems": 2},
    },
    **{f"{kind}_atom": {**atom, "description": EXPECTED[kind]} for kind, atom in _ATOMS.items()},
    **{f"{kind}_value": _value(kind) for kind in _ATOMS},
    "condition": {
        "description": "`climate >= thaw and not iss_reentry`, or {NAME: LEVEL, ...}: all hold; "
        "a list of such mappings: any holds",
        "anyOf": [{"type": "string"}, _ROW, {"type": "array", "items": _ROW, "minItems": 1}],
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
    "rate": {
        "description": "A hazard",
        "anyOf": [
            value("rate"),
            _table(_without_unit("rate", value("rate")), _unit("rate")),
        ],
    },
    "chance": {
        "description": "How likely the outcome is",
        "anyOf": [
            value("chance"),
            {"const": "rest", "description": "What the other outcomes leave"},
            _table(value("chance")),
            {
                "type": "array",
                "minItems": 1,
                "items": _mapping({"when": CONDITION_SHAPE, "is": value("chance")}, ["is"]),
            },
        ],
    },
    "window": {
        "description": "When an event may fire",
        "anyOf": [
            _mapping({"like": NAME_SHAPE}, ["like"]),
            _mapping({"open": _reference("openings")}, ["open"]),
            _mapping(
                {
                    "opens": DAY_SHAPE,
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
            {"type": "array", "items": NAME_SHAPE, "minItems": 1},
            {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [
                        *NAMES_SHAPE["anyOf"],
                        _mapping(
                            {"falls_to": NAMES_SHAPE, "rises_to": NAMES_SHAPE}, [], minProperties=1
                        ),
                        {"type": "null"},
                    ]
                },
            },
        ],
    },
}

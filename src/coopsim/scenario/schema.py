"""The JSON Schema of a scenario file, generated from the models.

`coopsim schema > schema/scenario.schema.json` renews the file that editors read.
"""

from __future__ import annotations

from typing import Any

from coopsim.scenario import shapes
from coopsim.scenario.grammar import PLACES, SHORT_KEYS, WHY, Form
from coopsim.scenario.spec import Scenario

_SCENARIO = "A coopsim scenario"
# Models whose mappings merge over a parent's, so that keys may be left out, or removed by null.
_MERGED = {
    place.model.__name__ if place.path else _SCENARIO
    for place in PLACES
    if place.model is not None and "#" not in place.path and place.form is Form.MAPPING
}


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of a scenario file.

    Nothing is required in it: a file with `extends` may leave everything to its parent.
    """
    schema = Scenario.model_json_schema()
    schema["title"] = _SCENARIO
    schema["properties"]["extends"] = {
        **shapes.TEXT_SHAPE,
        "description": "The parent file, in this folder or below it; this file is merged over it",
    }
    schema["properties"]["include"] = {
        "type": "array",
        "items": shapes.TEXT_SHAPE,
        "description": "Section files, in this folder or below it, each with some of the entries",
    }
    schema["properties"]["group"] = {
        **shapes.TEXT_SHAPE,
        "description": "Of a section file: the group of its drivers, events and plans",
    }
    schema["properties"]["plans"] = {
        "type": "object",
        "additionalProperties": shapes.PLAN_SHAPE,
        "description": SHORT_KEYS["plans"],
    }
    for place in PLACES:
        if place.is_entry and place.model is not None and WHY in place.below:
            schema["$defs"][place.model.__name__].get("properties", {})[WHY] = {
                **shapes.WHY_SHAPE,
                "description": shapes.HOVER[WHY],
            }
    for model in [schema, *schema["$defs"].values()]:
        _tidy(model)
    schema["$defs"].update(shapes.DEFINITIONS)
    resolved = _with_references(schema)
    assert isinstance(resolved, dict)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **resolved}


def _tidy(model: dict[str, Any]) -> None:
    """Keep what helps in an editor; where models merge, require nothing and let null remove."""
    merged = model.get("title") in _MERGED
    if merged:
        model.pop("required", None)
    for key, shape in model.get("properties", {}).items():
        bare = {word: item for word, item in shape.items() if word not in ("title", "default")}
        model["properties"][key] = _nullable(bare) if merged else bare


def _nullable(shape: dict[str, Any]) -> dict[str, Any]:
    """Let null stand for a value, and for each entry of a mapping of any names."""
    if shape.get("anyOf", [None])[-1] == {"type": "null"}:
        return shape
    described = {"description": shape["description"]} if "description" in shape else {}
    bare = {word: item for word, item in shape.items() if word != "description"}
    if isinstance(bare.get("additionalProperties"), dict):
        bare["additionalProperties"] = _nullable(bare["additionalProperties"])
    return {**described, "anyOf": [*_alternatives(bare), {"type": "null"}]}


def _alternatives(shape: dict[str, Any]) -> list[Any]:
    return list(shape["anyOf"]) if set(shape) == {"anyOf"} else [shape]


def _with_references(shape: object) -> object:
    """Write the references to shapes as JSON Schema does."""
    if isinstance(shape, dict):
        return {
            ("$ref" if key == "$shape" else key): (
                f"#/$defs/{item}" if key == "$shape" else _with_references(item)
            )
            for key, item in shape.items()
        }
    if isinstance(shape, list | tuple):
        return [_with_references(item) for item in shape]
    return shape

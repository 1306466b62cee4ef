"""The JSON Schema of a scenario file, generated from the models."""

from __future__ import annotations

from typing import Any

from coopsim.scenario import shapes
from coopsim.scenario.spec import Scenario


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of a scenario file, its parent included.

    Nothing is required in it: a file with `extends` may leave everything to its parent.
    """
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A coopsim scenario"
    schema["properties"]["extends"] = {
        **shapes.TEXT,
        "description": "The parent file, in this folder or below it; this file is merged over it",
    }
    schema["$defs"].update(shapes.DEFINITIONS)
    resolved = _with_references(_optional(schema))
    assert isinstance(resolved, dict)
    return resolved


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow what a file that extends another may do: leave out keys, and remove by null."""
    for model in [schema, *schema["$defs"].values()]:
        if "properties" in model and model.get("title") in _MERGED:
            model.pop("required", None)
            for key, shape in model["properties"].items():
                model["properties"][key] = _nullable(shape)
    return schema


_MERGED = ("A coopsim scenario", "DriverSpec", "EventSpec", "Switch", "OutcomeSpec")


def _nullable(shape: dict[str, Any]) -> dict[str, Any]:
    if shape.get("anyOf", [None])[-1] == {"type": "null"}:
        return shape
    described: dict[str, Any] = {
        key: shape[key] for key in ("description", "default", "title") if key in shape
    }
    bare: dict[str, Any] = {key: item for key, item in shape.items() if key not in described}
    if bare.get("type") == "object" and isinstance(bare.get("additionalProperties"), dict):
        bare["additionalProperties"] = {"anyOf": [bare["additionalProperties"], {"type": "null"}]}
    return {**described, "anyOf": [bare, {"type": "null"}]}


def _with_references(shape: object) -> object:
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

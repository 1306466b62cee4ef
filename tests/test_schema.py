"""The JSON Schema for editors: current, valid, and of one mind with the loader where it can be."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from coopsim.scenario.schema import json_schema

ROOT = Path(__file__).parent.parent
FILE = ROOT / "schema" / "scenario.schema.json"
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml")) + sorted(
    (ROOT / "tests" / "scenarios").glob("*.yaml")
)
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


class _Core(yaml.SafeLoader):
    """Read YAML 1.2 core scalars, as editors do: dates stay texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML reads it off the class


for _tag, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "null|~|", ["n", "~", ""]),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^({_pattern})$"), _first)


def typed(text: str) -> Any:
    """Read YAML as an editor does, with texts for keys."""
    return json.loads(json.dumps(yaml.load(text, _Core)))


def faults(data: Any) -> list[str]:
    """List the dotted paths at which the schema complains."""
    return [".".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(data)]


def test_the_schema_in_the_repository_is_current() -> None:
    renew = "coopsim schema > schema/scenario.schema.json"
    assert json.loads(FILE.read_text(encoding="utf-8")) == json_schema(), renew


def test_the_schema_is_valid_and_of_a_reasonable_size() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert FILE.stat().st_size < 125_000


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_scenario_fits_the_schema(path: Path) -> None:
    assert faults(typed(path.read_text(encoding="utf-8"))) == []


def properties(shape: Any) -> Iterator[tuple[str, Any]]:
    """List every key that the schema names, with its shape."""
    if isinstance(shape, dict):
        named = shape.get("properties", {})
        yield from named.items() if "type" in shape or "$schema" in shape else ()
        for item in shape.values():
            yield from properties(item)
    elif isinstance(shape, list):
        for item in shape:
            yield from properties(item)


def test_every_key_has_a_hover_text() -> None:
    found = dict(properties(json_schema()))
    assert len(found) > 60
    definitions = json_schema()["$defs"]
    for key, shape in properties(json_schema()):
        referred = definitions[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else {}
        assert "description" in {**referred, **shape}, key


EXAMPLE = typed((ROOT / "tests" / "scenarios" / "example.yaml").read_text(encoding="utf-8"))


def changed(path: str, text: str) -> Any:
    """Put YAML text at a path of the example."""
    data = copy.deepcopy(EXAMPLE)
    *way, last = path.split("/")
    node = data
    for key in way:
        node = node[int(key)] if isinstance(node, list) else node[key]
    node[int(last) if isinstance(node, list) else last] = typed(text)
    return data


WRONG = [
    ("startt", "2025-08-05"),
    ("start", "tomorrow"),
    ("start", "2025-8-5"),
    ("runs", "many"),
    ("runs", "0"),
    ("scenario", "a b"),
    ("drivers/sanctions/level", "[a, b]"),
    ("drivers/sanctions/levels", "a"),
    ("drivers/sanctions/levels", "[]"),
    ("drivers/sanctions/more_cooperation", "eased"),
    ("drivers/sanctions/initial", "{eased: 1.5}"),
    ("drivers/sanctions/switches/targeted -> eased/rat", "1 per year"),
    ("events/leak_forces_retirement/rate", "often"),
    ("events/leak_forces_retirement/rate", "0.1 a year"),
    ("events/leak_forces_retirement/rate", "{p5: 1 per year, p59: 2 per year}"),
    ("events/leak_forces_retirement/rate", "{low: 1 per year, high: 2 per year}"),
    ("events/leak_forces_retirement/repeat", "often"),
    ("events/leak_forces_retirement/from", "later"),
    ("events/leak_forces_retirement/memory", "long"),
    ("events/leak_forces_retirement/when", "[iss]"),
    ("events/leak_forces_retirement/when", "{iss: {above: 1}}"),
    ("events/leak_forces_retirement/pace", "{when: {}, times: 2}"),
    ("events/leak_forces_retirement/pace", "[{when: {}}]"),
    ("events/leak_forces_retirement/pace", "[{when: {}, times: -1}]"),
    ("events/leak_forces_retirement/after", "{a: soon}"),
    ("events/pad_repaired/takes", "4 lightyears"),
    ("events/pad_repaired/takes", "{planned: 4 years}"),
    ("events/pad_repaired/upon", "pad_lost"),
    ("events/venera_d_launch/window", "{open: [[2028-01-01]]}"),
    ("events/venera_d_launch/window", "{opens: 2028-01-01, every: 2 years}"),
    ("events/venera_d_launch/outcomes/works/chance", "2"),
    ("events/venera_d_launch/outcomes/works/chance", "most"),
    ("events/venera_d_launch/outcomes/works/chance", "[{when: {}}]"),
    ("events/soyuz_flight/date", "{first: 2028-01-01, evry: 1 year}"),
    ("events/soyuz_flight/date", "{first: 2028-01-01, every: 1 year, then: 1 year}"),
    ("outcomes/deorbit/evnt", "a"),
    ("outcomes/station_gap/between", "[a]"),
    ("outcomes/cooperation/index", "[{when: {}, weight: 0}]"),
    ("references/russian_new_development/lognorml", "[1, 2]"),
    ("references/russian_new_development/share", "2"),
]


@pytest.mark.parametrize(("path", "text"), WRONG)
def test_what_the_loader_refuses_is_underlined_where_it_stands(path: str, text: str) -> None:
    assert faults(EXAMPLE) == []
    found = faults(changed(path, text))
    assert found
    assert all(path.replace("/", ".").startswith(one) for one in found)


RIGHT = [
    ("title", "null"),
    ("start", "2025"),
    ("events/leak_forces_retirement", "null"),
    ("events/leak_forces_retirement", "{until: 2030}"),
    ("events/leak_forces_retirement/rate", "{by: iss_age, old: 1 to 2 per year}"),
    ("events/leak_forces_retirement/rate", "{old: 1 to 2 per year, young: null}"),
    ("events/leak_forces_retirement/when", "[{iss_age: [old, 3]}, {iss_age: {at_most: 2}}]"),
    ("events/leak_forces_retirement/when", "{iss_age: null}"),
    ("events/leak_forces_retirement/sets", "{iss_crewed: null, iss_age: 2028}"),
    ("events/russia_leaves_iss/date", "{2028: 2029}"),
    ("events/russia_leaves_iss/date", "{p5: 2028, p50: 2029-Q2, p95: 2030-07}"),
    ("events/russia_leaves_iss/date", "2028 to 2030"),
    ("events/russia_leaves_iss/date", "{normal: [2030, 8 months], luck: a, share: 0.5}"),
    ("outcomes/deorbit", "{title: Only the title}"),
    ("drivers/sanctions/switches", "{full -> targeted: null}"),
    ("drivers/sanctions/more_cooperation", "null"),
]


@pytest.mark.parametrize(("path", "text"), RIGHT)
def test_what_a_file_over_a_parent_may_say_fits(path: str, text: str) -> None:
    assert faults(changed(path, text)) == []

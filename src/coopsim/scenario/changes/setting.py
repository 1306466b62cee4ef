"""Single assumptions set by their paths, as `--set PATH=VALUE` does.

A path leads through whatever stands in the resolved tree: names, keys and positions in lists. Its
last key may be new, but for the name of a section. What is set there merges as a file would.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.changes.merging import Merger
from coopsim.scenario.grammar import FILE_KEYS, ROOT, Form, place_at
from coopsim.scenario.notation.slips.keys import path_meant, setting_meant
from coopsim.scenario.plain.replanning import led_back, plan_around
from coopsim.scenario.spec import Sourced
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Path, dotted, listing, show
from coopsim.scenario.text.tree import Map, Mark, Seq, from_data, node_at, put_at
from coopsim.scenario.text.yaml_text import read_setting

_MOST_LISTED = 14  # names that a message lists
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<key>.*?)(?P=quote)(\.|$)""")


def shown_set(setting: str) -> str:
    """Name a setting where a file would be named."""
    return f"--set {setting}"


def apply_set(tree: Map, setting: object) -> Map:
    """Set one assumption, written PATH=VALUE; raises ScenarioError where the path leads nowhere."""
    if not isinstance(setting, str):
        raise ScenarioError([Problem("", show(setting), "PATH=VALUE, as a text", "--set")])
    path_text, equals, value_text = setting.partition("=")
    if not equals or not path_text.strip():
        path_text, colon, value_text = setting.partition(": ")
        hint = f"write `{path_text}={value_text.strip()}`" if colon and not equals else None
        raise ScenarioError([Problem("", f"'{setting}'", "PATH=VALUE", "--set", None, hint)])
    shown = shown_set(setting)
    if not value_text.strip():
        expected = "a value after the `=`; PATH=null removes what stands there"
        raise ScenarioError([Problem(path_text.strip(), "nothing", expected, shown)])
    value = from_data(read_setting(value_text, shown), shown)
    path_text = led_back(tree, path_text.strip())
    plan = plan_around(tree, path_text)
    if plan is not None:
        expected = f"a part of the plan, such as `plans.{plan}.official`, `.reviews` or `.slips`"
        raise ScenarioError([Problem("", f"'{path_text}', which a plan makes", expected, shown)])
    path = find_path(tree, path_text, shown)
    _check_entry(tree, path, value, shown)
    return _put(tree, path, value, Mark(shown, None))


def _check_entry(tree: Map, path: Path, value: object, shown: str) -> None:
    """Refuse a single value where a whole driver or event stands, or would begin to."""
    if not _is_sourced(path) or isinstance(value, Map) or value is None:
        return
    entries = node_at(tree, path[:-1])
    known = entries if isinstance(entries, Map) else Map()
    if path[-1] not in known:
        raise _no_such(
            path[:-1], str(path[-1]), _keys_of(known), near_miss(str(path[-1]), known), shown
        )
    expected = "a mapping, or a path to one of its keys"
    hint = setting_meant(path, value)
    raise ScenarioError([Problem(dotted(path), show(value), expected, shown, None, hint)])


def _is_sourced(path: Path) -> bool:
    """Check for a driver, an event, a switch or an event's outcome."""
    place = place_at(path)
    if place is None or place.model is None or place.form is not Form.MAPPING:
        return False
    return issubclass(place.model, Sourced)


def find_path(tree: Map, text: str, shown: str) -> Path:
    """Find the keys that a dotted path names; the last one may be new.

    Raises ScenarioError where it leads nowhere, with what is `shown` in place of a file's name.
    """
    node: object = tree
    path: Path = ()
    while text:
        if isinstance(node, Seq):
            head, _, text = text.partition(".")
            if not (head.isascii() and head.isdigit()) or int(head) >= len(node):
                raise _no_such(path, head, f"a position from 0 to {len(node) - 1}", None, shown)
            path, node = (*path, int(head)), node[int(head)]
        elif isinstance(node, Map):
            key, text = _next_key(node, text)
            unknown = not path and key not in {*node, *ROOT.below, *FILE_KEYS}
            if unknown or (key not in node and text):
                hint = near_miss(key, node) or (None if path else path_meant(tree, key, text))
                known = node if path else ROOT.below
                raise _no_such(path, key, _keys_of(known), hint, shown)
            path, node = (*path, key), node.get(key)
        else:
            raise _no_such(path, text, f"nothing below the value {show(node)}", None, shown)
    return path


def _next_key(node: Map, text: str) -> tuple[str, str]:
    """Split off the first key: a quoted one, the longest that is there, or up to the next dot."""
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return quoted["key"], text[quoted.end() :]
    known = [key for key in node if text == key or text.startswith(f"{key}.")]
    key = max(known, key=len) if known else text.partition(".")[0]
    return key, text[len(key) + 1 :]


def _keys_of(node: Collection[str]) -> str:
    return listing(node) if 0 < len(node) <= _MOST_LISTED else "a name that is there"


def _no_such(path: Path, head: str, expected: str, hint: str | None, shown: str) -> ScenarioError:
    return ScenarioError([Problem(dotted(path), f"'{head}'", expected, shown, None, hint)])


def _put(tree: Map, path: Path, value: object, mark: Mark) -> Map:
    """Put a value at a path, merged as a file's would be; null removes."""
    around = node_at(tree, path[:-1])
    if value is not None:
        value = Merger(tree).value(node_at(tree, path), value, path)
    elif isinstance(around, Map) and path[-1] not in around:
        expected, hint = "something for null to remove", near_miss(str(path[-1]), around)
        raise _no_such(path[:-1], str(path[-1]), expected, hint, mark.file)
    return put_at(tree, path, value, mark)

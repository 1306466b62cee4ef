"""YAML 1.2 core typing, marks, and files that mean harm: quickly refused, in little memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load
from coopsim.scenario.text import yaml_text, yaml_writing
from coopsim.scenario.text.tree import Map, from_data, mark_at, plain
from coopsim.scenario.text.yaml_text import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    read_file,
    read_setting,
    read_text,
)
from coopsim.scenario.text.yaml_writing import dump


def read(text: str) -> Map:
    tree, problems = read_text(text, "file.yaml")
    assert problems == []
    return tree


def complaint(text: str) -> str:
    """Read text with a problem; get what is said, at once or beside a tree."""
    began = time.process_time()
    try:
        _, problems = read_text(text, "file.yaml")
        said = "\n".join(str(problem) for problem in problems)
    except ScenarioError as error:
        said = str(error)
    assert time.process_time() - began < 2
    return said


# --- what is read -----------------------------------------------------------------------------


def test_only_true_false_and_null_are_special() -> None:
    text = """
a: no
b: on
c: 12:30
d: 1e3
e: 2028-07-31
f: 0o17
g: .inf
h: [true, False, "true", null, ~, "null", ""]
2028: x
i:
"""
    assert plain(read(text)) == {
        "a": "no",
        "b": "on",
        "c": "12:30",
        "d": "1e3",
        "e": "2028-07-31",
        "f": "0o17",
        "g": ".inf",
        "h": [True, False, "true", None, None, "null", ""],
        "2028": "x",
        "i": None,
    }


def test_quotes_make_no_difference_to_keys() -> None:
    assert complaint('{2028: 1, "2028": 2}') == (
        "file.yaml:1: error: found the key '2028' again, expected it once (line 1 has it)"
    )


def test_block_texts_and_aliases_are_read() -> None:
    text = "a: &x {b: [1]}\nc: *x\nd: >-\n  two\n  lines\ne: &word w\nf: *word\n"
    assert plain(read(text)) == {
        "a": {"b": ["1"]},
        "c": {"b": ["1"]},
        "d": "two lines",
        "e": "w",
        "f": "w",
    }


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert plain(read("a: &x {b: 1}\n<<: *x\n")) == {"a": {"b": "1"}, "<<": {"b": "1"}}


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes("﻿a: ä\n".encode())
    assert plain(read_file(path, "bom.yaml")[0]) == {"a": "ä"}


def test_every_node_knows_its_line() -> None:
    tree = read("a:\n  b:\n    - x\n    - {c: 1,\n       d: 2}\n")
    lines = {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "b", 0): 3,
        ("a", "b", 1): 4,
        ("a", "b", 1, "d"): 5,
        ("a", "b", 1, "e"): 4,
        ("a", "b", 7): 2,
    }
    marks = {path: mark_at(tree, path) for path in lines}
    assert {path: mark and mark.line for path, mark in marks.items()} == lines
    assert mark_at(tree, ("z",)) is None


def test_a_value_is_read_by_itself() -> None:
    assert read_setting("{a: [1, true]}", "--set") == {"a": ["1", True]}
    assert read_setting("", "--set") is None
    assert read_setting("null", "--set") is None
    assert read_setting('"null"', "--set") == "null"


@pytest.mark.parametrize("text", ["a: b", "[1", "1\nother: 2", "- 1", "!!int 1", "*a"])
def test_a_value_that_is_more_than_one_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_setting(text, "--set x=")
    assert str(caught.value) == (
        f"--set x=: error: found '{' '.join(text.split())}', expected a value in YAML, quoted "
        "if it has special characters"
    )


# --- what is written --------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8"))
words = texts | st.sampled_from(
    ["true", "null", "~", "no", "1e3", "- a", "a: b", "#", "<<", "=", ""]
)
keys = words.filter(str.isprintable)
nodes = st.recursive(
    st.none() | st.booleans() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.dictionaries(keys, nodes, max_size=4))
def test_what_is_dumped_is_read_back(data: dict[str, object]) -> None:
    assert plain(read(dump(from_data(data, "data")))) == data


usual = st.text(st.characters(codec="utf-8").filter(str.isprintable), max_size=300)
signs = st.text("ab \t-:#?,[]{}&*!|>'\"%@`01.~=<\\é字\U0001f600", max_size=150)


@pytest.mark.slow
@given(st.dictionaries(keys, st.recursive(usual | signs | words, st.lists), max_size=4))
def test_however_quickly_it_is_written_it_is_the_same_text(data: dict[str, object]) -> None:
    tree = from_data(data, "data")
    for short in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            written = dump(tree, short=short)
            patch.setattr(yaml_writing, "_is_usual", lambda _: False)
            assert dump(tree, short=short) == written


def test_the_shipped_baseline_is_written_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(Path(__file__).parents[1] / "scenarios/baseline.yaml")
    monkeypatch.setattr(yaml_writing, "_PlainDumper", None)
    assert loaded.text


def test_python_data_becomes_text_as_in_a_file() -> None:
    data = {2: (0.5, 10), True: None, "day": date(2028, 7, 31)}
    assert plain(from_data(data, "data")) == {
        "2": ["0.5", "10"],
        "true": None,
        "day": "2028-07-31",
    }


# --- what is refused --------------------------------------------------------------------------


@pytest.fixture(params=["C", "Python"])
def _both_readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with libyaml, and as where it is missing."""
    if request.param == "Python":
        monkeypatch.setattr(yaml_text, "LOADER", yaml.SafeLoader)


SMALL = {
    "duplicate": (
        "a:\n  b: 1\n  b: 2\n",
        "file.yaml:3: error: a: found the key 'b' again, expected it once (line 2 has it)",
    ),
    "tag": (
        "a: !!python/object [ls]\n",
        "file.yaml:1: error: a: found the tag tag:yaml.org,2002:python/object, expected no tags",
    ),
    "second document": (
        "a: 1\n---\nb: 2\n",
        "file.yaml:2: error: found a second document, expected one document in a file",
    ),
    "unknown alias": (
        "a: *b\n",
        "file.yaml:1: error: a: found the alias *b, expected an anchor that stands before it",
    ),
    "alias inside itself": (
        "a: &a [*a]\n",
        "file.yaml:1: error: a: found the alias *a, expected an anchor that stands before it",
    ),
    "complex key": (
        "? [a, b]\n: c\n",
        "file.yaml:1: error: found a key that is no text, expected a text as key",
    ),
    "alias as key": (
        "a: &x b\n*x : c\n",
        "file.yaml:2: error: found a key that is no text, expected a text as key",
    ),
    "list": (
        "[a, b]",
        "file.yaml:1: error: found [a, b], expected a mapping with keys such as `start`",
    ),
    "empty": (
        "# nothing\n",
        "file.yaml:1: error: found an empty file, expected a mapping with keys such as `start`",
    ),
}


@pytest.mark.usefixtures("_both_readers")
@pytest.mark.parametrize("name", SMALL)
def test_what_a_scenario_has_no_use_for_is_refused(name: str) -> None:
    text, expected = SMALL[name]
    assert complaint(text) == expected


def test_a_control_character_is_refused() -> None:
    assert complaint("a: x\0y\n") == (
        "file.yaml:1: error: found text that is not YAML (control characters are not allowed), "
        "expected YAML; a text has no control characters; "
        "column 5 has a control character (U+0000)"
    )
    assert complaint('"\\e[31m": 1\n') == (
        "file.yaml:1: error: found a control character (U+001B) in a key, at column 2, "
        "expected plain characters: spaces, hyphens and quotes from the keyboard"
    )


def bomb() -> str:
    """Grow 9 to the power of 9 words out of 9 lines."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


def tower() -> str:
    """Stack aliases, each deep enough by itself, higher than a recursion can follow."""
    deep, close = "[" * 30, "]" * 30
    lines = [f"a0: &a0 {deep}x{close}"]
    lines += [f"a{n}: &a{n} {deep}*a{n - 1}{close}" for n in range(1, 40)]
    return "\n".join(lines)


LARGE: dict[str, tuple[Callable[[], str], str]] = {
    "alias bomb": (bomb, f"more than {MAX_NODES:,} values, expected a scenario of reasonable size"),
    "alias tower": (tower, f"more than {MAX_DEPTH} levels of nesting, expected fewer"),
    "brackets": (lambda: "[" * 100_000, f"more than {MAX_DEPTH} levels of nesting, expected fewer"),
    "braces": (lambda: "{a: " * 50_000, f"more than {MAX_DEPTH} levels of nesting, expected fewer"),
    "indents": (
        lambda: "\n".join(" " * n + "a:" for n in range(1000)),
        f"more than {MAX_DEPTH} levels of nesting, expected fewer",
    ),
    "dashes": (lambda: "- " * 100_000, f"more than {MAX_DEPTH} levels of nesting, expected fewer"),
    "many values": (
        lambda: "a: [" + "x," * 400_000 + "]",
        f"more than {MAX_NODES:,} values, expected a scenario of reasonable size",
    ),
}


@pytest.mark.usefixtures("_both_readers")
@pytest.mark.parametrize("name", LARGE)
def test_a_bomb_is_refused_quickly(name: str) -> None:
    make, expected = LARGE[name]
    said = complaint(make())
    assert said.endswith(f"found {expected}")
    assert len(said) < 300
    assert "\n" not in said


# --- files ------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        read_file(path, path.name)
    assert time.process_time() - began < 2
    return str(caught.value)


def test_files_that_cannot_be_scenarios_are_refused(tmp_path: Path) -> None:
    fifo, folder, loop = tmp_path / "fifo", tmp_path / "folder", tmp_path / "loop"
    os.mkfifo(fifo)
    folder.mkdir()
    loop.symlink_to(loop)
    nothing = "error: found no such file, expected a scenario file"
    thing = "error: found something that is not a file, expected a scenario file"
    assert refused(tmp_path / "nothing.yaml") == f"nothing.yaml: {nothing}"
    (tmp_path / "thaw.yaml").touch()
    for wrong in ("thaw.yml", "thw.yaml"):
        hint = refused(tmp_path / wrong).removeprefix(f"{wrong}: {nothing}; did you mean '")
        assert Path(hint.removesuffix("'?")).name == "thaw.yaml"
    assert refused(fifo) == f"fifo: {thing}"
    assert refused(folder) == (
        f"folder: error: found a folder, expected a scenario file, such as {folder / '*.yaml'}"
    )
    assert refused(loop) == f"loop: {nothing}"
    assert refused(Path("a\0b")) == f"a\N{REPLACEMENT CHARACTER}b: {nothing}"
    assert refused(Path("/dev/zero")) == f"zero: {thing}"


def test_a_name_too_long_for_a_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / ("x" * 300)).endswith(
        "error: found a file that cannot be read (File name too long), expected a readable file"
    )


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: ä\n".encode("latin-1"))
    assert refused(path) == (
        "latin.yaml:2: error: found bytes that are not UTF-8, expected text encoded in UTF-8"
    )
    path.write_bytes("a: 1\n".encode("utf-16"))
    assert refused(path) == (
        "latin.yaml:1: error: found bytes that are not UTF-8, expected text encoded in UTF-8"
    )


@pytest.fixture
def huge(tmp_path: Path) -> Iterator[Path]:
    """Give a file of 100 GB, all of it a hole."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000_000)
    yield path
    path.unlink()


def test_a_huge_file_is_not_read_to_its_end(huge: Path) -> None:
    assert refused(huge) == (
        f"huge.yaml: error: found more than {MAX_BYTES:,} bytes, expected a scenario of "
        "reasonable size"
    )


def test_hostile_files_need_little_memory(tmp_path: Path, huge: Path) -> None:
    paths = [huge]
    for name, (make, _) in LARGE.items():
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(make())
    limit = 400_000_000  # bytes of address space; Python with pydantic alone takes some 150 MB

    def confine() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    code = (
        "import sys\n"
        "from coopsim.errors import ScenarioError\n"
        "from coopsim.scenario.loading import load\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        load(path)\n"
        "    except ScenarioError as error:\n"
        "        print(len(error.problems))\n"
    )
    command = [sys.executable, "-c", code, *map(str, paths)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # its threads reserve address space
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, preexec_fn=confine, env=environment
    )
    assert done.stdout.split() == ["1"] * len(paths)

"""The house rules of docs/architecture.md, each held over the whole package, and shown to fail."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "coopsim"
MOST_LINES, MOST_LINES_OF_BODY, MOST_MODULES = 430, 45, 16
# A docstring says what a thing is or does; these say it in a roundabout way.
ROUNDABOUT = re.compile(r"(Hold|Know|Say)\b")


def source_files() -> dict[str, str]:
    """Read the package: the text of every module by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path.read_text("utf-8")
    return found


SOURCES = source_files()


# --- the rules ----------------------------------------------------------------------------------


def imported(text: str, modules: Collection[str]) -> set[str]:
    """Find the modules that a text imports, wherever: at the top, in a function or for types."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in modules else node.module)
    return found & set(modules)


def circle(sources: Mapping[str, str]) -> list[str]:
    """Find modules that import each other in a circle; none is an empty list."""
    graph = {name: imported(text, sources) - {name} for name, text in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def defined(text: str) -> Iterator[tuple[str, ast.AST]]:
    """List classes and functions, methods and inner ones too, by their dotted names."""
    waiting: list[tuple[str, ast.AST]] = [("", ast.parse(text))]
    while waiting:
        outer, node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            name = outer
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{outer}.{child.name}".lstrip(".")
                yield name, child
            waiting.append((name, child))


def long_functions(text: str) -> dict[str, int]:
    """Find functions of too many lines, without signature and docstring, where options stand."""
    found = {}
    for name, node in defined(text):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > MOST_LINES_OF_BODY:
                found[name] = lines
    return found


def public_types(text: str) -> list[str]:
    """List the classes and type aliases that a module defines for others; no type variables."""
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call):
            found += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.append(node.target.id)
    return [name for name in found if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name)]


def types_defined_twice(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Find public types of one name in several modules."""
    homes = defaultdict(list)
    for module, text in sources.items():
        for name in public_types(text):
            homes[name].append(module)
    return {name: modules for name, modules in homes.items() if len(modules) > 1}


def roundabout_docstrings(text: str) -> list[str]:
    """Find what is public and described in a roundabout way: a module is named by ``."""
    whole: tuple[str, ast.AST] = ("", ast.parse(text))  # what commands say is their --help
    return [
        name
        for name, node in (whole, *defined(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not any(part.startswith("_") for part in name.split("."))
        and not any(".command" in ast.unparse(one) for one in getattr(node, "decorator_list", ()))
        and ROUNDABOUT.match(ast.get_docstring(node) or "")
    ]


def crowded_folders(modules: Collection[str]) -> dict[str, int]:
    """Find packages of too many modules; a package within counts for none."""
    inside = Counter(
        module.rpartition(".")[0]
        for module in modules
        if not any(other.startswith(f"{module}.") for other in modules)
    )
    return {package: count for package, count in inside.items() if count > MOST_MODULES}


# --- held over the package ------------------------------------------------------------------------


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(SOURCES) == []


def test_no_function_is_long() -> None:
    found = {module: long_functions(text) for module, text in SOURCES.items()}
    assert {module: names for module, names in found.items() if names} == {}


def test_no_two_types_have_one_name() -> None:
    assert types_defined_twice(SOURCES) == {}


def test_no_module_is_long() -> None:
    lines = {module: len(text.splitlines()) for module, text in SOURCES.items()}
    assert {module: count for module, count in lines.items() if count > MOST_LINES} == {}


def test_no_folder_is_crowded() -> None:
    assert crowded_folders(SOURCES) == {}


def test_docstrings_say_it_plainly() -> None:
    found = {module: roundabout_docstrings(text) for module, text in SOURCES.items()}
    assert {module: names for module, names in found.items() if names} == {}


# --- each rule can be broken ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "import coopsim.b",
        "from coopsim import b",
        "from coopsim.b import name",
        "def late() -> None:\n    from coopsim.b import name",
        "if TYPE_CHECKING:\n    from coopsim.b import Name",
    ],
)
def test_a_circle_is_found_however_it_is_closed(line: str) -> None:
    sources = {"coopsim": "", "coopsim.a": line, "coopsim.b": "from coopsim.c import x"}
    assert circle({**sources, "coopsim.c": ""}) == []
    found = circle({**sources, "coopsim.c": "import coopsim.a"})
    assert set(found) == {"coopsim.a", "coopsim.b", "coopsim.c"}


def test_a_long_function_is_found_and_options_and_docstrings_are_not_counted() -> None:
    options = "".join(f"        option_{number}: int = 0,\n" for number in range(60))
    head = f"class A:\n    def f(\n{options}    ) -> None:\n"
    text = f'{head}        """Do.\n\n        So.\n        """\n'
    body = "        x = 1\n"
    assert long_functions(text + body * 45) == {}
    assert long_functions(text + body * 46) == {"A.f": 46}
    inner = f"def outer() -> None:\n    def inner() -> None:\n{body * 46}"
    assert long_functions(inner) == {"outer": 47, "outer.inner": 46}


def test_types_of_one_name_are_found() -> None:
    one = "class Found: ...\nclass _Own: ...\nT = TypeVar('T')\nItem = TypeVar('Item')\nLEAST = 1"
    assert types_defined_twice({"a": one, "b": one}) == {"Found": ["a", "b"]}
    aliases = "Found = int | str\nHow: TypeAlias = Literal['a']"
    assert types_defined_twice({"a": one, "b": aliases, "c": aliases}) == {
        "Found": ["a", "b", "c"],
        "How": ["b", "c"],
    }


def test_crowded_folders_are_found() -> None:
    modules = ["p", "p.q", *(f"p.q.m{number}" for number in range(16))]
    assert crowded_folders(modules) == {}
    assert crowded_folders([*modules, "p.q.more"]) == {"p.q": 17}


def test_roundabout_docstrings_are_found() -> None:
    text = (
        '"""Say."""\nclass A:\n    """Hold a thing."""\n    def f(self):\n        """Know it."""\n'
    )
    assert roundabout_docstrings(text) == ["", "A", "A.f"]
    assert roundabout_docstrings('"""Holders."""\nclass _A:\n    """Hold a thing."""\n') == []

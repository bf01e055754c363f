"""The rooms import each other in one direction only, and shared code names no vendor."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("reference_server", "idp_profiles", "reports", "suites")

# The table of the rooms: what each may import of the others.
MAY_IMPORT = {
    "reference_server": set[str](),
    "idp_profiles": set[str](),
    "reports": set[str](),
    "suites": {"reference_server", "idp_profiles", "reports"},
}
# What each room may take from outside, beside the standard library.
FROM_OUTSIDE = {
    "reference_server": set[str](),
    "idp_profiles": {"click", "faker", "rich"},
    "reports": {"click", "jinja2", "jsonschema", "markupsafe", "rich"},
    "suites": {
        *("allure", "allure_commons", "allure_pytest", "click", "faker", "jsonschema", "pytest"),
        *("a2wsgi", "requests", "rich", "urllib3"),
    },
    "scimproof": {"pytest"},
}
VENDORS = re.compile(
    r"okta|entra(?!nc)|azure|onelogin|jumpcloud|pingfederate|pingone|rippling|clockify|clockwise|"
    r"google|authentik|keycloak",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Import:
    """One import: who, what, at which line, and whether it happens when the module is loaded."""

    module: str
    wants: str
    line: int
    at_load: bool


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[Import, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {id(node) for start in _lazy_roots(tree) for node in ast.walk(start)}
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree):
        at_load = id(node) not in lazy
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name_of(path), alias.name, node.lineno, at_load)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield Import(name_of(path), base, node.lineno, at_load)
            for alias in node.names:
                yield Import(name_of(path), f"{base}.{alias.name}", node.lineno, at_load)


def _lazy_roots(tree: ast.Module) -> Iterator[ast.AST]:
    """Return what does not run when the module is loaded: functions, and blocks for type checks."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    for node in ast.walk(tree):
        for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if for_types or isinstance(node, functions):
            yield node


def top(name: str) -> str:
    return name.partition(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_that_it_may(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    wrong = [
        f"{found.module}:{found.line} imports {found.wants}"
        for path in modules(room)
        for found in imports(path)
        if top(found.wants) in ROOMS and top(found.wants) not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_but_the_suites_knows_the_front_door(room: str) -> None:
    found = {
        each.module
        for path in modules(room)
        for each in imports(path)
        if top(each.wants) == "scimproof"
    }
    assert found <= {"suites.command"}


@pytest.mark.parametrize("room", [*ROOMS, "scimproof"])
def test_a_room_takes_from_outside_only_what_is_listed(room: str) -> None:
    paths = [ROOT / "scimproof.py"] if room == "scimproof" else modules(room)
    outside = {
        top(found.wants)
        for path in paths
        for found in imports(path)
        if top(found.wants) not in {*ROOMS, "scimproof", *sys.stdlib_module_names}
    }
    # `_typeshed` exists for type checkers alone.
    assert outside - {"_typeshed"} - FROM_OUTSIDE[room] == set()


def test_the_judge_shares_no_code_with_the_judged() -> None:
    """The suites start the server; they never use its filters, patches or schemas."""
    doors = {
        *("reference_server", "reference_server.deviations", "reference_server.http_adapter"),
        *("reference_server.wsgi", "reference_server.http_adapter.Server"),
        *("reference_server.wsgi.wsgi_app", "reference_server.tolerances"),
        *("reference_server.tenants", "reference_server.tenants.Tenants"),
        *("reference_server.products",),
    }
    wanted = {
        found.wants
        for path in modules("suites")
        for found in imports(path)
        if top(found.wants) == "reference_server"
    }
    assert wanted <= doors


def test_the_front_door_loads_no_room_by_itself() -> None:
    found = [each.wants for each in imports(ROOT / "scimproof.py") if each.at_load]
    assert [name for name in found if top(name) in ROOMS] == []


def test_the_root_conftest_only_loads_the_plugin() -> None:
    assert (ROOT / "conftest.py").read_text(encoding="utf-8") == 'pytest_plugins = ["scimproof"]\n'


@pytest.mark.parametrize("room", ROOMS)
def test_imports_reach_siblings_only(room: str) -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert wrong == []


def graph() -> dict[str, set[str]]:
    """Return which module loads which others, itself left out."""
    paths = [path for room in ROOMS for path in modules(room)]
    known = {name_of(path) for path in paths}
    return {
        name_of(path): {
            found.wants
            for found in imports(path)
            if found.at_load and found.wants in known and found.wants != name_of(path)
        }
        for path in paths
    }


def cycle(edges: dict[str, set[str]]) -> list[str]:
    """Return the modules of one cycle, or none."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        for wanted in sorted(edges.get(module, ())):
            # A package that names its parts is loaded with them; that is no cycle of two ideas.
            found = [] if wanted.startswith(f"{module}.") else walk(wanted, [*way, module])
            if found:
                return found
        done.add(module)
        return []

    return next((found for start in sorted(edges) if (found := walk(start, []))), [])


def test_no_module_needs_itself() -> None:
    packages = {name for name in graph() if (ROOT / name.replace(".", "/")).is_dir()}
    # What a module takes from its own package by name is an edge to the sibling, not the package.
    edges = {
        name: {wanted for wanted in wants if wanted not in packages or not name.startswith(wanted)}
        for name, wants in graph().items()
    }
    assert cycle(edges) == []


def test_a_cycle_would_be_found() -> None:
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import reports", {"reports"}),
        ("from reports.redact import Redactor", {"reports.redact", "reports.redact.Redactor"}),
        ("from . import client", {"suites", "suites.client"}),
        ("from .client import Seen", {"suites.client", "suites.client.Seen"}),
        ("def f():\n    import reports", {"reports"}),
    ],
)
def test_every_kind_of_import_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, wanted: set[str]
) -> None:
    path = tmp_path / "suites" / "made_up.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert {found.wants for found in imports(path)} == wanted
    assert {found.at_load for found in imports(path)} == {not text.startswith("def")}


# -- no vendor in shared code -----------------------------------------------------------------


def shared_modules() -> list[Path]:
    return [
        *sorted((ROOT / "suites").glob("*.py")),
        *modules("reports"),
        # A product's package is its vendor's own, as a profile's is.
        *(each for each in modules("reference_server") if each.parent.parent != PRODUCTS),
        *sorted((ROOT / "idp_profiles").glob("*.py")),
        ROOT / "scimproof.py",
    ]


def vendor_names(path: Path) -> list[str]:
    """Return where a module speaks of a vendor, docstrings and comments left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {word}"
        for node in ast.walk(tree)
        for word in _words(node)
        if id(node) not in documentation and VENDORS.search(word)
    ]


def _words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for field in ("id", "attr", "name", "arg", "module"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value


# The registries are the places of the shared code that know the profiles and products by name.
REGISTRY = "idp_profiles/__init__.py"
REGISTRIES = (REGISTRY, "reference_server/products/__init__.py")
PRODUCTS = ROOT / "reference_server" / "products"


def test_shared_code_names_no_vendor() -> None:
    found = [each for path in shared_modules() for each in vendor_names(path)]
    assert [each for each in found if not each.startswith(REGISTRIES)] == []


def test_the_registry_names_each_profile_once() -> None:
    found = vendor_names(ROOT / REGISTRY)
    packages = [
        path.name for path in (ROOT / "idp_profiles").iterdir() if (path / "facts.py").exists()
    ]
    assert sorted(each.rpartition(" ")[2] for each in found) == sorted(packages)


def test_a_vendor_in_code_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.py"
    path.write_text('"""Okta here."""\nx = "urn:okta:y"\ndef entra_id(): ...\n', encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert vendor_names(path) == ["x.py:3 entra_id", "x.py:2 urn:okta:y"]


def test_no_module_carries_a_name_that_says_nothing() -> None:
    names = {path.stem for room in ROOMS for path in modules(room)}
    assert names & {"utils", "helpers", "common", "misc", "util", "helper"} == set()


def test_only_a_door_lists_what_it_offers() -> None:
    listing = [
        path
        for room in ROOMS
        for path in modules(room)
        if re.search(r"^__all__", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert {path.name for path in listing} == {"__init__.py"}
    assert {path.parent.name for path in listing} >= set(ROOMS)

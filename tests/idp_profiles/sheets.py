"""Judges a profile by a sheet of collected sequences: an application and an oracle.

The oracle works out from a sequence which bytes have to arrive. It shares no code with the
profiles, and nothing here reads one.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

BASE = "/scim/v2"
TOKEN = "wire-token-1"  # noqa: S105 # nobody's token
LEFT_OUT = object()
_KEPT = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def sequences_of(name: str) -> dict[str, dict[str, Any]]:
    """Return the sequences of a facts file by their ids."""
    file = Path(__file__).parent / "facts" / f"{name}.json"
    found = json.loads(file.read_text(encoding="utf-8"))["sequences"]
    return {sequence["id"]: sequence for sequence in found}


# -- the application


class SheetApp:
    """Answers in JSON with just enough memory; `extra` is what it adds to every new user."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.extra: dict[str, Any] = {}
        self.refused: dict[str, int] = {}

    def __call__(self, method: str, target: str, body: bytes) -> bytes:
        path, _, query = target.removeprefix(BASE).partition("?")
        status, answer = self._answer(method, path, query, json.loads(body) if body else {})
        content = b"" if answer is None else json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(content)}\r\n\r\n"
        return head.encode() + content

    def _answer(self, method: str, path: str, query: str, body: dict[str, Any]) -> tuple[int, Any]:
        collection, _, resource = path.removeprefix("/").partition("/")
        refused = self.refused.get(f"{method} /{collection}")
        if refused is not None:
            return refused, {"detail": "no"}
        store = {"Users": self.users, "Groups": self.groups}[collection]
        if method == "POST":
            name = body.get("userName") or body["displayName"]
            extra = self.extra if store is self.users else {}
            store[id_of(name)] = {**body, **extra, "id": id_of(name)}
            return 201, store[id_of(name)]
        if method == "GET":
            return 200, store[resource] if resource else _listed(store, query)
        if method == "DELETE":
            del store[resource]
            return 204, None
        if method == "PUT":
            store[resource] = {**body, "id": resource}
        return 200, store[resource]


def _listed(store: dict[str, dict[str, Any]], query: str) -> dict[str, Any]:
    wanted = re.search(r'filter=(\w+) eq "((?:[^"\\]|\\.)*)"', unquote_plus(query))
    found = list(store.values())
    if wanted:
        name, value = wanted.group(1), json.loads(f'"{wanted.group(2)}"')
        found = [one for one in found if one[name] == value]
    start, count = (re.search(rf"{name}=(\d+)", query) for name in ("startIndex", "count"))
    first = int(start.group(1)) - 1 if start else 0
    last = first + int(count.group(1)) if count else None
    return {"totalResults": len(found), "Resources": found[first:last]}


def id_of(name: str) -> str:
    """The id that the application gives: known to the oracle without asking anybody."""
    return "id-" + "".join(letter for letter in name if letter.isalnum() and letter.isascii())


# -- the oracle


class Many(list[Any]):
    """The values of a place in a list's element: the element is repeated for each of them."""


def filled(template: Any, variables: Mapping[str, Any]) -> Any:
    """Return a template with its places filled."""
    if isinstance(template, str):
        whole = re.fullmatch(r"\{\{([\w.:]+)\}\}", template)
        if whole:
            return copy.deepcopy(variables[whole.group(1)])
        return re.sub(r"\{\{([\w.:]+)\}\}", lambda hit: str(variables[hit.group(1)]), template)
    if isinstance(template, list):
        return [one for element in template for one in _repeated(element, variables)]
    if isinstance(template, dict):
        pairs = ((key, filled(value, variables)) for key, value in template.items())
        # Compared by class: a deep copy of the mark is another object.
        return {key: value for key, value in pairs if type(value) is not object}
    return template


def _repeated(element: Any, variables: Mapping[str, Any]) -> Iterator[Any]:
    flat = isinstance(element, dict) and all(isinstance(one, str) for one in element.values())
    places = re.findall(r"\{\{([\w.:]+)\}\}", json.dumps(element)) if flat else []
    many = next((name for name in places if isinstance(variables[name], Many)), None)
    if many is None:
        yield filled(element, variables)
        return
    for value in variables[many]:
        yield filled(element, {**variables, many: value})


def percent(value: str, blank: str = "%20") -> str:
    """Percent-encode everything but letters, digits and four marks, byte by byte."""
    encoded = "".join(chr(b) if b in _KEPT else f"%{b:02X}" for b in value.encode())
    return encoded.replace("%20", blank)


def query_of(template: str, variables: Mapping[str, Any], blank: str, *, literal: bool) -> str:
    """Return the query on the wire; a `literal` one is encoded in the sheet already."""
    escaped = {
        name: json.dumps(value, ensure_ascii=False)[1:-1] if isinstance(value, str) else value
        for name, value in variables.items()
    }
    if literal:
        encoded = {
            name: percent(value, blank) if isinstance(value, str) else value
            for name, value in escaped.items()
        }
        return str(filled(template, encoded))
    parts = (part.partition("=") for part in template.split("&"))
    return "&".join(
        f"{name}{sign}{percent(str(filled(value, escaped)), blank)}" for name, sign, value in parts
    )


def expected_bytes(
    step: dict[str, Any],
    variables: Mapping[str, Any],
    host: str,
    *,
    blank: str = "%20",
    literal_query: bool = False,
) -> bytes:
    """Return the bytes that a step has to put on the wire."""
    target = BASE + filled(step["path"], variables)
    if step["query"] is not None:
        target += "?" + query_of(step["query"], variables, blank, literal=literal_query)
    lines = [f"{step['method']} {target} HTTP/1.1", f"Host: {host}"]
    headers = filled(step["headers"], variables)
    lines += [f"{name}: {value}" for name, value in headers.items()]
    body = b""
    if step["body"] is not None:
        written = filled(step["body"], variables)
        body = json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def mutants(
    sequence: dict[str, Any], steps: set[int]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield the sequence with one leaf changed, one leaf after the other."""
    for number in sorted(steps):
        for part in ("method", "path", "query", "headers", "body"):
            for path in _leaves(sequence["steps"][number][part], (part,)):
                mutant = copy.deepcopy(sequence)
                target = mutant["steps"][number]
                for key in path[:-1]:
                    target = target[key]
                value = target[path[-1]]
                target[path[-1]] = not value if isinstance(value, bool) else f"{value}~"
                yield (number, *path), mutant


def _leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path

"""A raw socket listener that keeps every byte, a canned application, and the oracle.

The oracle works out from a collected sequence which bytes have to arrive. It shares no code with
the profiles.
"""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import copy
import json
import re
import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.okta import Okta
from idp_profiles.profile import Stage


class Listener:
    """Keeps the bytes of each request; `respond` returns those of a reply, or none to hang up."""

    def __init__(self, respond: Callable[[str, str, bytes], bytes]) -> None:
        self._respond = respond
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.caught: list[bytes] = []
        self.replies: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        buffer = b""
        try:
            while True:
                while b"\r\n\r\n" not in buffer:
                    chunk = connection.recv(65536)
                    if not chunk:
                        return
                    buffer += chunk
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n")[1:]:
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                while len(buffer) < length:
                    buffer += connection.recv(65536)
                body, buffer = buffer[:length], buffer[length:]
                self.caught.append(head + b"\r\n\r\n" + body)
                method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
                reply = self._respond(method, target, body)
                self.replies.append(reply)
                if not reply:
                    return
                connection.sendall(reply)
        except OSError:
            return
        finally:
            connection.close()


BASE = "/scim/v2"


class CannedApp:
    """Answers in JSON; just enough memory for what the sequences ask."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.hide_users = False
        self.refuse_creates: list[int] = []
        self.most_per_page = 1000
        self.hidden: set[str] = set()

    def __call__(self, method: str, target: str, body: bytes) -> bytes:
        path, _, query = target.removeprefix(BASE).partition("?")
        status, answer = self.answer(method, path, query, json.loads(body) if body else {})
        content = b"" if answer is None else json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(content)}\r\n\r\n"
        return head.encode() + content

    def answer(self, method: str, path: str, query: str, body: dict[str, Any]) -> tuple[int, Any]:
        collection, _, resource = path.removeprefix("/").partition("/")
        store = {"Users": self.users, "Groups": self.groups}.get(collection)
        if store is None:
            return 200, page(DISCOVERY[path], query, self.most_per_page)
        if method == "POST":
            return self._create(store, body)
        if method == "GET" and not resource:
            return 200, page(self._found(store, query), query, self.most_per_page)
        if method == "GET":
            return 200, self._shown(store[resource])
        if method == "PUT":
            store[resource] = {**body, "id": resource}
            return 200, self._shown(store[resource])
        if method == "PATCH":
            value = body["Operations"][0].get("value")
            store[resource].update(value if isinstance(value, dict) else {})
        return 204, None

    def _create(self, store: dict[str, Any], body: dict[str, Any]) -> tuple[int, Any]:
        if self.refuse_creates:
            error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "no"}
            return self.refuse_creates.pop(0), error
        name = body.get("userName") or body["displayName"]
        store[id_of(name)] = {
            **{key: value for key, value in body.items() if key != "password"},
            "id": id_of(name),
            "meta": {"resourceType": "Whatever", "version": 'W/"1"'},
            "urn:example:unknown": {"kept": [1, {"deep": None}], "number": 1.5},
        }
        return 201, self._shown(store[id_of(name)])

    def _shown(self, resource: dict[str, Any]) -> dict[str, Any]:
        hidden = {"password", *self.hidden}
        shown = {key: value for key, value in resource.items() if key not in hidden}
        if isinstance(shown.get("name"), dict):
            shown["name"] = {"formatted": "Old Name", **shown["name"]}
        return shown

    def _found(self, store: dict[str, Any], query: str) -> list[dict[str, Any]]:
        wanted = re.search(r"filter=\w+(?:%20|\+)eq(?:%20|\+)(.*?)&", query)
        resources = [self._shown(one) for one in store.values()]
        if wanted is None:
            return resources
        value = json.loads(unquote(wanted.group(1).replace("+", "%20")))
        name = "userName" if store is self.users else "displayName"
        return [] if self.hide_users else [one for one in resources if one[name] == value]


def page(resources: list[dict[str, Any]], query: str, most: int) -> dict[str, Any]:
    start = int((re.search(r"startIndex=(\d+)", query) or ["", "1"])[1])
    count = int((re.search(r"count=(\d+)", query) or ["", "100"])[1])
    shown = resources[start - 1 : start - 1 + min(count, most)]
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(resources),
        "startIndex": start,
        "itemsPerPage": len(shown),
        "Resources": shown,
    }


def id_of(name: str) -> str:
    """The id that the canned application gives: known to the evaluator without asking anybody."""
    return "id-" + "".join(letter for letter in name if letter.isalnum() and letter.isascii())


DISCOVERY: dict[str, list[dict[str, Any]]] = {
    "/ResourceTypes": [
        {"id": "User", "schema": "urn:x:User", "endpoint": "/Users"},
        {"id": "Role", "schema": "urn:okta:scim:schemas:core:1.0:Role", "endpoint": "/Roles"},
        {
            "id": "Entitlement",
            "schema": "urn:okta:scim:schemas:core:1.0:Entitlement",
            "endpoint": "/Permits",
        },
    ],
    "/Schemas": [{"id": "urn:x:User"}],
    "/Roles": [{"id": "r1", "displayName": "Admin"}, {"id": "r2", "displayName": "Guest"}],
    "/Permits": [{"id": "e1", "displayName": "Seat", "type": "license"}],
}


class Evaluator:
    """Fills the places of a template."""

    def __init__(self, variables: dict[str, Any], people: dict[str, list[Person]]) -> None:
        self._variables = variables
        self._people = people

    def fill(self, template: Any) -> Any:
        if isinstance(template, str):
            return self._text(template)
        if isinstance(template, list):
            return [item for element in template for item in self._element(element)]
        if isinstance(template, dict):
            if set(template) == {"$merge"}:
                left, right = (self.fill(part) for part in template["$merge"])
                return overlaid(left, right)
            if set(template) == {"$without"}:
                whole, key = template["$without"]
                return {k: v for k, v in self.fill(whole).items() if k != key}
            return {self._text(key): self.fill(value) for key, value in template.items()}
        return template

    def _element(self, element: Any) -> Iterator[Any]:
        """An element that names a member stands for one element per member."""
        texts = [str(value) for value in element.values()] if _is_flat(element) else []
        for group in ("member", "added", "removed"):
            if any("{{" + group + "." in text for text in texts):
                for person in self._people[group]:
                    yield Evaluator({**self._variables, **named(group, person)}, {}).fill(element)
                return
        if element == "{{chunk of members}}":
            one = {"value": "{{member.scimUserId}}", "display": "{{member.userName}}"}
            yield from self._element(one)
            return
        yield self.fill(element)

    def _text(self, template: str) -> Any:
        whole = re.fullmatch(r"\{\{([\w.]+)\}\}", template)
        if whole:
            return copy.deepcopy(self._variables[whole.group(1)])
        return re.sub(r"\{\{([\w.+]+)(\|urlencode)?\}\}", self._place, template)

    def _place(self, place: re.Match[str]) -> str:
        value = str(self._variables[place.group(1)])
        return percent(value) if place.group(2) else value


def _is_flat(element: Any) -> bool:
    return isinstance(element, dict) and not any(
        isinstance(value, list | dict) for value in element.values()
    )


def percent(value: str) -> str:
    """Percent-encode everything but letters, digits and four marks, byte by byte."""
    keep = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(chr(b) if b in keep else f"%{b:02X}" for b in escaped.encode())


def overlaid(left: Any, right: Any) -> Any:
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return right
    result = {k: overlaid(v, right[k]) if k in right else v for k, v in left.items()}
    return {**result, **{k: v for k, v in right.items() if k not in left}}


def named(group: str, person: Person) -> dict[str, str]:
    name = person.user_name
    return {f"{group}.scimUserId": id_of(name), f"{group}.userName": name}


def expected_bytes(step: dict[str, Any], evaluator: Evaluator, host: str) -> bytes:
    query = step["query"]
    target = BASE + evaluator.fill(step["path"])
    if query is not None:
        target += "?" + evaluator.fill(query)
    body = b""
    lines = [f"{step['method']} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {evaluator.fill(value)}" for name, value in step["headers"].items()]
    if step["body"] is not None:
        filled = evaluator.fill(step["body"])
        body = json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Oracle:
    """What a selftest asks of this file: fixtures cannot be imported, their values can."""

    base = BASE
    app = CannedApp
    id_of = staticmethod(id_of)

    @staticmethod
    def expected(
        step: dict[str, Any],
        variables: dict[str, Any],
        people: dict[str, list[Person]],
        host: str,
    ) -> bytes:
        """Return the bytes that a step has to put on the wire."""
        return expected_bytes(step, Evaluator(variables, people), host)


@pytest.fixture
def oracle() -> type[Oracle]:
    return Oracle


@pytest.fixture
def listen() -> Iterator[Callable[[Callable[[str, str, bytes], bytes]], Listener]]:
    """Start listeners that end with the test."""
    started: list[Listener] = []

    def start(respond: Callable[[str, str, bytes], bytes]) -> Listener:
        started.append(Listener(respond))
        return started[-1]

    yield start
    for listener in started:
        listener.close()


@pytest.fixture
def make_stage() -> Callable[[int], Stage]:
    """Make a stage with that many people, always the same ones."""

    def make(count: int) -> Stage:
        people = tuple(
            Person(
                user_name=f"p{number}+x@example.com",
                given_name=f"Given{number}",
                family_name=f"Fämily{number}",
                email=f"mail{number}@example.com",
                display_name=f"Given{number} Fämily{number}",
                idp_id=f"00u{number:09d}",
                password=f"Pw{number:03d}#x!",
                attributes={"department": "Tests", "employeeNumber": f"{number:04d}"},
            )
            for number in range(1, count + 1)
        )
        return Stage(
            people=people,
            group=Group('Team & Co "A"', idp_id="00g1"),
            new_user_name="renamed@example.com",
            new_email="renamed.mail@example.com",
            new_given_name="Zoë",
            new_group_name="Squad",
            new_password="New-pw-1!",  # noqa: S106 # nobody's password
        )

    return make


class Desk:
    """A mock Okta at a desk: canned replies, and a clock that only counts.

    `answers` are (status, body) or Reply or Trouble, taken one by one; the last one stays.
    """

    def __init__(self, answers: Sequence[Any], idp: Okta) -> None:
        self._answers = list(answers)
        self.slept: list[float] = []
        self.sent: list[Request] = []
        self.mock = MockIdp(idp, self._send, self.slept.append)

    @property
    def idp(self) -> Okta:
        return self.mock.idp

    @property
    def lines(self) -> list[str]:
        return [f"{request.method} {request.target}" for request in self.sent]

    def body(self, number: int = -1) -> Any:
        return json.loads(self.sent[number].body or b"null")

    def _send(self, request: Request) -> Reply:
        self.sent.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Trouble):
            raise answer
        if isinstance(answer, Reply):
            return answer
        status, body = answer
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return Reply(status, HTTPStatus(status).phrase, (), b"" if body is None else content)


@pytest.fixture
def desk() -> Callable[..., Desk]:
    """Seat a mock Okta behind canned answers."""

    def seat(*answers: Any, dialect: str = "oin", **settings: Any) -> Desk:
        credential = settings.pop("credential", Credential("bearer", "desk-token-1"))
        idp = load("okta").start(dialect=dialect, credential=credential, **settings)
        return Desk(answers, idp)

    return seat

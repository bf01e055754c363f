"""An application that answers, and the oracle: which bytes a collected sequence has to put out.

Neither shares code with the profile; what is random (GUIDs, tokens) is taken from what was caught.
"""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from idp_profiles import MockIdp
from idp_profiles import load
from idp_profiles.entra import Entra
from idp_profiles.model import Credential
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.profile import Stage

BASE = "/scim/v2"
ISSUED = "issued-token-1"
NOW = 1_700_000_000.0
VERSION = "Date:2023-11-14T22:13:20Z, ActivityId:"
_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def id_of(name: str) -> str:
    """The id that the canned application gives: known to the oracle without asking anybody."""
    return "id-" + "".join(letter for letter in name if letter.isalnum() and letter.isascii())


class CannedApp:
    """Answers in JSON; just enough memory for what the sequences ask."""

    def __init__(self) -> None:
        self.stores: dict[str, dict[str, dict[str, Any]]] = {"Users": {}, "Groups": {}}

    def __call__(self, method: str, target: str, body: bytes) -> bytes:
        if target == "/oauth/token":
            token = {"access_token": ISSUED, "token_type": "Bearer", "expires_in": 3600}
            return written(200, token)
        path, _, query = target.removeprefix(BASE).partition("?")
        return written(*self.answer(method, path, query, json.loads(body) if body else {}))

    def answer(self, method: str, path: str, query: str, body: dict[str, Any]) -> tuple[int, Any]:
        collection, _, key = path.removeprefix("/").partition("/")
        store = self.stores.get(collection, {})
        if method == "POST":
            name = body.get("userName") or body["displayName"]
            location = f"https://app.example.com/{collection}/{id_of(name)}"
            manager = body.get(ENTERPRISE, {}).pop("manager", None)
            if manager is not None:
                body[ENTERPRISE]["manager"] = {"value": manager}
            store[id_of(name)] = {**body, "id": id_of(name), "meta": {"location": location}}
            return 201, store[id_of(name)]
        if method == "GET" and not key:
            return 200, page([one for one in store.values() if matches(one, query)], query)
        if method == "GET":
            return 200, store[key]
        if method == "PATCH":
            for operation in body["Operations"]:
                apply(store[key], operation)
        return 204, None


def written(status: int, answer: Any) -> bytes:
    content = b"" if answer is None else json.dumps(answer).encode()
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def page(resources: list[dict[str, Any]], query: str) -> dict[str, Any]:
    start = int((re.search(r"startIndex=(\d+)", query) or ["", "1"])[1])
    count = int((re.search(r"count=(\d+)", query) or ["", "100"])[1])
    shown = resources[start - 1 : start - 1 + count]
    return {"totalResults": len(resources), "startIndex": start, "Resources": shown}


def matches(resource: dict[str, Any], query: str) -> bool:
    wanted = parse_qs(query).get("filter", [""])[0]
    pairs = re.findall(r'([\w.]+|emails\[type eq "work"\]\.value) eq ("(?:[^"\\]|\\.)*")', wanted)
    return all(held(resource, name) == json.loads(text).lower() for name, text in pairs)


def held(resource: dict[str, Any], name: str) -> str:
    if name.startswith("emails["):
        return str(resource.get("emails", [{"value": ""}])[0]["value"]).lower()
    return str(resource.get(name, "")).lower()


def apply(resource: dict[str, Any], operation: dict[str, Any]) -> None:
    path, value = operation.get("path"), operation.get("value")
    if path is None:
        resource.update(value)
    elif "[" not in path and path != "members" and not path.startswith("urn:"):
        resource[path] = value


class Oracle:
    """Works out from a collected sequence which bytes have to arrive."""

    base = BASE
    app = CannedApp
    id_of = staticmethod(id_of)
    issued = ISSUED
    now = NOW

    @staticmethod
    def expected(
        step: dict[str, Any], variables: dict[str, Any], caught: bytes, *, service: bool = True
    ) -> bytes:
        """Return the bytes of a step; `caught` gives what nobody can know before."""
        fill = Filler({**drawn(caught), **variables})
        target, host = BASE + fill(step["path"]), variables["host"]
        if step.get("absolute_url"):
            url = urlsplit(fill(step["path"]))
            target, host = url.path, url.netloc
        if step.get("query") is not None:
            flag = f"{variables['flag']}&" if variables.get("flag") else ""
            target += f"?{flag}" + fill.form(step["query"])
        elif variables.get("flag"):
            target += f"?{variables['flag']}"
        lines = [f"{step['method']} {target} HTTP/1.1", f"Host: {host}"]
        lines += [f"{key}: {fill(text)}" for key, text in step["headers"].items() if text]
        if service and not step.get("absolute_url") and not variables.get("unversioned"):
            lines.append(f"Adscimversion: {fill('{{version}}')}")
        body = b""
        if step.get("body") is not None:
            body = fill.body(step["body"])
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drawn(caught: bytes) -> dict[str, str]:
    """What is random in a request, when it has the form that it must have."""
    text = caught.decode()
    found: dict[str, str] = {}
    for name, pattern in (
        ("randomGuid", rf"(?:%22|\")({_GUID})(?:%22|\")"),
        ("version", rf"Adscimversion: ({re.escape(VERSION)}{_GUID})\r\n"),
        ("roleGuid", r"\\\"id\\\":\\\"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\\""),
        ("entraJwt", r"client_assertion=([\w-]+\.[\w-]+\.[\w-]+)&"),
    ):
        match = re.search(pattern, text)
        found[name] = match[1] if match else f"no {name} in what was caught"
    return found


class Filler:
    """Fills the places of a template."""

    def __init__(self, variables: dict[str, Any]) -> None:
        self._variables = variables

    def __call__(self, template: str) -> str:
        return re.sub(r"\{\{(.+?)\}\}", lambda place: self._value(place[1]), template)

    def form(self, template: str) -> str:
        """Fill a query or a form: blanks become plus signs, all else is percent-encoded."""
        return re.sub(r"\{\{(.+?)\}\}", lambda place: encoded(self._value(place[1])), template)

    def body(self, template: Any) -> bytes:
        if isinstance(template, str):
            return self.form(template).encode()
        filled = self.json(template)
        return json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode()

    def json(self, template: Any) -> Any:
        if isinstance(template, str):
            return self(template)
        if isinstance(template, list):
            return [self.json(item) for item in template]
        if isinstance(template, dict):
            return {self(key): self.json(value) for key, value in template.items()}
        return template

    def _value(self, name: str) -> str:
        if name == "base64(clientId:clientSecret)":
            pair = f"{self._variables['clientId']}:{self._variables['clientSecret']}"
            return base64.b64encode(pair.encode()).decode()
        return str(self._variables[name])


def encoded(value: str) -> str:
    keep = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(
        "+" if b == 32 else chr(b) if b in keep else f"%{b:02X}" for b in escaped.encode()
    )


@pytest.fixture
def entra_oracle() -> type[Oracle]:
    return Oracle


NAMES = (
    "mailNickname",
    "jobTitle",
    "preferredLanguage",
    "physicalDeliveryOfficeName",
    "streetAddress",
    "city",
    "state",
    "postalCode",
    "country",
    "telephoneNumber",
    "mobile",
    "facsimileTelephoneNumber",
    "employeeNumber",
    "department",
)


@pytest.fixture
def entra_stage(make_stage: Callable[[int], Stage]) -> Callable[[int], Stage]:
    """Make a stage whose people have all that the documented body holds."""

    def full(number: int, person: Person) -> Person:
        return replace(person, attributes={name: f"{name} {number}" for name in NAMES})

    def make(count: int) -> Stage:
        stage = make_stage(count)
        people = tuple(full(number, one) for number, one in enumerate(stage.people, start=1))
        return replace(stage, people=people)

    return make


class Desk:
    """A mock Entra at a desk: canned replies, and a clock that only counts.

    `answers` are (status, body) or Reply or Trouble, taken one by one; the last one stays.
    """

    def __init__(self, answers: Sequence[Any], idp: Entra) -> None:
        self._answers = list(answers)
        self.slept: list[float] = []
        self.sent: list[Request] = []
        self.mock: MockIdp[Entra] = MockIdp(idp, self._send, self.slept.append)

    @property
    def idp(self) -> Entra:
        return self.mock.idp

    @property
    def lines(self) -> list[str]:
        return [f"{request.method} {request.target}" for request in self.sent]

    def body(self, number: int = -1) -> Any:
        return json.loads(self.sent[number].body or b"null")

    def operations(self, number: int = -1) -> Any:
        return self.body(number)["Operations"]

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
def entra_desk() -> Callable[..., Desk]:
    """Seat a mock Entra behind canned answers."""

    def seat(*answers: Any, dialect: str = "default", **settings: Any) -> Desk:
        credential = settings.pop("credential", Credential("bearer", "desk-token-1"))
        settings.setdefault("clock", lambda: NOW)
        idp = load("entra").start(dialect=dialect, credential=credential, **settings)
        return Desk(answers, idp)

    return seat

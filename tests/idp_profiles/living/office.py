"""An office for tests of engines: a directory, a reference server, and a line that breaks."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.living.engine import Engine
from idp_profiles.living.engine import start_engine
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import AppSend
from idp_profiles.transport import Trouble
from reference_server import Application
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.wsgi import wsgi_app

TOKEN = "token-of-the-office-1"  # noqa: S105 # nobody's token
OTHER_TOKEN = "token-of-the-office-2"  # noqa: S105 # nobody's token
BASE = "/scim/v2"

_STEP = Step("look", Certainty.TEST, ())
Fault = Callable[[Request], Reply | str | None]


def person(key: str, **attributes: Any) -> Person:
    return Person(
        user_name=f"{key}@example.com",
        given_name=key.title(),
        family_name="Example",
        email=f"{key}@example.com",
        display_name=f"{key.title()} Example",
        idp_id=f"00000000-0000-4000-8000-{int.from_bytes(key.encode(), 'big') % 10**12:012d}",
        attributes=attributes,
    )


class Line:
    """The way to a server: `fault` may answer in its place, or break off with a sentence.

    With `after_the_server` the server has acted before the fault comes, as when a reply is lost.
    """

    def __init__(self, application: Application) -> None:
        self._send = AppSend(wsgi_app(application), BASE)
        self.fault: Fault | None = None
        self.after_the_server = False
        self.sent: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        self.sent.append(request)
        reply = self._send(request) if self.after_the_server else None
        news = self.fault(request) if self.fault is not None else None
        if isinstance(news, str):
            raise Trouble(news)
        return news or reply or self._send(request)


class Office:
    """One organisation with its mock IdP and the application."""

    def __init__(self, name: str, *, without: Iterable[str] = (), **settings: Any) -> None:
        known = [ServerCredential("bearer", token) for token in (TOKEN, OTHER_TOKEN)]
        self.server = create_app(credentials=known, base_path=BASE, deviations=tuple(without))
        self.clock = Clock()
        self.directory = Directory(self.clock)
        self.line = Line(self.server)
        self.name = name
        self.engine: Engine[Any] = self.start(**settings)

    def start(self, **settings: Any) -> Engine[Any]:
        return start_engine(
            self.name,
            directory=self.directory,
            send=self.line,
            clock=self.clock,
            credential=Credential("bearer", TOKEN),
            **settings,
        )

    def hire(self, *names: str, **attributes: Any) -> list[str]:
        keys = [self.directory.hire(person(name, **attributes)).idp_id for name in names]
        self.directory.assign(*keys)
        return keys

    def form(self, name: str, *people: str) -> str:
        members = tuple(self.directory.person(key) for key in people)
        group = Group(name, members, person(name).idp_id)
        self.directory.form(group)
        self.directory.assign(group.idp_id)
        return group.idp_id

    # -- what the application shows

    def ask(self, method: str, target: str, body: Any = None) -> Any:
        headers = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", "application/scim+json"))
        content = None if body is None else json.dumps(body).encode()
        send = AppSend(wsgi_app(self.server), BASE)
        reply = send(Request(method, target, headers, content, _STEP))
        return json.loads(reply.body) if reply.body else None

    def users(self) -> dict[str, bool]:
        """Return who is there, by the part before the @, with `active`; nothing said is true."""
        found = self.ask("GET", "/Users?count=1000")["Resources"]
        return {each["userName"].partition("@")[0]: each.get("active", True) for each in found}

    def user(self, name: str) -> Any:
        query = f'/Users?filter=userName%20eq%20"{name}@example.com"'.replace('"', "%22")
        (found,) = self.ask("GET", query)["Resources"]
        return found

    def groups(self) -> dict[str, set[str]]:
        """Return the groups with the names of their people."""
        names = {each["id"]: each["userName"] for each in self.ask("GET", "/Users")["Resources"]}
        found = self.ask("GET", "/Groups?count=1000")["Resources"]
        return {
            each["displayName"]: {
                names[one["value"]].partition("@")[0] for one in each.get("members", [])
            }
            for each in found
        }

    def writes(self) -> list[str]:
        """Return the writes that were sent since this was last asked, in short."""
        found = [f"{each.method} {each.target}" for each in self.line.sent if each.method != "GET"]
        self.line.sent.clear()
        return found

"""A visitor of the page without a browser: keeps the cookie, sends what a browser would."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from typing import TypeAlias
from urllib.parse import urlencode

from reference_server import Application
from reference_server import Request
from reference_server.messages import Response
from reference_server.messages import header_values
from reference_server.messages import joined

# What came out of a JSON reader.
Json: TypeAlias = Any

HOST = "scim.example.com"
FORM = "application/x-www-form-urlencoded"
WORD = "secret"


@dataclass(frozen=True)
class Answer:
    response: Response

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def text(self) -> str:
        return joined(self.response.body).decode("utf-8")

    @property
    def json(self) -> Json:
        return json.loads(self.text)

    @property
    def cookies(self) -> list[str]:
        return list(header_values(self.response.headers, "Set-Cookie"))

    def header(self, name: str) -> str | None:
        return self.response.header(name)


class Visitor:
    def __init__(self, app: Application, path: str | None = None, *, https: bool = False) -> None:
        self.app = app
        self.path = f"{app.base_path}/page" if path is None else path
        self.jar: dict[str, str] = {}
        self.https = https
        self.host = HOST

    def send(
        self, method: str, place: str = "", body: bytes = b"", **headers: str | None
    ) -> Answer:
        """Send a request; a header that is None is left out."""
        sent: dict[str, str | None] = {"Host": self.host}
        if self.jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        if self.https:
            sent["X-Forwarded-Proto"] = "https"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = tuple((name, value) for name, value in sent.items() if value is not None)
        path, _, query = f"{self.path}{place}".partition("?")
        answer = Answer(self.app.handle(Request(method, path, query, given, body)))
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            self.jar.pop(name, None)
            if value:
                self.jar[name] = value
        return answer

    def get(self, place: str = "", **headers: str | None) -> Answer:
        return self.send("GET", place, **headers)

    def post(self, place: str, /, fields: dict[str, str], **headers: str | None) -> Answer:
        """Send a form as the page itself would."""
        scheme = "https" if self.https else "http"
        own = {"Origin": f"{scheme}://{self.host}", "Sec_Fetch_Site": "same-origin"}
        given = {**own, "Content_Type": FORM, **headers}
        return self.send("POST", place, urlencode(fields).encode(), **given)

    def sign_in(self, secret: str = WORD) -> Answer:
        return self.post("/sign-in", {"secret": secret})

    @property
    def is_in(self) -> bool:
        return self.get("/people").status == 200

    @property
    def token(self) -> str:
        """The token that the page carries."""
        found = re.search(r'data-token="([^"]+)"', self.get().text)
        assert found is not None
        return html.unescape(found[1])


def signed_in(app: Application, secret: str = WORD, **options: Any) -> Visitor:  # noqa: ANN401 - what a visitor takes
    visitor = Visitor(app, **options)
    answer = visitor.sign_in(secret)
    assert answer.status == 303, answer.text
    return visitor

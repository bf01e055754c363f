"""Malformed requests by the thousand: real ones, with something wrong at a place chosen at random.

Everything follows from a seed, so that what went wrong once can be had again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import TypeAlias
from urllib.parse import quote

from reference_server import Request

Json: TypeAlias = Any

CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MESSAGE = "urn:ietf:params:scim:api:messages:2.0"
BASE = "/scim/v2"

ODD_TEXTS = (
    *("", " ", "\x00", "\t", "a" * 300, "\ud800", "\u202e", "é", "\U0001f600", "'", '"', "\\", "/"),
    *(
        "..",
        "%00",
        "%2e%2e",
        "null",
        "true",
        "True",
        "NaN",
        "-1",
        "1e999",
        "0x1",
        "bulkId:",
        "$ref",
    ),
    *("members", "emails[", "]", "()", "not", "a.b.c", ":", "urn:", CORE, ENTERPRISE, MESSAGE),
)
ODD_VALUES: tuple[Json, ...] = (
    *(None, True, False, 0, -1, 10**30, 1.5, 1e308, [], {}, [[]], [None], [{}], {"": None}),
    *({"value": None}, [{"value": {}}], [1, "a", None], {"a": {"b": {"c": []}}}),
)
LIKELY_VALUES: tuple[Json, ...] = (
    *("x", True, [{"value": "a", "type": "work"}], {"value": "b"}, {"givenName": "c"}),
    *([{"value": "a", "primary": True}, {"value": "b", "primary": True}], "x@example.com"),
    {"userName": "d", "emails": [{"value": "e"}], "name.familyName": "f", "members": []},
)
ODD_BYTES = (
    *(b"\x00", b"\r", b"\n", b"\r\n", b"\xff", b"\xc3", b"\xed\xa0\x80", b" ", b"\t", b":", b"%"),
    *(b"%zz", b"%c3%28", b"\\u0000", b"\\ud800", b"NaN", b"1e999", b"{", b"}", b"[", b'"', b","),
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "BREW", "")
PATHS = (
    *(
        "",
        "/",
        "/Users",
        "/Users/",
        "/users",
        "/Groups",
        "/Bulk",
        "/Me",
        "/.search",
        "/Users/.search",
    ),
    *("/ServiceProviderConfig", "/Schemas", f"/Schemas/{CORE}:User", "/ResourceTypes/User"),
    *("/Users/%00", "/Users/%ff", "/Users/..", "/Users/a/b", "//Users", "/Users;a", "/Nothing"),
)
PARAMETERS = (
    *("filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes"),
    *("excludedAttributes", "other", ""),
)
ATTRIBUTES = (
    *("userName", "emails", "emails.value", "name.givenName", "members.value", "meta.created"),
    *("active", "groups", "password", "x509Certificates", f"{ENTERPRISE}:manager.value", "title"),
    *(f"{CORE}:User:userName", "nothing", "emails[type", "schemas", "id", "meta", "$ref", "a b"),
)
FILTER_PARTS = (
    *ATTRIBUTES,
    *("eq", "ne", "co", "sw", "gt", "le", "pr", "and", "or", "not", "(", ")", "[", "]", ".", " "),
    *('"a"', '"', "true", "null", "5", "-", "1e999", '"2011-05-13T04:42:34Z"', "\x00", "\ud800"),
)
HEADERS = (
    (
        "Content-Type",
        ("application/json", "text/plain", "application/scim+json;charset=x", "", ";"),
    ),
    ("Accept", ("text/html", "*/*;q=0", "application/*;q=x", ",,;", "application/json")),
    ("If-Match", ('W/"1"', "*", '"', "x" * 200, 'W/"', '"a","b"')),
    ("If-None-Match", ("*", 'W/"1"', '""', ",", "\u00e9")),
    ("Host", ("", "a b", "x" * 300, "[::1", "\u00e9", "a:b:c")),
    ("X-Forwarded-Proto", ("https", "gopher", "")),
    ("Authorization", ("", "Bearer", "Bearer  secret", "Basic !!!", "Bearer \u00e9", "x" * 500)),
)


class Requests:
    """An endless supply of malformed requests for a server with some resources."""

    def __init__(self, seed: int, users: list[str], groups: list[str]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self._users = users
        self._groups = groups
        self._number = 0

    def next(self) -> Request:
        """Return a request of a client's, spoilt in some places; it may be wrong without that."""
        request = self._real()
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 4))):
            request = self.random.choice(_SPOILERS)(self, request)
        return request

    # -- what clients send

    def _real(self) -> Request:
        method, path, query, body = self.random.choice(_REAL)(self)
        headers = [("Host", "scim.example.com"), ("Authorization", "Bearer secret")]
        content = b""
        if body is not None:
            headers.append(("Content-Type", "application/scim+json"))
            content = json.dumps(body).encode()
        return Request(method, BASE + path, query, tuple(headers), content)

    def user(self) -> str:
        """Return the path of a user."""
        return self.random.choice(self._users)

    def group(self) -> str:
        """Return the path of a group."""
        return self.random.choice(self._groups)

    def person(self) -> Json:
        """Return the body of a new user."""
        self._number += 1
        name = f"fuzz{self._number}"
        return {
            "schemas": [f"{CORE}:User", ENTERPRISE],
            "userName": name,
            "name": {"givenName": "A", "familyName": "B"},
            "emails": [{"value": f"{name}@example.com", "type": "work", "primary": True}],
            "active": True,
            ENTERPRISE: {"manager": {"value": self.user().rpartition("/")[2]}},
        }

    def crowd(self) -> Json:
        """Return the body of a new group."""
        members = [{"value": self.user().rpartition("/")[2]}]
        return {"schemas": [f"{CORE}:Group"], "displayName": "g", "members": members}

    def operations(self) -> Json:
        """Return the body of a PATCH."""
        entries = [
            {
                "op": self.random.choice(("add", "replace", "replace", "remove", "Add", "move")),
                "path": self.path(),
                "value": self.random.choice(LIKELY_VALUES + ODD_VALUES),
            }
            for _ in range(self.random.randint(1, 3))
        ]
        for entry in entries:
            if self.random.random() < 0.15:
                del entry[self.random.choice(list(entry))]
        return {"schemas": [f"{MESSAGE}:PatchOp"], "Operations": entries}

    def path(self) -> str:
        """Return the path of an operation, or something like it."""
        attribute = self.random.choice(ATTRIBUTES)
        if self.random.random() < 0.5:
            return attribute
        sub = self.random.choice(("", ".value", ".", ".a.b", "x"))
        return f"{attribute}[{self.filter()}]{sub}"

    def filter(self) -> str:
        """Return a filter, or something like it."""
        if self.random.random() < 0.3:
            return f'{self.random.choice(ATTRIBUTES)} eq "a"'
        parts = self.random.choices(FILTER_PARTS, k=self.random.randint(1, 12))
        return self.random.choice(("", " ")).join(parts)

    def bulk(self) -> Json:
        """Return the body of a bulk request."""
        entries: list[Json] = [
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": self.person()},
            {"method": "POST", "path": "/Groups", "bulkId": "b", "data": self.crowd()},
            {"method": "PATCH", "path": self.user(), "data": self.operations()},
            {"method": "DELETE", "path": "/Users/nobody"},
        ]
        entries[1]["data"]["members"].append({"value": "bulkId:a"})
        return {"schemas": [f"{MESSAGE}:BulkRequest"], "failOnErrors": 1, "Operations": entries}

    def search(self) -> Json:
        """Return the body of a search."""
        return {
            "schemas": [f"{MESSAGE}:SearchRequest"],
            "filter": self.filter(),
            "attributes": [self.random.choice(ATTRIBUTES)],
            "startIndex": 1,
            "count": 10,
        }

    def query(self) -> str:
        """Return a query string."""
        chosen = self.random.choices(PARAMETERS, k=self.random.randint(1, 4))
        return "&".join(
            f"{name}={quote(self._parameter(name).encode(**_LOOSE))}" for name in chosen
        )

    def _parameter(self, name: str) -> str:
        if name == "filter":
            return self.filter()
        if name in ("startIndex", "count"):
            return self.random.choice(("1", "0", "-5", "9" * 400, "1.5", "x", "", "\u0661"))
        return self.random.choice((*ATTRIBUTES, *ODD_TEXTS))

    # -- what is wrong with it

    def spoilt_json(self, request: Request) -> Request:
        """Change, remove or double something in the JSON of a body."""
        try:
            document = json.loads(request.body or b"{}")
        except ValueError:
            return self.spoilt_bytes(request)
        for _ in range(self.random.randint(1, 3)):
            document = self._changed(document)
        content = json.dumps(document, ensure_ascii=self.random.random() < 0.5)
        return _with(request, body=content.encode(**_LOOSE))

    def _changed(self, value: Json) -> Json:
        if isinstance(value, dict) and value and self.random.random() < 0.8:
            key = self.random.choice(list(value))
            return self._changed_member(value, key)
        if isinstance(value, list) and value and self.random.random() < 0.8:
            at = self.random.randrange(len(value))
            return [self._changed(each) if n == at else each for n, each in enumerate(value)]
        return self.random.choice((*ODD_VALUES, *ODD_TEXTS))

    def _changed_member(self, value: dict[str, Json], key: str) -> Json:
        kind = self.random.randrange(6)
        if kind == 0:
            return {name: each for name, each in value.items() if name != key}
        if kind == 1:
            odd = self.random.choice((*ODD_TEXTS, key.upper(), key + "x"))
            return {odd if name == key else name: each for name, each in value.items()}
        if kind == 2:
            return {**value, self.random.choice(ODD_TEXTS): self.random.choice(ODD_VALUES)}
        return {**value, key: self._changed(value[key])}

    def spoilt_bytes(self, request: Request) -> Request:
        """Cut, double or replace bytes of a body."""
        return _with(request, body=self.cut(request.body))

    def cut(self, content: bytes) -> bytes:
        """Change bytes somewhere."""
        start = self.random.randint(0, len(content))
        end = min(len(content), start + self.random.choice((0, 0, 1, 2, 30)))
        kind = self.random.randrange(4)
        if kind == 0:
            return content[:start]
        if kind == 1:
            return content[:end] + content[start:]
        return content[:start] + self.random.choice(ODD_BYTES) + content[end:]

    def spoilt_path(self, request: Request) -> Request:
        """Change the path."""
        if self.random.random() < 0.5:
            return _with(request, path=BASE + self.random.choice(PATHS))
        path = self.cut(request.path.encode(**_LOOSE)).decode("utf-8", "replace")
        return _with(request, path=path or "/")

    def spoilt_query(self, request: Request) -> Request:
        """Change the query string, or add one."""
        if self.random.random() < 0.6:
            return _with(request, query=self.query())
        return _with(request, query=self.cut(request.query.encode(**_LOOSE)).decode("latin-1"))

    def spoilt_method(self, request: Request) -> Request:
        """Change the method."""
        return _with(request, method=self.random.choice(METHODS))

    def spoilt_header(self, request: Request) -> Request:
        """Replace a header, add it once more, or leave one out."""
        name, values = self.random.choice(HEADERS)
        kept = tuple(pair for pair in request.headers if pair[0] != name)
        kind = self.random.randrange(4)
        if kind == 0:
            return _with(request, headers=kept)
        first = request.headers if kind == 1 else kept
        return _with(request, headers=(*first, (name, self.random.choice(values))))


_LOOSE: dict[str, str] = {"encoding": "utf-8", "errors": "surrogatepass"}


def _with(request: Request, **changes: Any) -> Request:  # noqa: ANN401 - fields of a request
    fields = {name: getattr(request, name) for name in Request.__dataclass_fields__}
    return Request(**{**fields, **changes})


_Real: TypeAlias = tuple[str, str, str, Json]
_REAL: tuple[Callable[[Requests], _Real], ...] = (
    lambda make: ("GET", "/Users", make.query(), None),
    lambda make: ("GET", make.user(), make.query(), None),
    lambda make: ("GET", "/Groups", f"filter={quote(make.filter().encode(**_LOOSE))}", None),
    lambda make: ("GET", "", make.query(), None),
    lambda make: ("POST", "/Users", "", make.person()),
    lambda make: ("POST", "/Groups", "", make.crowd()),
    lambda make: ("PUT", make.user(), "", make.person()),
    lambda make: ("PUT", make.group(), "", make.crowd()),
    lambda make: ("PATCH", make.user(), "", make.operations()),
    lambda make: ("PATCH", make.group(), "", make.operations()),
    lambda make: ("PATCH", "/Me", "", make.operations()),
    lambda make: ("POST", "/.search", "", make.search()),
    lambda make: ("POST", "/Users/.search", "", make.search()),
    lambda make: ("POST", "/Bulk", "", make.bulk()),
    lambda make: ("DELETE", "/Users/nobody", "", None),
    lambda make: ("GET", make.random.choice(PATHS), "", None),
)
_Spoiler: TypeAlias = Callable[[Requests, Request], Request]
_SPOILERS: tuple[_Spoiler, ...] = (
    *[Requests.spoilt_json] * 8,
    *[Requests.spoilt_bytes] * 2,
    *[Requests.spoilt_query] * 2,
    Requests.spoilt_path,
    Requests.spoilt_method,
    Requests.spoilt_header,
)

# -- bytes on a connection

SMUGGLED = (
    *(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Content-Length: 5\r\nContent-Length: 5\r\n"),
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    *(b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding : chunked\r\n"),
    *(b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding:\x0bchunked\r\n"),
    *(b"Content-Length: +5\r\n", b"Content-Length: 5 5\r\n", b"Content-Length: 0x5\r\n"),
    *(b"Content-Length:\r\n 5\r\n", b"X: y\r\n folded\r\n", b"X: a\rb\r\n", b"X: a\nb\r\n"),
    *(b"X : y\r\n", b" X: y\r\n", b"X\r\n", b": y\r\n", b"X: \x00\r\n", b"Host: other\r\n"),
    *(b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"Connection: upgrade\r\n"),
    b"Content-Length: 99999999999999999999999\r\n",
)
CHUNKS = (
    *(
        b"5\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"-1\r\n",
        b"5;\r\nhello\r\n0\r\nX\r\n\r\n",
    ),
    *(b"0x5\r\nhello\r\n0\r\n\r\n", b"5 \r\nhello\r\n00\r\n\r\n", b"FFFFFFFFFFFFFFFF\r\n", b"\r\n"),
    *(b"5\nhello\n0\n\n", b"5\r\nhell", b"5;a=\x00\r\nhello\r\n0\r\n\r\n", b"G\r\n", b"5\r\n" * 50),
)


def spoilt_wire(make: Requests) -> bytes:
    """Return what a client sends on a connection before it stops sending."""
    content = b"".join(_written(make, make.next()) for _ in range(make.random.choice((1, 1, 2))))
    for _ in range(make.random.choice((0, 1, 1, 2))):
        content = make.cut(content)
    return content


def _written(make: Requests, request: Request) -> bytes:
    target = request.path + (f"?{request.query}" if request.query else "")
    version = make.random.choice(("1.1",) * 8 + ("1.0", "2.0", "1.1 ", "9.9", ""))
    lines = [f"{request.method} {target} HTTP/{version}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    head = "\r\n".join([*lines, ""]).encode(**_LOOSE)
    body = request.body
    kind = make.random.randrange(8)
    if kind == 0:
        return head + make.random.choice(SMUGGLED) + b"\r\n" + body
    if kind == 1:
        return head + b"Transfer-Encoding: chunked\r\n\r\n" + make.random.choice(CHUNKS)
    size = len(body) + (make.random.choice((-3, 1, 1000)) if kind == 2 else 0)
    return head + b"Content-Length: %d\r\n\r\n" % max(0, size) + body


def replies(content: bytes) -> Iterator[tuple[int, dict[str, str], bytes]]:
    """Take the replies of a connection apart; whatever is no reply raises ValueError."""
    while content:
        head, _, rest = content.partition(b"\r\n\r\n")
        line, *lines = head.decode("utf-8").split("\r\n")
        version, code, _ = line.split(" ", 2)
        if version != "HTTP/1.1":
            raise ValueError(f"no status line: {line[:100]!r}")
        headers = {
            name.lower(): value for name, _, value in (each.partition(": ") for each in lines)
        }
        status = int(code)
        size = int(headers.get("content-length", "0"))
        if status == 100:
            content = rest
            continue
        # HEAD announces a length and has no body: then the next reply, or nothing, follows.
        body = b"" if rest[:9] == b"HTTP/1.1 " or not rest else rest[:size]
        yield status, headers, body
        content = rest[len(body) :]

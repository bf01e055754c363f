"""The page beside the protocol: what it shows, the headers around it, and that nothing changes."""

from __future__ import annotations

import json
import re
from datetime import UTC
from datetime import datetime
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import Response
from reference_server import create_app
from reference_server.messages import joined
from reference_server.page import plain
from reference_server.page.replies import asset
from reference_server.page.replies import plain as as_json
from reference_server.page.views import Person
from reference_server.tenants import Tenant
from reference_server.tenants import create_tenants
from tests.reference_server.page.visitor import Visitor
from tests.reference_server.page.visitor import signed_in

if TYPE_CHECKING:
    from conftest import Json

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{token}}\"'&"


def server(*, page: bool = True, **options: Json) -> Application:
    numbers = count(1)
    return create_app(
        credentials=[Credential("bearer", "secret")],
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        new_id=lambda: f"id-{next(numbers)}",
        page=page,
        **options,
    )


def send(app: Application, method: str, target: str, body: Json = None) -> Response:
    path, _, query = target.partition("?")
    headers = (("Host", "h"), ("Authorization", "Bearer secret"))
    content = json.dumps(body).encode() if body is not None else b""
    return app.handle(Request(method, f"{app.base_path}{path}", query, headers, content))


def create(app: Application, kind: str, **attributes: Json) -> str:
    urn = USER if kind == "Users" else GROUP
    reply = send(app, "POST", f"/{kind}", {"schemas": [urn], **attributes})
    assert reply.status == 201, reply.body
    return str(json.loads(joined(reply.body))["id"])


REQUESTS: list[tuple[str, str, Json]] = [
    ("POST", "/Users", {"schemas": [USER], "userName": "a", "password": "hunter22"}),
    ("POST", "/Users", {"schemas": [USER], "userName": "a"}),
    ("GET", "/Users/id-1", None),
    ("PUT", "/Users/id-1", {"schemas": [USER], "userName": "b"}),
    ("PATCH", "/Users/id-1", {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "x"}]}),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "g", "members": [{"value": "id-1"}]}),
    ("GET", "/Groups?filter=displayName%20eq%20%22g%22", None),
    ("GET", "/Users?startIndex=x", None),
    (
        "POST",
        "/Bulk",
        {"schemas": [BULK], "Operations": [{"method": "DELETE", "path": "/Users/z"}]},
    ),
    ("GET", "/ServiceProviderConfig", None),
    ("GET", "/Schemas", None),
    ("OPTIONS", "/Users", None),
    ("HEAD", "/Users", None),
    ("TRACE", "/Users", None),
    ("GET", "/pages", None),
    ("GET", "/%70age", None),
    ("GET", "/Page", None),
    ("GET", "/Users/page", None),
    ("GET", "", None),
    ("DELETE", "/Users/id-1", None),
]


def test_the_protocol_is_the_same_with_and_without_a_page() -> None:
    bare, paged = server(page=False), server()
    for method, target, body in REQUESTS:
        one, two = send(bare, method, target, body), send(paged, method, target, body)
        assert (two.status, two.headers) == (one.status, one.headers), target
        assert joined(two.body) == joined(one.body)


def test_without_being_asked_for_there_is_no_page() -> None:
    app = create_app(credentials=[Credential("bearer", "secret")])
    stranger = app.handle(Request("GET", "/scim/v2/page", headers=(("Host", "h"),)))
    assert (stranger.status, send(app, "GET", "/page").status) == (401, 404)


def test_a_page_outside_the_base_path_is_none() -> None:
    app = server()
    for path in ("/page", "/scim/v2/pages", "/scim/v1/page", "/scim/v2/../page"):
        reply = app.handle(Request("GET", path, headers=(("Host", "h"),)))
        assert reply.status in (400, 401, 404)


def test_a_resource_type_that_answers_at_page_excludes_a_page(tmp_path: Path) -> None:
    kinds = json.loads((files("reference_server") / "data" / "entitlements.json").read_text())
    kinds["resourceTypes"][0]["endpoint"] = "/page"
    file = tmp_path / "kinds.json"
    file.write_text(json.dumps(kinds))
    with pytest.raises(ValueError, match="both answer at /page"):
        server(schema_files=[file])
    server(schema_files=[file], page=False)


READS = ("/people", "/groups", "/requests", "/record?id=x", "/settings")
PLACES = ("", *READS, "/nothing", "/", "/act", "/sign-in", "/sign-out")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("inside", [True, False])
def test_every_reply_keeps_browsers_from_doing_more(place: str, inside: bool) -> None:
    app = server()
    visitor = signed_in(app) if inside else Visitor(app)
    for method in ("GET", "HEAD", "POST", "DELETE"):
        answer = visitor.send(method, place)
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("X-Frame-Options") == "DENY"
        assert answer.header("Cross-Origin-Resource-Policy") == "same-origin"
        assert answer.header("Access-Control-Allow-Origin") is None
        # With no-referrer a browser would call the origin of our own forms `null`.
        assert answer.header("Referrer-Policy") == "same-origin"
        kind = (answer.header("Content-Type") or "").partition(";")[0]
        assert kind in ("application/json", "text/html") or answer.status == 303


@pytest.mark.parametrize("inside", [True, False])
def test_only_what_carries_the_nonce_of_a_reply_runs_and_nothing_is_loaded(inside: bool) -> None:
    app = server()
    visitor = signed_in(app) if inside else Visitor(app)
    nonces = set()
    for _ in range(3):
        answer = visitor.get()
        policy = answer.header("Content-Security-Policy") or ""
        nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", policy)
        assert nonce is not None
        nonces.add(nonce[1])
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for rule in ("frame-ancestors 'none'", "connect-src 'self'", "form-action 'self'"):
            assert f"; {rule}" in policy
        assert set(re.findall(r"nonce=\"([^\"]*)\"", answer.text)) == {nonce[1]}
        assert not re.search(r"""(?:src|href)=["'](?!data:)""", answer.text)
        assert not re.search(r"\son\w+=|style=", answer.text)
    assert len(nonces) == 3


def test_the_script_writes_no_markup() -> None:
    script = asset("page.js")
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert word not in script
    assert "</script" not in script.lower()


@pytest.mark.parametrize(
    ("method", "place", "status", "allow"),
    [
        ("HEAD", "", 200, None),
        ("HEAD", "/people", 200, None),
        ("OPTIONS", "", 204, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/people", 204, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/act", 204, "OPTIONS, POST"),
        ("POST", "", 405, "GET, HEAD, OPTIONS"),
        ("POST", "/people", 405, "GET, HEAD, OPTIONS"),
        ("GET", "/act", 405, "OPTIONS, POST"),
        ("PUT", "/sign-in", 405, "OPTIONS, POST"),
        ("DELETE", "/record?id=x", 405, "GET, HEAD, OPTIONS"),
        ("BREW", "", 405, "GET, HEAD, OPTIONS"),
        ("GET", "/", 303, None),
        ("GET", "/sign-in", 303, None),
        ("GET", "/nothing", 404, None),
        ("OPTIONS", "/nothing", 404, None),
        ("GET", "/people/", 404, None),
        ("GET", "//people", 404, None),
        ("GET", "/people?start=1&start=x", 200, None),
        ("GET", "/people?start=x", 400, None),
        ("GET", "/people?start=-1", 400, None),
        ("GET", "/people?start=%ff", 400, None),
    ],
)
def test_methods_and_places(method: str, place: str, status: int, allow: str | None) -> None:
    answer = signed_in(server()).send(method, place)
    assert (answer.status, answer.header("Allow")) == (status, allow)


def test_people_and_groups_are_shown_as_they_are() -> None:
    app = server()
    ada = create(
        app,
        "Users",
        userName="ada@example.com",
        name={"givenName": "Ada", "familyName": "Lovelace"},
        emails=[{"value": "other@example.com"}, {"value": "ada@example.com", "primary": True}],
        title="Analyst",
    )
    bob = create(app, "Users", userName="bob", displayName="Bob", active=False)
    create(app, "Groups", displayName="Engineering", members=[{"value": ada}, {"value": bob}])
    visitor = signed_in(app)
    people = visitor.get("/people").json
    assert people == {
        "total": 2,
        "rows": [
            {
                "id": bob,
                "name": "bob",
                "display": "Bob",
                "email": "",
                "status": "inactive",
                "groups": ["Engineering"],
                "facts": [],
            },
            {
                "id": ada,
                "name": "ada@example.com",
                "display": "Ada Lovelace",
                "email": "ada@example.com",
                "status": "active",
                "groups": ["Engineering"],
                "facts": [["title", "Analyst"]],
            },
        ],
    }
    (group,) = visitor.get("/groups").json["rows"]
    assert (group["name"], group["size"], group["or_more"]) == ("Engineering", 2, False)
    assert sorted(group["members"]) == ["Bob", "ada@example.com"]


def test_a_record_is_shown_without_its_secrets() -> None:
    app = server()
    user = create(app, "Users", userName="ada", password="hunter22", externalId="00u1")  # noqa: S106 - made up
    visitor = signed_in(app)
    shown = json.loads(visitor.get(f"/record?id={user}").json["text"])
    assert (shown["externalId"], shown["meta"]["location"]) == ("00u1", f"/scim/v2/Users/{user}")
    assert "password" not in shown
    for other in ("", "x", "../../etc/passwd", "%00"):
        assert visitor.get(f"/record?id={other}").status == 404


def test_many_people_come_in_parts_and_newest_first() -> None:
    app = server()
    ids = [create(app, "Users", userName=f"u{number}") for number in range(250)]
    visitor = signed_in(app)
    seen: list[str] = []
    while True:
        told = visitor.get(f"/people?start={len(seen)}").json
        assert told["total"] == 250
        if not told["rows"]:
            break
        assert len(told["rows"]) <= 100
        seen += [each["id"] for each in told["rows"]]
    assert seen == ids[::-1]
    assert visitor.get(f"/people?start={10**14}").json["rows"] == []


def test_a_large_group_is_counted_up_to_a_thousand() -> None:
    app = server()
    ids = [create(app, "Users", userName=f"u{number}") for number in range(1_050)]
    group = create(app, "Groups", displayName="all", members=[{"value": each} for each in ids])
    visitor = signed_in(app)
    (row,) = visitor.get("/groups").json["rows"]
    assert (row["size"], row["or_more"], len(row["members"])) == (1_000, True, 12)
    shown = json.loads(visitor.get(f"/record?id={group}").json["text"])
    assert len(shown["members"]) == 100


def test_not_all_members_of_many_groups_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_COUNTED", 30)
    monkeypatch.setattr(plain, "_COUNTED_AT_ONCE", 50)
    app = server()
    ids = [create(app, "Users", userName=f"u{number}") for number in range(40)]
    for number in range(4):
        members = [{"value": each} for each in ids]
        create(app, "Groups", displayName=f"g{number}", members=members)
    groups = signed_in(app).get("/groups").json["rows"]
    assert [each["size"] for each in groups] == [30, 20, 12, 12]
    assert all(each["or_more"] for each in groups)


def test_only_so_much_of_a_long_list_is_shown() -> None:
    person = Person(id="x", name="x", groups=("g",) * 1_000)
    shown = as_json(person)
    assert isinstance(shown, dict)
    assert shown["groups"] == ["g"] * 100


def test_names_of_a_megabyte_do_not_make_the_page_heavy() -> None:
    app = server()
    for number in range(10):
        create(app, "Users", userName=f"{number}" + "x" * 1_000_000, displayName="y" * 1_000_000)
    create(app, "Groups", displayName="z" * 1_000_000)
    visitor = signed_in(app)
    assert len(visitor.get("/people").text) < 20_000
    assert len(visitor.get("/groups").text) < 2_000
    assert len(visitor.get("/record?id=id-1").text) < 100_000


def test_names_with_markup_reach_the_browser_as_json_only() -> None:
    app = server()
    create(app, "Users", userName=HOSTILE, displayName=HOSTILE, title=HOSTILE)
    create(app, "Groups", displayName=HOSTILE)
    visitor = signed_in(app)
    assert visitor.get("/people").json["rows"][0]["name"] == HOSTILE
    assert visitor.get("/groups").json["rows"][0]["name"] == HOSTILE
    assert "alert(" not in visitor.get().text


def test_what_stands_in_the_document_is_escaped() -> None:
    app = server(tenant=HOSTILE)
    for text in (Visitor(app).get().text, signed_in(app).get().text):
        assert "alert(1)</script>" not in text
        assert "<img" not in text
        assert "{{token}}" in text  # what is filled in is not looked at again
        assert "&lt;/script&gt;" in text


def test_values_without_a_utf8_form_are_shown() -> None:
    app = server()
    body = b'{"schemas":["%s"],"userName":"\\ud800","displayName":"\\u0000"}' % USER.encode()
    headers = (("Host", "h"), ("Authorization", "Bearer secret"))
    app.handle(Request("POST", "/scim/v2/Users", headers=headers, body=body))
    visitor = signed_in(app)
    for place in ("/people", "/groups", "/requests", "/request?number=1"):
        assert visitor.get(place).status == 200


@pytest.mark.parametrize("path", ["", "/", "/v2"])
def test_the_page_is_below_whatever_base_path(path: str) -> None:
    app = server(base_path=path)
    visitor = Visitor(app)
    answer = visitor.sign_in()
    assert answer.header("Location") == f"{app.base_path}/page"
    assert f"Path={app.base_path}/page;" in answer.cookies[0]
    assert visitor.is_in


def tenant(name: str) -> Tenant:
    return Tenant(name=name, base_path=f"/{name}/scim/v2", token=f"{name} token")


def test_each_tenant_has_a_page_of_its_own() -> None:
    app = create_tenants([tenant("acme"), tenant("blogs")], page=True)
    one = signed_in(app, "acme token", path="/acme/scim/v2/page")
    assert "Tenant acme" in one.get().text
    body = json.dumps({"schemas": [USER], "userName": "ada"}).encode()
    headers = (("Host", "h"), ("Authorization", "Bearer acme token"))
    assert app.handle(Request("POST", "/acme/scim/v2/Users", "", headers, body)).status == 201
    assert one.get("/people").json["total"] == 1
    assert one.get("/requests").json["last"] == 1
    other = Visitor(app, path="/blogs/scim/v2/page")
    assert other.sign_in("acme token").status == 403
    other.jar = dict(one.jar)  # a browser would not even send it there
    assert not other.is_in
    two = signed_in(app, "blogs token", path="/blogs/scim/v2/page")
    assert (two.get("/people").json["total"], two.get("/requests").json["last"]) == (0, 0)
    assert Visitor(app, path="/page").get().status == 404


def test_tenants_have_no_page_unless_asked() -> None:
    app = create_tenants([tenant("acme")])
    assert Visitor(app, path="/acme/scim/v2/page").get().status == 401


def test_a_page_needs_the_credentials_of_the_server() -> None:
    class Open:
        kinds = ("bearer",)

        def check(self, request: Request) -> Credential:
            raise NotImplementedError(request)

    with pytest.raises(ValueError, match="needs its credentials"):
        create_app(credentials=(), guard=Open(), page=True)


def test_a_page_on_a_database_shows_what_is_in_it(tmp_path: Path) -> None:
    app = server(database=tmp_path / "scim.db")
    user = create(app, "Users", userName="ada")
    create(app, "Groups", displayName="g", members=[{"value": user}])
    visitor = signed_in(app)
    assert visitor.get("/people").json["rows"][0]["groups"] == ["g"]
    assert visitor.get("/groups").json["rows"][0]["members"] == ["ada"]
    app.close()
    assert visitor.get("/people").json["total"] == 1
    app.close()

"""The page of a product: what each member may see and do, and what nobody can make them do."""

from __future__ import annotations

import json

import pytest

from reference_server import Request
from reference_server.messages import Json
from reference_server.messages import Response
from reference_server.messages import joined
from reference_server.products import create_product
from reference_server.products import products
from reference_server.products.product import Product
from tests.reference_server.page.visitor import FORM
from tests.reference_server.page.visitor import Answer
from tests.reference_server.page.visitor import Visitor
from tests.reference_server.page.visitor import signed_in

ORIGIN = "http://scim.example.com"
OFF = 401  # while SCIM is off no token is good for anything


@pytest.fixture
def clockify() -> Product:
    product = create_product("clockify")
    product.show_page()
    return product


def act(visitor: Visitor, action: str, token: str | None = None) -> Answer:
    return visitor.post("/act", {"action": action, "token": token or visitor.token})


def scim(product: Product, token: str, method: str = "GET", path: str = "/Users") -> Response:
    headers = (("Host", "scim.example.com"), ("Authorization", f"Bearer {token}"))
    return product.handle(Request(method, f"{product.scim_path}{path}", "", headers))


def switched_on(visitor: Visitor) -> dict[str, str]:
    shown = act(visitor, "switch-on").json["shown"]
    return {each["label"]: each["value"] for each in shown}


@pytest.mark.parametrize("name", products())
def test_every_product_has_a_page_that_calls_itself_simulated(name: str) -> None:
    product = create_product(name)
    product.show_page()
    for visitor in (Visitor(product), signed_in(product, product.keys["owner"])):
        answer = visitor.get()
        assert answer.status == 200
        assert "simulat" in answer.text
        assert answer.header("X-Scimproof-Simulation") == name
    for place in ("/people", "/groups", "/settings", "/requests"):
        assert visitor.get(place).status == 200
    for person in visitor.get("/people").json["rows"]:
        assert visitor.get(f"/record?id={person['id']}").status == 200


def test_without_being_shown_there_is_no_page() -> None:
    product = create_product("clockify")
    assert product.handle(Request("GET", "/page")).status == 404


@pytest.mark.parametrize("label", ["owner", "admin", "user", "limited"])
def test_a_member_signs_in_with_the_api_key(clockify: Product, label: str) -> None:
    visitor = signed_in(clockify, clockify.keys[label])
    watches = label in ("owner", "admin")
    people = visitor.get("/people").json["rows"]
    assert (len(people) > 1) is watches
    assert (visitor.get("/requests").status, visitor.get("/request?number=1").status) == (
        (200, 404) if watches else (403, 403)
    )
    stranger = Visitor(clockify)
    assert stranger.sign_in(clockify.keys[label][:-1]).status == 403


def test_the_owner_switches_scim_on_and_gets_the_token_once(clockify: Product) -> None:
    visitor = signed_in(clockify, clockify.keys["owner"])
    shown = switched_on(visitor)
    assert shown["Base URL"] == f"{ORIGIN}/scim/v2"
    assert scim(clockify, shown["Bearer token"]).status == 200
    for place in ("", "/settings", "/requests", "/people"):
        assert shown["Bearer token"] not in visitor.get(place).text
    fresh = {each["label"]: each["value"] for each in act(visitor, "rotate").json["shown"]}
    assert scim(clockify, shown["Bearer token"]).status == 401
    assert scim(clockify, fresh["Bearer token"]).status == 200
    assert act(visitor, "switch-off").status == 200
    assert scim(clockify, fresh["Bearer token"]).status == OFF


def test_behind_https_the_base_url_is_an_https_one(clockify: Product) -> None:
    visitor = signed_in(clockify, clockify.keys["owner"], https=True)
    assert switched_on(visitor)["Base URL"] == "https://scim.example.com/scim/v2"


@pytest.mark.parametrize("label", ["admin", "user", "limited"])
@pytest.mark.parametrize("action", ["switch-on", "rotate", "switch-off"])
def test_nobody_but_the_owner_may(clockify: Product, label: str, action: str) -> None:
    owner = signed_in(clockify, clockify.keys["owner"])
    token = switched_on(owner)["Bearer token"] if action != "switch-on" else ""
    refused = act(signed_in(clockify, clockify.keys[label]), action)
    assert refused.status == 403
    assert refused.json["message"]
    assert scim(clockify, token).status == (200 if token else OFF)


@pytest.mark.parametrize("action", ["", "x", "switch_on", "__init__", "x" * 5_000, "<b>"])
def test_an_action_that_was_never_offered_is_refused(clockify: Product, action: str) -> None:
    answer = act(signed_in(clockify, clockify.keys["owner"]), action)
    assert answer.status == 403
    assert len(answer.text) < 1_000


def test_an_action_needs_the_token_of_this_session(clockify: Product) -> None:
    owner = signed_in(clockify, clockify.keys["owner"])
    other = signed_in(clockify, clockify.keys["owner"])
    for token in ("x", "", other.token, owner.jar["scimproof-page"], clockify.keys["owner"]):
        fields = {"action": "switch-on", "token": token}
        assert owner.post("/act", fields).status == 403
    body = json.dumps({"action": "switch-on", "token": owner.token}).encode()
    assert owner.send("POST", "/act", body, Content_Type="application/json").status == 415
    for method in ("GET", "PUT", "DELETE"):
        place = f"/act?action=switch-on&token={owner.token}"
        assert owner.send(method, place, Content_Type=FORM).status == 405
    assert scim(clockify, "x").status == OFF
    assert "switch-on" in owner.get("/settings").text


def test_who_loses_access_to_the_product_is_signed_out_at_once(clockify: Product) -> None:
    owner = signed_in(clockify, clockify.keys["owner"])
    token = switched_on(owner)["Bearer token"]
    user = signed_in(clockify, clockify.keys["user"])
    (me,) = user.get("/people").json["rows"]
    assert user.is_in
    operation: Json = {"op": "replace", "path": "active", "value": False}
    patch: Json = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}
    body = json.dumps({**dict(patch), "Operations": [operation]}).encode()  # type: ignore[arg-type] - a dict
    headers = (("Host", "h"), ("Authorization", f"Bearer {token}"))
    path = f"{clockify.scim_path}/Users/{me['id']}"
    assert clockify.handle(Request("PATCH", path, "", headers, body)).status < 300
    assert not user.is_in
    assert user.sign_in(clockify.keys["user"]).status == 403
    shown = {each["id"]: each["status"] for each in owner.get("/people").json["rows"]}
    assert shown[me["id"]] == "inactive"


def test_no_key_and_no_token_reaches_the_list_of_requests(clockify: Product) -> None:
    owner = signed_in(clockify, clockify.keys["owner"])
    key, workspace = clockify.keys["owner"], clockify.workspace
    headers = (("Host", "h"), ("X-Api-Key", key), ("Content-Type", "application/json"))
    base = f"/simulation/v1/workspaces/{workspace}"
    reply = clockify.handle(Request("POST", f"{base}/scim", "", headers, b"{}"))
    token = json.loads(joined(reply.body))["token"]
    reply = clockify.handle(Request("POST", f"{base}/scim/token", "", headers, b"{}"))
    fresh = json.loads(joined(reply.body))["token"]
    for each in clockify.keys.values():
        lookup = (("Host", "h"), ("X-Api-Key", key), ("X-Other", each), ("Referer", f"/{each}"))
        clockify.handle(Request("GET", f"/api/v1/user/{each}", f"q={each}", lookup, each.encode()))
    people = owner.get("/people").json["rows"]
    for person in people:
        clockify.handle(Request("GET", f"{base}/users/{person['id']}/key", "", headers))
    text = owner.get("/requests?after=0").text
    last = owner.get("/requests").json["last"]
    text += "".join(owner.get(f"/request?number={n}").text for n in range(1, last + 1))
    assert last == 2 + len(clockify.keys) + len(people)
    for secret in (token, fresh, *clockify.keys.values()):
        assert secret not in text


def test_the_product_behaves_the_same_with_a_page() -> None:
    bare, paged = (
        create_product("clockify", settings={"owner_key": "k" * 48}, new_id=None) for _ in range(2)
    )
    paged.show_page()
    for path in ("/", "/api/v1/user", "/scim/v2/Users", "/simulation/v1", "/pages", "/page2"):
        for method in ("GET", "POST", "OPTIONS", "BREW"):
            one, two = (each.handle(Request(method, path)) for each in (bare, paged))
            assert (one.status, one.headers) == (two.status, two.headers)

"""RFC 7644 sections 3.5 and 3.5.1: modifying resources, and replacing them with PUT."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MACHINE = "urn:example:params:scim:schemas:2.0:Machine"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"
PLATE = "urn:example:params:scim:schemas:extension:2.0:Plate"
# A schema file with attributes of every mutability.
MACHINES = Path(__file__).parent / "machines.json"

honours = pytest.mark.honours


@pytest.fixture
def machines(make_scim: Callable[..., Scim]) -> Scim:
    return make_scim(schema_files=[MACHINES])


def user(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


def machine(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [MACHINE], "name": "press", "owners": [{"value": "x"}], **attributes}


def create(scim: Scim, body: dict[str, Any]) -> str:
    reply = scim.post("/Machines", body)
    assert reply.status == 201, reply.body
    return f"/Machines/{reply.body['id']}"


@honours("RFC7644-3.5-1")
def test_put_is_supported(scim: Scim) -> None:
    path = scim.user(title="Dr")
    assert scim.put(path, user(title="Prof")).status == 200
    assert scim.get(path).body["title"] == "Prof"


@honours("RFC7644-3.5-2")
def test_patch_is_supported_and_announced(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["patch"] == {"supported": True}
    path = scim.user(title="Dr")
    scim.patch(path, {"op": "replace", "path": "title", "value": "Prof"})
    assert scim.get(path).body["title"] == "Prof"


@honours("RFC7644-3.5.1-2")
@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_put_never_creates(scim: Scim, endpoint: str) -> None:
    body = {"schemas": [USER, GROUP], "userName": "b", "displayName": "b", "id": "chosen"}
    reply = scim.put(f"{endpoint}/chosen", body)
    assert reply.status == 404
    assert scim.get(endpoint).body["totalResults"] == 0
    assert scim.put(endpoint, body).status == 405
    assert scim.get(endpoint).body["totalResults"] == 0


WORK = {"value": "w@x.org", "type": "work", "primary": True}
HOME = {"value": "h@x.org", "type": "home"}


@honours("RFC7644-3.5.1-4")
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("displayName", "B", "Barbara", id="text"),
        pytest.param("active", True, False, id="boolean"),
        pytest.param("name", {"givenName": "B", "familyName": "J"}, {"givenName": "C"}, id="name"),
        pytest.param("emails", [WORK, HOME], [{"value": "n@x.org"}], id="values-are-not-merged"),
        pytest.param("emails", [WORK, HOME], [HOME, WORK], id="order"),
        pytest.param(ENTERPRISE, {"division": "R", "department": "S"}, {"division": "T"}, id="urn"),
    ],
)
def test_values_provided_replace_those_that_were_there(
    scim: Scim, name: str, old: Json, new: Json
) -> None:
    path = scim.user(**{name: old})
    assert scim.put(path, user(**{name: new})).body[name] == new
    assert scim.get(path).body[name] == new


FIRST = {"password": "first"}
SECOND = {"password": "second"}


@honours("RFC7644-3.5.1-4")
def test_a_writeonly_value_is_replaced_though_nobody_sees_it(scim: Scim) -> None:
    path = scim.user(**FIRST)
    before = scim.get(path).body["meta"]["version"]
    assert scim.put(path, user(**FIRST)).body["meta"]["version"] == before
    after = scim.put(path, user(**SECOND)).body["meta"]["version"]
    assert after != before
    assert scim.put(path, user(**SECOND)).body["meta"]["version"] == after


def test_a_password_that_is_left_out_is_kept(scim: Scim) -> None:
    path = scim.user(**FIRST)
    before = scim.get(path).body
    assert scim.put(path, user()).body == before
    assert scim.put(path, user(**FIRST)).body == before


@honours("RFC7644-3.5.1-5", "RFC7644-3.5.1-6")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nickName", "Babs"),
        ("emails", [WORK]),
        ("name", {"givenName": "B"}),
        ("active", False),
        ("externalId", "7"),
        (ENTERPRISE, {"department": "S"}),
    ],
)
def test_a_value_that_is_left_out_is_cleared(scim: Scim, name: str, value: Json) -> None:
    path = scim.user(**{name: value})
    reply = scim.put(path, user())
    assert reply.status == 200
    assert name not in reply.body
    assert scim.get(path).body == reply.body
    assert reply.body["schemas"] == [USER]


@pytest.mark.parametrize(("name", "empty"), [("nickName", None), ("emails", []), ("emails", None)])
def test_null_and_the_empty_array_clear_values(scim: Scim, name: str, empty: Json) -> None:
    path = scim.user(nickName="Babs", emails=[WORK])
    kept = {"nickName": "Babs", "emails": [WORK]}
    assert name not in scim.put(path, user(**{**kept, name: empty})).body
    assert scim.get("/Users", filter=f"{name} pr").body["totalResults"] == 0


ORIGIN = {"country": "DE", "city": "Bonn"}
IMMUTABLE = [
    pytest.param("serial", "A", "B", id="text"),
    pytest.param("serial", "A", "a", id="case-matters"),
    pytest.param("history", ["a"], ["a", "b"], id="one-more"),
    pytest.param("history", ["a", "b"], ["b"], id="one-less"),
    pytest.param("origin", ORIGIN, {**ORIGIN, "city": "Ulm"}, id="complex"),
    pytest.param("origin", ORIGIN, {"country": "DE"}, id="less-of-a-complex-value"),
    pytest.param("inspections", [{"value": "a"}], [{"value": "a", "by": "x"}], id="values"),
    pytest.param(
        "maker",
        {"company": "X", "country": "DE"},
        {"company": "X", "country": "FR"},
        id="sub-attribute",
    ),
    pytest.param(
        WARRANTY, {"years": 2, "issued": "2025"}, {"years": 2, "issued": "2026"}, id="extension"
    ),
]


@honours("RFC7644-3.5.1-10", "RFC7644-3.5.1-11")
@pytest.mark.parametrize(("name", "old", "new"), IMMUTABLE)
def test_an_immutable_value_must_match(machines: Scim, name: str, old: Json, new: Json) -> None:
    path = create(machines, machine(**{name: old}))
    before = machines.get(path).body
    refused = machines.put(path, machine(externalId="changed", **{name: new}))
    assert refused.fault == (400, "mutability")
    assert "immutable" in refused.body["detail"]
    assert name in refused.body["detail"]
    assert machines.get(path).body == before
    accepted = machines.put(path, machine(externalId="changed", **{name: old}))
    assert (accepted.status, accepted.body["externalId"]) == (200, "changed")


@honours("RFC7644-3.5.1-10")
def test_the_order_of_immutable_values_makes_no_difference(machines: Scim) -> None:
    path = create(machines, machine(history=["a", "b"]))
    reply = machines.put(path, machine(history=["b", "a"], externalId="changed"))
    assert (reply.status, reply.body.get("externalId")) == (200, "changed")


@honours("RFC7644-3.5.1-12")
@pytest.mark.parametrize(
    ("name", "before", "value"),
    [
        pytest.param("serial", None, "A", id="text"),
        pytest.param("history", [], ["a", "b"], id="values"),
        pytest.param("origin", None, ORIGIN, id="complex"),
        pytest.param("maker", {"company": "X"}, {"company": "X", "country": "FR"}, id="sub"),
        pytest.param(WARRANTY, {"years": 2}, {"years": 2, "issued": "2026"}, id="extension"),
    ],
)
def test_an_immutable_attribute_without_value_takes_the_new_one(
    machines: Scim, name: str, before: Json, value: Json
) -> None:
    path = create(machines, machine(**{name: before}))
    assert machines.put(path, machine(**{name: value})).status == 200
    assert machines.get(path).body[name] == value


def test_an_immutable_value_that_is_left_out_stays(machines: Scim) -> None:
    path = create(machines, machine(serial="A", history=["a"]))
    reply = machines.put(path, machine(ready=True))
    assert (reply.body["serial"], reply.body["history"]) == ("A", ["a"])


READ_ONLY = [
    pytest.param({"id": "other"}, id="id"),
    pytest.param({"meta": {"created": "1999-01-01T00:00:00Z", "version": "x"}}, id="meta"),
    pytest.param({"meta": "of the wrong type"}, id="type-of-meta"),
    pytest.param({"groups": [{"value": "other"}]}, id="groups"),
    pytest.param({"groups": []}, id="no-groups"),
    pytest.param({ENTERPRISE: {"manager": {"displayName": "Boss"}}}, id="sub-attribute"),
]


@honours("RFC7644-3.5.1-13")
@pytest.mark.parametrize("given", READ_ONLY)
def test_readonly_values_are_ignored(scim: Scim, given: dict[str, Any]) -> None:
    path = scim.user()
    scim.group(members=[path])
    before = scim.get(path).body
    reply = scim.put(path, user(**given))
    assert (reply.status, reply.body) == (200, before)
    assert scim.get(path).body == before


@honours("RFC7644-3.5.1-13")
def test_a_readonly_value_of_another_type_is_ignored(machines: Scim) -> None:
    path = create(machines, machine())
    parts = [{"value": "a", "supplier": "mine"}]
    reply = machines.put(path, machine(stamp="mine", log=[{"value": "x"}], parts=parts))
    assert reply.status == 200
    assert not {"stamp", "log"} & reply.body.keys()
    assert reply.body["parts"] == [{"value": "a"}]


def test_the_whole_body_of_a_get_can_be_sent_back(scim: Scim) -> None:
    path = scim.user(title="Dr", emails=[WORK, HOME], **{ENTERPRISE: {"manager": {"value": "7"}}})
    scim.group(members=[path])
    before = scim.get(path).body
    assert scim.put(path, before).body == before


@pytest.mark.parametrize("absent", [{}, {"userName": None}, {"userName": ""}])
def test_a_required_attribute_must_be_given(scim: Scim, absent: dict[str, Any]) -> None:
    path = scim.user()
    before = scim.get(path).body
    reply = scim.put(path, {"schemas": [USER], "title": "Dr", **absent})
    assert reply.fault == (400, "invalidValue")
    assert "userName" in reply.body["detail"]
    assert scim.get(path).body == before


@honours("RFC7644-3.5.1-15")
def test_the_reply_is_200_with_the_entire_resource(scim: Scim) -> None:
    path = scim.user(title="Dr")
    scim.group(members=[path])
    reply = scim.put(path, user(emails=[WORK], **{ENTERPRISE: {"department": "R"}}))
    assert reply.status == 200
    assert {"id", "meta", "schemas", "groups", "emails", ENTERPRISE} <= reply.body.keys()
    assert reply.body == scim.get(path).body


@honours("RFC7644-3.5.1-16")
def test_only_the_time_of_the_last_change_moves(scim: Scim) -> None:
    path = scim.user(title="Dr")
    before = scim.get(path).body["meta"]
    after = scim.put(path, user(title="Prof")).body["meta"]
    assert after["lastModified"] > before["lastModified"]
    assert after["created"] == before["created"]


@honours("RFC7644-3.5.1-17")
def test_the_reply_carries_the_new_etag_and_the_location(scim: Scim) -> None:
    created = scim.post("/Users", user(title="Dr"))
    path = f"/Users/{created.body['id']}"
    reply = scim.put(path, user(title="Prof"))
    etag = reply.response.header("ETag")
    assert etag == reply.body["meta"]["version"]
    assert etag != created.response.header("ETag")
    assert reply.response.header("Location") == created.response.header("Location")
    assert reply.response.header("Location") == reply.body["meta"]["location"]


@honours("RFC7644-3.5.1-18")
@pytest.mark.parametrize("name", ["taken", "TAKEN"])
def test_a_value_of_another_resource_is_refused(scim: Scim, name: str) -> None:
    scim.user("taken")
    path = scim.user("bjensen", title="Dr")
    before = scim.get(path).body
    reply = scim.put(path, {**user(title="Prof"), "userName": name})
    assert reply.fault == (409, "uniqueness")
    assert scim.get(path).body == before


@honours("RFC7644-3.5.1-18")
def test_a_unique_value_of_an_extension_is_refused_too(machines: Scim) -> None:
    create(machines, machine(**{PLATE: {"number": "1"}}))
    path = create(machines, machine(**{PLATE: {"number": "2"}}))
    reply = machines.put(path, machine(**{PLATE: {"number": "1"}}))
    assert reply.fault == (409, "uniqueness")
    assert machines.get(path).body[PLATE] == {"number": "2"}


def test_members_of_a_group_are_replaced(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    path = scim.group("g", [a, b])
    members = [{"value": each.rpartition("/")[2]} for each in (b, c)]
    scim.put(path, {"schemas": [GROUP], "displayName": "g", "members": members})
    assert sorted(scim.members(path)) == sorted([b, c])
    assert "groups" not in scim.get(a).body
    scim.put(path, {"schemas": [GROUP], "displayName": "g"})
    assert scim.members(path) == []


def test_a_refused_replacement_leaves_the_members_alone(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    path = scim.group("g", [a])
    before = scim.get(path).body
    members = [{"value": b.rpartition("/")[2]}, {"value": "nobody"}]
    reply = scim.put(path, {"schemas": [GROUP], "displayName": "h", "members": members})
    assert reply.fault == (400, "invalidValue")
    assert "members[1].value" in reply.body["detail"]
    assert scim.get(path).body == before
    assert "groups" not in scim.get(b).body

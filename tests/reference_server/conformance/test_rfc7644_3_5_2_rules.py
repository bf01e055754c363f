"""RFC 7644 section 3.5.2: what a PATCH request keeps: schema, order, primary, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

WORK = {"value": "w@x.org", "type": "work", "primary": True}
HOME = {"value": "h@x.org", "type": "home"}
OTHER = {"value": "o@x.org", "type": "other"}
HOUSE = {"type": "home", "locality": "Bonn", "primary": True}
OFFICE = {"type": "work", "locality": "Ulm"}
START: dict[str, Any] = {
    "title": "Dr",
    "emails": [WORK, HOME, OTHER],
    "addresses": [HOUSE, OFFICE],
    ENTERPRISE: {"department": "R"},
}
UNSET = object()

honours = pytest.mark.honours


def op(op: str, path: str | None = None, value: Json = UNSET) -> dict[str, Any]:
    operation = {"op": op, "path": path, "value": value}
    return {key: each for key, each in operation.items() if each not in (None, UNSET)}


MISFITS = [
    pytest.param(op("replace", "active", {"value": True}), "invalidValue", id="object-for-boolean"),
    pytest.param(op("add", "active", 1), "invalidValue", id="number-for-boolean"),
    pytest.param(op("add", "title", 5), "invalidValue", id="number-for-text"),
    pytest.param(op("replace", "title", ["x", "y"]), "invalidValue", id="array-for-one-value"),
    pytest.param(op("replace", "name", "x"), "invalidValue", id="text-for-object"),
    pytest.param(op("replace", "name.givenName", {}), "invalidValue", id="object-for-text"),
    pytest.param(op("add", "emails", ["x"]), "invalidValue", id="text-for-object-in-array"),
    pytest.param(op("add", "emails", [{"value": 5}]), "invalidValue", id="number-in-object"),
    pytest.param(op("add", "emails", [{"primary": "x"}]), "invalidValue", id="text-for-primary"),
    pytest.param(
        op("add", "x509Certificates", [{"value": "?"}]), "invalidValue", id="no-base64-in-binary"
    ),
    pytest.param(op("add", ENTERPRISE, "x"), "invalidValue", id="text-for-extension"),
    pytest.param(op("add", f"{ENTERPRISE}:manager", 5), "invalidValue", id="number-for-manager"),
    pytest.param(op("add", value={"title": 5}), "invalidValue", id="number-without-path"),
    pytest.param(
        op("add", value={ENTERPRISE: {"division": 5}}), "invalidValue", id="number-in-extension"
    ),
    pytest.param(op("add", "shoeSize", 5), "invalidPath", id="unknown-attribute"),
    pytest.param(op("remove", "shoeSize"), "invalidPath", id="unknown-attribute-to-remove"),
    pytest.param(op("replace", "name.pet", "x"), "invalidPath", id="unknown-sub-attribute"),
    pytest.param(op("replace", "title.x", "x"), "invalidPath", id="sub-attribute-of-text"),
    pytest.param(
        op("replace", 'emails[type eq "work"].pet', "x"), "invalidPath", id="after-filter"
    ),
    pytest.param(op("replace", "urn:x:User:title", "x"), "invalidPath", id="unknown-schema"),
    pytest.param(op("replace", f"{USER}:department", "x"), "invalidPath", id="other-schema"),
    pytest.param(op("replace", "departments", "x"), "invalidPath", id="in-no-extension-either"),
    pytest.param(op("replace", 'title[value eq "x"]', "x"), "invalidPath", id="filter-on-text"),
]


@honours("RFC7644-3.5.2-12", "RFC7644-3.5.2-15")
@pytest.mark.parametrize(("operation", "scim_type"), MISFITS)
def test_an_operation_must_fit_the_schema(scim: Scim, operation: Json, scim_type: str) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    reply = scim.patch(path, operation)
    assert reply.fault == (400, scim_type)
    assert reply.body["schemas"] == [ERROR]
    assert reply.body["status"] == "400"
    assert "Operations[0]" in reply.body["detail"]
    assert scim.get(path).body == before


READ_ONLY = [
    op("replace", "id", "x"),
    op("add", "id", "x"),
    op("remove", "id"),
    op("replace", "meta.created", "2000-01-01T00:00:00Z"),
    op("replace", "meta", {"created": "2000-01-01T00:00:00Z"}),
    op("remove", "meta.lastModified"),
    op("add", "groups", [{"value": "x"}]),
    op("replace", "groups", []),
    op("remove", "groups"),
    op("remove", "groups[value pr]"),
    op("replace", "groups[value pr].display", "x"),
    op("replace", value={"id": "x"}),
    op("add", value={"groups": [{"value": "x"}]}),
    op("replace", f"{ENTERPRISE}:manager.displayName", "x"),
    op("remove", f"{ENTERPRISE}:manager.displayName"),
]


@honours("RFC7644-3.5.2-12", "RFC7644-3.5.2-15")
@pytest.mark.parametrize("operation", READ_ONLY)
def test_an_operation_must_fit_the_mutability(scim: Scim, operation: Json) -> None:
    path = scim.user(**START)
    scim.group(members=[path])
    before = scim.get(path).body
    reply = scim.patch(path, op("add", "title", "x"), operation)
    assert reply.fault == (400, "mutability")
    assert "readOnly" in reply.body["detail"]
    assert "Operations[1]" in reply.body["detail"]
    assert scim.get(path).body == before


# --- one after the other


@honours("RFC7644-3.5.2-21")
@pytest.mark.parametrize(
    ("operations", "name", "value"),
    [
        ([op("add", "nickName", "A"), op("replace", "nickName", "B")], "nickName", "B"),
        ([op("replace", "nickName", "B"), op("add", "nickName", "A")], "nickName", "A"),
        ([op("remove", "title"), op("add", "title", "x")], "title", "x"),
        ([op("add", "title", "x"), op("remove", "title")], "title", None),
        (
            [op("replace", "emails", [HOME]), op("add", "emails", [OTHER])],
            "emails",
            [HOME, OTHER],
        ),
        ([op("add", "emails", [WORK]), op("replace", "emails", [HOME])], "emails", [HOME]),
        (
            [
                op("replace", 'emails[type eq "home"].type', "club"),
                op("replace", 'emails[type eq "club"].value', "c@x.org"),
                op("remove", 'emails[value eq "w@x.org" or type eq "other"]'),
            ],
            "emails",
            [{"value": "c@x.org", "type": "club"}],
        ),
        (
            [op("add", "name", {"givenName": "B"}), op("add", "name.familyName", "J")],
            "name",
            {"givenName": "B", "familyName": "J"},
        ),
        (
            [op("remove", ENTERPRISE), op("add", f"{ENTERPRISE}:division", "S")],
            ENTERPRISE,
            {"division": "S"},
        ),
        ([op("add", value={"title": "a"}), op("add", value={"title": "b"})], "title", "b"),
    ],
)
def test_each_operation_works_on_the_result_of_those_before(
    scim: Scim, operations: list[Json], name: str, value: Json
) -> None:
    path = scim.user(**START)
    assert scim.patch(path, *operations).status == 200
    assert scim.get(path).body.get(name) == value


@honours("RFC7644-3.5.2-22")
def test_evaluation_goes_on_until_all_are_done_or_one_fails(scim: Scim) -> None:
    path = scim.user(**START)
    many = [op("add", "emails", [{"value": f"{n}@x.org"}]) for n in range(50)]
    assert scim.patch(path, *many).status == 200
    shown = [each["value"] for each in scim.get(path).body["emails"]]
    assert shown == ["w@x.org", "h@x.org", "o@x.org", *(f"{n}@x.org" for n in range(50))]
    # The first fault is the one told of, and what would follow is never tried.
    reply = scim.patch(path, op("add", "title", "x"), op("remove", "userName"), op("remove", "id"))
    assert "Operations[1]" in reply.body["detail"]


# --- primary


@honours("RFC7644-3.5.2-23")
@pytest.mark.parametrize(
    ("operation", "primary"),
    [
        (op("replace", 'emails[type eq "home"].primary', True), "h@x.org"),
        (op("add", 'emails[type eq "home"].primary', True), "h@x.org"),
        (op("add", 'emails[type eq "home"]', {"primary": True}), "h@x.org"),
        (op("replace", 'emails[type eq "home"]', {**HOME, "primary": True}), "h@x.org"),
        (op("add", "emails", [{"value": "n@x.org", "primary": True}]), "n@x.org"),
        (op("add", "emails", {"value": "n@x.org", "primary": True}), "n@x.org"),
        (op("add", "emails", [{**HOME, "primary": True}]), "h@x.org"),
        (op("add", value={"emails": [{"value": "n@x.org", "primary": True}]}), "n@x.org"),
        (op("replace", "emails", [{**HOME, "primary": True}, OTHER]), "h@x.org"),
        (op("replace", 'emails[type eq "work"].primary', True), "w@x.org"),
    ],
)
def test_a_new_primary_value_takes_it_from_the_others(
    scim: Scim, operation: Json, primary: str
) -> None:
    path = scim.user(**START)
    assert scim.patch(path, operation).status == 200
    emails = scim.get(path).body["emails"]
    assert [each["value"] for each in emails if each.get("primary")] == [primary]
    others = [each for each in emails if each["value"] == "w@x.org" != primary]
    assert all(each["primary"] is False for each in others)
    assert scim.get(path).body["addresses"] == [HOUSE, OFFICE]


@honours("RFC7644-3.5.2-23")
def test_the_last_operation_that_names_a_primary_value_wins(scim: Scim) -> None:
    path = scim.user(**START)
    home, other = 'emails[type eq "home"].primary', 'emails[type eq "other"].primary'
    scim.patch(path, op("replace", home, True), op("replace", other, True))
    found = [each["type"] for each in scim.get(path).body["emails"] if each.get("primary")]
    assert found == ["other"]


def test_two_primary_values_at_once_are_refused(scim: Scim) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    both = [{**WORK, "primary": True}, {**HOME, "primary": True}]
    assert scim.patch(path, op("replace", "emails", both)).fault == (400, "invalidValue")
    everywhere = op("replace", "emails[value pr].primary", True)
    assert scim.patch(path, everywhere).fault == (400, "invalidValue")
    assert scim.get(path).body == before


# --- all or nothing

GOOD = [
    op("replace", "title", "changed"),
    op("remove", "emails"),
    op("add", "addresses", [{"type": "other", "locality": "Jena", "primary": True}]),
    op("replace", f"{ENTERPRISE}:department", "S"),
    op("replace", "userName", "changed"),
]


@honours("RFC7644-3.5.2-24", "RFC7644-3.5.2-25", "RFC7644-3.5.2-26")
@pytest.mark.parametrize("place", range(len(GOOD) + 1))
@pytest.mark.parametrize(
    "bad",
    [
        op("replace", "title", 5),
        op("remove", "userName"),
        op("remove"),
        op("replace", "nothing", "x"),
        op("replace", 'emails[type eq "fax"]', {"value": "x"}),
        {"op": "move"},
    ],
)
def test_one_wrong_operation_undoes_all(scim: Scim, bad: Json, place: int) -> None:
    path = scim.user(**START)
    before = scim.get(path)
    reply = scim.patch(path, *GOOD[:place], bad, *GOOD[place:])
    assert reply.status == 400
    after = scim.get(path)
    assert after.body == before.body
    assert after.response.header("ETag") == before.response.header("ETag")
    assert scim.get("/Users", filter='userName eq "changed"').body["totalResults"] == 0


@honours("RFC7644-3.5.2-24", "RFC7644-3.5.2-25")
def test_a_fault_that_only_the_whole_shows_undoes_all(scim: Scim) -> None:
    scim.user("taken")
    path = scim.user(**START)
    before = scim.get(path).body
    assert scim.patch(path, *GOOD, op("replace", "userName", "TAKEN")).status == 409
    assert scim.get(path).body == before


@honours("RFC7644-3.5.2-24", "RFC7644-3.5.2-25")
def test_a_wrong_operation_undoes_the_changes_of_members(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    path = scim.group("g", [a, b])
    before, person = scim.get(path).body, scim.get(c).body
    changes = [
        op("add", "members", [{"value": c[7:]}]),
        op("remove", f'members[value eq "{a[7:]}"]'),
        op("replace", "displayName", "h"),
    ]
    for bad in (op("remove", "displayName"), op("add", "members", [{"value": "nobody"}])):
        assert scim.patch(path, *changes, bad).status == 400
        assert scim.get(path).body == before
        assert scim.get(c).body == person
    assert scim.patch(path, *changes).status == 204
    assert sorted(scim.members(path)) == sorted([b, c])


@honours("RFC7644-3.5.2-27")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"", 400),
        ({}, 400),
        ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}, 400),
    ],
)
def test_a_failed_request_brings_a_status_and_an_error(scim: Scim, body: Json, status: int) -> None:
    reply = scim.call("PATCH", scim.user(), body)
    assert (reply.status, reply.body["schemas"]) == (status, [ERROR])
    assert reply.body["status"] == str(status)
    assert reply.body["detail"]


# --- the reply


@honours("RFC7644-3.5.2-28")
def test_success_brings_the_entire_resource(scim: Scim) -> None:
    path = scim.user(**START)
    scim.group(members=[path])
    reply = scim.patch(path, op("replace", "title", "x"))
    assert reply.status == 200
    assert reply.body == scim.get(path).body
    assert {"groups", "meta", "emails", ENTERPRISE} <= reply.body.keys()
    assert reply.response.header("ETag") == reply.body["meta"]["version"]
    assert reply.response.header("Location") == reply.body["meta"]["location"]


@honours("RFC7644-3.5.2-29")
def test_a_group_is_answered_with_204_and_its_etag(scim: Scim) -> None:
    path = scim.group("g", [scim.user()])
    before = scim.get(path).body["meta"]["version"]
    reply = scim.patch(path, op("replace", "displayName", "h"))
    assert (reply.status, reply.response.body) == (204, b"")
    assert reply.response.header("ETag") == scim.get(path).body["meta"]["version"] != before


@honours("RFC7644-3.5.2-30")
@pytest.mark.parametrize("change", [True, False])
def test_with_the_attributes_parameter_the_reply_is_200(scim: Scim, change: bool) -> None:
    user, group = scim.user(**START), scim.group("g")
    title = op("replace", "title", "x" if change else "Dr")
    reply = scim.patch(user, title, attributes="title")
    assert reply.status == 200
    assert reply.body == {"schemas": reply.body["schemas"], "id": user[7:], "title": title["value"]}
    name = op("replace", "displayName", "h" if change else "g")
    reply = scim.patch(group, name, attributes="displayName")
    assert (reply.status, reply.body["displayName"]) == (200, name["value"])
    assert "meta" not in reply.body


@honours("RFC7644-3.5.2-31")
@pytest.mark.parametrize("path", ["/Users/nobody", "/Groups/nobody"])
def test_an_unknown_resource_is_not_found(scim: Scim, path: str) -> None:
    reply = scim.patch(path, op("add", "displayName", "x"))
    assert reply.status == 404
    assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "404")


@honours("RFC7644-3.5.2-32")
@pytest.mark.parametrize(
    "operation",
    [
        op("replace", "userName", "Taken"),
        op("add", "userName", "taken"),
        op("replace", value={"userName": "TAKEN"}),
    ],
)
def test_a_value_of_another_resource_is_refused(scim: Scim, operation: Json) -> None:
    scim.user("taken")
    path = scim.user(**START)
    before = scim.get(path).body
    assert scim.patch(path, op("add", "title", "x"), operation).fault == (409, "uniqueness")
    assert scim.get(path).body == before
    assert scim.patch(path, op("replace", "userName", "BJENSEN")).status == 200

"""RFC 7643 sections 2.4 and 2.5: multi-valued attributes, and what is unassigned."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"

honours = pytest.mark.honours

WORK = {"value": "b@work.example", "type": "work"}
HOME = {"value": "b@home.example", "type": "home"}


def user(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


def gadget(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [GADGET], "name": "lamp", **attributes}


def created(full: Scim, **attributes: Json) -> str:
    reply = full.post("/Gadgets", gadget(**attributes))
    assert reply.status == 201, reply.body
    return f"/Gadgets/{reply.body['id']}"


@honours("RFC7643-2.4-1")
def test_one_value_is_an_array_of_one(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(without_tolerances=["object-for-array"])
    assert scim.get(scim.user(emails=[WORK])).body["emails"] == [WORK]
    reply = scim.post("/Users", user(userName="c", emails=WORK))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("emails: expected an array")


@honours("RFC7643-2.4-2")
def test_values_are_all_simple_or_all_objects(full: Scim) -> None:
    path = created(full, tags=["a", "b"], parts=[{"value": "bulb"}])
    assert full.get(path).body["tags"] == ["a", "b"]
    assert full.get(path).body["parts"] == [{"value": "bulb"}]
    for mixed in ({"tags": ["a", {"value": "b"}]}, {"parts": [{"value": "a"}, "b"]}):
        (name,) = mixed
        reply = full.put(path, gadget(**mixed))
        assert reply.fault == (400, "invalidValue")
        assert reply.body["detail"].startswith(f"{name}[1]:")


@honours("RFC7643-2.4-3")
def test_each_object_is_judged_as_a_complex_value(full: Scim) -> None:
    body = full.post("/Gadgets", gadget(parts=[{"VALUE": "a", "pet": 1, "supplier": "x"}])).body
    assert body["parts"] == [{"value": "a"}]
    reply = full.post("/Gadgets", gadget(name="b", parts=[{"value": "a"}, {"type": "inner"}]))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("parts[1].value: required")
    reply = full.post("/Gadgets", gadget(name="b", parts=[{"value": "a", "primary": "no"}]))
    assert reply.body["detail"].startswith("parts[0].primary:")


PREDEFINED = {
    "type": {"string"},
    "primary": {"boolean"},
    "display": {"string"},
    "value": {"string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"},
    "$ref": {"reference"},
}


@honours("RFC7643-2.4-4")
def test_the_predefined_sub_attributes_have_their_types(full: Scim) -> None:
    seen = set()
    for where, each in full.attributes().items():
        # The types of schemas and of authentication are plain attributes of those names.
        if each["multiValued"] and "api" not in where and each["type"] == "complex":
            for sub in each["subAttributes"]:
                if sub["name"] in PREDEFINED:
                    assert sub["type"] in PREDEFINED[sub["name"]], where
                    assert sub["multiValued"] is False
                    seen.add(sub["name"])
    assert seen == set(PREDEFINED)


@honours("RFC7643-2.4-5", "RFC7643-2.4-9")
def test_each_value_keeps_its_type(scim: Scim) -> None:
    path = scim.user(emails=[WORK, HOME])
    assert scim.get(path).body["emails"] == [WORK, HOME]
    assert len(scim.get("/Users", filter='emails[type eq "home" and value co "home"]').ids) == 1
    assert scim.get("/Users", filter='emails[type eq "work" and value co "home"]').ids == []


FIRST = {**WORK, "primary": True}
SECOND = {**HOME, "primary": True}


@honours("RFC7643-2.4-6")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_two_primary_values_are_refused(scim: Scim, method: str) -> None:
    path = "/Users" if method == "POST" else scim.user(emails=[FIRST])
    before = scim.get("/Users").body
    reply = scim.call(method, path, user(emails=[FIRST, SECOND]))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("emails:")
    assert scim.get("/Users").body == before


@honours("RFC7643-2.4-6")
@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "emails", "value": [SECOND]},
        {"op": "add", "value": {"emails": [SECOND]}},
        {"op": "replace", "path": 'emails[type eq "home"].primary', "value": True},
        {"op": "replace", "path": 'emails[type eq "home"]', "value": SECOND},
    ],
)
def test_a_patch_takes_primary_from_the_others(scim: Scim, operation: Json) -> None:
    path = scim.user(emails=[FIRST, HOME])
    assert scim.patch(path, operation).status == 200
    shown = scim.get(path).body["emails"]
    assert [each["value"] for each in shown if each.get("primary")] == [HOME["value"]]
    assert len(shown) == 2


@honours("RFC7643-2.4-7")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("emails[primary eq true]", ["c"]),
        ("emails.primary eq true", ["c"]),
        ("emails[primary eq false]", ["a", "b"]),
        ("emails.primary eq false", ["a", "b"]),
        ('emails[type eq "work" and primary eq false]', ["a", "b"]),
        ("emails[primary ne false]", ["c"]),
        ("emails[not (primary eq false)]", ["c"]),
    ],
)
def test_a_primary_that_is_not_given_is_false(scim: Scim, text: str, found: list[str]) -> None:
    scim.user("a", emails=[WORK])
    scim.user("b", emails=[{**WORK, "primary": False}])
    scim.user("c", emails=[FIRST])
    names = [each["userName"] for each in scim.get("/Users", filter=text).body["Resources"]]
    assert names == found


@honours("RFC7643-2.4-7")
def test_a_path_selects_values_without_primary_as_not_primary(scim: Scim) -> None:
    path = scim.user(emails=[FIRST, HOME])
    reply = scim.patch(path, {"op": "remove", "path": "emails[primary eq false]"})
    assert reply.body["emails"] == [FIRST]


@honours("RFC7643-2.4-8", "RFC7643-2.4-17")
def test_values_without_defined_parts_have_the_five_predefined_ones(full: Scim) -> None:
    slot = {
        "value": "a",
        "type": "x",
        "primary": True,
        "display": "A",
        "$ref": "https://example.com/a",
    }
    path = created(full, slots=[{**slot, "pet": "cat"}])
    assert full.get(path).body["slots"] == [slot]
    subs = full.attributes(GADGET)[f"{GADGET}:slots"]["subAttributes"]
    assert {each["name"]: each["mutability"] for each in subs} == {
        "value": "readWrite",
        "type": "readWrite",
        "primary": "readWrite",
        "display": "immutable",
        "$ref": "readWrite",
    }


@honours("RFC7643-2.4-8")
@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": 'slots[value eq "a"].display', "value": "B"},
        {"op": "remove", "path": 'slots[value eq "a"].display'},
        {"op": "replace", "path": "slots", "value": [{"value": "a", "display": "B"}]},
        {"op": "add", "path": "slots", "value": [{"value": "a", "display": "B"}]},
        {"op": "replace", "path": 'slots[value eq "a"]', "value": {"value": "a", "display": "B"}},
    ],
)
def test_display_does_not_change_once_it_is_set(full: Scim, operation: Json) -> None:
    path = created(full, slots=[{"value": "a", "display": "A"}, {"value": "b"}])
    before = full.get(path).body
    assert full.patch(path, operation).fault == (400, "mutability")
    assert full.put(path, gadget(slots=[{"value": "a", "display": "B"}])).fault == (
        400,
        "mutability",
    )
    assert full.get(path).body == before
    set_late = {"op": "add", "path": 'slots[value eq "b"].display', "value": "B"}
    assert full.patch(path, set_late).body["slots"][1] == {"value": "b", "display": "B"}


@honours("RFC7643-2.4-8")
def test_display_changes_where_the_schema_says_so(scim: Scim) -> None:
    path = scim.user(emails=[{**WORK, "display": "A"}])
    operation = {"op": "replace", "path": 'emails[type eq "work"].display', "value": "B"}
    assert scim.patch(path, operation).body["emails"] == [{**WORK, "display": "B"}]


@honours("RFC7643-2.4-10")
@pytest.mark.parametrize("host", ["SCIM.Example.COM", "scim.example.com:80"])
def test_addresses_of_the_server_are_canonical(scim: Scim, host: str) -> None:
    scim.host = host
    person = scim.user()
    shown = scim.get(scim.group("g", [person])).body
    uri = shown["members"][0]["$ref"]
    assert uri == f"http://scim.example.com{scim.app.base_path}{person}"
    assert shown["meta"]["location"].startswith("http://scim.example.com/")
    parts = urlsplit(uri)
    assert not {".", "..", ""} & set(parts.path.split("/")[1:])


@honours("RFC7643-2.4-11")
@pytest.mark.parametrize("version", ["/v2", "", "/v1", "/v10"])
def test_addresses_that_differ_in_the_version_are_the_same(scim: Scim, version: str) -> None:
    person = scim.user()
    group = scim.group("g", [person])
    uri = f"http://scim.example.com/scim{version}{person}"
    for text in (f'members[$ref eq "{uri}"]', f'members.$ref eq "{uri}"'):
        assert scim.get("/Groups", filter=text).ids == [group.rpartition("/")[2]]
    for other in (f"{uri}x", uri.replace("/Users/", "/Groups/"), uri.replace("/scim/", "/x/")):
        if other != uri:
            assert scim.get("/Groups", filter=f'members.$ref eq "{other}"').ids == []


@honours("RFC7643-2.4-13")
def test_the_same_value_may_have_several_types(scim: Scim) -> None:
    values = [WORK, {**WORK, "type": "home"}]
    assert scim.get(scim.user(emails=values)).body["emails"] == values


@honours("RFC7643-2.4-14")
@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([WORK, WORK], [WORK]),
        (
            [WORK, HOME, {**WORK, "value": "B@WORK.example", "primary": True}],
            [{**WORK, "value": "B@WORK.example", "primary": True}, HOME],
        ),
        ([{"value": "a"}, {"value": "a", "display": "A"}], [{"value": "a", "display": "A"}]),
    ],
)
def test_no_pair_of_type_and_value_is_returned_twice(
    scim: Scim, values: list[Any], kept: list[Any]
) -> None:
    path = scim.user(emails=values)
    assert scim.get(path).body["emails"] == kept
    assert scim.put(path, user(emails=values)).body["emails"] == kept
    operation = {"op": "replace", "path": "emails", "value": values}
    assert scim.patch(path, operation).body["emails"] == kept
    again = {"op": "add", "path": "emails", "value": values}
    assert scim.patch(path, again).body["emails"] == kept


@honours("RFC7643-2.4-14")
def test_values_that_a_patch_makes_equal_become_one(scim: Scim) -> None:
    path = scim.user(emails=[WORK, {**WORK, "type": "home"}])
    reply = scim.patch(path, {"op": "replace", "path": "emails.type", "value": "other"})
    assert reply.body["emails"] == [{**WORK, "type": "other"}]


@honours("RFC7643-2.4-15", "RFC7643-2.4-16", "RFC7643-8.7.2-4")
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("emails", ["work", "home", "other"]),
        ("phoneNumbers", ["work", "home", "mobile", "fax", "pager", "other"]),
        ("ims", ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other"]),
        ("photos", ["photo", "thumbnail"]),
        ("addresses", ["work", "home", "other"]),
        ("groups", ["direct", "indirect"]),
        ("entitlements", []),
        ("roles", []),
        ("x509Certificates", []),
    ],
)
def test_the_types_that_are_recommended_are_published(
    scim: Scim, name: str, values: list[str]
) -> None:
    definition = scim.attributes(USER)[f"{USER}:{name}.type"]
    assert definition.get("canonicalValues", []) == values


UNASSIGNED = [
    pytest.param("nickName", None, "Babs", id="null"),
    pytest.param("emails", None, [WORK], id="null-for-an-array"),
    pytest.param("emails", [], [WORK], id="empty-array"),
    pytest.param("name", None, {"givenName": "B"}, id="null-for-an-object"),
]


@honours("RFC7643-2.5-1", "RFC7643-2.5-5")
@pytest.mark.parametrize(("name", "nothing", "something"), UNASSIGNED)
def test_what_is_unassigned_on_create_is_absent(
    scim: Scim, name: str, nothing: Json, something: Json
) -> None:
    shown = [
        scim.get(scim.user("a")).body,
        scim.get(scim.user("b", **{name: nothing})).body,
    ]
    assert [name in each for each in shown] == [False, False]
    assert name in scim.get(scim.user("c", **{name: something})).body


@honours("RFC7643-2.5-2", "RFC7643-2.5-3", "RFC7643-2.5-4")
@pytest.mark.parametrize(("name", "nothing", "something"), UNASSIGNED)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_value_can_be_made_unassigned(
    scim: Scim, method: str, name: str, nothing: Json, something: Json
) -> None:
    path = scim.user(**{name: something})
    assert len(scim.get("/Users", filter=f"{name} pr").ids) == 1
    if method == "PUT":
        reply = scim.put(path, user(**{name: nothing}))
    else:
        reply = scim.patch(path, {"op": "replace", "path": name, "value": nothing})
    assert reply.status == 200
    assert name not in scim.get(path).body
    assert scim.get("/Users", filter=f"{name} pr").ids == []
    assert len(scim.get("/Users", filter=f"not ({name} pr)").ids) == 1

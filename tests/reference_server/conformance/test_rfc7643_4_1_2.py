"""RFC 7643 section 4.1.2: the multi-valued attributes of users."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

honours = pytest.mark.honours


def user(**attributes: Json) -> dict[str, Any]:
    return {"schemas": [USER], "userName": "bjensen", **attributes}


def kept(name: str, value: str, *ids: str, kind: str | None = None) -> Any:  # noqa: ANN401 - a row
    given = {"value": value} if kind is None else {"value": value, "type": kind}
    return pytest.param(name, given, marks=honours(*ids), id=f"{name}-{kind}-{value}")


KEPT = [
    kept("emails", "bjensen@example.com", "RFC7643-4.1.2-1"),
    *(
        kept("emails", "b@x.org", "RFC7643-4.1.2-4", kind=each)
        for each in ("work", "home", "other")
    ),
    kept("emails", "b@x.org", "RFC7643-4.1.2-5", kind="school"),
    kept("phoneNumbers", "tel:+1-201-555-0123", "RFC7643-4.1.2-6"),
    *(
        kept("phoneNumbers", "tel:+1-201-555-0123", "RFC7643-4.1.2-9", kind=each)
        for each in ("work", "home", "mobile", "fax", "pager", "other")
    ),
    kept("phoneNumbers", "tel:+1-201-555-0123", "RFC7643-4.1.2-10", kind="satellite"),
    *(
        kept("ims", "handle", "RFC7643-4.1.2-12", kind=each)
        for each in ("aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other")
    ),
    kept("ims", "handle", "RFC7643-4.1.2-13", kind="matrix"),
    kept("photos", "https://photos.example.com/F", "RFC7643-4.1.2-15"),
    kept("photos", "https://photos.example.com/F", "RFC7643-4.1.2-19", kind="photo"),
    kept("photos", "https://photos.example.com/T", "RFC7643-4.1.2-19", kind="thumbnail"),
    kept("entitlements", "licence/7 & more", "RFC7643-4.1.2-33"),
    kept("entitlements", "x", "RFC7643-4.1.2-33", kind="anything"),
    kept("roles", "Faculty", "RFC7643-4.1.2-34"),
    kept("roles", "x", "RFC7643-4.1.2-34", kind="anything"),
]


@pytest.mark.parametrize(("name", "value"), KEPT)
def test_a_value_and_its_type_are_kept(scim: Scim, name: str, value: dict[str, str]) -> None:
    path = scim.user(**{name: [value]})
    assert scim.get(path).body[name] == [value]
    assert len(scim.get("/Users", filter=f'{name}.value eq "{value["value"]}"').ids) == 1
    if "type" in value:
        assert len(scim.get("/Users", filter=f'{name}[type eq "{value["type"]}"]').ids) == 1
    assert name not in scim.put(path, user(**{name: []})).body


@pytest.mark.parametrize("name", ["emails", "phoneNumbers"])
def test_the_form_for_display_is_what_the_client_gives(scim: Scim, name: str) -> None:
    value = {"value": "as written", "display": "As Shown"}
    assert scim.get(scim.user("a", **{name: [value]})).body[name] == [value]
    bare = scim.get(scim.user("b", **{name: [{"value": "as written"}]})).body[name]
    assert bare == [{"value": "as written"}]


@honours("RFC7643-4.1.2-17")
def test_the_same_image_may_come_in_several_sizes(scim: Scim) -> None:
    photos = [
        {"value": "https://photos.example.com/F", "type": "photo"},
        {"value": "https://photos.example.com/T", "type": "thumbnail"},
    ]
    assert scim.get(scim.user(photos=photos)).body["photos"] == photos


ADDRESS = {
    "type": "work",
    "streetAddress": "100 Universal City Plaza\nBuilding 7",
    "locality": "Hollywood",
    "region": "CA",
    "postalCode": "91608",
    "country": "US",
    "formatted": "100 Universal City Plaza\nHollywood, CA 91608 US",
    "primary": True,
}


@honours("RFC7643-4.1.2-20", "RFC7643-4.1.2-22", "RFC7643-4.1.2-23", "RFC7643-4.1.2-24")
@pytest.mark.parametrize("kind", ["work", "home", "other"])
def test_an_address_keeps_all_its_parts_and_lines(scim: Scim, kind: str) -> None:
    address = {**ADDRESS, "type": kind}
    path = scim.user(addresses=[address])
    assert scim.get(path).body["addresses"] == [address]
    assert len(scim.get("/Users", filter='addresses.country eq "US"').ids) == 1


@honours("RFC7643-4.1.2-21")
@pytest.mark.parametrize("part", sorted(ADDRESS))
def test_no_part_of_an_address_is_required(scim: Scim, part: str) -> None:
    alone = {part: ADDRESS[part]}
    assert scim.get(scim.user(addresses=[alone])).body["addresses"] == [alone]


def nested(scim: Scim) -> tuple[str, str, str]:
    """Make a user in a group in a group."""
    person = scim.user()
    inner = scim.group("inner", [person])
    return person, inner, scim.group("outer", [inner])


def shown_groups(scim: Scim, person: str) -> dict[str, str]:
    found = scim.get(person).body.get("groups", [])
    return {f"/Groups/{each['value']}": each["type"] for each in found}


@honours("RFC7643-4.1.2-25", "RFC7643-4.1.2-26")
def test_a_user_shows_direct_and_indirect_groups(scim: Scim) -> None:
    person, inner, outer = nested(scim)
    outermost = scim.group("outermost", [outer])
    assert shown_groups(scim, person) == {
        inner: "direct",
        outer: "indirect",
        outermost: "indirect",
    }
    assert "groups" not in scim.get(scim.user("nobody")).body


@honours("RFC7643-4.1.2-25", "RFC7643-4.1.2-26")
def test_a_group_that_is_both_is_direct_and_circles_end(scim: Scim) -> None:
    person, inner, outer = nested(scim)
    members = [{"value": each.rpartition("/")[2]} for each in (person, outer)]
    scim.patch(outer, {"op": "add", "path": "members", "value": members[:1]})
    scim.patch(inner, {"op": "add", "path": "members", "value": members[1:]})
    assert shown_groups(scim, person) == {inner: "direct", outer: "direct"}


@honours("RFC7643-4.1.2-27")
def test_a_direct_membership_is_changed_through_its_group(scim: Scim) -> None:
    person, inner, outer = nested(scim)
    identifier = person.rpartition("/")[2]
    path = f'members[value eq "{identifier}"]'
    assert scim.patch(outer, {"op": "remove", "path": path}).status == 204
    assert shown_groups(scim, person) == {inner: "direct", outer: "indirect"}
    assert scim.patch(inner, {"op": "remove", "path": path}).status == 204
    assert shown_groups(scim, person) == {}


@honours("RFC7643-4.1.2-29", "RFC7643-4.1.2-30")
def test_a_group_of_a_user_is_its_id_and_its_address(scim: Scim) -> None:
    person, inner, outer = nested(scim)
    found = scim.get(person).body["groups"]
    assert [f"/Groups/{each['value']}" for each in found] == [inner, outer]
    for each in found:
        there = urlsplit(each["$ref"]).path.removeprefix(scim.app.base_path)
        group = scim.get(there)
        assert (group.status, group.body["id"]) == (200, each["value"])
        assert each["display"] == group.body["displayName"]


@honours("RFC7643-4.1.2-31", "RFC7643-4.1.2-32", "RFC7643-7-24")
def test_nobody_joins_a_group_through_the_user(scim: Scim) -> None:
    group = scim.group("guides")
    entry = {"value": group.rpartition("/")[2], "type": "direct"}
    reply = scim.post("/Users", user(groups=[entry]))
    assert (reply.status, "groups" in reply.body) == (201, False)
    path = f"/Users/{reply.body['id']}"
    reply = scim.put(path, user(groups=[entry], title="t"))
    assert (reply.status, reply.body["title"], "groups" in reply.body) == (200, "t", False)
    for operation in (
        {"op": "add", "path": "groups", "value": [entry]},
        {"op": "replace", "path": "groups", "value": [entry]},
        {"op": "add", "value": {"groups": [entry]}},
    ):
        assert scim.patch(path, operation).fault == (400, "mutability")
    assert scim.members(group) == []
    assert "groups" not in scim.get(path).body


@honours("RFC7643-4.1.2-31")
def test_nobody_leaves_a_group_through_the_user(scim: Scim) -> None:
    person, inner, outer = nested(scim)
    assert scim.patch(person, {"op": "remove", "path": "groups"}).fault == (400, "mutability")
    assert scim.put(person, user(groups=[])).status == 200
    assert shown_groups(scim, person) == {inner: "direct", outer: "indirect"}
    assert scim.members(inner) == [person]


def sequence(content: bytes) -> bytes:
    """Build a DER SEQUENCE, with the long form of the length when it takes one."""
    size = len(content)
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    length = bytes([size]) if size < 0x80 else bytes([0x80 + len(digits)]) + digits
    return b"\x30" + length + content


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


# The outer form of a certificate is all that matters here.
SMALL, LARGE = sequence(sequence(b"\x02\x01\x07")), sequence(b"\x02" * 300)


@honours("RFC7643-4.1.2-35")
@pytest.mark.parametrize("content", [SMALL, LARGE])
def test_a_certificate_comes_back_byte_by_byte(scim: Scim, content: bytes) -> None:
    path = scim.user(x509Certificates=[{"value": text(content)}])
    (shown,) = scim.get(path).body["x509Certificates"]
    assert base64.b64decode(shown["value"]) == content


@honours("RFC7643-4.1.2-35")
@pytest.mark.parametrize("value", ["-----BEGIN CERTIFICATE-----", "%", "A"])
def test_a_certificate_is_base64(scim: Scim, value: str) -> None:
    reply = scim.post("/Users", user(x509Certificates=[{"value": value}]))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("x509Certificates[0].value:")


@honours("RFC7643-4.1.2-36")
@pytest.mark.parametrize("content", [SMALL + SMALL, LARGE + SMALL, SMALL + LARGE + SMALL])
def test_one_value_holds_one_certificate(scim: Scim, content: bytes) -> None:
    good, bad = {"value": text(SMALL)}, {"value": text(content)}
    reply = scim.post("/Users", user(x509Certificates=[good, bad]))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("x509Certificates[1].value: one value holds one")
    path = scim.user(x509Certificates=[good])
    reply = scim.patch(path, {"op": "add", "path": "x509Certificates", "value": [bad]})
    assert reply.fault == (400, "invalidValue")
    assert scim.get(path).body["x509Certificates"] == [good]


@honours("RFC7643-8.7.1-9")
@pytest.mark.parametrize(
    "name",
    ["emails", "phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates"],
)
def test_one_value_of_each_attribute_is_primary(scim: Scim, name: str) -> None:
    values = [{"value": each, "primary": True} for each in ("AAAA", "BBBB")]
    reply = scim.post("/Users", user(**{name: values}))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith(f"{name}:")
    one = [values[0], {"value": "BBBB"}]
    assert scim.get(scim.user(**{name: one})).body[name] == one

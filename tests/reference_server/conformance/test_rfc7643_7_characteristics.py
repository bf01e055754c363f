"""RFC 7643 section 7: what the characteristics of attributes make the server do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
BADGE = "urn:example:params:scim:schemas:extension:2.0:Badge"

honours = pytest.mark.honours


def gadget(name: str = "lamp", **attributes: Json) -> dict[str, Any]:
    return {"schemas": [GADGET], "name": name, **attributes}


def created(full: Scim, name: str = "lamp", **attributes: Json) -> str:
    reply = full.post("/Gadgets", gadget(name, **attributes))
    assert reply.status == 201, reply.body
    return f"/Gadgets/{reply.body['id']}"


@honours("RFC7643-7-20", "RFC7643-7-23")
@pytest.mark.parametrize("operator", ["eq", "co", "sw", "ew", "ge"])
def test_filters_regard_case_where_it_counts(full: Scim, operator: str) -> None:
    created(full, serial="aBc", plain="aBc")
    for name, text, found in (
        ("serial", "aBc", True),
        ("serial", "abc" if operator == "ge" else "ABC", False),
        ("plain", "aBc", True),
        ("plain", "AbC", True),
    ):
        reply = full.get("/Gadgets", filter=f'{name} {operator} "{text}"')
        assert bool(reply.ids) is found, (name, text)


@honours("RFC7643-7-21")
@pytest.mark.parametrize("value", ["aBc", "ABC", "abc"])
def test_case_is_preserved_whether_it_counts_or_not(full: Scim, value: str) -> None:
    shown = full.get(created(full, value, serial=value, plain=value)).body
    assert (shown["serial"], shown["plain"], shown["name"]) == (value, value, value)
    other = gadget(value.swapcase(), serial=f"{value} other")
    assert full.post("/Gadgets", other).fault == (409, "uniqueness")
    assert full.post("/Gadgets", gadget("x", serial=value.swapcase())).status == 201
    assert full.post("/Gadgets", gadget("y", serial=value)).fault == (409, "uniqueness")


@honours("RFC7643-7-24")
def test_what_is_read_only_no_client_writes(full: Scim) -> None:
    path = created(full, stamp="mine", maker={"company": "X", "stamp": "mine"})
    before = full.get(path).body
    assert "stamp" not in before
    assert before["maker"] == {"company": "X"}
    given = gadget(stamp="mine", maker={"company": "X", "stamp": "mine"})
    assert full.put(path, given).body == before
    for where in ("stamp", "maker.stamp"):
        operation = {"op": "add", "path": where, "value": "mine"}
        assert full.patch(path, operation).fault == (400, "mutability")
    assert full.get(path).body == before


@honours("RFC7643-7-25")
def test_what_is_read_write_is_updated_and_read(full: Scim) -> None:
    path = created(full, plain="a")
    seen = [full.get(path).body["plain"]]
    seen.append(full.put(path, gadget(plain="b")).body["plain"])
    operation = {"op": "replace", "path": "plain", "value": "c"}
    seen.append(full.patch(path, operation).body["plain"])
    seen.append(full.get(path).body["plain"])
    assert seen == ["a", "b", "c", "c"]
    assert "plain" not in full.patch(path, {"op": "remove", "path": "plain"}).body


IMMUTABLE: list[tuple[str, Json, Json]] = [
    ("serial", "A7", "A8"),
    ("history", ["a", "b"], ["a", "c"]),
    ("maker", {"company": "X", "country": "SE"}, {"company": "X", "country": "US"}),
    ("slots", [{"value": "a", "display": "A"}], [{"value": "a", "display": "B"}]),
]


@honours("RFC7643-7-26")
@pytest.mark.parametrize(("name", "value", "_"), IMMUTABLE)
@pytest.mark.parametrize("how", ["POST", "PUT", "PATCH"])
def test_what_is_immutable_is_set_once_at_any_time(
    full: Scim, how: str, name: str, value: Json, _: Json
) -> None:
    path = created(full, **({name: value} if how == "POST" else {}))
    if how == "PUT":
        assert full.put(path, gadget(**{name: value})).status == 200
    if how == "PATCH":
        assert full.patch(path, {"op": "add", "path": name, "value": value}).status == 200
    assert full.get(path).body[name] == value


@honours("RFC7643-7-27")
@pytest.mark.parametrize(("name", "value", "other"), IMMUTABLE)
def test_what_is_immutable_is_never_updated(
    full: Scim, name: str, value: Json, other: Json
) -> None:
    path = created(full, **{name: value})
    before = full.get(path).body
    replies = [
        full.put(path, gadget(**{name: other}, plain="changed")),
        full.patch(path, {"op": "replace", "path": name, "value": other}),
        full.patch(path, {"op": "add", "value": {"plain": "changed", name: other}}),
    ]
    assert [each.fault for each in replies] == [(400, "mutability")] * 3
    assert all(name in each.body["detail"] for each in replies)
    assert full.get(path).body == before
    assert full.put(path, gadget(**{name: value}, plain="changed")).status == 200


@honours("RFC7643-7-28", "RFC7643-7-29")
def test_what_is_write_only_is_written_and_never_read(full: Scim) -> None:
    secrets = {"secret": "s3cr3t-1", "pin": "s3cr3t-2"}
    maker = {"company": "X", "key": "s3cr3t-3"}
    body = gadget(maker=maker, **secrets)
    path = f"/Gadgets/{full.post('/Gadgets', body).body['id']}"
    user = full.user(**{BADGE: {"number": "7", "code": "s3cr3t-4"}})
    replies = [
        full.put(path, body | {"secret": "s3cr3t-5"}),
        full.patch(path, {"op": "replace", "path": "pin", "value": "s3cr3t-6"}),
        full.patch(path, {"op": "replace", "path": "maker.key", "value": "s3cr3t-7"}),
        full.patch(user, {"op": "replace", "path": f"{BADGE}:code", "value": "s3cr3t-8"}),
        full.get(path, attributes="secret,pin,maker"),
        full.get(path),
        full.get(user),
        full.get("/Gadgets"),
    ]
    assert [each.status for each in replies] == [200] * 8
    assert len({each.body["meta"]["version"] for each in replies[:3]}) == 3  # each was a change
    assert not [each for each in replies if b"s3cr3t" in each.content]
    for text in ('secret eq "s3cr3t-5"', "pin pr", 'maker.key sw "s"', "hidden pr"):
        assert full.get("/Gadgets", filter=text).fault == (400, "invalidFilter")


@honours("RFC7643-7-30")
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"attributes": "plain"},
        {"attributes": "label"},
        {"excludedAttributes": "label,maker"},
        {"excludedAttributes": "label,maker.code"},
    ],
)
def test_always_means_always(full: Scim, parameters: dict[str, str]) -> None:
    path = created(full, label="l", plain="p", maker={"company": "X", "code": "c"})
    for shown in (
        full.get(path, **parameters).body,
        full.get("/Gadgets", **parameters).body["Resources"][0],
        full.patch(path, {"op": "add", "path": "count", "value": 1}, **parameters).body,
        full.put(path, gadget(label="l", maker={"company": "X", "code": "c"}), **parameters).body,
    ):
        assert shown["label"] == "l"
        assert shown["maker"]["code"] == "c"
        assert shown["schemas"] == [GADGET]


@honours("RFC7643-7-31")
@pytest.mark.parametrize("names", ["hidden", "secret,hidden", f"{GADGET}:hidden"])
def test_never_means_never(full: Scim, names: str) -> None:
    path = created(full, hidden="h1dd3n", secret="h1dd3n")  # noqa: S106 - a word of nobody
    replies = [
        full.get(path, attributes=names),
        full.get("/Gadgets", attributes=names),
        full.put(path, gadget(hidden="h1dd3n-too"), attributes=names),
        full.patch(path, {"op": "replace", "path": "hidden", "value": "h1dd3n"}),
    ]
    assert [each.status for each in replies] == [200] * 4
    assert not [each for each in replies if b"h1dd3n" in each.content]


@pytest.mark.parametrize("name", ["hidden", "secret"])
def test_what_is_never_returned_survives_the_writing_back_of_what_is(full: Scim, name: str) -> None:
    path = created(full, **{name: "h1dd3n"})
    before = full.get(path).body
    assert full.put(path, before).body == before
    again = full.patch(path, {"op": "add", "path": name, "value": "h1dd3n"})
    assert again.body["meta"]["version"] == before["meta"]["version"]  # it was still there


@honours("RFC7643-7-33")
def test_default_means_unless_others_are_named(full: Scim) -> None:
    path = created(full, plain="p", count=1, maker={"company": "X", "rank": 1})
    assert {"plain", "count", "maker"} <= full.get(path).body.keys()
    assert {"plain", "count", "maker"} & full.get(path, attributes="plain").body.keys() == {"plain"}
    assert full.get(path, attributes="maker.rank").body["maker"] == {"rank": 1}
    assert full.get(path, excludedAttributes="maker.rank").body["maker"] == {"company": "X"}
    reply = full.put(path, gadget(plain="p", count=1), attributes="count")
    assert {"plain", "count"} & reply.body.keys() == {"count"}


ON_REQUEST = [
    pytest.param({"note": "n"}, "note", id="attribute"),
    pytest.param({"maker": {"company": "X", "remark": "n"}}, "maker.remark", id="sub-attribute"),
    pytest.param({"parts": [{"value": "a", "remark": "n"}]}, "parts.remark", id="in-an-array"),
]


def has(shown: Json, where: str) -> bool:
    name, _, sub = where.partition(".")
    found = shown.get(name)
    if sub and found is not None:
        return any(sub in each for each in (found if isinstance(found, list) else [found]))
    return found is not None


@honours("RFC7643-7-34")
@pytest.mark.parametrize(("value", "where"), ON_REQUEST)
def test_on_request_means_when_it_was_written_or_asked_for(
    full: Scim, value: dict[str, Json], where: str
) -> None:
    reply = full.post("/Gadgets", gadget(**value))
    path = f"/Gadgets/{reply.body['id']}"
    plain = {"op": "add", "path": "plain", "value": "p"}
    (name,) = value
    whole = {"op": "add", "value": value}
    by_path = {"op": "replace", "path": name, "value": value[name]}
    assert has(reply.body, where)
    assert not has(full.get(path).body, where)
    assert not has(full.get("/Gadgets").body["Resources"][0], where)
    assert has(full.get(path, attributes=where).body, where)
    assert has(full.get("/Gadgets", attributes=where).body["Resources"][0], where)
    assert has(full.put(path, gadget(**value)).body, where)
    assert has(full.patch(path, whole).body, where)
    assert has(full.patch(path, by_path).body, where)
    assert not has(full.patch(path, plain).body, where)
    assert not has(full.put(path, gadget(**value), excludedAttributes=where).body, where)


@honours("RFC7643-7-34")
def test_on_request_holds_in_an_extension(full: Scim) -> None:
    body = {"schemas": [USER, BADGE], "userName": "b", BADGE: {"number": "7", "area": "51"}}
    reply = full.post("/Users", body)
    path = f"/Users/{reply.body['id']}"
    assert reply.body[BADGE] == {"number": "7", "area": "51"}
    assert full.get(path).body[BADGE] == {"number": "7"}
    assert full.get(path, attributes=f"{BADGE}:area").body[BADGE] == {"area": "51"}
    operation = {"op": "replace", "path": f"{BADGE}:area", "value": "52"}
    assert full.patch(path, operation).body[BADGE] == {"number": "7", "area": "52"}


@honours("RFC7643-7-38")
@pytest.mark.parametrize(("name", "value"), [("name", "LAMP"), ("serial", "A7")])
def test_what_is_unique_is_so_on_create_and_update(full: Scim, name: str, value: str) -> None:
    created(full, "lamp", serial="A7")
    other = created(full, "torch")
    before = full.get(other).body
    assert full.post("/Gadgets", gadget("third") | {name: value}).fault == (409, "uniqueness")
    assert full.put(other, gadget("torch") | {name: value}).fault == (409, "uniqueness")
    operation = {"op": "add", "path": name, "value": value}
    assert full.patch(other, operation).fault == (409, "uniqueness")
    assert full.get(other).body == before
    assert full.get("/Gadgets").body["totalResults"] == 2


@honours("RFC7643-7-38")
def test_what_is_unique_in_an_extension_is_so_too(full: Scim) -> None:
    full.user("a", **{BADGE: {"number": "b7"}})
    body = {"schemas": [USER, BADGE], "userName": "b", BADGE: {"number": "b7"}}
    assert full.post("/Users", body).fault == (409, "uniqueness")
    assert full.post("/Users", body | {BADGE: {"number": "B7"}}).status == 201

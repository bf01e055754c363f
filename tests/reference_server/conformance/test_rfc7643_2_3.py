"""RFC 7643 sections 2.3 to 2.3.6: the data types."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import SchemaFileError

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"

honours = pytest.mark.honours


def gadget(name: str = "lamp", **attributes: Json) -> dict[str, Any]:
    return {"schemas": [GADGET], "name": name, **attributes}


def created(full: Scim, name: str = "lamp", **attributes: Json) -> str:
    reply = full.post("/Gadgets", gadget(name, **attributes))
    assert reply.status == 201, reply.body
    return f"/Gadgets/{reply.body['id']}"


EVERYTHING: dict[str, Any] = {
    "plain": "text",
    "weight": 1.5,
    "count": 7,
    "ready": True,
    "built": "2011-05-13T04:42:34Z",
    "blueprint": "3q2-7w==",
    "manual": "https://example.com/manual",
    "standard": "urn:example:standard",
    "tags": ["a", "b"],
    "sizes": [1, 2],
    "maker": {"company": "X", "rank": 1, "sites": ["a", "b"]},
    "parts": [{"value": "bulb", "type": "inner", "primary": True}],
}
JSON_TYPE: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "decimal": float,
    "integer": int,
    "dateTime": str,
    "binary": str,
    "reference": str,
    "complex": dict,
}


@honours("RFC7643-2.3-2", "RFC7643-2.4-2", "RFC7643-7-15")
def test_values_have_the_json_type_of_their_data_type(full: Scim) -> None:
    shown = full.get(created(full, **EVERYTHING)).body
    seen = set()
    for where, each in full.attributes(GADGET).items():
        name, _, sub = where.removeprefix(f"{GADGET}:").partition(".")
        found = shown.get(name)
        if sub and found is not None:
            held = found[0] if isinstance(found, list) else found
            found = held.get(sub)
        if found is None:
            continue
        assert isinstance(found, list) == each["multiValued"], where
        for value in found if each["multiValued"] else [found]:
            assert type(value) is JSON_TYPE[each["type"]], where
        seen.add(each["type"])
    assert seen == set(JSON_TYPE)
    assert {name: shown[name] for name in EVERYTHING} == EVERYTHING


@honours("RFC7643-2.3-2")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plain", 5),
        ("weight", "1.5"),
        ("weight", True),
        ("count", "7"),
        ("count", True),
        ("ready", "yes"),
        ("ready", 1),
        ("built", 1305261754),
        ("blueprint", [1, 2]),
        ("manual", {"$ref": "x"}),
        ("maker", "X"),
        ("tags", "a"),
        ("tags", [1]),
        ("sizes", ["1"]),
    ],
)
def test_a_value_of_another_json_type_is_refused(full: Scim, name: str, value: Json) -> None:
    reply = full.post("/Gadgets", gadget(**{name: value}))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith(name)


@honours("RFC7643-2.3.1-1")
@pytest.mark.parametrize(
    "text",
    ["", "Zo\u00eb", "\u738b\u5c0f\u660e", "\u05d0\u05d1", "\U0001f600", "e\u0301", "\u0000\u2028"],
)
def test_a_string_is_any_sequence_of_unicode_characters(scim: Scim, text: str) -> None:
    path = scim.user(displayName=text)
    reply = scim.get(path)
    assert reply.body["displayName"] == text
    assert json.dumps(text, ensure_ascii=False).encode() in reply.content


@honours("RFC7643-2.3.2-1")
@pytest.mark.parametrize("value", [True, False])
def test_a_boolean_is_a_literal(scim: Scim, value: bool) -> None:
    reply = scim.get(scim.user(active=value))
    assert reply.body["active"] is value
    assert b'"active":' + (b"true" if value else b"false") in reply.content


@honours("RFC7643-2.3.2-1")
@pytest.mark.parametrize("value", ["yes", "", 0, 1, "on", [True]])
def test_what_is_no_literal_is_no_boolean(scim: Scim, value: Json) -> None:
    reply = scim.post("/Users", {"schemas": [USER], "userName": "b", "active": value})
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("active:")


def published(full: Scim, kind: str) -> list[Any]:
    found = [each for each in full.attributes().values() if each["type"] == kind]
    assert found
    return found


@honours("RFC7643-2.3.2-2", "RFC7643-2.3.5-4", "RFC7643-2.3.6-5", "RFC7643-2.3.8-3")
@pytest.mark.parametrize("kind", ["boolean", "dateTime", "binary", "complex"])
def test_some_types_have_no_uniqueness(
    full: Scim, make_scim: Callable[..., Scim], tmp_path: Path, kind: str
) -> None:
    assert {each["uniqueness"] for each in published(full, kind)} == {"none"}
    definition = {"name": "a", "type": kind, "multiValued": True, "uniqueness": "server"}
    with pytest.raises(SchemaFileError, match=f"{kind} cannot be unique"):
        make_scim(schema_files=[thing(tmp_path, definition)])


@honours("RFC7643-2.3.2-2", "RFC7643-2.3.5-4", "RFC7643-2.3.8-3")
@pytest.mark.parametrize("kind", ["boolean", "dateTime", "complex", "integer", "decimal"])
def test_some_types_have_no_case(
    full: Scim, make_scim: Callable[..., Scim], tmp_path: Path, kind: str
) -> None:
    assert not any(each.get("caseExact") for each in published(full, kind))
    definition = {"name": "a", "type": kind, "multiValued": True, "caseExact": True}
    with pytest.raises(SchemaFileError, match=f"{kind} cannot be case exact"):
        make_scim(schema_files=[thing(tmp_path, definition)])


def thing(folder: Path, *attributes: Json) -> Path:
    schema = {"id": "urn:x:Thing", "attributes": [*attributes]}
    kind = {"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}
    file = folder / "thing.json"
    file.write_text(json.dumps({"schemas": [schema], "resourceTypes": [kind]}), "utf-8")
    return file


def tokens(reply: Reply, name: str) -> list[bytes]:
    """Return the bytes of the numbers that a reply has under a name."""
    return re.findall(rb'"%s":([^,}]+)' % name.encode(), reply.content)


@honours("RFC7643-2.3.3-1")
@pytest.mark.parametrize(
    ("given", "token"),
    [(b"1.5", b"1.5"), (b"0.25", b"0.25"), (b"-7", b"-7.0"), (b"3e2", b"300.0"), (b"0", b"0.0")],
)
def test_a_decimal_has_digits_on_both_sides_of_the_point(
    full: Scim, given: bytes, token: bytes
) -> None:
    body = json.dumps(gadget(weight=0)).encode().replace(b'"weight": 0', b'"weight": ' + given)
    reply = full.call("POST", "/Gadgets", body)
    assert (reply.status, reply.body["weight"]) == (201, float(given))
    assert tokens(reply, "weight") == [token]


@honours("RFC7643-2.3.4-1")
@pytest.mark.parametrize("token", [b"1.5", b"1e3", b"1.0", b"1E-2", b"-0.0"])
def test_an_integer_has_neither_fraction_nor_exponent(full: Scim, token: bytes) -> None:
    body = json.dumps(gadget(count=0)).encode().replace(b'"count": 0', b'"count": ' + token)
    reply = full.call("POST", "/Gadgets", body)
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("count: expected an integer")


@honours("RFC7643-2.3.4-1")
@pytest.mark.parametrize("value", [0, -7, 2**31, 10**30])
def test_an_integer_comes_back_as_it_was(full: Scim, value: int) -> None:
    reply = full.get(created(full, count=value))
    assert tokens(reply, "count") == [str(value).encode()]


@honours("RFC7643-2.3.4-1")
def test_the_integers_of_the_configuration_are_plain_digits(full: Scim) -> None:
    reply = full.get("/ServiceProviderConfig")
    for name in ("maxOperations", "maxPayloadSize", "maxResults"):
        (token,) = tokens(reply, name)
        assert token.isdigit()


XSD = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@honours("RFC7643-2.3.5-1", "RFC7643-2.3.5-2", "RFC7643-2.3.5-3")
def test_the_times_of_the_server_are_valid(scim: Scim) -> None:
    path = scim.user()
    scim.patch(path, {"op": "add", "path": "title", "value": "t"})
    meta = scim.get(path).body["meta"]
    for name in ("created", "lastModified"):
        assert isinstance(meta[name], str)
        assert XSD.fullmatch(meta[name])


@honours("RFC7643-2.3.5-1")
@pytest.mark.parametrize(
    "text",
    [
        "2008-01-23T04:56:22Z",
        "2008-01-23T04:56:22",
        "2008-01-23T04:56:22.123456789Z",
        "2008-02-29T04:56:22+14:00",
        "2008-01-23T24:00:00-05:30",
        "-0044-03-15T12:00:00Z",
        "12008-01-23T04:56:22Z",
    ],
)
def test_a_valid_time_is_kept_as_it_was_written(full: Scim, text: str) -> None:
    assert full.get(created(full, built=text)).body["built"] == text


@honours("RFC7643-2.3.5-1", "RFC7643-2.3.5-4")
def test_times_are_compared_as_moments_however_they_are_written(full: Scim) -> None:
    ordered = [
        "-0044-03-15T12:00:00Z",
        "2008-01-23T24:00:00+01:00",
        "2008-01-23T23:00:00.0000001Z",
        "12008-01-23T04:56:22Z",
    ]
    for number, text in enumerate(ordered):
        created(full, f"lamp{number}", built=text)
    equal = full.get("/Gadgets", filter='built eq "2008-01-23T18:00:00.000-05:00"')
    assert [each["name"] for each in equal.body["Resources"]] == ["lamp1"]
    later = full.get("/Gadgets", filter='built gt "2008-01-23T23:00:00Z"', sortBy="built")
    assert [each["name"] for each in later.body["Resources"]] == ["lamp2", "lamp3"]


@honours("RFC7643-2.3.5-1", "RFC7643-2.3.5-2", "RFC7643-2.3.5-3")
@pytest.mark.parametrize(
    "value",
    [
        "2008-01-23",
        "04:56:22",
        "2008-01-23 04:56:22Z",
        "2008-01-23T04:56Z",
        "2008-01-23T04:56:60Z",
        "2008-13-01T00:00:00Z",
        "2009-02-29T00:00:00Z",
        "2008-01-23T25:00:00Z",
        "2008-01-23T24:00:01Z",
        "2008-01-23T24:00:00.5Z",
        "2008-01-23T04:56:22+14:01",
        "2008-01-23T04:56:22+0100",
        "0000-01-01T00:00:00Z",
        "08-01-23T04:56:22Z",
        "20080123T045622Z",
        "2008-01-23T04:56:22.Z",
        "2008-01-23t04:56:22z",
        "\u0662008-01-23T04:56:22Z",
        "yesterday",
        "",
        1201064182,
    ],
)
def test_what_is_no_date_with_time_is_refused(full: Scim, value: Json) -> None:
    reply = full.post("/Gadgets", gadget(built=value))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("built: expected a date and time")


BYTES = bytes(range(256))


@honours("RFC7643-2.3.6-1", "RFC7643-2.3.6-4", "RFC7643-2.3.6-5")
def test_a_binary_value_comes_back_bit_by_bit(scim: Scim) -> None:
    text = base64.b64encode(BYTES).decode()
    values = [{"value": text}, {"value": "AbCd"}, {"value": "aBcD"}]
    shown = scim.get(scim.user(x509Certificates=values)).body["x509Certificates"]
    assert [each["value"] for each in shown] == [text, "AbCd", "aBcD"]
    assert base64.b64decode(shown[0]["value"]) == BYTES


@honours("RFC7643-2.3.6-5")
def test_binary_definitions_are_case_exact(full: Scim) -> None:
    assert all(each["caseExact"] is True for each in published(full, "binary"))
    created(full, "a", blueprint="AbCd")
    assert len(full.get("/Gadgets", filter='blueprint eq "AbCd"').ids) == 1
    assert full.get("/Gadgets", filter='blueprint eq "abcd"').ids == []


@honours("RFC7643-2.3.6-1", "RFC7643-2.3.6-4")
@pytest.mark.parametrize(
    "value", ["%", "AA=A", "A", "AAAAA", "AAA==", "AA===", "A A=", "AAAA\n", "+_AA", "\u0410AAA", 5]
)
def test_what_is_not_base64_is_refused(full: Scim, value: Json) -> None:
    reply = full.post("/Gadgets", gadget(blueprint=value))
    assert reply.fault == (400, "invalidValue")
    assert reply.body["detail"].startswith("blueprint: expected base64 text")


@honours("RFC7643-2.3.6-2")
@pytest.mark.parametrize("text", ["-_-_", "3q2-7w=="])
def test_the_alphabet_for_urls_is_taken_too(full: Scim, text: str) -> None:
    assert full.get(created(full, blueprint=text)).body["blueprint"] == text


@honours("RFC7643-2.3.6-3")
@pytest.mark.parametrize("text", ["3q2+7w", "3q2-7w", "AAA", "AAAA"])
def test_padding_may_be_left_out(full: Scim, text: str) -> None:
    assert full.get(created(full, blueprint=text)).body["blueprint"] == text

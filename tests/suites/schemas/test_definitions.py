"""What schemas define, and whether a representation looks like it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import GROUP_URN
from suites.client import USER_URN
from suites.schemas import definitions
from suites.schemas.definitions import Definitions

RFC = definitions.rfc()

SCHEMAS = {
    "Resources": [
        {
            "id": USER_URN,
            "name": "User",
            "attributes": [
                {"name": "userName", "required": True, "uniqueness": "server"},
                {"name": "age", "type": "integer"},
                {
                    "name": "emails",
                    "type": "complex",
                    "multiValued": True,
                    "subAttributes": [{"name": "value", "caseExact": True}],
                },
            ],
        },
        {"id": "urn:x:Badge", "attributes": [{"name": "colour", "mutability": "immutable"}]},
        {"name": "without an id"},
        "no object at all",
    ]
}
TYPES = {
    "Resources": [
        {
            "name": "User",
            "endpoint": "/Users",
            "schema": USER_URN,
            "schemaExtensions": [{"schema": "urn:x:Badge", "required": True}],
        },
        {"name": "Half"},
    ]
}


@pytest.fixture
def own() -> Definitions:
    return definitions.read(json.dumps(TYPES).encode(), json.dumps(SCHEMAS).encode())


def test_attributes_are_found_by_path_in_any_case(own: Definitions) -> None:
    found = own.attribute("EMAILS.value")
    assert found is not None
    assert (found.path, found.case_exact, found.type) == ("emails.value", True, "string")
    assert own.attribute("emails.display") is None


def test_attributes_of_an_extension_carry_its_urn(own: Definitions) -> None:
    found = own.attribute("urn:x:Badge:colour")
    assert found is not None
    assert (found.mutability, own.types[0].extensions) == ("immutable", {"urn:x:Badge": True})


def test_common_attributes_are_always_there(own: Definitions) -> None:
    found = own.attribute("meta.created")
    assert found is not None
    assert found.type == "dateTime"


def test_what_is_not_said_has_the_default(own: Definitions) -> None:
    found = own.attribute("age")
    assert found is not None
    assert (found.required, found.mutability, found.returned) == (False, "readWrite", "default")


def test_broken_entries_are_left_out(own: Definitions) -> None:
    assert [each.name for each in own.types] == ["User"]
    assert len(own.schemas) == 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"[" * 100_000, b'{"Resources": 5}'])
def test_a_server_without_discovery_defines_nothing(body: bytes) -> None:
    assert not definitions.read(body, body).known


def test_arrays_without_their_list_response_define_the_same(own: Definitions) -> None:
    types, schemas = (json.dumps(each["Resources"]).encode() for each in (TYPES, SCHEMAS))
    assert definitions.read(types, schemas) == own


def test_the_rfcs_schemas_are_complete() -> None:
    assert len(RFC.of("User")) == 2
    assert {each.name for each in RFC.of("Group")[0].attributes} == {"displayName", "members"}
    assert RFC.attribute(f"{ENTERPRISE_URN}:manager.displayName") is not None
    assert all(RFC.attribute(path) for path in ("addresses.primary", "x509Certificates.value"))
    display = RFC.attribute("members.display", "Group")
    assert display is not None
    assert display.mutability == "readOnly"


# -- shapes

USER = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "id": "1",
    "USERNAME": "a",
    "active": True,
    "emails": [{"value": "a@b", "primary": True}],
    "nickName": None,
    "phoneNumbers": [],
    "meta": {"created": "2026-01-02T03:04:05.123Z"},
    ENTERPRISE_URN: {"department": "x"},
}


def faults(**changes: Any) -> list[str]:  # noqa: ANN401 - JSON
    return RFC.shape("User").faults({**USER, **changes})


def test_a_right_user_has_no_fault() -> None:
    assert faults() == []
    assert RFC.shape("User").unknown(USER) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"active": "true"}, "active"),
        ({"emails": {"value": "a@b"}}, "emails"),
        ({"emails": ["a@b"]}, "emails[0]"),
        ({"emails": [{"value": 5}]}, "emails[0].value"),
        ({"name": []}, "name"),
        ({"meta": {"created": 1_700_000_000}}, "meta.created"),
        ({"meta": {"created": "2026-01-02"}}, "meta.created"),
        ({"x509Certificates": [{"value": "not base64!"}]}, "x509certificates[0].value"),
        ({ENTERPRISE_URN: {"department": ["x"]}}, f"{ENTERPRISE_URN.lower()}.department"),
    ],
)
def test_a_wrong_type_is_named_with_its_place(changes: dict[str, Any], place: str) -> None:
    (fault,) = faults(**changes)
    assert fault.startswith(f"{place}: ")


def test_what_is_required_is_missed_where_all_was_asked_for() -> None:
    shape = RFC.shape("Group")
    group = {"schemas": [GROUP_URN], "id": "1"}
    assert shape.faults(group) == []
    assert shape.faults(group, complete=True) == ["displayName: required, and not there"]


def test_what_is_not_defined_is_named() -> None:
    user = {**USER, "shoe": 1, "emails": [{"value": "a", "size": 2}]}
    assert RFC.shape("User").unknown(user) == ["emails.size", "shoe"]

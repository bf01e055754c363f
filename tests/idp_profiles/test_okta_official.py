"""Okta's own tests as data, held against the collected test files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from idp_profiles.okta.official import CRUD
from idp_profiles.okta.official import ENTITLEMENTS
from idp_profiles.okta.official import ENTITLEMENTS_CRUD
from idp_profiles.okta.official import SPEC
from idp_profiles.okta.official import SpecVariables
from idp_profiles.okta.official import spec_requests

SUITES = json.loads((Path(__file__).parent / "facts" / "okta.json").read_text(encoding="utf-8"))[
    "suites"
]
VALUES = {
    "auth": "Bearer abc",
    "SCIMAuth": "Bearer abc",
    "SCIMBaseURL": "",
    "SCIMUrl": "",
    "InvalidUserEmail": "abcdefgh@example.com",
    "UserIdThatDoesNotExist": "0101",
    "randomGivenName": "Runscope123",
    "randomFamilyName": "Family456",
    "randomEmail": "Runscope123Family456@example.com",
    "randomUsername": "Runscope123Family456@example.com",
    "randomUsernameCaps": "RUNSCOPE123FAMILY456@EXAMPLE.COM",
    "ISVUserid": "first",
    "idUserOne": "second",
    "scim_id": "third",
    "okta_user_email": "someone@example.com",
    "okta_user_firstname": "Some",
    "okta_user_lastname": "One",
    "okta_user_firstname_update": "Any",
    "EntitlementEndpoint": "/Roles",
}
VARIABLES = SpecVariables(
    auth=VALUES["auth"],
    invalid_user_email=VALUES["InvalidUserEmail"],
    unknown_user_id=VALUES["UserIdThatDoesNotExist"],
    random_given_name=VALUES["randomGivenName"],
    random_family_name=VALUES["randomFamilyName"],
    random_email=VALUES["randomEmail"],
    isv_user_id="first",
    id_user_one="second",
    scim_id="third",
    user_email=VALUES["okta_user_email"],
    user_first_name="Some",
    user_last_name="One",
    user_first_name_update="Any",
    entitlement_endpoint="/Roles",
)


def filled(template: Any) -> Any:  # noqa: ANN401 # JSON of any shape
    if isinstance(template, str):
        return re.sub(r"\{\{(\w+)\}\}", lambda place: VALUES[place.group(1)], template)
    if isinstance(template, list):
        return [filled(item) for item in template]
    if isinstance(template, dict):
        return {key: filled(value) for key, value in template.items()}
    return template


def collected(suite: str) -> list[dict[str, Any]]:
    """Return the requests of a test file that go to the SCIM server."""
    steps = [step for step in SUITES[suite]["steps"] if "method" in step]
    return [step for step in steps if "oktaOrgUrl" not in step["url"]]


CASES = [
    pytest.param(ours, theirs, id=f"{suite}-{ours.number}")
    for suite, table in (
        ("spec-20", SPEC),
        ("crud-20", CRUD),
        ("entitlements-20", ENTITLEMENTS),
        ("entitlements-crud-20", ENTITLEMENTS_CRUD),
    )
    for ours, theirs in zip(table, collected(suite), strict=True)
]


@pytest.mark.parametrize(("ours", "theirs"), CASES)
def test_the_request_is_the_one_of_the_test_file(ours: Any, theirs: dict[str, Any]) -> None:  # noqa: ANN401 # a table's row
    request = ours.request(VARIABLES)
    assert ours.number == theirs["step"]
    assert request.method == theirs["method"]
    assert request.target == quote(filled(theirs["url"]), safe="/?&=@")
    headers = {
        name: value if isinstance(value, str) else value[0]
        for name, value in filled(theirs["headers"]).items()
    }
    assert dict(request.headers) == headers
    if ours in SPEC:
        assert list(request.headers) == list(headers.items())
    body = filled(theirs["body"])
    expected = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    assert request.body == expected


@pytest.mark.parametrize(("ours", "theirs"), CASES)
def test_the_assertions_are_those_of_the_test_file(ours: Any, theirs: dict[str, Any]) -> None:  # noqa: ANN401 # a table's row
    assertions = [
        {
            "source": one.source,
            **({"property": one.property} if one.property else {}),
            "comparison": one.comparison,
            **({"value": one.value} if one.value else {}),
        }
        for one in ours.expected(VARIABLES)
    ]
    expected = [
        {**one, "value": str(one["value"])} if "value" in one else one
        for one in filled(theirs["assertions"])
    ]
    assert assertions == expected


def test_what_a_step_captures_is_what_later_steps_use() -> None:
    captured = {name: place for one in (*SPEC, *CRUD) for name, place in one.captures.items()}
    assert captured == {
        "isv_user_id": "Resources[0].id",
        "id_user_one": "id",
        "scim_id": "Resources[0].id",
    }


def test_the_twelve_requests_come_in_order() -> None:
    assert [one.step.name for one in spec_requests(VARIABLES)] == [one.title for one in SPEC]
    assert len(SPEC) == 12


def test_the_values_are_drawn_as_the_file_draws_them() -> None:
    drawn = SpecVariables.made_up(auth="Bearer tops3cret", domain="test.example")
    assert re.fullmatch(r"Runscope\d{3}", drawn.random_given_name)
    assert re.fullmatch(r"[A-Z][a-z]{8}\d{3}", drawn.random_family_name)
    assert re.fullmatch(r"[01]{30}", drawn.unknown_user_id)
    assert drawn.random_email.endswith("@test.example")
    assert drawn.random_username_caps == drawn.random_email.upper()
    assert "tops3cret" not in repr(drawn)


@pytest.mark.parametrize(
    ("user_id", "segment"),
    [("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("2819:x@y", "2819:x@y"), ("<é>", "%3C%C3%A9%3E")],
)
def test_an_id_stays_one_segment_of_the_path(user_id: str, segment: str) -> None:
    variables = replace(SpecVariables.made_up(auth="x"), isv_user_id=user_id)
    assert SPEC[1].request(variables).target == f"/Users/{segment}"
    endpoint = replace(variables, entitlement_endpoint="/v2/Roles")
    assert ENTITLEMENTS[0].request(endpoint).target == "/v2/Roles?count=1&startIndex=1"

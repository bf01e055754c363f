"""RFC 7644 section 3.8: formats and encodings of what goes in and comes out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCIM_JSON = "application/scim+json"
NAME = "\u00c5sa \u4e2d\u6587 \U0001f600 \u0301"


def media_type(reply: Reply) -> str:
    return (reply.response.header("Content-Type") or "").partition(";")[0]


def named(scim: Scim, headers: dict[str, str] | None = None) -> Reply:
    body = {"schemas": [USER], "userName": "u", "displayName": NAME}
    return scim.call("POST", "/Users", json.dumps(body, ensure_ascii=False).encode(), headers)


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(f"{SCIM_JSON}; charset=utf-8", marks=honours("RFC7644-3.8-1"), id="said"),
        pytest.param(f'{SCIM_JSON};charset="UTF-8"', marks=honours("RFC7644-3.8-1"), id="quoted"),
        pytest.param(SCIM_JSON, marks=honours("RFC7644-3.8-2"), id="by-default"),
        pytest.param(None, marks=honours("RFC7644-3.8-2"), id="without-content-type"),
    ],
)
def test_text_goes_in_and_comes_out_as_utf_8(scim: Scim, content_type: str | None) -> None:
    made = named(scim, {"Content-Type": content_type} if content_type else None)
    assert (made.status, made.body["displayName"]) == (201, NAME)
    shown = scim.get(f"/Users/{made.body['id']}")
    assert shown.body["displayName"] == NAME
    charset = (shown.response.header("Content-Type") or "").lower()
    assert "charset" not in charset or "utf-8" in charset


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param("latin-1", {}, 400, id="other-bytes"),
        pytest.param("latin-1", {"Content-Type": f"{SCIM_JSON}; charset=latin1"}, 415, id="other"),
        pytest.param("utf-16", {}, 400, id="utf-16"),
    ],
)
@honours("RFC7644-3.8-2")
def test_another_encoding_is_refused_and_never_guessed(
    scim: Scim, body: str, headers: dict[str, str], status: int
) -> None:
    content = '{"schemas": ["' + USER + '"], "userName": "\u00e9"}'
    assert scim.call("POST", "/Users", content.encode(body), headers).status == status
    assert scim.get("/Users").body["totalResults"] == 0


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        pytest.param(SCIM_JSON, SCIM_JSON, marks=honours("RFC7644-3.8-6"), id="scim"),
        pytest.param(
            f"{SCIM_JSON}; q=0.9, text/html", SCIM_JSON, marks=honours("RFC7644-3.8-6"), id="scim-q"
        ),
        pytest.param(
            "APPLICATION/SCIM+JSON", SCIM_JSON, marks=honours("RFC7644-3.8-6"), id="scim-capitals"
        ),
        pytest.param(
            "application/json", "application/json", marks=honours("RFC7644-3.8-7"), id="json"
        ),
        pytest.param(
            "application/json, text/plain",
            "application/json",
            marks=honours("RFC7644-3.8-7"),
            id="json-first",
        ),
        pytest.param(None, SCIM_JSON, marks=honours("RFC7644-3.8-8"), id="nothing"),
        pytest.param("*/*", SCIM_JSON, marks=honours("RFC7644-3.8-8"), id="anything"),
        pytest.param("application/*", SCIM_JSON, marks=honours("RFC7644-3.8-8"), id="any-of-it"),
        pytest.param(
            "text/html, */*; q=0.1", SCIM_JSON, marks=honours("RFC7644-3.8-8"), id="browser"
        ),
    ],
)
def test_the_reply_has_a_format_that_the_client_accepts(
    scim: Scim, accept: str | None, wanted: str
) -> None:
    headers = {"Accept": accept} if accept is not None else {}
    path = f"/Users/{named(scim, headers).body['id']}"
    for target, status in ((path, 200), ("/Users", 200), ("/Schemas", 200), ("/Users/none", 404)):
        reply = scim.call("GET", target, headers=headers)
        assert (reply.status, media_type(reply)) == (status, wanted), target
        assert isinstance(reply.body, dict)


@pytest.mark.parametrize("content_type", [SCIM_JSON, "application/json", "Application/SCIM+JSON"])
@honours("RFC7644-3.8-9")
def test_bodies_of_both_json_types_are_accepted(scim: Scim, content_type: str) -> None:
    made = named(scim, {"Content-Type": content_type})
    assert (made.status, made.body["displayName"]) == (201, NAME)
    assert media_type(made) == SCIM_JSON


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-json"])
@honours("RFC7644-3.8-9")
def test_bodies_of_other_types_are_refused(scim: Scim, content_type: str) -> None:
    reply = named(scim, {"Content-Type": content_type})
    assert (reply.status, reply.body["status"]) == (415, "415")
    assert scim.get("/Users").body["totalResults"] == 0


@honours("RFC7644-3.8-10", "RFC7644-3.8-11", "RFC7644-3.8-12")
def test_values_have_the_json_form_of_their_attribute(scim: Scim) -> None:
    path = scim.user(
        active=True,
        title="Dr",
        name={"givenName": "Barbara"},
        emails=[{"value": "b@example.com"}],
        x509Certificates=[{"value": "MIID"}],
        **{ENTERPRISE: {"department": "Tours", "manager": {"value": "1"}}},
    )
    scim.group("g", [path])
    shown = scim.get(path).body
    definitions = scim.get(f"/Schemas/{USER}").body["attributes"]
    assert check_forms(shown, definitions) >= 6
    extension = scim.get(f"/Schemas/{ENTERPRISE}").body["attributes"]
    assert check_forms(shown[ENTERPRISE], extension) == 2
    assert isinstance(shown["meta"], dict)
    assert isinstance(shown["schemas"], list)


def check_forms(values: dict[str, Json], definitions: list[Json]) -> int:
    """Hold values against their definitions; return how many there were."""
    types = {"complex": dict, "boolean": bool}
    checked = 0
    for each in definitions:
        value = values.get(each["name"])
        if value is None:
            continue
        checked += 1
        assert isinstance(value, list) is each["multiValued"], each["name"]
        for item in value if each["multiValued"] else [value]:
            assert type(item) is types.get(each["type"], str), each["name"]
            if isinstance(item, dict):
                check_forms(item, each["subAttributes"])
    return checked

"""RFC 7644 section 3.4.2.3: sorting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def order(scim: Scim, by: str, how: str | None = None, **query: Json) -> str:
    """Return the first letters of the user names in the order of a sorted list."""
    if how is not None:
        query["sortOrder"] = how
    reply = scim.get("/Users", sortBy=by, **query)
    assert reply.status == 200, reply.body
    return "".join(each["userName"][0] for each in reply.body["Resources"])


def gadgets(full: Scim, by: str, how: str = "ascending") -> str:
    reply = full.get("/Gadgets", sortBy=by, sortOrder=how)
    assert reply.status == 200, reply.body
    return "".join(each["name"] for each in reply.body["Resources"])


@honours("RFC7644-3.4.2.3-1")
def test_sorting_is_announced(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["sort"] == {"supported": True}


@honours("RFC7644-3.4.2.3-3", "RFC7644-3.4.2.3-4")
def test_results_follow_the_value_of_the_attribute(scim: Scim) -> None:
    for name, display, title in (("x", "B", "3"), ("y", "C", "1"), ("z", "A", "2")):
        scim.user(name, displayName=display, title=title)
    assert order(scim, "userName") == "xyz"
    assert order(scim, "displayName") == "zxy"
    assert order(scim, "title") == "yzx"
    assert order(scim, f"{USER}:title") == "yzx"
    assert order(scim, "TITLE") == "yzx"


@honours("RFC7644-3.4.2.3-5")
def test_of_many_values_the_primary_counts_else_the_first(scim: Scim) -> None:
    scim.user("x", emails=[{"value": "a"}, {"value": "z", "primary": True}])
    scim.user("y", emails=[{"value": "m"}, {"value": "a"}])
    scim.user("z", emails=[{"value": "b"}, {"value": "y", "primary": False}])
    for by in ("emails.value", "emails"):
        assert order(scim, by) == "zyx"
        assert order(scim, by, "descending") == "xyz"
    scim.user("w", emails=[{"type": "home", "primary": True}, {"value": "a", "type": "work"}])
    assert order(scim, "emails.value") == "zyxw"


@honours("RFC7644-3.4.2.3-5")
def test_of_many_simple_values_the_first_counts(full: Scim) -> None:
    for name, sizes in (("a", [9, 1]), ("b", [10]), ("c", [2, 99])):
        full.post("/Gadgets", {"schemas": [GADGET], "name": name, "sizes": sizes})
    assert gadgets(full, "sizes") == "cab"


@honours("RFC7644-3.4.2.3-6")
def test_a_complex_attribute_is_sorted_by_a_sub_attribute(scim: Scim) -> None:
    scim.user("x", name={"givenName": "B", "familyName": "A"}, **{ENTERPRISE: {"division": "2"}})
    scim.user("y", name={"givenName": "A", "familyName": "B"}, **{ENTERPRISE: {"division": "1"}})
    assert order(scim, "name.givenName") == "yx"
    assert order(scim, "Name.FamilyName") == "xy"
    assert order(scim, f"{ENTERPRISE}:division") == "yx"
    for by in ("name", "addresses", "name.noSuch", "noSuch", 'emails[type eq "work"]', "1"):
        reply = scim.get("/Users", sortBy=by)
        assert reply.fault == (400, "invalidValue"), by
        assert by in reply.body["detail"]


@honours("RFC7644-3.4.2.3-3")
def test_the_order_does_not_tell_what_is_hidden(full: Scim) -> None:
    for by in ("secret", "hidden", "pin", "maker.key"):
        assert full.get("/Gadgets", sortBy=by).fault == (400, "invalidValue")
        assert full.get("/Gadgets", filter=f"{by} pr").fault == (400, "invalidFilter")
    assert full.get("/Users", sortBy="password").fault == (400, "invalidValue")


@honours("RFC7644-3.4.2.3-7")
@pytest.mark.parametrize(
    "by", ["title", "emails.value", "name.givenName", f"{ENTERPRISE}:division"]
)
def test_missing_values_come_last_ascending_and_first_descending(scim: Scim, by: str) -> None:
    given: dict[str, Json] = {
        "title": "{}",
        "emails": [{"value": "{}"}],
        "name": {"givenName": "{}"},
        ENTERPRISE: {"division": "{}"},
    }
    scim.user("x")
    for name, value in (("y", "b"), ("z", "a")):
        scim.user(name, **filled(given, value))
    scim.user("w", **{ENTERPRISE: {"costCenter": "1"}})
    assert order(scim, by) == "zyxw"
    assert order(scim, by, "descending") == "xwyz"


def filled(template: Json, value: str) -> Json:
    if isinstance(template, dict):
        return {key: filled(each, value) for key, each in template.items()}
    if isinstance(template, list):
        return [filled(each, value) for each in template]
    return value


@honours("RFC7644-3.4.2.3-8", "RFC7644-3.4.2.3-9")
def test_the_order_is_ascending_or_descending_and_ascending_by_default(scim: Scim) -> None:
    for name in "bca":
        scim.user(name)
    assert order(scim, "userName", "ascending") == "abc"
    assert order(scim, "userName", "descending") == "cba"
    assert order(scim, "userName") == "abc"
    for wrong in ("up", "ascending descending", "-1"):
        reply = scim.get("/Users", sortBy="userName", sortOrder=wrong)
        assert reply.fault == (400, "invalidValue")
        assert "sortOrder" in reply.body["detail"]


@honours("RFC7644-3.4.2.3-10", "RFC7644-3.4.2.3-11")
def test_texts_sort_without_case_unless_they_are_case_exact(scim: Scim) -> None:
    for name, external in (("c", "b"), ("a", "C"), ("B", "a"), ("\u00c9", "A"), ("\u00ea", "c")):
        scim.user(name, externalId=external)
    assert order(scim, "userName") == "aBc\u00c9\u00ea"
    assert order(scim, "externalId") == "\u00c9aBc\u00ea"


@pytest.mark.parametrize(
    ("by", "ascending"),
    [
        pytest.param("count", "bca", id="numbers-by-value"),
        pytest.param("weight", "cab", id="decimals-by-value"),
        pytest.param("built", "bac", id="moments-across-zones"),
        pytest.param("ready", "acb", id="false-before-true"),
        pytest.param("serial", "cba", id="case-exact"),
        pytest.param("manual", "bac", id="references-are-case-exact"),
    ],
)
@honours("RFC7644-3.4.2.3-11")
def test_values_sort_by_their_type(full: Scim, by: str, ascending: str) -> None:
    for each in (
        {
            "name": "a",
            "count": 10,
            "weight": 1.5,
            "built": "2026-01-01T00:00:00Z",
            "ready": False,
            "serial": "b",
            "manual": "https://b",
        },
        {
            "name": "b",
            "count": -1,
            "weight": 12,
            "built": "2026-01-01T05:30:00+09:00",
            "ready": True,
            "serial": "B",
            "manual": "HTTPS://a",
        },
        {
            "name": "c",
            "count": 9,
            "weight": -0.25,
            "built": "2025-12-31T20:00:00.5-05:00",
            "ready": False,
            "serial": "A",
            "manual": "https://c",
        },
    ):
        assert full.post("/Gadgets", {"schemas": [GADGET], **each}).status == 201
    assert gadgets(full, by) == ascending
    if by != "ready":
        assert gadgets(full, by, "descending") == ascending[::-1]


@honours("RFC7644-3.4.2.3-11")
def test_times_of_creation_sort_as_moments(scim: Scim) -> None:
    for name in "bca":
        scim.user(name)
    assert order(scim, "meta.created") == "bca"
    assert order(scim, "meta.created", "descending") == "acb"


@honours("RFC7644-3.4.2.3-12")
@pytest.mark.parametrize("query", [{}, {"filter": "userType pr"}])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_follow_the_order(scim: Scim, query: dict[str, str], size: int) -> None:
    for name in "dbgafce":
        scim.user(name, userType="x")
    pages = [
        order(scim, "userName", "descending", startIndex=start, count=size, **query)
        for start in range(1, 8, size)
    ]
    assert "".join(pages) == "gfedcba"

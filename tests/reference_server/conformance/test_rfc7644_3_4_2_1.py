"""RFC 7644 section 3.4.2.1: queries at the root, over all resource types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import Request
from reference_server.messages import joined

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.fixture
def scim(make_scim: Callable[..., Scim]) -> Scim:
    """Return a server with three users and two groups, one of each called Smith."""
    scim = make_scim()
    smith = scim.user("jsmith", displayName="Smith, James", title="Dr")
    scim.user("bjensen", displayName="Jensen")
    scim.user("zoe")
    scim.group("Smith Family", [smith])
    scim.group("Empty")
    return scim


def names(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.body
    assert reply.body["schemas"] == [LIST]
    assert reply.body["totalResults"] == len(reply.body["Resources"])
    found = reply.body["Resources"]
    return sorted(each.get("userName") or each["displayName"] for each in found)


def both_ways(scim: Scim, **query: Json) -> list[str]:
    """Ask the root by GET, with and without a slash, and by POST; return what all three find."""
    by_get = names(scim.get("", **query))
    assert names(scim.get("/", **query)) == by_get
    assert names(scim.post("/.search", {"schemas": [SEARCH], **query})) == by_get
    return by_get


EVERYTHING = ["Empty", "Smith Family", "bjensen", "jsmith", "zoe"]


@honours("RFC7644-3.4.2.1-2")
def test_the_root_holds_all_resources_of_the_server(scim: Scim) -> None:
    assert both_ways(scim) == EVERYTHING
    assert both_ways(scim, filter="meta.resourceType pr") == EVERYTHING
    assert both_ways(scim, filter='meta.resourceType eq "User"') == ["bjensen", "jsmith", "zoe"]
    assert both_ways(scim, filter='meta.resourceType eq "Group"') == ["Empty", "Smith Family"]
    either = '(meta.resourceType eq "User") or (meta.resourceType eq "Group")'
    assert both_ways(scim, filter=either) == EVERYTHING
    assert both_ways(scim, filter=f'schemas eq "{USER}"') == ["bjensen", "jsmith", "zoe"]


def row(ids: str, text: str, *who: str) -> Any:  # noqa: ANN401 - as of pytest.param
    marks = honours(*(f"RFC7644-3.4.2.1-{each}" for each in ids.split()))
    return pytest.param(text, sorted(who), marks=marks, id=text)


ROWS = [
    row("5", 'displayName co "Smith"', "jsmith", "Smith Family"),
    row("5", 'displayName sw "smith" and title pr', "jsmith"),
    row("5", 'displayName eq "Empty" or userName eq "ZOE"', "Empty", "zoe"),
    row("5", 'displayName eq "empty" and userName eq "zoe"'),
    row("5", 'not (displayName co "e")', "Smith Family", "zoe"),
    row("5 6", "not (displayName pr)", "zoe"),
    row("5", 'members[type eq "User"] or title pr', "Smith Family", "jsmith"),
    row("5", 'id pr and (userName sw "b" or displayName sw "E")', "bjensen", "Empty"),
    row("6", "userName pr", "jsmith", "bjensen", "zoe"),
    row("6", 'not (userName sw "b")', "jsmith", "zoe", "Empty", "Smith Family"),
    row("6", "userName eq null", "Empty", "Smith Family"),
    row("6", 'userName ne "zoe"', "jsmith", "bjensen", "Empty", "Smith Family"),
    row("6", 'members[value pr] or userName eq "zoe"', "Smith Family", "zoe"),
    row("6 7", f'{USER}:displayName co "Smith"', "jsmith"),
    row("7", "members pr", "Smith Family"),
    row("7", 'emails.value eq "x"'),
    row("7", 'userName eq "Empty"'),
    row("7", 'emails[type eq "work"]'),
    row("7", 'userName gt "a" and displayName pr', "jsmith", "bjensen"),
]


@pytest.mark.parametrize(("text", "who"), ROWS)
def test_an_attribute_that_a_type_has_not_is_one_without_a_value(
    scim: Scim, text: str, who: list[str]
) -> None:
    assert both_ways(scim, filter=text) == who


@pytest.mark.parametrize(
    "text", ["noSuch pr", 'noSuch eq "x"', "userName eq 5", "active gt true", "displayName pr and"]
)
@honours("RFC7644-3.4.2.1-5")
def test_what_fits_no_type_at_all_is_refused_as_at_one_endpoint(scim: Scim, text: str) -> None:
    assert scim.get("", filter=text).fault == (400, "invalidFilter")
    assert scim.get("/Users", filter=text).fault == (400, "invalidFilter")


@honours("RFC7644-3.4.2.1-2", "RFC7644-3.4.2.1-5")
def test_order_pages_and_projection_run_over_all_types(scim: Scim) -> None:
    ordered = scim.get("", sortBy="displayName", attributes="displayName")
    shown = [each.get("displayName") for each in ordered.body["Resources"]]
    assert shown == ["Empty", "Jensen", "Smith Family", "Smith, James", None]
    assert all(
        each.keys() <= {"id", "schemas", "displayName"} for each in ordered.body["Resources"]
    )
    pages = [scim.get("", startIndex=n, count=1, sortBy="displayName").ids for n in range(1, 6)]
    assert [each for page in pages for each in page] == ordered.ids


@honours("RFC7644-3.4.2.1-2")
def test_the_root_is_there_without_a_base_path(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(base_path="")
    scim.user("a")
    scim.group("b")
    headers = (("Host", "h"), ("Authorization", "Bearer secret"))
    response = scim.app.handle(Request("GET", "/", "", headers))
    assert response.status == 200
    assert joined(response.body).count(b'"resourceType"') == 2

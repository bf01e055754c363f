"""RFC 7644 section 3.10: how attributes are named, wherever they are named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import TypeAlias

import pytest

if TYPE_CHECKING:
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

Understands: TypeAlias = Callable[["Scim", str], bool]


def filtered(scim: Scim, name: str) -> bool:
    """Tell whether a filter with this name finds the second person alone."""
    first, second = people(scim)
    del first
    return bool(scim.get("/Users", filter=f'{name} eq "b"').ids == [second[7:]])


def bracketed(scim: Scim, name: str) -> bool:
    first, second = people(scim)
    del first
    parent, dot, sub = name.rpartition(".")
    if not dot or ":" in sub:
        return filtered_again(scim, name, second)
    return bool(scim.get("/Users", filter=f'{parent}[{sub} eq "b"]').ids == [second[7:]])


def filtered_again(scim: Scim, name: str, second: str) -> bool:
    return bool(scim.get("/Users", filter=f'not ({name} ne "b")').ids == [second[7:]])


def sorted_by(scim: Scim, name: str) -> bool:
    first, second = people(scim)
    reply = scim.get("/Users", sortBy=name, sortOrder="descending")
    return bool(reply.status == 200 and reply.ids == [second[7:], first[7:]])


def chosen(scim: Scim, name: str) -> bool:
    first, _ = people(scim)
    shown = scim.get(first, attributes=name).body
    return len(shown) == 3 and scim.get(first).body != shown


def excluded(scim: Scim, name: str) -> bool:
    first, _ = people(scim)
    return bool(scim.get(first).body != scim.get(first, excludedAttributes=name).body)


def searched(scim: Scim, name: str) -> bool:
    _, second = people(scim)
    body = {"schemas": [SEARCH], "filter": f'{name} eq "b"', "attributes": [name], "sortBy": name}
    reply = scim.post("/Users/.search", body)
    return bool(reply.ids == [second[7:]] and len(reply.body["Resources"][0]) == 3)


def patched(scim: Scim, name: str) -> bool:
    first, _ = people(scim)
    reply = scim.patch(first, {"op": "replace", "path": name, "value": "c"})
    return reply.status == 200 and '"c"' in str(scim.get(first).body).replace("'", '"')


def people(scim: Scim) -> tuple[str, str]:
    """Create two people whose values are a and b wherever a name may point."""
    paths = [
        scim.user(
            value,
            name={"givenName": value},
            displayName=value,
            **{ENTERPRISE: {"department": value, "manager": {"value": value}}},
        )
        for value in "ab"
    ]
    return paths[0], paths[1]


PLACES: dict[str, Understands] = {
    "filter": filtered,
    "value-path": bracketed,
    "sortBy": sorted_by,
    "attributes": chosen,
    "excludedAttributes": excluded,
    "search": searched,
    "patch": patched,
}
places = pytest.mark.parametrize("understands", PLACES.values(), ids=PLACES.keys())


@places
@pytest.mark.parametrize("name", [f"{USER}:displayName", f"{ENTERPRISE}:department", "displayName"])
@honours("RFC7644-3.10-1")
def test_an_attribute_is_named_by_urn_colon_and_name(
    scim: Scim, understands: Understands, name: str
) -> None:
    assert understands(scim, name)


@places
@pytest.mark.parametrize(
    "name", ["name.givenName", f"{USER}:name.givenName", f"{ENTERPRISE}:manager.value"]
)
@honours("RFC7644-3.10-4")
def test_a_sub_attribute_is_named_after_a_dot(
    scim: Scim, understands: Understands, name: str
) -> None:
    assert understands(scim, name)


@places
@pytest.mark.parametrize(
    "name",
    [
        "DISPLAYname",
        "NAME.givenname",
        f"{USER.upper()}:DISPLAYNAME",
        f"{USER.lower()}:Name.GivenName",
        f"{ENTERPRISE.upper()}:DEPARTMENT",
        f"{ENTERPRISE.lower()}:Manager.VALUE",
    ],
)
@honours("RFC7644-3.10-5")
def test_no_part_of_a_name_depends_on_case(scim: Scim, understands: Understands, name: str) -> None:
    assert understands(scim, name)


@pytest.mark.parametrize(
    "name",
    [
        f"{USER}.displayName",
        f"{ENTERPRISE}.department",
        f"{GROUP}:displayName",
        f"{USER}:department",
        "urn:ietf:params:scim:schemas:core:1.0:User:displayName",
        f"{USER}:name:givenName",
        "displayName.value",
    ],
)
@honours("RFC7644-3.10-1", "RFC7644-3.10-4")
def test_a_name_that_is_built_otherwise_names_nothing(scim: Scim, name: str) -> None:
    path, _ = people(scim)
    assert scim.get("/Users", filter=f"{name} pr").fault == (400, "invalidFilter")
    assert scim.get("/Users", sortBy=name).fault == (400, "invalidValue")
    assert scim.get(path, attributes=name).body.keys() == {"schemas", "id"}
    before = scim.get(path).body
    patched = scim.patch(path, {"op": "replace", "path": name, "value": "c"})
    assert patched.fault == (400, "invalidPath")
    assert scim.get(path, excludedAttributes=name).body == before

"""RFC 7644 section 3.9: partial representations, on every operation that returns a resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import TypeAlias

import pytest

from reference_server import Credential

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

MINIMUM = {"schemas", "id"}
GIVEN: dict[str, Json] = {
    "schemas": [USER, ENTERPRISE],
    "userName": "bjensen",
    "displayName": "B",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "b@x", "type": "work"}, {"value": "c@x"}],
    "password": "t1meMa$heen",
    ENTERPRISE: {"department": "Tours", "costCenter": "7"},
}
DEFAULT = (MINIMUM | GIVEN.keys() | {"meta"}) - {"password"}

Operation: TypeAlias = Callable[["Scim", dict[str, str]], "Json"]


@pytest.fixture
def scim(make_scim: Callable[..., Scim]) -> Scim:
    return make_scim(credentials=[Credential("bearer", "secret", account="bjensen")])


def created(scim: Scim, query: dict[str, str]) -> Json:
    return scim.post("/Users", GIVEN, **query).body


def existing(scim: Scim) -> str:
    return f"/Users/{scim.post('/Users', GIVEN).body['id']}"


def searched(scim: Scim, query: dict[str, str]) -> Json:
    existing(scim)
    names = {name: value.split(",") for name, value in query.items()}
    return scim.post("/Users/.search", {"schemas": [SEARCH], **names}).body["Resources"][0]


def listed(scim: Scim, query: dict[str, str]) -> Json:
    existing(scim)
    return scim.get("/Users", **query).body["Resources"][0]


def patched(scim: Scim, query: dict[str, str]) -> Json:
    operation = {"op": "replace", "path": "displayName", "value": "B"}
    return scim.patch(existing(scim), operation, **query).body


def myself(scim: Scim, query: dict[str, str]) -> Json:
    existing(scim)
    return scim.get("/Me", **query).body


OPERATIONS: dict[str, Operation] = {
    "post": created,
    "get": lambda scim, query: scim.get(existing(scim), **query).body,
    "put": lambda scim, query: scim.put(existing(scim), GIVEN, **query).body,
    "patch": patched,
    "list": listed,
    "search": searched,
    "me": myself,
}
operations = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())


@operations
@honours("RFC7644-3.9-1")
def test_every_operation_shows_the_minimum_and_the_default(
    scim: Scim, operation: Operation
) -> None:
    shown = operation(scim, {})
    assert shown.keys() == DEFAULT
    assert shown["name"] == GIVEN["name"]


@operations
@honours("RFC7644-3.9-4", "RFC7644-3.9-5")
def test_every_operation_shows_the_minimum_and_what_is_asked_for(
    scim: Scim, operation: Operation
) -> None:
    shown = operation(scim, {"attributes": "name.givenName,emails.value,userName"})
    assert shown.keys() == MINIMUM | {"name", "emails", "userName"}
    assert shown["name"] == {"givenName": "Barbara"}
    assert shown["emails"] == [{"value": "b@x"}, {"value": "c@x"}]


@operations
@honours("RFC7644-3.9-7", "RFC7644-3.9-8")
def test_every_operation_leaves_out_what_is_excluded_but_the_minimum(
    scim: Scim, operation: Operation
) -> None:
    shown = operation(scim, {"excludedAttributes": "id,schemas,emails,name.familyName,userName"})
    assert shown.keys() == DEFAULT - {"emails", "userName"}
    assert shown["name"] == {"givenName": "Barbara"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("userName,emails", {"userName", "emails"}),
        ("userName, emails", {"userName", "emails"}),
        (" userName ,,emails,", {"userName", "emails"}),
        (f"{USER}:userName,{USER}:emails", {"userName", "emails"}),
        (f"displayName,{ENTERPRISE}:department", {"displayName", ENTERPRISE}),
        ("userName,userName", {"userName"}),
        ("USERNAME", {"userName"}),
    ],
)
@honours("RFC7644-3.9-6")
def test_attributes_is_a_list_with_commas(scim: Scim, text: str, names: set[str]) -> None:
    assert scim.get(existing(scim), attributes=text).body.keys() == MINIMUM | names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("userName,emails", {"userName", "emails"}),
        ("userName, emails , meta", {"userName", "emails", "meta"}),
        (f"{USER}:userName,emails", {"userName", "emails"}),
        (f"{ENTERPRISE},displayName", {ENTERPRISE, "displayName"}),
        (f"{ENTERPRISE}:department,{ENTERPRISE}:costCenter", {ENTERPRISE}),
        ("name.givenName,name.familyName", {"name"}),
    ],
)
@honours("RFC7644-3.9-9")
def test_excluded_attributes_is_a_list_with_commas(scim: Scim, text: str, names: set[str]) -> None:
    assert scim.get(existing(scim), excludedAttributes=text).body.keys() == DEFAULT - names


@honours("RFC7644-3.9-3")
def test_both_parameters_at_once_are_refused(scim: Scim) -> None:
    path = existing(scim)
    both = {"attributes": "userName", "excludedAttributes": "emails"}
    for target in (path, "/Users", "/Me", ""):
        reply = scim.get(target, **both)
        assert reply.fault == (400, "invalidValue"), target
        assert "exclude each other" in reply.body["detail"]
    assert scim.put(path, {**GIVEN, "displayName": "new"}, **both).status == 400
    assert scim.post("/Users", {**GIVEN, "userName": "new"}, **both).status == 400
    assert scim.get("/Users").body["totalResults"] == 1
    assert scim.get(path).body["displayName"] == "B"


@pytest.mark.parametrize("name", ["noSuch", "name.noSuch", "urn:example:x:userName", "", "a b c"])
@honours("RFC7644-3.9-10")
def test_names_that_mean_nothing_have_no_effect(scim: Scim, name: str) -> None:
    path = existing(scim)
    some = scim.get(path, attributes=f"userName,{name}")
    assert (some.status, some.body.keys()) == (200, MINIMUM | {"userName"})
    most = scim.get(path, excludedAttributes=f"userName,{name}")
    assert (most.status, most.body.keys()) == (200, DEFAULT - {"userName"})
    if name:
        assert scim.get(path, attributes=name).body.keys() == MINIMUM


@honours("RFC7644-3.9-5", "RFC7644-3.9-6")
def test_a_schema_means_all_its_attributes_by_default(scim: Scim) -> None:
    path = existing(scim)
    for name in (USER, USER.upper()):
        shown = scim.get(path, attributes=name).body
        assert shown.keys() == MINIMUM | {"userName", "displayName", "name", "emails"}
        assert shown["name"] == GIVEN["name"]


@honours("RFC7644-3.9-5")
def test_a_part_that_is_returned_on_request_only_comes_with_its_parent_when_asked_for(
    full: Scim,
) -> None:
    gadget = {
        "schemas": ["urn:example:params:scim:schemas:2.0:Gadget"],
        "name": "g",
        "maker": {"company": "c", "remark": "r"},
    }
    path = f"/Gadgets/{full.post('/Gadgets', gadget).body['id']}"
    for names, parts in (
        ("maker", {"company"}),
        ("maker,maker.remark", {"company", "remark"}),
        ("maker.remark", {"remark"}),
        ("maker.company", {"company"}),
    ):
        assert full.get(path, attributes=names).body["maker"].keys() == parts, names


@honours("RFC7644-3.9-11")
def test_an_extension_can_be_asked_for_whole_or_in_part(scim: Scim) -> None:
    path = existing(scim)
    part = scim.get(path, attributes=f"{ENTERPRISE}:department").body
    assert part.keys() == MINIMUM | {ENTERPRISE}
    assert part[ENTERPRISE] == {"department": "Tours"}
    for name in (ENTERPRISE, ENTERPRISE.upper()):
        whole = scim.get(path, attributes=name).body
        assert whole.keys() == MINIMUM | {ENTERPRISE}
        assert whole[ENTERPRISE] == GIVEN[ENTERPRISE]

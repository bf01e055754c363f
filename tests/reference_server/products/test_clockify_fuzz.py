"""Whatever comes in, the product answers; and whatever SCIM did, the product shows the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server import Request
from reference_server.messages import joined
from reference_server.products.clockify import public_api
from reference_server.products.clockify import simulation_api
from tests.reference_server.products.clockify_talk import GROUP
from tests.reference_server.products.clockify_talk import USER
from tests.reference_server.products.clockify_talk import Talk
from tests.reference_server.products.clockify_talk import said_of
from tests.sizes import sized

Json = Any

WORDS = st.sampled_from(
    [
        *("name", "email", "status", "page", "page-size", "pageSize", "roles", "plan", "type"),
        *("role", "timeZone", "userId", "accountStatuses", "account-statuses", "sortColumn"),
        *("memberships", "userGroups", "include-memberships", "projectId", "project-id"),
    ]
)
TEXTS = st.text(max_size=12) | st.sampled_from(["ACTIVE", "a@example.com", "-1", "x" * 300, "\0"])
VALUES = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
BODIES = st.dictionaries(WORDS, VALUES, max_size=3).map(lambda each: json.dumps(each).encode())
PATHS = sorted(
    {f"{public_api.PATH}{path}" for _, path in public_api.ROUTES.keys}
    | {path for _, path in (*simulation_api.ROUTES.keys, *simulation_api.OPEN.keys)}
)


@pytest.mark.parametrize("scim_on", [False, True])
@settings(max_examples=sized(150, 5000), deadline=None)
@given(data=st.data())
def test_no_request_brings_the_product_down(scim_on: bool, data: st.DataObject) -> None:
    talk = Talk()
    if scim_on:
        talk.switch_on()
    ids = [each["id"] for each in (*talk.people().values(), *talk.groups().values())]
    known = st.sampled_from([*ids, "nobody", "%00", "%ff"])
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(PATHS)).replace("{workspaceId}", talk.workspace)
        for name in ("{userId}", "{id}", "{userGroupId}", "{invitationId}"):
            path = path.replace(name, data.draw(known))
        query = "&".join(f"{name}={value}" for name, value in data.draw(pairs()))
        key = talk.product.keys[data.draw(st.sampled_from(["owner", "admin", "user"]))]
        method = data.draw(st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "X"]))
        body = data.draw(BODIES | st.binary(max_size=20))
        headers = (("X-Api-Key", key), ("Content-Type", "application/json"))
        reply = talk.product.handle(Request(method, path, query, headers, body))
        assert reply.status < 500, joined(reply.body)


def pairs() -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(WORDS, TEXTS), max_size=3)


NAMES = ("anna", "ben", "cyd")
GROUPS = ("Crew", "Gang")
STEPS = st.tuples(
    st.sampled_from(
        ["create", "put", "switch", "rename", "delete", "push", "join", "part", "set", "drop"]
    ),
    st.sampled_from(NAMES),
    st.sampled_from(GROUPS),
    st.booleans(),
)


class Provider:
    """An identity provider that does one thing after the other, without looking."""

    def __init__(self) -> None:
        self.talk = Talk().switch_on()

    def step(self, what: str, name: str, group: str, flag: bool) -> None:
        talk = self.talk
        user = self.find("Users", f'userName eq "{name}@example.com"')
        crew = self.find("Groups", f'displayName eq "{group}"')
        body = {"schemas": [USER], "userName": f"{name}@example.com", **said_of(name)}
        members = [{"value": user}] if user and flag else []
        shown = {"schemas": [GROUP], "displayName": group, "members": members}
        if what == "create":
            talk.scim("POST", "/Users", {**body, "active": flag})
        elif what == "push":
            talk.scim("POST", "/Groups", shown)
        elif user and what == "put":
            talk.scim("PUT", f"/Users/{user}", {**body, "active": flag})
        elif user and what == "switch":
            talk.set(user, active=flag)
        elif user and what == "rename":
            talk.set(user, **{"name.familyName": "Other" if flag else "Example"})
        elif user and what == "delete":
            talk.scim("DELETE", f"/Users/{user}")
        elif user and crew and what == "join":
            talk.join(crew, user)
        elif user and crew and what == "part":
            talk.part(crew, user)
        elif crew and what == "set":
            talk.scim("PUT", f"/Groups/{crew}", shown)
        elif crew and what == "drop":
            talk.scim("DELETE", f"/Groups/{crew}")

    def find(self, endpoint: str, wanted: str) -> str:
        found = self.talk.scim("GET", f"/{endpoint}", query=f"filter={wanted}").json["Resources"]
        return str(found[0]["id"]) if found else ""


@settings(max_examples=sized(60, 2000), deadline=None)
@given(steps=st.lists(STEPS, max_size=14))
def test_the_product_shows_what_scim_holds(steps: list[tuple[str, str, str, bool]]) -> None:
    provider = Provider()
    for step in steps:
        provider.step(*step)
    talk = provider.talk
    users = talk.scim("GET", "/Users", query="count=100").json["Resources"]
    groups = talk.scim("GET", "/Groups", query="count=100").json["Resources"]
    assert {
        each["id"]: (
            each["emails"][0]["value"],
            " ".join(each["name"][part] for part in ("givenName", "familyName")),
            each["active"],
        )
        for each in users
        if "familyName" in each["name"]
    } == {
        each["id"]: (email, each["name"], each["memberships"][0]["membershipStatus"] == "ACTIVE")
        for email, each in talk.people().items()
        if " " in each["name"]
    }
    assert {
        each["id"]: (each["displayName"], {one["value"] for one in each.get("members", [])})
        for each in groups
    } == {
        each["id"]: (each["name"], set(each["userIds"]))
        for each in talk.api("GET", "user-groups").json
    }

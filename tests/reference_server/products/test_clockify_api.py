"""The public interface answers in the shapes of the public reference, and with its statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.reference_server.products.clockify_probes import ANNA
from tests.reference_server.products.clockify_probes import INES
from tests.reference_server.products.clockify_probes import LIAM
from tests.reference_server.products.clockify_probes import UMA
from tests.reference_server.products.clockify_talk import Reply
from tests.reference_server.products.clockify_talk import Talk

Json = Any

EXTRACT: Json = json.loads((Path(__file__).parent / "clockify_api.json").read_text("utf-8"))
ONE = "/v1/workspaces/{workspaceId}"
NOBODY = "0123456789abcdef01234567"


def strict(schema: Json) -> Json:
    """Make a schema say what a reply may have at most, and enumerations what is on the wire.

    The reference describes an enumeration as an object that is one of some words, which nothing
    can be; its examples are the words.
    """
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "oneOf" in schema:
        return {"oneOf": strict(schema["oneOf"])}
    changed = {name: strict(value) for name, value in schema.items() if name != "properties"}
    if "properties" in schema:
        changed["properties"] = {name: strict(each) for name, each in schema["properties"].items()}
        changed["additionalProperties"] = False
    return changed


COMPONENTS = strict(EXTRACT["components"]["schemas"])


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in EXTRACT["paths"].items():
        for method in methods:
            yield method.upper(), path


def expected(method: str, path: str) -> tuple[int, Json]:
    """The status of a success and the schema of its body."""
    [(status, reply)] = EXTRACT["paths"][path][method.lower()]["responses"].items()
    content = reply["content"]
    [shape] = [each["schema"] for each in content.values()]
    return int(status), {**strict(shape), "components": {"schemas": COMPONENTS}}


def check(method: str, path: str, reply: Reply) -> Json:
    status, shape = expected(method, path)
    assert reply.status == status
    assert reply.response.header("Content-Type") == "application/json"
    faults = [str(each.message) for each in Draft202012Validator(shape).iter_errors(reply.json)]
    assert faults == []
    return reply.json


@pytest.fixture
def talk() -> Talk:
    return Talk()


def asked(talk: Talk, method: str, path: str, **how: Json) -> Json:
    """Ask for a path of the reference, with the ids of this workspace in it."""
    uma, group = talk.person(UMA)["id"], talk.groups()["Designers"]["id"]
    own = path.replace("{workspaceId}", talk.workspace).replace("{userId}", uma)
    for name in ("{id}", "{userGroupId}"):
        own = own.replace(name, group)
    return check(method, path, talk.api(method, own.removeprefix("/v1"), **how))


BODIES: dict[tuple[str, str], Json] = {
    ("PATCH", f"{ONE}/member-profile/{{userId}}"): {"name": "Ulla User", "weekStart": "SUNDAY"},
    ("POST", f"{ONE}/user-groups"): {"name": "Crew"},
    ("PUT", f"{ONE}/user-groups/{{id}}"): {"name": "Crew"},
    ("POST", f"{ONE}/users"): {"email": ANNA},
    ("POST", f"{ONE}/users/info"): {"memberships": "ALL", "roles": ["OWNER"]},
    ("PUT", f"{ONE}/users/{{userId}}"): {"status": "INACTIVE"},
}


@pytest.mark.parametrize(("method", "path"), list(operations()))
def test_each_operation_answers_as_the_reference_says(talk: Talk, method: str, path: str) -> None:
    body = BODIES.get((method, path))
    if path.endswith("{userGroupId}/users"):
        body = {"userId": talk.person(LIAM)["id"]}
    asked(talk, method, path, body=body)


def test_the_check_of_shapes_would_notice() -> None:
    shape = {"$ref": "#/components/schemas/UserDtoV1", "components": {"schemas": COMPONENTS}}
    judge = Draft202012Validator(shape)
    good = Talk().person(UMA)
    assert not list(judge.iter_errors(good))
    for wrong in ({"status": "GONE"}, {"nickname": "Uma"}, {"memberships": [{"userId": 1}]}):
        assert list(judge.iter_errors({**good, **wrong}))


# -- who may, and what is wrong ---------------------------------------------------------------


def test_without_a_key_nobody_comes_in(talk: Talk) -> None:
    found = talk.api("GET", "users", by="")
    assert (found.status, found.json["code"]) == (401, 1000)


def test_a_wrong_key_opens_nothing(talk: Talk) -> None:
    found = talk.send("GET", "/api/v1/user", headers=(("X-Api-Key", "wrong"),))
    assert (found.status, found.json["code"]) == (401, 4003)


def test_a_key_says_who_asks(talk: Talk) -> None:
    found = {by: talk.api("GET", "/user", by=by).json["email"] for by in ("user", "limited")}
    assert found == {"user": UMA, "limited": LIAM}


def test_another_workspace_is_out_of_reach(talk: Talk) -> None:
    assert talk.api("GET", f"/workspaces/{NOBODY}/users").status == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "users", None),
        ("POST", "users", {"email": ANNA}),
        ("POST", "users/info", {}),
        ("POST", "user-groups", {"name": "Crew"}),
    ],
)
@pytest.mark.parametrize("by", ["user", "limited"])
def test_who_manages_nothing_is_refused(
    talk: Talk, by: str, method: str, path: str, body: Json
) -> None:
    found = talk.api(method, path, by=by, body=body)
    assert (found.status, found.json) == (403, {"message": "Access Denied", "code": 501})


def test_the_owner_can_neither_be_removed_nor_deactivated(talk: Talk) -> None:
    path = f"users/{talk.person('olivia.owner@example.com')['id']}"
    assert talk.api("DELETE", path, by="admin").status == 403
    assert talk.api("PUT", path, by="admin", body={"status": "INACTIVE"}).status == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"users/{NOBODY}", {"status": "ACTIVE"}),
        ("DELETE", f"users/{NOBODY}", None),
        ("GET", f"member-profile/{NOBODY}", None),
        ("DELETE", f"user-groups/{NOBODY}", None),
        ("POST", "users", {"email": "nonsense"}),
        ("POST", "users", {"email": UMA}),
        ("POST", "users", {}),
        ("POST", "users", {"email": 1}),
        ("POST", "user-groups", {"name": "designers"}),
        ("POST", "user-groups", {"name": "x" * 101}),
        ("POST", "user-groups", []),
    ],
)
def test_what_makes_no_sense_is_refused(talk: Talk, method: str, path: str, body: Json) -> None:
    found = talk.api(method, path, body=body)
    assert found.status == 400
    assert found.message
    assert isinstance(found.json["code"], int)


def test_a_path_that_there_is_not_is_not_found(talk: Talk) -> None:
    assert talk.api("GET", "nothing").status == 404
    assert talk.send("GET", "/nothing").status == 404


def test_a_method_that_is_not_possible_is_named(talk: Talk) -> None:
    found = talk.api("PATCH", "users")
    assert (found.status, found.response.header("Allow")) == (405, "GET, POST")


# -- lists ------------------------------------------------------------------------------------


def emails(talk: Talk, query: str) -> list[str]:
    found = talk.api("GET", "users", query=query)
    assert found.status == 200, found.message
    return [each["email"].partition(".")[0] for each in found.json]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["adam", "ines", "olivia", "uma"]),
        ("account-statuses=LIMITED", ["liam"]),
        ("account-statuses=LIMITED,NOT_REGISTERED", ["ines", "liam"]),
        ("status=PENDING", ["ines"]),
        ("status=ACTIVE", ["adam", "olivia", "uma"]),
        ("email=UMA.", ["uma"]),
        ("name=admin", ["adam"]),
        ("project-id=1", []),
        ("sort-order=DESCENDING", ["uma", "olivia", "ines", "adam"]),
        ("sort-column=ACCESS", ["olivia", "adam", "uma", "ines"]),
        ("page-size=3", ["adam", "ines", "olivia"]),
        ("page-size=3&page=2", ["uma"]),
        ("page=9", []),
    ],
)
def test_people_are_found_sorted_and_paged(talk: Talk, query: str, wanted: list[str]) -> None:
    assert emails(talk, query) == wanted


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=x", "page-size=0", "page-size=99999", "status=GONE", "page=٣"),
        *("sort-column=AGE", "account-statuses=GONE", "memberships=SOME"),
    ],
)
def test_a_wrong_parameter_is_refused(talk: Talk, query: str) -> None:
    assert talk.api("GET", "users", query=query).status == 400


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [("NONE", []), ("WORKSPACE", ["WORKSPACE"]), ("ALL", ["WORKSPACE", *["USERGROUP"] * 2])],
)
def test_memberships_are_shown_when_asked_for(talk: Talk, kinds: str, wanted: list[str]) -> None:
    [uma] = talk.api("GET", "users", query=f"email={UMA}&memberships={kinds}").json
    assert [each["membershipType"] for each in uma["memberships"]] == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"roles": ["OWNER"]}, ["olivia"]),
        ({"roles": ["WORKSPACE_ADMIN"]}, ["adam", "olivia"]),
        ({"status": "PENDING"}, ["ines"]),
        ({"name": "user", "page": 1, "pageSize": 1}, ["uma"]),
        ({"accountStatuses": ["LIMITED"]}, ["liam"]),
        ({"email": INES}, ["ines"]),
    ],
)
def test_people_are_found_by_a_body(talk: Talk, body: Json, wanted: list[str]) -> None:
    found = talk.api("POST", "users/info", body=body).json
    assert [each["email"].partition(".")[0] for each in found] == wanted


def test_people_are_found_by_group(talk: Talk) -> None:
    body = {"userGroups": [talk.groups()["Developers"]["id"]]}
    found = talk.api("POST", "users/info", body=body).json
    assert [each["email"] for each in found] == ["adam.admin@example.com", UMA]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["Designers", "Developers"]),
        ("sort-order=DESCENDING", ["Developers", "Designers"]),
        ("name=sign", ["Designers"]),
        ("page-size=1&page=2", ["Developers"]),
        ("project-id=1", []),
    ],
)
def test_groups_are_found_sorted_and_paged(talk: Talk, query: str, wanted: list[str]) -> None:
    assert [each["name"] for each in talk.api("GET", "user-groups", query=query).json] == wanted


# -- without SCIM the product is an ordinary one ------------------------------------------------


def test_groups_are_made_filled_and_deleted(talk: Talk) -> None:
    crew = talk.api("POST", "user-groups", by="admin", body={"name": "Crew"}).json["id"]
    uma = talk.person(UMA)["id"]
    filled = talk.api("POST", f"user-groups/{crew}/users", body={"userId": uma})
    assert filled.json["userIds"] == [uma]
    assert talk.api("DELETE", f"user-groups/{crew}/users/{uma}").json["userIds"] == []
    assert talk.api("DELETE", f"user-groups/{crew}/users/{uma}").status == 400
    assert talk.api("DELETE", f"user-groups/{crew}").json["name"] == "Crew"
    assert "Crew" not in talk.groups()


def test_a_deactivated_member_is_locked_out_until_activated_again(talk: Talk) -> None:
    key, path = talk.key("user"), f"users/{talk.person(UMA)['id']}"
    talk.api("PUT", path, by="admin", body={"status": "INACTIVE"})
    assert (talk.status(UMA), talk.opens(key)) == ("INACTIVE", False)
    talk.api("PUT", path, by="admin", body={"status": "ACTIVE"})
    assert (talk.status(UMA), talk.opens(key)) == ("ACTIVE", True)


def test_people_change_their_own_name_and_profile(talk: Talk) -> None:
    path = f"member-profile/{talk.person(UMA)['id']}"
    body = {"name": "Ulla User", "workCapacity": "PT7H"}
    shown = talk.api("PATCH", path, by="user", body=body).json
    assert (shown["name"], shown["workCapacity"]) == ("Ulla User", "PT7H")
    assert talk.api("PATCH", path, by="limited", body=body).status == 403


def test_one_sees_the_workspaces_in_which_one_has_a_role(talk: Talk) -> None:
    found = {
        (by, role): len(talk.api("GET", "/workspaces", by=by, query=f"roles={role}").json)
        for by, role in [("owner", "OWNER"), ("owner", "WORKSPACE_ADMIN"), ("user", "OWNER")]
    }
    assert list(found.values()) == [1, 0, 0]


def test_a_profile_belongs_to_its_member_and_the_managers(talk: Talk) -> None:
    path = f"member-profile/{talk.person(UMA)['id']}"
    found = [talk.api("GET", path, by=by).status for by in ("user", "admin", "limited")]
    assert found == [200, 200, 403]

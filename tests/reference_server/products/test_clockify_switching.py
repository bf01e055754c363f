"""Switching SCIM on, the token, the groups that go, and what is locked from then on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_server.products.clockify_probes import ANNA
from tests.reference_server.products.clockify_probes import INES
from tests.reference_server.products.clockify_probes import LIAM
from tests.reference_server.products.clockify_probes import UMA
from tests.reference_server.products.clockify_talk import HOST
from tests.reference_server.products.clockify_talk import Reply
from tests.reference_server.products.clockify_talk import Talk

Json = Any


@pytest.fixture
def talk() -> Talk:
    return Talk()


def get_users(talk: Talk, authorization: str | None) -> Reply:
    headers = () if authorization is None else (("Authorization", authorization),)
    return talk.send("GET", "/scim/v2/Users", headers=headers)


# -- who, and on which plan -------------------------------------------------------------------


@pytest.mark.parametrize("by", ["admin", "user", "limited"])
def test_only_the_owner_switches_on_rotates_and_switches_off(talk: Talk, by: str) -> None:
    refused = [talk.simulated("POST", "scim", by=by)]
    talk.switch_on()
    refused += [
        talk.simulated("POST", "scim/token", by=by),
        talk.simulated("DELETE", "scim", by=by),
    ]
    assert [each.status for each in refused] == [403, 403, 403]
    assert all("owner" in each.message for each in refused)
    assert get_users(talk, f"Bearer {talk.token}").status == 200


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        *(("ENTERPRISE", 201), ("ENTERPRISE_YEAR", 201), ("ENTERPRISE_2021", 201)),
        *(("ENTERPRISE_YEAR_2021", 201), ("FREE", 403), ("PRO_2021", 403), ("TRIAL", 403)),
    ],
)
def test_only_enterprise_has_scim(plan: str, status: int) -> None:
    found = Talk(settings={"plan": plan}).simulated("POST", "scim")
    assert found.status == status
    assert status == 201 or "Enterprise" in found.message


def test_a_plan_that_no_longer_has_scim_switches_it_off(talk: Talk) -> None:
    talk.switch_on()
    assert talk.simulated("PUT", "plan", body={"plan": "ENTERPRISE_YEAR"}).status == 200
    assert get_users(talk, f"Bearer {talk.token}").status == 200
    talk.simulated("PUT", "plan", body={"plan": "PRO_2021"})
    assert get_users(talk, f"Bearer {talk.token}").status == 401
    assert talk.api("GET", "").json["featureSubscriptionType"] == "PRO_2021"


def test_a_plan_is_the_owners_and_one_that_there_is(talk: Talk) -> None:
    assert talk.simulated("PUT", "plan", by="admin", body={"plan": "FREE"}).status == 403
    assert talk.simulated("PUT", "plan", body={"plan": "GOLD"}).status == 400


def test_scim_is_switched_on_once(talk: Talk) -> None:
    talk.switch_on()
    assert talk.simulated("POST", "scim").status == 409
    assert get_users(talk, f"Bearer {talk.token}").status == 200


# -- the token --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/scim/v2/Users", "/scim/v2/ServiceProviderConfig", "/scim/v2"])
def test_without_scim_nobody_enters(talk: Talk, path: str) -> None:
    found = talk.send("GET", path, headers=(("Authorization", "Bearer x"),))
    assert (found.status, found.json["status"]) == (401, "401")
    assert found.response.header("WWW-Authenticate")


@pytest.mark.parametrize("form", ["{}", "Bearer {}", "bearer {}", "Bearer Bearer {}"])
def test_the_token_enters_in_each_form_that_the_guides_lead_to(talk: Talk, form: str) -> None:
    assert get_users(talk.switch_on(), form.format(talk.token)).status == 200


@pytest.mark.parametrize("form", [None, "", "Bearer", "Bearer ", "Basic {}", "Bearer {}x", "x{}"])
def test_anything_else_does_not(talk: Talk, form: str | None) -> None:
    talk.switch_on()
    given = None if form is None else form.format(talk.token)
    assert get_users(talk, given).status == 401


def test_the_token_and_the_url_are_shown_at_switching_on_and_the_token_never_again(
    talk: Talk,
) -> None:
    assert talk.simulated("GET", "scim").json == {"enabled": False}
    on = talk.simulated("POST", "scim").json
    assert on["baseUrl"] == f"http://{HOST}/scim/v2"
    assert len(on["token"]) >= 32
    state = {"enabled": True, "baseUrl": on["baseUrl"]}
    assert talk.simulated("GET", "scim", by="admin").json == state
    assert talk.simulated("GET", "scim", by="user").status == 403


def test_a_rotated_token_takes_the_place_of_the_one_before_and_nothing_else_changes(
    talk: Talk,
) -> None:
    anna = talk.switch_on().provision("anna")
    before, talk.token = talk.token, talk.simulated("POST", "scim/token").json["token"]
    assert get_users(talk, before).status == get_users(talk, f"Bearer {before}").status == 401
    assert talk.scim("GET", f"/Users/{anna}").status == 200


def test_switched_off_the_token_is_dead_and_people_and_groups_stay(talk: Talk) -> None:
    talk.push("Crew", talk.switch_on().provision("anna"))
    assert talk.simulated("DELETE", "scim").status == 204
    assert get_users(talk, f"Bearer {talk.token}").status == 401
    assert ANNA in talk.people()
    assert "Crew" in talk.groups()
    assert [
        talk.simulated(*each).status for each in (("DELETE", "scim"), ("POST", "scim/token"))
    ] == [
        404,
        404,
    ]


def test_switched_on_again_the_token_is_another_and_everybody_is_known(talk: Talk) -> None:
    anna = talk.switch_on().provision("anna")
    first = talk.token
    talk.simulated("DELETE", "scim")
    talk.switch_on()
    assert talk.token != first
    assert get_users(talk, f"Bearer {first}").status == 401
    assert talk.scim("GET", f"/Users/{anna}").json["userName"] == ANNA


def test_two_workspaces_have_different_tokens() -> None:
    tokens = {Talk().switch_on().token for _ in range(2)}
    assert len(tokens) == 2


def test_what_the_simulation_is_can_be_seen_without_a_key(talk: Talk) -> None:
    shown = talk.send("GET", "/simulation/v1").json
    assert (shown["simulation"], shown["by"]) == ("clockify", "scimproof")
    assert shown["workspace"] == talk.workspace


# -- the groups -------------------------------------------------------------------------------


def test_groups_go_at_switching_on_and_come_back_through_the_provider_as_others(
    talk: Talk,
) -> None:
    exported = talk.groups()
    emails = {each["id"]: email for email, each in talk.people().items()}
    talk.switch_on()
    assert talk.groups() == {}
    assert talk.scim("GET", "/Groups").json["totalResults"] == 0
    for name, group in exported.items():
        talk.push(name, *group["userIds"])
    back = talk.groups()
    assert set(back) == {"Designers", "Developers"}
    for name, group in back.items():
        assert group["id"] != exported[name]["id"]
        assert group["userIds"] == exported[name]["userIds"]
        assert all(each in emails for each in group["userIds"])


def test_people_stay_at_switching_on_with_their_names_and_ids(talk: Talk) -> None:
    before = talk.people()
    assert talk.switch_on().people() == before
    seen = talk.scim("GET", "/Users").json["Resources"]
    assert {each["userName"]: each["id"] for each in seen} == {
        email: each["id"] for email, each in before.items()
    }
    states = {each["userName"]: each["active"] for each in seen}
    assert states == {email: email != INES for email in before}


# -- what is locked ---------------------------------------------------------------------------

LOCKED: list[tuple[str, str, str, Json]] = [
    ("api", "PATCH", "member-profile/{me}", {"name": "Other"}),
    ("page", "POST", "leave", None),
    ("page", "POST", "join", {"email": ANNA}),
    ("api", "POST", "users", {"email": ANNA}),
    ("page", "POST", "invitations", {"email": ANNA}),
    ("api", "PATCH", "member-profile/{liam}", {"name": "Other"}),
    ("api", "PUT", "users/{liam}", {"status": "INACTIVE"}),
    ("api", "DELETE", "users/{liam}", None),
    ("page", "DELETE", "invitations/{ines}", None),
    ("page", "PUT", "users/{liam}/type", {"type": "REGULAR"}),
    ("page", "PUT", "users/{adam}/role", {"role": "USER"}),
    ("api", "POST", "user-groups", {"name": "Gang"}),
    ("api", "PUT", "user-groups/{crew}", {"name": "Gang"}),
    ("api", "POST", "user-groups/{crew}/users", {"userId": "{liam}"}),
    ("api", "DELETE", "user-groups/{crew}/users/{adam}", None),
    ("api", "DELETE", "user-groups/{crew}", None),
]
OWNED = {"owner": "olivia.owner@example.com", "admin": "adam.admin@example.com", "user": UMA}


def attempt(talk: Talk, by: str, door: str, method: str, path: str, body: Json) -> Reply:
    ids = {email.partition(".")[0]: each["id"] for email, each in talk.people().items()}
    ids["me"] = talk.person(OWNED[by])["id"]
    ids["crew"] = list(talk.groups().values())[-1]["id"]
    if body is not None:
        body = {name: value.format(**ids) for name, value in body.items()}
    ask = talk.api if door == "api" else talk.simulated
    return ask(method, path.format(**ids), by=by, body=body)


@pytest.mark.parametrize("by", list(OWNED))
@pytest.mark.parametrize(("door", "method", "path", "body"), LOCKED)
def test_scim_locks_it_for_everybody_and_says_so(
    talk: Talk, by: str, door: str, method: str, path: str, body: Json
) -> None:
    talk.switch_on()
    talk.push("Crew", talk.person("adam.admin@example.com")["id"])
    before = talk.people(), talk.groups()
    found = attempt(talk, by, door, method, path, body)
    # Whoever may not see a member's profile at all is told that, and not what SCIM locks.
    allowed = not (by == "user" and path == "member-profile/{liam}")
    assert found.status == 403
    assert ("SCIM" in found.message) is allowed
    assert (talk.people(), talk.groups()) == before


@pytest.mark.parametrize(("door", "method", "path", "body"), LOCKED)
def test_without_scim_the_owner_or_an_admin_may(
    talk: Talk, door: str, method: str, path: str, body: Json
) -> None:
    found = attempt(talk, "admin", door, method, path, body)
    assert found.status in (200, 201, 204), found.message


def test_switched_off_nothing_is_locked_any_more(talk: Talk) -> None:
    talk.switch_on().simulated("DELETE", "scim")
    assert talk.api("POST", "user-groups", body={"name": "Crew"}).status == 201


# -- the web application without SCIM -----------------------------------------------------------


def test_somebody_with_an_address_of_the_domain_joins_automatically(talk: Talk) -> None:
    assert talk.simulated("POST", "join", by="", body={"email": ANNA}).status == 201
    assert talk.status(ANNA) == "ACTIVE"
    elsewhere = {"email": "anna@elsewhere.example"}
    assert talk.simulated("POST", "join", by="", body=elsewhere).status == 403


def test_somebody_leaves_and_their_key_opens_nothing_any_more(talk: Talk) -> None:
    key = talk.key("user")
    assert talk.simulated("POST", "leave", by="user").status == 204
    assert UMA not in talk.people()
    assert not talk.opens(key)
    assert talk.simulated("POST", "leave", by="owner").status == 403


def test_invitations_are_sent_listed_and_revoked(talk: Talk) -> None:
    made = talk.simulated("POST", "invitations", by="admin", body={"email": ANNA}).json
    listed = talk.simulated("GET", "invitations").json
    assert [each["email"] for each in listed] == [INES, ANNA]
    assert not talk.opens(talk.key(made["id"]))
    assert talk.simulated("DELETE", f"invitations/{made['id']}").status == 204
    assert ANNA not in talk.people()
    uma = talk.person(UMA)["id"]
    assert talk.simulated("DELETE", f"invitations/{uma}").status == 400


def test_types_and_roles_are_changed_by_whoever_manages(talk: Talk) -> None:
    liam = f"users/{talk.person(LIAM)['id']}"
    assert talk.simulated("PUT", f"{liam}/role", body={"role": "WORKSPACE_ADMIN"}).status == 403
    assert talk.simulated("PUT", f"{liam}/type", body={"type": "REGULAR"}).status == 200
    assert talk.person(LIAM)["status"] == "ACTIVE"
    assert talk.simulated("PUT", f"{liam}/role", body={"role": "WORKSPACE_ADMIN"}).status == 200
    assert talk.api("GET", "users", by="limited").status == 200
    assert talk.simulated("PUT", f"{liam}/type", body={"type": "LIMITED"}).status == 403
    for body in ({"role": "OWNER"}, {"type": "LIMITED"}):
        path = f"{liam}/{next(iter(body))}"
        assert talk.simulated("PUT", path, by="user", body=body).status == 403
    assert talk.simulated("PUT", f"{liam}/type", body={"type": "TINY"}).status == 400
    assert talk.simulated("PUT", f"{liam}/role", body={"role": "KING"}).status == 400


def test_only_the_owner_hands_out_keys(talk: Talk) -> None:
    path = f"users/{talk.person(UMA)['id']}/key"
    assert talk.simulated("GET", path).json["key"] == talk.product.keys["user"]
    assert talk.simulated("GET", path, by="admin").status == 403


@pytest.mark.parametrize("zone", ["", "Europe/Paris/x/y", "a b", "<script>", "../etc"])
def test_a_time_zone_has_the_form_of_one(talk: Talk, zone: str) -> None:
    body = {"timeZone": zone}
    assert talk.simulated("PUT", "/user/settings", by="user", body=body).status == 400

"""Probes of what Clockify keeps in the corners of its promises."""

from __future__ import annotations

from tests.reference_server.products.clockify_probes import ANNA
from tests.reference_server.products.clockify_probes import INES
from tests.reference_server.products.clockify_probes import LIAM
from tests.reference_server.products.clockify_probes import UMA
from tests.reference_server.products.clockify_probes import id_of
from tests.reference_server.products.clockify_probes import probe
from tests.reference_server.products.clockify_talk import Talk
from tests.reference_server.products.clockify_team_probes import locked
from tests.reference_server.products.clockify_team_probes import locked_page

ADAM = "adam.admin@example.com"
PARIS = "Europe/Paris"


@probe("standard-plan-has-scim")
def the_standard_plan_has_no_scim(talk: Talk) -> object:
    talk.simulated("PUT", "plan", body={"plan": "STANDARD_2021"})
    return talk.simulated("POST", "scim").status == 403


@probe("token-back-after-off")
def switching_on_again_gives_another_token(talk: Talk) -> object:
    first = talk.switch_on().token
    talk.simulated("DELETE", "scim")
    return talk.switch_on().token != first


@probe("empty-groups-kept")
def switching_on_deletes_empty_groups(talk: Talk) -> object:
    talk.api("POST", "user-groups", body={"name": "Nobody"})
    return "Nobody" in talk.groups() and not talk.switch_on().groups()


@probe("names-in-ascii")
def a_name_keeps_its_letters(talk: Talk) -> object:
    name = {"givenName": "Zoë", "familyName": "Ćosić"}
    anna = talk.switch_on().provision("anna", name=name)
    new = talk.person(ANNA)["name"] == "Zoë Ćosić"
    talk.set(anna, **{"name.givenName": "Žana"})
    return new and talk.person(ANNA)["name"] == "Žana Ćosić"


@probe("second-deactivation-ignored")
def a_second_deactivation_shows(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    for active in (False, True, False):
        talk.set(anna, active=active)
    return talk.status(ANNA) == "INACTIVE"


def with_chosen_zone(talk: Talk, **sent: str) -> str:
    anna = talk.switch_on().provision("anna", **sent)
    talk.simulated("PUT", "/user/settings", by=ANNA, body={"timeZone": PARIS})
    return anna


def zone(talk: Talk) -> object:
    return talk.person(ANNA)["settings"]["timeZone"]


@probe("time-zone-forgotten-on-return")
def a_chosen_time_zone_outlives_a_return(talk: Talk) -> object:
    anna = with_chosen_zone(talk, timezone="Asia/Tokyo")
    talk.set(anna, active=False)
    talk.set(anna, active=True, timezone="Asia/Tokyo")
    return zone(talk) == PARIS


@probe("time-zone-reset-when-unsent")
def a_chosen_time_zone_outlives_a_write_without_one(talk: Talk) -> object:
    talk.set(with_chosen_zone(talk), title="Engineer")
    return zone(talk) == PARIS


@probe("inactive-keys-open-the-workspace")
def the_key_of_an_inactive_user_opens_nothing(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    key = talk.key(ANNA)
    talk.set(anna, active=False)
    path = f"/api/v1/workspaces/{talk.workspace}/user-groups"
    found = talk.send("GET", path, headers=(("X-Api-Key", key),))
    return found.status == 401 and not talk.opens(key)


@probe("others-demoted")
def whoever_was_not_sent_keeps_the_role(talk: Talk) -> object:
    talk.switch_on().provision("anna")
    return talk.api("GET", "users", by="admin").status == 200


@probe("others-locked-out")
def whoever_was_not_sent_gets_in(talk: Talk) -> object:
    talk.switch_on().provision("anna")
    return talk.opens(talk.key("user")) and talk.opens(talk.key(ANNA))


@probe("deleted-groups-stay-away")
def a_deleted_group_may_come_again(talk: Talk) -> object:
    crew = talk.switch_on().push("Crew")
    talk.scim("DELETE", f"/Groups/{crew}")
    talk.push("Crew")
    return list(talk.groups()) == ["Crew"]


@probe("last-members-stay")
def the_last_member_leaves_a_group(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    talk.part(talk.push("Crew", anna), anna)
    return talk.groups()["Crew"]["userIds"] == []


@probe("group-names-escaped")
def a_group_has_its_name_as_it_is(talk: Talk) -> object:
    crew = talk.switch_on().push("R&D")
    new = list(talk.groups()) == ["R&D"]
    path = {"op": "replace", "path": "displayName", "value": "Q&A <1>"}
    talk.patch(crew, path, endpoint="Groups")
    return new and list(talk.groups()) == ["Q&A <1>"]


@probe("unsent-people-not-locked")
def whoever_was_not_sent_is_locked_all_the_same(talk: Talk) -> object:
    path = f"member-profile/{id_of(talk.switch_on(), UMA)}"
    named = locked(talk, "PATCH", path, by="user", body={"name": "Me"})
    return named and locked_page(talk, "POST", "leave", "limited") and LIAM in talk.people()


@probe("reactivating-unlocked")
def nobody_activates_whom_scim_deactivated(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    talk.set(anna, active=False)
    kept = locked(talk, "PUT", f"users/{anna}", body={"status": "ACTIVE"})
    return kept and talk.status(ANNA) == "INACTIVE"


@probe("inviting-unlocked")
def nobody_is_invited(talk: Talk) -> object:
    body = {"email": "b@example.com"}
    return locked_page(talk.switch_on(), "POST", "invitations", "owner", body)


@probe("invited-people-deletable")
def nobody_deletes_who_is_invited(talk: Talk) -> object:
    kept = locked(talk, "DELETE", f"users/{id_of(talk.switch_on(), INES)}")
    return kept and INES in talk.people()


@probe("refused-changes-made")
def what_is_refused_is_not_done(talk: Talk) -> object:
    limited = f"users/{id_of(talk.switch_on(), LIAM)}/type"
    talk.simulated("PUT", limited, body={"type": "REGULAR"})
    role = {"role": "WORKSPACE_ADMIN"}
    talk.simulated("PUT", f"users/{id_of(talk, UMA)}/role", body=role)
    is_limited = talk.person(LIAM)["status"] == "LIMITED"
    return is_limited and talk.api("GET", "users", by="user").status == 403


@probe("admins-demotable")
def nobody_makes_admins_users(talk: Talk) -> object:
    path = f"users/{id_of(talk.switch_on(), ADAM)}/role"
    return locked_page(talk, "PUT", path, "owner", {"role": "USER"})

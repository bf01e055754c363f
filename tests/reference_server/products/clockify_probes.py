"""Probes of Clockify: each looks whether the product keeps one promise."""

from __future__ import annotations

from collections.abc import Callable

from tests.reference_server.products.clockify_talk import HOST
from tests.reference_server.products.clockify_talk import Talk

Probe = Callable[[Talk], object]

UMA = "uma.user@example.com"
LIAM = "liam.limited@example.com"
INES = "ines.invited@example.com"
ANNA = "anna@example.com"
EMAILS = f'filter=emails[type eq "work"].value eq "{UMA}"'

PROBES: dict[str, Probe] = {}


def probe(*names: str) -> Callable[[Probe], Probe]:
    """Let a probe stand for deviations: it tells whether the promise is kept."""

    def register(function: Probe) -> Probe:
        PROBES.update(dict.fromkeys(names, function))
        return function

    return register


def id_of(talk: Talk, email: str) -> str:
    return str(talk.person(email)["id"])


# Switching SCIM on.


@probe("admins-switch-scim-on")
def an_admin_cannot_switch_on(talk: Talk) -> object:
    return talk.simulated("POST", "scim", by="admin").status == 403


@probe("any-plan-has-scim")
def a_plan_below_enterprise_has_no_scim(talk: Talk) -> object:
    talk.simulated("PUT", "plan", body={"plan": "PRO_2021"})
    return talk.simulated("POST", "scim").status == 403


@probe("token-never-changes")
def each_token_is_new(talk: Talk) -> object:
    first = talk.switch_on().token
    return talk.simulated("POST", "scim/token").json["token"] != first


@probe("token-shown-again")
def the_state_has_no_token(talk: Talk) -> object:
    return "token" not in talk.switch_on().simulated("GET", "scim").json


@probe("rotated-token-works-on")
def the_token_before_a_rotation_is_dead(talk: Talk) -> object:
    talk.switch_on().simulated("POST", "scim/token")
    return talk.scim("GET", "/Users").status == 401


@probe("switched-off-token-works-on")
def the_token_is_dead_without_scim(talk: Talk) -> object:
    talk.switch_on().simulated("DELETE", "scim")
    return talk.scim("GET", "/Users").status == 401


@probe("base-url-without-version")
def the_base_url_ends_in_the_version(talk: Talk) -> object:
    return talk.simulated("POST", "scim").json["baseUrl"] == f"http://{HOST}/scim/v2"


@probe("groups-kept")
def switching_on_deletes_the_groups(talk: Talk) -> object:
    return bool(talk.groups()) and not talk.switch_on().groups()


@probe("group-ids-reused")
def a_group_that_comes_back_is_another(talk: Talk) -> object:
    before = talk.groups()["Designers"]["id"]
    talk.switch_on().push("Designers")
    return talk.groups()["Designers"]["id"] != before


@probe("names-changed-at-switching-on")
def names_stay_when_scim_is_switched_on(talk: Talk) -> object:
    before = {email: each["name"] for email, each in talk.people().items()}
    after = talk.switch_on().people()
    return before == {email: each["name"] for email, each in after.items()}


@probe("directory-pulled")
def nobody_comes_whom_the_provider_did_not_send(talk: Talk) -> object:
    before = set(talk.people())
    talk.switch_on().provision("anna")
    return set(talk.people()) == before | {ANNA}


@probe("members-unseen", "user-names-find-nobody")
def a_member_is_found_by_user_name(talk: Talk) -> object:
    found = talk.switch_on().scim("GET", "/Users", query=f'filter=userName eq "{UMA}"')
    return [each["id"] for each in found.json["Resources"]] == [id_of(talk, UMA)]


@probe("emails-find-nobody")
def a_member_is_found_by_email(talk: Talk) -> object:
    found = talk.switch_on().scim("GET", "/Users", query=EMAILS)
    return [each["id"] for each in found.json["Resources"]] == [id_of(talk, UMA)]


def enters(talk: Talk, form: str) -> bool:
    talk.switch_on()
    authorization = ("Authorization", form.format(talk.token))
    return talk.send("GET", "/scim/v2/Users", headers=(authorization,)).status == 200


@probe("bare-token-refused")
def the_bare_token_enters(talk: Talk) -> object:
    return enters(talk, "{}")


@probe("bearer-token-refused")
def the_token_behind_the_word_enters(talk: Talk) -> object:
    return enters(talk, "Bearer {}")


@probe("repeated-bearer-refused")
def the_token_behind_the_word_twice_enters(talk: Talk) -> object:
    return enters(talk, "Bearer Bearer {}")


@probe("connection-test-refused")
def a_connection_test_succeeds(talk: Talk) -> object:
    return talk.switch_on().scim("GET", "/Users", query="count=1&startIndex=1").status == 200


# Users.


@probe("users-not-created")
def a_user_is_there_at_once(talk: Talk) -> object:
    talk.switch_on().provision("anna")
    return ANNA in talk.people()


@probe("users-created-as-invitations")
def a_user_is_active_at_once(talk: Talk) -> object:
    talk.switch_on().provision("anna")
    return talk.status(ANNA) == "ACTIVE"


@probe("names-ignored", "names-changed-at-second-request")
def a_name_changes_at_the_first_request(talk: Talk) -> object:
    talk.switch_on().set(id_of(talk, UMA), **{"name.givenName": "Ulla"})
    return talk.person(UMA)["name"] == "Ulla User"


@probe("emails-ignored")
def an_email_follows(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    emails = [{"value": "a@example.com", "type": "work", "primary": True}]
    talk.set(anna, userName="a@example.com", emails=emails)
    return "a@example.com" in talk.people() and ANNA not in talk.people()


@probe("deactivation-ignored", "status-changes-late")
def a_deactivation_shows_at_once(talk: Talk) -> object:
    talk.set(talk.switch_on().provision("anna"), active=False)
    return talk.status(ANNA) == "INACTIVE"


@probe("deactivation-removes")
def a_deactivated_user_is_still_there(talk: Talk) -> object:
    talk.set(talk.switch_on().provision("anna"), active=False)
    return ANNA in talk.people()


@probe("reactivation-ignored")
def a_reactivation_shows_at_once(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    talk.set(anna, active=False)
    talk.set(anna, active=True)
    return talk.status(ANNA) == "ACTIVE"


@probe("time-zone-ignored")
def a_time_zone_comes_from_the_provider(talk: Talk) -> object:
    talk.switch_on().provision("anna", timezone="Asia/Tokyo")
    return talk.person(ANNA)["settings"]["timeZone"] == "Asia/Tokyo"


@probe("time-zone-overwritten")
def a_time_zone_chosen_by_hand_stays(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna", timezone="Asia/Tokyo")
    body = {"timeZone": "Europe/Paris"}
    talk.simulated("PUT", "/user/settings", by=ANNA, body=body)
    talk.set(anna, timezone="Asia/Aden")
    return talk.person(ANNA)["settings"]["timeZone"] == "Europe/Paris"


@probe("time-zone-locked")
def a_time_zone_can_be_chosen(talk: Talk) -> object:
    body = {"timeZone": "Europe/Paris"}
    return talk.switch_on().simulated("PUT", "/user/settings", by="user", body=body).status == 200


@probe("inactive-users-frozen")
def a_deactivated_user_can_be_anonymised(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    talk.set(anna, active=False)
    emails = [{"value": "gone@example.com", "type": "work", "primary": True}]
    talk.set(anna, **{"name.givenName": "X", "name.familyName": "Y", "emails": emails})
    return talk.people().get("gone@example.com", {}).get("name") == "X Y"


@probe("removal-ignored")
def a_deleted_user_is_gone(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    assert talk.scim("DELETE", f"/Users/{anna}").status == 204
    return ANNA not in talk.people()


@probe("users-capped")
def hundreds_of_users_come_in(talk: Talk) -> object:
    talk.switch_on()
    for number in range(120):
        talk.provision(f"user{number}")
    return sum(email.startswith("user") for email in talk.people()) == 120


@probe("inactive-keys-work-on")
def the_key_of_an_inactive_user_is_dead(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    key = talk.key(ANNA)
    assert talk.opens(key)
    talk.set(anna, active=False)
    return not talk.opens(key)


@probe("removed-keys-work-on")
def the_key_of_a_removed_user_is_dead(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    key = talk.key(ANNA)
    assert talk.opens(key)
    talk.scim("DELETE", f"/Users/{anna}")
    return not talk.opens(key)


@probe("others-deactivated")
def whoever_was_not_sent_is_left_alone(talk: Talk) -> object:
    before = talk.people()
    talk.switch_on().provision("anna")
    after = talk.people()
    return all(after[email] == each for email, each in before.items())

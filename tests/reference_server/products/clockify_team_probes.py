"""Probes of Clockify's groups, and of what is locked while SCIM is on."""

from __future__ import annotations

from tests.reference_server.products.clockify_probes import ANNA
from tests.reference_server.products.clockify_probes import INES
from tests.reference_server.products.clockify_probes import LIAM
from tests.reference_server.products.clockify_probes import UMA
from tests.reference_server.products.clockify_probes import id_of
from tests.reference_server.products.clockify_probes import probe
from tests.reference_server.products.clockify_talk import GROUP
from tests.reference_server.products.clockify_talk import USER
from tests.reference_server.products.clockify_talk import Reply
from tests.reference_server.products.clockify_talk import Talk

# Groups.


@probe("groups-not-created")
def a_pushed_group_is_there(talk: Talk) -> object:
    talk.switch_on().push("Crew")
    return "Crew" in talk.groups()


@probe("groups-not-deleted")
def a_deleted_group_is_gone(talk: Talk) -> object:
    crew = talk.switch_on().push("Crew")
    talk.scim("DELETE", f"/Groups/{crew}")
    return "Crew" not in talk.groups()


@probe("members-not-added")
def members_come_into_groups(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    ben = talk.provision("ben")
    talk.join(talk.push("Crew", anna), ben)
    return talk.groups()["Crew"]["userIds"] == [anna, ben]


@probe("members-not-removed")
def members_leave_groups(talk: Talk) -> object:
    anna = talk.switch_on().provision("anna")
    ben = talk.provision("ben")
    talk.part(talk.push("Crew", anna, ben), anna)
    return talk.groups()["Crew"]["userIds"] == [ben]


@probe("group-names-ignored", "renamed-groups-doubled")
def a_group_has_the_name_that_the_provider_has(talk: Talk) -> object:
    crew = talk.switch_on().push("Crew")
    path = {"op": "replace", "path": "displayName", "value": "Gang"}
    talk.patch(crew, path, endpoint="Groups")
    return list(talk.groups()) == ["Gang"]


@probe("address-named-groups-ignored")
def a_distribution_list_is_a_group(talk: Talk) -> object:
    talk.switch_on().push("crew@example.com")
    return "crew@example.com" in talk.groups()


@probe("group-of-everyone-made")
def users_alone_make_no_group(talk: Talk) -> object:
    talk.switch_on().provision("anna")
    return not talk.groups()


# Locks.


def says(found: Reply) -> bool:
    return found.status == 403 and "SCIM" in found.message


def locked(talk: Talk, method: str, path: str, *, by: str = "admin", body: object = None) -> bool:
    return says(talk.api(method, path, by=by, body=body))


def locked_page(talk: Talk, method: str, path: str, by: str, body: object = None) -> bool:
    return says(talk.simulated(method, path, by=by, body=body))


@probe("own-name-unlocked", "locks-without-reason")
def nobody_renames_themselves(talk: Talk) -> object:
    path = f"member-profile/{id_of(talk.switch_on(), UMA)}"
    kept = locked(talk, "PATCH", path, by="user", body={"name": "Me"})
    return kept and talk.person(UMA)["name"] == "Uma User"


@probe("leaving-unlocked")
def nobody_leaves(talk: Talk) -> object:
    kept = locked_page(talk.switch_on(), "POST", "leave", "user")
    return kept and UMA in talk.people()


@probe("joining-unlocked")
def nobody_joins(talk: Talk) -> object:
    talk.switch_on()
    return locked_page(talk, "POST", "join", "", {"email": ANNA}) and ANNA not in talk.people()


@probe("adding-users-unlocked")
def nobody_adds_users(talk: Talk) -> object:
    talk.switch_on()
    by_page = locked_page(talk, "POST", "invitations", "admin", {"email": "b@example.com"})
    return locked(talk, "POST", "users", body={"email": ANNA}) and by_page


@probe("updating-users-unlocked", "owners-not-locked")
def nobody_updates_users(talk: Talk) -> object:
    path = id_of(talk.switch_on(), UMA)
    by_owner = locked(talk, "PUT", f"users/{path}", by="owner", body={"status": "INACTIVE"})
    named = locked(talk, "PATCH", f"member-profile/{path}", body={"name": "Other"})
    return by_owner and named and talk.status(UMA) == "ACTIVE"


@probe("deleting-users-unlocked")
def nobody_deletes_users(talk: Talk) -> object:
    kept = locked(talk, "DELETE", f"users/{id_of(talk.switch_on(), UMA)}")
    return kept and UMA in talk.people()


@probe("invitations-revocable")
def nobody_revokes_invitations(talk: Talk) -> object:
    path = f"invitations/{id_of(talk.switch_on(), INES)}"
    return locked_page(talk, "DELETE", path, "admin") and INES in talk.people()


@probe("types-unlocked")
def nobody_makes_limited_users_regular(talk: Talk) -> object:
    path = f"users/{id_of(talk.switch_on(), LIAM)}/type"
    kept = locked_page(talk, "PUT", path, "admin", {"type": "REGULAR"})
    return kept and talk.person(LIAM)["status"] == "LIMITED"


@probe("roles-unlocked")
def nobody_changes_roles(talk: Talk) -> object:
    path = f"users/{id_of(talk.switch_on(), UMA)}/role"
    return locked_page(talk, "PUT", path, "owner", {"role": "WORKSPACE_ADMIN"})


@probe("creating-groups-unlocked")
def nobody_creates_groups(talk: Talk) -> object:
    talk.switch_on()
    return locked(talk, "POST", "user-groups", body={"name": "Crew"}) and not talk.groups()


@probe("updating-groups-unlocked")
def nobody_updates_groups(talk: Talk) -> object:
    crew = f"user-groups/{talk.switch_on().push('Crew', id_of(talk, UMA))}"
    renamed = locked(talk, "PUT", crew, body={"name": "Gang"})
    joined = locked(talk, "POST", f"{crew}/users", body={"userId": id_of(talk, LIAM)})
    parted = locked(talk, "DELETE", f"{crew}/users/{id_of(talk, UMA)}")
    return renamed and joined and parted


@probe("deleting-groups-unlocked")
def nobody_deletes_groups(talk: Talk) -> object:
    crew = talk.switch_on().push("Crew")
    return locked(talk, "DELETE", f"user-groups/{crew}") and "Crew" in talk.groups()


@probe("scim-locked-too")
def the_provider_does_what_is_locked(talk: Talk) -> object:
    talk.switch_on()
    user = {"schemas": [USER], "userName": ANNA}
    group = {"schemas": [GROUP], "displayName": "Crew"}
    made = (talk.scim("POST", "/Users", user), talk.scim("POST", "/Groups", group))
    return [each.status for each in made] == [201, 201]

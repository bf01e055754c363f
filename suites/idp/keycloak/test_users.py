"""Keycloak's user propagation: POST once, then PUT or PATCH, then DELETE; never a look-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement

from .conftest import Account
from .conftest import Acted
from .conftest import created
from .conftest import known_team
from .conftest import patching


@requirement(
    "KEYCLOAK-USER-1",
    proof=(
        *("create-without-id", "create-empty-body", "create-without-user-name"),
        *("create-drops-name", "create-drops-emails", "create-inactive", "scim-json-refused"),
        *("create-requires-type-in-emails", "create-refuses-external-id", "create-id-differs"),
    ),
)
def test_a_new_person_has_an_account(keycloak: Replay, newcomer: Acted, look: ScimClient) -> None:
    """A person created in the realm exists with the names, e-mail and state that were sent."""
    created(keycloak, newcomer.outcome)
    person = newcomer.person
    user = expect(look.user(newcomer.id)).status(200)
    user.has("userName", person.user_name).not_inactive().email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement("KEYCLOAK-USER-2", proof=("active-omitted", "create-drops-display-name"))
def test_the_reply_shows_what_is_read_back(keycloak: Replay, newcomer: Acted) -> None:
    """The reply to the POST shows displayName and active."""
    keycloak.judged(newcomer.outcome)


@requirement("KEYCLOAK-USER-3", proof=("roles-refused",))
def test_roles_do_no_harm(keycloak: Replay, look: ScimClient, people: Registry) -> None:
    """A person with roles, each with nothing but a value, gets an account."""
    person = people.person(roles=["admin", "auditor"])
    user_id = created(keycloak, keycloak.mock.assign(person))
    expect(look.user(user_id)).status(200).has("userName", person.user_name)


@requirement("KEYCLOAK-USER-4", proof=("plain-json-refused",))
def test_plain_json_is_taken(keycloak: Replay, people: Registry) -> None:
    """A POST whose Content-Type is application/json, as an admin may choose, is accepted."""
    form = keycloak.again(switches={"content_type": "application/json"})
    created(form, form.mock.assign(people.person()))


@requirement("KEYCLOAK-USER-5", proof=("deleted-name-taken",))
def test_who_comes_back_has_an_account_again(
    keycloak: Replay, account: Account, look: ScimClient
) -> None:
    """Who was deleted and is created again gets an account."""
    keycloak.given.delete(account.person)
    user_id = created(keycloak, keycloak.mock.assign(account.person))
    expect(look.user(user_id)).status(200).has("userName", account.person.user_name)


# -- by PUT


@requirement(
    "KEYCLOAK-PUT-1",
    proof=("put-refused-501", "put-ignored", "put-refuses-id", "put-name-ignored"),
)
def test_a_changed_name_is_seen(
    keycloak: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """A name changed in the realm is changed on the server."""
    name = people.family_name() + "-Changed"
    keycloak.act.update(account.person, family_name=name)
    user = expect(look.user(account.id)).status(200).has("name.familyName", name)
    user.has("name.givenName", account.person.given_name)


@requirement("KEYCLOAK-PUT-2", proof=("put-merges-emails", "put-emails-lost"))
def test_a_changed_email_replaces_the_old(
    keycloak: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """An e-mail changed in the realm is there, and the old one is not."""
    new, old = people.person().email, account.person.email
    keycloak.worked(keycloak.mock.update(account.person, email=new), "update")
    user = expect(look.user(account.id)).status(200).email(new)
    user.holds_no_value("emails", value=old)


@pytest.mark.usefixtures("groups_offered")
@requirement("KEYCLOAK-PUT-3", proof=("put-clears-memberships", "put-refuses-members"))
def test_an_update_leaves_the_groups(
    keycloak: Replay, account: Account, look: ScimClient, people: Registry
) -> None:
    """Who is written by PUT is still a member of the group."""
    known = known_team(keycloak, look, people.group(), account)
    keycloak.act.update(account.person, given_name="Changed")
    expect(look.group(known.id)).status(200).members([account.id])


@requirement("KEYCLOAK-STATE-1", proof=("deactivate-ignored", "deactivate-refused"))
def test_a_disabled_person_is_inactive(keycloak: Replay, leaver: Acted, look: ScimClient) -> None:
    """Disabling sets `active` to false on the same user."""
    keycloak.judged(leaver.outcome)
    expect(look.user(leaver.id)).status(200).has("active", False)


@requirement(
    "KEYCLOAK-STATE-2", proof=("reactivate-ignored", "reactivate-refused", "deactivate-deletes")
)
def test_an_enabled_person_is_the_same_user(
    keycloak: Replay, account: Account, look: ScimClient
) -> None:
    """After disabling and enabling the same id is active."""
    keycloak.given.deactivate(account.person)
    keycloak.act.reactivate(account.person)
    expect(look.user(account.id)).status(200).has("id", account.id).not_inactive()


# -- by PATCH


@requirement(
    "KEYCLOAK-PATCH-1",
    proof=("active-text-refused", "patch-user-refused-501", "patch-first-operation-only"),
    needs=("patch",),
)
def test_a_change_by_patch_is_seen(keycloak: Replay, account: Account, look: ScimClient) -> None:
    """Where PATCH is chosen a changed name is seen as displayName, and `active` stays true."""
    patching(keycloak, "user", account).act.update(account.person, given_name="Changed")
    user = expect(look.user(account.id)).status(200).not_inactive()
    user.has("displayName", f"Changed {account.person.family_name}")


@requirement(
    "KEYCLOAK-PATCH-2",
    proof=("active-text-as-true", "active-text-refused", "deactivate-ignored"),
    needs=("patch",),
)
def test_false_as_a_text_deactivates(keycloak: Replay, account: Account, look: ScimClient) -> None:
    """Where PATCH is chosen, "false" as a text makes the user inactive, and "true" active."""
    form = patching(keycloak, "user", account)
    form.act.deactivate(account.person)
    expect(look.user(account.id)).status(200).has("active", False)
    form.act.reactivate(account.person)
    expect(look.user(account.id)).status(200).not_inactive()


# -- deletion


@requirement("KEYCLOAK-GONE-1", proof=("delete-refused", "delete-ignored", "delete-deactivates"))
def test_a_deleted_person_is_gone(keycloak: Replay, account: Account, look: ScimClient) -> None:
    """Who is deleted in the realm is not on the server any more."""
    keycloak.act.delete(account.person)
    expect(look.user(account.id)).status(404, 410)


@requirement("KEYCLOAK-USER-6", proof=("display-names-unique", "names-of-people-unique"))
def test_namesakes_both_have_an_account(
    keycloak: Replay, newcomer: Acted, look: ScimClient, people: Registry
) -> None:
    """The second of two people of one name is created from the realm beside the first."""
    created(keycloak, newcomer.outcome)
    person, other = newcomer.person, people.person()
    namesake = replace(
        other,
        given_name=person.given_name,
        family_name=person.family_name,
        display_name=person.display_name,
    )
    user_id = created(keycloak, keycloak.mock.assign(namesake))
    expect(look.user(user_id)).status(200).has("userName", namesake.user_name)


@requirement("KEYCLOAK-USER-7", proof=("user-names-must-be-emails",))
def test_a_username_is_no_address(
    keycloak: Replay, newcomer: Acted, look: ScimClient, people: Registry
) -> None:
    """A person whose username in the realm is no e-mail address has an account."""
    created(keycloak, newcomer.outcome)
    person = replace(people.person(), user_name=people.unique("operator"))
    user_id = created(keycloak, keycloak.mock.assign(person))
    expect(look.user(user_id)).status(200).has("userName", person.user_name)

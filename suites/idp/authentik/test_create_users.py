"""authentik's Sync users: what it learns of the server, and how a person gets an account."""

from __future__ import annotations

from dataclasses import replace

from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import CREATES
from .conftest import Newcomer

AVATAR = "https://example.com/avatar.png"


@requirement(
    "AUTHENTIK-CONF-1",
    proof=(
        *("service-provider-config-404", "config-without-features", "config-without-limits"),
        *("config-schemes-without-description", "config-without-authentication-schemes"),
        "config-features-as-booleans",
    ),
)
def test_the_features_can_be_read(authentik: Replay, newcomer: Newcomer, bench: Bench) -> None:
    """ServiceProviderConfig has every member that authentik's model wants."""
    authentik.watched(newcomer.outcome)
    if not newcomer.usable:
        asked = [each for each in bench.log.entries if "ServiceProviderConfig" in each.target]
        raise Mismatch(
            expected="a configuration with every feature, bulk.maxOperations and the schemes",
            actual="one that authentik throws away",
            entry=asked[0] if asked else authentik.last_entry(),
        )


@requirement(
    "AUTHENTIK-USER-1",
    proof=(
        *("create-without-id", "create-empty-body", "create-id-differs", "create-drops-name"),
        *("create-drops-emails", "create-inactive", "create-refuses-external-id"),
        "scim-json-refused",
    ),
)
def test_a_new_person_has_an_account(
    authentik: Replay, newcomer: Newcomer, look: ScimClient
) -> None:
    """A person in scope exists with the names, e-mail and state that were sent."""
    authentik.judged(newcomer.outcome)
    person = newcomer.person
    user = expect(look.user(newcomer.id)).status(200)
    user.has("userName", person.user_name).not_inactive().email(person.email)
    user.has("name.givenName", person.given_name).has("name.familyName", person.family_name)


@requirement("AUTHENTIK-USER-2", proof=("create-drops-display-name",), dialects=())
def test_the_display_name_is_stored(
    authentik: Replay, newcomer: Newcomer, look: ScimClient
) -> None:
    """The displayName that authentik sent is shown."""
    authentik.worked(newcomer.outcome, "assign")
    expect(look.user(newcomer.id)).status(200).has("displayName", newcomer.person.display_name)


@requirement(
    "AUTHENTIK-USER-3", proof=("create-refuses-photos", "create-refuses-locale"), dialects=()
)
def test_photo_and_locale_do_no_harm(authentik: Replay, look: ScimClient, people: Registry) -> None:
    """A person with an avatar and a locale gets an account."""
    person = people.person(avatar=AVATAR, locale="de")
    authentik.act.assign(person)
    user = expect(look.user(str(authentik.idp.user_id(person)))).status(200)
    user.has("userName", person.user_name)


@requirement("AUTHENTIK-USER-4", proof=("empty-string-refused",), dialects=())
def test_a_name_of_one_word_does_no_harm(
    authentik: Replay, look: ScimClient, people: Registry
) -> None:
    """A person whose name is one word, so that the familyName is empty, gets an account."""
    person = replace(people.person(), display_name="Madonna")
    authentik.act.assign(person)
    user = expect(look.user(str(authentik.idp.user_id(person)))).status(200)
    user.has("userName", person.user_name).has("name.givenName", "Madonna")


@requirement("AUTHENTIK-USER-5", proof=("active-always-true",), dialects=())
def test_an_inactive_person_is_created_inactive(
    authentik: Replay, look: ScimClient, people: Registry
) -> None:
    """A person who is inactive in authentik gets an account that is inactive."""
    person = people.person()
    authentik.worked(authentik.mock.deactivate(person), "assign")
    expect(look.user(str(authentik.idp.user_id(person)))).status(200).has("active", False)


# -- who is there already


@requirement(
    "AUTHENTIK-MATCH-1",
    proof=(
        *("duplicates-allowed", "duplicate-as-400", "duplicate-as-500", "filter-ignored"),
        *("filter-finds-nothing", "empty-search-404+filter-finds-nothing"),
    ),
    needs=("filter",),
)
def test_who_is_there_already_is_linked(
    authentik: Replay, look: ScimClient, people: Registry
) -> None:
    """A person whom the app has gives 409, is then found by userName, and stays one user."""
    person = people.person()
    create_user(look, replace(people.person(), user_name=f"{person.user_name}.org"), by=CREATES)
    user_id = create_user(look, person, by=CREATES)
    authentik.act.assign(person)
    _linked(authentik, str(authentik.idp.user_id(person)), user_id)
    expect(look.users_named(person.user_name)).matches(user_id)


@requirement("AUTHENTIK-MATCH-2", proof=("filter-hides-inactive",), needs=("filter",))
def test_an_inactive_user_is_linked_and_woken(
    authentik: Replay, look: ScimClient, people: Registry
) -> None:
    """An inactive user is found after the 409, and is active after the next write."""
    person = people.person()
    user_id = create_user(look, person, by=CREATES, active=False)
    authentik.act.assign(person)
    _linked(authentik, str(authentik.idp.user_id(person)), user_id)
    authentik.worked(authentik.mock.update(person, display_name="Ann Woken"), "update")
    expect(look.user(user_id)).status(200).not_inactive()


@requirement(
    "AUTHENTIK-MATCH-3",
    proof=("filter-unquoted-refused", "filter-ignored"),
    dialects=(),
    needs=("filter",),
)
def test_the_older_look_up_finds_the_user(
    authentik: Replay, look: ScimClient, people: Registry
) -> None:
    """A look-up without quotation marks, as before 2025.10, finds the user."""
    older, person = authentik.again(switches={"user_filter": "unquoted"}), people.person()
    create_user(look, people.person(), by=CREATES)
    user_id = create_user(look, person, by=CREATES)
    older.act.assign(person)
    _linked(older, str(older.idp.user_id(person)), user_id)


def _linked(authentik: Replay, seen: str, wanted: str) -> None:
    if seen != wanted:
        raise Mismatch(
            expected=f"the user who is there, {wanted}, linked",
            actual=f"{seen} linked",
            entry=authentik.last_entry(),
        )


@requirement(
    "AUTHENTIK-USER-6", proof=("display-names-unique", "names-of-people-unique"), dialects=()
)
def test_namesakes_both_get_an_account(
    authentik: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """The second of two people of one name is created by authentik beside the first."""
    authentik.worked(newcomer.outcome, "assign")
    person, other = newcomer.person, people.person()
    namesake = replace(
        other,
        given_name=person.given_name,
        family_name=person.family_name,
        display_name=person.display_name,
    )
    authentik.act.assign(namesake)
    user = expect(look.user(str(authentik.idp.user_id(namesake)))).status(200)
    user.has("userName", namesake.user_name)


@requirement("AUTHENTIK-USER-7", proof=("user-names-must-be-emails",), dialects=())
def test_a_username_is_no_address(
    authentik: Replay, newcomer: Newcomer, look: ScimClient, people: Registry
) -> None:
    """A person whose username in authentik is no e-mail address gets an account."""
    authentik.worked(newcomer.outcome, "assign")
    person = replace(people.person(), user_name=people.unique("operator"))
    authentik.act.assign(person)
    user = expect(look.user(str(authentik.idp.user_id(person)))).status(200)
    user.has("userName", person.user_name)

"""Okta's import: full reads of users and groups, page by page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from idp_profiles.model import Json
from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Acted
from .conftest import Assigned


def _created(look: ScimClient, people: Registry, count: int) -> list[str]:
    ids = []
    for person in people.people(count):
        reply = look.create_user(person)
        if reply.status != 201:
            raise Blocked(f"POST /Users answered {reply.status}", by="OKTA-CREATE-1")
        ids.append(str(reply.object().get("id")))
    return ids


def _imported(okta: Replay, user_id: str) -> Mapping[str, Json]:
    """Return the one imported user of this id."""
    users: tuple[dict[str, Json], ...] = okta.idp.imported.users
    found = [user for user in users if user.get("id") == user_id]
    if len(found) != 1:
        raise Mismatch(
            expected="the user once in the import",
            actual=f"{len(found)} times",
            entry=okta.last_entry(),
        )
    return found[0]


@requirement(
    "OKTA-IMP-1",
    proof=("list-loses-newest", "total-is-page-size", "page-capped-at-two", "list-repeats-last"),
    dialects=(),
)
def test_import_meets_every_user_once(
    okta: Replay, crew: tuple[Assigned, ...], assigned: Assigned
) -> None:
    """A full import returns every user exactly once."""
    ids = [each.id for each in (*crew, assigned)]

    def check(form: Replay) -> None:
        form.act.import_users()
        for user_id in ids:
            _imported(form, user_id)

    every_form(okta, "import-users", check)


@requirement("OKTA-IMP-2", proof=("pages-zero-based", "total-is-page-size"), dialects=())
@pytest.mark.scim_large
def test_import_meets_every_user_once_over_pages(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """An import of more than 100 users meets every one of them once."""
    ids = _created(look, people, 101)
    okta.act.import_users()
    for user_id in ids:
        _imported(okta, user_id)


@requirement("OKTA-IMP-3", proof=("deactivate-ignored", "active-omitted", "active-as-string"))
def test_deactivated_users_are_skipped(okta: Replay, leaver: Acted) -> None:
    """A deactivated user is listed with `active` false, so that Okta skips it."""
    okta.arranged(leaver.outcome, "deactivate")
    okta.act.import_users()
    if any(user.get("id") == leaver.id for user in okta.idp.imported.users):
        raise Mismatch(
            expected="`active` false on the deactivated user in the list, so that it is skipped",
            actual="a user that Okta imports as active",
            entry=okta.last_entry(),
        )


@requirement(
    "OKTA-IMP-4", proof=("list-hides-names", "list-hides-emails", "active-omitted"), dialects=()
)
def test_listed_users_are_whole(okta: Replay, crew: tuple[Assigned, ...]) -> None:
    """A listed user carries id, userName, both names, an e-mail and active."""
    okta.act.import_users()
    user = dict(_imported(okta, crew[0].id))
    wanted = ("userName", "name.givenName", "name.familyName", "emails[0].value", "active")
    missing = [path for path in wanted if value_at(user, path) in (None, "")]
    if missing:
        raise Mismatch(
            expected=f"{', '.join(wanted)} on each listed user",
            actual=f"a user without {', '.join(missing)}",
            entry=okta.last_entry(),
        )


@requirement("OKTA-IMP-5", proof=("groups-list-404", "list-hides-group-names"), dialects=())
@pytest.mark.usefixtures("groups_offered")
def test_groups_are_imported_with_name(okta: Replay, look: ScimClient, people: Registry) -> None:
    """A group is listed with id and displayName."""
    name = people.group().name
    made = look.create_group(name)
    if made.status != 201:
        raise Blocked(f"POST /Groups answered {made.status}", by="OKTA-PUSH-1")
    okta.act.import_groups()
    found = [group.get("displayName") for group in okta.idp.imported.groups]
    if found.count(name) != 1:
        raise Mismatch(
            expected=f"the group {name!r} once in the list",
            actual=f"{found.count(name)} times among {len(found)} groups",
            entry=okta.last_entry(),
        )


@requirement("OKTA-IMP-6", proof=("emails-as-object", "email-primary-lost"), dialects=())
def test_the_primary_email_stays_primary(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """The e-mail sent with `primary` true comes back so, in an array."""
    okta.arranged(newcomer.outcome, "assign")
    reply = expect(look.user(newcomer.id)).status(200)
    reply.has("emails", [{"value": newcomer.person.email, "primary": True}])

"""Okta's import: full reads of users and groups, page by page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from idp_profiles.model import Json
from idp_profiles.okta.imports import ImportResult
from suites.client import ScimClient
from suites.expect import expect
from suites.expect import value_at
from suites.idp.reading import each_once
from suites.idp.reading import read_until
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Acted
from .conftest import Team
from .conftest import created
from .conftest import formed

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed


def _created(look: ScimClient, people: Registry, count: int) -> list[str]:
    ids = []
    for person in people.people(count):
        ids.append(created(look, person))
    return ids


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _import_all(okta: Replay, ids: list[str]) -> None:
    """Import until every user is met once."""

    def is_whole() -> bool:
        return each_once(ids, [value_at(user, "id") for user in okta.idp.imported.users])

    read_until(okta.act.import_users, is_whole)
    for user_id in ids:
        _user(okta.idp.imported, user_id, okta)


def _meeting(okta: Replay, one: str, *, of: str = "users", by: str = "id") -> ImportResult:
    """Return what an import of users or groups brings that meets this one of them, if any does."""
    found: list[ImportResult] = []

    def is_met() -> bool:
        met = (*getattr(found[-1], of), *found[-1].nameless)
        listed = [str(value_at(dict(each), by)) for each in met]
        return one.casefold() in [each.casefold() for each in listed]

    read_until(lambda: found.append(_imported(okta, f"import_{of}")), is_met)
    return found[-1]


def _imported(okta: Replay, verb: str = "import_users") -> ImportResult:
    """Return what an import brings, for a case about what is in it.

    Where a server's pages are shorter than Okta asks for, it depends on how Okta goes on whether
    the import is whole; that is judged elsewhere, and here the way is taken that reads everything.
    """
    outcome = okta.worked(getattr(okta.mock, verb)(), verb)
    pages = [exchange.reply.json() for exchange in outcome.exchanges if exchange.reply]
    read = sum(len(_list(value_at(page, "Resources"))) for page in pages)
    total = value_at(pages[0], "totalResults") if pages else None
    result: ImportResult = okta.idp.imported
    if isinstance(total, int) and read < total:
        form = okta.again(switches={"page_advance": "itemsPerPage"})
        form.worked(getattr(form.mock, verb)(), verb)
        result = form.idp.imported
    return result


def _user(imported: ImportResult, user_id: str, okta: Replay) -> Mapping[str, Json]:
    """Return the one imported user of this id; raises Blocked for who has no last name."""
    found = [user for user in imported.users if _is(user, user_id)]
    nameless = [value_at(user, "userName") for user in imported.nameless if _is(user, user_id)]
    if not found and nameless:
        reason = f"the user {nameless[0]!r} is listed without a last name, which Okta refuses"
        raise Blocked(reason, by="OKTA-IMP-4", entry=okta.last_entry())
    if len(found) != 1:
        raise Mismatch(
            expected="the user once in the import",
            actual=f"{len(found)} times",
            entry=okta.last_entry(),
        )
    return found[0]


def _is(user: dict[str, Json], user_id: str) -> bool:
    return value_at(user, "id") == user_id


@requirement(
    "OKTA-IMP-1",
    proof=("list-loses-newest", "total-is-page-size", "page-capped-at-two", "list-repeats-last"),
    dialects=(),
)
def test_import_meets_every_user_once(
    okta: Replay, crew: tuple[Account, ...], assigned: Account
) -> None:
    """A full import returns every user exactly once."""
    ids = [each.id for each in (*crew, assigned)]

    def check(form: Replay) -> None:
        _import_all(form, ids)

    every_form(okta, "import-users", check)


@requirement(
    "OKTA-IMP-2",
    proof=("pages-zero-based", "total-is-page-size", "pages-overlap", "start-index-ignored"),
    dialects=(),
)
@pytest.mark.scim_large
def test_import_meets_every_user_once_over_pages(
    okta: Replay, look: ScimClient, people: Registry
) -> None:
    """An import of more than 100 users meets every one of them once."""
    ids = _created(look, people, 101)
    _import_all(okta, ids)


@requirement("OKTA-IMP-3", proof=("deactivate-ignored", "active-omitted", "active-as-string"))
def test_deactivated_users_are_skipped(okta: Replay, leaver: Acted) -> None:
    """A deactivated user is listed with `active` false, so that Okta skips it."""
    okta.arranged(leaver.outcome, "deactivate")
    if any(value_at(user, "id") == leaver.id for user in _imported(okta).users):
        raise Mismatch(
            expected="`active` false on the deactivated user in the list, so that it is skipped",
            actual="a user that Okta imports as active",
            entry=okta.last_entry(),
        )


@requirement(
    "OKTA-IMP-4", proof=("list-hides-names", "list-hides-emails", "active-omitted"), dialects=()
)
def test_listed_users_are_whole(okta: Replay, crew: tuple[Account, ...]) -> None:
    """A listed user carries id, userName, both names, an e-mail and active."""
    listed = _meeting(okta, crew[0].id)
    found = [each for each in listed.nameless if _is(each, crew[0].id)]
    user = found[0] if found else dict(_user(listed, crew[0].id, okta))
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
    formed(look, name)
    okta.act.import_groups()
    groups = _meeting(okta, name, of="groups", by="displayName").groups
    found = [str(value_at(dict(group), "displayName")).casefold() for group in groups]
    if found.count(name.casefold()) != 1:
        raise Mismatch(
            expected=f"the group {name!r} once in the list",
            actual=f"{found.count(name.casefold())} times among {len(found)} groups",
            entry=okta.last_entry(),
        )


@requirement(
    "OKTA-IMP-6",
    proof=("emails-as-object", "email-primary-lost", "list-loses-primary"),
    dialects=(),
)
def test_the_primary_email_stays_primary(okta: Replay, newcomer: Acted, look: ScimClient) -> None:
    """The e-mail sent with `primary` true comes back so, in an array, by id and in the list."""
    okta.arranged(newcomer.outcome, "assign")
    listed = value_at(dict(_user(_meeting(okta, newcomer.id), newcomer.id, okta)), "emails")
    if not any(value_at(item, "primary") is True for item in _list(listed)):
        raise Mismatch(
            expected="an e-mail with `primary` true in the list",
            actual=f"emails {listed!r}",
            entry=okta.last_entry(),
        )
    reply = expect(look.user(newcomer.id)).status(200).email(newcomer.person.email)
    reply.primary("emails", newcomer.person.email)


@requirement("OKTA-IMP-7", proof=("list-hides-members",), dialects=())
@pytest.mark.usefixtures("groups_offered")
def test_listed_groups_carry_members(okta: Replay, pushed: Team) -> None:
    """A listed group carries its members."""
    groups = _meeting(okta, str(pushed.id), of="groups").groups
    found = [group for group in groups if value_at(group, "id") == pushed.id]
    listed = value_at(found[0], "members") if found else None
    members = [value_at(item, "value") for item in _list(listed)]
    if sorted(map(str, members)) != sorted(pushed.member_ids):
        raise Mismatch(
            expected=f"the group in the list with its members {pushed.member_ids}",
            actual=f"members {members}" if found else "no such group in the list",
            entry=okta.last_entry(),
        )


@requirement("OKTA-IMP-8", proof=("count-ignored",), dialects=())
@pytest.mark.usefixtures("crew")
def test_a_page_holds_no_more_than_count(okta: Replay) -> None:
    """The probe with count 2 is answered with two users at most, though there are more."""
    probe = okta.worked(okta.mock.test_connection(), "test_connection").exchanges[0].reply
    body = probe.json() if probe else None
    resources = value_at(body, "Resources")
    if isinstance(resources, list) and len(resources) > 2:
        raise Mismatch(
            expected="at most 2 resources for count=2",
            actual=f"{len(resources)} resources",
            entry=okta.last_entry(),
        )

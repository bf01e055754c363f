"""JumpCloud's import: Import users from this app, page after page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from idp_profiles.model import Json
from reports import Verdict
from suites.expect import value_at
from suites.idp.reading import each_once
from suites.idp.reading import read_until
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.values import items
from suites.verdicts import Mismatch

from .conftest import Account

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed

FEW = 60  # users, up to which two on a page are no burden


def _import_all(form: Replay, ids: list[str]) -> Mapping[str, list[dict[str, Json]]]:
    """Import until every user is met once, and return who came."""
    read_until(form.act.import_users, lambda: each_once(ids, _ids(form)))
    found = {one: [u for u in form.idp.imported.users if u.get("id") == one] for one in ids}
    counts = {len(met) for met in found.values()}
    if counts != {1}:
        raise Mismatch(
            expected="each of the created users once in the import",
            actual=f"one of them {min(counts - {1})} times",
            entry=form.last_entry(),
            at_most=Verdict.FAIL if 0 in counts else Verdict.WARN,
        )
    return found


@requirement(
    "JUMPCLOUD-IMPORT-1",
    proof=(
        *("list-loses-newest", "total-is-page-size", "list-repeats-last", "pages-overlap"),
        *("start-index-ignored", "list-without-id", "users-list-500"),
    ),
)
def test_the_import_meets_every_user_once(jc: Replay, crew: tuple[Account, ...]) -> None:
    """An import meets every user exactly once, whatever the size of a page."""
    ids = [each.id for each in crew]
    few = len(_whole(jc, ids)) <= FEW
    every_form(
        jc,
        "import",
        lambda form: _check(form, ids),
        only=lambda name: name != "default" and (few or name != "small-pages"),
    )


def _ids(form: Replay) -> list[Json]:
    """Return the ids of everybody who was imported."""
    return [user.get("id") for user in form.idp.imported.users]


def _whole(jc: Replay, ids: list[str]) -> tuple[object, ...]:
    """Import in the default form, by a JumpCloud that knows nobody, and return who came."""
    form = jc.again()
    _import_all(form, ids)
    users: tuple[object, ...] = form.idp.imported.users
    return users


def _check(form: Replay, ids: list[str]) -> None:
    _import_all(form, ids)


@requirement("JUMPCLOUD-IMPORT-2", proof=("list-hides-emails",))
def test_an_imported_user_has_an_address(jc: Replay, crew: tuple[Account, ...]) -> None:
    """A listed user carries the e-mail address from which JumpCloud makes the user name."""
    form = jc.again()
    read_until(
        lambda: form.worked(form.mock.import_users(), "import_users"),
        lambda: crew[0].id in _ids(form),
    )
    listed = [user for user in form.idp.imported.users if user.get("id") == crew[0].id]
    emails = [value_at(each, "value") for user in listed for each in items(user.get("emails"))]
    if crew[0].person.email.lower() not in [str(each).lower() for each in emails]:
        raise Mismatch(
            expected=f"the e-mail {crew[0].person.email!r} on the listed user",
            actual=f"emails {emails!r}" if listed else "no such user in the import",
            entry=form.last_entry(),
        )

"""RFC 7644 section 3.6: deleting resources."""

from __future__ import annotations

import pytest

from suites.crud.conftest import Left
from suites.crud.conftest import Missing
from suites.crud.lives import Life
from suites.expect import expect
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# PUT has a case of its own: it is the one that servers answer by falling over.
METHODS = ("GET", "PATCH", "DELETE")


@pytest.mark.parametrize("method", METHODS)
@requirement("RFC7644-3.6-2", proof=("delete-ignored", "delete-deactivates", "not-found-empty"))
def test_nothing_can_be_done_to_a_deleted_user(
    method: str, life: Life, features: Capabilities
) -> None:
    """Each method on a user who was deleted gives 404 with an error message."""
    features.check(("patch",) if method == "PATCH" else ())
    expect(life.after(method)).scim_error(404)


@requirement(
    "RFC7644-3.6-2",
    proof=("put-missing-as-500", "put-revives-deleted", "delete-ignored", "not-found-empty"),
)
def test_a_deleted_user_cannot_be_replaced(life: Life) -> None:
    """PUT on a user who was deleted gives 404 with an error message."""
    expect(life.after("PUT")).scim_error(404)


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@requirement("RFC7644-3.6-2", proof=("group-delete-ignored",), needs=("groups",))
def test_nothing_can_be_done_to_a_deleted_group(
    method: str, group_life: Life, features: Capabilities
) -> None:
    """Each method on a group that was deleted gives 404 with an error message."""
    features.check(("patch",) if method == "PATCH" else ())
    expect(group_life.after(method)).scim_error(404)


@requirement(
    "RFC7644-3.6-2",
    proof=("group-write-missing-500", "group-delete-ignored"),
    needs=("groups",),
)
def test_a_deleted_group_cannot_be_replaced(group_life: Life) -> None:
    """PUT on a group that was deleted gives 404 with an error message."""
    expect(group_life.after("PUT")).scim_error(404)


@requirement(
    "RFC7644-3.6-2",
    proof=("group-delete-missing-500", "group-delete-ignored"),
    needs=("groups",),
)
def test_a_deleted_group_is_not_deleted_again(group_life: Life) -> None:
    """DELETE of a group that was deleted before gives 404 with an error message."""
    expect(group_life.after("DELETE")).scim_error(404)


@requirement("RFC7644-3.6-3", proof=("deleted-still-listed", "delete-deactivates"))
def test_a_deleted_user_is_not_listed(life: Life) -> None:
    """A list of users leaves out one who was deleted."""
    _not_in(life, "list")


@requirement("RFC7644-3.6-3", proof=("delete-ignored",), needs=("filter",))
def test_a_deleted_user_is_not_found(life: Life) -> None:
    """A filter on the userName does not find a user who was deleted."""
    _not_in(life, "filter")


@requirement("RFC7644-3.6-3", proof=("group-delete-ignored",), needs=("groups",))
def test_a_deleted_group_is_not_listed(group_life: Life) -> None:
    """A list of groups leaves out one that was deleted."""
    _not_in(group_life, "list")


@requirement("RFC7644-3.6-4", proof=("deleted-name-taken",))
def test_the_name_of_a_deleted_user_is_free(life: Life) -> None:
    """A user can be created with the userName of one who was deleted."""
    expect(life.after("POST")).success()


@requirement("RFC7644-3.6-6", proof=("delete-answers-200",))
def test_deleting_a_user_gives_204(life: Life) -> None:
    """DELETE of a user gives 204 without content."""
    expect(deletable(life.replies["DELETE"])).status(204).no_body()


@requirement(
    "RFC7644-3.6-6",
    proof=("group-delete-answers-200",),
    needs=("groups",),
)
def test_deleting_a_group_gives_204(group_life: Life) -> None:
    """DELETE of a group gives 204 without content."""
    expect(deletable(group_life.replies["DELETE"])).status(204).no_body()


@requirement("RFC7644-3.6-7", proof=("delete-twice-500", "delete-twice-204", "not-found-as-400"))
def test_a_user_is_deleted_once(life: Life) -> None:
    """DELETE of a user who was deleted before gives 404 with an error message."""
    expect(life.after("DELETE")).scim_error(404)


@requirement("RFC7644-3.6-7", proof=("delete-twice-204", "not-found-status-mismatch"))
def test_an_unknown_user_is_not_deleted(missing: Missing) -> None:
    """DELETE of a user with an id that nobody has gives 404 with an error message."""
    expect(deletable(missing.on("DELETE"))).scim_error(404)


@requirement(
    "RFC7644-3.6-8",
    proof=("if-match-ignored-by-delete", "if-match-failed-as-409", "if-match-failed-as-400"),
)
def test_an_outdated_delete_is_refused(scim: Scim, user: Made, definitions: Definitions) -> None:
    """DELETE with the ETag of an earlier version fails with 412, and the user stays."""
    first = scim.get(user)
    name = definitions.changeable("displayName", "nickName", "title")
    scim.put(user, {**user.sent, name: "Somebody else"})
    then = scim.get(user)
    old, new = (value_at(each.object(), "meta.version") for each in (first, then))
    if not isinstance(old, str):
        raise NotOffered("the server shows no version of a user")
    if old == new:
        reason = "a change made no new version"
        raise Blocked(reason, by="RFC7644-3.5.1-17", entry=then.entry)
    reply = scim.delete(user, headers={"If-Match": old})
    expect(scim.get(user)).status(200)
    expect(deletable(reply)).refused().warn_at_most().status(412)


@requirement("RFC7644-3.6-9", proof=("delete-of-member-refused",))
def test_a_member_can_be_deleted(bereft: Left) -> None:
    """DELETE of a user who is a member of a group succeeds."""
    expect(deletable(bereft.reply)).success()


@requirement("RFC7644-3.6-9", proof=("delete-takes-groups-along",))
def test_the_group_of_a_deleted_user_stays(bereft: Left, reading: Reading) -> None:
    """A group stays when one of its members is deleted; whether the entry goes is noted."""
    expect(bereft.group).status(200)
    left = values_at(bereft.group.object(), "members.value")
    fate = "stays in" if bereft.user.id in left else "goes from"
    reading(f"a user who is deleted {fate} the members of its groups")


def _not_in(life: Life, what: str) -> None:
    seen = life.after(what)
    expect(seen).status(200).holds(
        lambda: (
            life.made.id
            not in [value_at(each, "id") for each in items(value_at(seen.object(), "Resources"))]
        ),
        "a list without what was deleted",
        lambda: f"{life.made.path} in the list",
    )

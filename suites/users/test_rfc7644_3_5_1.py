"""RFC 7644 section 3.5.1 on users: what a PUT gives a user, the userName among it."""

from __future__ import annotations

from suites.attributes.showing import shows
from suites.expect import expect
from suites.requirements import requirement
from suites.users.conftest import Wishes
from suites.users.names import Names
from suites.users.wishes import Wish
from suites.values import items
from suites.values import same_but_for_case
from suites.values import value_at
from suites.values import values_at
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

RENAME = ("rename-ignored", "rename-refused")


@requirement("RFC7644-3.5.1-4", proof=(*RENAME, "rename-creates-another", "put-deactivates"))
def test_a_user_gets_another_name(taken: Names) -> None:
    """A user to whom a PUT gives another userName has it, and is as active as before."""
    _can_be_renamed(taken)
    expect(taken.renamed.reply).success()
    after = expect(taken.renamed.after or taken.renamed.reply).status(200)
    after.has("userName", taken.new).not_inactive()


@requirement("RFC7643-3.1-8", proof=("rename-changes-id",))
def test_another_name_is_no_other_id(taken: Names) -> None:
    """A user whose userName changes keeps the id."""
    _renamed(taken)
    after = expect(taken.renamed.after or taken.renamed.reply).status(200)
    after.has("id", taken.second.id)


@requirement("RFC7644-3.4.2.2-4", proof=("rename-old-name-still-found",))
def test_a_former_name_finds_nobody(taken: Names) -> None:
    """A user whose userName has changed is not found by the former one."""
    _renamed(taken)
    if taken.old is None or taken.old.status != 200:
        raise NotOffered("the server has no such filter")
    ids = [value_at(each, "id") for each in items(value_at(taken.old.object(), "Resources"))]
    shows(taken.old, holds=taken.second.id not in ids, wanted="nobody", came=[*ids])


@requirement("RFC7644-3.5.1-4", proof=("roles-dropped",))
def test_a_user_gets_other_roles(promoted: Wishes, entitled: Wishes) -> None:
    """A user to whom a PUT gives another role has it."""
    _exchanged(promoted["roles"], entitled["roles"], "roles")


@requirement("RFC7644-3.5.1-4", proof=("entitlements-dropped",))
def test_a_user_gets_other_entitlements(promoted: Wishes, entitled: Wishes) -> None:
    """A user to whom a PUT gives another entitlement has it."""
    _exchanged(promoted["entitlements"], entitled["entitlements"], "entitlements")


@requirement("RFC7643-3.1-22", proof=("create-refuses-external-id",))
def test_a_user_may_have_an_external_id(otherwise: Wishes) -> None:
    """A user is created with an externalId of the client's."""
    expect(otherwise["external"].reply).warn_at_most().success()


def _can_be_renamed(taken: Names) -> None:
    """Skip the case where the server's schema says that a userName never changes."""
    found = taken.definitions.attribute("userName")
    if found is not None and found.mutability == "immutable":
        raise NotOffered("a userName cannot be changed, as /Schemas says")


def _renamed(taken: Names) -> None:
    """Raise Blocked where the user did not get the other name, which another case judges."""
    _can_be_renamed(taken)
    reply = taken.renamed.reply
    if not 200 <= reply.status < 300:
        reason = f"the PUT was answered with {reply.status}"
        raise Blocked(reason, by="RFC7644-3.5.1-4", entry=reply.entry)
    after = taken.renamed.after
    shown = taken.renamed.name
    if after is not None and after.status == 200 and not same_but_for_case(shown, taken.new):
        reason = f"the PUT was answered with {reply.status}, and then the userName was {shown!r}"
        raise Blocked(reason, by="RFC7644-3.5.1-4", entry=after.entry)


def _exchanged(wish: Wish, first: Wish, path: str) -> None:
    __tracebackhide__ = True
    first.kept(f"{path}.value")
    expect(wish.reply).success()
    shown = values_at(wish.after.object(), f"{path}.value")
    sent = values_at({**wish.changes}, f"{path}.value")
    shows(wish.after, holds=shown == sent, wanted=str(sent), came=[*shown])

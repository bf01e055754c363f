"""RFC 7643 section 4.1.1: userName, name and displayName of a user."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.users.conftest import Wishes
from suites.users.names import Named
from suites.users.names import Names
from suites.users.wishes import shown_as_sent
from suites.values import is_empty
from suites.values import member
from suites.values import same_but_for_case
from suites.verbs import Made
from suites.verdicts import NotOffered

PARTS = ("familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")


@requirement("RFC7643-4.1.1-1", proof=("create-takes-empty-user-name",))
def test_no_user_has_an_empty_name(taken: Names) -> None:
    """A POST with an empty userName leaves no user whose userName is empty."""
    tried = taken.tried["empty"]
    expect(tried.reply).no_server_error()
    expect(tried.after or tried.reply).holds(
        lambda: tried.after is None or bool(str(tried.name or "").strip()),
        "no user, or one with a userName",
        lambda: f"a user with userName {tried.name!r}",
    )


@requirement("RFC7643-4.1.1-2", proof=("create-makes-up-user-name",))
def test_a_user_without_a_name_is_refused(taken: Names) -> None:
    """A POST without userName is refused."""
    expect(taken.tried["none"].reply).refused()


@requirement("RFC7643-4.1.1-2", proof=("put-loses-user-name",))
def test_a_user_keeps_a_name(taken: Names) -> None:
    """A user has a userName also after a PUT that does not name one."""
    tried = taken.tried["put none"]
    expect(tried.reply).no_server_error()
    if tried.after is not None:
        expect(tried.after).status(200).filled("userName")


@requirement("RFC7643-4.1.1-4", proof=("duplicates-by-case-allowed",))
def test_a_name_in_capitals_is_the_same(taken: Names) -> None:
    """A POST with the userName of another user in other capitals makes no second user."""
    tried = taken.tried["capitals"]
    made = tried.after.object().get("id") if tried.after else None
    expect(tried.reply).holds(
        lambda: made in (None, taken.first.id),
        "no second user",
        lambda: f"status {tried.reply.status} and a user of its own",
    )


@pytest.mark.parametrize("way", ["put", "patch"])
@requirement("RFC7643-4.1.1-4", proof=("update-takes-name-in-capitals", "update-takes-taken-name"))
def test_a_user_does_not_get_a_name_in_capitals(way: str, taken: Names) -> None:
    """A user to whom a PUT or PATCH gave the name of another in capitals does not have it."""
    said = taken.definitions.attribute("userName")
    if said is not None and said.case_exact:
        raise NotOffered("userName is case exact, as /Schemas says")
    _is_not_taken(_tried(taken, f"{way} capitals"), taken)


@pytest.mark.parametrize("way", ["put", "patch"])
@requirement("RFC7643-4.1.1-6", proof=("update-takes-taken-name", "update-to-taken-name-ignored"))
def test_a_taken_name_is_refused(way: str, taken: Names) -> None:
    """A PUT or PATCH that gives a user the userName of another is refused."""
    expect(_tried(taken, f"{way} taken").reply).refused()


@pytest.mark.parametrize("way", ["put", "patch"])
@requirement("RFC7643-4.1.1-6", proof=("update-takes-taken-name",))
def test_a_user_does_not_get_a_taken_name(way: str, taken: Names) -> None:
    """A user to whom a PUT or PATCH gave the userName of another does not have it."""
    _is_not_taken(_tried(taken, f"{way} taken"), taken)


@requirement("RFC7643-4.1.1-7", proof=("names-in-own-part",))
def test_a_name_is_whole_or_in_parts(calm_user: Made, reading: Reading) -> None:
    """A user's name is shown as one text, in its parts, or as both."""
    if calm_user.value("name") is None:
        raise NotOffered("the server keeps no name of a user")
    whole, parts = calm_user.has("name.formatted"), _parts(calm_user)
    reading(
        f"a name has {'a formatted text' if whole else 'no formatted text'}, {len(parts)} parts"
    )
    expect(calm_user.reply).holds(
        lambda: whole or bool(parts), "formatted or parts of the name", lambda: "neither"
    )


@pytest.mark.parametrize("part", PARTS)
@requirement("RFC7643-4.1.1-11", proof=("names-swapped",))
def test_a_part_of_a_name_is_kept(part: str, calm_user: Made) -> None:
    """Each part of a name that comes back is what was sent."""
    sent = member(calm_user.sent.get("name"), part)
    if is_empty(sent):
        raise NotOffered(f"the server takes no {part}")
    shown = calm_user.kept(f"name.{part}").value(f"name.{part}")
    expect(calm_user.reply).holds(lambda: shown == sent, repr(sent), lambda: repr(shown))


@requirement("RFC7643-4.1.1-12", proof=("create-requires-display-name",))
def test_a_user_needs_no_display_name(otherwise: Wishes) -> None:
    """A user without displayName is created."""
    expect(otherwise["nameless"].reply).success()


@requirement("RFC7643-4.1.1-14", proof=("display-names-from-names",))
def test_a_handle_is_a_display_name(detailed: Wishes, reading: Reading) -> None:
    """A displayName that looks like a user name is kept."""
    wish = detailed["handle"]
    wish.kept("displayName")
    expect(wish.after).holds(
        lambda: shown_as_sent(wish, "displayName"),
        repr(wish.sent("displayName")),
        lambda: repr(wish.value("displayName")),
    )
    reading("a displayName may be any text")


def _is_not_taken(tried: Named, taken: Names) -> None:
    """Expect that a user does not have the userName of the first one."""
    __tracebackhide__ = True
    wanted = taken.first.value("userName")
    expect(tried.after or tried.reply).holds(
        lambda: not same_but_for_case(tried.name, wanted),
        "another userName",
        lambda: "the userName of another user",
    )


def _tried(taken: Names, name: str) -> Named:
    if name not in taken.tried:
        raise NotOffered("the server has no PATCH")
    return taken.tried[name]


def _parts(user: Made) -> list[str]:
    return [part for part in PARTS if user.has(f"name.{part}")]

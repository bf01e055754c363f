"""RFC 7644 section 3.9: which attributes a reply shows, unasked and asked."""

from __future__ import annotations

import pytest

from suites.client import ENTERPRISE_URN
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.querying.pages import Page
from suites.querying.views import Always
from suites.querying.views import View
from suites.querying.views import Written
from suites.querying.views import expect_only
from suites.querying.views import expect_without
from suites.querying.views import shown
from suites.querying.views import write
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import alike
from suites.values import is_empty
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.verdicts import NotOffered

VERBS = ("POST", "PUT", "PATCH")


@pytest.fixture
def plain(experiment: Experiment, features: Capabilities) -> Written:
    """What a create, a replace and a change show of a user when nothing is asked for."""
    patch = features.has("patch")
    return experiment(lambda lab: write(lab, with_patch=patch), key="writes that ask for nothing")


@pytest.fixture
def asked(experiment: Experiment, features: Capabilities) -> Written:
    """What a create, a replace and a change show of a user when userName is asked for."""
    patch = features.has("patch")

    def go(lab: Lab) -> Written:
        return write(lab, with_patch=patch, attributes="userName")

    return experiment(go, key="writes that ask for userName")


@pytest.mark.parametrize("verb", VERBS)
@requirement("RFC7644-3.9-1", proof=("write-replies-short",))
def test_a_write_shows_the_default(verb: str, plain: Written) -> None:
    """The reply to a write, where it shows the user, shows all that a GET shows."""
    reply = plain.reply(verb)
    if not 200 <= reply.status < 300:
        raise NotOffered(f"{verb} was answered with {reply.status}, which shows no user")
    wanted = shown(dict(plain.after))
    expect(reply).success().holds(
        lambda: wanted <= shown(reply.object()),
        f"{sorted(wanted)}",
        lambda: f"{sorted(shown(reply.object()))}",
    )


@requirement(
    "RFC7644-3.9-1",
    proof=(
        *("list-hides-names", "search-hides-names", "list-hides-active", "list-hides-emails"),
        "list-hides-user-names",
    ),
)
def test_a_list_shows_the_default(page: Page, world: World) -> None:
    """A user in a list shows all that a GET of that user shows."""
    ada, reply = world["ada"], page()

    def seen() -> set[str]:
        users = items(value_at(reply.object(), "Resources"))
        return next((shown(each) for each in users if member(each, "id") == ada.id), set())

    wanted = shown(dict(ada.stored))
    expect(reply).status(200).holds(
        lambda: wanted <= seen(), f"{sorted(wanted)}", lambda: f"{sorted(seen())}"
    )


@requirement("RFC7644-3.4-3", proof=("list-loses-primary",))
def test_a_list_shows_whole_values(page: Page, world: World) -> None:
    """An attribute of a user in a list has the value that a GET of that user shows."""
    ada, reply = world["ada"], page()
    users = items(value_at(reply.object(), "Resources"))
    listed = next((each for each in users if member(each, "id") == ada.id), None)
    names = set(ada.stored) & set(listed if isinstance(listed, dict) else ()) - {"meta"}
    other = sorted(name for name in names if not alike(member(listed, name), ada.stored[name]))
    expect(reply).status(200).holds(
        lambda: not other, "the values of a GET", lambda: f"other values of {', '.join(other)}"
    )


@requirement("RFC7644-3.9-3", proof=("attributes-both-500",))
def test_both_at_once_are_no_trouble(view: View, reading: Reading) -> None:
    """`attributes` and `excludedAttributes` together are refused or answered, without an error."""
    reply = view(attributes="userName", excludedAttributes="emails")
    reading(f"attributes and excludedAttributes together are answered with {reply.status}")
    expect(reply).no_server_error()


@pytest.mark.parametrize("verb", VERBS)
@requirement("RFC7644-3.9-4", proof=("attributes-ignored", "attributes-ignored-in-every-write"))
def test_a_write_shows_what_is_asked_for(verb: str, asked: Written, always: Always) -> None:
    """The reply to a write with `attributes=userName` shows that and what is always returned."""
    expect_only(asked.reply(verb), always, "userName")


@requirement("RFC7644-3.9-4", proof=("attributes-ignored-in-writes",))
def test_no_write_shows_what_is_not_asked_for(asked: Written, always: Always) -> None:
    """The replies to writes with `attributes=userName` that show the user lack the displayName."""
    if "displayname" in always:
        raise NotOffered("the server's schema says that displayName is always returned")
    for reply in asked.replies.values():
        if 200 <= reply.status < 300 and reply.content:
            expect(reply).lacks("displayName")


@requirement("RFC7644-3.9-5", proof=("attributes-show-whole-complex",))
def test_only_the_part_is_shown(view: View, world: World) -> None:
    """`attributes=name.familyName` shows no other part of the name."""
    ada = world["ada"].kept("name.familyName")
    wanted = {"familyname"}
    reply = view(attributes="name.familyName")
    expect(reply).status(200).exactly("name.familyName", ada.value("name.familyName")).holds(
        lambda: shown(value_at(reply.object(), "name")) == wanted,
        "familyName alone",
        lambda: str(value_at(reply.object(), "name")),
    )


@requirement("RFC7644-3.9-5", proof=("attributes-show-whole-complex",))
def test_only_the_part_of_each_value_is_shown(view: View, world: World) -> None:
    """`attributes=emails.value` shows no other part of the addresses, and all of them."""
    wanted = sorted(map(str, world["ada"].kept("emails.value").values("emails.value")))
    reply = view(attributes="emails.value")

    def right() -> bool:
        mails = items(value_at(reply.object(), "emails"))
        parts = all(shown(each) == {"value"} for each in mails)
        return parts and sorted(str(member(each, "value")) for each in mails) == wanted

    expect(reply).status(200).holds(
        right, f"the values {wanted} alone", lambda: str(value_at(reply.object(), "emails"))
    )


@requirement("RFC7644-3.9-6", proof=("attributes-first-only",))
def test_several_are_asked_for(view: View, world: World, always: Always) -> None:
    """`attributes` with commas shows each of the attributes named, and no other."""
    world["ada"].kept("displayName", "emails")
    reply = view(attributes="userName,displayName,emails")
    expect_only(reply, always, "userName", "displayName", "emails")


@requirement("RFC7644-3.9-7", proof=("excluded-attributes-hide-id",))
def test_the_minimum_stays(view: View, world: World) -> None:
    """`excludedAttributes=id,displayName` leaves the id there, and takes the other away."""
    world["ada"].kept("displayName")
    reply = expect(view(excludedAttributes="id,displayName")).status(200)
    reply.exactly("id", world["ada"].id).lacks("displayName")


@requirement(
    "RFC7644-3.9-8", proof=("excluded-attributes-ignored", "excluded-attributes-drop-whole-complex")
)
def test_all_but_the_part_is_shown(view: View, world: World, always: Always) -> None:
    """`excludedAttributes=name.familyName` takes that part away, and nothing else."""
    ada = world["ada"].kept("name.familyName", "name.givenName")
    reply = view(excludedAttributes="name.familyName")
    expect_without(reply, ada, always)
    expect(reply).lacks("name.familyName").exactly("name.givenName", ada.value("name.givenName"))


@requirement("RFC7644-3.9-9", proof=("excluded-attributes-first-only",))
def test_several_are_left_out(view: View, world: World, always: Always) -> None:
    """`excludedAttributes` with commas takes each of the attributes named away."""
    ada = world["ada"].kept("displayName", "emails")
    reply = view(excludedAttributes="emails,displayName")
    expect_without(reply, ada, always, "emails", "displayName")


@requirement("RFC7644-3.9-10", proof=("attributes-unknown-500",))
def test_an_unknown_name_is_no_trouble(view: View, reading: Reading) -> None:
    """`attributes` with a name that no schema has is refused or answered, without an error."""
    reply = view(attributes="scimproofUnknown")
    reading(f"an unknown name in attributes is answered with {reply.status}")
    expect(reply).no_server_error()


@pytest.mark.parametrize("name", [f"{ENTERPRISE_URN}:department", ENTERPRISE_URN])
@requirement("RFC7644-3.9-11", proof=("attributes-urn-unknown", "attributes-ignored"))
def test_an_extension_is_asked_for(name: str, view: View, world: World, always: Always) -> None:
    """`attributes` takes an attribute of an extension by its schema, and the schema as a whole."""
    path = f"{ENTERPRISE_URN}:department"
    ada = world["ada"].kept(path)
    reply = view(attributes=name)
    expect_only(reply, always, ENTERPRISE_URN)
    expect(reply).exactly(path, ada.value(path))
    other = f"{ENTERPRISE_URN}:employeeNumber"
    if name == path:
        expect(reply).lacks(other)
    elif not is_empty(ada.value(other)):
        expect(reply).exactly(other, ada.value(other))

"""RFC 7644 sections 3.3 and 3.3.1: creating resources by POST."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import USER_URN
from suites.crud.lives import Doubled
from suites.crud.lives import Life
from suites.crud.lives import Posted
from suites.crud.lives import create
from suites.crud.lives import ends_alike
from suites.crud.lives import no_meta_of_the_client
from suites.crud.lives import place_of
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.completing import check_refusal
from suites.making.lab import CREATES
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.definitions import rfc
from suites.scim_fixtures import Reading
from suites.target.model import Target
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

UNTYPED = "errors-without-scim-type"


@requirement("RFC7644-3.3-1", proof=("create-keeps-nothing", "create-id-differs"))
def test_a_created_user_is_there(posted: Posted, definitions: Definitions) -> None:
    """A user created by POST can be read by its id."""
    check_refusal(posted.reply, posted.body, definitions)
    expect(posted.reply).success()
    found = expect(posted.after).status(200)
    found.has("userName", posted.body["userName"])


@requirement("RFC7644-3.3-2", proof=("create-refuses-id", "create-takes-id"))
def test_an_id_of_the_client_is_ignored(posted: Posted, overreaching: dict[str, Posted]) -> None:
    """A POST with an `id` succeeds, and the server makes the id."""
    expect(posted.taken).success()
    made = overreaching["id"]
    expect(made.reply).success()
    expect(made.after).status(200).filled("id").holds(
        lambda: made.after.object().get("id") != made.body["id"],
        "an id that the server made",
        lambda: f"the id that the client sent, {made.body['id']!r}",
    )


@requirement(
    "RFC7644-3.3-2", proof=("create-takes-meta", "meta-set-by-client", "create-refuses-meta")
)
def test_metadata_of_the_client_are_ignored(
    posted: Posted, overreaching: dict[str, Posted]
) -> None:
    """A POST with `meta` succeeds, and `meta` is the server's own."""
    expect(posted.taken).success()
    made = overreaching["meta"]
    expect(made.reply).success()
    expect(made.after).status(200)
    for seen in (made.reply, made.after):
        no_meta_of_the_client(seen)


@requirement(
    "RFC7644-3.3-2", proof=("create-refuses-groups", "groups-set-by-user"), needs=("groups",)
)
def test_groups_of_the_client_are_ignored(posted: Posted, overreaching: dict[str, Posted]) -> None:
    """A POST with `groups` succeeds, and the user is in none of them."""
    expect(posted.taken).success()
    made = overreaching["groups"]
    expect(made.reply).success()
    group = str(value_at({"groups": made.body["groups"]}, "groups[0].value"))
    expect(made.after).status(200).holds_no_value("groups", value=group)


@requirement("RFC7644-3.3-3", proof=("create-requires-display-name",))
def test_nothing_but_the_required_is_needed(
    bare: Posted, definitions: Definitions, reading: Reading
) -> None:
    """A POST with what is required alone succeeds."""
    check_refusal(bare.reply, bare.body, definitions)
    reading(f"a user with nothing but what is required is answered with {bare.reply.status}")
    expect(bare.reply).success()


@requirement("RFC7644-3.3-4", proof=("active-by-default+active-as-string",))
def test_defaults_are_valid(bare: Posted, definitions: Definitions, reading: Reading) -> None:
    """What the server sets on its own in a new user is as its schema defines it."""
    shown = bare.after.object()
    given = sorted(name for name in shown if name not in {*bare.body, "id", "meta"})
    reading(f"a new user is given {', '.join(given) or 'nothing of its own'}")
    expect(bare.after).status(200).shaped((definitions if definitions.known else rfc()).shape())


@requirement("RFC7644-3.3-7", proof=("create-answers-200",))
def test_a_new_user_gives_201(posted: Posted) -> None:
    """POST of a user gives 201."""
    expect(posted.taken).status(201)


@requirement("RFC7644-3.3-7", proof=("group-create-answers-200",), needs=("groups",))
def test_a_new_group_gives_201(group_life: Life) -> None:
    """POST of a group gives 201."""
    expect(group_life.replies["POST"]).status(201)


@requirement("RFC7644-3.3-8", proof=("create-empty-body", "create-without-user-name"))
def test_the_reply_shows_the_new_user(posted: Posted) -> None:
    """The reply to a create shows the user as a read shows it."""
    after = posted.after.object()
    shown = expect(posted.reply).resource(USER_URN)
    shown.has("id", after.get("id")).has("userName", after.get("userName"))


@requirement("RFC7644-3.3-9", proof=("create-without-location", "create-location-is-endpoint"))
def test_the_address_of_the_new_user_is_in_the_header(posted: Posted, target: Target) -> None:
    """The reply to a create has a Location that leads to the user."""
    made = posted.made
    if made is None:
        raise Blocked(refusal("the create", posted.reply), by=CREATES, entry=posted.reply.entry)
    place = place_of(posted.reply.header("Location"))
    path = place_of(made.path)
    expect(posted.reply).header("Location").holds(
        lambda: place in (target.base_path.rstrip("/") + path, path, path.lstrip("/")),
        f"a Location that leads to {path}",
        lambda: repr(posted.reply.header("Location")),
    )


@requirement("RFC7644-3.3-10", proof=("meta-without-location", "create-location-is-endpoint"))
def test_the_address_of_the_new_user_is_in_the_body(posted: Posted) -> None:
    """The reply to a create has the address of its Location header in `meta.location` too."""
    if not posted.taken.object():
        raise NotOffered("the reply has no body, which RFC7644-3.3-8 judges")
    wanted = place_of(posted.reply.header("Location"))
    found = expect(posted.reply).filled("meta.location")
    found.holds(
        lambda: not wanted or ends_alike(place_of(found.at("meta.location")), wanted),
        f"a location of {wanted}",
        lambda: str(found.at("meta.location")),
    )


@requirement("RFC7644-3.3-11", proof=("create-takes-numbers-for-text",))
def test_what_is_altered_fits_the_schema(
    lab: Lab, definitions: Definitions, reading: Reading
) -> None:
    """A number that is sent for a text is refused, left out, or made a text."""
    if definitions.known and definitions.attribute("title") is None:
        raise NotOffered("the server's schema of User has no title")
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    posted = create(lab, "number", {**body, "title": 42})
    if posted.read is None:
        reading("a number for a text is refused")
        expect(posted.reply).refused()
        return
    found = expect(posted.read).status(200)
    reading(f"a number for a text becomes {found.at('title')!r}")
    found.holds(
        lambda: isinstance(found.at("title"), str | None),
        "a title that is a text, or none",
        lambda: repr(found.at("title")),
    )


@requirement(
    "RFC7644-3.3-12",
    proof=(
        *("duplicates-allowed", "duplicate-as-200", "duplicate-as-400", "duplicate-as-500"),
        *("duplicate-as-html", "duplicate-overwrites", UNTYPED),
    ),
)
def test_a_user_name_is_given_once(doubled: Doubled) -> None:
    """A POST with the userName of another user fails with 409 `uniqueness`."""
    expect(doubled.reply).scim_error(409, scim_type="uniqueness")


@requirement("RFC7644-3.3-12", proof=("duplicate-overwrites",))
def test_a_double_leaves_the_first_alone(doubled: Doubled) -> None:
    """A POST with the userName of another user changes nothing of that user."""
    expect(doubled.after).status(200).unchanged(doubled.before.object())


@requirement("RFC7644-3.3-14", proof=("create-makes-up-user-name", UNTYPED))
def test_a_user_needs_a_user_name(lab: Lab, scim: Scim) -> None:
    """A POST of a user without userName fails with 400 `invalidValue`."""
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    del body["userName"]
    reply = scim.post("/Users", body)
    expect(reply).scim_error(400).scim_type("invalidValue", "invalidSyntax")


@pytest.mark.parametrize(("name", "value"), [("active", {"value": True}), ("emails", "text")])
@requirement(
    "RFC7644-3.3-15",
    proof=("wrong-values-500", "wrong-values-as-422", UNTYPED, "create-refused-and-kept"),
)
def test_a_value_of_another_type_is_refused(
    name: str, value: Json, lab: Lab, features: Capabilities, reading: Reading
) -> None:
    """A POST with a value of another type fails with 400 and creates nobody, or is altered."""
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    if name not in body:
        raise NotOffered(f"the server's schema of User has no {name}")
    posted = create(lab, "wrong type", {**body, name: value})
    if posted.read is not None:
        reading(f"a wrong type in {name} is altered or ignored")
        shape = (lab.definitions if lab.definitions.known else rfc()).shape()
        expect(posted.read).status(200).shaped(shape)
        return
    if features.has("filter") and posted.reply.status >= 400:
        found = lab.scim.find(f"userName eq {quoted(body['userName'])}")
        if found.status == 200:
            expect(found).nobody()
    expect(posted.reply).scim_error(400).scim_type("invalidValue", "invalidSyntax")


@requirement("RFC7644-3.3-16", proof=("broken-json-500", UNTYPED))
def test_what_is_no_json_is_refused(scim: Scim) -> None:
    """A POST whose body is cut off in the middle fails with 400 `invalidSyntax`."""
    reply = scim.post("/Users", b'{"schemas": ["' + USER_URN.encode() + b'"], "userName": "cut')
    expect(reply).scim_error(400, scim_type="invalidSyntax")


@requirement(
    "RFC7644-3.3.1-1",
    proof=("meta-resource-type-plural", "meta-without-resource-type"),
    needs=(),
)
def test_a_new_user_is_told_to_be_one(posted: Posted) -> None:
    """`meta.resourceType` of a user created at /Users is User."""
    expect(posted.after).status(200).has("meta.resourceType", "User")


@requirement("RFC7644-3.3.1-1", proof=("meta-set-by-client",), needs=())
def test_the_client_does_not_choose_the_type(overreaching: dict[str, Posted]) -> None:
    """`meta.resourceType` of a user is User, whatever the client sends there."""
    expect(overreaching["meta"].after).status(200).has("meta.resourceType", "User")


@requirement("RFC7644-3.3.1-1", proof=("meta-resource-type-plural", "meta-without-resource-type"))
def test_a_new_group_is_told_to_be_one(group_life: Life) -> None:
    """`meta.resourceType` of a group created at /Groups is Group."""
    expect(group_life.replies["GET"]).status(200).has("meta.resourceType", "Group")

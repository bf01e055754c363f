"""RFC 7644 section 3.5.2: what a PATCH may change, and by which paths."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.control import works
from suites.expect import expect
from suites.making.lab import refusal
from suites.patching.changes import Change
from suites.patching.conftest import Changed
from suites.patching.steps import replace
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Needs
from suites.scim_fixtures import Reading
from suites.values import member
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

URN_PATHS = ("patch-urn-path-refused", "patch-urn-path-split-at-dot")
TWO = "patch-two-primaries"
WITH_EXTENSION = ("patch", "enterprise")


@pytest.mark.parametrize("path", ['emails[type eq "work"', "name familyName", ".familyName"])
@requirement("RFC7644-3.5.2-10", proof=("patch-unknown-path-ignored",))
def test_a_malformed_path_is_refused(path: str, scim: Scim, calm_user: Made) -> None:
    """A path that the grammar does not know is refused."""
    reply = scim.patch(calm_user, replace(path, "Scimproof"))
    expect(reply).refused().warn_at_most().scim_error(400)
    expect(reply).warn_at_most().scim_type("invalidPath", "invalidFilter")


@requirement(
    "RFC7644-3.5.2-11",
    proof=("member-remove-path-refused", "patch-part-path-refused"),
)
def test_the_paths_of_the_examples_are_understood(
    joined: Changed, left: Changed, replaced: Changed, added: Changed
) -> None:
    """The first four example paths of the RFC are understood."""
    expect(joined["one"].reply).success()
    expect(left["one"].reply).success()
    expect(added["part"].on("name.familyName").reply).success()
    expect(replaced["one"].several("addresses").reply).success()


@requirement("RFC7644-3.5.2-10", proof=("patch-selection-has-case",))
def test_a_filter_in_a_path_overlooks_case(targeted: Changed, definitions: Definitions) -> None:
    """A path selects `type eq "HOME"` where a value has the type home and case does not count."""
    known = definitions.attribute("addresses.type")
    if known is not None and known.case_exact:
        raise NotOffered("the server's schema says that case counts in addresses.type")
    change = targeted["selected, any case"].on("addresses[0].type").several("addresses")
    # Whether case counts in a text is judged for filters, which RFC7644-3.4.2.2-49 does.
    expect(change.reply).warn_at_most().success()
    after = expect(change.after).status(200).warn_at_most()
    after.holds_value("addresses", type="home", locality="Springfield")


@requirement("RFC7644-3.5.2-11", proof=("patch-undefined-part-500",))
def test_an_undefined_part_does_no_harm(joined: Changed, reading: Reading) -> None:
    """The fifth example path, whose sub-attribute no schema has, is taken or refused."""
    change = joined["undefined"].on("members")
    reading(f"members[…].displayName is answered with {change.reply.status}")
    expect(change.reply).no_server_error()
    expect(change.after).status(200).members(change.members())


@requirement("RFC7644-3.5.2-12", proof=("patch-wrong-type-ignored",))
def test_a_value_of_another_type_is_refused(scim: Scim, calm_user: Made) -> None:
    """A PATCH that gives an object for `active` is refused."""
    calm_user.kept("active")
    reply = scim.patch(calm_user, replace("active", {"value": True, "state": "on"}))
    expect(reply).refused().scim_error(reply.status)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "scimproof-other"),
        ("meta.created", "2011-05-13T04:42:34Z"),
        ("groups", [{"value": "scimproof-other"}]),
    ],
    ids=["id", "created", "groups"],
)
@requirement("RFC7644-3.5.2-15", proof=("patch-read-only-ignored", "errors-without-schemas"))
def test_a_read_only_attribute_is_not_changed(
    path: str, value: Json, scim: Scim, calm_user: Made
) -> None:
    """A PATCH of an attribute that only the server sets is refused."""
    reply = scim.patch(calm_user, replace(path, value))
    expect(reply).refused().scim_error(reply.status).warn_at_most().scim_type(
        "mutability", "invalidPath", "noTarget"
    )


@requirement("RFC7644-3.5.2-15", proof=("member-value-changed",), needs=("patch", "groups"))
def test_an_immutable_part_is_not_changed(joined: Changed, definitions: Definitions) -> None:
    """A PATCH that gives a member another `value`, which its schema calls immutable, is refused."""
    found = definitions.attribute("members.value", "Group")
    if found is None or found.mutability != "immutable":
        raise NotOffered("the server's schema does not call members.value immutable")
    change = joined["moved"].on("members")
    expect(change.reply).refused().scim_error(change.reply.status)
    expect(change.after).status(200).members(change.members())


@requirement("RFC7644-3.5.2-16", proof=("patch-paths-have-case",))
def test_a_path_has_no_case(targeted: Changed) -> None:
    """A path in capitals means the attribute that it means in any other case."""
    _done(targeted["any case"], "nickName")


@pytest.mark.parametrize(
    ("step", "path"), [("qualified", "title"), ("qualified part", "name.familyName")]
)
@requirement("RFC7644-3.5.2-16", proof=URN_PATHS)
def test_a_path_may_name_the_schema(step: str, path: str, targeted: Changed) -> None:
    """A path that begins with the URN of the user's schema means the attribute of that schema."""
    _done(targeted[step], path)


@requirement("RFC7644-3.5.2-16", proof=URN_PATHS)
def test_a_path_with_a_schema_has_no_case(targeted: Changed) -> None:
    """A path with the URN of its schema may be written in capitals as well."""
    _done(targeted["qualified, any case"], "title")


@requirement("RFC7644-3.5.2-17", proof=URN_PATHS, needs=WITH_EXTENSION)
def test_the_schemas_of_the_user_are_assumed(targeted: Changed) -> None:
    """An attribute of an extension that the user has is changed by its URN alone."""
    _done(targeted["department"], f"{ENTERPRISE_URN}:department")


@requirement("RFC7644-3.5.2-18", proof=("patch-ends-at-schemas",), needs=WITH_EXTENSION)
def test_a_change_of_schemas_holds_at_once(extended: Changed, calm_user: Made) -> None:
    """An operation may use an extension that the one before it has added to `schemas`."""
    calm_user.kept(f"{ENTERPRISE_URN}:department")
    change = extended["explicit"]
    expect(change.reply).no_server_error().warn_at_most().success()
    after = expect(change.after).status(200).has(f"{ENTERPRISE_URN}:department", "Rides")
    after.resource(ENTERPRISE_URN)


@requirement("RFC7644-3.5.2-20", proof=("patch-schemas-not-extended",), needs=WITH_EXTENSION)
def test_an_extension_is_listed_when_it_is_added(extended: Changed, calm_user: Made) -> None:
    """The URN of an extension is in `schemas` once an attribute of it is added."""
    path = f"{ENTERPRISE_URN}:employeeNumber"
    calm_user.kept(path)
    change = extended["implicit"]
    expect(change.reply).success()
    expect(change.after).status(200).has(path, "701984").resource(ENTERPRISE_URN)


@requirement("RFC7644-3.5.2-23", proof=(TWO,))
def test_a_second_primary_takes_the_place_of_the_first(
    targeted: Changed, replaced: Changed, needs: Needs
) -> None:
    """A value that is made primary is the only one that is."""
    needs("emails.primary")
    change = targeted["second primary"].several("emails")
    plain = replaced["part of one"].reply
    if not works(change.reply) and not works(plain):
        reason = f"no part of a selected value is replaced: {refusal('PATCH', plain)}"
        raise Blocked(reason, by="RFC7644-3.5.2.3-12", entry=plain.entry)
    home = [each for each in change.entries("emails") if member(each, "type") == "home"]
    if not home:
        raise NotOffered("the server keeps no types of e-mails")
    _one_primary(change, member(home[0], "value"))


@requirement("RFC7644-3.5.2-23", proof=(TWO,))
def test_a_new_primary_takes_the_place_of_the_old(
    targeted: Changed, added: Changed, needs: Needs
) -> None:
    """A value that is added as the primary one is the only one that is."""
    needs("emails.primary")
    change = targeted["new primary"].several("emails")
    plain = added["object"].reply
    if not works(change.reply) and not works(plain):
        raise NotOffered(f"the server adds no e-mail to others: {refusal('PATCH', plain)}")
    _one_primary(change, change.sent("[0].value[0].value"))


def _done(change: Change, path: str) -> None:
    """Expect that the value at a path is the one that was sent."""
    __tracebackhide__ = True
    change.on(path)
    expect(change.reply).success()
    expect(change.after).status(200).has(path, change.sent("[0].value"))


def _one_primary(change: Change, value: Json) -> None:
    """Expect that the server shows this value as primary and no other."""
    __tracebackhide__ = True
    expect(change.reply).success()
    expect(change.after).status(200).primary("emails", str(value))

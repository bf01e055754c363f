"""RFC 7644 section 3.5.1: replacing a resource by PUT."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.crud.conftest import Replaced
from suites.crud.lives import Life
from suites.crud.lives import no_meta_of_the_client
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.values import is_empty
from suites.values import moment
from suites.values import same_but_for_case
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

Staff = tuple[Made, ...]


@requirement("RFC7644-3.5.1-4", proof=("put-ignored", "put-display-name-ignored"))
def test_a_single_value_is_replaced(replaced: Replaced) -> None:
    """A single value that a PUT gives replaces the old one."""
    change = replaced["values"].on("displayName")
    expect(change.reply).success()
    expect(change.after).status(200).has("displayName", change.body["displayName"])


@requirement("RFC7644-3.5.1-4", proof=("put-ignored", "put-name-ignored"))
def test_a_part_is_replaced(replaced: Replaced) -> None:
    """A sub-attribute that a PUT gives replaces the old one."""
    change = replaced["values"].on("name.familyName")
    expect(change.reply).success()
    expect(change.after).status(200).has("name.familyName", "Replaced")


@requirement("RFC7644-3.5.1-4", proof=("put-merges-emails", "put-emails-lost", "put-ignored"))
def test_an_array_is_replaced_and_not_merged(replaced: Replaced) -> None:
    """An array that a PUT gives takes the place of the old one with all its values."""
    change = replaced["values"].on("emails[0].value")
    expect(change.reply).success()
    after = expect(change.after).status(200)
    for value in values_at(dict(change.before), "emails.value"):
        after.holds_no_value("emails", value=value)
    after.holds_value("emails", value=value_at(dict(change.body), "emails[0].value"))


@requirement(
    "RFC7644-3.5.1-4",
    proof=("group-put-ignores-members", "group-put-keeps-old-members"),
    needs=("groups",),
)
def test_members_are_replaced_and_not_merged(group_life: Life, staff: Staff) -> None:
    """The members that a PUT gives take the place of those whom the group had."""
    expect(group_life.replies["PUT"]).success()
    expect(group_life.replies["read"]).status(200).members({staff[2].id})


@requirement(
    "RFC7644-3.5.1-4",
    proof=("put-drops-unmapped", "put-drops-external-id", "put-deactivates"),
)
def test_what_a_put_repeats_stays(replaced: Replaced) -> None:
    """The values that a PUT repeats are there afterwards."""
    change = replaced["values"].on("userName")
    expect(change.reply).success()
    after = expect(change.after).status(200)
    same = ("userName", "externalId", "title", "userType", "active", "name.givenName")
    before, body = dict(change.before), dict(change.body)
    # A server may alter what a create gives; what it shows otherwise is not repeated.
    given = [each for each in same if value_at(body, each)]
    paths = [e for e in given if same_but_for_case(value_at(body, e), value_at(before, e))]
    after.keeps(before, paths=paths)
    if "phoneNumbers" in change.body:
        for value in values_at(dict(change.before), "phoneNumbers.value"):
            after.holds_value("phoneNumbers", value=value)


@requirement("RFC7644-3.5.1-4", proof=("put-drops-extension",), needs=("enterprise",))
def test_what_a_put_repeats_of_an_extension_stays(replaced: Replaced) -> None:
    """The values of the enterprise extension that a PUT repeats are there afterwards."""
    paths = (f"{ENTERPRISE_URN}:department", f"{ENTERPRISE_URN}:costCenter")
    change = replaced["values"]
    given = [each for each in paths if value_at(dict(change.body), each)]
    if not given:
        raise NotOffered("the server's schema of the extension has no department or costCenter")
    change.on(*given)
    expect(change.reply).success()
    expect(change.after).status(200).keeps(change.before, paths=given)


@requirement("RFC7644-3.5.1-5", proof=("put-requires-all-values",))
def test_a_value_may_be_left_out(replaced: Replaced, reading: Reading) -> None:
    """A PUT without an attribute that has a value succeeds; what becomes of it is noted."""
    change = replaced["values"].on("nickName")
    expect(change.reply).success()
    old, new = change.before.get("nickName"), expect(change.after).at("nickName")
    fate = "cleared" if is_empty(new) else "kept" if new == old else "set to a default"
    reading(f"an attribute that a PUT leaves out is {fate}")


@requirement(
    "RFC7644-3.5.1-13",
    proof=(
        *("put-refuses-own-representation", "put-refuses-id", "meta-set-by-client"),
        "put-takes-meta",
    ),
)
def test_metadata_in_a_put_are_ignored(replaced: Replaced) -> None:
    """A PUT with another `meta` succeeds, and `meta` stays the server's own."""
    change = replaced["meta"]
    expect(change.reply).success()
    expect(change.after).status(200)
    for seen in (change.reply, change.after):
        no_meta_of_the_client(seen)


@requirement("RFC7644-3.5.1-13", proof=("put-answers-another-id",))
def test_another_id_in_a_put_is_not_taken(replaced: Replaced, reading: Reading) -> None:
    """A PUT with another `id` is answered as if it had none, or fails with 400."""
    change = replaced["id"]
    reading(f"a PUT with another id is answered with {change.reply.status}")
    expect(change.after).status(200).has("id", change.before.get("id"))
    if change.reply.status == 400:
        expect(change.reply).scim_error(400).warn_at_most().scim_type("mutability")
    elif change.reply.content.strip():
        expect(change.reply).success().has("id", change.before.get("id"))
    else:
        expect(change.reply).success()


@requirement("RFC7644-3.5.1-13", proof=("groups-set-by-user",), needs=("groups",))
def test_groups_in_a_put_are_ignored(replaced: Replaced) -> None:
    """A PUT with `groups` succeeds, and the user is no member of them."""
    change = replaced["groups"].on("id")
    expect(change.reply).success()
    expect(change.after).status(200).holds_no_value("members", value=change.before["id"])


@requirement(
    "RFC7644-3.5.1-15",
    proof=("put-answers-204", "put-empty-body", "put-answers-stale", "put-answers-another-id"),
)
def test_a_put_answers_with_the_user(replaced: Replaced) -> None:
    """A PUT gives 200 with the user as a read shows it afterwards."""
    change = replaced["values"]
    expect(change.after).status(200)
    expect(change.reply).status(200).unchanged(change.after.object(), but=("meta",))


@requirement("RFC7644-3.5.1-15", proof=("group-put-answers-204",), needs=("groups",))
def test_a_put_answers_with_the_group(group_life: Life, definitions: Definitions) -> None:
    """A PUT gives 200 with the group as a read shows it afterwards."""
    after = group_life.replies["read"]
    expect(after).status(200)
    asked = [each.name for each in definitions.every("Group") if each.returned == "request"]
    expect(group_life.replies["PUT"]).status(200).unchanged(after.object(), but=("meta", *asked))


@requirement("RFC7644-3.5.1-16", proof=("last-modified-stays",))
def test_a_put_moves_the_last_modification(replaced: Replaced) -> None:
    """`meta.lastModified` is later after a PUT that changes something."""
    change = replaced.get("later", replaced["values"]).on("meta.lastModified").changed()
    before = moment(value_at(dict(change.before), "meta.lastModified"))
    if before is None:
        raise NotOffered("meta.lastModified is no dateTime, which RFC7643-2.3.5-1 judges")
    after = expect(change.after).status(200)

    def later() -> bool:
        now = moment(after.at("meta.lastModified"))
        return now is not None and now > before

    after.holds(
        later, f"a time after {before.isoformat()}", lambda: str(after.at("meta.lastModified"))
    )


@requirement("RFC7644-3.5.1-16", proof=("created-moves",))
def test_a_put_keeps_the_time_of_creation(replaced: Replaced) -> None:
    """`meta.created` stays as it was after a PUT."""
    change = replaced.get("later", replaced["values"]).on("meta.created").changed()
    created = value_at(dict(change.before), "meta.created")
    expect(change.after).status(200).exactly("meta.created", created)


@requirement("RFC7644-3.5.1-17", proof=("etag-header-left-out", "etag-differs-from-version"))
def test_a_put_answers_with_the_version(replaced: Replaced) -> None:
    """The reply to a PUT has an ETag that is the version in `meta`."""
    reply = replaced["values"].reply
    expect(reply).success().etag()


@requirement("RFC7644-3.5.1-17", proof=("etag-never-changes",))
def test_a_put_makes_a_new_version(replaced: Replaced) -> None:
    """The version is another one after a PUT that changes something."""
    change = replaced["values"].on("meta.version").changed()
    before = value_at(dict(change.before), "meta.version")
    after = expect(change.after).status(200)
    after.holds(
        lambda: after.at("meta.version") != before,
        f"another version than {before}",
        lambda: "the same version",
    )


@requirement("RFC7644-3.5.1-18", proof=("duplicates-allowed", "put-conflict-half-done"))
def test_a_put_doubles_no_user_name(
    scim: Scim, calm_user: Made, staff: Staff, definitions: Definitions
) -> None:
    """A PUT with the userName of another user fails with 409 or 400, and changes nothing."""
    before = scim.get(calm_user)
    name = definitions.changeable("title", "displayName", "nickName")
    other: dict[str, Json] = {"userName": staff[0].value("userName"), name: "Somebody else"}
    reply = scim.put(calm_user, {**calm_user.sent, **other})
    after = expect(scim.get(calm_user)).status(200)
    after.has("userName", value_at(before.object(), "userName"))
    # A server may allow no other userName at all.
    expect(reply).scim_error(400, 409)
    after.unchanged(before.object())
    expect(reply).warn_at_most().scim_type("uniqueness", "mutability")

"""RFC 7644 section 3.5.2.1: the PATCH operation `add`."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.expect import expect
from suites.patching.changes import Change
from suites.patching.changes import more_than_one
from suites.patching.conftest import Changed
from suites.patching.keeping import keeps_entries
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import member
from suites.values import same_but_for_case
from suites.verbs import Made
from suites.verbs import Scim

Staff = tuple[Made, ...]

IGNORED = "patch-add-ignored"
TEXT = "patch-complex-text-ignored"


@requirement("RFC7644-3.5.2.1-1", proof=("patch-value-missing-ignored",))
def test_an_add_has_a_value(scim: Scim, calm_user: Made) -> None:
    """PATCH `add` without `value` is refused."""
    expect(scim.patch(calm_user, {"op": "add", "path": "displayName"})).scim_error(400)


@requirement(
    "RFC7644-3.5.2.1-3",
    proof=("patch-user-pathless-refused", "patch-pathless-refused", IGNORED),
)
def test_an_add_without_path_sets_attributes(added: Changed, calm_user: Made) -> None:
    """An add without path gives the user each of the attributes in its value."""
    calm_user.kept("title", "userType")
    expect(added["pathless"].reply).success()
    expect(added["pathless"].after).status(200).has("title", "Guide").has("userType", "Guest")


@requirement("RFC7644-3.5.2.1-4", proof=(IGNORED,))
def test_an_attribute_without_value_gets_one(added: Changed, calm_user: Made) -> None:
    """An add to an attribute that has no value gives it one."""
    calm_user.kept("nickName")
    expect(added["unset"].reply).success()
    expect(added["unset"].after).status(200).has("nickName", "Ned")


@requirement("RFC7644-3.5.2.1-5", proof=(IGNORED,))
def test_parts_are_added_to_a_complex_attribute(added: Changed, reading: Reading) -> None:
    """An add to a complex attribute sets the sub-attributes in its value."""
    change = added["complex"].on("name.middleName", "name.honorificSuffix")
    kept = expect(change.after).at("name.givenName") == change.was("name.givenName")
    reading(f"an add to a complex attribute {'keeps' if kept else 'drops'} its other parts")
    expect(change.reply).success()
    expect(change.after).status(200).has("name.middleName", "Joan").has(
        "name.honorificSuffix", "IV"
    )


@requirement("RFC7644-3.5.2.1-5", proof=(TEXT,))
def test_a_text_is_not_added_to_a_complex_attribute(scim: Scim, calm_user: Made) -> None:
    """An add of a text to a complex attribute is refused."""
    calm_user.kept("name.familyName")
    reply = scim.patch(calm_user, {"op": "add", "path": "name", "value": "Babs Jensen"})
    expect(reply).refused().scim_error(reply.status).warn_at_most().status(400)


@requirement(
    "RFC7644-3.5.2.1-6", proof=("patch-add-replaces-values", "patch-add-strips-others", IGNORED)
)
def test_values_are_added_to_an_array(added: Changed, calm_user: Made) -> None:
    """An add to a multi-valued attribute keeps the values that are there, with all their parts."""
    change = added["list"]
    _joined(change, calm_user, change.sent("[0].value[0].value"))


@requirement("RFC7644-3.5.2.1-2", proof=("patch-add-object-refused", IGNORED))
def test_one_value_is_added_without_an_array(
    added: Changed, calm_user: Made, reading: Reading
) -> None:
    """One value of a multi-valued attribute is added without an array around it."""
    change = added["object"]
    reading(f"an add of one value without an array is answered with {change.reply.status}")
    _joined(change, calm_user, change.sent("[0].value.value"))


@requirement("RFC7644-3.5.2.1-7", proof=(IGNORED,))
def test_an_add_overwrites_a_single_value(added: Changed) -> None:
    """An add to a single-valued attribute that has a value replaces it."""
    change = added["single"].on("displayName")
    expect(change.reply).success()
    expect(change.after).status(200).has("displayName", "Another Name")


@requirement("RFC7644-3.5.2.1-9", proof=(IGNORED,))
def test_an_add_overwrites_a_part(added: Changed) -> None:
    """An add to a sub-attribute that has a value replaces it, and leaves the others."""
    change = added["part"].on("name.familyName")
    expect(change.reply).success()
    expect(change.after).status(200).has("name.familyName", "Otherwise").keeps(
        change.before, paths=("name.givenName", "name.middleName")
    )


@requirement("RFC7644-3.5.2.1-10", proof=("patch-add-doubles-value",))
def test_an_address_is_not_added_twice(added: Changed) -> None:
    """An e-mail that is added again is there once."""
    change = _same_mail(added)
    expect(change.after).status(200).holds(
        lambda: _count(change) == 1, "the e-mail once", lambda: f"{_count(change)} times"
    )


@requirement("RFC7644-3.5.2.1-10", proof=("members-duplicated",))
def test_a_member_is_not_added_twice(joined: Changed, staff: Staff) -> None:
    """A member who is added again is listed once."""
    change = _same_member(joined, staff)
    expect(change.after).status(200).members(change.members()).nobody_twice()


@requirement("RFC7644-3.5.2.1-11", proof=("patch-no-change-refused",))
def test_an_add_of_the_same_value_succeeds(added: Changed) -> None:
    """An add of the value that an attribute has already succeeds."""
    expect(_same_name(added).reply).success()


@requirement("RFC7644-3.5.2.1-11", proof=("member-add-refuses-existing",))
def test_an_add_of_a_member_who_is_there_succeeds(joined: Changed, staff: Staff) -> None:
    """An add of somebody who is a member already succeeds."""
    expect(_same_member(joined, staff).reply).success()


@requirement("RFC7644-3.5.2.1-12", proof=("patch-no-change-touches",))
def test_no_change_of_a_user_leaves_its_time(added: Changed) -> None:
    """An add of what is there already does not move `meta.lastModified` of the user."""
    for change in (_same_name(added), _same_mail(added)):
        change.on("meta.lastModified")
        expect(change.after).status(200).keeps(change.before, paths=("meta.lastModified",))


@requirement("RFC7644-3.5.2.1-12", proof=("patch-no-change-touches",))
def test_no_change_of_a_group_leaves_its_time(joined: Changed, staff: Staff) -> None:
    """An add of a member who is there already does not move `meta.lastModified` of the group."""
    change = _same_member(joined, staff).on("meta.lastModified")
    expect(change.after).status(200).keeps(change.before, paths=("meta.lastModified",))


@requirement("RFC7644-3.5.2.1-13", proof=("member-add-ignored", "member-add-replaces"))
def test_a_member_is_added(joined: Changed, staff: Staff) -> None:
    """The example of the RFC adds a member to a group and keeps the others."""
    change = joined["one"].on("members")
    expect(change.reply).success()
    expect(change.after).status(200).members(change.members() | {staff[1].id})


@requirement("RFC7644-3.5.2.1-14", proof=("patch-keys-have-case", "patch-user-pathless-refused"))
def test_an_add_without_path_takes_names_in_any_case(added: Changed, calm_user: Made) -> None:
    """The example of the RFC adds an e-mail and a `nickname` without a path."""
    calm_user.kept("nickName")
    change = added["example"]
    expect(change.reply).success()
    expect(change.after).status(200).has("nickName", "Babs")
    _joined(change, calm_user, change.sent("[0].value.emails[0].value"))


@requirement("RFC7644-3.5.2.1-15", proof=("patch-add-no-match-hits-all",))
def test_an_add_without_match_leaves_the_others(added: Changed, reading: Reading) -> None:
    """An add whose filter matches nothing leaves the values that are there as they were."""
    change = added["nowhere"].on("phoneNumbers")
    reading(f"an add whose filter matches nothing is answered with {change.reply.status}")
    expect(change.reply).status(200, 204, 400)
    expect(change.after).status(200)
    keeps_entries(change, "phoneNumbers")


@requirement(
    "RFC7644-3.5.2.1-16", proof=("patch-filter-hits-all", "patch-selected-add-appends", IGNORED)
)
def test_an_add_sets_a_part_of_the_selected(added: Changed) -> None:
    """An add to a part of the value that a filter selects changes that value, and no other."""
    change = added["selected"].on("addresses[0].postalCode").several("addresses")
    expect(change.reply).success()
    after = expect(change.after).status(200)
    after.holds_value("addresses", type="work", postalCode="10001")
    after.holds_value("addresses", type="home", postalCode="91608")
    number = len(change.entries("addresses"))
    after.holds(
        lambda: len(items(after.at("addresses"))) == number,
        f"{number} addresses, as before",
        lambda: f"{len(items(after.at('addresses')))} addresses",
    )


def _joined(change: Change, witness: Made, value: Json) -> None:
    """Expect one address more than there were, on a server that keeps several."""
    __tracebackhide__ = True
    change.on("emails")
    more_than_one("Users", witness.stored, "emails")
    expect(change.reply).success()
    expect(change.after).status(200).holds_value("emails", value=value)
    keeps_entries(change, "emails")


def _same_name(added: Changed) -> Change:
    """Return the add of the name that the user has, where it was given before."""
    change = added["same name"]
    return change.having("displayName", change.sent("[0].value"), by="RFC7644-3.5.2.1-7")


def _same_mail(added: Changed) -> Change:
    """Return the add of an e-mail that the user has, where the others left it."""
    change = added["same mail"].on("emails[0].value")
    return change.having("emails", change.sent("[0].value[0]"), by="RFC7644-3.5.2.1-6")


def _same_member(joined: Changed, staff: Staff) -> Change:
    """Return the add of somebody who is a member, where it was one before."""
    change = joined["again"]
    return change.having("members", {"value": staff[1].id}, by="RFC7644-3.5.2.1-13")


def _count(change: Change) -> int:
    wanted = member(change.sent("[0].value[0]"), "value")
    shown = items(expect(change.after).at("emails"))
    return [same_but_for_case(member(each, "value"), wanted) for each in shown].count(True)

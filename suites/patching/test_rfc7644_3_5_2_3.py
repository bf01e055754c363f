"""RFC 7644 section 3.5.2.3: the PATCH operation `replace`."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.patching.changes import Change
from suites.patching.changes import more_than_one
from suites.patching.conftest import Changed
from suites.patching.steps import NO_MATCH
from suites.patching.steps import replace
from suites.requirements import requirement
from suites.scim_fixtures import Needs
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import member
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

Staff = tuple[Made, ...]

IGNORED = "patch-replace-ignored"
PATHLESS = "patch-user-pathless-refused"


@requirement("RFC7644-3.5.2.3-1", proof=(PATHLESS, IGNORED, "patch-pathless-replace-drops-others"))
def test_a_replace_without_path_sets_attributes(replaced: Changed) -> None:
    """A replace without path replaces each of the attributes in its value, and no other."""
    change = replaced["pathless"].on("displayName", "emails")
    expect(change.reply).success()
    after = expect(change.after).status(200).has("displayName", "Third Name")
    after.unchanged(change.before, but=("displayName", "emails", "name", "meta"))
    _are(change, "emails", [change.sent("[0].value.emails[0].value")])


@requirement(
    "RFC7644-3.5.2.3-1",
    proof=("patch-urn-key-refused", "patch-urn-key-ignored"),
    needs=("patch", "enterprise"),
)
def test_a_value_without_path_holds_an_extension(extended: Changed, calm_user: Made) -> None:
    """A value without path holds the attributes of an extension in an object under its URN."""
    path = f"{ENTERPRISE_URN}:costCenter"
    calm_user.kept(path)
    expect(extended["pathless"].reply).success()
    expect(extended["pathless"].after).status(200).has(path, "4711")


@requirement("RFC7644-3.5.2.3-1", proof=("patch-pathless-text-ignored",))
def test_a_user_is_not_replaced_by_a_text(scim: Scim, calm_user: Made) -> None:
    """A replace without path whose value is a text is refused."""
    reply = scim.patch(calm_user, {"op": "replace", "value": "Babs Jensen"})
    expect(reply).refused().scim_error(reply.status).warn_at_most().status(400)


@requirement("RFC7644-3.5.2.3-2", proof=(IGNORED,))
def test_a_single_value_is_replaced(replaced: Changed) -> None:
    """A replace gives a single-valued attribute another value."""
    change = replaced["single"].on("displayName")
    expect(change.reply).success()
    expect(change.after).status(200).has("displayName", "Another Name")


@requirement(
    "RFC7644-3.5.2.3-2",
    proof=("patch-extension-replaced-whole", IGNORED),
    needs=("patch", "enterprise"),
)
def test_one_attribute_of_an_extension_is_replaced(extended: Changed) -> None:
    """A replace gives an attribute of an extension another value; another one stays."""
    number, other = (f"{ENTERPRISE_URN}:{name}" for name in ("employeeNumber", "costCenter"))
    change = extended["another"].on(number, other)
    expect(change.reply).success()
    expect(change.after).status(200).has(number, "701985").keeps(change.before, paths=[other])


@requirement("RFC7644-3.5.2.3-3", proof=("patch-replace-appends-values", IGNORED))
def test_all_values_are_replaced(replaced: Changed, calm_user: Made) -> None:
    """A replace without filter leaves exactly the new values of a multi-valued attribute."""
    more_than_one("Users", calm_user.stored, "emails")
    change = replaced["whole"].on("emails")
    expect(change.reply).success()
    _are(change, "emails", [change.sent(f"[0].value[{n}].value") for n in range(2)])


@requirement("RFC7644-3.5.2.3-4", proof=("patch-replace-needs-old-value", IGNORED))
def test_an_attribute_without_value_is_added(replaced: Changed, calm_user: Made) -> None:
    """A replace of an attribute that has no value gives it one."""
    calm_user.kept("nickName")
    expect(replaced["unset"].reply).success()
    expect(replaced["unset"].after).status(200).has("nickName", "Ned")


@requirement("RFC7644-3.5.2.3-5", proof=(IGNORED,))
def test_parts_of_a_complex_attribute_are_replaced(replaced: Changed) -> None:
    """A replace of a complex attribute sets the sub-attributes in its value."""
    change = replaced["complex"].on("name.familyName")
    expect(change.reply).success()
    expect(change.after).status(200).has("name.familyName", "Otherwise")


@requirement("RFC7644-3.5.2.3-5", proof=("patch-complex-text-ignored",))
def test_a_complex_attribute_is_not_replaced_by_a_text(scim: Scim, calm_user: Made) -> None:
    """A replace of a complex attribute by a text is refused."""
    calm_user.kept("name.familyName")
    reply = scim.patch(calm_user, replace("name", "Babs Jensen"))
    expect(reply).refused().scim_error(reply.status).warn_at_most().status(400)


@requirement("RFC7644-3.5.2.3-6", proof=("patch-complex-replaced-whole",))
def test_parts_that_are_not_named_stay(replaced: Changed) -> None:
    """A replace of a complex attribute leaves the sub-attributes that it does not name."""
    change = replaced["complex"].on("name.familyName", "name.givenName")
    paths = [f"name.{part}" for part in ("givenName", "middleName", "honorificPrefix")]
    expect(change.after).status(200).keeps(change.before, paths=paths)


@requirement("RFC7644-3.5.2.3-7", proof=("patch-selected-replace-appends", IGNORED))
def test_the_value_that_matches_is_replaced(replaced: Changed) -> None:
    """A replace with a filter puts the new value in the place of the one that matches."""
    change = replaced["one"].on("addresses[0].streetAddress").several("addresses")
    expect(change.reply).success()
    houses = expect(change.after).status(200)
    houses.holds_value("addresses", type="home", streetAddress="7 Elm", postalCode="62701")
    _only(change, "addresses", "home", 1)
    houses.holds_value("addresses", type="work", postalCode="91608")


@requirement("RFC7644-3.5.2.3-7", proof=("patch-filter-first-only", IGNORED))
def test_all_values_that_match_are_replaced(replaced: Changed) -> None:
    """A replace with a filter leaves none of the values that match, and each of the others."""
    change = replaced["all"].on("emails[0].type").several("emails")
    expect(change.reply).no_server_error().warn_at_most().success()
    after = expect(change.after).status(200)
    for each in change.entries("emails"):
        value, kind = member(each, "value"), member(each, "type")
        checked = after.holds_no_value if kind == "work" else after.holds_value
        checked("emails", value=value)
    after.holds_value("emails", value=change.sent("[0].value.value"))


@requirement(
    "RFC7644-3.5.2.3-8",
    proof=(
        "patch-part-replaces-selected",
        "patch-value-paths-refused",
        "patch-filter-first-only",
        IGNORED,
    ),
)
def test_a_part_of_all_that_match_is_replaced(replaced: Changed) -> None:
    """A replace of a part changes it in every value that the filter matches."""
    change = replaced["part of all"].on("addresses[0].postalCode").several("addresses")
    expect(change.reply).success()
    houses = expect(change.after).status(200)
    for each in change.entries("addresses"):
        street = member(each, "streetAddress")
        houses.holds_value("addresses", streetAddress=street, locality="Burbank", region="CA")


@pytest.mark.parametrize("path", [NO_MATCH, f"{NO_MATCH}.value"])
@requirement("RFC7644-3.5.2.3-9", proof=("patch-no-match-ignored", "patch-no-match-creates"))
def test_a_replace_without_match_is_refused(
    path: str, scim: Scim, calm_user: Made, reading: Reading, lab: Lab
) -> None:
    """A replace whose filter matches nothing fails with 400 `noTarget`, and changes nothing."""
    value = f"scimproof-x@{lab.people.domain}"
    reply = scim.patch(calm_user, replace(path, value if "." in path else {"value": value}))
    if reply.status < 300:
        shown = items(expect(scim.get(calm_user)).at("emails"))
        made = any(member(each, "value") == value for each in shown)
        reading(f"a replace that matches nothing {'creates the value' if made else 'succeeds'}")
    elif expect(reply).at("scimType") != "noTarget":
        _takes_filters(lab, path, reply)
    expect(reply).scim_error(400, scim_type="noTarget")
    expect(scim.get(calm_user)).unchanged(calm_user.stored)


@requirement(
    "RFC7644-3.5.2.3-10",
    proof=(
        *("members-replace-appends", "members-replace-ignored", "members-replace-refused"),
        "members-path-replace-refused",
    ),
)
def test_all_members_are_replaced(joined: Changed, staff: Staff) -> None:
    """The example of the RFC replaces all members in one operation."""
    change = joined["replaced"].on("members")
    expect(change.reply).success()
    expect(change.after).status(200).members({staff[2].id, staff[3].id})


@requirement("RFC7644-3.5.2.3-11", proof=("patch-two-primary-addresses",))
def test_the_new_primary_address_is_the_only_one(replaced: Changed, needs: Needs) -> None:
    """The example of the RFC makes the work address the only primary one."""
    needs("addresses.primary")
    change = replaced["new primary"].several("addresses")
    expect(change.reply).success()
    expect(change.after).status(200).holds_value("addresses", type="work", primary=True)
    expect(change.after).holds_no_value("addresses", type="home", primary=True)


@requirement("RFC7644-3.5.2.3-12", proof=("patch-filter-hits-all", IGNORED))
def test_a_part_of_the_selected_is_replaced(replaced: Changed) -> None:
    """The example of the RFC changes the street of the work address, and nothing else of it."""
    change = replaced["part of one"].on("addresses[0].streetAddress").several("addresses")
    expect(change.reply).success()
    houses = expect(change.after).status(200)
    houses.holds_value(
        "addresses", type="work", streetAddress="1010 Broadway Ave", postalCode="91608"
    ).holds_value("addresses", type="home", streetAddress="456 Hill", postalCode="91608")


@requirement(
    "RFC7644-3.5.2.3-13",
    proof=("patch-keys-have-case", PATHLESS),
)
def test_a_replace_without_path_leaves_the_rest(replaced: Changed, calm_user: Made) -> None:
    """The example of the RFC replaces e-mails and `nickname`, and leaves everything else."""
    calm_user.kept("nickName")
    more_than_one("Users", calm_user.stored, "emails")
    change = replaced["example"].on("emails")
    expect(change.reply).success()
    after = expect(change.after).status(200).has("nickName", "Babs")
    after.unchanged(change.before, but=("emails", "nickName", "meta"))
    _are(change, "emails", [change.sent(f"[0].value.emails[{n}].value") for n in range(2)])


@requirement("RFC7644-3.5.2.3-13", proof=("patch-activates",))
def test_a_replace_without_path_wakes_nobody(scim: Scim, lab: Lab) -> None:
    """A replace without path of another attribute leaves an inactive user inactive."""
    user = lab.plain_user(active=False)
    if user.stored.get("active") is not False:
        raise NotOffered("the server creates no inactive user")
    name = lab.definitions.changeable("displayName", "nickName", "title")
    change: Json = {"op": "replace", "value": {name: lab.people.unique("sleeper")}}
    expect(scim.patch(user, change)).success()
    expect(scim.get(user)).status(200).has("active", False)


@requirement("RFC7644-3.5.2.3-14", proof=("patch-value-missing-ignored",))
def test_a_replace_has_a_value(scim: Scim, calm_user: Made) -> None:
    """PATCH `replace` without `value` is refused."""
    expect(scim.patch(calm_user, {"op": "replace", "path": "displayName"})).scim_error(400)


def _takes_filters(lab: Lab, path: str, refused: Seen) -> None:
    """Skip the case where the same path is refused in the same way with a filter that matches."""
    made = lab.user(key="filtered")
    own = made.kept("emails[0].value").value("emails[0].value")
    matching = path.replace(NO_MATCH, f"emails[value eq {quoted(own)}]")
    reply = lab.scim.patch(made, replace(matching, own if "." in path else {"value": own}))
    kinds = {value_at(each.object(), "scimType") for each in (reply, refused)}
    if reply.status == refused.status and reply.status in (400, 501) and len(kinds) == 1:
        raise NotOffered(f"the server takes no such path: {refusal('PATCH', reply)}")


def _are(change: Change, path: str, values: list[Json]) -> None:
    """Expect an array to have these values, in any order, and no other."""
    __tracebackhide__ = True
    after = expect(change.after)
    for value in values:
        after.holds_value(path, value=value)
    after.holds(
        lambda: len(items(after.at(path))) == len(values),
        f"{len(values)} value(s) in {path}",
        lambda: f"{len(items(after.at(path)))}",
    )


def _only(change: Change, path: str, kind: str, number: int) -> None:
    """Expect a number of values of one type in an array."""
    __tracebackhide__ = True
    after = expect(change.after)

    def found() -> int:
        return [member(each, "type") for each in items(after.at(path))].count(kind)

    after.holds(lambda: found() == number, f"{number} of type {kind}", lambda: f"{found()}")

"""RFC 7644 section 3.5.2: operations that come together, and what a PATCH often forgets."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.expect import expect
from suites.making.bodies import plain_group
from suites.making.lab import Lab
from suites.patching.changes import Change
from suites.patching.changes import Operation
from suites.patching.changes import change as changed
from suites.patching.changes import changes
from suites.patching.changes import more_than_one
from suites.patching.conftest import Changed
from suites.patching.steps import Mails
from suites.patching.steps import add
from suites.patching.steps import replace
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import quoted
from suites.values import same_but_for_case
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

Staff = tuple[Made, ...]
OF_GROUPS = ("patch", "groups")


@pytest.fixture
def gaining(experiment: Experiment) -> Changed:
    """A user who gets two e-mails in one request, and another externalId."""

    def run(lab: Lab) -> Changed:
        mail = Mails(lab.people)
        made = lab.user(emails=[mail("a", primary=True)])
        two = [add("emails", [mail("b", "home")]), add("emails", [mail("c", "other")])]
        own = [replace("externalId", lab.people.unique("Y"))]
        done = changes(lab, made, {"two": two, "external": own})
        if _done(done["two"]) and len(_mails(done["two"])) < 2:  # is it the two together?
            before = done["external"].after.object() or made.stored
            done["alone"] = changed(lab, made, before, add("emails", [mail("d", "home")]))
        return done

    return experiment(run, key="two adds at once")


@pytest.fixture
def regrouped(experiment: Experiment, staff: Staff, features: Capabilities) -> Changed:
    """A group of three that gets a fourth and a name at once, another externalId, and loses two."""
    features.check(("groups",))

    def run(lab: Lab) -> Changed:
        ann, bob, cem, dee = staff
        body = plain_group(lab.people.unique("three"), lab.entries(ann, bob, cem))
        outside: Json = lab.people.unique("X")
        made = lab.make("Groups", "three", [{**body, "externalId": outside}, body])
        name = replace("displayName", lab.people.unique("renamed"))
        either = f"members[value eq {quoted(ann.id)} or value eq {quoted(bob.id)}]"
        steps: dict[str, list[Operation]] = {
            "name too": [add("members", lab.entries(dee)), name],
            "external": [replace("externalId", lab.people.unique("Y"))],
            "either": [{"op": "remove", "path": either}],
        }
        done = changes(lab, lab.reread(made), steps)
        first = done["name too"]
        if _done(first) and not _named(first, first.sent("[1].value")):
            done["name alone"] = changed(lab, made, done["either"].after.object(), name)
        return done

    return experiment(run, key="members and more")


@requirement("RFC7644-3.5.2-21", proof=("patch-adds-of-one-array-lost",))
def test_two_adds_to_one_array_are_both_done(
    gaining: Changed, calm_user: Made, reading: Reading
) -> None:
    """Two adds to one multi-valued attribute in one request add both values."""
    change = gaining["two"].on("emails")
    more_than_one("Users", calm_user.stored, "emails")
    if _left_alone(change, reading, "two adds to one array"):
        return
    alone = gaining.get("alone")
    if alone is not None and not _added_to_the_others(alone):
        raise Blocked("an add alone loses a value as well", by="RFC7644-3.5.2.1-6")
    after = expect(change.after).status(200)
    for number in range(2):
        after.holds_value("emails", value=change.sent(f"[{number}].value[0].value"))


@requirement("RFC7644-3.5.2-21", proof=("group-patch-name-lost-with-members",), needs=OF_GROUPS)
def test_a_group_gets_a_member_and_a_name_at_once(
    regrouped: Changed, definitions: Definitions, reading: Reading
) -> None:
    """A PATCH that adds a member to a group and gives it another name does both."""
    _may_change(definitions, "displayName", "Group")
    change = regrouped["name too"].on("members", "displayName")
    if _left_alone(change, reading, "a member and a name together"):
        return
    name, alone = change.sent("[1].value"), regrouped.get("name alone")
    if alone is not None and not _named(alone, name):
        raise Blocked("a name alone is not taken either", by="RFC7643-4.2-2")
    new = str(change.sent("[0].value[0].value"))
    expect(change.after).status(200).has("displayName", name).members({*change.members(), new})


@requirement("RFC7644-3.5.2.2-4", proof=("member-remove-first-alternative-only",), needs=OF_GROUPS)
def test_members_are_removed_by_alternatives(
    regrouped: Changed, staff: Staff, reading: Reading
) -> None:
    """A remove with `or` in its filter takes away the members that fit either, or is refused."""
    change = regrouped["either"].on("members")
    if not {each.id for each in staff[:2]} <= change.members():
        raise Blocked("the group lacks members that it was given", by="RFC7643-4.2-5")
    if _left_alone(change, reading, "a filter with `or` in a path"):
        return
    left = change.members() - {each.id for each in staff[:2]}
    expect(change.after).status(200).members(left)


@requirement("RFC7643-3.1-22", proof=("patch-external-id-ignored",), needs=("patch",))
def test_a_user_gets_another_external_id(gaining: Changed, definitions: Definitions) -> None:
    """A PATCH gives a user another externalId, or is refused."""
    _gets_another_external_id(gaining["external"], definitions, "User")


@requirement("RFC7643-3.1-22", proof=("patch-external-id-ignored",), needs=OF_GROUPS)
def test_a_group_gets_another_external_id(regrouped: Changed, definitions: Definitions) -> None:
    """A PATCH gives a group another externalId, or is refused."""
    _gets_another_external_id(regrouped["external"], definitions, "Group")


def _gets_another_external_id(change: Change, definitions: Definitions, of: str) -> None:
    __tracebackhide__ = True
    _may_change(definitions, "externalId", of)
    change.on("externalId")
    if not _done(change):
        expect(change.reply).refused().warn_at_most().success()
    expect(change.after).status(200).has("externalId", change.sent("[0].value"))


def _may_change(definitions: Definitions, path: str, of: str) -> None:
    told = definitions.attribute(path, of)
    if told is not None and told.mutability != "readWrite":
        raise NotOffered(f"the server's schema of {of} says that {path} is {told.mutability}")


def _left_alone(change: Change, reading: Reading, what: str) -> bool:
    """Return whether the request was refused, which has to leave everything as it was."""
    __tracebackhide__ = True
    reading(f"{what}: answered with {change.reply.status}")
    if _done(change):
        return False
    expect(change.reply).refused()
    expect(change.after).status(200).unchanged(change.before)
    return True


def _done(change: Change) -> bool:
    return 200 <= change.reply.status < 300


def _named(change: Change, name: Json) -> bool:
    return same_but_for_case(expect(change.after).at("displayName"), name)


def _added_to_the_others(change: Change) -> bool:
    before, after = (
        values_at(each, "emails.value") for each in (dict(change.before), change.after.object())
    )
    return bool(_mails(change)) and all(any(same_but_for_case(a, b) for a in after) for b in before)


def _mails(change: Change) -> list[Json]:
    """Return the e-mails that the operations of a change gave and that are there after it."""
    shown = values_at(change.after.object(), "emails.value")
    given = values_at({"each": list(change.operations)}, "each.value.value")
    return [each for each in given if any(same_but_for_case(each, other) for other in shown)]

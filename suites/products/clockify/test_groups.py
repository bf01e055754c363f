"""Groups: made, changed and deleted by the IdP, and brought back by it."""

from __future__ import annotations

from suites.products.company import Company
from suites.products.promises import done
from suites.products.workspace import Workspace
from suites.requirements import requirement
from suites.values import value_at
from suites.verdicts import Mismatch

from .arranging import member_before

_ADDED = ("members-not-added",)


@requirement("CLK-GROUP-1", proof=("groups-not-created",))
def test_a_group_of_the_idp_is_created(company: Company) -> None:
    """A group that the IdP pushes is a group of the product, with its people."""
    people = company.hire(2)
    group = company.form(*people)
    company.sync()
    company.shows_group(company.name_of(group), people)


@requirement("CLK-GROUP-1", proof=("groups-not-deleted", "deleted-groups-stay-away"))
def test_a_group_that_ends_in_the_idp_is_deleted(company: Company) -> None:
    """A group that is deleted in the IdP is gone, its people stay, and its name can come again."""
    people = company.hire(2)
    group = company.form(*people)
    company.arrange(by="CLK-GROUP-1")
    name = company.name_of(group)
    company.directory.dissolve(group)
    company.directory.assign(*people)
    company.sync()
    company.shows_no_group(name)
    company.shows_member(people[0])
    company.form(*people, name=name)
    company.sync()
    company.shows_group(name, people)


@requirement("CLK-GROUP-2", proof=_ADDED)
def test_who_joins_in_the_idp_joins_the_group(company: Company) -> None:
    """Whoever joins a group in the IdP is in the group of the product."""
    one, two, three = company.hire(3)
    group = company.form(one, two)
    company.arrange(by="CLK-GROUP-1")
    company.directory.join(group, three)
    company.sync()
    company.shows_group(company.name_of(group), (one, two, three))


@requirement("CLK-GROUP-2", proof=("members-not-removed", "last-members-stay"))
def test_who_leaves_in_the_idp_leaves_the_group(company: Company) -> None:
    """Whoever leaves a group in the IdP is in that of the product no more, nor is the last one."""
    one, two = company.hire(2)
    group = company.form(one, two)
    company.arrange(by="CLK-GROUP-1")
    company.directory.leave(group, one)
    company.sync()
    company.shows_group(company.name_of(group), (two,))
    company.directory.leave(group, two)
    company.sync()
    company.shows_group(company.name_of(group), ())


@requirement(
    "CLK-GROUP-3", proof=("group-names-ignored", "renamed-groups-doubled", "group-names-escaped")
)
def test_a_new_name_in_the_idp_is_the_groups_name(company: Company) -> None:
    """A group that is renamed in the IdP is the same group, under the new name to the letter."""
    people = company.hire(2)
    group = company.form(*people)
    company.arrange(by="CLK-GROUP-1")
    old = company.shows_group(company.name_of(group), people)
    company.directory.rename(group, company.workspace.people.unique("R&D Zürich"))
    company.sync()
    found = company.shows_group(company.name_of(group), people)
    company.shows_no_group(old.name)
    if found.id != old.id:
        last = company.workspace.log.last()
        raise Mismatch(expected="the same group", actual="another id", entry=last)


@requirement("CLK-GROUP-4", proof=("address-named-groups-ignored", "groups-not-created"))
def test_a_distribution_list_becomes_a_group(company: Company) -> None:
    """A distribution list that is assigned to the app is a group of the product."""
    people = company.workspace.people
    name, members = f"{people.unique('everybody')}@{people.domain}", company.hire(2)
    company.form(*members, name=name)
    company.sync()
    company.shows_group(name, members)


@requirement("CLK-GROUP-5", proof=("group-of-everyone-made", "users-not-created"))
def test_assigning_a_group_brings_its_people_only(company: Company) -> None:
    """Assigning the app to a group brings the people in it, and no group."""
    before = [each.name for each in company.probe.groups().value]
    okta, people = company.replay(), company.workspace.people
    group = people.group(*people.people(2))
    okta.act.assign_group(group)
    workspace = company.workspace
    wanted = {each.email for each in group.members}
    workspace.shown(
        company.probe.users,
        lambda found: wanted <= {each.email for each in found},
        "the people of the group",
        lambda found: f"{len(wanted & {each.email for each in found})} of {len(wanted)}",
    )
    company.shows_no_new_group(before)


@requirement("CLK-GROUP-5", proof=("groups-not-created", "members-not-added"))
def test_push_groups_brings_the_group(company: Company) -> None:
    """With Push Groups the group comes as well, with its people immediately."""
    okta, people = company.replay(), company.workspace.people
    group = people.group(*people.people(2))
    okta.given.assign_group(group)
    okta.act.push_group(group)
    company.workspace.shown(
        lambda: company.probe.group(group.name),
        lambda found: found is not None and len(found.people) == len(group.members),
        f"the group {group.name!r} with {len(group.members)} people",
        lambda found: "no such group" if found is None else f"{len(found.people)} people",
    )


@requirement("CLK-GROUP-6", proof=("group-of-everyone-made", "users-not-created"))
def test_the_basic_licence_brings_people_only(company: Company) -> None:
    """Without Entra ID P1 or P2 people come, and no group that they are in."""
    before = [each.name for each in company.probe.groups().value]
    basic = company.set_up(switches={"licence": "none"})
    people = basic.hire(2)
    group = basic.form(*people)
    basic.office.turn()
    for each in people:
        basic.shows_member(each)
    basic.shows_no_group(basic.name_of(group))
    basic.shows_no_new_group(before)


@requirement(
    "CLK-GROUP-7",
    proof=("groups-not-created", "members-not-added", "groups-kept", "group-ids-reused"),
)
def test_exported_groups_come_back(workspace: Workspace, provider: str) -> None:
    """Groups that were exported and loaded into the IdP are back after the first sync."""
    emails = [workspace.people.person(local="before").email for _ in range(3)]
    before = {member_before(workspace, each).id: each for each in emails}
    exported = _grouped(workspace, before)
    former = {each.id for each in workspace.owner.groups().value}
    company = Company(workspace, provider)
    keys = {each: company.take_over(each) for each in emails}
    for name, people in exported.items():
        company.form(*(keys[each] for each in people), name=name)
    company.sync()
    for name, people in exported.items():
        found = company.shows_group(name, [keys[each] for each in people])
        if found.id in former:
            last = workspace.log.last()
            raise Mismatch(expected="a group with a new id", actual="its former id", entry=last)


def _grouped(workspace: Workspace, people: dict[str, str]) -> dict[str, list[str]]:
    """Make two groups before SCIM is on, and return what an export of them says."""
    ids, owner = list(people), workspace.owner
    for number in range(2):
        name = workspace.people.unique("crew")
        made = done(workspace.create_group(owner, name), "making a group")
        group_id = str(value_at(made.json(), "id"))
        for each in ids[number : number + 2]:
            done(owner.add_to_group(group_id, each), "putting somebody into the group")
    ours = [each for each in owner.groups().value if each.people and each.people <= people.keys()]
    return {each.name: [people[one] for one in sorted(each.people)] for each in ours}

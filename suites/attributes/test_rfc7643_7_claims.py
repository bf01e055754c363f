"""RFC 7643 section 7: claims of /Schemas that few servers make, and filters by other paths."""

from __future__ import annotations

import pytest

from suites.attributes import odd
from suites.client import ENTERPRISE_URN
from suites.client import Seen
from suites.expect import expect
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.values import quoted
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered


@requirement("RFC7643-7-27", proof=("schemas-nick-name-immutable",))
def test_immutable_values_stay(experiment: Experiment) -> None:
    """A PUT with another value of an attribute that is immutable in /Schemas does not change it."""
    done = experiment(odd.immutable)
    if not done:
        raise NotOffered("the server's schema of users has no text that is immutable")
    for each in done:
        expect(each.after).status(200).has(each.name, each.before.value(each.name))


@requirement("RFC7643-7-34", proof=("schemas-title-on-request",))
def test_what_is_returned_on_request_is_asked_for(
    scim: Scim, calm_user: Made, definitions: Definitions
) -> None:
    """An attribute that is returned on request is shown only where it is named."""
    names = [
        each.name
        for each in definitions.every()
        if each.returned == "request" and each.path == each.name and each.name in calm_user.sent
    ]
    if not names:
        raise NotOffered("the server's schema of users has nothing that is returned on request")
    plain, asked = scim.get(calm_user), scim.get(calm_user, attributes=[*names])
    for name in names:
        expect(plain).status(200).lacks(name)
        expect(asked).status(200).filled(name)


def _finds(reply: Seen, made: Made) -> bool:
    return made.id in values_at(reply.object(), "Resources.id")


@pytest.mark.parametrize(
    "path",
    ["emails.value", "name.familyName", f"{ENTERPRISE_URN}:department"],
    ids=["part-of-an-array", "part", "extension"],
)
@requirement("RFC7643-7-20", proof=("schemas-parts-case-exact",))
def test_parts_and_extensions_compare_as_case_exact_says(
    path: str, scim: Scim, world: World, definitions: Definitions
) -> None:
    """An `eq` on a part or an extension finds as `caseExact` in /Schemas says."""
    attribute = definitions.attribute(path)
    if attribute is None or not world["ada"].has(path):
        raise NotOffered(f"the server has no {path} in its schemas, or keeps none")
    ada, value = world["ada"], str(world["ada"].values(path)[0])
    other = value.swapcase()
    found = scim.find(f"{path} eq {quoted(other)}")
    if not _finds(found, ada) and not _finds(scim.find(f"{path} eq {quoted(value)}"), ada):
        # A server that finds nobody by this path has another fault than one of case.
        raise NotOffered(f"the server finds nobody by {path}")
    exact = world.whose(path, lambda value: value == other, folded=False)
    wanted = exact if attribute.case_exact else world.equal(path, other)
    expect(found).finds(*wanted, among=world.users)

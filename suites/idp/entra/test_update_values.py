"""Entra's Update Users: what becomes of values that a path names, and of those beside them."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Needs
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import hire
from .creating import described
from .custom import announced
from .custom import extending
from .custom import if_announced
from .linked import MANY
from .linked import extended
from .linked import plain_attributes
from .linked import require
from .linked import tried

COST_CENTRE = f"{ENTERPRISE_URN}:costCenter"


@pytest.fixture
def updatable(entra: Replay, bench: Bench, people: Registry) -> None:
    """Block the case on a server that refuses every update, which is judged elsewhere."""
    require(entra, tried(entra, bench, people))


@requirement("ENTRA-UPDATE-5", proof=("patch-add-ignored",))
@pytest.mark.usefixtures("updatable")
def test_an_attribute_gets_its_first_value(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions
) -> None:
    """An Add gives an attribute a value that had none."""
    (one,) = plain_attributes(definitions)
    person = described(people)
    made = hire(entra, look, person)
    entra.act.update(person, f"add-single-{entra.setup.dialect}", **{one.source: one.new})
    expect(look.user(made.id)).status(200).has(one.path, one.new)


@requirement(
    "ENTRA-UPDATE-6",
    proof=(
        *("patch-first-operation-only", "patch-last-operation-only"),
        "patch-many-operations-refused",
    ),
)
@pytest.mark.usefixtures("updatable")
def test_all_operations_are_carried_out(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions
) -> None:
    """A PATCH of two operations, a Replace and an Add, changes both attributes."""
    first, second = plain_attributes(definitions, 2)
    person = described(people, **{first.source: first.old})
    made = hire(entra, look, person, **{first.path: first.old})
    changes = {first.source: first.new, second.source: second.new}
    entra.act.update(person, MANY[entra.setup.dialect], **changes)
    user = expect(look.user(made.id)).status(200)
    user.has(first.path, first.new).has(second.path, second.new)


@requirement("ENTRA-UPDATE-7", proof=("patch-part-path-refused", "patch-part-path-clears-others"))
@pytest.mark.usefixtures("updatable")
def test_a_part_of_the_name_is_changed(
    entra: Replay, assigned: Account, look: ScimClient, people: Registry, needs: Needs
) -> None:
    """A new family name arrives by the path name.familyName, and the given name stays."""
    needs("name.givenName", "name.familyName")
    new = f"{people.family_name()}-Changed"
    entra.act.update(assigned.person, MANY[entra.setup.dialect], family_name=new)
    user = expect(look.user(assigned.id)).status(200).has("name.familyName", new)
    user.has("name.givenName", assigned.person.given_name)


@requirement(
    "ENTRA-UPDATE-12",
    proof=(
        *("patch-urn-path-refused", "patch-urn-path-split-at-dot"),
        "patch-extension-replaced-whole",
    ),
)
@pytest.mark.usefixtures("updatable", "enterprise_offered")
def test_an_attribute_of_the_extension_is_changed(
    entra: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """A new department arrives by its whole URN, and the employee number stays."""
    known = {"department": "Testing", "employeeNumber": "1001"}
    person = described(people, **known)
    with if_announced(enterprise_announced):
        made = hire(entra, look, person, **extended(**known))
        entra.act.update(person, MANY[entra.setup.dialect], department="Tours")
        user = expect(look.user(made.id)).status(200)
        user.has(f"{ENTERPRISE_URN}:department", "Tours")
        user.has(f"{ENTERPRISE_URN}:employeeNumber", "1001")


@requirement(
    "ENTRA-UPDATE-13",
    proof=("patch-urn-path-refused", "patch-urn-path-split-at-dot", "patch-add-ignored"),
)
@pytest.mark.usefixtures("updatable", "enterprise_offered")
def test_the_extension_gets_its_first_value(
    entra: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """A department is added to a user who had nothing in the extension."""
    person = described(people)
    made = hire(entra, look, person)
    with if_announced(enterprise_announced):
        entra.act.update(person, f"add-single-{entra.setup.dialect}", department="Tours")
        user = expect(look.user(made.id)).status(200)
        user.has(f"{ENTERPRISE_URN}:department", "Tours")


@requirement(
    "ENTRA-UPDATE-20",
    proof=("patch-urn-path-refused", "patch-urn-path-split-at-dot", "patch-replace-ignored"),
)
@pytest.mark.usefixtures("updatable")
def test_a_custom_attribute_is_changed(
    entra: Replay,
    look: ScimClient,
    people: Registry,
    definitions: Definitions,
    enterprise_announced: bool,
) -> None:
    """An attribute that an admin mapped beyond the default is changed by its whole URN."""
    path = announced(definitions)
    if path is None:
        path = _cost_centre(definitions, announced=enterprise_announced)
    urn, _, name = path.rpartition(":")
    form = extending(entra, path)
    person = described(people, custom="one")
    stored: dict[str, Json] = {"schemas": [USER_URN, urn], urn: {name: "one"}}
    made = hire(form, look, person, **stored)
    form.act.update(person, "custom-extension-attribute", custom="two")
    expect(look.user(made.id)).status(200).has(path, "two")


def _cost_centre(definitions: Definitions, *, announced: bool) -> str:
    """Return the path of an enterprise attribute that is not mapped by default."""
    if not announced or (definitions.known and definitions.attribute(COST_CENTRE) is None):
        raise NotOffered("the server announces no attribute that is not mapped by default")
    return COST_CENTRE

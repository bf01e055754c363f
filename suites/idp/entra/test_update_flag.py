"""Entra's Update Users with aadOptscim062020: one operation without path whose keys are paths."""

from __future__ import annotations

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Needs

from .conftest import Account
from .conftest import hire
from .creating import described
from .custom import if_announced
from .linked import extended
from .linked import plain_attributes
from .linked import require
from .linked import tried

SCENARIO = "update-many-flag"


@pytest.fixture
def updatable(entra: Replay, bench: Bench, people: Registry) -> None:
    """Block the case on a server that refuses every update, which is judged elsewhere."""
    require(entra, tried(entra, bench, people))


@requirement("ENTRA-UPDATE-8", proof=("patch-pathless-refused", "patch-user-pathless-refused"))
@pytest.mark.usefixtures("updatable")
def test_several_attributes_arrive_without_a_path(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions
) -> None:
    """Two plain attributes in one replace without path have their new values."""
    two = plain_attributes(definitions, 2)
    person = described(people, **{each.source: each.old for each in two})
    made = hire(entra, look, person, **{each.path: each.old for each in two})
    entra.act.update(person, SCENARIO, **{each.source: each.new for each in two})
    user = expect(look.user(made.id)).status(200)
    for each in two:
        user.has(each.path, each.new)


@requirement("ENTRA-UPDATE-9", proof=("patch-dotted-key-refused", "patch-dotted-key-ignored"))
@pytest.mark.usefixtures("updatable")
def test_dotted_keys_change_the_name(
    entra: Replay, assigned: Account, look: ScimClient, people: Registry, needs: Needs
) -> None:
    """The keys name.givenName and name.familyName change the parts of the name."""
    needs("name.givenName", "name.familyName")
    given, family = "Barbara-Changed", f"{people.family_name()}-Changed"
    entra.act.update(assigned.person, SCENARIO, given_name=given, family_name=family)
    user = expect(look.user(assigned.id)).status(200)
    user.has("name.givenName", given).has("name.familyName", family)


@requirement("ENTRA-UPDATE-10", proof=("patch-qualified-key-refused", "patch-replace-ignored"))
@pytest.mark.usefixtures("updatable", "enterprise_offered")
def test_qualified_keys_change_the_extension(
    entra: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """Keys that begin with the URN of the extension change its attributes."""
    with if_announced(enterprise_announced):
        _change_extension(entra, look, people)


@requirement("ENTRA-UPDATE-11", proof=("patch-urn-key-refused", "patch-urn-key-ignored"))
@pytest.mark.usefixtures("updatable", "enterprise_offered")
def test_an_extension_under_its_urn_is_changed(
    entra: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """The URN of the extension as a key that holds an object changes its attributes."""
    with if_announced(enterprise_announced):
        every_form(
            entra,
            SCENARIO,
            lambda form: _change_extension(form, look, people),
            only=lambda name: name == "extension-as-object",
        )


@requirement("ENTRA-UPDATE-24", proof=("unknown-parameter-refused",))
@pytest.mark.usefixtures("updatable")
def test_the_flag_in_the_query_of_an_update_does_no_harm(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions
) -> None:
    """GET and PATCH whose query carries the flag change the user."""
    (one,) = plain_attributes(definitions)

    def check(form: Replay) -> None:
        person = described(people, **{one.source: one.old})
        made = hire(form, look, person, **{one.path: one.old})
        form.act.update(person, SCENARIO, **{one.source: one.new})
        expect(look.user(made.id)).status(200).has(one.path, one.new)

    every_form(entra, SCENARIO, check, only=lambda name: name.startswith("flag-"))


def _change_extension(form: Replay, look: ScimClient, people: Registry) -> None:
    person = described(people, department="Testing", employeeNumber="1001")
    made = hire(form, look, person, **extended(department="Testing", employeeNumber="1001"))
    form.act.update(person, SCENARIO, department="Tours", employeeNumber="2002")
    user = expect(look.user(made.id)).status(200)
    user.has(f"{ENTERPRISE_URN}:department", "Tours")
    user.has(f"{ENTERPRISE_URN}:employeeNumber", "2002")

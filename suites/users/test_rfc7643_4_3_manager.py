"""RFC 7643 section 4.3: who reports to somebody who is deleted, or to themselves."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.expect import expect
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import deletable
from suites.verdicts import NotOffered

DEPARTMENT = f"{ENTERPRISE_URN}:department"
MANAGER = f"{ENTERPRISE_URN}:manager"


def _extended(made: Made, parts: dict[str, Json]) -> dict[str, Json]:
    """Return the body of a user with these parts of the extension."""
    return {**made.sent, "schemas": [USER_URN, ENTERPRISE_URN], ENTERPRISE_URN: parts}


@requirement("RFC7643-4.3-2", proof=("manager-deletion-drops-extension",))
def test_the_end_of_a_manager_leaves_the_rest(lab: Lab, reading: Reading) -> None:
    """A user keeps the department when the manager is deleted; what becomes of that is noted."""
    boss, made = lab.plain_user(key="manager"), lab.plain_user(key="employee")
    parts: dict[str, Json] = {"department": "Tours", "manager": {"value": boss.id}}
    lab.scim.put(made, _extended(made, parts))
    before = lab.reread(made).kept(DEPARTMENT, MANAGER)
    gone = deletable(lab.scim.delete(boss))
    if not 200 <= gone.status < 300:
        raise NotOffered(f"a manager cannot be deleted (DELETE answered {gone.status})")
    after = lab.read(made)
    expect(after).status(200).has(DEPARTMENT, before.value(DEPARTMENT))
    left = value_at(after.object(), f"{MANAGER}.value") is not None
    reading(f"a manager who is deleted is {'kept by' if left else 'taken from'} those who report")


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@requirement("RFC7643-4.3-3", proof=("manager-of-oneself-500",))
def test_somebody_may_be_their_own_manager_or_not(
    verb: str, lab: Lab, features: Capabilities, reading: Reading
) -> None:
    """A PUT or PATCH that makes users their own managers is done or refused, without an error."""
    features.check(("patch",) if verb == "PATCH" else ())
    made = lab.plain_user(key="own manager")
    if verb == "PUT":
        reply = lab.scim.put(made, _extended(made, {"manager": {"value": made.id}}))
    else:
        reply = lab.scim.patch(made, {"op": "add", "path": MANAGER, "value": {"value": made.id}})
    reading(f"a user as their own manager is answered with {reply.status}")
    expect(reply).no_server_error()

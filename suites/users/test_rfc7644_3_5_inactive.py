"""RFC 7644 section 3.5: whoever is made inactive keeps what the client knows the user by."""

from __future__ import annotations

from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered

LOST = "deactivation-loses-external-id"


def _known(lab: Lab) -> Made:
    return lab.reread(lab.plain_user(externalId=lab.people.unique("X"))).kept("externalId")


def _keeps_its_id(lab: Lab, made: Made, reply: Seen) -> None:
    """Expect the externalId in a user who was made inactive."""
    __tracebackhide__ = True
    after = lab.read(made)
    if value_at(after.object(), "active") is not False:
        raise NotOffered(f"the user was not made inactive (the change answered {reply.status})")
    expect(after).status(200).has("externalId", made.value("externalId"))


@requirement("RFC7644-3.5.2.3-13", needs=("patch",), proof=(LOST,))
def test_a_patch_of_active_leaves_the_external_id(lab: Lab) -> None:
    """A PATCH that makes a user inactive leaves the externalId as it was."""
    made = _known(lab)
    reply = lab.scim.patch(made, {"op": "replace", "path": "active", "value": False})
    _keeps_its_id(lab, made, reply)


@requirement("RFC7644-3.5.1-4", proof=(LOST,))
def test_a_put_of_active_keeps_the_external_id(lab: Lab) -> None:
    """A PUT that makes a user inactive and repeats the externalId keeps it."""
    made = _known(lab)
    reply = lab.scim.put(made, {**made.sent, "active": False})
    _keeps_its_id(lab, made, reply)

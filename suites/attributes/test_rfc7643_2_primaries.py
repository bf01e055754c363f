"""RFC 7643 section 2.4: one value at most is primary, whichever way the values came."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.attributes.showing import shows
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import NotOffered

TWO = "update-keeps-two-primaries"


def _both_primary(lab: Lab) -> list[Json]:
    """Return two new addresses that are both said to be primary."""
    word, domain = lab.people.unique("primary"), lab.people.domain
    return [
        {"value": f"{word}.{kind}@{domain}", "type": kind, "primary": True}
        for kind in ("work", "home")
    ]


def _one_at_most(lab: Lab, made: Made, reply: Seen) -> None:
    """Expect the user with one primary address at most, in the reply and as it is read."""
    __tracebackhide__ = True
    expect(reply).no_server_error()
    sights = [reply, lab.read(made)] if 200 <= reply.status < 300 else [lab.read(made)]
    for seen in sights:
        first = [each for each in values_at(seen.object(), "emails.primary") if each is True]
        shows(seen, holds=len(first) <= 1, wanted="one primary e-mail at most", came=[*first])


def _with_addresses(made: Made) -> Made:
    if "emails" not in made.sent:
        raise NotOffered("the server's schema of users has no emails")
    return made


@requirement("RFC7643-2.4-6", proof=(TWO,))
def test_a_put_makes_one_value_primary_at_most(lab: Lab, reading: Reading) -> None:
    """A PUT with two primary e-mails is refused, or leaves the user with one at most."""
    made = _with_addresses(lab.plain_user())
    reply = lab.scim.put(made, {**made.sent, "emails": _both_primary(lab)})
    reading(f"a PUT with two primary e-mails is answered with {reply.status}")
    _one_at_most(lab, made, reply)


@pytest.mark.parametrize("op", ["add", "replace"])
@requirement("RFC7643-2.4-6", needs=("patch",), proof=(TWO,))
def test_a_patch_makes_one_value_primary_at_most(op: str, lab: Lab, reading: Reading) -> None:
    """A PATCH with two primary e-mails is refused, or leaves the user with one at most."""
    made = _with_addresses(lab.plain_user())
    reply = lab.scim.patch(made, {"op": op, "path": "emails", "value": _both_primary(lab)})
    reading(f"a PATCH with two primary e-mails is answered with {reply.status}")
    _one_at_most(lab, made, reply)

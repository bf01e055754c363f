"""RFC 7644 section 3.9: several parts of one attribute, and what a view leaves as it is."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.querying.views import View
from suites.requirements import requirement
from suites.verdicts import NotOffered


@requirement("RFC7644-3.9-6", proof=("attributes-last-part-only",))
def test_several_parts_of_one_attribute_are_asked_for(view: View, world: World) -> None:
    """`attributes=name.givenName,name.familyName` shows both parts of the name."""
    ada = world["ada"].kept("name.givenName", "name.familyName")
    told = expect(view(attributes="name.givenName,name.familyName")).status(200)
    for part in ("name.givenName", "name.familyName"):
        told.exactly(part, ada.value(part))


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@requirement("RFC7644-3.9-8", proof=("writes-lose-what-is-not-shown",))
def test_what_a_write_does_not_show_stays(verb: str, lab: Lab, features: Capabilities) -> None:
    """A write with `excludedAttributes` leaves the attribute out of its reply alone."""
    features.check(("patch",) if verb == "PATCH" else ())
    name = lab.definitions.changeable("displayName", "title", "nickName")
    made = lab.plain_user(**{name: "First"}).kept(name)
    if verb == "PUT":
        reply = lab.scim.put(
            made, {**made.sent, name: "Other"}, headers=None, excludedAttributes=name
        )
    else:
        change: Json = {"op": "replace", "path": name, "value": "Other"}
        reply = lab.scim.patch(made, change, headers=None, excludedAttributes=name)
    if not 200 <= reply.status < 300:
        raise NotOffered(f"the {verb} was answered with {reply.status}")
    expect(lab.read(made)).status(200).filled(name)

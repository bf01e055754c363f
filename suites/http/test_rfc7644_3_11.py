"""RFC 7644 section 3.11: /Me, the name for whoever a client is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest

from idp_profiles.model import Json
from suites.capabilities import Capabilities
from suites.client import Seen
from suites.connection import authorization
from suites.expect import expect
from suites.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.target import Target
from suites.values import value_at
from suites.verbs import Changes
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import NotOffered


@pytest.fixture
def myself(me: Changes, experiment: Experiment) -> Seen:
    """What GET /Me answers."""
    return experiment(lambda lab: lab.scim.get("/Me", headers=me), key="GET /Me")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A change of displayName by /Me: the new name, the reply, and the user after it."""

    name: str
    reply: Seen
    after: Seen


@pytest.fixture
def renamed(me: Changes, target: Target, myself: Seen, experiment: Experiment) -> Renamed:
    """The run's own account with another displayName, which gets back the one it had."""
    if target.own_account is None:
        raise NotOffered("the target file names no account that the run may change")
    _direct(myself)
    old = value_at(myself.object(), "displayName")
    place = f"/Users/{quote(str(value_at(myself.object(), 'id')), safe='')}"

    def change(lab: Lab, value: Json) -> Seen:
        operation: Json = {"op": "replace", "path": "displayName", "value": value}
        return lab.scim.patch("/Me", operation, headers=me)

    def run(lab: Lab) -> Renamed:
        name = lab.people.unique("me")
        reply = change(lab, name)
        lab.scim.client.settle()
        after = lab.scim.get(place)
        if old is not None:
            change(lab, old)
        return Renamed(name, reply, after)

    return experiment(run, key="PATCH /Me")


@requirement("RFC7644-3.11-2", proof=("me-as-list",))
def test_me_answers_in_one_of_three_ways(myself: Seen, reading: Reading) -> None:
    """/Me answers with a resource, by a redirect, or not at all."""
    reading("/Me is a redirect" if myself.status == 308 else "/Me is processed directly")
    if myself.status != 308:
        expect(myself).status(200).filled("id").absent("Resources")


@requirement("RFC7644-3.11-3", needs=(), proof=("me-404",))
def test_a_server_without_me_says_so(
    features: Capabilities, scim: Scim, target: Target, reading: Reading
) -> None:
    """A server that has no /Me answers 501 to it."""
    if features.has("me"):
        raise NotOffered("the server has /Me")
    own = target.own_account
    headers = {"Authorization": authorization(own.credential)} if own else None
    reply = scim.get("/Me", headers=headers)
    if own is None and reply.status in (403, 404):
        # A credential that stands for nobody is answered like that where /Me is there, too.
        reading(f"/Me is answered {reply.status} to a credential that may stand for nobody")
        return
    expect(reply).status(501)


@requirement("RFC7644-3.11-4", proof=("me-redirects-astray",))
def test_a_redirect_leads_to_the_resource(
    myself: Seen, scim: Scim, me: Changes, target: Target
) -> None:
    """A 308 of /Me names a place at which the resource is."""
    if myself.status != 308:
        raise NotOffered("/Me is processed directly")
    place = (myself.header("Location") or "").removeprefix(target.url)
    path = place.removeprefix(target.base_path)
    if not path.startswith("/"):
        raise NotOffered("/Me is redirected to another place than this server")
    expect(scim.get(path, headers=me)).status(200).filled("id")


@requirement("RFC7644-3.11-6", proof=("me-as-list",))
def test_me_is_a_resource(myself: Seen) -> None:
    """Where /Me is processed directly, it is the resource itself."""
    _direct(myself)
    expect(myself).status(200).filled("schemas").filled("id")


@requirement("RFC7644-3.11-7", proof=("me-without-location", "me-location-is-alias"))
def test_the_location_of_me_is_the_permanent_one(myself: Seen) -> None:
    """The Location of /Me leads to the resource by its id."""
    _direct(myself)
    resource = value_at(myself.object(), "id")
    if not isinstance(resource, str) or not resource:
        raise Blocked("/Me shows no id", by="RFC7644-3.11-6", entry=myself.entry)

    def last() -> str:
        return unquote(urlsplit(myself.header("Location") or "").path.rpartition("/")[2])

    expect(myself).header("Location").holds(
        lambda: last() == resource,
        f"a Location that ends in {resource}",
        lambda: str(myself.header("Location")),
    )


@requirement("RFC7644-3.11-9", proof=("me-patch-ignored",))
def test_a_patch_of_me_changes_the_user(renamed: Renamed) -> None:
    """A PATCH of /Me changes the resource at its permanent location."""
    expect(renamed.reply).success()
    expect(renamed.after).status(200).exactly("displayName", renamed.name)


def _direct(reply: Seen) -> None:
    if reply.status == 308:
        raise NotOffered("the server redirects /Me")

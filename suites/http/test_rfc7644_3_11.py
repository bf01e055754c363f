"""RFC 7644 section 3.11: /Me, the name for whoever a client is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest

from idp_profiles.model import Json
from suites.bench import Bench
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.reach.connection import authorization
from suites.reach.embedded import ACCOUNT
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.target.model import Target
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


@dataclass(frozen=True, slots=True)
class Gone:
    """The end of the run's own account by /Me, and an attempt before it to make it once more."""

    again: Seen
    reply: Seen
    after: Seen


@pytest.fixture
def renamed(
    me: Changes, target: Target, myself: Seen, features: Capabilities, experiment: Experiment
) -> dict[str, Renamed]:
    """The run's own account with another displayName, which gets back the one it had."""
    if target.own_account is None:
        raise NotOffered("the target file names no account that the run may change")
    _direct(myself)
    before = myself.object()
    place = _place(myself)

    def run(lab: Lab) -> dict[str, Renamed]:
        done: dict[str, Renamed] = {}
        for method in ("PATCH", "PUT") if features.has("patch") else ("PUT",):
            name = lab.people.unique("me")
            reply = _rename(lab, method, before, name, me)
            lab.scim.client.settle()
            done[method] = Renamed(name, reply, lab.scim.get(place))
        if before.get("displayName") is not None:
            lab.scim.put("/Me", before, headers=me)
        return done

    return experiment(run, key="writes on /Me")


@pytest.fixture
def gone(
    me: Changes,
    bench: Bench,
    myself: Seen,
    renamed: dict[str, Renamed],
    experiment: Experiment,
) -> Gone:
    """The run's own account deleted by /Me, after all else, and made anew."""
    own = _own_to_delete(bench, bool(renamed))

    def run(lab: Lab) -> Gone:
        again = lab.scim.post("/Me", {**_writable(myself), "userName": own}, headers=me)
        reply = lab.scim.delete("/Me", headers=me)
        lab.scim.client.settle()
        after = lab.scim.get(_place(myself))
        if after.status != 200:
            lab.plain_user(key="own account", userName=own)
        return Gone(again, reply, after)

    return experiment(run, key="DELETE /Me")


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


@requirement("RFC7644-3.11-7", proof=("me-writes-without-location",))
def test_the_location_of_me_is_told_after_a_change(renamed: dict[str, Renamed]) -> None:
    """A PATCH or PUT of /Me that shows the user names the permanent location."""
    for reply in [each.reply for each in renamed.values() if each.reply.status == 200]:
        expect(reply).header("Location")


@requirement("RFC7644-3.11-8", proof=("me-post-500",))
def test_a_post_to_me_is_answered(gone: Gone, reading: Reading) -> None:
    """A POST to /Me by a user who exists creates another resource, or is refused."""
    reading(f"POST to /Me by a user who exists is answered {gone.again.status}")
    expect(gone.again).no_server_error()


@requirement("RFC7644-3.11-9", needs=("me",), proof=("me-patch-ignored", "me-put-ignored"))
def test_a_write_on_me_changes_the_user(renamed: dict[str, Renamed]) -> None:
    """A PATCH or PUT of /Me changes the resource at its permanent location."""
    for change in renamed.values():
        expect(change.reply).success()
        expect(change.after).status(200).exactly("displayName", change.name)


@requirement("RFC7644-3.11-9", needs=("me",), proof=("me-delete-ignored",))
def test_a_delete_of_me_deletes_the_user(gone: Gone) -> None:
    """A DELETE of /Me deletes the resource at its permanent location, or is refused."""
    if gone.reply.status in (403, 405, 501):
        raise NotOffered(f"users may not delete themselves: {gone.reply.status}")
    expect(gone.reply).success()
    expect(gone.after).refused()


def _rename(lab: Lab, method: str, before: Mapping[str, Json], name: str, me: Changes) -> Seen:
    if method == "PUT":
        return lab.scim.put("/Me", {**before, "displayName": name}, headers=me)
    operation: Json = {"op": "replace", "path": "displayName", "value": name}
    return lab.scim.patch("/Me", operation, headers=me)


def _own_to_delete(bench: Bench, ready: bool) -> str:
    """Return the userName of the own account, where the run made it and nobody else needs it."""
    own = bench.connection.target.own_account
    made = own and any(each.name == own.user_name for each in bench.shared.journal.items)
    if own is None or not made or not ready:
        raise NotOffered("the account is not one that the run made, and may delete")
    if bench.worker != "main" and own.user_name != ACCOUNT:
        raise NotOffered("another process of the run may need the account")
    return own.user_name


def _writable(myself: Seen) -> dict[str, Json]:
    own = ("id", "meta", "groups")
    return {name: value for name, value in myself.object().items() if name.lower() not in own}


def _place(myself: Seen) -> str:
    return f"/Users/{quote(str(value_at(myself.object(), 'id')), safe='')}"


def _direct(reply: Seen) -> None:
    if reply.status == 308:
        raise NotOffered("the server redirects /Me")

"""RFC 7644 section 3.12, table 9: the keywords by which an error says what is wrong.

A keyword is optional: one that is missing is noted, and only another one than fits warns.
"""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.http.conftest import BROKEN
from suites.http.conftest import Replies
from suites.http.conftest import failed
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

MIXED_UP = "scim-types-mixed-up"
UNFINISHED = 'userName eq "'


@pytest.fixture
def conflicts(experiment: Experiment, features: Capabilities) -> Replies:
    """A user who is given the userName of another, by each way there is."""

    def run(lab: Lab) -> Replies:
        taken, other = lab.plain_user(key="taken name"), lab.plain_user(key="other name")
        name = taken.value("userName")
        again = lab.user_bodies({**taken.sent})[0]
        made = {
            "POST": lab.scim.post("/Users", again),
            "PUT": lab.scim.put(other, {**other.stored, "userName": name}),
        }
        if features.has("patch"):
            change: Json = {"op": "replace", "path": "userName", "value": name}
            made["PATCH"] = lab.scim.patch(other, change)
        if features.has("bulk"):
            create: Json = {"method": "POST", "path": "/Users", "bulkId": "again", "data": again}
            made["bulk"] = lab.scim.bulk(create)
        return made

    return experiment(run, key="userNames that are taken")


@pytest.fixture
def patches(experiment: Experiment) -> Replies:
    """A user who meets a PATCH that has to be refused."""

    def run(lab: Lab) -> Replies:
        made = lab.plain_user(key="refused changes")
        missing = 'emails[value eq "nobody@scimproof.example"].value'

        def change(path: str, value: Json) -> Seen:
            return lab.scim.patch(made, {"op": "replace", "path": path, "value": value})

        return {
            "read-only": change("id", "scimproof-another-id"),
            "broken path": change("emails[type eq", "a@scimproof.example"),
            "no match": change(missing, "b@scimproof.example"),
            "broken filter": change('emails[type nonsense "work"].value', "c@scimproof.example"),
        }

    return experiment(run, key="changes that are refused")


@pytest.fixture
def asked(experiment: Experiment, features: Capabilities) -> Replies:
    """Searches whose filter or body cannot be read."""

    def run(lab: Lab) -> Replies:
        made = {"GET": lab.scim.get("/Users", filter=UNFINISHED)}
        if features.has("search"):
            made["search"] = lab.scim.search("/Users", filter=UNFINISHED)
            made["broken search"] = lab.scim.post("/Users/.search", BROKEN)
        return made

    return experiment(run, key="searches that cannot be read")


@pytest.mark.parametrize("way", ["GET", "search"])
@requirement("RFC7644-3.12-19", proof=(MIXED_UP,))
def test_a_filter_that_cannot_be_read_is_an_invalid_filter(way: str, asked: Replies) -> None:
    """A filter that ends too early is refused with `invalidFilter`."""
    _typed(_of(asked, way), "RFC7644-3.4.2.2-42", "invalidFilter", "invalidSyntax")


@requirement("RFC7644-3.12-19", needs=("patch",), proof=(MIXED_UP,))
def test_a_filter_in_a_path_that_cannot_be_read_is_invalid(patches: Replies) -> None:
    """A path whose filter has no operator is refused with `invalidFilter` or `invalidPath`."""
    _typed(patches["broken filter"], "RFC7644-3.5.2-15", "invalidFilter", "invalidPath")


@pytest.mark.parametrize("way", ["POST", "PUT", "PATCH"])
@requirement("RFC7644-3.12-22", proof=(MIXED_UP, "scim-type-of-own-invention"))
def test_a_name_that_is_taken_breaks_uniqueness(
    way: str, conflicts: Replies, reading: Reading
) -> None:
    """A userName of another user is refused with `uniqueness`."""
    reply = failed(_of(conflicts, way), "RFC7643-4.1.1-6")
    if way != "POST" and value_at(reply.object(), "scimType") == "mutability":
        reading("a userName cannot be changed")
        return
    _typed(reply, "RFC7643-4.1.1-6", "uniqueness")


@requirement("RFC7644-3.12-31", needs=("bulk",), proof=(MIXED_UP,))
def test_a_bulk_result_says_what_is_wrong(conflicts: Replies) -> None:
    """The result of a bulk operation with a userName that is taken says `uniqueness`."""
    reply = _of(conflicts, "bulk")
    kinds = [
        member(member(each, "response"), "scimType")
        for each in items(value_at(reply.object(), "Operations"))
    ]
    if not any(kinds):
        raise NotOffered("the result has no scimType, which is optional")
    expect(reply).holds(lambda: kinds == ["uniqueness"], "uniqueness", lambda: str(kinds))


@requirement("RFC7644-3.12-23", needs=("patch",), proof=(MIXED_UP,))
def test_a_change_of_what_is_read_only_breaks_mutability(patches: Replies) -> None:
    """A PATCH of the id is refused with `mutability`."""
    _typed(patches["read-only"], "RFC7644-3.5.2-13", "mutability")


@pytest.mark.parametrize("way", ["broken", "broken put"])
@requirement("RFC7644-3.12-24", proof=(MIXED_UP,))
def test_a_body_that_cannot_be_read_is_invalid_syntax(way: str, errors: Replies) -> None:
    """A body that ends too early is refused with `invalidSyntax`."""
    _typed(errors[way], "RFC7644-3.12-10", "invalidSyntax")


@requirement("RFC7644-3.12-24", proof=("array-body-500",))
def test_a_list_is_no_resource(scim: Scim) -> None:
    """A POST whose body is an array and no object is refused with 400."""
    expect(scim.post("/Users", b"[]")).scim_error(400)


@requirement("RFC7644-3.12-24", needs=("search",), proof=(MIXED_UP,))
def test_a_search_that_cannot_be_read_is_invalid_syntax(asked: Replies) -> None:
    """A search by POST whose body ends too early is refused with `invalidSyntax`."""
    _typed(asked["broken search"], "RFC7644-3.12-10", "invalidSyntax")


@requirement("RFC7644-3.12-25", proof=(MIXED_UP,))
def test_a_path_that_cannot_be_read_is_an_invalid_path(patches: Replies) -> None:
    """A path that ends too early is refused with `invalidPath` or `invalidFilter`."""
    _typed(patches["broken path"], "RFC7644-3.5.2-15", "invalidPath", "invalidFilter")


@requirement("RFC7644-3.12-26", proof=(MIXED_UP,))
def test_a_path_without_a_match_has_no_target(patches: Replies) -> None:
    """A replace whose filter matches nothing is refused with `noTarget`."""
    _typed(patches["no match"], "RFC7644-3.5.2.3-9", "noTarget")


@pytest.mark.parametrize("what", ["nameless", "wrong type"])
@requirement("RFC7644-3.12-27", proof=(MIXED_UP,))
def test_a_value_that_does_not_fit_is_an_invalid_value(what: str, errors: Replies) -> None:
    """A value that is missing or of the wrong type is refused with `invalidValue`."""
    if what == "wrong type" and errors[what].status < 400:
        raise NotOffered("the server alters or ignores a value of the wrong type")
    # Also "not conforming to the request schema", which table 9 calls invalidSyntax.
    _typed(errors[what], "RFC7643-4.1.1-2", "invalidValue", "invalidSyntax")


def _typed(reply: Seen, by: str, *allowed: str) -> None:
    """Expect one of these keywords; a missing one is noted, for it is optional."""
    told = expect(failed(reply, by))
    if value_at(reply.object(), "scimType") is None:
        told.note_at_most()
    told.scim_type(*allowed)


def _of(replies: Replies, way: str) -> Seen:
    if way not in replies:
        raise NotOffered(f"the server has no {way}")
    return replies[way]

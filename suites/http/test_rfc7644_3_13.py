"""RFC 7644 section 3.13: the version of the protocol in a URL."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from suites.client import Seen
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.target.model import Target
from suites.values import strings
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered

VERSION = re.compile(r"v[0-9]+")
LIKE_A_VERSION = re.compile(r"(?i)v(?:ersion)?[-_.]?[0-9][0-9.]*")

Replies = dict[str, Seen]


@pytest.fixture
def elsewhere(target: Target, experiment: Experiment) -> Replies:
    """The list of users of another version, and without one."""
    last = target.base_path.rstrip("/").rpartition("/")[2]
    if not VERSION.fullmatch(last):
        raise NotOffered("the base URL does not end in a version")
    # Two dots lead out of the base URL; the client resolves them before it sends.
    return experiment(
        lambda lab: {
            "v99": lab.scim.get("/../v99/Users", count=1),
            "none": lab.scim.get("/../Users", count=1),
        },
        key="other versions",
    )


@requirement("RFC7644-3.12-28", proof=("any-version-served",))
def test_a_version_that_is_not_there_is_answered_so(elsewhere: Replies) -> None:
    """A version that does not exist is refused with `invalidVers`, or as a path of nothing."""
    reply = elsewhere["v99"]
    expect(reply).refused()
    if reply.status == 400:
        expect(reply).scim_type("invalidVers")


@requirement("RFC7644-3.13-2", proof=("location-version-first",))
def test_a_version_stands_before_the_endpoint(calm_user: Made, reading: Reading) -> None:
    """A version in the location of a user stands directly before the endpoint."""
    path = _base(calm_user)
    found = [each for each in path if VERSION.fullmatch(each)]
    if not found:
        raise NotOffered("there is no version in the location")
    reading(f"the version in the URL is {found[-1]}")
    expect(calm_user.reply).holds(
        lambda: VERSION.fullmatch(path[-1]) is not None,
        "the version directly before the endpoint",
        lambda: "/".join(path),
    )


@requirement("RFC7644-3.13-3", proof=("location-version-spelled-out",))
def test_a_version_is_v_and_a_number(calm_user: Made) -> None:
    """What looks like a version before the endpoint is the letter v and a number."""
    last = _base(calm_user)[-1:]
    if not last or not LIKE_A_VERSION.fullmatch(last[0]):
        raise NotOffered("there is no version before the endpoint")
    expect(calm_user.reply).holds(
        lambda: VERSION.fullmatch(last[0]) is not None, "v and a number", lambda: last[0]
    )


@requirement("RFC7644-3.13-4", proof=("any-version-served",))
def test_a_version_that_is_not_there_is_not_served(elsewhere: Replies) -> None:
    """A list of version 99 is not answered with one of the version that is there."""
    reply = elsewhere["v99"]
    expect(reply).holds(
        lambda: not (reply.status == 200 and value_at(reply.object(), "totalResults") is not None),
        "an error",
        lambda: f"a list with status {reply.status}",
    )


@requirement("RFC7644-3.13-5", proof=("unversioned-as-1-1",))
def test_without_a_version_the_latest_is_served(elsewhere: Replies) -> None:
    """A list that is asked for without a version is one of SCIM 2.0."""
    reply = elsewhere["none"]
    schemas = strings(value_at(reply.object(), "schemas"))
    # What is at that place need not be SCIM at all.
    if reply.status != 200 or not any("scim" in each.lower() for each in schemas):
        raise NotOffered("the server serves no SCIM without a version")
    expect(reply).holds(
        lambda: any(":2.0:" in each for each in schemas), "SCIM 2.0", lambda: str(schemas)
    )


def _base(made: Made) -> list[str]:
    """Return the segments of a user's location before the endpoint."""
    place = value_at(made.reply.object(), "meta.location") or made.reply.header("Location")
    if not isinstance(place, str) or not place:
        raise NotOffered("the user has no location")
    return [each for each in urlsplit(place).path.rpartition("/Users/")[0].split("/") if each]

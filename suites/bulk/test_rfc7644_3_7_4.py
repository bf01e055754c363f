"""RFC 7644 section 3.7.4: the limits of bulk requests.

No more than a mebibyte and a little is sent, so that a server with larger limits is not judged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.bulk.conftest import Crew
from suites.bulk.jobs import creating
from suites.bulk.jobs import deleting
from suites.bulk.jobs import user_body
from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import items
from suites.values import quoted
from suites.values import text
from suites.values import value_at
from suites.verbs import BULK_URN
from suites.verdicts import NotOffered

MEBIBYTE = 1024 * 1024
LIMITS = ("maxOperations", "maxPayloadSize")
HINTS = {"maxOperations": ("operations",), "maxPayloadSize": ("size", "payload", "entity", "byte")}


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A request beyond a limit: the limit, the reply, and what is found of its first operation."""

    limit: int
    reply: Seen
    found: Seen | None = None


@pytest.fixture
def too_many(experiment: Experiment, discovery: Discovery, crew: Crew) -> Exceeded:
    """One operation more than the server takes: a create, and deletes of a user nobody has."""
    limit, size = (_limit(discovery, name) for name in LIMITS)

    def run(lab: Lab) -> Exceeded:
        body = user_body(lab)
        operations: list[Json] = [creating("Users", "scimproof-first", body)]
        operations += [deleting(crew.nobody)] * limit
        if len(_job(operations)) > min(size, MEBIBYTE):
            raise NotOffered(f"{limit + 1} operations are more than a payload has room for")
        reply = lab.scim.post("/Bulk", _job(operations))
        lab.scim.client.settle()
        return Exceeded(limit, reply, lab.scim.find(f"userName eq {quoted(body['userName'])}"))

    return experiment(run, key="too many operations")


@pytest.fixture
def too_large(experiment: Experiment, discovery: Discovery, crew: Crew) -> Exceeded:
    """One operation, on a user nobody has, that makes the request larger than the server takes."""
    limit = _limit(discovery, "maxPayloadSize")
    if limit > MEBIBYTE:
        raise NotOffered(f"a request of more than {limit} bytes is larger than this suite sends")

    def run(lab: Lab) -> Exceeded:
        operation = deleting(crew.nobody, data={"displayName": ""})
        missing = limit + 1 - len(_job([operation]))
        operation["data"] = {"displayName": "x" * max(0, missing)}
        return Exceeded(limit, lab.scim.post("/Bulk", _job([operation])))

    return experiment(run, key="a payload too large")


@pytest.mark.parametrize("name", LIMITS)
@requirement("RFC7644-3.7.4-1", proof=("bulk-limits-zero", "config-without-limits"))
def test_the_limits_are_defined(name: str, discovery: Discovery) -> None:
    """ServiceProviderConfig has a positive number for each limit of bulk requests."""
    if discovery.config.status != 200:
        raise NotOffered("the server has no configuration to read, which RFC7644-4-2 judges")
    found = value_at(discovery.config.object(), f"bulk.{name}")
    expect(discovery.config).holds(
        lambda: isinstance(found, int) and not isinstance(found, bool) and found > 0,
        f"a positive bulk.{name}",
        lambda: text(found),
    )


@requirement("RFC7644-3.7.4-3", proof=("bulk-takes-more-operations", "bulk-limit-as-400"))
def test_one_operation_too_many_gives_413(too_many: Exceeded) -> None:
    """A bulk request with one operation more than maxOperations gives 413."""
    expect(too_many.reply).status(413)


@requirement("RFC7644-3.7.4-3", needs=("bulk", "filter"), proof=("bulk-limit-met-late",))
def test_a_job_that_is_too_long_does_nothing(too_many: Exceeded) -> None:
    """A bulk request that exceeds maxOperations is not carried out in part."""
    if too_many.reply.status < 400 or too_many.found is None:
        raise NotOffered("the request is not refused, which another case judges")
    found = items(value_at(too_many.found.object(), "Resources"))
    expect(too_many.found).holds(
        lambda: not found, "no user of the job", lambda: f"{len(found)} created"
    )


@requirement("RFC7644-3.7.4-4", proof=("bulk-takes-larger-payloads", "bulk-limit-as-400"))
def test_a_payload_that_is_too_large_gives_413(too_large: Exceeded) -> None:
    """A bulk request of one byte more than maxPayloadSize gives 413."""
    expect(too_large.reply).status(413)


@requirement("RFC7644-3.7.4-5", proof=("bulk-limit-not-named",))
def test_the_limit_of_operations_is_named(too_many: Exceeded) -> None:
    """The error for too many operations says which limit was exceeded."""
    _named(too_many, "maxOperations")


@requirement("RFC7644-3.7.4-5", proof=("bulk-limit-not-named", "bulk-limit-as-text"))
def test_the_limit_of_the_payload_is_named(too_large: Exceeded) -> None:
    """The error for a payload that is too large says which limit was exceeded."""
    _named(too_large, "maxPayloadSize")


def _named(exceeded: Exceeded, name: str) -> None:
    """Expect the name of the limit or its number; words that only point at it are worth a warning.

    "Request entity too large" tells which limit it was, but not what the limit is.
    """
    if exceeded.reply.status != 413:
        raise NotOffered("the request is not answered 413, which another case judges")
    detail = str(value_at(exceeded.reply.object(), "detail") or "").lower()
    exact = (name.lower(), str(exceeded.limit), f"{exceeded.limit:,}")
    told = expect(exceeded.reply)
    if any(word in detail for word in HINTS[name]):
        told.warn_at_most()
    told.holds(
        lambda: any(word in detail for word in exact),
        f"a detail that names {name} or {exceeded.limit}",
        lambda: text(detail),
    )


def _limit(discovery: Discovery, name: str) -> int:
    found = value_at(discovery.config.object(), f"bulk.{name}")
    if not isinstance(found, int) or isinstance(found, bool) or found <= 0:
        raise NotOffered(f"the server announces no {name}, which RFC7644-3.7.4-1 judges")
    return found


def _job(operations: list[Json]) -> bytes:
    return json.dumps({"schemas": [BULK_URN], "Operations": operations}).encode()

"""Okta and 429: it waits as told, and goes on."""

from __future__ import annotations

import pytest

from idp_profiles.model import Request
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.reach.connection import authorization
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

PROBES = 60  # lookups at most, to use up a small request limit


@pytest.fixture
def refusal(bench: Bench, look: ScimClient) -> Seen:
    """The first reply that says that the limited credential has used up its limit."""
    return _use_up(bench, look)


def _use_up(bench: Bench, look: ScimClient) -> Seen:
    limited = bench.connection.target.rate_limited
    if limited is None:
        raise NotOffered("no credential with a low request limit is known (rate_limited)")
    headers = (("Accept", "application/scim+json"), ("Authorization", authorization(limited)))
    for _ in range(PROBES):
        reply = look.impatient("GET", "/Users?startIndex=1&count=2", headers)
        if reply.status != 200:
            return reply
    raise NotOffered(f"no 429 within {PROBES} requests of the limited credential")


@requirement(
    "OKTA-RATE-1",
    proof=(
        *("rate-limit-as-403", "rate-limit-as-503", "rate-limit-forever"),
        "rate-limit-loses-request",
    ),
    dialects=(),
)
def test_a_limited_create_succeeds_after_the_wait(
    okta: Replay, bench: Bench, look: ScimClient, people: Registry
) -> None:
    """A POST that meets a 429 creates the user once, after the wait that was asked for."""
    _use_up(bench, look)
    limited = okta.again(credential=bench.connection.target.rate_limited, patient=False)
    person = people.person()
    posts: list[Request] = []

    def use_up_before_the_first_post(request: Request) -> None:
        if request.method == "POST" and not posts:
            posts.append(request)
            _use_up(bench, look)

    limited.mock.before = use_up_before_the_first_post
    limited.act.assign(person)
    expect(look.users_named(person.user_name)).matches(str(limited.idp.user_id(person)))


@requirement(
    "OKTA-RATE-2", proof=("rate-limit-http-date", "rate-limit-without-retry-after"), dialects=()
)
def test_a_429_says_how_many_seconds(refusal: Seen) -> None:
    """A 429 carries Retry-After in whole seconds."""
    expect(refusal).status(429)
    pause = refusal.header("Retry-After")
    if pause is None or not pause.isdecimal():
        raise Mismatch(
            expected="Retry-After with whole seconds", actual=repr(pause), entry=refusal.entry
        )


@requirement("OKTA-RATE-3", proof=("rate-limit-as-html",), dialects=())
def test_a_429_names_its_cause(refusal: Seen) -> None:
    """A 429 is JSON with a `detail`."""
    expect(refusal).json_object().filled("detail")

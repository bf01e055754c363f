"""RFC 7644 section 2: who is let in, and what a client is asked for that is not."""

from __future__ import annotations

import re

from suites.client import Seen
from suites.control import needed
from suites.expect import expect
from suites.http.conftest import Replies
from suites.requirements import requirement
from suites.target.model import Target
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

STATUS = "RFC7644-3.12-11"


def _let_in(reply: Seen) -> bool:
    return 200 <= reply.status < 300


@requirement("RFC7644-2-4", proof=("any-token-accepted", "unauthorized-as-200-empty-list"))
def test_a_wrong_credential_opens_nothing(knocks: Replies) -> None:
    """A credential that nobody was given is not let in where the right one is."""
    needed(knocks["right"])
    expect(knocks["wrong"]).holds(
        lambda: not _let_in(knocks["wrong"]), "a refusal", lambda: f"{knocks['wrong'].status}"
    )


@requirement("RFC7644-2-7", proof=("unauthorized-without-challenge",))
def test_a_refusal_names_the_schemes_of_authentication(knocks: Replies) -> None:
    """A 401 for a request without credentials says in WWW-Authenticate how to authenticate."""
    expect(_unauthorized(knocks)).header("WWW-Authenticate")


@requirement("RFC7644-2-7", proof=("unauthorized-other-challenge",))
def test_the_scheme_that_works_is_named(knocks: Replies, target: Target) -> None:
    """The scheme by which this run authenticates is among those of WWW-Authenticate."""
    kind = target.credential.kind
    if kind not in ("bearer", "basic"):
        raise NotOffered("the credential of this run belongs to no scheme of HTTP")
    reply = _unauthorized(knocks)
    challenge = reply.header("WWW-Authenticate")
    if not challenge:
        raise Blocked("there is no WWW-Authenticate", by="RFC7644-2-7", entry=reply.entry)
    expect(reply).warn_at_most().holds(
        lambda: re.search(rf"(?i)\b{kind}\b", challenge) is not None,
        f"a challenge for {kind.capitalize()}",
        lambda: challenge,
    )


def _unauthorized(knocks: Replies) -> Seen:
    reply = knocks["none"]
    if reply.status != 401:
        reason = f"a request without credentials is answered {reply.status}"
        raise Blocked(reason, by=STATUS, entry=reply.entry)
    return reply

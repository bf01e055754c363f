"""Who is let in without a right credential, and what the others are told."""

from __future__ import annotations

from suites.control import running
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.security.visits import Visit
from suites.security.visits import shown
from suites.security.visits import shows_resource

KEPT = ("displayName", "userName", "active")
# What is there on every server, so that nothing but the credential can be wrong.
_ALWAYS = ("user", "put user", "delete user", "post user")


def _opens_nothing(visit: Visit) -> None:
    __tracebackhide__ = True
    for name, reply in visit.reads.items():
        expect(reply).holds(
            lambda name=name, reply=reply: not shown({name: reply}),  # type: ignore[misc]  # a lambda with a default has no type of its own
            "a refusal, or at least no resource",
            lambda reply=reply: f"status {reply.status} with a resource",  # type: ignore[misc]  # as above
        )


def _changes_nothing(visit: Visit) -> None:
    __tracebackhide__ = True
    assert visit.writes, "nothing was tried"
    expect(visit.user_after).status(200).keeps(visit.user.stored, paths=KEPT)
    if visit.group is not None and visit.group_after is not None:
        expect(visit.group_after).status(200).keeps(visit.group.stored, paths=("displayName",))


@requirement("SEC-AUTH-1", proof=("missing-token-accepted", "groups-open", "search-by-post-open"))
def test_nobody_reads_without_credentials(nobody: Visit) -> None:
    """Without a credential no endpoint shows a resource."""
    _opens_nothing(nobody)


@requirement("SEC-AUTH-2", proof=("missing-token-accepted", "patch-open", "delete-open"))
def test_nobody_writes_without_credentials(nobody: Visit) -> None:
    """Without a credential no endpoint changes a user or a group."""
    _changes_nothing(nobody)


@requirement("SEC-AUTH-2", proof=("missing-token-accepted", "post-open"))
def test_nobody_creates_without_credentials(nobody: Visit) -> None:
    """Without a credential nobody creates a user."""
    reply = nobody.writes["post user"]
    # RFC 7644 section 2.2 allows a server to let people register themselves.
    expect(reply).warn_at_most().holds(
        lambda: not shows_resource(reply), "a refusal", lambda: f"{reply.status} with a user"
    )


@requirement("SEC-AUTH-3", proof=("any-token-accepted", "any-token-reads-by-id"))
def test_a_wrong_credential_reads_nothing(stranger: Visit) -> None:
    """With a wrong credential no endpoint shows a resource."""
    _opens_nothing(stranger)


@requirement("SEC-AUTH-4", proof=("any-token-accepted", "any-token-patches"))
def test_a_wrong_credential_writes_nothing(stranger: Visit) -> None:
    """With a wrong credential no endpoint changes a user or a group."""
    _changes_nothing(stranger)


@requirement("SEC-AUTH-4", proof=("any-token-accepted",))
def test_a_wrong_credential_creates_nothing(stranger: Visit) -> None:
    """With a wrong credential nobody creates a user."""
    reply = stranger.writes["post user"]
    expect(reply).holds(
        lambda: not shows_resource(reply), "a refusal", lambda: f"{reply.status} with a user"
    )


def _challenged(visit: Visit) -> None:
    __tracebackhide__ = True
    for reply in visit.replies.values():
        if reply.status == 401:
            expect(reply).header("WWW-Authenticate")


@requirement(
    "SEC-AUTH-5",
    proof=("unauthorized-without-challenge", "writes-without-challenge", "groups-unchallenged"),
)
def test_whoever_has_no_credential_is_told_the_scheme(nobody: Visit) -> None:
    """Each 401 for a request without credentials has a challenge."""
    _challenged(nobody)


@requirement("SEC-AUTH-5", proof=("unauthorized-without-challenge", "writes-without-challenge"))
def test_whoever_has_a_wrong_credential_is_told_the_scheme(stranger: Visit) -> None:
    """Each 401 for a request with a wrong credential has a challenge."""
    _challenged(stranger)


def _says_401(visit: Visit, lab: Lab) -> None:
    __tracebackhide__ = True
    for name in (each for each in _ALWAYS if each in visit.replies):
        # Too many wrong credentials in a row may be answered 429.
        expect(visit.replies[name]).status(401, 429)
    users = running(visit.replies["users"], lambda: lab.scim.get("/Users", count=1))
    expect(users).status(401, 429)


_OTHER_ANSWERS = (
    *("unauthorized-as-403", "unauthorized-as-404", "unauthorized-as-login-page"),
    *("unauthorized-as-500", "unauthorized-as-200-empty-list"),
)


@requirement("SEC-AUTH-6", proof=(*_OTHER_ANSWERS, "missing-token-accepted"))
def test_a_missing_credential_is_answered_401(nobody: Visit, lab: Lab) -> None:
    """The answer to a request without credentials is 401."""
    _says_401(nobody, lab)


@requirement("SEC-AUTH-6", proof=(*_OTHER_ANSWERS, "any-token-accepted"))
def test_a_wrong_credential_is_answered_401(stranger: Visit, lab: Lab) -> None:
    """The answer to a request with a wrong credential is 401."""
    _says_401(stranger, lab)

"""Credentials that are nearly right open nothing, and the right one opens however it is spelled."""

from __future__ import annotations

from functools import partial

from suites.client import Seen
from suites.control import running
from suites.control import short_list
from suites.control import succeeding
from suites.expect import expect
from suites.making.lab import Lab
from suites.making.unknown_ids import nobody_like
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.security.credentials import in_query
from suites.security.credentials import lower_scheme
from suites.security.credentials import other_case
from suites.security.credentials import try_all
from suites.security.credentials import try_expired
from suites.security.odd import plain_list
from suites.security.visits import CHANGED
from suites.security.visits import Visit
from suites.verbs import Scim
from suites.verdicts import NotOffered


def _opens_nothing(reply: Seen) -> None:
    __tracebackhide__ = True
    expect(reply).holds(
        lambda: not 200 <= reply.status < 300, "a refusal", lambda: f"status {reply.status}"
    )


@requirement("SEC-AUTH-7", proof=("expired-token-accepted",))
def test_an_expired_credential_reads_nothing(experiment: Experiment) -> None:
    """An expired credential reads no list."""
    _opens_nothing(experiment(try_expired)["read"])


@requirement("SEC-AUTH-7", proof=("expired-token-accepted",), needs=("patch",))
def test_an_expired_credential_writes_nothing(experiment: Experiment) -> None:
    """An expired credential changes no user."""
    replies = experiment(try_expired)
    expect(replies["after"]).status(200).holds(
        lambda: replies["after"].object().get("displayName") != CHANGED,
        "the user as it was",
        lambda: f"displayName {CHANGED!r}",
    )


@requirement("SEC-AUTH-8", proof=("expired-not-explained",))
def test_an_expired_credential_is_said_to_be_invalid(experiment: Experiment) -> None:
    """The refusal of an expired bearer token says `invalid_token`."""
    reply = experiment(try_expired)["read"]
    challenge = reply.header("WWW-Authenticate") or ""
    if "bearer" not in challenge.lower():
        raise NotOffered("the refusal has no challenge of the scheme Bearer")
    expect(reply).holds(lambda: "invalid_token" in challenge, "invalid_token", lambda: challenge)


@requirement("SEC-AUTH-9", proof=("scheme-has-case",))
def test_the_scheme_has_no_case(lab: Lab) -> None:
    """The right credential is taken with its scheme in small letters."""
    lower = {"Authorization": lower_scheme(lab.target)}
    reply = short_list(partial(lab.scim.get, "/Users", headers=lower))
    expect(succeeding(reply, partial(plain_list, lab))).success()


@requirement("SEC-AUTH-10", proof=("token-in-query-accepted",))
def test_a_token_in_the_query_opens_nothing(experiment: Experiment) -> None:
    """The right token in the query string, and no Authorization, opens nothing."""
    for reply in experiment(in_query).values():
        _opens_nothing(reply)


@requirement("SEC-AUTH-11", proof=("token-prefix-accepted", "any-token-accepted"))
def test_a_token_that_is_nearly_right_opens_nothing(experiment: Experiment) -> None:
    """A token without its end, with something added, or a scheme without a token open nothing."""
    for reply in experiment(try_all).values():
        _opens_nothing(reply)


@requirement("SEC-AUTH-11", proof=("empty-authorization-500",))
def test_a_broken_authorization_header_breaks_nothing(experiment: Experiment, lab: Lab) -> None:
    """An Authorization header that holds no credential causes no server error."""
    for reply in experiment(try_all).values():
        known = running(reply, lambda: lab.scim.get("/Users", count=1))
        expect(known).warn_at_most().no_server_error()


@requirement("SEC-AUTH-12", proof=("token-case-overlooked",))
def test_a_token_in_other_letters_opens_nothing(scim: Scim, lab: Lab) -> None:
    """A token with capitals and small letters exchanged opens nothing."""
    _opens_nothing(scim.get("/Users", headers={"Authorization": other_case(lab.target)}, count=1))


@requirement("SEC-AUTH-13", proof=("unauthenticated-404-for-nobody",))
def test_a_stranger_does_not_learn_who_exists(scim: Scim, nobody: Visit, reading: Reading) -> None:
    """A user who exists and one who does not are answered alike without credentials."""
    known = nobody.reads["user"]
    unknown = scim.get(nobody_like(nobody.user.id), headers={"Authorization": None})
    if known.status == unknown.status == 404:
        reading("whoever is not let in is told that there is nothing")
    expect(unknown).status(known.status)

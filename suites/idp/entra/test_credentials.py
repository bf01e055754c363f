"""Entra's admin credentials: the Secret Token, client credentials, and tokens that it signs."""

from __future__ import annotations

from dataclasses import replace

from suites.conftest import Bench
from suites.idp.opening import opens
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.target.tokens import CLIENT_CREDENTIALS
from suites.target.tokens import JWT
from suites.target.tokens import JWT_BEARER
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .traded import credential_of
from .traded import forged
from .traded import life_of
from .traded import refused
from .traded import traded
from .traded import with_credential

WRONG = "wrong-credential-of-scimproof"
TYPED = ("bearer-typed", "bearer-typed-and-stripped")
RENEWAL = ("unauthorized-as-403", "unauthorized-as-500", "token-renewal-refused")


@requirement("ENTRA-AUTH-1", proof=("bare-token-required",), dialects=())
def test_the_secret_token_opens(entra: Replay, bench: Bench) -> None:
    """A token entered in Secret Token is accepted behind the word Bearer."""
    opens(traded(entra, bench, "bearer"))


def _tested(form: Replay) -> None:
    form.act.test_connection()


@requirement("ENTRA-AUTH-2", proof=("repeated-bearer-refused",), dialects=())
def test_a_typed_bearer_opens(entra: Replay, bench: Bench) -> None:
    """The word Bearer typed before the token does no harm, whether it goes out twice or once."""
    plain = traded(entra, bench, "bearer")
    plain.given.test_connection()
    every_form(
        plain,
        "test-connection",
        _tested,
        only=lambda name: name in TYPED,
    )


@requirement(
    "ENTRA-AUTH-3",
    proof=("token-form-refused", "token-as-form", "token-type-left-out", "token-worthless"),
    dialects=(),
)
def test_client_credentials_are_traded_for_a_token(entra: Replay, bench: Bench) -> None:
    """Id and secret of the client get a token, and the token opens the server."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    client.act.get_token(client.setup.credential.location)
    opens(client)


@requirement(
    "ENTRA-AUTH-4", proof=("client-in-body-unread", "client-in-header-unread"), dialects=()
)
def test_header_and_body_are_both_read(entra: Replay, bench: Bench) -> None:
    """Id and secret of the client get a token from the header, and from the body."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    outcomes = {where: client.watched(client.mock.get_token(where)) for where in ("header", "body")}
    if not any(outcome.ok for outcome in outcomes.values()):
        client.arranged(outcomes["header"], "get_token")
    for outcome in outcomes.values():
        client.judged(outcome)


@requirement("ENTRA-AUTH-5", proof=("client-given-twice-refused",), dialects=())
def test_header_and_body_may_come_together(entra: Replay, bench: Bench) -> None:
    """Id and secret of the client get a token when they stand in header and body."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    client.given.get_token(client.setup.credential.location)
    client.act.get_token("both")


@requirement("ENTRA-AUTH-6", proof=RENEWAL, dialects=())
def test_a_token_that_is_over_costs_one_more(entra: Replay, bench: Bench, people: Registry) -> None:
    """A token that the server does not know any more is answered 401, and the next one works."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    client.given.get_token(client.setup.credential.location)
    client.given.test_connection()
    client.idp.outlive_token()
    client.act.test_connection()
    client.watched(client.mock.assign(people.person()))


@requirement("ENTRA-AUTH-7", proof=RENEWAL, dialects=())
def test_the_end_of_a_token_is_not_the_end_of_the_job(entra: Replay, bench: Bench) -> None:
    """After the stated life of a token the job goes on with a new one."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    life = life_of(client.given.get_token(client.setup.credential.location))
    patience = bench.connection.patience
    left = patience.left
    if life is None or life + 1 > left:
        raise NotOffered(f"the token lives longer ({life} s) than this run may wait ({left:g} s)")
    patience.wait(life + 1)
    client.act.test_connection()


@requirement("ENTRA-AUTH-8", proof=("token-life-left-out",), dialects=())
def test_the_life_of_a_token_is_stated(entra: Replay, bench: Bench) -> None:
    """The answer with a token says for how long it is good."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    outcome = client.given.get_token(client.setup.credential.location)
    if life_of(outcome) is None:
        raise Mismatch(
            expected="expires_in, a number of seconds, beside the access_token",
            actual="no such number",
            entry=client.last_entry(),
        )


@requirement("ENTRA-AUTH-9", proof=("client-unchecked",), dialects=())
def test_a_wrong_client_secret_gets_no_token(entra: Replay, bench: Bench) -> None:
    """The token endpoint refuses a wrong secret of the client."""
    client = traded(entra, bench, CLIENT_CREDENTIALS)
    location = client.setup.credential.location
    client.given.get_token(location)
    bench.log.wrong = (WRONG,)
    wrong = with_credential(entra, replace(client.setup.credential, secret=WRONG))
    refused(wrong, wrong.mock.get_token(location), "a wrong client secret")


@requirement("ENTRA-AUTH-10", proof=("assertion-refused", "token-worthless"), dialects=())
def test_an_assertion_is_traded_for_a_token(entra: Replay, bench: Bench, people: Registry) -> None:
    """An assertion of the directory gets a token, and the token opens the server."""
    traded(entra, bench, JWT_BEARER).act.exchange_identity(people.person())


@requirement("ENTRA-AUTH-11", proof=("assertion-unchecked",), dialects=())
def test_a_forged_assertion_gets_no_token(entra: Replay, bench: Bench, people: Registry) -> None:
    """The token endpoint refuses an assertion that somebody else has signed."""
    client = traded(entra, bench, JWT_BEARER)
    client.given.exchange_identity(people.person())
    stranger = with_credential(entra, forged(client.setup.credential))
    refused(stranger, stranger.mock.exchange_identity(people.person()), "a forged assertion")


@requirement("ENTRA-AUTH-12", proof=("jwt-refused",), dialects=())
def test_a_blank_secret_opens(entra: Replay, bench: Bench) -> None:
    """The JWT that goes out for a blank Secret Token is accepted."""
    opens(traded(entra, bench, JWT))


@requirement("ENTRA-AUTH-13", proof=("any-token-accepted",), dialects=())
def test_a_forged_jwt_opens_nothing(entra: Replay, bench: Bench) -> None:
    """A JWT that somebody else has signed is refused."""
    client = traded(entra, bench, JWT)
    client.given.test_connection()
    stranger = with_credential(entra, forged(credential_of(bench, JWT)))
    refused(stranger, stranger.mock.test_connection(), "a forged JWT")

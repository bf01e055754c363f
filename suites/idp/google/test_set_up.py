"""Google's set-up: the endpoint URL and the access token are entered."""

from __future__ import annotations

from idp_profiles.model import Credential
from suites.conftest import Bench
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch

WRONG = "wrong-credential-of-scimproof"


@requirement("GOOGLE-SETUP-1", proof=("users-list-500", "list-as-bare-array"))
def test_the_check_of_the_token_passes(google: Replay) -> None:
    """The check of endpoint URL and access token passes."""
    google.act.test_connection()


@requirement("GOOGLE-SETUP-2", proof=("any-token-accepted",))
def test_a_wrong_token_does_not_pass_the_check(google: Replay, bench: Bench) -> None:
    """The check fails with a wrong access token."""
    google.given.test_connection()
    bench.log.wrong = (WRONG,)
    own = bench.connection.target.credential
    wrong = google.again(credential=Credential(kind=own.kind, secret=WRONG, user=own.user))
    if wrong.watched(wrong.mock.test_connection()).ok:
        raise Mismatch(
            expected="a refusal (401) of a wrong access token",
            actual="an answer as to the right one",
            entry=google.last_entry(),
        )

"""OneLogin's API connection: one look-up of nobody enables it."""

from __future__ import annotations

import pytest

from idp_profiles.model import Credential
from suites.client import ScimClient
from suites.conftest import Bench
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import AGENT
from .conftest import AMPERSAND
from .conftest import ENABLE
from .conftest import PLUS
from .conftest import Tried
from .conftest import blame
from .conftest import stop
from .conftest import why_not_answered

WRONG = "wrong-credential-of-scimproof"


@pytest.mark.usefixtures("newcomer")  # so that a list of everybody is not empty
@requirement(
    "ONELOGIN-ENABLE-1", proof=("filter-unsupported", "filter-ignored", "bare-token-required")
)
def test_a_look_up_of_nobody_enables_the_connection(onelogin: Replay, look: ScimClient) -> None:
    """The look-up of somebody who does not exist enables the connection."""
    outcome = onelogin.watched(onelogin.mock.enable())
    if outcome.ok:
        return
    entry, fault = onelogin.last_entry(), why_not_answered(outcome, onelogin, look)
    if fault != ENABLE:
        raise Blocked("the look-up is refused for its form", by=fault, entry=entry)
    stop(onelogin, outcome, entry)


@requirement("ONELOGIN-ENABLE-2", proof=("any-token-accepted",))
def test_a_wrong_token_enables_nothing(onelogin: Replay, bench: Bench) -> None:
    """The connection is not enabled with a wrong bearer token."""
    onelogin.given.enable()
    bench.log.wrong = (WRONG,)
    own = bench.connection.target.credential
    wrong = onelogin.again(credential=Credential(kind=own.kind, secret=WRONG, user=own.user))
    if wrong.watched(wrong.mock.enable()).ok:
        raise Mismatch(
            expected="a refusal (401) of a wrong bearer token",
            actual="an answer as to the right one",
            entry=onelogin.last_entry(),
        )


@requirement("ONELOGIN-WIRE-1", proof=("filter-plus-not-decoded",))
def test_plus_signs_of_a_look_up_are_blanks(onelogin: Replay, looked_up: Tried) -> None:
    """A look-up whose filter has plus signs for blanks finds the user."""
    blame(onelogin, looked_up, PLUS)


@requirement("ONELOGIN-WIRE-2", proof=("query-ending-in-ampersand-refused",))
def test_a_stray_ampersand_does_no_harm(onelogin: Replay, looked_up: Tried) -> None:
    """A look-up with a stray ampersand behind the filter finds the user."""
    blame(onelogin, looked_up, AMPERSAND)


@requirement("ONELOGIN-WIRE-3", proof=("user-agent-empty-refused",))
def test_an_empty_user_agent_does_no_harm(onelogin: Replay, looked_up: Tried) -> None:
    """A look-up with an empty User-Agent is answered."""
    blame(onelogin, looked_up, AGENT)

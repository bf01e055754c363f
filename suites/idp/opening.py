"""Whether a credential opens the server, and nothing else that may stop a connection test."""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Reply
from suites.replay import Replay
from suites.requirements import judge_of
from suites.verdicts import Blocked


def opens(idp: Replay) -> Outcome:
    """Run the connection test, for a case about the credential of this mock IdP.

    A refusal is the mismatch. Where the request itself breaks, or is not understood, the test fails
    all the same, but the credential is not why: Blocked, by the requirement that judges the test.
    """
    __tracebackhide__ = True
    outcome = idp.watched(idp.mock.test_connection())
    exchange = outcome.stopped_at
    if exchange is not None and exchange.reply is not None and _let_in(exchange.reply):
        because = outcome.stopped.because if outcome.stopped else outcome.console
        profile = idp.setup.profile
        raise Blocked(
            f"the credential is not what stops {profile.title}: {because}",
            by=judge_of(profile.name, "test_connection", idp.setup.dialect),
            entry=idp.entry_of(outcome),
        )
    return idp.judged(outcome)


def _let_in(reply: Reply) -> bool:
    """Return whether a reply that stops the test is none to the credential."""
    return reply.status >= 500 or reply.status == 400 or (reply.status < 300 and _is_json(reply))


def _is_json(reply: Reply) -> bool:
    found: Json = None
    try:
        found = reply.json()
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict | list)

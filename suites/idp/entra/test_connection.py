"""Entra's Test Connection: two probes for what cannot be there, and what a wrong token brings."""

from __future__ import annotations

import json

import pytest

from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Json
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.expect import value_at
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import Account

WRONG = "wrong-credential-of-scimproof"
USERS_ONLY = {"probe_groups": "off"}


@requirement(
    "ENTRA-CONN-1",
    proof=("empty-search-404", "empty-search-204", "list-as-bare-array", "filter-unsupported"),
    dialects=(),
)
def test_the_probe_for_a_user_is_answered(entra: Replay) -> None:
    """The look-up of a random GUID among users is answered 200 with a list."""
    entra.again(switches=USERS_ONLY).act.test_connection()


@requirement(
    "ENTRA-CONN-2",
    proof=("groups-list-404", "groups-list-501", "group-filter-unsupported"),
    dialects=(),
)
def test_the_probe_for_a_group_is_answered(entra: Replay) -> None:
    """The look-up of a random GUID among groups is answered 200 with a list."""
    outcome = entra.watched(entra.mock.test_connection())
    if len(outcome.exchanges) < 2:
        entra.arranged(outcome, "test_connection")
    entra.judged(outcome)


@requirement("ENTRA-CONN-3", proof=("filter-ignored",), dialects=())
def test_a_random_guid_finds_nobody(entra: Replay, assigned: Account) -> None:
    """Nobody is found by a random GUID, although there are people."""
    del assigned
    outcome = entra.watched(entra.again(switches=USERS_ONLY).mock.test_connection())
    _finds_nothing(entra, outcome.exchanges[0])


@requirement("ENTRA-CONN-3", proof=("group-filter-ignored",), dialects=())
@pytest.mark.usefixtures("groups_offered", "pushed")
def test_a_random_guid_finds_no_group(entra: Replay) -> None:
    """No group is found by a random GUID, although there are groups."""
    outcome = entra.watched(entra.mock.test_connection())
    _finds_nothing(entra, outcome.exchanges[-1])


def _finds_nothing(entra: Replay, exchange: Exchange) -> None:
    reply = exchange.reply
    if reply is None or reply.status != 200:
        return  # judged elsewhere
    body = _body(reply.body)
    total, found = value_at(body, "totalResults"), value_at(body, "Resources")
    if total or found:
        raise Mismatch(
            expected="nobody has a random GUID for a name: totalResults 0",
            actual=f"{exchange.request.target} finds {total!r}",
            entry=entra.last_entry(),
        )


def _body(content: bytes) -> dict[str, Json]:
    try:
        body: Json = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


@requirement("ENTRA-CONN-4", proof=("user-agent-missing-refused",), dialects=())
def test_a_request_without_a_user_agent_is_answered(entra: Replay, look: ScimClient) -> None:
    """What is answered to a client with a User-Agent is answered to one without."""
    outcome = entra.watched(entra.again(switches=USERS_ONLY).mock.test_connection())
    if outcome.ok:
        return
    refused = entra.last_entry()
    named = look.send("GET", outcome.exchanges[-1].request.target)
    if named.status == 200:
        raise Mismatch(
            expected="the answer that a client with a User-Agent gets (200)",
            actual=outcome.stopped.because if outcome.stopped else "a refusal",
            entry=refused,
        )
    entra.arranged(outcome, "test_connection")


@requirement("ENTRA-CONN-5", proof=("filter-plus-not-decoded",), dialects=())
def test_a_plus_sign_is_a_blank(entra: Replay, assigned: Account) -> None:
    """Blanks of a filter may come as plus signs."""
    outcome = entra.watched(entra.mock.match(assigned.person))
    if outcome.ok:
        return
    # Who cannot filter at all is judged elsewhere.
    other = entra.again(switches={"blanks": "percent"})
    entra.arranged(other.mock.match(assigned.person), "match")
    entra.judged(outcome)


def _tested(form: Replay) -> None:
    form.act.test_connection()


@requirement("ENTRA-CONN-6", proof=("unknown-parameter-refused",))
def test_the_flag_on_a_request_line_is_ignored(entra: Replay) -> None:
    """The flag of the Tenant URL makes no difference in the query of a request."""
    entra.given.test_connection()
    every_form(
        entra,
        "test-connection",
        _tested,
        only=lambda name: name.startswith("flag-"),
    )


@requirement(
    "ENTRA-CONN-7", proof=("any-token-accepted", "unauthorized-as-200-empty-list"), dialects=()
)
def test_a_wrong_token_does_not_pass(entra: Replay, bench: Bench) -> None:
    """The connection test fails with a wrong token."""
    entra.again(switches=USERS_ONLY).given.test_connection()
    bench.log.wrong = (WRONG,)
    wrong = entra.again(credential=Credential("bearer", WRONG), switches=USERS_ONLY)
    if entra.watched(wrong.mock.test_connection()).ok:
        raise Mismatch(
            expected="a refusal (401) of a wrong token",
            actual="a list of users",
            entry=entra.last_entry(),
        )


@requirement(
    "ENTRA-CONN-8",
    proof=(
        *("unauthorized-as-html", "unauthorized-as-404", "unauthorized-as-500"),
        *("unauthorized-as-login-page", "unauthorized-as-403"),
    ),
    dialects=(),
)
def test_the_refusal_can_be_read(look: ScimClient, bench: Bench) -> None:
    """The refusal of a wrong token is a 401 in JSON."""
    bench.log.wrong = (WRONG,)
    headers = (("Authorization", f"Bearer {WRONG}"), ("Accept", "application/scim+json"))
    target = "/Users?filter=userName+eq+%22nobody%22"
    reply = look.send("GET", target, headers=headers, settle=False)
    expect(reply).status(401).json_object()

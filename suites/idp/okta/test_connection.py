"""Okta's dialog: Test API Credentials, saving the settings, and the ways to authenticate."""

from __future__ import annotations

import pytest

from idp_profiles.model import Credential
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.idp.opening import opens
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

WRONG = "wrong-credential-of-scimproof"


@requirement(
    "OKTA-CONN-1",
    proof=("list-counts-as-strings", "list-as-bare-array", "users-list-500"),
    dialects=(),
)
def test_connection_test_passes(okta: Replay) -> None:
    """The probe of the connection test gets a ListResponse with integer counts."""
    okta.act.test_connection()


@requirement("OKTA-CONN-2", proof=("groups-list-404", "groups-list-501"), dialects=())
@pytest.mark.usefixtures("groups_offered")
def test_connection_test_with_group_import_passes(okta: Replay) -> None:
    """With group import on, the list of groups is read as well."""
    okta.act.test_connection(import_groups=True)


@requirement("OKTA-CONN-3", proof=("users-list-500",), dialects=())
def test_saving_the_settings_probes_again(okta: Replay) -> None:
    """Each save of the settings repeats the probe and succeeds."""
    okta.act.save_settings()
    okta.act.save_settings()


@requirement(
    "OKTA-CONN-4", proof=("any-token-accepted", "unauthorized-as-200-empty-list"), dialects=()
)
def test_a_wrong_credential_does_not_pass(okta: Replay, bench: Bench) -> None:
    """The connection test fails with a wrong credential."""
    okta.given.test_connection()
    bench.log.wrong = (WRONG,)
    wrong = _with_wrong_credential(okta, bench)
    outcome = okta.watched(wrong.mock.test_connection())
    if outcome.ok:
        raise Mismatch(
            expected="a refusal (401) of a wrong credential",
            actual="a list of users",
            entry=okta.last_entry(),
        )


@requirement(
    "OKTA-CONN-5", proof=("unauthorized-as-html", "unauthorized-without-detail"), dialects=()
)
def test_the_refusal_names_its_cause(look: ScimClient, bench: Bench) -> None:
    """The refusal of a wrong credential is JSON with a `detail`."""
    bench.log.wrong = (WRONG,)
    wrong = (("Accept", "application/scim+json"), ("Authorization", f"Bearer {WRONG}"))
    reply = look.send("GET", "/Users?startIndex=1&count=2", headers=wrong, settle=False)
    expect(reply).status(401, 403).json_object().filled("detail")


@requirement("OKTA-AUTH-1", proof=("bare-token-required",))
def test_bearer_modes_are_accepted(okta: Replay, bench: Bench) -> None:
    """A token behind `Bearer` is accepted."""
    opens(okta.again(credential=_credential(bench, "bearer")))


@requirement("OKTA-AUTH-2", proof=("bare-token-required",))
def test_header_auth_sends_the_whole_value(okta: Replay, bench: Bench) -> None:
    """`Bearer <token>` typed into Header Auth is accepted as it is."""
    typed = f"Bearer {_credential(bench, 'bearer').secret}"
    opens(okta.again(credential=Credential(kind="header", secret=typed)))


@requirement("OKTA-AUTH-3", proof=("bearer-prefix-required",))
def test_header_auth_sends_a_bare_secret(okta: Replay, bench: Bench) -> None:
    """A bare secret typed into Header Auth is accepted without a scheme."""
    opens(okta.again(credential=_credential(bench, "header")))


@requirement("OKTA-AUTH-4", proof=("basic-refused",))
def test_basic_auth_is_accepted(okta: Replay, bench: Bench) -> None:
    """User name and password are accepted."""
    opens(okta.again(credential=_credential(bench, "basic")))


def _credential(bench: Bench, kind: str) -> Credential:
    target = bench.connection.target
    for credential in (target.credential, *target.also_accepts):
        if credential.kind == kind:
            return credential
    raise NotOffered(f"no {kind} credential of this server is known (also_accepts)")


def _with_wrong_credential(okta: Replay, bench: Bench) -> Replay:
    own = bench.connection.target.credential
    return okta.again(credential=Credential(kind=own.kind, secret=WRONG, user=own.user))

"""The credentials that Entra trades for tokens, and keys that are nobody's."""

from __future__ import annotations

from dataclasses import replace

from idp_profiles.model import Credential
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from suites.conftest import Bench
from suites.reach.rsa_keys import new_key_pair
from suites.replay import Replay
from suites.values import value_at
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

USERS_ONLY = {"probe_groups": "off"}


def credential_of(bench: Bench, kind: str) -> Credential:
    """Return a credential of the target; raises NotOffered."""
    target = bench.connection.target
    for credential in (target.credential, *target.also_accepts):
        if credential.kind == kind:
            return credential
    raise NotOffered(f"no {kind} credential of this server is known (also_accepts)")


def with_credential(entra: Replay, credential: Credential) -> Replay:
    """Return a mock Entra that authenticates so, and asks for users alone when it tests."""
    switches = {**(entra.setup.switches or {}), **USERS_ONLY}
    return entra.again(credential=credential, switches=switches)


def traded(entra: Replay, bench: Bench, kind: str) -> Replay:
    """Return a mock Entra with a credential of the target; raises NotOffered."""
    return with_credential(entra, credential_of(bench, kind))


def forged(credential: Credential) -> Credential:
    """Return a credential whose tokens carry the signature of somebody else."""
    secret = credential.secret
    if secret.startswith("{"):
        return replace(credential, secret=new_key_pair().private_jwk)
    if secret.count(".") == 2:
        signed, _, signature = secret.rpartition(".")
        return replace(credential, secret=f"{signed}.{signature[::-1]}")
    return replace(credential, secret=secret[::-1])


def refused(entra: Replay, outcome: Outcome, what: str) -> None:
    """Take it for a mismatch when what must be refused was not; raises Mismatch."""
    if entra.watched(outcome).ok:
        raise Mismatch(
            expected=f"a refusal of {what}",
            actual=f"{entra.setup.profile.title} got through with it",
            entry=entra.last_entry(),
        )


def token_reply(outcome: Outcome) -> Json:
    """Return what the token endpoint answered with."""
    reply = outcome.exchanges[0].reply if outcome.exchanges else None
    return reply.json() if reply is not None else None


def life_of(outcome: Outcome) -> float | None:
    """Return for how many seconds a token is good, as far as the answer states it."""
    seconds = value_at(token_reply(outcome), "expires_in")
    stated = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return float(str(seconds)) if stated else None

"""Credentials that are nearly right: cut short, spelled otherwise, in another place."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from idp_profiles.model import Credential
from idp_profiles.model import Json
from suites.client import Seen
from suites.making.lab import Lab
from suites.manners.guard import READ_ONLY
from suites.reach.connection import authorization
from suites.security.visits import CHANGED
from suites.target.model import Target
from suites.verdicts import NotOffered


def may_guess(target: Target) -> None:
    """Raise NotOffered where a wrong password could lock an account that others rely on."""
    if target.read_only and target.credential.kind == "basic":
        raise NotOffered(f"{READ_ONLY}, and wrong passwords could lock the account")


def nearly_right(target: Target) -> dict[str, str]:
    """Return Authorization values that no server may take, by what is wrong with them."""
    may_guess(target)
    known = target.credential
    found = {"empty": "", "cut short": _with(known, known.secret[:-1])}
    found["longer"] = _with(known, f"{known.secret}x")
    scheme = authorization(known).partition(" ")
    if scheme[1]:
        found["scheme alone"] = scheme[0]
    return found


def _with(known: Credential, secret: str) -> str:
    return authorization(replace(known, secret=secret))


def other_case(target: Target) -> str:
    """Return the credential with capitals and small letters exchanged; raises NotOffered."""
    may_guess(target)
    known = target.credential
    # The first word of a verbatim header may be a scheme, which has no case.
    words, _, last = known.secret.rpartition(" ")
    changed = f"{words} {last.swapcase()}".lstrip()
    if changed == known.secret:
        raise NotOffered("the credential of this run has no letters")
    return _with(known, changed)


def lower_scheme(target: Target) -> str:
    """Return the right credential with its scheme in small letters; raises NotOffered."""
    scheme, blank, rest = authorization(target.credential).partition(" ")
    if target.credential.kind == "header" or not blank:
        raise NotOffered("the credential of this run belongs to no scheme of HTTP")
    return f"{scheme.lower()} {rest}"


def in_query(lab: Lab) -> dict[str, Seen]:
    """Ask for users with the secret in the query, in a list and by the names that servers know."""
    if lab.target.credential.kind == "basic":
        raise NotOffered("a user name and a password have no place in a query")
    secret = quote(lab.target.credential.secret.rpartition(" ")[2], safe="")
    return {
        name: lab.scim.get(f"/Users?count=1&{name}={secret}", headers={"Authorization": None})
        for name in ("access_token", "token")
    }


def try_all(lab: Lab) -> dict[str, Seen]:
    """Ask for users with every credential that is nearly right."""
    return {
        name: lab.scim.get("/Users", headers={"Authorization": value}, count=1)
        for name, value in nearly_right(lab.target).items()
    }


def try_expired(lab: Lab) -> dict[str, Seen]:
    """Read and change with the expired credential of the target file; raises NotOffered."""
    over = lab.target.expired
    if over is None:
        raise NotOffered("the target file names no expired credential (expired)")
    headers = {"Authorization": authorization(over)}
    made = lab.plain_user()
    change: Json = {"op": "replace", "path": "displayName", "value": CHANGED}
    return {
        "read": lab.scim.get("/Users", headers=headers, count=1),
        "write": lab.scim.patch(made, change, headers=headers),
        "after": lab.read(made),
    }

"""Secrets at rest: of a writeOnly text only a salted digest is stored (RFC 7643 section 7).

Nothing ever reads such a value back; all that is left to do with it is to see whether a new one
differs, so that writing the same password again makes no new version. The salt is new for each
value: equal passwords do not look equal in the store, in whatever process they were written.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from .messages import Json
from .schemas import ResourceType

# About 2 ms and 1 MiB for each value: a guess at a stolen file costs as much, a create not more.
_COST = {"n": 1024, "r": 8, "p": 1, "dklen": 32}
_NAME = "scrypt-1024-8-1"


class Secret(str):
    """A writeOnly text as the client sent it, on its way to becoming a digest."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def sealed(
    attributes: dict[str, Json], stored: Mapping[str, Json], kind: ResourceType
) -> dict[str, Json]:
    """Return attributes with digests for secrets; a secret that is stored keeps its digest."""
    result = attributes
    for name in _roots(kind):
        if name in attributes:
            result = {**result, name: _sealed(attributes[name], stored.get(name))}
    return result


@lru_cache(maxsize=256)
def _roots(kind: ResourceType) -> frozenset[str]:
    """Return the keys under which a resource of a type may hold secrets."""
    return frozenset(
        target.extension or target.attribute.name
        for target in kind.targets()
        if target.leaf.mutability == "writeOnly"
    )


def _sealed(value: Json, stored: Json) -> Json:
    if isinstance(value, Secret):
        same = isinstance(stored, str) and _is_digest_of(stored, value)
        return stored if same else _digest(value, secrets.token_bytes(16))
    if isinstance(value, dict):
        before = stored if isinstance(stored, dict) else {}
        return {name: _sealed(each, before.get(name)) for name, each in value.items()}
    if isinstance(value, list):
        known = stored if isinstance(stored, list) and len(stored) == len(value) else []
        pairs = zip(value, known or [None] * len(value), strict=True)
        return [_sealed(*pair) for pair in pairs]
    return value


def _digest(secret: str, salt: bytes) -> str:
    digest = hashlib.scrypt(_prepared(secret), salt=salt, **_COST)
    return f"{_NAME}:{salt.hex()}:{digest.hex()}"


def _is_digest_of(stored: str, secret: Secret) -> bool:
    name, _, rest = stored.partition(":")
    salt = rest.partition(":")[0]
    if name != _NAME:
        return False
    return hmac.compare_digest(stored, _digest(secret, bytes.fromhex(salt)))


def _prepared(secret: str) -> bytes:
    """Prepare a password for comparison: the profile OpaqueString (RFC 7643 section 4.1.1)."""
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in secret)
    return unicodedata.normalize("NFC", spaced).encode("utf-8")

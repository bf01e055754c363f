"""JSON Web Tokens that somebody else signs (RFC 7519), believed only when everything fits.

Two algorithms (RFC 7518 section 3.1): HS256 with a shared secret, and RS256, whose check is
arithmetic on integers (RFC 8017 section 8.2.2). The key decides which one counts: what a token
says of itself only chooses among the keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import TypeAlias

from .messages import Json

SKEW = timedelta(seconds=30)  # that clocks may differ by (RFC 7523 section 3)

_SHORTEST_SECRET = 32  # bytes; RFC 7518 section 3.2
_SHORTEST_MODULUS = 2048  # bits; RFC 7518 section 3.3
# DigestInfo of SHA-256, without the digest (RFC 8017 section 9.2, note 1).
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class TokenRefused(ValueError):
    """A token that is not believed; the message is one sentence without the token."""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A secret that signs with HS256."""

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret.encode()) < _SHORTEST_SECRET:
            raise ValueError(f"a key for HS256 needs {_SHORTEST_SECRET} bytes (RFC 7518)")

    @property
    def algorithm(self) -> str:
        """The name of its algorithm."""
        return "HS256"

    def fits(self, key_id: str | None) -> bool:
        """Tell whether a token that names this key may mean it; it has no name."""
        del key_id
        return True

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Tell whether a signature is right."""
        return hmac.compare_digest(hmac.digest(self.secret.encode(), signed, "sha256"), signature)


@dataclass(frozen=True, slots=True)
class RsaKey:
    """The public half of a key that signs with RS256; `id` is its name, where it has one."""

    modulus: int
    exponent: int
    id: str = ""

    def __post_init__(self) -> None:
        if self.modulus.bit_length() < _SHORTEST_MODULUS:
            raise ValueError(f"a key for RS256 needs {_SHORTEST_MODULUS} bits (RFC 7518)")
        if self.exponent < 3:
            raise ValueError("the exponent of an RSA key is at least 3 (RFC 8017 section 3.1)")

    @property
    def algorithm(self) -> str:
        """The name of its algorithm."""
        return "RS256"

    def fits(self, key_id: str | None) -> bool:
        """Tell whether a token that names this key may mean it."""
        return not key_id or not self.id or key_id == self.id

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Tell whether a signature is right: RSASSA-PKCS1-v1_5 with SHA-256."""
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big")
        if len(signature) != size or number >= self.modulus:
            return False
        found = pow(number, self.exponent, self.modulus).to_bytes(size, "big")
        info = _SHA256_INFO + hashlib.sha256(signed).digest()
        # The whole block is built and compared: reading the padding has led to forgeries.
        wanted = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
        return hmac.compare_digest(found, wanted)


Key: TypeAlias = SharedKey | RsaKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who signs tokens that are believed: `iss`, `aud` and the keys; `subject` is the only `sub`.

    Without a subject the caller says whose token it must be. `account` is the userName that `/Me`
    means for tokens that enter by themselves.
    """

    issuer: str
    audience: str
    keys: Sequence[Key]
    subject: str | None = None
    account: str | None = None

    def __post_init__(self) -> None:
        if not self.issuer or not self.audience or not self.keys:
            raise ValueError("an issuer of tokens needs its name, an audience and a key")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token that is believed says."""

    subject: str
    expires: datetime


def read_token(token: str, issuer: Issuer, now: datetime) -> Claims:
    """Return what a token of an issuer says; raises TokenRefused.

    Whether it is over is left to the caller, who has the time at which it ends.
    """
    head, claims, signed, signature = _parts(token)
    _check_signature(head, issuer.keys, signed, signature)
    audiences = claims.get("aud")
    if claims.get("iss") != issuer.issuer:
        raise TokenRefused("The token is of another issuer.")
    if issuer.audience not in (audiences if isinstance(audiences, list) else [audiences]):
        raise TokenRefused("The token is meant for another audience.")
    subject = claims.get("sub") if "sub" in claims else ""
    if not isinstance(subject, str) or (issuer.subject or subject) != subject:
        raise TokenRefused("The token is about another subject.")
    for name in ("nbf", "iat"):
        if name in claims and _moment(claims, name) > now + SKEW:
            raise TokenRefused("The token is not valid yet.")
    return Claims(subject, _moment(claims, "exp"))


def read_keys(document: Json) -> tuple[Key, ...]:
    """Return the keys of a JWK set, or of one JWK (RFC 7517); raises ValueError."""
    entries = document.get("keys") if isinstance(document, dict) else None
    listed = entries if isinstance(entries, list) else [document]
    return tuple(_key(entry) for entry in listed)


def _key(entry: Json) -> Key:
    kind = entry.get("kty") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or kind not in ("RSA", "oct"):
        raise ValueError("a key must be a JWK of the type RSA or oct")
    try:
        if kind == "oct":
            return SharedKey(_decoded(str(entry["k"])).decode())
        modulus, exponent = (
            int.from_bytes(_decoded(str(entry[name])), "big") for name in ("n", "e")
        )
    except KeyError as fault:
        raise ValueError(f"a JWK of the type {kind} needs {fault}") from None
    return RsaKey(modulus, exponent, str(entry.get("kid", "")))


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    signed, _, signature = token.rpartition(".")
    head, _, claims = signed.partition(".")
    if not head or not claims or "." in claims:
        raise TokenRefused("The token is no JWT.")
    try:
        return _object(head), _object(claims), signed.encode("ascii"), _decoded(signature)
    except (ValueError, RecursionError):  # not ASCII, no base64, no UTF-8, no JSON
        raise TokenRefused("The token is no JWT.") from None


def _check_signature(
    head: Mapping[str, Any], keys: Sequence[Key], signed: bytes, signature: bytes
) -> None:
    if "crit" in head:
        # RFC 7515 section 4.1.11: what is not understood must not be passed over.
        raise TokenRefused("The token has extensions that this server does not know.")
    key_id = head.get("kid")
    named = key_id if isinstance(key_id, str) else None
    fitting = [key for key in keys if key.algorithm == head.get("alg") and key.fits(named)]
    if not any(key.verifies(signed, signature) for key in fitting):
        raise TokenRefused("The signature of the token is wrong, or of no key that is known.")


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(f"The token has no {name}, or one that is no time.")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise TokenRefused(f"The {name} of the token is no time.") from None


def _object(part: str) -> dict[str, Any]:
    found = json.loads(_decoded(part))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _decoded(text: str) -> bytes:
    if not text.isascii() or "=" in text or "+" in text or "/" in text:
        raise ValueError("not base64url (RFC 7515 section 2)")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as fault:
        raise ValueError("not base64url (RFC 7515 section 2)") from fault

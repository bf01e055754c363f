"""RS256 by arithmetic on integers: the signature of an identity provider's tokens (RFC 7518 3.3).

The key is a private JWK (RFC 7517) with `n` and `d`; a name in `kid` is optional.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from dataclasses import field

# DigestInfo of SHA-256, without the digest (RFC 8017 section 9.2, note 1).
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_SHORTEST = 2048  # bits (RFC 7518 section 3.3)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half of an RSA key."""

    modulus: int
    private: int = field(repr=False)
    id: str = ""

    def sign(self, content: bytes) -> bytes:
        """Return the signature of some content: RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.1)."""
        size = (self.modulus.bit_length() + 7) // 8
        info = _SHA256_INFO + hashlib.sha256(content).digest()
        block = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
        signature = pow(int.from_bytes(block, "big"), self.private, self.modulus)
        return signature.to_bytes(size, "big")


def signing_key(text: str) -> SigningKey | None:
    """Return the key that a private JWK is, None for any other text; raises ValueError."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        jwk = json.loads(text)
        modulus, private = (_number(jwk[name]) for name in ("n", "d"))
    except (ValueError, KeyError, TypeError, AttributeError):
        # Nothing of it is repeated: it is a secret.
        raise ValueError("the signing key is no private JWK of the type RSA") from None
    if modulus.bit_length() < _SHORTEST:
        raise ValueError(f"a key for RS256 needs {_SHORTEST} bits (RFC 7518 section 3.3)")
    return SigningKey(modulus, private, str(jwk.get("kid", "")))


def _number(text: str) -> int:
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return int.from_bytes(content, "big")

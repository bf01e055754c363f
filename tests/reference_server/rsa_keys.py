"""RSA keys for tests: small primes make them quick, and the modulus has its full length."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import random
from dataclasses import dataclass
from functools import cache
from typing import Any

EXPONENT = 65537
_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_SMALL = [n for n in range(3, 500, 2) if all(n % k for k in range(3, math.isqrt(n) + 1, 2))]


@dataclass(frozen=True)
class PrivateKey:
    """An RSA key of several primes (RFC 8017 section 3.1), which protects nothing."""

    modulus: int
    private: int

    def sign(self, signed: bytes) -> bytes:
        size = (self.modulus.bit_length() + 7) // 8
        info = _INFO + hashlib.sha256(signed).digest()
        block = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
        return pow(int.from_bytes(block, "big"), self.private, self.modulus).to_bytes(size, "big")

    def jwk(self, key_id: str = "") -> dict[str, Any]:
        """The public half as a JWK (RFC 7517)."""
        shown = {"kty": "RSA", "n": _text(self.modulus), "e": _text(EXPONENT)}
        return {**shown, "kid": key_id} if key_id else shown

    def private_jwk(self, key_id: str) -> str:
        """The whole key as a JWK, for who signs."""
        return json.dumps({**self.jwk(key_id), "d": _text(self.private)})


@cache
def private_key(seed: int, bits: int = 2048) -> PrivateKey:
    source = random.Random(seed)  # noqa: S311 # to be the same in every run
    for _ in itertools.count():
        primes = {_prime(source, bits // 8) for _ in range(8)}
        modulus, rest = math.prod(primes), math.prod(prime - 1 for prime in primes)
        if modulus.bit_length() == bits and math.gcd(rest, EXPONENT) == 1:
            break
    return PrivateKey(modulus, pow(EXPONENT, -1, rest))


def _prime(source: random.Random, bits: int) -> int:
    while True:
        number = source.getrandbits(bits) | (7 << (bits - 3)) | 1
        if all(number % small for small in _SMALL) and pow(2, number - 1, number) == 1:
            return number


def _text(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

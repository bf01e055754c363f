"""A signing key for the embedded target: it lives in this process and protects nothing else.

Eight primes (RFC 8017 section 3.1) make a modulus of 2048 bits in a few milliseconds. They are too
small for a key that has to last; what reaches the wire is an RS256 signature like any other.
"""

from __future__ import annotations

import base64
import json
import math
import secrets
from dataclasses import dataclass
from dataclasses import field
from functools import cache

_BITS, _PRIMES, _ROUNDS = 2048, 8, 8
_EXPONENT = 65537
_SMALL = tuple(n for n in range(3, 700, 2) if all(n % k for k in range(3, math.isqrt(n) + 1, 2)))


@dataclass(frozen=True, slots=True)
class RsaKeyPair:
    """One key: the public half as numbers, the private one as a JWK (RFC 7517)."""

    modulus: int
    exponent: int
    private_jwk: str = field(repr=False)


@cache
def key_pair() -> RsaKeyPair:
    """Return the key of this process."""
    return new_key_pair()


def new_key_pair() -> RsaKeyPair:
    """Return a key that nobody has."""
    while True:
        primes = {_prime() for _ in range(_PRIMES)}
        modulus, rest = math.prod(primes), math.prod(prime - 1 for prime in primes)
        if modulus.bit_length() == _BITS and math.gcd(rest, _EXPONENT) == 1:
            break
    numbers = {"n": modulus, "e": _EXPONENT, "d": pow(_EXPONENT, -1, rest)}
    jwk = {"kty": "RSA", "kid": "embedded", **{name: _text(n) for name, n in numbers.items()}}
    return RsaKeyPair(modulus, _EXPONENT, json.dumps(jwk))


def _prime() -> int:
    bits = _BITS // _PRIMES
    while True:
        # The leading ones keep the product at its full length.
        number = secrets.randbits(bits) | (31 << (bits - 5)) | 1
        if all(number % small for small in _SMALL) and _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    """Miller-Rabin: for a random number wrong with a chance of less than one in 4 ** rounds."""
    odd = number - 1
    twos = (odd & -odd).bit_length() - 1
    odd >>= twos
    return all(_passes(number, odd, twos) for _ in range(_ROUNDS))


def _passes(number: int, odd: int, twos: int) -> bool:
    power = pow(secrets.randbelow(number - 3) + 2, odd, number)
    if power in (1, number - 1):
        return True
    return any((power := power * power % number) == number - 1 for _ in range(twos - 1))


def _text(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")

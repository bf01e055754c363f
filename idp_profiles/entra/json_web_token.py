"""The tokens that Entra signs: for a blank secret, and for workload identity federation.

Entra signs with RS256 and a key of its own, which nobody else has; a server under test has to trust
the mock's instead. The secret of the credential is a private JWK, and signs with RS256; a finished
token, which is then sent as it is; or any other text, and signs with HS256.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

from idp_profiles.model import Json
from idp_profiles.rsa_signature import signing_key
from idp_profiles.wire import encode

# The audience of every non-gallery application (the tutorial names it).
AUDIENCE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
TENANT_ID = "5f3c0d2e-8a41-4b7e-9c55-0d9c2f6f1a10"  # of the mock's directory; it exists nowhere
WORKLOAD_APP_ID = "0b6a2c1d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"
SYNC_FABRIC_ID = "c7a1e5d3-2b4c-4d6e-8f01-23456789abcd"
LIFE = 3600  # seconds

BLANK_SECRET_CLAIMS = {"iss": f"https://sts.windows.net/{TENANT_ID}/", "aud": AUDIENCE}
ASSERTION_CLAIMS = {
    "iss": f"https://login.microsoftonline.com/{TENANT_ID}/v2.0",
    "aud": f"api://{WORKLOAD_APP_ID}",
    "sub": SYNC_FABRIC_ID,
}


def blank_secret_token(secret: str, now: float) -> str:
    """Return what goes out when the admin leaves Secret Token blank."""
    return _token(secret, BLANK_SECRET_CLAIMS, now)


def assertion(secret: str, now: float) -> str:
    """Return the client assertion of workload identity federation (RFC 7523 section 2.2)."""
    claims = {
        **ASSERTION_CLAIMS,
        "tid": TENANT_ID,
        "appid": WORKLOAD_APP_ID,
        "oid": SYNC_FABRIC_ID,
        "ver": "2.0",
    }
    return _token(secret, claims, now)


def _token(secret: str, claims: Mapping[str, Json], now: float) -> str:
    if secret.count(".") == 2:
        return secret
    key = signing_key(secret)
    issued = int(now)
    times: dict[str, Json] = {"iat": issued, "nbf": issued, "exp": issued + LIFE}
    head: dict[str, Json] = {"typ": "JWT", "alg": "HS256" if key is None else "RS256"}
    if key is not None and key.id:
        head["kid"] = key.id
    signed = f"{_part(encode(head))}.{_part(encode({**claims, **times}))}"
    content = signed.encode("ascii")
    mac = key.sign(content) if key is not None else hmac.digest(secret.encode(), content, "sha256")
    return f"{signed}.{_part(mac)}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")

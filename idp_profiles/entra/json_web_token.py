"""The tokens that Entra signs: for a blank secret, and for workload identity federation.

Entra signs with RS256 and a key of its own, which nobody else has. A mock signs with HS256 and the
secret of the credential, so a server under test has to trust that key; or the secret is a finished
token, which is then sent as it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from idp_profiles.model import Json
from idp_profiles.wire import encode

# The audience of every non-gallery application (the tutorial names it).
AUDIENCE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
TENANT_ID = "5f3c0d2e-8a41-4b7e-9c55-0d9c2f6f1a10"  # of the mock's directory; it exists nowhere
WORKLOAD_APP_ID = "0b6a2c1d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"
SYNC_FABRIC_ID = "c7a1e5d3-2b4c-4d6e-8f01-23456789abcd"
LIFE = 3600  # seconds


def blank_secret_token(secret: str, now: float) -> str:
    """Return what goes out when the admin leaves Secret Token blank."""
    claims = {"iss": f"https://sts.windows.net/{TENANT_ID}/", "aud": AUDIENCE}
    return _token(secret, claims, now)


def assertion(secret: str, now: float) -> str:
    """Return the client assertion of workload identity federation (RFC 7523 section 2.2)."""
    claims = {
        "iss": f"https://login.microsoftonline.com/{TENANT_ID}/v2.0",
        "aud": f"api://{WORKLOAD_APP_ID}",
        "sub": SYNC_FABRIC_ID,
        "tid": TENANT_ID,
        "appid": WORKLOAD_APP_ID,
        "oid": SYNC_FABRIC_ID,
        "ver": "2.0",
    }
    return _token(secret, claims, now)


def _token(secret: str, claims: Mapping[str, Json], now: float) -> str:
    if secret.count(".") == 2:
        return secret
    issued = int(now)
    times: dict[str, Json] = {"iat": issued, "nbf": issued, "exp": issued + LIFE}
    head = _part(encode({"typ": "JWT", "alg": "HS256"}))
    signed = f"{head}.{_part(encode({**claims, **times}))}"
    digest = hmac.new(secret.encode(), signed.encode("ascii"), hashlib.sha256).digest()
    return f"{signed}.{_part(digest)}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")

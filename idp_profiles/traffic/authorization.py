"""The credential of a replay, from the environment or a file, never from the command line."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from idp_profiles.bearer_header import sendable


def authorization(token_file: str) -> str:
    """Return the value of the Authorization header; raises ValueError saying what is missing."""
    kind = os.environ.get("SCIM_AUTH", "bearer")
    secret = _secret(token_file)
    if kind == "header":
        return sendable(secret)
    if kind == "basic":
        user = os.environ.get("SCIM_USER", "")
        if not user:
            raise ValueError("SCIM_AUTH is basic: set SCIM_USER too")
        return f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"
    if kind != "bearer":
        raise ValueError(f"SCIM_AUTH is bearer, header or basic, not {kind!r}")
    return sendable(f"Bearer {secret}")


def _secret(token_file: str) -> str:
    secret = os.environ.get("SCIM_TOKEN", "")
    if token_file:
        try:
            secret = Path(token_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(
                f"the token file {token_file!r} cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            raise ValueError(f"the token file {token_file!r} is not UTF-8 text") from None
    if not secret:
        raise ValueError("there is no credential: set SCIM_TOKEN, or name a --token-file")
    return secret

"""The Authorization header of an IdP whose form takes one bearer token and nothing else."""

from __future__ import annotations

from .model import Credential


def bearer_header(credential: Credential, title: str) -> str:
    """Return the value of the header; raises ValueError naming what does not fit.

    A verbatim header is taken when it is a bearer token: that is all the form can send.
    """
    secret = credential.secret
    if credential.kind == "header":
        scheme, _, secret = credential.secret.partition(" ")
        if scheme.lower() != "bearer" or not secret:
            raise ValueError(
                f"{title} always puts 'Bearer ' before the token, so this verbatim header cannot "
                "be sent; give a bearer token"
            )
    elif credential.kind != "bearer":
        raise ValueError(f"{title} takes a bearer token, no {credential.kind!r} credential")
    return sendable(f"Bearer {secret}")


def sendable(value: str) -> str:
    """Return a header's value that HTTP can carry, or raise ValueError."""
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("the credential holds a line break or another control character")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError("the credential holds characters that no HTTP header can carry") from None
    return value

"""Known secrets in a text, however they are written there."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache

MASK = "[redacted]"
# A shorter secret may be a word, whose other spellings are words too.
_UNMISTAKABLE = 8
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_OTHERS = {
    '"': r'\\+"|&quot;|&#34;',
    "'": "&#39;|&#x27;|&apos;",
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "/": r"\\+/",
    " ": r"\+",
    "\\": r"\\\\",
}


@lru_cache(maxsize=64)
def _patterns(secrets: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    # The longest first, so that no part of a longer secret is left standing.
    known = sorted(filter(None, secrets), key=len, reverse=True)
    long = [secret for secret in known if len(secret) >= _UNMISTAKABLE]
    plain = [*map(_spelled, known), *(f"(?i:{each.encode('utf-8').hex()})" for each in long)]
    encoded = {re.escape(code) for secret in long for code in _in_base64(secret)}
    return re.compile("|".join(plain) or r"(?!)"), re.compile("|".join(encoded) or r"(?!)")


def masked(text: str, secrets: frozenset[str]) -> str:
    """Return a text with every secret masked, be it plain, escaped, in hexadecimal or base64."""
    plain, encoded = _patterns(secrets)
    text = plain.sub(MASK, text)
    if not encoded.search(text):
        return text
    return _BASE64_RUN.sub(lambda run: MASK if encoded.search(run[0]) else run[0], text)


def _spelled(secret: str) -> str:
    pattern = "".join(map(_any_spelling, secret))
    return f"(?i:{pattern})" if len(secret) >= _UNMISTAKABLE else pattern


def _any_spelling(character: str) -> str:
    percent = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    units = character.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(rf"\\+u{units[at : at + 4]}" for at in range(0, len(units), 4))
    found = [f"(?i:{percent})", f"(?i:{escaped})", re.escape(character)]
    return f"(?:{'|'.join([*found, *filter(None, [_OTHERS.get(character)])])})"


def _in_base64(secret: str) -> Iterator[str]:
    """Yield what only the secret decides of its base64, wherever it begins in a group of three."""
    raw = secret.encode("utf-8", "surrogatepass")
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + raw + b"\0" * (-(shift + len(raw)) % 3)).decode()
        sure = code[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        yield sure
        yield sure.replace("+", "-").replace("/", "_")

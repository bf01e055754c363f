"""Secrets out of everything that is written to a file.

Three nets, each of which holds alone: the known secrets in any spelling, the places that carry
credentials by their name (headers, JSON members, form fields), and URLs with a user's password.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import NamedTuple

from .reading import Json

PLACEHOLDER = "[redacted]"
TOO_DEEP = "[nested too deeply]"
TOO_LONG = "[number too long]"

# A shorter secret would also be found in ordinary words; the places that carry it are masked.
_SHORTEST_SECRET = 4
_UNMISTAKABLE = 8  # characters, from which a secret is no word that may stand in another case
# Deeper than any SCIM body, and shallow enough for every JSON reader and our own recursion.
_DEEPEST = 64
_LONGEST_NUMBER = 10_000
_ROUNDS = 4

_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
# Headers that gateways and clouds have for keys, sessions and tokens: X-Auth-Token, Api-Key,
# Ocp-Apim-Subscription-Key, X-Amz-Security-Token. An Idempotency-Key is none.
_KEYS = r"(?:[\w-]+-)?(?:auth-?token|api-?token|api-?key|access-?key|subscription-?key|secret-?key)"
_OTHERS = (
    r"[\w-]+-(?:token|secret|password|credentials?|session(?:-?id)?|authorization|gateway-key)"
)
_SECRET_HEADER = re.compile(rf"(?i)(?:{_KEYS}|{_OTHERS})")
_MEMBERS = frozenset(
    {
        "password",
        "newpassword",
        "client_secret",
        "access_token",
        "refresh_token",
        "id_token",
        "assertion",
        "client_assertion",
    }
)
# The first word of a credential that may be shown: a registered scheme or one that vendors use.
_SCHEMES = frozenset(
    {"apikey", "basic", "bearer", "digest", "dpop", "negotiate", "oauth", "ssws", "token"}
)
# What a printed command has in a secret's place.
_VARIABLE = re.compile(r"\$\{?SCIM_[A-Z_]+\}?")
_NAMES = "|".join(sorted(_MEMBERS, key=len, reverse=True))
_USERINFO = re.compile(r"(://[^/\s:@\"'<>]*:)([^/\s@\"'<>]+)(?=@)")
_FORM = re.compile(rf"(?i)(?<![\w-])({_NAMES})=([^&\s\"'<>]*)")
# A text body may be cut anywhere, so a string need not end.
_JSON_VALUE = r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|-?\d[\d.eE+-]*'
_JSON_MEMBER = re.compile(rf'(?is)("(?:{_NAMES})"\s*:\s*)(?:{_JSON_VALUE})')
_JSON_PATH = re.compile(
    rf'(?is)("path"\s*:\s*"(?:[^"\\]*:)?password"\s*,\s*"value"\s*:\s*)(?:{_JSON_VALUE})'
)
_JSON_PATH_LAST = re.compile(
    rf'(?is)("value"\s*:\s*)(?:{_JSON_VALUE})(\s*,\s*"path"\s*:\s*"(?:[^"\\]*:)?password")'
)
_HEADER_NAMES = "|".join([*sorted(_HEADERS, key=len, reverse=True), _KEYS, _OTHERS])
_HEADER_LINE = re.compile(rf"(?im)((?:^|['\"])[ \t]*(?:{_HEADER_NAMES})[ \t]*:[ \t]*)([^\r\n'\"]+)")
# The texts that are remembered as clean: how long, and how many.
_SHORT, _MANY = 80, 20_000
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")


def carries_secret(name: str) -> bool:
    """Return whether a header of this name carries a credential, by its name."""
    lowered = name.strip().lower()
    return lowered in _HEADERS or _SECRET_HEADER.fullmatch(lowered) is not None


class _Name(NamedTuple):
    """The name of a member: as it may be shown, in small letters, and whether it is a secret's."""

    shown: str
    lowered: str
    is_secret: bool


class Redactor:
    """Masks secrets in text, JSON and headers; masking twice changes nothing more.

    The member names are those of RFC 7643 section 4.1.1 (`password`), RFC 6749 section 4 to 6 and
    RFC 7523 section 2 (tokens, client secrets and assertions).
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._given = frozenset(secrets)
        known = {part for secret in self._given for part in _parts(secret)}
        self._secrets = sorted(
            (secret for secret in known if len(secret) >= _SHORTEST_SECRET), key=len, reverse=True
        )
        spellings = [*map(_spelled, self._secrets), *map(_in_hex, self._secrets)]
        self._pattern = re.compile("|".join(spellings) or r"(?!)")
        codes = {code for secret in self._secrets for code in _in_base64(secret)}
        self._encoded = re.compile("|".join(map(re.escape, sorted(codes))) or r"(?!)")
        # A secret that is a piece of the placeholder stays visible in it, wherever it stands.
        self._forbidden = [secret for secret in self._secrets if secret not in PLACEHOLDER]
        self._clean: set[str] = set()  # short texts that hide nothing: most come again and again
        self._latest: Redactor | None = None  # the one that knew more, which is asked for again
        self._names: dict[str, _Name] = {}  # short names of members, for the same reason

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that are looked for, the longest first."""
        return tuple(self._secrets)

    def also(self, secrets: Iterable[str]) -> Redactor:
        """Return a redactor that masks these secrets as well; itself when it knows them all."""
        more = self._given.union(each for each in secrets if each not in self._secrets)
        if more == self._given:
            return self
        latest = self._latest
        if latest is None or latest._given != more:
            # What is returned is never read back: another thread may have put its own there.
            latest = self._latest = Redactor(more)
        return latest

    def text(self, value: str | bytes) -> str:
        """Return the text with every secret masked; bytes are read as UTF-8 as far as they go."""
        if isinstance(value, bytes):
            value = value.decode("utf-8", "backslashreplace")
        return self._text(value, 0)

    def json(self, value: object) -> Json:
        """Return JSON with every secret masked, at any depth and inside texts that hold JSON."""
        return self._json(value, 0)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return headers with credentials masked; an authentication scheme stays readable."""
        return tuple((self.text(name), self._header(name, value, 0)) for name, value in headers)

    def _text(self, value: str, depth: int) -> str:
        """Mask until nothing changes, so that masking is idempotent by construction."""
        if value in self._clean:
            return value
        for _ in range(_ROUNDS):
            masked = self._once(value, depth)
            if masked == value:
                self._remember(value)
                return value
            value = masked
        return PLACEHOLDER

    def _remember(self, value: str) -> None:
        # Text that may hold JSON is read to a depth, so that it is clean only where it stood.
        if (
            len(value) <= _SHORT
            and len(self._clean) < _MANY
            and not value.lstrip().startswith(("{", "["))
        ):
            self._clean.add(value)

    def _once(self, value: str, depth: int) -> str:
        masked = _in_credential_places(self._json_text(value, depth))
        masked = PLACEHOLDER.join(map(self._known, masked.split(PLACEHOLDER)))
        # Only a secret with brackets in it can be formed anew by what stands beside a placeholder.
        return PLACEHOLDER if any(secret in masked for secret in self._forbidden) else masked

    def _known(self, value: str) -> str:
        return self._base64(self._pattern.sub(PLACEHOLDER, value))

    def _base64(self, value: str) -> str:
        """Mask every run of base64 that holds a known secret, such as a basic credential."""
        if not self._encoded.search(value):
            return value
        return _BASE64_RUN.sub(self._base64_run, value)

    def _base64_run(self, found: re.Match[str]) -> str:
        return PLACEHOLDER if self._encoded.search(found[0]) else found[0]

    def _json_text(self, value: str, depth: int) -> str:
        """Mask JSON carried as text; text that hides nothing keeps its exact spelling."""
        if depth >= _DEEPEST or value.lstrip()[:1] not in ("{", "["):
            return value
        try:
            parsed = json.loads(value, parse_constant=str)
        except (ValueError, RecursionError):
            return value
        masked = self._json(parsed, depth + 1)
        return value if masked == parsed else json.dumps(masked, ensure_ascii=False)

    def _json(self, value: object, depth: int) -> Json:
        if type(value) is str:  # most of JSON is, and most texts come again: asked first
            return value if value in self._clean else self._text(value, depth)
        if depth >= _DEEPEST and isinstance(value, Mapping | list | tuple):
            return TOO_DEEP
        if isinstance(value, Mapping):
            return self._object(value, depth)
        if isinstance(value, list | tuple):
            return self._array(value, depth)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._number(value)
        return self._text(value if isinstance(value, str) else _foreign(value), depth)

    def _number(self, value: float) -> Json:
        # JSON has no spelling for infinity, although Python's reader accepts it from a target.
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        # Python refuses to write a longer number in decimal digits.
        if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
            return TOO_LONG
        written = str(value) if self._secrets else ""
        return PLACEHOLDER if any(secret in written for secret in self._secrets) else value

    def _object(self, value: Mapping[object, object], depth: int) -> dict[str, Json]:
        members = [(self._name(str(key)), member) for key, member in value.items()]
        sets_password = any(
            name.lowered == "path" and _is_password_path(member) for name, member in members
        )
        masked: dict[str, Json] = {}
        for (shown, name, is_secret), member in members:
            if name in _MEMBERS or (sets_password and name == "value"):
                masked[shown] = _masked(member)
            elif is_secret:
                masked[shown] = self._header_value(name, member, depth + 1)
            else:
                masked[shown] = self._json(member, depth + 1)
        return masked

    def _name(self, key: str) -> _Name:
        known = self._names.get(key)
        if known is None:
            lowered = key.lower()
            known = _Name(self._text(key, _DEEPEST), lowered, carries_secret(lowered))
            if len(key) <= _SHORT and len(self._names) < _MANY:
                self._names[key] = known
        return known

    def _array(self, value: list[object] | tuple[object, ...], depth: int) -> list[Json]:
        match value:
            case [str(name), str(content)] if self._name(name).is_secret:
                return [self._text(name, depth), self._header(name, content, depth)]
            case _:
                return [self._json(member, depth + 1) for member in value]

    def _header_value(self, name: str, value: object, depth: int) -> Json:
        if isinstance(value, str):
            return self._header(name, value, depth)
        if isinstance(value, list | tuple):
            return [self._header_value(name, member, depth + 1) for member in value[:_DEEPEST]]
        return self._json(value, depth)

    def _header(self, name: str, value: str, depth: int) -> str:
        masked = _credential(value) if carries_secret(name) else value
        return self._text(masked, depth)


def _parts(secret: str) -> tuple[str, ...]:
    """Return a secret and, for a verbatim header value, what follows its scheme.

    Space around it is no part of it, unless what is left is too short to be looked for alone.
    """
    inner = secret.strip()
    scheme, _, rest = inner.partition(" ")
    whole = inner if len(inner) >= _SHORTEST_SECRET or not inner else secret
    return (whole, rest.strip()) if scheme.lower() in _SCHEMES else (whole,)


def _spelled(secret: str) -> str:
    """Return a pattern for a secret; a long one is found in any case, a short one is a word."""
    pattern = _any_spelling(secret)
    return f"(?i:{pattern})" if len(secret) >= _UNMISTAKABLE else pattern


def _in_hex(secret: str) -> str:
    """Return a pattern for the bytes of a secret in hexadecimal digits."""
    return f"(?i:{secret.encode('utf-8', 'surrogatepass').hex()})"


def _any_spelling(secret: str) -> str:
    """Return a pattern for a secret, each character plain, percent-encoded or escaped.

    Escapes count a bounded number of backslashes: an open count would let a target that answers
    with backslashes slow the search down without limit.
    """
    return "".join(
        rf"(?:\\|%5[cC]){{{len(run)},{8 * len(run)}}}" if run[0] == "\\" else _one_of(run)
        for run in re.findall(r"\\+|[^\\]", secret)
    )


def _one_of(character: str) -> str:
    coded = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    units = character.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(rf"\\{{1,8}}u{units[at : at + 4]}" for at in range(0, len(units), 4))
    found = [re.escape(character), f"(?i:{coded})", f"(?i:{escaped})"]
    found += _OTHER_SPELLINGS.get(character, [])
    # The longest first: the alternative that wins must not leave half an escape behind.
    return f"(?:{'|'.join(sorted(found, key=len, reverse=True))})"


_OTHER_SPELLINGS = {
    '"': [r"\\{1,8}\"", "&quot;", "&#34;"],
    "'": ["&#39;", "&#x27;", "&apos;"],
    "&": ["&amp;"],
    "<": ["&lt;"],
    ">": ["&gt;"],
    "/": [r"\\{1,8}/"],
    " ": [r"\+"],
    "\n": [r"\\{1,8}n"],
    "\r": [r"\\{1,8}r"],
    "\t": [r"\\{1,8}t"],
}


def _in_base64(secret: str) -> set[str]:
    """Return what the secret looks like inside base64, for each of its three alignments.

    Only the characters that the secret alone decides are kept, so that `user:secret` is found
    whatever the user and whatever follows.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    found = set()
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + raw + b"\0" * (-(shift + len(raw)) % 3)).decode()
        sure = code[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        found |= {sure, sure.replace("+", "-").replace("/", "_")}
    return found


def _credential(value: str) -> str:
    """Return a credential header's value with its scheme readable and the rest masked."""
    scheme, blank, rest = value.strip().partition(" ")
    known = scheme.lower() in _SCHEMES
    if not value.strip() or (known and not rest):
        return value
    if _VARIABLE.fullmatch(rest.strip() if known else value.strip()):
        return value
    return f"{scheme}{blank}{PLACEHOLDER}" if known else PLACEHOLDER


def _in_credential_places(value: str) -> str:
    """Mask what stands where credentials stand, known or not."""
    # Each pattern needs a certain character, and most texts are a word or a number.
    if "://" in value:
        value = _USERINFO.sub(rf"\1{PLACEHOLDER}", value)
    if '"' in value:
        value = _JSON_MEMBER.sub(rf'\1"{PLACEHOLDER}"', value)
        value = _JSON_PATH.sub(rf'\1"{PLACEHOLDER}"', value)
        value = _JSON_PATH_LAST.sub(rf'\1"{PLACEHOLDER}"\2', value)
    if "=" in value:
        value = _FORM.sub(_form_field, value)
    if ":" in value:
        value = _HEADER_LINE.sub(lambda found: found[1] + _credential(found[2]), value)
    return value


def _form_field(found: re.Match[str]) -> str:
    kept = not found[2] or _VARIABLE.fullmatch(found[2])
    return found[0] if kept else f"{found[1]}={PLACEHOLDER}"


def _is_password_path(path: object) -> bool:
    return isinstance(path, str) and path.strip().lower().rpartition(":")[2] == "password"


def _masked(value: object) -> Json:
    """Return the placeholder; what cannot be a secret stays, since it explains failures."""
    if value is None or isinstance(value, bool):
        return value
    return "" if value == "" else PLACEHOLDER


def _foreign(value: object) -> str:
    """Return something that is no JSON as text."""
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "backslashreplace")
    return str(value)

"""Stable stand-ins for what is personal: equal values get equal ones, in every place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from dataclasses import field

MASK = "[redacted]"
_FORMS = {
    "person": "person-{}@redacted.invalid",
    "host": "host-{}.invalid",
    **{kind: kind + "-{}" for kind in ("user", "id", "name", "phone", "text", "version")},
}
PLACEHOLDER = re.compile(
    r"(?<![a-z0-9])(?:person-\d+@redacted\.invalid|host-\d+\.invalid"
    r"|(?:user|id|name|phone|text|version)-\d+)(?![a-z0-9])",
    re.IGNORECASE,
)
# Bounded, so that a long text without an address costs no more than its length.
EMAIL = re.compile(r"[^\s\"'<>()\[\],;:@\\/?#&=%]{1,254}@[^\s\"'<>()\[\],;:@\\/?#&=%]{1,254}")
_FIRST_NUMBER = 1_000_000_001


@dataclass(slots=True)
class _Known:
    """One value without regard to case: its placeholder, and the spellings seen so far."""

    stem: str
    spellings: dict[str, str] = field(default_factory=dict)


class Placeholders:
    """Gives one placeholder to each value, and keeps what differs in letter case related."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._known: dict[str, _Known] = {}
        self._numbers: dict[float, int] = {}

    def of(self, value: str, kind: str) -> str:
        """Return the placeholder of a value; what looks like an e-mail address stays one."""
        known = self._known.get(value.casefold())
        if known is None:
            known = self._known[value.casefold()] = _Known(self._new(value, kind))
        if value not in known.spellings:
            known.spellings[value] = self._spelled(known, value)
        return known.spellings[value]

    def number(self, value: float) -> int:
        """Return a made-up whole number for a number that may be personal."""
        return self._numbers.setdefault(value, _FIRST_NUMBER + len(self._numbers))

    def _new(self, value: str, kind: str) -> str:
        if EMAIL.fullmatch(value):
            kind = "person"
        self._counts[kind] += 1
        return _FORMS[kind].format(self._counts[kind])

    def _spelled(self, known: _Known, value: str) -> str:
        """Return another spelling of the placeholder for another spelling of the value."""
        if not known.spellings:
            return known.stem
        if value == value.upper() and known.stem.upper() not in known.spellings.values():
            return known.stem.upper()
        taken = set(known.spellings.values())
        for spelling in (_capital(known.stem, at) for at in range(len(known.stem))):
            if spelling not in taken and spelling != known.stem:
                return spelling
        return self._new(value, "text")


def _capital(text: str, at: int) -> str:
    return text[:at] + text[at].upper() + text[at + 1 :]


def spelled_like(value: str, placeholder: str) -> str:
    """Return a value spelled in letter case as a placeholder is, for traffic made from it."""
    if placeholder == placeholder.lower():
        return value
    if placeholder == placeholder.upper():
        return value.upper()
    at = next(i for i, letter in enumerate(placeholder) if letter.isupper())
    letters = [i for i, letter in enumerate(value) if letter.islower()]
    return _capital(value, letters[at % len(letters)]) if letters else value

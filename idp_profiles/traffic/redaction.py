"""Raw exchanges in, redacted ones out: whatever reaches a file or a screen went through here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace

from idp_profiles.content_encoding import decoded
from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Trouble

from . import targets
from .bodies import redacted
from .bodies import version
from .harmless import DISCOVERY
from .harmless import HEADERS
from .placeholders import MASK
from .placeholders import Placeholders
from .recorded import NOTHING
from .recorded import Content
from .recorded import Heard
from .recorded import Recorded
from .recorded import RecordedReply

_URLS = frozenset({"location", "content-location", "referer", "origin"})
_VERSIONS = frozenset({"etag", "if-match", "if-none-match"})
_SCHEMES = frozenset({"bearer", "basic", "digest", "ssws", "token", "apikey", "negotiate"})
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One exchange as it was on the wire; the target is relative to the SCIM base URL."""

    at: float
    method: str
    target: str
    headers: Headers
    body: Heard
    status: int | None = None
    reply_headers: Headers = ()
    reply_body: Heard = NOTHING
    error: str = ""
    elsewhere: bool = False


class Redactor:
    """Redacts the exchanges of one recording; equal values get equal placeholders throughout."""

    def __init__(self) -> None:
        self._places = Placeholders()

    def exchange(self, number: int, raw: Raw) -> Recorded:
        """Return an exchange with nothing secret and nobody's data in it."""
        return Recorded(
            number=number,
            at=round(raw.at, 3),
            method=raw.method if re.fullmatch(r"[A-Za-z]{1,20}", raw.method) else "OTHER",
            target=targets.target(self._places, raw.target, elsewhere=raw.elsewhere),
            headers=self._headers(raw.headers),
            content=self._content(raw.headers, raw.body, discovery=False),
            reply=self._reply(raw),
            error=raw.error,
            elsewhere=raw.elsewhere,
        )

    def _reply(self, raw: Raw) -> RecordedReply | None:
        if raw.status is None:
            return None
        discovery = _is_discovery(raw.target) and not raw.elsewhere
        content = self._content(raw.reply_headers, raw.reply_body, discovery=discovery)
        return RecordedReply(raw.status, self._headers(raw.reply_headers), content)

    def _content(self, headers: Headers, heard: Heard, *, discovery: bool) -> Content:
        by_name = {name.lower(): value for name, value in headers}
        if heard.kept and by_name.get("content-encoding", "identity").lower() != "identity":
            try:
                heard = replace(heard, kept=decoded(Reply(200, "", headers, heard.kept)).body)
            except Trouble:
                return Content("hidden", heard.size, why="packed in a way that cannot be undone")
        media = by_name.get("content-type", "")
        return redacted(self._places, heard, media, discovery=discovery)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((_name(name), self._header(name.lower(), value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name == "authorization":
            scheme, blank, _ = value.partition(" ")
            return f"{scheme} {MASK}" if blank and scheme.lower() in _SCHEMES else MASK
        if name == "host":
            return self._places.of(value, "host")
        if name in _URLS:
            return targets.url(self._places, value)
        if name in _VERSIONS:
            return version(self._places, value)
        if name in HEADERS and len(value) <= _LONGEST:
            return targets.without_addresses(self._places, value)
        return MASK


def _name(name: str) -> str:
    return name if re.fullmatch(r"[\w!#$%&'*+.^`|~\-]{1,60}", name, re.ASCII) else "redacted"


def _is_discovery(target: str) -> bool:
    segments = target.partition("?")[0].lower().split("/")
    return any(one in DISCOVERY for one in segments[1:3])

"""What a recording is made of: exchanges with nothing secret and nobody's data in them."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Headers
from idp_profiles.model import Json


class TrafficError(ValueError):
    """A recording cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message body as it came; `kept` is None when it was larger than is looked at."""

    kept: bytes | None = b""
    size: int = 0
    complete: bool = True


NOTHING = Heard()


@dataclass(frozen=True, slots=True)
class Content:
    """A redacted body: `form` is none, json, form (a list of pairs) or hidden (with a reason)."""

    form: str = "none"
    size: int = 0
    body: Json = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """What the server answered."""

    status: int
    headers: Headers
    content: Content

    def header(self, name: str) -> str | None:
        """Return the first value of a header, looked up without regard to case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request of the IdP with its reply; `elsewhere` is outside of the SCIM base URL."""

    number: int
    at: float
    method: str
    target: str
    headers: Headers
    content: Content
    reply: RecordedReply | None = None
    error: str = ""
    elsewhere: bool = False

    @property
    def line(self) -> str:
        """The request line without the version."""
        return f"{self.method} {self.target}"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording; `faithful` says whether headers are as they were on the wire."""

    origin: str
    entries: tuple[Recorded, ...]

    @property
    def faithful(self) -> bool:
        """Tell whether spelling and order of headers are those of the wire."""
        return self.origin == "proxy"

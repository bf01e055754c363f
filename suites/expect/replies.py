"""Expectations about a reply as a whole: status, error message, headers."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from suites.values import strings
from suites.values import text

from .holding import Holding

ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"


class ReplyExpectations(Holding):
    """What status line, headers and error body say."""

    def success(self) -> Self:
        """Expect a status of the 200 class."""
        __tracebackhide__ = True
        return self._hold(lambda: 200 <= self._seen.status < 300, "success", self._came)

    def refused(self, *allowed: int) -> Self:
        """Expect a refusal: one of these statuses, or any of the 400 class and 501."""
        __tracebackhide__ = True
        wanted = f"status {' or '.join(map(str, allowed))}" if allowed else "a refusal (4xx or 501)"
        statuses = allowed or (*range(400, 500), 501)
        return self._hold(lambda: self._seen.status in statuses, wanted, self._came)

    def no_server_error(self) -> Self:
        """Expect any answer but a status of the 500 class; 501 says that something is missing."""
        __tracebackhide__ = True
        return self._hold(
            lambda: self._seen.status < 500 or self._seen.status == 501,
            "an answer without a server error",
            self._came,
        )

    def scim_error(self, *statuses: int, scim_type: str | None = None) -> Self:
        """Expect a SCIM error message with one of these statuses, in body and status line.

        That the body has it as a text, and not as a number, is what RFC7644-3.12-3 judges.
        """
        __tracebackhide__ = True
        self.status(*statuses).json_object()
        schemas = f"the schema {ERROR_URN}"
        self._hold(lambda: ERROR_URN in strings(self.at("schemas")), schemas, self._body)
        self._hold(
            lambda: str(self.at("status")) == str(self._seen.status),
            f'"status": "{self._seen.status}" in the body',
            self._body,
        )
        return self if scim_type is None else self.scim_type(scim_type)

    def scim_type(self, *allowed: str) -> Self:
        """Expect one of these `scimType` in the error (RFC 7644 section 3.12)."""
        __tracebackhide__ = True
        return self._hold(
            lambda: self.at("scimType") in allowed,
            f"scimType {' or '.join(allowed)}",
            lambda: f"{text(self.at('scimType'))}{self._detail()}",
        )

    def explained(self, *words: str) -> Self:
        """Expect an error whose `detail` is a text, with these words in any case."""
        __tracebackhide__ = True

        def told() -> bool:
            detail = self.at("detail")
            found = detail.lower() if isinstance(detail, str) else ""
            return bool(found.strip()) and all(word.lower() in found for word in words)

        named = f" that names {', '.join(map(repr, words))}" if words else ""
        return self._hold(told, f"a detail{named}", lambda: text(self.at("detail")))

    def no_body(self) -> Self:
        """Expect a reply without content."""
        __tracebackhide__ = True
        return self._hold(lambda: self._seen.entry.reply_body in (None, ""), "no body", self._body)

    def header(self, name: str, *values: str) -> Self:
        """Expect a header, with one of these values if any are given."""
        __tracebackhide__ = True
        wanted = f"{name}: {' or '.join(values)}" if values else f"a {name} header"
        return self._hold(
            lambda: self._seen.header(name) in values if values else bool(self._seen.header(name)),
            wanted,
            lambda: f"{name}: {self._seen.header(name)}" if self._seen.header(name) else "none",
        )

    def media_type(self, *allowed: str) -> Self:
        """Expect a Content-Type by its media type; parameters are not looked at."""
        __tracebackhide__ = True

        def found() -> str:
            return (self._seen.header("Content-Type") or "").partition(";")[0].strip().lower()

        return self._hold(
            lambda: found() in allowed,
            f"Content-Type {' or '.join(allowed)}",
            lambda: repr(found()),
        )

    def etag(self, value: str | None = None) -> Self:
        """Expect an ETag header: this one, or the version that the body has in `meta`."""
        __tracebackhide__ = True

        def wanted() -> object:
            return self.at("meta.version") if value is None else value

        return self._hold(
            lambda: bool(self._seen.header("ETag")) and self._seen.header("ETag") == wanted(),
            f"an ETag that is {'the version in meta' if value is None else value}",
            lambda: f"{self._seen.header('ETag')!r}, where {wanted()!r} was expected",
        )

    def location(self, base_path: str, path: str) -> Self:
        """Expect a Location header, absolute or relative, that leads to this path of the server."""
        __tracebackhide__ = True

        def leads_there() -> bool:
            found = urlsplit(self._seen.header("Location") or "").path
            return found in (base_path + path, path, path.lstrip("/"))

        return self._hold(
            leads_there,
            f"a Location that leads to {path}",
            lambda: repr(self._seen.header("Location")),
        )

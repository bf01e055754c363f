"""Reads a reply as RFC 9110 and RFC 9112 have it, where the standard library takes short cuts.

Replies that only inform (1xx) come before the one that counts, and the library skips no other than
100. It also takes the first of two lengths, and goes on after a line that is no header, as if
the headers ended there: whatever was judged then would be judged on what the server never said.
"""

from __future__ import annotations

import http.client

_MOST = 20  # replies that inform, before the one that counts
_SWITCHES = 101  # the last reply of its kind that is HTTP


class NotHttp(http.client.HTTPException):
    """The reply breaks HTTP in a way that leaves open what it says."""


class FinalResponse(http.client.HTTPResponse):
    """A reply whose status is the last one, and whose headers say one thing."""

    def begin(self) -> None:
        """Read the status and the headers of the reply that counts; raises NotHttp."""
        super().begin()
        headers = self.headers
        if headers.defects:
            raise NotHttp("there is a line among the headers that is no header")
        lengths = {each.strip() for each in headers.get_all("Content-Length", [])}
        if len(lengths) > 1:
            raise NotHttp(f"it says two lengths in Content-Length: {' and '.join(sorted(lengths))}")

    def _read_status(self) -> tuple[str, int, str]:
        """Skip what only informs (RFC 9110 section 15.2: any number of replies, whenever)."""
        for _ in range(_MOST):
            read: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # the stubs leave it out
            if not 100 < read[1] < 200 or read[1] == _SWITCHES:
                return read
            http.client.parse_headers(self.fp)
        raise NotHttp("it informs without end and never replies")

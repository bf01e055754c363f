"""Servers that are careful with lists, and with the moments that a list is searched by."""

from __future__ import annotations

from legal_protocol import legal

from reference_server.deviations import shaping
from reference_server.deviations.documents import parse
from reference_server.deviations.queries import parameter
from reference_server.deviations.queries import with_parameter
from reference_server.messages import Handler
from reference_server.messages import Request

FEW = 5


@legal
def large_answers_refused(handle: Handler) -> Handler:
    """Refuse a filter that finds more than five with 400 tooMany (RFC 7644 section 3.4.2.1)."""

    def too_many(request: Request) -> bool:
        if request.method != "GET" or parameter(request, "filter") is None:
            return False
        found = parse(handle(with_parameter(request, "count", "0")).body) or {}
        total = found.get("totalResults")
        return isinstance(total, int) and total > FEW

    return shaping.refuse(handle, too_many, 400, "More than 5 would be found.", "tooMany")

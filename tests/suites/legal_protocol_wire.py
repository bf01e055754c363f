"""Servers whose replies look otherwise on the wire, and mean the same."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from email.utils import formatdate
from itertools import count

from legal_protocol import but_for
from legal_protocol import every_document
from legal_protocol import legal
from legal_protocol import unsupported

from reference_server.deviations import shaping
from reference_server.deviations.documents import ERROR
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

KOLKATA = timezone(timedelta(hours=5, minutes=30))
MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")
EVERY_SO_OFTEN = 150
SHORT = 2


@legal
def json_over_many_lines(handle: Handler) -> Handler:
    """Write JSON with blanks, line ends and escapes (RFC 7159 sections 2 and 7)."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        document = parse(reply.body)
        if document is None:
            return reply
        text = json.dumps(document, indent=4, ensure_ascii=True).replace("/", "\\/")
        return replace(reply, body=f"\n {text} \r\n\n".encode())

    return wrapped


@legal
def members_of_objects_backwards(handle: Handler) -> Handler:
    """Write attributes in another order, which means nothing (RFC 7643 section 2.3.8)."""

    def turned(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: turned(item) for key, item in reversed(value.items())}
        return [turned(item) for item in value] if isinstance(value, list) else value

    return every_document(handle, turned)


@legal
def moments_of_another_zone(handle: Handler) -> Handler:
    """Tell times with the offset of a place and more digits (RFC 7643 section 2.3.5)."""

    def moved(found: re.Match[str]) -> str:
        there = datetime.fromisoformat(f"{found[1]}+00:00").astimezone(KOLKATA)
        return f"{there:%Y-%m-%dT%H:%M:%S}{found[2] or '.0'}00+05:30"

    def change(document: Document) -> Json:
        return json.loads(MOMENT.sub(moved, json.dumps(document)))  # type: ignore[no-any-return]

    return every_document(handle, change)


@legal
def errors_with_more_members(handle: Handler) -> Handler:
    """Tell more of an error than RFC 7644 section 3.12 asks for."""

    def tell(body: Document) -> None:
        if ERROR in str(body.get("schemas")):
            body.update(title="Error", traceId="0af7651916cd43dd", errors=[{"code": 17}])

    return shaping.edit_replies(handle, shaping.always, tell, shaping.FAILURE)


@legal
def headers_in_lower_case(handle: Handler) -> Handler:
    """Spell names of headers in lower case, as HTTP/2 does (RFC 7230 section 3.2)."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        return replace(reply, headers=tuple((k.lower(), v) for k, v in reply.headers))

    return wrapped


@legal
def waits_by_date(handle: Handler) -> Handler:
    """Answer some requests with 429 until a date (RFC 7231 section 7.1.3: an HTTP-date)."""
    numbers = count(1)

    def wrapped(request: Request) -> Response:
        if next(numbers) % EVERY_SO_OFTEN:
            return handle(request)
        until = formatdate(time.time() + 1, usegmt=True)
        return shaping.with_header(shaping.error(429, "Not now."), "Retry-After", until)

    return wrapped


@legal
def searches_of_short_pages(handle: Handler) -> Handler:
    """Put two resources at most on a page of a search by POST (RFC 7644 section 3.4.2.4).

    "the service provider MUST NOT return more results than specified, although it MAY return
    fewer results"; who names no count gets what the server likes.
    """

    def fewer(body: Document) -> None:
        asked = body.get("count", SHORT)
        body["count"] = min(asked, SHORT) if isinstance(asked, int) else asked

    return shaping.edit_requests(handle, shaping.on("POST", ".search"), fewer)


@legal
def primary_values_last(handle: Handler) -> Handler:
    """Show arrays with a primary value in another order: which is primary says what is first.

    RFC 7644 section 3.4.2.3 looks at the first value only where none is primary.
    """

    def turn(resource: Document) -> None:
        for name, value in resource.items():
            if any(each.get("primary") for each in objects(value)) and isinstance(value, list):
                resource[name] = value[::-1]

    return shaping.edit_resources(handle, shaping.on("GET POST PUT PATCH", "Users"), turn)


@but_for("RFC7644-3.2-9", "RFC7644-3.2-10", worst="warn")
def nothing_is_deleted(handle: Handler) -> Handler:
    """Refuse every DELETE of users and groups; none has to be there (RFC 7644 section 3.2)."""

    def asked(request: Request) -> bool:
        known = request.header("Authorization") is not None
        return known and shaping.on("DELETE", "Users Groups")(request)

    handle = shaping.refuse(handle, asked, 405, "Not here.")
    jobs = shaping.refuse(handle, shaping.on("POST", "Bulk", one=False), 501, "Not here.")
    return unsupported(jobs, "bulk")  # which would delete all the same

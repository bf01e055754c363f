"""HTTP rules that every endpoint shares: methods, types of bodies and the accepted type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .errors import MEDIA_TYPE
from .errors import ScimError
from .json_text import dump
from .json_text import parse_object
from .messages import Body
from .messages import Headers
from .messages import Json
from .messages import Request
from .messages import Response
from .messages import header_values

MAX_BODY = 8 * 1024 * 1024
PLAIN_JSON = "application/json"

# What a Host header may hold (RFC 9110 section 7.2, RFC 3986 section 3.2): nothing, or a name or an
# address, and perhaps a port. Names of machines within a network often have an underscore.
HOST = re.compile(
    r"(?P<name>\[[0-9A-Za-z.:%_~-]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
    r"(?P<port>:[0-9]*)?"
)

# The one that SCIM calls the default comes first (RFC 7644 section 3.8).
_OFFERED = (MEDIA_TYPE, PLAIN_JSON)
# RFC 9110 section 12.4.2; float() alone would take "nan" and "1e5".
_QVALUE = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def check_method(request: Request, allowed: Sequence[str]) -> str:
    """Return the method to look up, or raise 405 with `Allow`, or 501 for one that is unknown.

    HEAD is possible wherever GET is, and is answered like it: the adapters leave the body out.
    """
    if request.method in allowed:
        return request.method
    if request.method == "HEAD" and "GET" in allowed:
        return "GET"
    if request.method not in _METHODS:
        # RFC 9110 section 15.6.2, and RFC 7644 Table 8: not one that this server has anywhere.
        raise ScimError(501, f"The method {request.method!r:.40} is not implemented.")
    possible = allow(allowed)
    detail = f"{request.method} is not possible here; possible are {possible}."
    raise ScimError(405, detail, headers=(("Allow", possible),))


def allow(methods: Sequence[str]) -> str:
    """Return the value of `Allow` for an endpoint with some methods."""
    wanted = {*methods, "OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    return ", ".join(each for each in _METHODS if each in wanted)


def options(methods: Sequence[str]) -> Response:
    """Answer OPTIONS: what is possible here, and nothing else (RFC 9110 section 9.3.7)."""
    return Response(204, (("Allow", allow(methods)),))


def read_body(request: Request) -> dict[str, Json]:
    """Read the body of a write, whose type must be JSON in UTF-8 (RFC 7644 section 3.8)."""
    content_type = request.header("Content-Type")
    if content_type is not None:
        _check_content_type(content_type)
    coding = (request.header("Content-Encoding") or "").strip()
    if coding.lower() not in ("", "identity"):
        accepted = (("Accept-Encoding", "identity"),)
        detail = f"Content-Encoding: the body must not be encoded, not even {coding!r:.40}."
        raise ScimError(415, detail, headers=accepted)
    return parse_object(request.body)


def _check_content_type(content_type: str) -> None:
    media_type, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if media_type not in _OFFERED:
        wanted = " or ".join(_OFFERED)
        raise ScimError(415, f"Content-Type: the body must be {wanted}, not {media_type!r:.100}.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise ScimError(415, f"Content-Type: the body must be in UTF-8, not {value!r:.100}.")


def json_response(status: int, body: Json | dict[str, Json], headers: Headers = ()) -> Response:
    """Build a JSON response."""
    return written_response(status, dump(body), headers)


def written_response(status: int, body: Body, headers: Headers = ()) -> Response:
    """Build a response whose JSON is written already."""
    return Response(status, (("Content-Type", MEDIA_TYPE), *headers), body)


def accepted_type(request: Request) -> str | None:
    """Choose the type of the answer by `Accept` (RFC 9110 section 12.5.1); None: none will do."""
    lines = header_values(request.headers, "Accept")
    return _chosen(", ".join(lines)) if lines else MEDIA_TYPE


@lru_cache(maxsize=64)
def _chosen(accept: str) -> str | None:
    ranges = [each for each in map(_media_range, accept.split(",")) if each is not None]
    if not ranges:
        return MEDIA_TYPE
    qualities = {offered: _quality(offered, ranges) for offered in _OFFERED}
    best = max(_OFFERED, key=lambda offered: qualities[offered])
    return best if qualities[best] > 0 else None


def _media_range(text: str) -> tuple[str, float] | None:
    """Read one element such as `application/*;q=0.5`; None for what is not one."""
    media_type, *parameters = (part.strip().lower() for part in text.split(";"))
    if media_type.count("/") != 1:
        return None
    weights = [each[2:] for each in parameters if each.startswith("q=")]
    if weights and not _QVALUE.fullmatch(weights[0]):
        return None
    return media_type, float(weights[0]) if weights else 1.0


def _quality(offered: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the weight that the most specific range gives to a type."""
    for pattern in (offered, "application/*", "*/*"):
        weights = [weight for given, weight in ranges if given == pattern]
        if weights:
            return max(weights)
    return 0.0


def labelled(response: Response, media_type: str) -> Response:
    """Call a reply plain JSON for a client that prefers that."""
    if media_type == MEDIA_TYPE:
        return response
    headers = tuple(
        (name, media_type if value == MEDIA_TYPE else value) for name, value in response.headers
    )
    return Response(response.status, headers, response.body)

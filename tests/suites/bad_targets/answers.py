"""One answer for each thing that a reply has wrong in itself; the name says which."""

from __future__ import annotations

import gzip

from tests.sizes import sized
from tests.suites.bad_targets.hostile import BASE
from tests.suites.bad_targets.hostile import Asked
from tests.suites.bad_targets.hostile import HangUp
from tests.suites.bad_targets.hostile import Json
from tests.suites.bad_targets.hostile import Parts
from tests.suites.bad_targets.hostile import Right
from tests.suites.bad_targets.hostile import Rightly
from tests.suites.bad_targets.hostile import changed
from tests.suites.bad_targets.hostile import head
from tests.suites.bad_targets.hostile import html
from tests.suites.bad_targets.hostile import reply
from tests.suites.bad_targets.hostile import sent

LONG = 600.0  # seconds: longer than any run of a selftest
SCIM = ("Content-Type", "application/scim+json")
LIST = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}'


# -- hanging --------------------------------------------------------------------------------------


def never_answers(asked: Asked, right: Rightly) -> Parts:
    """Takes the request and says nothing."""
    yield LONG


def hangs_after_the_headers(asked: Asked, right: Rightly) -> Parts:
    """Sends the headers, and never the body that they announce."""
    yield head(200, SCIM, ("Content-Length", "64"))
    yield LONG


def trickles(asked: Asked, right: Rightly) -> Parts:
    """Sends a byte a second, so that no silence is ever long."""
    for byte in sent(right()):
        yield bytes([byte])
        yield 1.0


def trickles_on_writes(asked: Asked, right: Rightly) -> Right | Parts:
    """Reads well, and sends a byte a second after a write."""
    return right() if asked.method == "GET" else trickles(asked, right)


# -- HTML -----------------------------------------------------------------------------------------


def shows_a_login_page(asked: Asked, right: Rightly) -> Right:
    """Answers 200 with a login page."""
    return html(200)


def is_nothing_but_404_pages(asked: Asked, right: Rightly) -> Right:
    """Answers 404 with a page."""
    return html(404)


def is_nothing_but_500_pages(asked: Asked, right: Rightly) -> Right:
    """Answers 500 with a page."""
    return html(500)


def is_nothing_but_503_pages(asked: Asked, right: Rightly) -> Right:
    """Answers 503 with the page of a gateway, and does not say for how long."""
    return html(503)


def calls_a_page_json(asked: Asked, right: Rightly) -> Right:
    """Answers 200 with a page, and says that it is SCIM."""
    return reply(200, b"<!doctype html><h1>Welcome</h1>")


def loses_the_server_behind_on_writes(asked: Asked, right: Rightly) -> Right:
    """A gateway: reads work, writes come back as 502 with a page."""
    return right() if asked.method == "GET" else html(502)


# -- redirecting ----------------------------------------------------------------------------------


def redirects_to_a_login_page(asked: Asked, right: Rightly) -> Right:
    """Sends everybody to the single sign-on of another host."""
    return reply(302, None, ("Location", "https://sso.example/login?next=/scim"))


def redirects_to_itself(asked: Asked, right: Rightly) -> Right:
    """Sends everybody to where he comes from."""
    return reply(301, None, ("Location", BASE + asked.target))


def redirects_in_a_circle(asked: Asked, right: Rightly) -> Right:
    """Sends everybody from /a to /b and back."""
    there = asked.target.removesuffix("/a") + "/b"
    return reply(307, None, ("Location", there if asked.target.endswith("/a") else "/a"))


def redirects_writes(asked: Asked, right: Rightly) -> Right:
    """Reads work, writes are sent to another host."""
    if asked.method == "GET":
        return right()
    return reply(307, None, ("Location", f"https://elsewhere.example{BASE}{asked.target}"))


# -- HTTP that is broken --------------------------------------------------------------------------


def sends_a_chunk_of_a_wrong_size(asked: Asked, right: Rightly) -> Parts:
    """Says the size of a chunk in letters that are no number."""
    yield head(200, SCIM, ("Transfer-Encoding", "chunked")) + b"zz\r\n{}\r\n0\r\n\r\n"


def breaks_off_in_a_chunk(asked: Asked, right: Rightly) -> Parts:
    """Ends the connection in the middle of a chunk."""
    yield head(200, SCIM, ("Transfer-Encoding", "chunked")) + b"40\r\n{"


def promises_more_than_it_sends(asked: Asked, right: Rightly) -> Parts:
    """Says a Content-Length that is too large, and ends the connection."""
    yield sent(right(), length=100_000)


def sends_more_than_it_promises(asked: Asked, right: Rightly) -> Right | bytes:
    """Says a Content-Length that is too small."""
    return sent(right(), length=4)


def has_two_lengths(asked: Asked, right: Rightly) -> Parts:
    """Says two different Content-Lengths."""
    body = LIST
    yield head(200, SCIM, ("Content-Length", "5"), ("Content-Length", str(len(body)))) + body


def has_a_status_line_of_garbage(asked: Asked, right: Rightly) -> Parts:
    """Begins with what is no status line."""
    yield b"\x00\xff\xfeHELO there\r\n\r\n"


def has_a_status_of_letters(asked: Asked, right: Rightly) -> Parts:
    """Says a status that is no number."""
    yield b"HTTP/1.1 OK fine\r\nContent-Length: 2\r\n\r\n{}"


def has_a_header_without_colon(asked: Asked, right: Rightly) -> Parts:
    """Has a line among its headers that is none."""
    yield b"HTTP/1.1 200 OK\r\nthis is no header\r\nContent-Length: 2\r\n\r\n{}"


def has_a_header_of_100_kb(asked: Asked, right: Rightly) -> Parts:
    """Has a header that is longer than any client takes."""
    yield head(200, SCIM, ("X-Long", "x" * 100_000), ("Content-Length", "2")) + b"{}"


def says_gzip_and_sends_none(asked: Asked, right: Rightly) -> Right:
    """Says that the body is compressed; it is not."""
    return reply(200, LIST, ("Content-Encoding", "gzip"))


def sends_half_a_gzip(asked: Asked, right: Rightly) -> Right:
    """Compresses the body, and cuts it off."""
    return reply(200, gzip.compress(LIST)[:-12], ("Content-Encoding", "gzip"))


def says_nothing_and_hangs_up(asked: Asked, right: Rightly) -> Right:
    """Closes the connection without a reply."""
    raise HangUp


def speaks_http_0_9(asked: Asked, right: Rightly) -> Parts:
    """Sends a body without status line or headers."""
    yield LIST


def informs_first(asked: Asked, right: Rightly) -> bytes:
    """Sends two informational replies before each of its replies (RFC 9110 section 15.2)."""
    hints = head(103, ("Link", "</style.css>; rel=preload"))
    return head(100) + hints + sent(right(), method=asked.method)


def closes_after_each_reply(asked: Asked, right: Rightly) -> Parts:
    """Says keep-alive, and closes the connection all the same."""
    yield sent(right(), method=asked.method)


# -- JSON that is broken --------------------------------------------------------------------------


def is_not_utf_8(asked: Asked, right: Rightly) -> Right:
    """Answers with JSON in Latin-1 that is none in UTF-8."""
    return reply(200, b'{"detail": "\xe4\xf6\xfc"}')


def begins_with_a_mark(asked: Asked, right: Rightly) -> Right:
    """Puts a byte order mark before each of its bodies."""
    kept = right()
    body = kept.body
    assert isinstance(body, bytes)
    return Right(kept.status, kept.headers, b"\xef\xbb\xbf" + body) if body else kept


def knows_no_number(asked: Asked, right: Rightly) -> Right:
    """Says NaN where a number belongs."""
    return changed(right(), lambda body: _with(body, totalResults=float("nan")))


def says_everything_twice(asked: Asked, right: Rightly) -> Right:
    """Has each member of an object twice."""
    kept = right()
    body = kept.body
    assert isinstance(body, bytes)
    doubled = body[:-1] + b"," + body[1:] if body.startswith(b'{"') else body
    return Right(kept.status, kept.headers, doubled)


def nests_without_end(asked: Asked, right: Rightly) -> Right:
    """Answers with a list in a list in a list, 100,000 times."""
    return reply(200, b"[" * 100_000 + b"]" * 100_000)


def nests_below_a_member(asked: Asked, right: Rightly) -> Right:
    """Puts a list in a list in a list, 100,000 times, into every object."""
    kept = right()
    body = kept.body
    assert isinstance(body, bytes)
    deep = b'{"deep":' + b"[" * 100_000 + b"]" * 100_000 + b","
    return Right(kept.status, kept.headers, deep + body[1:]) if body[:2] == b'{"' else kept


def sends_50_mb(asked: Asked, right: Rightly) -> Right:
    """Answers a list with 50 MB of white space in it, or 5 MB in a sample."""
    if asked.method != "GET" or asked.target.partition("?")[0] != "/Users":
        return right()
    return reply(200, LIST[:-1] + b" " * sized(5_000_000, 50_000_000) + b"}")


# -- all of one kind ------------------------------------------------------------------------------


def answers_everything_with_an_empty_object(asked: Asked, right: Rightly) -> Right:
    """Says 200 and {} to everything."""
    return reply(200, {})


def answers_everything_with_no_content(asked: Asked, right: Rightly) -> Right:
    """Says 204 to everything."""
    return reply(204)


def answers_everything_with_null(asked: Asked, right: Rightly) -> Right:
    """Says 200 and null to everything."""
    return reply(200, b"null")


def answers_everything_with_a_list(asked: Asked, right: Rightly) -> Right:
    """Puts what it means into a bare array."""
    return changed(right(), lambda body: [body])


def lists_where_objects_belong(asked: Asked, right: Rightly) -> Right:
    """Shows names and meta as lists, resources as texts."""
    return changed(right(), _askew)


def _askew(body: Json) -> Json:
    if not isinstance(body, dict):
        return body
    wrong = {name: [body[name]] for name in ("name", "meta") if name in body}
    if "Resources" in body:
        wrong["Resources"] = [each.get("id") for each in body["Resources"]]
    return {**body, **wrong}


def _with(body: Json, **members: Json) -> Json:
    return {**body, **members} if isinstance(body, dict) else body

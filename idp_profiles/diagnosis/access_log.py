"""Reads an access log: the common or combined format, as web servers and proxies write it."""

from __future__ import annotations

import re

from .model import Hit
from .model import Log
from .places import place_of
from .times import moment

MOST = 200_000
# No server writes a longer line; a file without line breaks is none of its logs.
LONGEST_LINE = 65_536

_QUOTED = r'"(?P<{}>(?:[^"\\]|\\.)*)"'
_LINE = re.compile(
    r"^(?P<host>\S+) \S+ .*?\[(?P<when>[^\]]{1,40})\] "
    + _QUOTED.format("request")
    + r" (?P<status>\d{3}|-) (?P<size>\d+|-)"
    + r"(?: "
    + _QUOTED.format("referer")
    + " "
    + _QUOTED.format("agent")
    + r")?(?P<rest>.*)$"
)
_REQUEST = re.compile(r"^(?P<method>[A-Z]{3,10}) (?P<target>\S+)(?: HTTP/[\d.]+)?$")
# Where a server was told to write the time it took, it stands behind the rest, in seconds.
_SECONDS = re.compile(
    r"(?:^| )(?:(?:rt|request_time|upstream_time|time)=)?(\d{1,6}\.\d{1,6})(?= |$)"
)


def looks_so(text: str) -> bool:
    """Tell whether most of the first lines of a text are lines of an access log."""
    lines = [line for line in text[:65536].splitlines()[:50] if line.strip()]
    found = sum(_LINE.match(line) is not None for line in lines)
    return found > 0 and 2 * found >= len(lines)


def read(text: str) -> Log:
    """Return the log; lines that are no requests to a SCIM server are counted and left aside."""
    hits: list[Hit] = []
    others = unread = left = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _LINE.match(line) if len(line) <= LONGEST_LINE else None
        asked = _REQUEST.match(found.group("request")) if found else None
        if found is None or asked is None:
            unread += 1
            continue
        hit = _hit(number, found, asked)
        if hit is None:
            others += 1
        elif len(hits) < MOST:
            hits.append(hit)
        else:
            left += 1
    return Log(format="access-log", hits=tuple(hits), others=others, unread=unread, left_off=left)


def _hit(number: int, found: re.Match[str], asked: re.Match[str]) -> Hit | None:
    place = place_of(asked.group("target"))
    if place is None:
        return None
    status, size, agent = (found.group(name) for name in ("status", "size", "agent"))
    took = _SECONDS.search(found.group("rest"))
    return Hit(
        number=number,
        when=moment(found.group("when")),
        method=asked.group("method"),
        place=place,
        status=int(status) if status.isdigit() else 0,
        # The combined format writes a dash for a header that did not come.
        agent=None if agent is None else agent.removeprefix("-") if agent == "-" else agent,
        size=int(size) if size.isdigit() else None,
        seconds=float(took.group(1)) if took else None,
    )

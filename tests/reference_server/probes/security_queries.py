"""Probes of `deviations/security_queries.py`."""

from __future__ import annotations

from reference_server.messages import joined
from tests.reference_server.deviation_talk import WORD
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk


def _sorted(t: Talk) -> list[str]:
    """Return users with passwords in the order that sorting by password gives."""
    t.also("anna", password=f"z{WORD}").also("ben", password=f"a{WORD}")
    return t.names("sortBy=password")


def _parts(t: Talk) -> list[str]:
    """Return who is found by a part of a password."""
    return t.also("anna", password=WORD).sought(f'userName pr and password sw "{WORD[:3]}"')


def _file(t: Talk, path: str) -> bool:
    reply = t.send("GET", f"/Users/{path}")
    return joined(reply.response.body).startswith(b"root:")


def _injected(t: Talk) -> str | None:
    return t.send("GET", "/Users/x%0d%0aX-More:%20yes").response.header("X-More")


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-wildcards-work": (lambda t: t.people(1).sought('userName sw "%"'), [], ["anna"]),
    "filter-stars-work": (lambda t: t.people(1).sought('userName eq "*"'), [], ["anna"]),
    "filter-quotes-evaluated": (
        lambda t: t.people(1).sought("userName eq \"' OR '1'='1\""),
        [],
        ["anna"],
    ),
    "filter-escapes-evaluated": (
        lambda t: t.people(1).sought('userName eq "\\" or userName pr or userName eq \\""'),
        [],
        ["anna"],
    ),
    "filter-stars-500": (lambda t: t.filtered('userName eq "*)("').status, 200, 500),
    "deep-filters-500": (
        lambda t: t.filtered(f"{'(' * 150}userName pr{')' * 150}").status == 500,
        False,
        True,
    ),
    "long-filters-500": (
        lambda t: t.filtered(f'userName eq "{"a" * 1_500}"').status,
        200,
        500,
    ),
    "id-star-finds-first": (lambda t: t.people(1).status("GET", "/Users/*"), 404, 200),
    "null-in-id-500": (lambda t: t.status("GET", "/Users/x%00"), 404, 500),
    "paths-lead-out": (lambda t: _file(t, "../../etc/passwd"), False, True),
    "encoded-paths-lead-out": (lambda t: _file(t, "..%2F..%2fetc%2fpasswd"), False, True),
    "line-breaks-become-headers": (_injected, None, "yes"),
    "values-become-headers": (
        lambda t: t.create("anna", title="x\r\nX-More: yes").response.header("X-More"),
        None,
        "yes",
    ),
    "password-parts-found": (lambda t: len(_parts(t)) if _refuses(t) else 0, 0, 1),
    "sorted-by-password": (lambda t: _sorted(t) == ["ben", "anna"], False, True),
}


def _refuses(t: Talk) -> bool:
    """Tell whether a filter by a part of a password is answered at all."""
    return t.filtered('userName pr and password sw "x"').status == 200

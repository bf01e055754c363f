"""Probes of `deviations/consistency_races.py` and `deviations/consistency_lags.py`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from suites.consistency.parallel import at_once
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Reply
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import adding
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import last
from tests.reference_server.deviation_talk import removing
from tests.reference_server.deviation_talk import replacing


def _together(*actions: Callable[[], Reply]) -> list[int]:
    """Return the statuses of requests at the same moment."""
    return [reply.status for reply in at_once(*actions)]


def _joined(t: Talk) -> list[str]:
    """Let two join a group at once."""
    t.people(3).crew("carl")
    _together(*(partial(t.patch_group, adding(t.ids[name])) for name in ("anna", "ben")))
    return t.inside()


def _left(t: Talk) -> bool:
    """Let one leave a group while another joins it; tell whether the first is still there."""
    t.people(2).crew("anna")
    _together(
        partial(t.patch_group, adding(t.ids["ben"])),
        partial(t.patch_group, removing(t.ids["anna"])),
    )
    return "anna" in t.inside()


def _changed(t: Talk) -> int:
    """Change two attributes at once, and return how many have changed."""
    t.make("anna")
    _together(partial(t.patch, giving("title", "New")), partial(t.patch, giving("nickName", "New")))
    return [t.get()[name] for name in ("title", "nickName")].count("New")


def _guarded(t: Talk) -> list[int]:
    """Replace Anna twice at once with the same version."""
    t.make("anna")
    tag = t.versions()[0] or ""
    return sorted(_together(*[partial(t.conditional, "PUT", tag)] * 2))


def _mixed(t: Talk) -> bool:
    """Replace Anna twice at once; tell whether the values of both are mixed."""
    t.make("anna")
    first, second = ({"title": f"{n} title", "displayName": f"{n} name"} for n in "ab")
    _together(partial(t.put, **first), partial(t.put, **second))
    after = t.get()
    return str(after["title"])[0] != str(after["displayName"])[0]


def _created(t: Talk) -> list[int]:
    """Create a user twice at once."""
    return sorted(_together(*[partial(t.create, "anna")] * 2))


def _switched(t: Talk) -> bool:
    """Switch Anna off and on; tell whether a list shows what she shows."""
    t.make("anna")
    t.patch(replacing(active=False))
    t.patch(replacing(active=True))
    return bool(t.users()[0]["active"] == t.get()["active"])


def _deleted(t: Talk) -> int:
    """Delete Anna while she is changed, and return the status of a read."""
    t.make("anna")
    where = f"/Users/{t.anna}"
    _together(partial(t.patch, giving("title", "New")), partial(t.send, "DELETE", where))
    return t.status("GET", where)


def _gone(t: Talk) -> str:
    """Delete Anna and return where she was."""
    where = f"/Users/{t.anna}"
    t.send("DELETE", where)
    return where


PROBES: dict[str, tuple[Look, object, object]] = {
    "member-writes-lost": (lambda t: len(_joined(t)), 3, 2),
    "removals-lost": (_left, False, True),
    "user-patches-lost": (_changed, 2, 1),
    "if-match-checked-early": (_guarded, [200, 412], [200, 200]),
    "replacements-mixed": (_mixed, False, True),
    "creates-unchecked-together": (_created, [201, 409], [201, 201]),
    "active-index-lags": (_switched, True, False),
    "activation-refused-and-done": (
        lambda t: (
            t.people(1).patch(replacing(active=False)).status,
            t.patch(replacing(active=True)).status,
            t.get()["active"],
        ),
        (200, 200, True),
        (200, 409, True),
    ),
    "deleted-users-come-back": (_deleted, 404, 200),
    "parallel-writes-500": (
        lambda t: (
            t.people(3).crew("carl"),
            sorted(
                _together(
                    *(partial(t.patch_group, adding(t.ids[name])) for name in ("anna", "ben"))
                )
            ),
        )[1],
        [204, 204],
        [204, 500],
    ),
    "reads-lag": (
        lambda t: [t.status("GET", f"/Users/{t.anna}") for _ in range(2)],
        [200, 200],
        [404, 200],
    ),
    "searches-lag": (
        lambda t: [t.people(1).found("anna"), t.found("anna")],
        [["anna"], ["anna"]],
        [[], ["anna"]],
    ),
    "reads-show-old-values": (lambda t: t.after_put(title="Boss")["title"], "Boss", "Engineer"),
    "searches-show-old-values": (
        lambda t: (
            t.after_put(displayName="New"),
            t.send("GET", "/Users", query="filter=userName%20pr").json["Resources"][0],
        )[1]["displayName"],
        "New",
        "Anna Example",
    ),
    "deleted-still-read": (lambda t: t.status("GET", _gone(t)), 404, 200),
    "deleted-still-found": (lambda t: last(_gone(t), t.found("anna")), [], ["anna"]),
    "put-appends-emails": (lambda t: len(t.after_put(title="Boss")["emails"]), 1, 2),
    "newest-users-first": (
        lambda t: t.people(3).names("startIndex=1&count=2"),
        ["anna", "ben"],
        ["carl", "ben"],
    ),
}

"""Probes of `deviations/patch_losses.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving


def _left(t: Talk) -> tuple[object, object]:
    t.make("anna", title="Boss", nickName="Annie")
    t.patch(giving("displayName", "A"), giving("title", "Chief"))
    user = t.get()
    return user.get("title"), user.get("nickName")


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-loses-unnamed": (_left, ("Chief", "Annie"), ("Chief", None)),
}

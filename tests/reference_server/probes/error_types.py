"""Probes of `deviations/error_types.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import OFF
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk


def _patched(t: Talk) -> int:
    return t.people(1).patch(OFF).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "scim-types-mixed-up": (
        lambda t: t.filtered("userName eq").refusal,
        (400, "invalidFilter"),
        (400, "tooMany"),
    ),
    "scim-type-of-own-invention": (
        lambda t: t.filtered("userName eq").refusal,
        (400, "invalidFilter"),
        (400, "VALIDATION_ERROR"),
    ),
    "error-detail-as-array": (
        lambda t: type(t.filtered("userName eq").json["detail"]).__name__,
        "str",
        "list",
    ),
    "unauthorized-other-challenge": (
        lambda t: (t.stranger().response.header("WWW-Authenticate") or "").split()[0],
        "Bearer",
        "Negotiate",
    ),
    "patch-answers-405": (_patched, 200, 405),
}

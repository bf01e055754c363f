"""Probes of `deviations/patch_adds.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import HOME
from tests.reference_server.deviation_talk import WORK
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import giving
from tests.reference_server.deviation_talk import replacing

TWO = [WORK, HOME]
AT_WORK = giving('emails[type eq "work"].value', "new@example.com")


def _added(path: str, value: object) -> Json:
    """Return an add with a path."""
    return {"op": "add", "path": path, "value": value}


def _addresses(t: Talk, operation: Json) -> list[str]:
    """Return the addresses of Anna, who had two, after an operation."""
    t.also("anna", emails=TWO).patch(operation)
    return sorted(t.addresses())


def _moved(t: Talk) -> bool:
    """Tell whether lastModified moves by a PATCH that changes nothing."""
    before = t.people(1).get()["meta"]["lastModified"]
    after = t.after_patch(_added("title", "Engineer"))["meta"]["lastModified"]
    return str(before) != str(after)


def _status(t: Talk, operation: Json) -> int:
    """Return the status of a PATCH on Anna."""
    return t.people(1).patch(operation).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "patch-add-ignored": (
        lambda t: t.after_patch(_added("title", "Chief"))["title"],
        "Chief",
        "Engineer",
    ),
    "patch-add-object-refused": (lambda t: _status(t, _added("emails", HOME)), 200, 400),
    "patch-add-doubles-value": (lambda t: len(_addresses(t, _added("emails", [HOME]))), 2, 3),
    "patch-add-no-match-hits-all": (
        lambda t: (
            WORK["value"]
            in _addresses(t, _added('emails[type eq "other"].value', "new@example.com"))
        ),
        True,
        False,
    ),
    "patch-filter-hits-all": (
        lambda t: HOME["value"] in _addresses(t, AT_WORK),
        True,
        False,
    ),
    "patch-no-change-touches": (_moved, False, True),
    "patch-keys-have-case": (
        lambda t: t.after_patch(replacing(nickname="Nan"))["nickName"],
        "Nan",
        "an",
    ),
    "patch-complex-text-ignored": (lambda t: _status(t, giving("name", "Anna E")), 400, 200),
    "patch-value-missing-ignored": (
        lambda t: _status(t, {"op": "add", "path": "title"}),
        400,
        200,
    ),
}

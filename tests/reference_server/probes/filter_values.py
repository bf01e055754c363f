"""Probes of `deviations/filter_values.py`."""

from __future__ import annotations

from tests.reference_server.deviation_talk import USER
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk


def _created(t: Talk) -> str:
    """Return when Anna was created, in another time zone."""
    return str(t.get()["meta"]["created"]).replace("Z", "+00:00")


def _two_addresses(t: Talk) -> Talk:
    """Let Anna have a second address."""
    mails = [{"value": "anna@example.com"}, {"value": "a@home.example"}]
    return t.also("anna", emails=mails).also("ben")


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-dates-as-text": (
        lambda t: t.people(1).sought(f'meta.created eq "{_created(t)}"'),
        ["anna"],
        [],
    ),
    "filter-dates-reversed": (
        lambda t: t.people(1).sought('meta.created gt "2000-01-01T00:00:00Z"'),
        ["anna"],
        [],
    ),
    "filter-order-of-binaries": (
        lambda t: t.filtered('x509Certificates.value gt "QQ=="').status,
        400,
        200,
    ),
    "filter-groups-ignored": (
        lambda t: t.people(2).sought('userName sw "c" and (userName sw "a" or userName sw "b")'),
        [],
        ["ben"],
    ),
    "filter-brackets-ignored": (lambda t: t.people(1).sought('emails[type eq "x"]'), [], ["anna"]),
    "filter-brackets-refused": (lambda t: t.filtered('emails[type eq "x"]').status, 200, 500),
    "filter-escapes-not-read": (
        lambda t: t.also("anna", title='The "boss"').sought('title eq "The \\"boss\\""'),
        ["anna"],
        [],
    ),
    "filter-first-value-only": (
        lambda t: _two_addresses(t).sought('emails.value eq "a@home.example"'),
        ["anna"],
        [],
    ),
    "filter-empty-500": (lambda t: t.filtered("").status, 400, 500),
    "filter-refusal-unexplained": (
        lambda t: t.filtered("userName regex 1").json["detail"] == "Bad request.",
        False,
        True,
    ),
    "filter-broken-as-404": (lambda t: t.filtered("userName eq").status, 400, 404),
    "filter-null-500": (lambda t: t.filtered("title eq null").status, 200, 500),
    "filter-not-binds-all": (
        lambda t: t.people(2).sought('not (userName sw "a") and userName sw "b"'),
        ["ben"],
        ["anna", "ben"],
    ),
    "filter-letters-ascii": (
        lambda t: t.also("anna", title="Señora").sought('title eq "Señora"'),
        ["anna"],
        [],
    ),
    "filter-sub-attribute-needed": (lambda t: t.people(1).sought('emails co "a"'), ["anna"], []),
    "filter-urn-value-refused": (
        lambda t: t.people(1).sought(f'schemas eq "{USER}"'),
        ["anna"],
        [],
    ),
    "filter-texts-have-case": (lambda t: t.people(1).sought('userName sw "ANNA"'), ["anna"], []),
    "filter-overlooks-case": (lambda t: t.people(1).sought('externalId sw "HR"'), [], ["anna"]),
    "active-by-default": (lambda t: t.create("anna", active=...).json.get("active"), None, True),
    "config-denies-filter": (lambda t: t.config()["filter"]["supported"], True, False),
}

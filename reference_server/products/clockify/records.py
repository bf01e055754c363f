"""What a SCIM user says of a person, as the product reads it, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping

from reference_server.messages import Json
from reference_server.products.scim_service import Seed
from reference_server.store import Record

from .workspace import Member
from .workspace import Status


def email_of(record: Record) -> str:
    """Return the address of a user: the primary one, else that of work, else the first.

    Without any, a userName that looks like an address is one.
    """
    emails = record.attributes.get("emails")
    found = [each for each in emails if isinstance(each, dict)] if isinstance(emails, list) else []
    wanted = [each for each in found if each.get("primary") is True]
    wanted += [each for each in found if each.get("type") == "work"] + found
    for each in wanted:
        value = each.get("value")
        if isinstance(value, str) and value:
            return value
    name = record.attributes.get("userName")
    return name if isinstance(name, str) and "@" in name else ""


def name_of(new: Record, old: Record | None = None) -> str | None:
    """Return the name of a user, or of a change of it; None when the name did not change.

    Given and family name go before the formatted name, and that before the display name. Of a
    change, the first of them counts that is another than before: identity providers differ in
    which of them they write.
    """
    before = dict(_names(old.attributes)) if old is not None else {}
    for source, name in _names(new.attributes):
        if name and name != before.get(source):
            return name
    if old is None:
        return _text(new.attributes.get("userName")) or None
    return None


def _names(attributes: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    name = attributes.get("name")
    parts = name if isinstance(name, dict) else {}
    yield "parts", f"{_text(parts.get('givenName'))} {_text(parts.get('familyName'))}".strip()
    yield "formatted", _text(parts.get("formatted"))
    yield "display", _text(attributes.get("displayName"))


def time_zone_of(record: Record) -> str:
    """Return the time zone of a user; empty when there is none."""
    return _text(record.attributes.get("timezone"))


def is_active(record: Record) -> bool:
    """Tell whether a user is active; one of whom nothing is said is."""
    return record.attributes.get("active") is not False


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""


def seeds(members: Iterable[Member]) -> Iterator[Seed]:
    """Yield how people of the product are seen over SCIM before SCIM first writes to them.

    Their userName is the e-mail address; it is the id where that is missing, or another's as well.
    """
    taken = {""}
    for member in members:
        name = member.id if member.email.lower() in taken else member.email
        taken.add(name.lower())
        yield _seed(member, name)


def _seed(member: Member, user_name: str) -> Seed:
    given, _, family = member.name.partition(" ")
    name: dict[str, Json] = {"formatted": member.name, "givenName": given}
    if family.strip():
        name["familyName"] = family.strip()
    email: dict[str, Json] = {"value": member.email, "type": "work", "primary": True}
    return Seed(
        "/Users",
        member.id,
        {
            "userName": user_name,
            "name": name,
            "emails": [email] if member.email else [],
            "active": member.status is Status.ACTIVE,
            "timezone": member.time_zone,
        },
    )

"""Tolerant reading: values in forms that identity providers send, brought into those of the RFC."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from .errors import invalid_syntax
from .errors import invalid_value
from .messages import Json
from .schemas import Attribute
from .schemas import ResourceType
from .tolerances import Tolerance
from .tolerances import Tolerances

_BOOLEANS: dict[str, Json] = {"true": True, "false": False}
_DIGITS: dict[str, Json] = {"1": True, "0": False}
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_FORMER_CORE = frozenset({"urn:scim:schemas:core:1.0", "urn:scim:schemas:core:2.0"})


def tolerated(attribute: Attribute, value: Json, tolerances: Tolerances) -> Json:
    """Return a single value in the form that its schema wants, if the one given is tolerated."""
    if isinstance(value, str):
        return _from_text(attribute, value, tolerances)
    if isinstance(value, dict) and attribute.is_reference:
        empty = any(key.lower() == "value" and each == "" for key, each in value.items())
        return None if empty and tolerances.allow(Tolerance.EMPTY_MANAGER) else value
    return value


def _from_text(attribute: Attribute, text: str, tolerances: Tolerances) -> Json:
    if attribute.type == "boolean":
        return _boolean(text, tolerances)
    if attribute.is_reference and tolerances.allow(Tolerance.BARE_STRING_MANAGER):
        return tolerated(attribute, {"value": text}, tolerances)
    return text


def _boolean(text: str, tolerances: Tolerances) -> Json:
    found: Json = text
    if tolerances.allow(Tolerance.BOOLEAN_TEXT):
        found = _BOOLEANS.get(text.lower(), text)
    if found is text and tolerances.allow(Tolerance.BOOLEAN_DIGITS):
        found = _DIGITS.get(text, text)
    return found


def in_array(attribute: Attribute, value: Json, tolerances: Tolerances) -> Json:
    """Put the one object of a multi-valued attribute into an array, where that is tolerated."""
    if not attribute.multi_valued or not isinstance(value, dict):
        return value
    return [value] if tolerances.allow(Tolerance.OBJECT_FOR_ARRAY) else value


def check_values(value: Json, attribute: Attribute, where: str, tolerances: Tolerances) -> None:
    """Refuse null for an array, or in one, where the narrow reading is wanted."""
    if not attribute.multi_valued or tolerances.allow(Tolerance.NULL_MULTI_VALUED):
        return
    if value is None:
        raise invalid_value(f"{where}: expected an array, got null.")
    for number, each in enumerate(value if isinstance(value, list) else ()):
        if each is None:
            raise invalid_value(f"{where}[{number}]: expected a value, got null.")


def check_schemas(body: Mapping[str, Json], kind: ResourceType, tolerances: Tolerances) -> None:
    """Refuse a body that does not name the core schema (RFC 7643 section 3)."""
    given = body.get("schemas")
    if given is None:
        given = next((value for key, value in body.items() if key.lower() == "schemas"), None)
    urns = given if isinstance(given, list) else []
    listed = {spelled(urn, tolerances) for urn in urns if isinstance(urn, str)}
    core = spelled(kind.core.id, tolerances)
    former: set[str] = set()
    if core not in listed:
        former = _former_core(kind, tolerances) & listed
        if not former:
            raise invalid_value(f"schemas: must be an array that contains {kind.core.id!r}.")
    if not tolerances.allow(Tolerance.FOREIGN_SCHEMAS):
        known = {spelled(schema.id, tolerances) for schema in kind.extensions_by_urn.values()}
        _refuse_foreign(urns, known | former | {core}, kind, tolerances)
    if not tolerances.allow(Tolerance.UNDECLARED_EXTENSION):
        _refuse_undeclared(body, listed, kind, tolerances)


def _former_core(kind: ResourceType, tolerances: Tolerances) -> set[str]:
    """Return what stood for the core schema of users and groups before RFC 7643."""
    former = tolerances.allow(Tolerance.FORMER_CORE_SCHEMA) and kind.core.id.startswith(_CORE)
    return set(_FORMER_CORE) if former else set()


def check_message(message: Mapping[str, Json], urn: str, tolerances: Tolerances) -> None:
    """Refuse a protocol message, its keys in lower case, that does not say what it is."""
    urns = message.get("schemas")
    given = urns if isinstance(urns, list) else []
    wanted = spelled(urn, tolerances)
    if not any(isinstance(each, str) and spelled(each, tolerances) == wanted for each in given):
        raise invalid_syntax(f"schemas must be an array that contains {urn!r}.")


def spelled(urn: str, tolerances: Tolerances) -> str:
    """Return the form in which two schema URIs are compared."""
    return urn.lower() if tolerances.allow(Tolerance.SCHEMA_URI_CASE) else urn


def _refuse_foreign(
    urns: Iterable[Json], known: set[str], kind: ResourceType, tolerances: Tolerances
) -> None:
    for number, urn in enumerate(urns):
        if not isinstance(urn, str) or spelled(urn, tolerances) not in known:
            raise invalid_value(f"schemas[{number}]: {urn!r:.200} is no schema of {kind.name}.")


def _refuse_undeclared(
    body: Mapping[str, Json], listed: set[str], kind: ResourceType, tolerances: Tolerances
) -> None:
    for key, value in body.items():
        schema = kind.extension(key) if value is not None else None
        if schema is not None and spelled(schema.id, tolerances) not in listed:
            raise invalid_value(f"{schema.id}: the extension is not listed in schemas.")

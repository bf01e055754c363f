"""What a vendor states about its product in a small TOML file, and no run can show."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from reports import reading
from reports.reading import Json
from reports.reading import ReportError
from reports.wording import wording

_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and from when it is."""

    says: str
    stated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpStatements:
    """What is stated of one identity provider."""

    title: str | None = None
    sso: Statement | None = None
    notes: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Everything that a vendor states; `facts` are by the names of the schema."""

    product: str = ""
    by: str = ""
    stated: str = ""
    employees: int | None = None
    facts: Mapping[str, Statement] = field(default_factory=dict)
    idps: Mapping[str, IdpStatements] = field(default_factory=dict)


def read_vendor(path: Path) -> Vendor:
    """Return what a vendor's file states; raises ReportError, one sentence, for a bad one."""
    data = _checked(path, _parsed(path))
    stated = reading.text(data, "stated")
    facts = {
        name: _statement(value, stated) for name, value in reading.mapping(data, "facts").items()
    }
    idps = reading.mapping(data, "idps")
    employees = data.get("employees")
    return Vendor(
        product=reading.text(data, "product"),
        by=reading.maybe_text(data, "by") or "",
        stated=stated,
        employees=employees if isinstance(employees, int) else None,
        facts=facts,
        idps={name: _idp(reading.mapping(idps, name), stated) for name in idps},
    )


@cache
def vendor_schema() -> dict[str, Json]:
    """Return the published JSON Schema of a vendor's file."""
    source = resources.files("reports.vendors").joinpath("vendor.schema.json")
    loaded: dict[str, Json] = json.loads(source.read_text("utf-8"))
    return loaded


def _idp(data: Mapping[str, Json], stated: str) -> IdpStatements:
    return IdpStatements(
        title=reading.maybe_text(data, "title"),
        sso=_statement(data["sso"], stated) if "sso" in data else None,
        notes=_statement(data["notes"], stated) if "notes" in data else None,
    )


def _statement(value: Json, stated: str) -> Statement:
    if isinstance(value, dict):
        return _statement(value["says"], reading.maybe_text(value, "stated") or stated)
    if isinstance(value, bool):
        return Statement(wording("card")("said.yes" if value else "said.no"), stated)
    return Statement(str(value), stated)


def _parsed(path: Path) -> dict[str, Json]:
    try:
        if path.stat().st_size > _LARGEST:
            raise ReportError(f"{str(path)!r} is larger than {_LARGEST // 1024} kB")
        loaded = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ReportError(f"cannot read {str(path)!r}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{str(path)!r} is not TOML in UTF-8: {error}") from error
    return {name: _json(value) for name, value in loaded.items()}


def _json(value: object) -> Json:
    """Return a value of TOML as JSON: TOML has dates of its own, which the schema has as text."""
    if isinstance(value, dict):
        return {str(name): _json(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_json(member) for member in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | str) else str(value)


def _checked(path: Path, data: dict[str, Json]) -> dict[str, Json]:
    worst = best_match(Draft202012Validator(vendor_schema()).iter_errors(data))
    if worst is None:
        return data
    where = ".".join(map(str, worst.absolute_path)) or "the top level"
    raise ReportError(f"{str(path)!r} at {where}: {worst.message[:200]}")

"""The table of keys in `docs/target-file.md`, from the schema, the settings and their variables.

python -m suites.survey.page docs/target-file.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import MISSING
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from suites.preflight.capabilities import TITLES
from suites.target.model import ENVIRONMENT
from suites.target.model import Target

BEGIN, END = "<!-- keys: python -m suites.survey.page -->", "<!-- end of keys -->"
_HEAD = ("| Key | Type | Default | Environment | Meaning |", "|---|---|---|---|---|")
_UNITS = {
    **dict.fromkeys(("timeout", "run_timeout", "settle", "wait_budget"), " (seconds)"),
    "requests_per_second": " (a second)",
}
_TYPES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "table",
}
# What the schema leaves to the texts around it.
_DEFAULTS = {"authentication.kind": "bearer", "authentication.where": "header"}
_MEANINGS = {
    "authentication": "How the run authenticates. The secret itself never stands in the file.",
    "tls": "Certificates, where the usual ones do not do.",
    "other_tenant.url": "Base URL of that tenant.",
    "other_tenant.authentication": "The credential of that tenant.",
    "own_account.user_name": "The userName of the user whom it stands for.",
    "own_account.authentication": "The credential.",
}


def table() -> str:
    """Return the table, a row for each key."""
    file = files("suites.target").joinpath("target.schema.json")
    schema = json.loads(file.read_text(encoding="utf-8"))
    login = schema["$defs"]["authentication"]["properties"]
    rows: list[str] = []
    for key, entry in schema["properties"].items():
        found = {"type": "object", "properties": login} if key == "authentication" else entry
        rows += [_row(key, found), *_parts(key, found)]
    return "\n".join([*_HEAD, *rows])


def _parts(key: str, entry: Mapping[str, Any]) -> Iterator[str]:
    for name, part in entry.get("properties", {}).items():
        yield _row(f"{key}.{name}", part)


def _row(key: str, entry: Mapping[str, Any]) -> str:
    variable = ENVIRONMENT.get(key, "")
    meaning = entry.get("description") or _MEANINGS.get(key) or _feature(key)
    cells = (
        f"`{key}`",
        _type(entry) + _UNITS.get(key, ""),
        _default(key),
        f"`{variable}`" if variable else "",
        meaning.replace("|", "\\|"),
    )
    return f"| {' | '.join(cells)} |"


def _type(entry: Mapping[str, Any]) -> str:
    if "$ref" in entry:
        return "table, as `authentication`"
    if "enum" in entry:
        return " or ".join(f"`{each}`" for each in entry["enum"])
    if entry["type"] != "array":
        return _TYPES[entry["type"]]
    items = entry["items"]
    return "list of texts" if items.get("type") == "string" else "list of tables"


def _default(key: str) -> str:
    known = {each.name: each.default for each in fields(Target) if each.default is not MISSING}
    value = _DEFAULTS.get(key, known.get(key))
    if value in (None, "", ()):
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"


def _feature(key: str) -> str:
    name = key.partition("capabilities.")[2]
    return f"Whether the server has {TITLES[name]}." if name else ""


def written(page: str) -> str:
    """Return the page with the table as it has to be."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(written(file.read_text(encoding="utf-8")), encoding="utf-8")

"""What the gallery's direct tests write, as Microsoft's published workflow has it.

The tests take every attribute that the application maps; here it is those of the default mapping
that a server can hardly be without, or whose values it is free to choose.
"""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Person

from .names import ENTERPRISE
from .tool_values import MANAGER
from .tool_values import Knows
from .tool_values import Values
from .tool_values import everything
from .tool_values import letters

# Optional, of a single value, and no reference. The workflow also clears what a type selects.
CLEARED = ("title", "nickName", f"{ENTERPRISE}:department", f"{ENTERPRISE}:employeeNumber")
CLEARED_BY_TYPE = ('emails[type eq "work"].value', 'phoneNumbers[type eq "mobile"].value')
# The workflow writes such a word into userName and into languages too, which few servers take.
UPDATED = ("displayName", "nickName", "title", "name.givenName", "name.familyName", *CLEARED[2:])


def update_values(person: Person, knows: Knows = everything) -> Values:
    """Return the values of the update test; displayName is the name, as some servers make it."""
    values: Values = {
        path: f"upd-{letters(person, path, 'updated')[:8].lower()}" for path in UPDATED
    }
    values["displayName"] = f"{values['name.givenName']} {values['name.familyName']}"
    return {path: value for path, value in values.items() if knows(path)}


def clearing(paths: tuple[str, ...], value: Json) -> list[Json]:
    """Return the operations that replace each of these by an empty text, or by null."""
    return [{"op": "replace", "path": path, "value": value} for path in paths]


def manager_operation(op: str, value: str) -> Json:
    """Return an operation of the manager test; only the first has a capital letter."""
    return {"op": op, "path": MANAGER, "value": value}


def page(endpoint: str, start: int, size: int) -> str:
    """Return the target of one page."""
    return f"{endpoint}?startIndex={start}&count={size}"

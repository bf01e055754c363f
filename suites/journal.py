"""What a run created on a target, written down before it happens, and its deletion.

Each line of `journal.jsonl` is one event about one resource: `intent` (flushed before the create
leaves), `created` (with the id, when the reply came), `deleted`, `kept` (could not be deleted).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from idp_profiles.model import Json
from reports import append_jsonl
from reports import read_jsonl

NAME_OF = {"Users": "userName", "Groups": "displayName"}

# (method, target relative to the base URL) -> (status, body); raises OSError on trouble.
Call = Callable[[str, str], tuple[int, bytes]]


@dataclass(slots=True)
class Item:
    """One resource that a run created or meant to create."""

    key: str
    kind: str
    name: str
    id: str | None = None
    done: bool = False
    why: str | None = None

    def to_json(self) -> Json:
        """Return the form used in `left_behind`."""
        return {"type": self.kind, "name": self.name, "id": self.id, "why": self.why}


class Journal:
    """What one case created; all cases of all processes append to one file.

    `owner` must be unique in the run, since it begins the keys. A `path` of None keeps no file.
    """

    def __init__(self, path: Path | None, *, owner: str) -> None:
        self._path = path
        self._owner = owner
        self._numbers = count(1)
        self.items: list[Item] = []

    def intend(self, method: str, target: str, body: bytes | None) -> Item | None:
        """Write down the intent to create, or return None when the request creates nothing."""
        kind = target.partition("?")[0].strip("/")
        if method != "POST" or kind not in NAME_OF:
            return None
        item = Item(f"{self._owner}-{next(self._numbers)}", kind, _name(kind, body))
        self.items.append(item)
        self._write("intent", item)
        return item

    def answered(self, item: Item, status: int, body: bytes) -> None:
        """Add the id that the reply gave; a refusal without doubt means nothing was created."""
        if 200 <= status < 300:
            item.id = _id(body)
            self._write("created", item)
        elif 400 <= status < 500:
            # Refused: most likely nothing to delete, but a server that refuses and creates all
            # the same is looked for by name at the end.
            self._write("refused", item)

    def remove(self, item: Item, call: Call) -> None:
        """Delete one resource, or note why it stays."""
        ids = [item.id] if item.id else _search(item, call)
        for resource_id in ids:
            status, _ = call("DELETE", f"/{item.kind}/{quote(resource_id, safe='')}")
            if status not in (200, 202, 204, 404):
                item.why = f"DELETE answered {status}"
                self._write("kept", item)
                return
        item.done = True
        self._write("deleted", item)

    def _write(self, event: str, item: Item) -> None:
        if self._path is not None:
            line: dict[str, Json] = {
                "event": event,
                "key": item.key,
                "type": item.kind,
                "name": item.name,
                "id": item.id,
            }
            append_jsonl(self._path, line)


def sweep(journal: Journal, call: Call) -> None:
    """Delete what is still there, last created first; trouble leaves the rest for `cleanup`."""
    for item in reversed([item for item in journal.items if not item.done]):
        try:
            journal.remove(item, call)
        except OSError as trouble:
            item.why = str(trouble)


def load_open(path: Path) -> list[Item]:
    """Return the resources of a journal file that were never deleted, in order of creation."""
    items: dict[str, Item] = {}
    for line in read_jsonl(path) if path.exists() else ():
        if not isinstance(line, dict):
            continue
        key = str(line["key"])
        item = items.setdefault(key, Item(key, str(line["type"]), str(line["name"])))
        item.id = str(line["id"]) if line.get("id") else item.id
        item.done = item.done or line["event"] == "deleted"
    return [item for item in items.values() if not item.done]


def count_created(path: Path) -> int:
    """Return how many resources a journal file says were created."""
    lines = read_jsonl(path) if path.exists() else ()
    return sum(isinstance(line, dict) and line["event"] == "created" for line in lines)


def _search(item: Item, call: Call) -> list[str]:
    """Find by its unique name what a create may have left although no id came back."""
    if not item.name:
        return []
    text = item.name.replace("\\", "\\\\").replace('"', '\\"')
    wanted = quote(f'{NAME_OF[item.kind]} eq "{text}"', safe="")
    status, body = call("GET", f"/{item.kind}?filter={wanted}")
    if status != 200:
        return []
    try:
        found = json.loads(body).get("Resources") or []
        return [
            str(resource["id"])
            for resource in found
            if str(resource.get(NAME_OF[item.kind], "")).lower() == item.name.lower()
        ]
    except (ValueError, AttributeError, KeyError, TypeError):
        return []


def _name(kind: str, body: bytes | None) -> str:
    try:
        return str(json.loads(body or b"{}").get(NAME_OF[kind], ""))
    except (ValueError, AttributeError):
        return ""


def _id(body: bytes) -> str | None:
    try:
        found = json.loads(body).get("id")
    except (ValueError, AttributeError):
        return None
    return str(found) if found else None

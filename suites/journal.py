"""What a run created on a target, written down before it happens, and its deletion.

Each line of `journal.jsonl` is one event about one resource: `intent` (flushed before the create
leaves), `created` (with the id, when the reply came), `refused`, `deleted`, `kept` (could not be
deleted), `spared` (it belongs to another entry). A line `target` before them names the server, so
that no other is cleaned up.

Nothing is deleted that the run did not create. A create that gave no id is looked for by its name,
if that is a name no one but a run gives; and what the create of another entry made stays that
entry's: a refused second user of the same name costs nobody the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from reports import ReportError
from reports import append_jsonl
from reports import read_jsonl

from .people import is_ours
from .values import items
from .values import value_at

NAME_OF = {"Users": "userName", "Groups": "displayName"}
EVENTS = ("intent", "created", "refused", "deleted", "kept", "spared")
_CLOSED = ("deleted", "spared")
TARGET = "target"
BULK = "Bulk"

# (method, target relative to the base URL) -> (status, body); raises OSError on trouble.
Call = Callable[[str, str], tuple[int, bytes]]


@dataclass(slots=True)
class Item:
    """One resource that a run created or meant to create."""

    key: str
    kind: str
    name: str
    id: str | None = None
    refused: bool = False
    done: bool = False
    why: str | None = None
    bulk_id: str | None = None  # of the operation of a bulk request that creates it

    def to_json(self) -> Json:
        """Return the form used in `left_behind`."""
        return {"type": self.kind, "name": self.name, "id": self.id, "why": self.why}


class JournalError(Exception):
    """A journal file cannot be used; the message is one sentence."""


class Claims:
    """To which entry each resource belongs: the first whose create was answered with its id."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], str] = {}
        self._ever: set[tuple[str, str]] = set()

    def take(self, item: Item) -> None:
        """Let what an entry created belong to it, unless it is another's."""
        if item.id is not None:
            self._keys.setdefault((item.kind, item.id), item.key)
            self._ever.add((item.kind, item.id))

    def knows(self, kind: str, resource_id: str) -> bool:
        """Return whether any entry created a resource, which may be deleted by now."""
        return (kind, resource_id) in self._ever

    def release(self, item: Item, resource_id: str) -> None:
        """Forget what is deleted: a server may give the same id once more."""
        self._keys.pop((item.kind, resource_id), None)

    def is_free(self, item: Item, resource_id: str) -> bool:
        """Return whether no other entry has a claim to a resource."""
        return self._keys.get((item.kind, resource_id), item.key) == item.key


class Journal:
    """What one case created; all cases of all processes append to one file.

    `owner` must be unique in the run, since it begins the keys. A `path` of None keeps no file.
    Journals of one process share their `claims`.
    """

    def __init__(self, path: Path | None, *, owner: str, claims: Claims | None = None) -> None:
        self._path = path
        self._owner = owner
        self._claims = claims or Claims()
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
            self._claims.take(item)
            self._write("created", item)
        elif 400 <= status < 500:
            # Refused: most likely nothing to delete, but a server that refuses and creates all
            # the same is looked for by name at the end.
            item.refused = True
            self._write("refused", item)

    def intend_all(self, method: str, target: str, body: bytes | None) -> list[Item]:
        """Write down everything that a request means to create; a bulk request may create many."""
        if method != "POST" or target.partition("?")[0].strip("/") != BULK:
            item = self.intend(method, target, body)
            return [] if item is None else [item]
        found = []
        for operation in _operations(body):
            data = json.dumps(value_at(operation, "data")).encode()
            # A server may take a create below an endpoint for one at the endpoint.
            endpoint = str(value_at(operation, "path")).strip("/").partition("/")[0]
            item = self.intend(str(value_at(operation, "method")).upper(), endpoint, data)
            if item is not None:
                item.bulk_id = _bulk_id(operation) or ""
                found.append(item)
        return found

    def answered_all(self, found: list[Item], status: int, body: bytes) -> None:
        """Add the ids that the reply gave to what `intend_all` wrote down."""
        results = _operations(body)
        for item in found:
            if item.bulk_id is None or not 200 <= status < 300:
                self.answered(item, status, body)
                continue
            # A name that two operations or two results have tells nothing; then, as where there
            # is no result, what was created is looked for by its own name.
            twice = [each.bulk_id for each in found].count(item.bulk_id) > 1
            own = [each for each in results if _bulk_id(each) == item.bulk_id and not twice]
            result = own[0] if len(own) == 1 else None
            code = value_at(result, "status.code") or value_at(result, "status")
            known = json.dumps({"id": _id_in(result, item.kind)}).encode()
            self.answered(item, int(str(code)) if str(code).isdecimal() else 500, known)

    def knows(self, kind: str, resource_id: str) -> bool:
        """Return whether the run created a resource, as far as this process has seen."""
        return self._claims.knows(kind, resource_id)

    def take_over(self, found: list[Item]) -> None:
        """Take the entries of a journal file over, each with its claim to what it created."""
        self.items = found
        for item in found:
            self._claims.take(item)

    def remove(self, item: Item, call: Call) -> None:
        """Delete one resource, or note why it stays."""
        item.why = None
        wanted = [item.id] if item.id else self._looked_for(item, call)
        mine = [each for each in wanted if self._claims.is_free(item, each)]
        for resource_id in mine:
            status, _ = call(
                "DELETE", f"/{item.kind}/{quote(resource_id, safe='', errors='surrogatepass')}"
            )
            if status not in (200, 202, 204, 404, 410):
                item.why = f"DELETE answered {status}"
            else:
                self._claims.release(item, resource_id)
        item.done = item.why is None
        event = "spared" if len(mine) < len(wanted) else "deleted"
        self._write(event if item.done else "kept", item)

    def _looked_for(self, item: Item, call: Call) -> list[str]:
        """Return what a create may have left although no id came back."""
        ids = _search(item, call) if is_ours(item.name) else None
        if ids is None and not item.refused:
            item.why = "its create had no clear answer, and the search for its name failed"
        return ids or []

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
    known: dict[str, Item] = {}
    for line in _lines(path):
        if line.get("event") not in EVENTS:
            continue
        key, kind = str(line.get("key")), str(line.get("type"))
        if kind not in NAME_OF:
            raise JournalError(f"{path} names {kind!r}, which no run of this version creates")
        item = known.setdefault(key, Item(key, kind, str(line.get("name") or "")))
        item.id = str(line["id"]) if line.get("id") else item.id
        item.refused = item.refused or line["event"] == "refused"
        item.done = item.done or line["event"] in _CLOSED
    return [item for item in known.values() if not item.done]


def count_created(path: Path) -> int:
    """Return how many resources a journal file says were created."""
    return sum(line.get("event") == "created" for line in _lines(path))


def write_target(path: Path, url: str) -> None:
    """Write down which server a run is about, before anything is created there."""
    append_jsonl(path, {"event": TARGET, "url": url})


def target_of(path: Path) -> str | None:
    """Return the base URL that a journal file is about, None when it does not say."""
    urls = [str(line.get("url")) for line in _lines(path) if line.get("event") == TARGET]
    return urls[-1] if urls else None


def _lines(path: Path) -> list[dict[str, Json]]:
    try:
        return read_jsonl(path) if path.exists() else []
    except ReportError as fault:
        raise JournalError(f"The journal cannot be read: {fault}") from None


def _search(item: Item, call: Call) -> list[str] | None:
    """Find by its unique name what a create may have left although no id came back.

    None means that the server gave no answer to rely on.
    """
    if not item.name:
        return None
    text = item.name.replace("\\", "\\\\").replace('"', '\\"')
    wanted = quote(f'{NAME_OF[item.kind]} eq "{text}"', safe="")
    status, body = call("GET", f"/{item.kind}?filter={wanted}")
    if status != 200:
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = value_at(document, "Resources") or []
    if not isinstance(document, dict) or not isinstance(found, list):
        return None
    if not all(isinstance(resource, dict) for resource in found):
        return None
    name = item.name.lower()
    same = [each for each in found if str(value_at(each, NAME_OF[item.kind])).lower() == name]
    ids = [value_at(each, "id") for each in same]
    return None if None in ids else [str(resource_id) for resource_id in ids]


def _operations(body: bytes | None) -> list[Json]:
    """Return the operations of a bulk request, or the results of its reply."""
    try:
        return items(value_at(json.loads(body or b"{}"), "Operations"))
    except (ValueError, RecursionError):
        return []


def _bulk_id(operation: Json) -> str | None:
    found = value_at(operation, "bulkId")
    return found if isinstance(found, str) and found else None


def _id_in(result: Json, kind: str) -> str | None:
    """Return the id in a result: that at the end of the location, or of the resource shown."""
    location = value_at(result, "location")
    path = urlsplit(location).path if isinstance(location, str) else ""
    place, _, last = path.strip("/").rpartition("/")
    if place.rpartition("/")[2] == kind and last:
        return unquote(last)
    shown = value_at(result, "response.id")
    return shown if isinstance(shown, str) and shown else None


def _name(kind: str, body: bytes | None) -> str:
    try:
        return str(json.loads(body or b"{}").get(NAME_OF[kind], ""))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _id(body: bytes) -> str | None:
    try:
        found = value_at(json.loads(body), "id")
    except (ValueError, RecursionError):
        return None
    return str(found) if found else None

"""What a run created on a target, written down before it happens, and its deletion.

Each line of `journal.jsonl` is one event about one resource: `intent` (flushed before the create
leaves), `created` (with the id, when the reply came), `doubted` (the reply shows somebody else),
`refused`, `deleted`, `kept` (could not be deleted), `deactivated` (in place of the deletion),
`spared` (it belongs to another entry). A line `target` before them names the server, so that no
other is cleaned up.

Nothing is deleted that the run did not create. A create that gave no id is looked for by its name,
if that is a name no one but a run gives; and what the create of another entry made stays that
entry's: a refused second user of the same name costs nobody the first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from reports import ReportError
from reports import append_jsonl
from reports import read_jsonl
from suites.making.people import is_ours
from suites.making.people import mark_in
from suites.values import items
from suites.values import value_at
from suites.verdicts import Blocked

from .claims import Claims
from .remains import NAME_OF as NAME_OF
from .remains import Call
from .remains import named
from .remains import nameless

EVENTS = (*("intent", "created", "doubted", "refused", "deleted", "kept", "deactivated", "spared"),)
_CLOSED = ("deleted", "spared")
GONE = (200, 202, 204, 404, 410)  # what a server may answer to a DELETE that left nothing
TARGET = "target"
BULK = "Bulk"
ME = "Me"
USERS = "Users"
_UNSEEN = "the server gave somebody else's id for another create, so nothing is deleted unseen"
# Of a name of ours that a server cut short, what shows that it is one: the run's id is in it.
_TELLING = len("scimproof-0a1b2c")


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
    doubted: bool = False  # its create was answered with somebody else
    deactivated: bool = False  # since it could not be deleted
    replaces: bool = False  # a PUT, which creates only where it says so
    changed: bool = False  # somebody wrote to it since, the name perhaps

    def to_json(self) -> Json:
        """Return the form used in `left_behind`."""
        told: dict[str, Json] = {
            "type": self.kind,
            "name": self.name,
            "id": self.id,
            "why": self.why,
        }
        return {**told, "deactivated": True} if self.deactivated else told


class JournalError(Exception):
    """A journal file cannot be used; the message is one sentence."""


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
        self._over = ""
        self.items: list[Item] = []

    def end(self, reason: str) -> None:
        """Let the case send nothing more, since it is called off."""
        self._over = reason

    def check(self) -> None:
        """Raise Blocked where the case is called off."""
        if self._over:
            raise Blocked(self._over)

    def intend(self, method: str, target: str, body: bytes | None) -> Item | None:
        """Write down the intent to create, or return None when the request creates nothing.

        Raises Blocked where the case is called off.
        """
        self.check()
        kind, _, rest = target.partition("?")[0].strip("/").partition("/")
        kind = USERS if kind == ME else kind
        # A server may create by a PUT what it does not have (RFC 7644 section 3.3 speaks of POST).
        replaces = method == "PUT" and bool(rest) and not self.knows(kind, unquote(rest))
        if kind not in NAME_OF or not (replaces or (method == "POST" and not rest)):
            return None
        item = self._new(kind, _name(kind, body))
        item.replaces = replaces
        self._write("intent", item)
        return item

    def _new(self, kind: str, name: str) -> Item:
        item = Item(f"{self._owner}-{next(self._numbers)}", kind, name)
        self.items.append(item)
        return item

    def add(self, kind: str, name: str, resource_id: str) -> Item:
        """Write down what the run must have created although it knows nothing of it."""
        item = self._new(kind, name)
        self._created(item, resource_id)
        return item

    def recognise(self, kind: str, name: str, resource_id: str) -> None:
        """Learn the id of a create whose reply was lost, before the name is changed."""
        for item in self.items:
            if (item.kind, item.name.lower(), item.id) == (kind, name.lower(), None):
                self._created(item, resource_id)

    def _created(self, item: Item, resource_id: str | None) -> None:
        item.id = resource_id
        self._claims.take(item)
        self._write("created", item)

    def answered(self, item: Item, status: int, body: bytes) -> None:
        """Add the id that the reply gave; a refusal without doubt means nothing was created."""
        if 200 <= status < 300 and _shows_another(item, body):
            item.doubted = True
            self._write("doubted", item)
        elif status == 201 or (200 <= status < 300 and not item.replaces):
            # Who was created without a name has the one that the server gave, and no other.
            item.name = item.name or _name(item.kind, body)
            self._created(item, _id(body))
        elif 200 <= status < 500:
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

    def answered_all(
        self, found: list[Item], status: int, body: bytes, location: str | None = None
    ) -> None:
        """Add the ids that the reply gave, where it has no body by its `location`."""
        results = _operations(body)
        for item in found:
            if item.bulk_id is None or not 200 <= status < 300:
                told = _id_in({"location": location}, item.kind) if not body else None
                self.answered(item, status, json.dumps({"id": told}).encode() if told else body)
                continue
            # A name that two operations or two results have tells nothing; then, as where there
            # is no result, what was created is looked for by its own name.
            twice = [each.bulk_id for each in found].count(item.bulk_id) > 1
            own = [each for each in results if _bulk_id(each) == item.bulk_id and not twice]
            result = own[0] if len(own) == 1 else None
            code = value_at(result, "status.code") or value_at(result, "status")
            known = json.dumps({"id": _id_in(result, item.kind)}).encode()
            self.answered(item, int(str(code)) if str(code).isdecimal() else 500, known)

    def seen(self, method: str, target: str, status: int | None, body: bytes) -> None:
        """Learn from an exchange with a created resource whether its id is really its own.

        A server may answer a create with an id that is somebody else's, as where it mixes the ids
        of accounts and memberships up.
        """
        place = target.partition("?")[0]
        found = (each for each in self.items if each.id is not None)
        item = next((each for each in found if path_of(each.kind, str(each.id)) == place), None)
        if item is None:
            return
        item.changed = item.changed or method in ("PUT", "PATCH")
        read = status == HTTPStatus.OK and method == "GET" and not item.changed
        if read and _shows_another(item, body):
            self._claims.mistaken = self._claims.mistaken or place

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
        item.why = _UNSEEN if self._claims.mistaken and item.id is not None else None
        if item.why is not None:
            return
        wanted = self.wanted(item, call)
        mine = [each for each in wanted if self._claims.is_free(item, each)]
        for resource_id in mine:
            status, _ = call("DELETE", path_of(item.kind, resource_id))
            if status not in GONE:
                item.why = f"DELETE answered {status}"
            else:
                self._claims.release(item, resource_id)
        self.close(item, spared=len(mine) < len(wanted))

    def close(self, item: Item, *, spared: bool = False) -> None:
        """Write down what became of an item; what has a reason to stay stays open."""
        item.done = item.why is None
        gone = "spared" if spared else "deleted"
        kept = "deactivated" if item.deactivated else "kept"
        self._write(gone if item.done else kept, item)

    def wanted(self, item: Item, call: Call, *, thorough: bool = False) -> list[str]:
        """Return the ids of what an item's create made, or may have made when it gave none.

        `thorough` looks through everything there is where the server cannot search.
        """
        if item.id is not None:
            return [item.id]
        # What was refused is most likely not there: not worth to go through all for it.
        listing = thorough and not item.refused
        ids = named(item.kind, item.name, call, listing=listing) if is_ours(item.name) else None
        if not item.name and listing and not nameless(item.kind, call):
            ids = []
        if ids is None and not item.refused:
            item.why = "its create had no clear answer, and the search for its name failed"
        elif not ids and item.doubted:
            item.why = "its create was answered with another name, which may be somebody else's"
        return ids or []

    def is_free(self, item: Item, resource_id: str) -> bool:
        """Return whether no other entry has a claim to a resource."""
        return self._claims.is_free(item, resource_id)

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


def path_of(kind: str, resource_id: str) -> str:
    """Return where a resource is, relative to the base URL."""
    return f"/{kind}/{quote(resource_id, safe='', errors='surrogatepass')}"


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
        item.name = item.name or str(line.get("name") or "")
        item.id = str(line["id"]) if line.get("id") else item.id
        item.refused = item.refused or line["event"] == "refused"
        item.doubted = item.doubted or line["event"] == "doubted"
        item.deactivated = line["event"] == "deactivated"
        item.done = item.done or line["event"] in _CLOSED
    return [item for item in known.values() if not item.done]


def marks_of(path: Path) -> frozenset[str]:
    """Return what all names have in common that runs gave, by a journal file; mostly one mark."""
    names = (str(line.get("name")) for line in _lines(path))
    return frozenset(mark for name in names if (mark := mark_in(name)))


def count_created(path: Path) -> int:
    """Return how many resources a journal file says were created."""
    return sum(line.get("event") == "created" for line in _lines(path))


def write_target(path: Path, url: str, app: str = "", *, asked: str = "") -> None:
    """Write down which server a run is about, before anything is created there.

    `app` names an application in the process of the run, `asked` a base URL that redirects here.
    """
    line: dict[str, Json] = {"event": TARGET, "url": url, **({"app": app} if app else {})}
    append_jsonl(path, {**line, **({"asked": asked} if asked not in ("", url) else {})})


def asked_of(path: Path) -> str:
    """Return the base URL that led to the server of a journal file; empty where none did."""
    found = [str(line.get("asked", "")) for line in _lines(path) if line.get("event") == TARGET]
    return found[-1] if found else ""


def target_of(path: Path) -> str | None:
    """Return the base URL that a journal file is about, None when it does not say."""
    urls = [str(line.get("url")) for line in _lines(path) if line.get("event") == TARGET]
    return urls[-1] if urls else None


def app_of(path: Path) -> str:
    """Return the application that a journal file is about; empty where a server was asked."""
    apps = [str(line.get("app", "")) for line in _lines(path) if line.get("event") == TARGET]
    return apps[-1] if apps else ""


def _lines(path: Path) -> list[dict[str, Json]]:
    try:
        return read_jsonl(path) if path.exists() else []
    except ReportError as fault:
        raise JournalError(f"The journal cannot be read: {fault}") from None


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
        found = json.loads(body or b"{}").get(NAME_OF[kind])
    except (ValueError, AttributeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def _id(body: bytes) -> str | None:
    try:
        found = value_at(json.loads(body), "id")
    except (ValueError, RecursionError):
        return None
    return str(found) if found else None


def _shows_another(item: Item, body: bytes) -> bool:
    """Return whether the reply to a create shows a resource of a name that no run gives."""
    try:
        shown = value_at(json.loads(body), NAME_OF[item.kind])
    except (ValueError, RecursionError):
        return False
    if not isinstance(shown, str) or is_ours(shown) or not item.name:
        return False
    given, shown = item.name.lower(), shown.lower()
    return shown != given and not (len(shown) >= _TELLING and given.startswith(shown))

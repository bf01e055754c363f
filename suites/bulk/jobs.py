"""Bulk jobs: operations by name, and what the reply says of each."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.values import items
from suites.values import member
from suites.values import quoted
from suites.values import same_but_for_case
from suites.values import text
from suites.values import value_at
from suites.verbs import BULK_URN
from suites.verbs import PATCH_URN
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

Operation = dict[str, Json]
Operations = Mapping[str, Operation]

PROCESSED = "RFC7644-3.7-20"
COMPLETE = "RFC7644-3.7.3-1"
LOCATED = "RFC7644-3.7-15"
_NAMES = {"Users": "userName", "Groups": "displayName"}


def creating(kind: str, bulk_id: str, body: Mapping[str, Json]) -> Operation:
    """Return an operation that creates a resource."""
    return {"method": "POST", "path": f"/{kind}", "bulkId": bulk_id, "data": dict(body)}


def replacing(path: str, body: Mapping[str, Json], **more: Json) -> Operation:
    """Return an operation that replaces a resource."""
    return {"method": "PUT", "path": path, "data": dict(body), **more}


def patching(path: str, *changes: Json, **more: Json) -> Operation:
    """Return an operation that changes a resource; its data is a whole PATCH message."""
    data: Json = {"schemas": [PATCH_URN], "Operations": list(changes)}
    return {"method": "PATCH", "path": path, "data": data, **more}


def deleting(path: str, **more: Json) -> Operation:
    """Return an operation that deletes a resource."""
    return {"method": "DELETE", "path": path, **more}


def naming(value: str) -> Json:
    """Return the PATCH operation that sets displayName."""
    return {"op": "replace", "path": "displayName", "value": value}


def user_body(lab: Lab, **more: Json) -> Operation:
    """Return a new plain user as this server takes it, with more attributes."""
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    return lab.whole({**body, **more})


@dataclass(frozen=True, slots=True)
class Result:
    """What a reply says of one operation."""

    reply: Seen
    name: str
    value: Json

    @property
    def code(self) -> int | None:
        """The HTTP status: a text, as it should be, or a number, or within an object.

        The text calls status an object with a code, the examples have both forms.
        """
        found = member(self.value, "status")
        shown = str(member(found, "code") if isinstance(found, dict) else found)
        return int(shown) if shown.isdecimal() else None

    @property
    def succeeded(self) -> bool:
        """Whether the status is of the 200 class."""
        return self.code is not None and 200 <= self.code < 300

    @property
    def response(self) -> Json:
        """The error or resource that came with the result.

        A verified erratum (7916) shows the parts of an error beside the status.
        """
        found = member(self.value, "response")
        beside = found is None and member(self.value, "schemas") is not None
        return self.value if beside else found

    @property
    def place(self) -> str:
        """The path that the location leads to."""
        return _place(self.value)

    @property
    def id(self) -> str:
        """The id of the resource, as the location or else the response tells it; may be empty."""
        location = member(self.value, "location")
        path = urlsplit(location).path.strip("/") if isinstance(location, str) else ""
        above, _, last = path.rpartition("/")
        if last and above.rpartition("/")[2] in _NAMES:
            return unquote(last)
        shown = value_at(self.response, "id")
        return shown if isinstance(shown, str) else ""

    def shows(self, holds: bool, wanted: str, *, mildly: bool = False) -> None:
        """Expect something of this result; `mildly` warns at most."""
        __tracebackhide__ = True
        told = expect(self.reply)
        (told.warn_at_most() if mildly else told).holds(
            lambda: holds,
            f"{wanted} in the result of {self.name!r}",
            lambda: text(self.value),
        )

    def success(self) -> None:
        """Expect a status of the 200 class."""
        __tracebackhide__ = True
        self.shows(self.succeeded, "a status of the 200 class")

    def failed(self) -> Result:
        """Return itself where the operation failed; raises Blocked otherwise."""
        if self.code is None or self.code < 400:
            reason = f"the operation {self.name!r} did not fail as it had to"
            raise Blocked(reason, by="RFC7644-3.7.3-3", entry=self.reply.entry)
        return self


@dataclass(frozen=True, slots=True)
class Job:
    """One bulk request: its operations by name, and the reply."""

    operations: Operations
    reply: Seen

    @property
    def results(self) -> list[Json]:
        """The results in the order of the reply."""
        return items(value_at(self.reply.object(), "Operations"))

    @property
    def processed(self) -> bool:
        """Whether the job as a whole was carried out."""
        return 200 <= self.reply.status < 300

    def done(self) -> Job:
        """Return itself where the job was carried out; raises Blocked otherwise."""
        if not self.processed:
            reason = f"the bulk request as a whole was answered {self.reply.status}"
            raise Blocked(reason, by=PROCESSED, entry=self.reply.entry)
        return self

    def find(self, name: str) -> Result | None:
        """Return what the reply says of an operation, None where it says nothing."""
        found = self._found(name) if name in self.operations else None
        return None if found is None else Result(self.reply, name, found)

    def sent(self, name: str) -> Operation:
        """Return an operation; raises NotOffered where the server could not be sent it."""
        if name not in self.operations:
            reason = "the server lacks what it needs, or takes fewer operations at once"
            raise NotOffered(f"the operation {name!r} was not sent: {reason}")
        return self.operations[name]

    def of(self, name: str) -> Result:
        """Return what the reply says of an operation; raises Blocked where it says nothing."""
        self.sent(name)
        found = self.done().find(name)
        if found is None:
            reason = f"the reply has no result of {name!r}"
            raise Blocked(reason, by=COMPLETE, entry=self.reply.entry)
        return found

    def refused(self, name: str, *statuses: int) -> None:
        """Expect that an operation was refused, alone or with the request as a whole."""
        __tracebackhide__ = True
        if not self.processed:
            expect(self.reply).refused(*statuses)
            return
        found = self.of(name)
        allowed = statuses or (*range(400, 500), 501)
        wanted = " or ".join(map(str, statuses)) or "of a refusal"
        found.shows(found.code in allowed, f"the status {wanted}")

    def _found(self, name: str) -> Json:
        """Find a result, in whatever order: by bulkId, by method and location, by its place."""
        wanted, found = self.operations[name], self.results
        for fits in (_has_its_name, _has_its_place):
            fitting = [each for each in found if fits(each, wanted)]
            if len(fitting) == 1:
                return fitting[0]
        complete = len(found) == len(self.operations)
        return found[list(self.operations).index(name)] if complete else None


def _place(result: Json) -> str:
    location = member(result, "location")
    found = unquote(urlsplit(location).path).strip("/") if isinstance(location, str) else ""
    return f"/{found}" if found else ""


def _has_its_name(result: Json, operation: Operation) -> bool:
    wanted = operation.get("bulkId")
    return wanted is not None and member(result, "bulkId") == wanted


def _has_its_place(result: Json, operation: Operation) -> bool:
    if operation.get("method") == "POST" or not operation.get("path"):
        return False
    place, path = _place(result), unquote(str(operation["path"]))
    return bool(place) and place.endswith(path) and _same_method(result, operation)


def _same_method(result: Json, operation: Operation) -> bool:
    shown = member(result, "method")
    return shown is None or same_but_for_case(shown, operation.get("method"))


@dataclass(frozen=True, slots=True)
class Ran:
    """A job that ran, and what the server shows of each operation's resource after it."""

    job: Job
    after: Mapping[str, Seen | None] = field(default_factory=dict)
    alone: Mapping[str, Seen] = field(default_factory=dict)  # the same as requests of their own

    def of(self, name: str) -> Result:
        """Return what the reply says of an operation."""
        return self.job.of(name)

    def shown(self, name: str) -> Seen:
        """Return the read of an operation's resource; raises Blocked where it was not found."""
        self.job.of(name)
        return self.found(name)

    def found(self, name: str) -> Seen:
        """Return the same, whatever the reply says of the operation."""
        seen = self.after.get(name)
        if seen is None:
            reason = f"nothing tells where the resource of {name!r} is"
            raise Blocked(reason, by=LOCATED, entry=self.job.reply.entry)
        return seen

    def sent(self, name: str, path: str) -> Json:
        """Return what an operation sent at a path of its data."""
        return value_at(self.job.sent(name).get("data"), path)


def send(lab: Lab, room: int | None, operations: Operations, **more: Json) -> Job:
    """Send a bulk request; raises NotOffered where the server takes fewer operations at once."""
    if room is not None and len(operations) > room:
        raise NotOffered(f"the server takes no more than {room} operations at once")
    body: Json = {"schemas": [BULK_URN], "Operations": list(operations.values()), **more}
    return Job(operations, lab.scim.post("/Bulk", body))


def fitting(operations: Operations, room: int | None, first: Sequence[str] = ()) -> Operations:
    """Return as many operations as the server takes at once, in their order.

    Those named `first` are kept before others.
    """
    names = [*(name for name in first if name in operations), *operations]
    kept = set(list(dict.fromkeys(names))[:room])
    return {name: operation for name, operation in operations.items() if name in kept}


def created(lab: Lab, job: Job, name: str) -> Seen | None:
    """Read what an operation created: at its location, else where its name is found."""
    operation, result = job.operations[name], job.find(name)
    kind = str(operation["path"]).strip("/")
    seen: Seen | None = None
    if result is not None and result.id and result.succeeded:
        seen = lab.look(kind, result.id)
        if seen.status == 200:
            return seen
    wanted = value_at(operation["data"], _NAMES[kind])
    listed = lab.scim.get(f"/{kind}", filter=f"{_NAMES[kind]} eq {quoted(wanted)}")
    for each in items(value_at(listed.object(), "Resources")):
        if same_but_for_case(value_at(each, _NAMES[kind]), wanted):
            return lab.look(kind, str(value_at(each, "id")))
    return seen

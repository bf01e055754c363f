"""Sends what Microsoft's test tools send, and compares what comes with what they look for."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

from idp_profiles.entra.tool_values import Values
from idp_profiles.entra.tool_values import first_values
from idp_profiles.entra.tool_values import selected
from idp_profiles.entra.tool_values import user_body
from idp_profiles.entra.tools import Tool
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from reports import Verdict
from suites.client import ENTERPRISE_URN
from suites.conftest import Bench
from suites.evidence import Entry
from suites.expect import expect
from suites.replay import Replay
from suites.schemas.definitions import Attribute
from suites.target.every_user import beneath
from suites.values import is_empty
from suites.values import items
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

CREATED = (200, 201)
PATCHED = (200, 204)
_PLAIN = re.compile(r"\[[^]]*\]")
# What a server has of every user, even one that does not say what it has.
_USUAL = frozenset({"userName", "active", "name.givenName", "name.familyName"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply to a tool, to be expected of; it is as it came, and not fetched again."""

    reply: Reply
    entry: Entry
    part: Json = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.reply.status

    def header(self, name: str) -> str | None:
        """Return a header, or None."""
        return self.reply.header(name)

    def json(self) -> Json:
        """Return the body, or the part of it that this is about; raises ValueError."""
        return self.reply.json() if self.part is None else self.part

    def refresh(self) -> bool:
        """Return False: the tool has read what it judges by."""
        return False

    def at(self, path: str) -> Json:
        """Return the value at a path of the body, None where there is none."""
        try:
            return value_at(self.json(), path)
        except (ValueError, RecursionError):
            return None

    def first(self) -> Answer:
        """Return the first resource of a list as what is looked at."""
        found = items(self.at("Resources"))
        return replace(self, part=found[0] if found else {})


@dataclass(frozen=True, slots=True)
class Account:
    """A user whom a tool has created: id, person and the values that were sent."""

    id: str
    person: Person
    values: Values


@dataclass(frozen=True, slots=True)
class ToolRun:
    """One tool at work in one case."""

    entra: Replay
    bench: Bench
    tool: Tool

    def shared(self) -> ToolRun:
        """Return the same tool for what several cases look at."""
        return replace(self, entra=self.entra.on(self.bench.shared.journal))

    def send(self, request: Request) -> Answer:
        """Send one request, once what was written before can be seen."""
        settle = self.bench.connection.target.settle
        if settle:
            due = self.bench.log.wrote + settle
            self.bench.connection.manners.clock.sleep(due - time.monotonic())
        reply = self.entra.send(request)
        entry = self.entra.last_entry()
        if entry is None:
            raise Blocked("the exchange was not recorded")
        self._remark(request, reply)
        return Answer(reply, entry)

    def created(self, person: Person, values: Values | None = None, *, by: str) -> Account:
        """Create a user as preparation; raises Blocked, pointing at the requirement `by`."""
        sent = first_values(person, self.knows) if values is None else values
        answer = self.send(self.tool.create("/Users", self.body(sent)))
        return Account(self.id_of(answer, "/Users", "userName", person.user_name, by), person, sent)

    def body(self, values: Mapping[str, Json]) -> Values:
        """Return the body of a POST, with what the server wants of every user beneath it.

        The tools let the tester fill in attributes that a server requires.
        """
        return beneath(user_body(values), self.bench.connection.target.every_user)

    def id_of(self, answer: Answer, endpoint: str, attribute: str, name: str, by: str) -> str:
        """Return the id of what was created; a body is not owed, so it may have to be looked up."""
        if answer.status not in CREATED:
            came = f"POST {endpoint} answered {answer.status}"
            raise Blocked(came, by=by, entry=answer.entry)
        found = answer.at("id")
        if not isinstance(found, str):
            answer = self.send(self.tool.find(endpoint, attribute, name)).first()
            found = answer.at("id")
        if not isinstance(found, str) or not found:
            raise Blocked(f"{name!r} has the id {found!r}", by=by, entry=answer.entry)
        return found

    def knows(self, path: str) -> bool:
        """Tell whether the server's schema of users has a writable attribute at a PATCH path."""
        if path.startswith(ENTERPRISE_URN) and not self.bench.features.has("enterprise"):
            return False
        return not self._known() or self._may_write(path)

    def shows(self, answer: Answer, values: Mapping[str, Json]) -> None:
        """Expect a user to have these values, as far as the schema returns them."""
        __tracebackhide__ = True
        for path, value in values.items():
            open_ = self._need_not_come(answer, path)
            if open_:
                self.entra.note(f"the tool would miss {path} and be wrong: {open_}")
            elif path == "active" and value is True:
                expect(answer).not_inactive()
            elif path.startswith("phoneNumbers["):
                _dials(answer, path, str(value))
            elif (typed := selected(path)) is not None:
                expect(answer).holds_value(typed[0], **{"type": typed[1], typed[2]: value})
            else:
                expect(answer).has(path, value)

    def _need_not_come(self, answer: Answer, path: str) -> str:
        """Return why the RFC does not ask a server to show a value, an empty text when it does."""
        if not self._comes_back(path):
            return "the server's schema does not return it"
        if not self._known() and path not in _USUAL and is_empty(answer.at(_top(path))):
            return "the server publishes no schemas, and need not have the attribute"
        name = answer.at("name")
        whole = isinstance(name, dict) and {key.lower() for key in name} == {"formatted"}
        # RFC 7643 section 4.1.1 lets a server show the full name alone.
        return "the server shows the name as a whole" if path.startswith("name.") and whole else ""

    def _known(self) -> bool:
        return self.bench.definitions().known

    def _attribute(self, path: str) -> Attribute | None:
        return self.bench.definitions().attribute(_PLAIN.sub("", path))

    def _may_write(self, path: str) -> bool:
        found = self._attribute(path)
        if found is None:
            # A complex attribute may be listed without its parts.
            above = self._attribute(_PLAIN.sub("", path).rpartition(".")[0])
            return above is not None and not above.parts and above.mutability == "readWrite"
        return found.mutability == "readWrite"

    def _comes_back(self, path: str) -> bool:
        found = self._attribute(path) if self._known() else None
        return found is None or found.returned in ("always", "default")

    def _remark(self, request: Request, reply: Reply) -> None:
        """Say what the SCIM Validator is reported to complain of wrongly."""
        if self.tool.name != "scim-validator":
            return
        said = (reply.header("Content-Type") or "").partition(";")[0].strip().lower()
        if reply.body and said == "application/json":
            self.entra.note(
                "answers come as application/json, of which the SCIM Validator complains; the RFC "
                "recommends application/scim+json"
            )
        if (request.method, reply.status) == ("PATCH", 204) and "/Users/" in request.target:
            self.entra.note(
                "204 to a PATCH is as good as 200; one report says that the SCIM Validator wants "
                "200 with the user"
            )


def refused_by_right(answer: Answer, expected: str, why: str) -> Mismatch:
    """Return the warning about a tool that would fail a server which is right to refuse."""
    detail = answer.at("detail")
    said = f" ({detail})" if isinstance(detail, str) and detail else ""
    return Mismatch(
        expected=expected,
        actual=f"status {answer.status}{said}; {why}",
        entry=answer.entry,
        at_most=Verdict.WARN,
    )


def _top(path: str) -> str:
    """Return the attribute that a path is about; of one with several values the whole of it."""
    return _PLAIN.sub("", path).partition(".")[0] if "[" in path else path


def _dials(answer: Answer, path: str, number: str) -> None:
    """Expect a phone number, which a server may write in another form (RFC 7643 section 4.1.2)."""
    __tracebackhide__ = True
    name, kind, _ = selected(path) or ("phoneNumbers", "work", "value")

    def shown() -> list[str]:
        entries = [each for each in items(answer.at(name)) if isinstance(each, dict)]
        return [
            str(value_at(each, "value"))
            for each in entries
            if str(value_at(each, "type")).lower() == kind
        ]

    expect(answer).holds(
        lambda: _digits(number) in map(_digits, shown()),
        f"the number {number} in {path}",
        lambda: f"{shown()}",
    )


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdecimal())

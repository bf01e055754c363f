"""The assertion vocabulary: every refusal names what was expected and what came.

An expectation is made about an `Observation`. Where the target has a settle time, a read that does
not show the expected effect yet is repeated until that time is over; then it is a mismatch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from typing import Protocol

from idp_profiles.model import Json

from .evidence import Entry
from .verdicts import Mismatch

ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


class Observation(Protocol):
    """One reply that can be fetched again."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def entry(self) -> Entry:
        """The exchange that shows it."""

    def json(self) -> Json:
        """Return the body as JSON, or raise ValueError."""

    def refresh(self) -> bool:
        """Fetch again; False when the settle time is over."""


def expect(observation: Observation) -> Expectation:
    """Begin an expectation about a reply."""
    return Expectation(observation)


class Expectation:
    """A chain of conditions on one reply; the first that does not hold raises Mismatch."""

    def __init__(self, observation: Observation) -> None:
        self._seen = observation

    def status(self, *allowed: int) -> Expectation:
        """Expect one of these HTTP statuses."""
        wanted = " or ".join(str(code) for code in allowed)
        return self._hold(
            lambda: self._seen.status in allowed,
            f"status {wanted}",
            lambda: f"{self._seen.status}{self._detail()}",
        )

    def scim_error(self, status: int) -> Expectation:
        """Expect a SCIM error message with this status, in body and status line."""
        self.status(status).json_object()
        schemas = f"the schema {ERROR_URN}"
        self._hold(lambda: ERROR_URN in _strings(self.at("schemas")), schemas, self._body)
        number = f'"status": "{status}" in the body'
        return self._hold(lambda: self.at("status") == str(status), number, self._body)

    def json_object(self) -> Expectation:
        """Expect a JSON object as the body."""
        return self._hold(lambda: isinstance(self._json(), dict), "a JSON object", self._body)

    def list_response(self) -> Expectation:
        """Expect a ListResponse whose counts are integers (RFC 7644 section 3.4.2)."""
        self.status(200).json_object()
        self._hold(lambda: LIST_URN in _strings(self.at("schemas")), LIST_URN, self._body)
        for name in ("totalResults", "startIndex", "itemsPerPage"):
            self.integer(name)
        return self

    def integer(self, path: str) -> Expectation:
        """Expect a whole number, not a string that looks like one."""
        return self._hold(
            lambda: isinstance(self.at(path), int) and not isinstance(self.at(path), bool),
            f"an integer in {path}",
            lambda: _text(self.at(path)),
        )

    def has(self, path: str, value: Json) -> Expectation:
        """Expect this value at an attribute path such as `emails[0].value`."""
        same = _same if path.lower() in _CASE_EXACT else _same_but_for_case
        return self._hold(
            lambda: same(self.at(path), value),
            f"{path} {_text(value)}",
            lambda: _text(self.at(path)),
        )

    def not_inactive(self) -> Expectation:
        """Expect a user who is not shown as inactive; whether `active` is shown is not asked."""
        return self._hold(
            lambda: self.at("active") is True or self.at("active") is None,
            "a user who is active",
            lambda: f"active {_text(self.at('active'))}",
        )

    def filled(self, path: str) -> Expectation:
        """Expect any value but null, an empty string or an empty list at a path."""
        return self._hold(
            lambda: self.at(path) not in (None, "", [], {}),
            f"a value in {path}",
            lambda: _text(self.at(path)),
        )

    def lacks(self, path: str) -> Expectation:
        """Expect nothing, null or an empty value at a path."""
        return self._hold(
            lambda: self.at(path) in (None, "", [], {}),
            f"no value in {path}",
            lambda: _text(self.at(path)),
        )

    def email(self, value: str) -> Expectation:
        """Expect an e-mail address among `emails`, wherever the server keeps it in the list."""
        return self._hold(
            lambda: any(
                _same_but_for_case(_member(item, "value"), value)
                for item in _items(self.at("emails"))
            ),
            f"an e-mail {value!r}",
            lambda: _text(self.at("emails")),
        )

    def primary(self, path: str, value: str) -> Expectation:
        """Expect the primary value of a multi-valued attribute, wherever it is in the array."""

        def found() -> list[Json]:
            items = _items(self.at(path))
            return [_member(item, "value") for item in items if _member(item, "primary") is True]

        return self._hold(
            lambda: len(found()) == 1 and _same_but_for_case(found()[0], value),
            f"{value!r} with `primary` true in {path}",
            lambda: _text(self.at(path)),
        )

    def matches(self, *ids: str) -> Expectation:
        """Expect a list answer with exactly these resources, in any order."""
        wanted = sorted(ids)
        self.status(200).json_object()
        self._hold(
            lambda: sorted(self._ids("Resources", "id")) == wanted,
            f"{len(ids)} match(es) {wanted}" if ids else "no match",
            lambda: f"{len(self._ids('Resources', 'id'))} match(es) {self._ids('Resources', 'id')}",
        )
        return self.has("totalResults", len(ids))

    def nobody(self) -> Expectation:
        """Expect no match: an empty list, or a 404, which some IdPs take for the same."""
        return self._hold(
            lambda: (
                self._seen.status == 404
                or (self._seen.status == 200 and not self._ids("Resources", "id"))
            ),
            "no match",
            lambda: f"status {self._seen.status}, {len(self._ids('Resources', 'id'))} match(es)",
        )

    def includes(self, *ids: str) -> Expectation:
        """Expect a list answer that holds each of these resources exactly once."""
        self.status(200).json_object()
        counts = dict.fromkeys(ids, 0)
        return self._hold(
            lambda: all(self._ids("Resources", "id").count(wanted) == 1 for wanted in counts),
            "each of the created resources once in the list",
            lambda: str({wanted: self._ids("Resources", "id").count(wanted) for wanted in counts}),
        )

    def members(self, ids: Collection[str]) -> Expectation:
        """Expect exactly these members; whether one is listed twice is another question."""
        return self._hold(
            lambda: set(self._ids("members", "value")) == set(ids),
            f"{len(ids)} member(s) {_some(sorted(ids))}",
            lambda: self._difference(ids),
        )

    def nobody_twice(self) -> Expectation:
        """Expect that no member is listed twice."""
        return self._hold(
            lambda: len(set(self._ids("members", "value"))) == len(self._ids("members", "value")),
            "each member listed once",
            lambda: self._difference(self._ids("members", "value")),
        )

    def keeps(self, before: Mapping[str, Json], *, paths: Collection[str]) -> Expectation:
        """Expect the values that `before` had at these paths (a value it lacked is not asked)."""
        for path in paths:
            value = value_at(dict(before), path)
            if value not in (None, [], {}, ""):
                self.has(path, value)
        return self

    def at(self, path: str) -> Json:
        """Return the value at an attribute path of the body, or None."""
        return value_at(self._json(), path)

    def _hold(
        self, holds: Callable[[], bool], expected: str, actual: Callable[[], str]
    ) -> Expectation:
        __tracebackhide__ = True
        while not holds():
            if not self._seen.refresh():
                raise Mismatch(expected=expected, actual=actual(), entry=self._seen.entry)
        return self

    def _json(self) -> Json:
        try:
            return self._seen.json()
        except (ValueError, RecursionError):
            return None

    def _body(self) -> str:
        body = str(self._seen.entry.reply_body)
        return body if len(body) <= 200 else body[:200] + "…"

    def _detail(self) -> str:
        detail = self.at("detail")
        return f" ({detail})" if isinstance(detail, str) and detail else ""

    def _ids(self, collection: str, member: str) -> list[str]:
        return [str(_member(item, member)) for item in _items(self.at(collection))]

    def _difference(self, wanted: Collection[str]) -> str:
        have = self._ids("members", "value")
        missing = [i for i in wanted if i not in have]
        extra = [i for i in have if i not in wanted]
        twice = sorted({i for i in have if have.count(i) > 1})
        words = [f"{len(have)} member(s)"]
        words += [f"missing {_some(missing)}"] if missing else []
        words += [f"not wanted {_some(extra)}"] if extra else []
        words += [f"listed twice {_some(twice)}"] if twice else []
        return ", ".join(words)


# A server may alter the case of a value that has none (RFC 7643 section 7), and of the attributes
# of users and groups nearly all have none (section 8.7.1).
_CASE_EXACT = frozenset({"id", "externalid"})
_PART = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")


def value_at(body: Json, path: str) -> Json:
    """Return the value at a path such as `emails[0].value`, or None where a part is missing.

    Attribute names compare without regard to case (RFC 7643 section 2.1). An extension attribute
    is addressed as `URN:attribute`.
    """
    value = body
    for name, indexes in _parts(path):
        value = _member(value, name)
        for index in indexes:
            items = _items(value)
            value = items[index] if index < len(items) else None
    return value


def _parts(path: str) -> list[tuple[str, list[int]]]:
    parts: list[tuple[str, list[int]]] = []
    if path.lower().startswith("urn:"):
        urn, _, path = path.rpartition(":")
        parts.append((urn, []))
    for match in _PART.finditer(path):
        parts.append((match[1], [int(number) for number in re.findall(r"\d+", match[2])]))
    return parts


def _member(value: Json, name: str) -> Json:
    if not isinstance(value, dict):
        return None
    return next((item for key, item in value.items() if key.lower() == name.lower()), None)


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _strings(value: Json) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]


def _same(have: Json, wanted: Json) -> bool:
    """Compare values; a wanted object asks only for its own members."""
    if isinstance(wanted, dict):
        return isinstance(have, dict) and all(_same(_member(have, k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        items = _items(have)
        return len(items) == len(wanted) and all(map(_same, items, wanted))
    return have == wanted and isinstance(have, bool) == isinstance(wanted, bool)


def _same_but_for_case(have: Json, wanted: Json) -> bool:
    return _same(_caseless(have), _caseless(wanted))


def _caseless(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _caseless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_caseless(item) for item in value]
    return value.casefold() if isinstance(value, str) else value


def _text(value: Json) -> str:
    """Return a value as a reader of JSON knows it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "…"


def _some(ids: Collection[str]) -> str:
    listed = list(ids)
    return f"{listed}" if len(listed) <= 4 else f"{listed[:4]} and {len(listed) - 4} more"

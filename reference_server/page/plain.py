"""The plain server's view: the users and groups of one tenant, for whoever has its token."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from reference_server.access import Access
from reference_server.authentication import Credential
from reference_server.authentication import Gate
from reference_server.messages import Json
from reference_server.presenter import Presenter
from reference_server.projection import projection
from reference_server.schemas import ResourceType
from reference_server.store import Record
from reference_server.store import Store

from .views import Facts
from .views import Group
from .views import Listing
from .views import Member
from .views import Outcome
from .views import Person
from .views import Refusal
from .views import Section
from .views import Status

_NAMES = 12  # of groups beside a person, and of members beside a group
# Members are counted one by one: so many of a group, and so many for one answer.
_COUNTED = 1_000
_COUNTED_AT_ONCE = 5_000
_SHOWN_MEMBERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holder(Member):
    """A member who came in by a credential, and stays for as long as that lasts."""

    credential: Credential


class PlainView:
    """What the page shows of a server that is no product."""

    secret_label = "Token"  # noqa: S105 - the word on the form

    def __init__(
        self,
        store: Store,
        kinds: Sequence[ResourceType],
        gate: Gate,
        *,
        base_path: str,
        tenant: str,
    ) -> None:
        self._store = store
        self._people = next((each for each in kinds if each.shows_groups), None)
        self._groups = next((each for each in kinds if each.keeps_members), None)
        self._gate = gate
        self._presenter = Presenter(store, base_path)
        self.title = "SCIM server" if tenant == "default" else f"Tenant {tenant}"
        self.subtitle = base_path or "/"

    def sign_in(self, secret: str) -> Member | None:
        """Let in who has a credential that may read; one for a single user shows nobody else."""
        found = self._gate.entry(secret)
        if found is None or found.access is Access.OWN:
            return None
        name = {"basic": found.user}.get(found.kind) or f"{found.kind} credential"
        reads = found.access is Access.READ
        role = "may read" if reads else ""
        return _Holder(id=name, name=name, role=role, credential=found)

    def is_in(self, member: Member) -> bool:
        """Tell whether the credential has not expired."""
        return isinstance(member, _Holder) and self._gate.is_good(member.credential)

    def secrets(self) -> Sequence[str]:
        """Return the tokens and passwords of the server."""
        return self._gate.secrets

    def people(self, _member: Member, start: int, count: int) -> Listing[Person]:
        """Return users, the last created first."""
        with self._store.reading():
            total, found = self._newest(self._people, start, count)
            return Listing(total, tuple(map(self._person, found)))

    def groups(self, _member: Member, start: int, count: int) -> Listing[Group]:
        """Return groups, the last created first."""
        with self._store.reading():
            total, found = self._newest(self._groups, start, count)
            rows: list[Group] = []
            left = _COUNTED_AT_ONCE
            for each in found:
                rows.append(self._group(each, min(_COUNTED, max(_NAMES, left))))
                left -= rows[-1].size
            return Listing(total, tuple(rows))

    def record(self, _member: Member, identifier: str) -> Json:
        """Return a resource as a client would read it, with the first of its members."""
        with self._store.reading():
            found = self._store.find(identifier)
            if found is None:
                return None
            shown = self._presenter.show(found, projection(found.kind, None, None), members=False)
            if found.kind.keeps_members:
                members = islice(self._store.members(found.id), _SHOWN_MEMBERS)
                shown["members"] = [self._presenter.entry(each) for each in members]
            return shown

    def settings(self, _member: Member, _origin: str) -> Sequence[Section]:
        """Return nothing: options and files say how a plain server behaves."""
        return ()

    def act(self, _member: Member, action: str, _origin: str) -> Outcome:
        """Do nothing: there are no actions."""
        raise Refusal(f"There is no action {action!r:.100} here.")

    def _newest(
        self, kind: ResourceType | None, start: int, count: int
    ) -> tuple[int, Sequence[Record]]:
        if kind is None:
            return 0, ()
        total = self._store.count(kind)
        first = max(0, total - start - count)
        wanted = max(0, total - start - first)
        return total, tuple(islice(self._store.scan(kind, first), wanted))[::-1]

    def _person(self, record: Record) -> Person:
        attributes = record.attributes
        groups = islice(self._store.groups_of(record.id), _NAMES)
        active = attributes.get("active", True)
        return Person(
            id=record.id,
            name=_text(attributes.get("userName")),
            display=_display(record),
            email=_email(attributes.get("emails")),
            status=Status.INACTIVE if active is False else Status.ACTIVE,
            groups=tuple(each.display or each.id for each in groups),
            facts=_facts(record),
        )

    def _group(self, record: Record, most: int) -> Group:
        members = list(islice(self._store.members(record.id), most + 1))
        return Group(
            id=record.id,
            name=record.display or record.id,
            size=min(len(members), most),
            or_more=len(members) > most,
            members=tuple(each.display or each.id for each in members[:_NAMES]),
        )


def _display(record: Record) -> str:
    """Return what somebody is called: the display name, else what their name is made of."""
    name = record.attributes.get("name")
    parts = name if isinstance(name, dict) else {}
    whole = [_text(parts.get("givenName")), _text(parts.get("familyName"))]
    candidates = (record.attributes.get("displayName"), parts.get("formatted"))
    given = next((each for each in map(_text, candidates) if each), "")
    return given or " ".join(each for each in whole if each)


def _email(emails: Json) -> str:
    """Return the primary address, else the first."""
    found = [each for each in emails if isinstance(each, dict)] if isinstance(emails, list) else []
    found.sort(key=lambda each: each.get("primary") is not True)
    return _text(found[0].get("value")) if found else ""


def _facts(record: Record) -> Facts:
    attributes = record.attributes
    shown = (("title", "title"), ("time zone", "timezone"))
    return tuple(pair for label, name in shown for pair in _named(label, attributes.get(name)))


def _named(label: str, value: Json) -> Iterator[tuple[str, str]]:
    if value and isinstance(value, str):
        yield label, value


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""

"""Import users from this app: page after page, and what the console makes of each user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.asking import ask
from idp_profiles.asking import object_of
from idp_profiles.model import Json
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.wire import is_integer
from idp_profiles.wire import member

from .console import IMPORT
from .console import Complaint
from .org import Org
from .shapes import checked
from .steps import step


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import brought: new users, addresses that were known, what was wrong with some."""

    users: tuple[dict[str, Json], ...] = ()
    known: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(slots=True)
class Imports:
    """The verb that reads; what it found is kept in `result`."""

    org: Org
    result: ImportResult = field(default_factory=ImportResult)

    def users(self, known_emails: Iterable[str]) -> Script:
        """Read all users; only those whose e-mail address is new are imported, none is updated."""
        found: list[dict[str, Json]] = []
        errors: list[str] = []
        complaint, read, total = Complaint(IMPORT), 0, 1
        while read < total:
            request = self._page(read + 1)
            reply = yield from ask(request, complaint)
            body = object_of(request, reply, complaint)
            number, page = member(body, "totalResults"), member(body, "Resources")
            if not isinstance(number, int) or not is_integer(number):
                raise complaint.refused(reply, f"totalResults is {number!r}, no whole number")
            total = number
            if not isinstance(page, list) or not page:
                break
            read += len(page)
            users = (item for item in page if isinstance(item, dict))
            found += [checked(user, request, reply, complaint) for user in users]
        if read < total:
            errors.append(f"totalResults is {total}, but only {read} users came")
        self.result = _sorted_out(found, frozenset(known_emails), errors)

    def _page(self, start: int) -> Request:
        first, second = ("startIndex", str(start)), ("count", self.org.switches["import_count"])
        if self.org.switches["import_order"] == "count-first":
            first, second = second, first
        target = self.org.listing("/Users", dict((first, second)))
        return self.org.request("GET", target, step("import", "list users"))


def _sorted_out(
    found: Iterable[dict[str, Json]], known: frozenset[str], errors: list[str]
) -> ImportResult:
    fresh: list[dict[str, Json]] = []
    met: list[str] = []
    for user in found:
        email = _email(user)
        if email in known:
            met.append(email)
        elif "+" in email.partition("@")[0]:
            # The part before the @ becomes the user name, where a plus sign is not allowed.
            errors.append(f"the user name of {email!r} would hold a +")
        else:
            fresh.append(user)
    return ImportResult(tuple(fresh), tuple(met), tuple(errors))


def _email(user: dict[str, Json]) -> str:
    emails = member(user, "emails")
    listed = [one for one in emails if isinstance(one, dict)] if isinstance(emails, list) else []
    primary = [one for one in listed if member(one, "primary") is True] or listed
    return str(member(primary[0], "value") if primary else member(user, "userName"))

"""Lists of users as authentik can bear them.

Its discovery breaks at a user who is listed without `emails`, a server of any quality behind it.
Users of the run itself who have none are not held against a server that shows those of others. Nor
is it that other cases of the run delete theirs while a list is read page by page: the pages then
overlap no more.
"""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus

from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from suites.bench import Bench
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.making.people import is_ours
from suites.replay import RecordingSend
from suites.replay import Replay
from suites.values import items


class ShelteringSend(RecordingSend):
    """Gives an empty list of addresses to those of the run's own users who have none.

    Where others came or went while a list was read page by page, its last page is filled up with
    those who moved to an earlier one meanwhile, and with those who were shown before.
    """

    def __init__(self, bench: Bench, journal: Journal) -> None:
        super().__init__(bench.connection, bench.log, journal)
        self._look: ScimClient = bench.client(journal)
        self._bench = bench
        self._made = journal
        self._shown: list[dict[str, Json]] = []  # on the pages so far
        self._totals: list[Json] = []  # as the pages had it

    def __call__(self, request: Request) -> Reply:
        """Send one request; evidence shows the reply as it came."""
        reply = super().__call__(request)
        if request.method != "GET" or not request.target.startswith("/Users"):
            return reply
        users = listed_users(reply)
        shown = [*users, *self._moved(request, reply)]
        bare = [each for each in shown if self._is_bare(each)]
        for each in bare:
            each["emails"] = []
        if not bare and len(shown) == len(users):
            return reply
        return replace(reply, body=json.dumps({**_object(reply), "Resources": [*shown]}).encode())

    def _moved(self, request: Request, reply: Reply) -> list[dict[str, Json]]:
        """Return whom to show on a page besides those of the reply."""
        users, total = listed_users(reply), _object(reply).get("totalResults")
        if "startIndex=" not in request.target:
            self._shown, self._totals = [], []
        self._totals.append(total)
        is_first, is_last = not self._shown, self._is_last(users, total)
        self._shown += users
        known = {each.get("id") for each in self._shown}
        if (
            is_first
            or not is_last
            or (len(set(map(str, self._totals))) == 1 and self._own <= known)
        ):
            return []
        more = [each for each in self._everybody() if each.get("id") not in known]
        lacking = self._first - len(self._shown) - len(more)
        # Whoever was seen already changes nothing by being seen again.
        again = self._shown * (lacking // len(self._shown) + 1)
        return [*more, *again[: max(0, lacking)]]

    @property
    def _first(self) -> int:
        """How many there were when the first page was read."""
        total = self._totals[0]
        return total if isinstance(total, int) else 0

    @property
    def _own(self) -> set[Json]:
        """The users of the case itself."""
        return {each.id for each in self._made.items if each.kind == "Users" and each.id}

    def _is_last(self, users: list[dict[str, Json]], total: Json) -> bool:
        """Tell whether a page is the last that is asked for, or that holds anybody."""
        read = len(self._shown) + len(users)
        return read >= self._first or not users or (isinstance(total, int) and read >= total)

    def _everybody(self) -> list[dict[str, Json]]:
        """Return the users as the independent client finds them."""
        found: list[dict[str, Json]] = []
        while True:
            page = self._look.send("GET", f"/Users?startIndex={len(found) + 1}").object()
            users, total = items(page.get("Resources")), page.get("totalResults")
            found += [each for each in users if isinstance(each, dict)]
            if not users or not isinstance(total, int) or len(found) >= total:
                return found

    def _is_bare(self, user: dict[str, Json]) -> bool:
        if not lacks_emails(user) or not is_ours(str(user.get("userName"))):
            return False
        if never_shows_emails(self._bench):
            return False
        user_id = str(user.get("id"))

        def read(log: CaseLog) -> bool:
            look = self._bench.client(self._bench.shared.journal, log)
            return lacks_emails(look.user(user_id).object())

        # Many lists show the same users.
        return self._bench.shared.quietly(f"bare {user_id}", self._bench.log, read)


def sheltered(replay: Replay, bench: Bench, journal: Journal) -> Replay:
    """Return a fresh mock authentik of the same setup that bears the run's own users."""
    return Replay(replay.setup, bench.connection, bench.log, ShelteringSend(bench, journal))


def never_shows_emails(bench: Bench) -> bool:
    """Tell whether the server shows none of a user who is created with an address; tried once."""

    def ask(log: CaseLog) -> bool:
        look = bench.client(bench.shared.journal, log)
        reply = look.create_user(bench.registry(f"{bench.worker}: a user with emails").person())
        if reply.status != HTTPStatus.CREATED:
            return False
        look.settle()
        seen = look.user(str(reply.object().get("id")))
        return seen.status == HTTPStatus.OK and lacks_emails(seen.object())

    return bench.shared.quietly("authentik shown emails", bench.log, ask)


def listed_users(reply: Reply) -> list[dict[str, Json]]:
    """Return the resources of a list, none where the reply is no list."""
    try:
        return _objects(reply.json())
    except ValueError:
        return []


def lacks_emails(user: dict[str, Json]) -> bool:
    """Tell whether a user is shown without any `emails`, not even an empty list."""
    return not isinstance(user.get("emails"), list)


def _object(reply: Reply) -> dict[str, Json]:
    try:
        shown = reply.json()
    except ValueError:
        return {}
    return shown if isinstance(shown, dict) else {}


def _objects(shown: Json) -> list[dict[str, Json]]:
    found = shown.get("Resources") if isinstance(shown, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

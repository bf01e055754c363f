"""Lists of users as authentik can bear them.

Its discovery breaks at a user who is listed without `emails`, a server of any quality behind it.
Users of the run itself who have none are not held against the server.
"""

from __future__ import annotations

import json
from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from suites.bench import Bench
from suites.client import ScimClient
from suites.journal import Journal
from suites.people import is_ours
from suites.replay import RecordingSend
from suites.replay import Replay


class ShelteringSend(RecordingSend):
    """Gives an empty list of addresses to those of the run's own users who have none."""

    def __init__(self, bench: Bench, journal: Journal) -> None:
        super().__init__(bench.connection, bench.log, journal)
        self._look: ScimClient = bench.client(journal)

    def __call__(self, request: Request) -> Reply:
        """Send one request; evidence shows the reply as it came."""
        reply = super().__call__(request)
        if request.method != "GET" or not request.target.startswith("/Users"):
            return reply
        users = [each for each in listed_users(reply) if self._is_bare(each)]
        if not users:
            return reply
        shown = reply.json()
        bare = {user.get("id") for user in users}
        for each in _objects(shown):
            if each.get("id") in bare:
                each["emails"] = []
        return replace(reply, body=json.dumps(shown).encode())

    def _is_bare(self, user: dict[str, Json]) -> bool:
        if not lacks_emails(user) or not is_ours(str(user.get("userName"))):
            return False
        return lacks_emails(self._look.user(str(user.get("id"))).object())


def sheltered(replay: Replay, bench: Bench, journal: Journal) -> Replay:
    """Return a fresh mock authentik of the same setup that bears the run's own users."""
    return Replay(replay.setup, bench.connection, bench.log, ShelteringSend(bench, journal))


def listed_users(reply: Reply) -> list[dict[str, Json]]:
    """Return the resources of a list, none where the reply is no list."""
    try:
        return _objects(reply.json())
    except ValueError:
        return []


def lacks_emails(user: dict[str, Json]) -> bool:
    """Tell whether a user is shown without any `emails`, not even an empty list."""
    return not isinstance(user.get("emails"), list)


def _objects(shown: Json) -> list[dict[str, Json]]:
    found = shown.get("Resources") if isinstance(shown, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

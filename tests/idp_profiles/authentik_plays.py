"""Brings the sequences of authentik about, and works out which bytes have to arrive.

Nothing here reads the profile: what is expected comes from facts/authentik.json.
"""

# JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from idp_profiles import MockIdp
from idp_profiles.model import Credential
from idp_profiles.model import Group
from idp_profiles.profile import Profile
from idp_profiles.profile import Stage
from idp_profiles.transport import WireSend
from tests.idp_profiles.plays import Caught
from tests.idp_profiles.plays import stage_of
from tests.idp_profiles.sheets import BASE
from tests.idp_profiles.sheets import TOKEN
from tests.idp_profiles.sheets import SheetApp
from tests.idp_profiles.sheets import expected_bytes
from tests.idp_profiles.sheets import id_of

YES = {"supported": True}
CONFIG: dict[str, Any] = {
    "patch": YES,
    "bulk": {"supported": False, "maxOperations": 0},
    "filter": YES,
    "changePassword": YES,
    "sort": YES,
    "authenticationSchemes": [],
}
LATER = {"name": "Zoë Fämily2748", "nameBeforeBlank": "Zoë"}


@dataclass(frozen=True, kw_only=True)
class Play:
    """Which steps of a sequence are seen, with what variables, switches and refusals."""

    moves: tuple[int, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class App(SheetApp):
    """Answers in JSON, with the features of a server and the members of a group.

    `refusing` holds the statuses with which the next requests of a kind are refused.
    """

    def __init__(self) -> None:
        super().__init__()
        self.config = CONFIG
        self.refusing: dict[str, list[int]] = {}

    def refuse(self, statuses: Mapping[str, tuple[int, ...]]) -> None:
        """Refuse the next requests of a kind with these statuses."""
        self.refusing = {what: list(refused) for what, refused in statuses.items()}

    def _answer(self, method: str, path: str, query: str, body: dict[str, Any]) -> tuple[int, Any]:
        collection, _, resource = path.removeprefix("/").partition("/")
        if collection == "ServiceProviderConfig":
            return 200, self.config
        if collection == "ServiceProviderConfigs":
            # The plural of Salesforce mode: hardly any server has it.
            return 404, None
        statuses = self.refusing.get(f"{method} /{collection}")
        if statuses:
            return statuses.pop(0), {"detail": "no"}
        if method == "PATCH":
            return 200, self._patched(self.groups[resource], body["Operations"])
        if collection == "Groups" and method == "GET" and resource:
            return 200, {"members": [], **self.groups[resource]}
        return super()._answer(method, path, query, body)

    def _patched(self, group: dict[str, Any], operations: list[Any]) -> dict[str, Any]:
        for operation in operations:
            members = group.setdefault("members", [])
            if operation.get("path") == "members":
                gone = [one for one in members if one not in operation["value"]]
                added = operation["value"] if operation["op"] == "add" else []
                group["members"] = gone + added
        return group


def play(
    profile: Profile[Any], sequence_id: str, dialect: str, given: Play, listen: Callable[..., Any]
) -> Caught:
    """Play a scenario in a dialect against a raw socket and return what arrived."""
    app = App()
    listener = listen(app)
    scenario = profile.scenarios[sequence_id]
    # Quotes in a name are never escaped, which no server survives; that has a test of its own.
    stage = replace(stage_of({}), group=Group("Team & Co", idp_id="64"))
    idp = profile.start(
        dialect=dialect, credential=Credential("bearer", TOKEN), switches=given.switches
    )
    with WireSend(listener.url + BASE) as send:
        mock = MockIdp(idp, send, sleep=lambda seconds: None)
        for script in scenario.arrange(idp, stage):
            outcome = mock.run("", script)
            assert outcome.ok, outcome.console
        listener.caught.clear()
        app.refuse(given.refused)
        outcome = mock.run(sequence_id, scenario.act(idp, stage))
        assert scenario.reached(outcome), outcome.console
    return Caught(list(listener.caught), f"127.0.0.1:{listener.port}", stage)


def expected(sequence: dict[str, Any], given: Play, caught: Caught) -> list[bytes]:
    """Return the bytes that the sequence says, with the variables of this play."""
    told = {**variables(caught.stage), **given.variables}
    steps = [sequence["steps"][number] for number in given.moves]
    return [spaced(expected_bytes(step, told, caught.host, blank="+")) for step in steps]


def variables(stage: Stage) -> dict[str, Any]:
    person, first = stage.person, stage.people
    return {
        "token": TOKEN,
        "userName": person.user_name,
        "name": person.display_name,
        "nameBeforeBlank": person.given_name,
        "nameAfterBlank": person.family_name,
        "email": person.email,
        "uid": hashlib.sha256(person.idp_id.encode()).hexdigest(),
        "scimUserId": id_of(person.user_name),
        "groupName": stage.group.name,
        "groupPk": stage.group.idp_id,
        "scimGroupId": id_of(stage.group.name),
        **{f"member{n}Id": id_of(first[n - 1].user_name) for n in (1, 2, 3)},
    }


def spaced(request: bytes) -> bytes:
    """Return a request whose JSON is written with blanks and in ASCII."""
    head, _, body = request.partition(b"\r\n\r\n")
    if not body:
        return request
    again = json.dumps(json.loads(body)).encode()
    length = f"Content-Length: {len(body)}".encode()
    return head.replace(length, f"Content-Length: {len(again)}".encode()) + b"\r\n\r\n" + again

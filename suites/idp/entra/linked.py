"""People with accounts that Entra is going to update, and what a plain update comes to.

A job without the flag capitalises its operations, and every job needs GET by id and PATCH. Whoever
refuses those refuses every update: they are tried once, so that no other case is to blame for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.making.people import Registry
from suites.replay import Replay
from suites.schemas.definitions import Definitions
from suites.values import same_but_for_case
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import hire

CAPITALS = "ENTRA-UPDATE-3"
READING = "ENTRA-UPDATE-2"
# The scenarios that show how each job sends one attribute, and several.
ONE = {"default": "incremental-update-known-user", "flag": "update-many-flag"}
MANY = {"default": "update-many-default", "flag": "update-many-flag"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A single-valued text of a user: SCIM path, the directory's attribute, and two values."""

    path: str
    source: str
    old: str
    new: str


_PLAIN = (
    Plain("title", "jobTitle", "Engineer", "Architect"),
    Plain("nickName", "nickName", "Babs", "Barbie"),
    Plain("preferredLanguage", "preferredLanguage", "en-GB", "de-DE"),
)


def plain_attributes(definitions: Definitions, count: int = 1) -> tuple[Plain, ...]:
    """Return single-valued texts that the server's users have; raises NotOffered for too few."""
    offered: tuple[Plain, ...] = _PLAIN
    if definitions.known:
        named = ((each, definitions.attribute(each.path)) for each in _PLAIN)
        offered = tuple(each for each, found in named if found is not None and found.writable)
    if len(offered) < count:
        wanted = ", ".join(each.path for each in _PLAIN)
        raise NotOffered(f"the server's users have less than {count} of {wanted}")
    return offered[:count]


def extended(**values: Json) -> dict[str, Json]:
    """Return what a create says besides to give a user values in the enterprise extension."""
    return {"schemas": [USER_URN, ENTERPRISE_URN], ENTERPRISE_URN: {**values}}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a plain update came to; `lowered` says that it works with a small letter only."""

    account: Account
    attribute: Plain
    outcome: Outcome
    done: bool
    lowered: bool

    @property
    def asked(self) -> str:
        """The method of Entra's last request."""
        return self.outcome.exchanges[-1].request.method if self.outcome.exchanges else ""


def tried(entra: Replay, bench: Bench, people: Registry) -> Trial:
    """Return what the update of one plain attribute comes to; tried once for each dialect."""

    def make() -> Trial:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        (attribute,) = plain_attributes(bench.definitions())
        person = replace(people.person(), attributes={attribute.source: attribute.old})
        made = hire(maker, client, person, **{attribute.path: attribute.old})
        scenario = ONE[entra.setup.dialect]
        outcome = maker.mock.update(person, scenario, **{attribute.source: attribute.new})
        done = outcome.ok and _shown(client, made, attribute)
        lowered = not done and not outcome.trouble and _with_small_letters(client, made, outcome)
        lowered = lowered and _shown(client, made, attribute)
        return Trial(made, attribute, outcome, done, lowered)

    return bench.shared.once(f"entra-plain-update-{entra.setup.dialect}", bench.log, make)


def require(entra: Replay, trial: Trial) -> None:
    """Raise Blocked where no update gets through, pointing at the requirement that judges why."""
    if trial.lowered:
        reason = "an operation is carried out in small letters only"
        raise Blocked(reason, by=CAPITALS, entry=entra.last_entry())
    if not trial.outcome.ok and trial.asked == "GET":
        raise Blocked("a user is not read by id", by=READING, entry=entra.last_entry())
    entra.arranged(trial.outcome, "update")


def _shown(client: ScimClient, made: Account, attribute: Plain) -> bool:
    client.settle()
    return same_but_for_case(value_at(client.user(made.id).object(), attribute.path), attribute.new)


def _with_small_letters(client: ScimClient, made: Account, outcome: Outcome) -> bool:
    """Send the PATCH that had no effect once more, its operations in small letters."""
    last = outcome.exchanges[-1].request
    if last.method != "PATCH":
        return False
    body = json.loads(last.body or b"{}")
    small: list[Json] = [{**each, "op": each["op"].lower()} for each in body["Operations"]]
    if small == body["Operations"]:
        return False
    reply = client.send("PATCH", f"/Users/{made.id}", body={**body, "Operations": small})
    return reply.status in (200, 204)

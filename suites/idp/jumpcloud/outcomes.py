"""What a run of the mock JumpCloud came to, step by step, and which requirement judges each step.

One run serves many cases: each judges one step or one peculiarity, and is blocked by the
requirement of whatever kept the run from getting there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from idp_profiles.model import Reply
from suites.client import USER_URN
from suites.client import ScimClient
from suites.client import Seen
from suites.evidence import Entry
from suites.expect import Expectation
from suites.expect import expect
from suites.expect import value_at
from suites.replay import Replay
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

Body: TypeAlias = dict[str, Json]
LeaveOut: TypeAlias = Callable[[Body], object]

# Who judges a step that was refused.
# What the test user has to get past; it is refused for what it lacks at either.
_OF_THE_TEST_USER = ("create the test user", "replace the test user")
JUDGES = {
    "look up the test user": "JUMPCLOUD-CONN-1",
    "create the test user": "JUMPCLOUD-CONN-3",
    "read the test user": "JUMPCLOUD-CONN-6",
    "replace the test user": "JUMPCLOUD-CONN-7",
    "delete the test user": "JUMPCLOUD-CONN-10",
    "deactivate the test user": "JUMPCLOUD-CONN-10",
    "look up the test group": "JUMPCLOUD-GROUP-1",
    "create the test group": "JUMPCLOUD-CONN-13",
    "update the test group": "JUMPCLOUD-CONN-14",
    "delete the test group": "JUMPCLOUD-CONN-15",
    "look up the user": "JUMPCLOUD-CREATE-1",
    "create the user": "JUMPCLOUD-CREATE-3",
    "read the user": "JUMPCLOUD-UPDATE-1",
    "replace the user": "JUMPCLOUD-UPDATE-1",
    "deactivate the user": "JUMPCLOUD-DEACT-1",
    "reactivate the user": "JUMPCLOUD-DEACT-6",
    "delete the user": "JUMPCLOUD-DELETE-1",
    "look up the group": "JUMPCLOUD-GROUP-1",
    "create the group": "JUMPCLOUD-GROUP-2",
    "add members": "JUMPCLOUD-MEMBER-1",
    "remove members": "JUMPCLOUD-MEMBER-4",
    "replace the group": "JUMPCLOUD-MEMBER-5",
    "rename the group": "JUMPCLOUD-GROUP-6",
    "delete the group": "JUMPCLOUD-GROUP-7",
    "list users": "JUMPCLOUD-IMPORT-1",
}
# Who judges a reply that has an accepted status and cannot be used all the same.
UNREADABLE = {
    "look up the test user": "JUMPCLOUD-CONN-2",
    "create the test user": "JUMPCLOUD-CONN-4",
    "read the test user": "JUMPCLOUD-CONN-5",
    "create the user": "JUMPCLOUD-CREATE-4",
}
# What a create and a PUT have that a server may not be used to, and the same body without it.
PECULIAR_CREATE: Mapping[str, LeaveOut] = {
    "phoneNumbers": lambda body: body.pop("phoneNumbers", None),
    "addresses": lambda body: body.pop("addresses", None),
    "languages": lambda body: (body.pop("locale", None), body.pop("preferredLanguage", None)),
    "externalId": lambda body: body.pop("externalId", None),
    "extension": lambda body: body.update(schemas=[USER_URN]),
}
PECULIAR_PUT: Mapping[str, LeaveOut] = {
    "id": lambda body: body.pop("id", None),
    "order": lambda body: body["schemas"].reverse(),  # type: ignore[union-attr]  # it sends an array
    "arrays": lambda body: [body.pop(name) for name in [*body] if body[name] == []],
}
NULL_EMAILS: Mapping[str, LeaveOut] = {"emails": lambda body: body.pop("emails", None)}
# Who judges each of them.
CULPRITS = {
    "phoneNumbers": "JUMPCLOUD-CREATE-8",
    "extension": "JUMPCLOUD-CREATE-9",
    "languages": "JUMPCLOUD-CREATE-10",
    "externalId": "JUMPCLOUD-CREATE-11",
    "addresses": "JUMPCLOUD-CREATE-12",
    "id": "JUMPCLOUD-UPDATE-2",
    "order": "JUMPCLOUD-UPDATE-3",
    "arrays": "JUMPCLOUD-UPDATE-4",
    "emails": "JUMPCLOUD-CONN-8",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A run about one person, with its `last` exchange.

    `culprit` is the peculiarity of a body that a write was refused for, where one is known.
    `before` is what the server showed, in the exchange `shown`, just before the `removal` of what
    was made, and `left` what it showed after it: a later run may get the same id.
    """

    outcome: Outcome
    person: Person
    id: str = ""
    last: Entry | None = None
    culprit: str | None = None
    before: Body = field(default_factory=dict)
    shown: Entry | None = None
    removal: Outcome | None = None
    left: Seen | None = None


def last_step(outcome: Outcome) -> str:
    """Return the name of the step at which a run stopped, or an empty text.

    Where one task follows another although that one stopped, it is the first that was refused.
    """
    if outcome.ok or not outcome.exchanges:
        return ""
    steps = [(each.request.step, each.reply) for each in outcome.exchanges]
    refused = [step for step, reply in steps if reply and reply.status not in step.accepts]
    return (refused[0] if refused else steps[-1][0]).name


def reply_to(outcome: Outcome, step: str) -> Reply | None:
    """Return the reply to a step, None where there was none."""
    found = [each.reply for each in outcome.exchanges if each.request.step.name == step]
    return found[0] if found else None


def body_of(reply: Reply | None) -> Json:
    """Return the JSON of a reply, None where it is none."""
    try:
        return None if reply is None else reply.json()
    except (ValueError, RecursionError):
        return None


def id_from(outcome: Outcome, step: str) -> str:
    """Return the id that the reply to a create holds, as a text, empty where there is none."""
    return str(value_at(body_of(reply_to(outcome, step)), "id") or "")


def accepted(outcome: Outcome, step: str) -> bool:
    """Tell whether a step was answered with a status that JumpCloud goes on after."""
    sent = [each for each in outcome.exchanges if each.request.step.name == step]
    return any(each.reply and each.reply.status in each.request.step.accepts for each in sent)


def blocked(jc: Replay, run: Trial | Outcome) -> Blocked | NotOffered:
    """Return the reason why a case cannot judge a run that stopped before.

    The test user is always the same: no mapping gives it what a server wants beyond that.
    """
    outcome, last, culprit = _parts(run)
    step = last_step(outcome)
    if jc.setup.wishes and culprit is None and step in _OF_THE_TEST_USER:
        wanted = ", ".join(jc.setup.wishes)
        return NotOffered(
            f"the test user is refused, and cannot be given what the target file says that this "
            f"server wants of every user ({wanted})"
        )
    judges = {**JUDGES, **UNREADABLE} if accepted(outcome, step) else JUDGES
    by = CULPRITS[culprit] if culprit else judges.get(step)
    why = outcome.stopped.because if outcome.stopped else outcome.console
    reason = f"JumpCloud stopped before ({step or 'at once'}): {why}"
    return Blocked(reason, by=by, entry=last or jc.entry_of(outcome))


def judged(jc: Replay, run: Trial | Outcome) -> None:
    """Judge a whole run: a mismatch where it stopped, which the exchange of that step shows."""
    __tracebackhide__ = True
    outcome, last, _ = _parts(run)
    try:
        jc.judged(outcome)
    except Mismatch as mismatch:
        mismatch.entry = last or mismatch.entry
        raise


def through(jc: Replay, run: Trial | Outcome) -> None:
    """Take a run whose effect is judged; raises Blocked where it stopped."""
    if not jc.watched(_parts(run)[0]).ok:
        raise blocked(jc, run)


def passed(jc: Replay, run: Trial | Outcome, *steps: str) -> None:
    """Judge some steps of a run: a mismatch where it stopped at one, Blocked where before them."""
    __tracebackhide__ = True
    outcome = jc.watched(_parts(run)[0])
    if last_step(outcome) in steps:
        judged(jc, run)
    if not outcome.ok and not any(reply_to(outcome, step) for step in steps):
        raise blocked(jc, run)


def _parts(run: Trial | Outcome) -> tuple[Outcome, Entry | None, str | None]:
    return (run.outcome, run.last, run.culprit) if isinstance(run, Trial) else (run, None, None)


def understood(found: Seen, *, by: str) -> Expectation:
    """Begin an expectation about a search; Blocked where it was refused, which a server may do."""
    if 400 <= found.status < 600 and found.status != 404:
        reason = f"the search was answered {found.status}"
        raise Blocked(reason, by=by, entry=found.entry)
    return expect(found)


def find_culprit(
    client: ScimClient, outcome: Outcome, peculiar: Mapping[str, LeaveOut]
) -> str | None:
    """Return what a write was refused for: without it the same write succeeds; None if unknown."""
    step = last_step(outcome)
    reply = outcome.exchanges[-1].reply if step else None
    request = outcome.exchanges[-1].request if step else None
    if request is None or request.body is None or reply is None or reply.status < 400:
        return None
    for name, leave_out in peculiar.items():
        body = json.loads(request.body)
        leave_out(body)
        if client.send(request.method, request.target, body=body).status in (200, 201, 204):
            return name
    return None

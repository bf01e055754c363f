"""Histories that went wrong, played for real: each is a server's fault and what the log shows."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from idp_profiles.model import Certainty
from idp_profiles.model import Exchange
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Send
from tests.idp_profiles.diagnosis.faults import BUSY
from tests.idp_profiles.diagnosis.faults import GATEWAY
from tests.idp_profiles.diagnosis.faults import Lossy
from tests.idp_profiles.diagnosis.faults import Swap
from tests.idp_profiles.diagnosis.faults import read_by_support
from tests.idp_profiles.diagnosis.logs import TOKEN
from tests.idp_profiles.diagnosis.logs import Scene
from tests.idp_profiles.diagnosis.logs import played
from tests.idp_profiles.diagnosis.logs import scene
from tests.idp_profiles.diagnosis.logs import server

Exchanges = Sequence[Exchange]

OTHER = "the-next-t0ken"  # what the server takes after a rotation


@dataclass(frozen=True, kw_only=True)
class History:
    """One history: how it comes about, and the cause that each kind of log shows.

    An access log has no bodies: what it cannot show is None.
    """

    name: str
    idp: str
    play: Callable[[], Exchanges]
    har: str
    access: str | None
    step: str


_JOINS = {"okta": "assign", "entra": "assign", "jumpcloud": "bind"}
_LEAVES = {"okta": "deactivate", "entra": "unassign", "jumpcloud": "unbind"}


def assign(made: Scene, person: Person) -> None:
    """Give somebody the application, as the IdP calls it."""
    getattr(made.mock, _JOINS[made.name])(person)


def _scenario(idp: str, scenario_id: str, *deviations: str) -> Callable[[], Exchanges]:
    return lambda: played(idp, scenario_id, *deviations).mock.exchanges


def _invisible(idp: str, *deviations: str) -> Exchanges:
    """Assign, take away, forget the link (as after a restart of the job), and assign again."""
    first = scene(idp, *deviations)
    person = first.stage.person
    assign(first, person)
    getattr(first.mock, _LEAVES[idp])(person)
    again = scene(idp, send=first.send)
    assign(again, person)
    return (*first.mock.exchanges, *again.mock.exchanges)


def _lost_reply(idp: str) -> Exchanges:
    made = scene(idp, send=Lossy(server("searches-lag")))
    assign(made, made.stage.person)
    assign(made, made.stage.person)
    return made.mock.exchanges


def _swapped(idp: str, then: Send, after: int = 2) -> Exchanges:
    made = scene(idp, send=Swap(server(), then, after))
    for person in made.stage.people[:3]:
        assign(made, person)
    return made.mock.exchanges


def _emptied(idp: str, scenario_id: str) -> Exchanges:
    made = scene(idp, "member-remove-overlooks-value")
    made.play(scenario_id)
    group = next(e for e in made.mock.exchanges if e.request.target.startswith("/Groups/"))
    target = group.request.target.partition("?")[0]
    # The members before the removal are known from what was added; support looks afterwards.
    return (*made.mock.exchanges, read_by_support(made.send, target))


def _changed_and_disabled() -> Exchanges:
    made = scene("entra", "active-text-refused")
    made.play("incremental-update-known-user")
    made.play("disable-user-default")
    return made.mock.exchanges


def _gone() -> Exchanges:
    """Somebody is deleted in the application, behind the back of the IdP."""
    made = scene("okta")
    assign(made, made.stage.person)
    made.mock.update(made.stage.person, given_name="Chloé")
    user_id = made.mock.idp.user_id(made.stage.person)
    step = Step("delete", Certainty.DOC, ())
    headers = (("Authorization", f"Bearer {TOKEN}"),)
    made.send(Request("DELETE", f"/Users/{user_id}", headers, None, step))
    made.mock.update(made.stage.person, given_name="Zoë")
    return made.mock.exchanges


HISTORIES = (
    History(
        name="404-for-nobody-entra",
        idp="entra",
        play=_scenario("entra", "create-user", "empty-search-404"),
        har="lookup-404",
        access="lookup-404",
        step="look up the user",
    ),
    History(
        name="404-for-nobody-jumpcloud",
        idp="jumpcloud",
        play=_scenario("jumpcloud", "provision-new", "empty-search-404"),
        har="lookup-404",
        access="lookup-404",
        step="look up the user",
    ),
    History(
        name="204-for-nobody-entra",
        idp="entra",
        play=_scenario("entra", "create-user", "empty-search-204"),
        har="lookup-without-body",
        access="lookup-without-body",
        step="look up the user",
    ),
    History(
        name="false-as-text-entra",
        idp="entra",
        play=_changed_and_disabled,
        har="text-boolean",
        access="text-boolean",
        step="disable the user",
    ),
    History(
        name="capital-ops-entra",
        idp="entra",
        play=_scenario("entra", "rename-username", "patch-op-must-be-lower-case"),
        har="capital-ops",
        access="change-refused",
        step="update the user",
    ),
    History(
        name="inactive-users-hidden-okta",
        idp="okta",
        play=lambda: _invisible("okta", "filter-hides-inactive"),
        har="invisible-after-disable",
        access="invisible-after-disable",
        step="create the user",
    ),
    History(
        name="inactive-users-hidden-jumpcloud",
        idp="jumpcloud",
        play=lambda: _invisible("jumpcloud", "filter-hides-inactive"),
        har="invisible-after-disable",
        access="invisible-after-disable",
        step="create the user",
    ),
    History(
        name="deactivation-deletes-okta",
        idp="okta",
        play=lambda: _invisible("okta", "deactivate-deletes"),
        har="gone-after-disable",
        # Two creates for one look-up is all that a log without bodies has of it.
        access=None,
        step="create the user",
    ),
    History(
        name="lost-reply-okta",
        idp="okta",
        play=lambda: _lost_reply("okta"),
        har="lost-reply",
        access="lost-reply",
        step="create the user",
    ),
    History(
        name="lost-reply-entra",
        idp="entra",
        play=lambda: _lost_reply("entra"),
        har="lost-reply",
        access="lost-reply",
        step="create the user",
    ),
    History(
        name="twins-entra",
        idp="entra",
        play=lambda: _twins("entra"),
        har="twin",
        access="twin",
        step="create the user",
    ),
    History(
        name="twins-jumpcloud",
        idp="jumpcloud",
        play=lambda: _twins("jumpcloud"),
        har="twin",
        access="twin",
        step="create the user",
    ),
    History(
        name="token-rotated-okta",
        idp="okta",
        play=lambda: _swapped("okta", server(token=OTHER)),
        har="credentials-rotated",
        access="credentials-rotated",
        step="look up the user",
    ),
    History(
        name="token-wrong-entra",
        idp="entra",
        play=lambda: _swapped("entra", server(token=OTHER), 0),
        har="credentials-wrong",
        access="credentials-wrong",
        step="look up the user",
    ),
    History(
        name="token-wrong-with-web-page-jumpcloud",
        idp="jumpcloud",
        play=lambda: _swapped("jumpcloud", server("unauthorized-as-html", token=OTHER), 0),
        har="credentials-wrong",
        access="credentials-wrong",
        step="look up the user",
    ),
    History(
        name="patch-not-offered-okta",
        idp="okta",
        play=_scenario("okta", "deactivate-user-oin", "patch-refused-501"),
        har="method-refused",
        access="method-refused",
        step="deactivate the user",
    ),
    History(
        name="put-not-offered-jumpcloud",
        idp="jumpcloud",
        play=_scenario("jumpcloud", "update", "put-refused-501"),
        har="method-refused",
        access="method-refused",
        step="replace the user",
    ),
    History(
        name="deactivation-ignored-okta",
        idp="okta",
        play=_scenario("okta", "deactivate-user-oin", "deactivate-ignored"),
        har="disable-ignored",
        access=None,
        step="deactivate the user",
    ),
    History(
        name="group-emptied-jumpcloud",
        idp="jumpcloud",
        play=lambda: _emptied("jumpcloud", "group-member-remove"),
        har="group-emptied",
        access=None,
        step="remove members",
    ),
    History(
        name="group-emptied-entra",
        idp="entra",
        play=lambda: _emptied("entra", "group-remove-member-default"),
        har="group-emptied",
        access=None,
        step="remove members",
    ),
    History(
        name="created-with-200-okta",
        idp="okta",
        play=_scenario("okta", "create-user", "create-answers-200"),
        har="create-not-201",
        access="create-not-201",
        step="create the user",
    ),
    History(
        name="created-without-id-okta",
        idp="okta",
        play=_scenario("okta", "create-user", "create-without-id"),
        har="create-unreadable",
        access=None,
        step="create the user",
    ),
    History(
        name="created-under-another-id-okta",
        idp="okta",
        play=_scenario("okta", "update-profile", "create-id-differs"),
        har="create-lost",
        access="gone",
        step="read the user",
    ),
    History(
        name="counts-as-text-okta",
        idp="okta",
        play=_scenario("okta", "test-credentials", "list-counts-as-strings"),
        har="list-malformed",
        access=None,
        step="probe users",
    ),
    History(
        name="pages-never-end-entra",
        idp="entra",
        play=_scenario("entra", "gallery-pagination", "start-index-ignored"),
        har="page-loop",
        access=None,
        step="read a page",
    ),
    History(
        name="gateway-in-the-way-okta",
        idp="okta",
        play=lambda: _swapped("okta", GATEWAY),
        har="gateway-page",
        access="gateway-page",
        step="look up the user",
    ),
    History(
        name="rate-limit-without-end-okta",
        idp="okta",
        play=lambda: _swapped("okta", BUSY),
        har="rate-limited",
        access="rate-limited",
        step="look up the user",
    ),
    History(
        name="deleted-behind-the-back-okta",
        idp="okta",
        play=_gone,
        har="gone",
        access="gone",
        step="read the user",
    ),
    History(
        name="inactive-users-not-read-entra",
        idp="entra",
        play=lambda: _disabled_and_changed(),
        har="hidden-after-disable",
        access="hidden-after-disable",
        step="read the user",
    ),
)


def _twins(idp: str) -> Exchanges:
    """Two jobs, one after the other, create one person where nobody is ever found."""
    first = scene(idp, "filter-finds-nothing", "duplicates-allowed")
    assign(first, first.stage.person)
    again = scene(idp, send=first.send)
    assign(again, first.stage.person)
    return (*first.mock.exchanges, *again.mock.exchanges)


def _disabled_and_changed() -> Exchanges:
    made = scene("entra", "inactive-hidden-by-id")
    person = made.stage.person
    assign(made, person)
    made.mock.unassign(person)
    made.mock.unassign(person)
    return made.mock.exchanges

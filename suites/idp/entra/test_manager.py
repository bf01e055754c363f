"""Entra's Manager: a reference that comes after the people, as the bare text of an id."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import Expectation
from suites.expect import expect
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import judge_of
from suites.requirements import requirement
from suites.values import is_empty
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Acted
from .conftest import hire

pytestmark = pytest.mark.usefixtures("enterprise_offered")

_MANAGER = f"{ENTERPRISE_URN}:manager"
_NO_PATCH = ("patch-refused-501", "patch-user-refused-501")
_NO_URN = ("patch-urn-path-refused", "patch-urn-path-split-at-dot")
_NO_TEXT = ("manager-text-refused", "manager-text-ignored")


def _staffed(
    form: Replay, look: ScimClient, people: Registry, manager: Account | None = None
) -> Account:
    """Return a new account with a department, and with a manager if there is one."""
    extension: dict[str, Json] = {"department": "Testing", "employeeNumber": "1001"}
    if manager is not None:
        extension["manager"] = {"value": manager.id}
    more: dict[str, Json] = {ENTERPRISE_URN: extension, "schemas": [USER_URN, ENTERPRISE_URN]}
    return hire(form, look, people.person(), **more)


def _known(form: Replay, *accounts: Account) -> Replay:
    """Let a mock Entra know these accounts."""
    for each in accounts:
        form.idp.link(each.person, each.id)
    return form


def _was_taken(outcome: Outcome) -> bool:
    """Tell whether the last request was accepted, though Entra perhaps cannot read the reply."""
    last = outcome.exchanges[-1] if outcome.exchanges else None
    return last is not None and last.reply is not None and last.reply.status in (200, 204)


@pytest.fixture
def managed(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Acted:
    """A person who just got the first of the crew as manager; shared, for cases that read."""

    def make() -> Acted:
        maker = _known(entra.on(bench.shared.journal), crew[0])
        made = _staffed(maker, bench.client(bench.shared.journal), people)
        return Acted(made.person, made.id, maker.mock.set_manager(made.person, crew[0].person))

    return bench.shared.once(f"entra-managed-{entra.setup.dialect}", bench.log, make)


@pytest.fixture
def remanaged(entra: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Acted:
    """A person whose manager just became the second of the crew; shared, for cases that read."""

    def make() -> Acted:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        made = _staffed(_known(maker, *crew[:2]), client, people, crew[0])
        maker.idp.link_manager(made.person, crew[0].person)
        before = client.user(made.id).object()
        outcome = maker.mock.set_manager(made.person, crew[1].person)
        return Acted(made.person, made.id, outcome, before)

    return bench.shared.once(f"entra-remanaged-{entra.setup.dialect}", bench.log, make)


@pytest.fixture
def reporting(
    entra: Replay,
    look: ScimClient,
    people: Registry,
    managed: Acted,
    crew: tuple[Account, ...],
) -> Account:
    """A person with a manager: set by Entra, or else by the create, in the form of the RFC."""
    if _was_taken(managed.outcome):
        return Account(managed.person, managed.id)
    return _staffed(entra, look, people, crew[0])


def _boss_of(user: Json) -> str:
    """Return the id of a user's manager, from its value or its reference; '' for nobody.

    In which form it is shown is judged on its own: a text counts here, and the core attributes.
    """
    manager = value_at(user, _MANAGER) or value_at(user, "manager")
    if isinstance(manager, str):
        return manager
    if not is_empty(value_at(manager, "value")):
        return str(value_at(manager, "value"))
    return unquote(str(value_at(manager, "$ref") or "").rstrip("/").rpartition("/")[2])


def _has_boss(seen: Seen, wanted: str) -> Expectation:
    user = expect(seen).status(200)
    return user.holds(
        lambda: _boss_of(seen.object()) == wanted,
        f"the manager {wanted}" if wanted else "no manager",
        lambda: repr(value_at(seen.object(), _MANAGER)),
    )


def _readable(entra: Replay, managed: Acted) -> Replay:
    """Block the case where Entra stopped at a manager that it cannot read; judged elsewhere."""
    if _was_taken(managed.outcome) and not managed.outcome.ok:
        reason = "the manager was taken, and the reply could not be read"
        raise Blocked(reason, by="ENTRA-MANAGER-5", entry=entra.last_entry())
    return entra


@requirement("ENTRA-MANAGER-1", proof=(*_NO_TEXT, *_NO_URN, *_NO_PATCH, "patch-add-ignored"))
def test_the_text_of_an_id_becomes_the_manager(
    entra: Replay, managed: Acted, look: ScimClient, crew: tuple[Account, ...]
) -> None:
    """An add of the manager as a bare text gives the user that manager."""
    _readable(entra, managed).judged(managed.outcome)
    _has_boss(look.user(managed.id), crew[0].id)


@requirement("ENTRA-MANAGER-2", proof=("manager-array-refused", "manager-object-refused"))
def test_other_forms_of_a_manager_are_taken_too(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """An array with a $ref at the path `manager`, and an object, give the user that manager."""

    def check(form: Replay) -> None:
        made = _staffed(_known(form, crew[0]), look, people)
        form.act.set_manager(made.person, crew[0].person)
        _has_boss(look.user(made.id), crew[0].id)

    forms = {"doc-array", "object"}
    every_form(entra, "manager-set-default", check, only=lambda name: name in forms)


def _checked(form: Replay, account: Account, manager: Account) -> bool:
    """Return whether the check finds the manager set, judging the check and not what follows."""
    _known(form, account, manager)
    outcome = form.watched(form.mock.set_manager(account.person, manager.person))
    if len(outcome.exchanges) > 1:
        return False
    form.judged(outcome)
    return True


def _known_form(name: str) -> bool:
    return name == "with-reference-check"


@requirement("ENTRA-MANAGER-3", proof=("manager-filter-refused", "filter-ignored"))
def test_the_check_for_a_manager_finds_nobody(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """A search by id and manager is answered, and finds nobody before the manager is set."""

    def check(form: Replay) -> None:
        if _checked(form, _staffed(form, look, people), crew[0]):
            raise Mismatch(
                expected="nobody found by id and manager",
                actual="a user without a manager",
                entry=form.last_entry(),
            )

    every_form(entra, "manager-set-default", check, only=_known_form)


@requirement("ENTRA-MANAGER-3", proof=("manager-filter-refused", "manager-filter-finds-nobody"))
def test_a_manager_who_is_there_is_found_by_the_check(
    entra: Replay, reporting: Account, crew: tuple[Account, ...]
) -> None:
    """A search by id and manager finds the user, so that nothing is sent again."""

    def check(form: Replay) -> None:
        if not _checked(form, reporting, crew[0]):
            raise Mismatch(
                expected="the user found by id and manager",
                actual="nobody, and the manager was sent again",
                entry=form.last_entry(),
            )

    every_form(entra, "manager-set-default", check, only=_known_form)


@requirement("ENTRA-MANAGER-4", proof=("manager-first-kept", "patch-replace-ignored"))
def test_another_id_changes_the_manager(
    entra: Replay, remanaged: Acted, look: ScimClient, crew: tuple[Account, ...]
) -> None:
    """A replace by another text gives the user the other manager."""
    entra.judged(remanaged.outcome)
    _has_boss(look.user(remanaged.id), crew[1].id)


@requirement("ENTRA-MANAGER-5", proof=("manager-as-text",))
def test_a_user_with_a_manager_can_be_read(entra: Replay, reporting: Account) -> None:
    """Entra reads the user with the manager by the matching filter."""
    outcome = entra.watched(entra.mock.adopt(reporting.person))
    if outcome.stopped and "manager" not in outcome.stopped.because:
        raise Blocked(outcome.stopped.because, by=judge_of("entra", "match"))
    entra.judged(outcome)


@requirement("ENTRA-MANAGER-5", proof=("manager-as-text", "manager-beside-extension"))
def test_the_manager_is_an_object_in_the_extension(look: ScimClient, reporting: Account) -> None:
    """The manager comes back as an object under the URN of the extension."""
    seen = look.user(reporting.id)
    if not _boss_of(seen.object()):
        raise Blocked("the server keeps no manager", by="ENTRA-MANAGER-1", entry=seen.entry)
    user = expect(seen).status(200)
    user.holds(
        lambda: isinstance(user.at(_MANAGER), dict),
        f"an object in {_MANAGER}",
        lambda: repr(user.at(_MANAGER)),
    )


@requirement("ENTRA-MANAGER-6", proof=(*_NO_TEXT, *_NO_URN, *_NO_PATCH))
def test_references_follow_the_people(
    entra: Replay, look: ScimClient, people: Registry, newcomer: Acted
) -> None:
    """Somebody who came before the manager did has the manager after the second pass."""
    entra.arranged(newcomer.outcome, "assign")
    person, manager = people.people(2)
    entra.given.assign(person, manager)
    above = hire(entra, look, manager)
    entra.act.link_references([person, manager])
    _has_boss(look.user(str(entra.idp.user_id(person))), above.id)


@requirement(
    "ENTRA-MANAGER-7",
    proof=(
        *("manager-selected-remove-refused", "manager-selected-remove-ignored"),
        *("manager-empty-refused", "patch-remove-ignored"),
    ),
)
def test_a_manager_is_taken_away(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """A remove with a filter in its path, or an empty value, leaves the user without manager."""

    def check(form: Replay) -> None:
        made = _staffed(_known(form, crew[0]), look, people, crew[0])
        look.settle()
        if _boss_of(look.user(made.id).object()) != crew[0].id:
            raise Blocked("the user has no manager to take away", by="ENTRA-MANAGER-1")
        form.idp.link_manager(made.person, crew[0].person)
        form.act.remove_manager(made.person)
        _has_boss(look.user(made.id), "")

    every_form(entra, "manager-remove", check)


@requirement("ENTRA-MANAGER-8", proof=("manager-text-refused",), dialects=())
def test_a_new_user_has_the_manager_of_the_body(
    entra: Replay, look: ScimClient, people: Registry, crew: tuple[Account, ...], newcomer: Acted
) -> None:
    """A POST with the manager as a bare text creates a user with that manager."""
    entra.arranged(newcomer.outcome, "assign")

    def check(form: Replay) -> None:
        person = people.person()
        _known(form, crew[0]).act.assign(person, crew[0].person)
        _has_boss(look.user(str(form.idp.user_id(person))), crew[0].id)

    every_form(entra, "create-user", check, only=lambda name: name == "manager-bare-string")


@requirement("ENTRA-MANAGER-9", proof=("patch-extension-replaced-whole",))
def test_the_rest_of_the_extension_stays(entra: Replay, remanaged: Acted, look: ScimClient) -> None:
    """Department and employee number are as before the manager changed."""
    entra.worked(remanaged.outcome, "set_manager")
    kept = (f"{ENTERPRISE_URN}:department", f"{ENTERPRISE_URN}:employeeNumber")
    expect(look.user(remanaged.id)).status(200).keeps(remanaged.before, paths=kept)

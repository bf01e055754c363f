"""Entra's Update Users: GET by id and PATCH, new user names, and users who are gone."""

from __future__ import annotations

import json

import pytest

from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import hire
from .conftest import somebody
from .creating import user_of
from .linked import ONE
from .linked import Trial
from .linked import require
from .linked import tried


@pytest.fixture
def trial(entra: Replay, bench: Bench, people: Registry) -> Trial:
    """What the update of one plain attribute comes to; shared, to be read only."""
    return tried(entra, bench, people)


@pytest.fixture
def updatable(entra: Replay, trial: Trial) -> None:
    """Block the case on a server that refuses every update, which is judged elsewhere."""
    require(entra, trial)


@requirement(
    "ENTRA-UPDATE-1",
    proof=("patch-refused-501", "patch-user-refused-501", "patch-answers-405", "patch-answers-202"),
)
def test_a_patch_is_carried_out(entra: Replay, trial: Trial) -> None:
    """The PATCH of one attribute is answered 200 or 204."""
    if trial.lowered or trial.asked == "GET":
        require(entra, trial)
    entra.judged(trial.outcome)


@requirement("ENTRA-UPDATE-2", proof=("get-refused-501",), dialects=())
def test_a_linked_user_is_read(entra: Replay, trial: Trial) -> None:
    """The GET by id before a change is answered 200 with the user."""
    if trial.asked == "GET":
        entra.judged(trial.outcome)
    entra.watched(trial.outcome)


@requirement("ENTRA-UPDATE-3", proof=("patch-op-must-be-lower-case", "patch-capital-op-ignored"))
def test_capital_operations_are_carried_out(entra: Replay, trial: Trial) -> None:
    """An operation spelled Replace is carried out like one spelled replace."""
    entra.watched(trial.outcome)
    if trial.lowered:
        reply = trial.outcome.exchanges[-1].reply
        raise Mismatch(
            expected="`Replace` carried out as `replace` is",
            actual=f"{reply.status if reply else 'no reply'}, and only `replace` changes the user",
            entry=entra.last_entry(),
        )
    require(entra, trial)


@requirement("ENTRA-UPDATE-4", proof=("patch-replace-ignored",))
def test_a_changed_value_arrives(entra: Replay, trial: Trial, look: ScimClient) -> None:
    """An attribute that changed in the directory has its new value on the server."""
    entra.watched(trial.outcome)
    require(entra, trial)
    user = expect(look.user(trial.account.id)).status(200)
    user.has(trial.attribute.path, trial.attribute.new)


@requirement(
    "ENTRA-UPDATE-17",
    proof=(
        *("rename-refused", "rename-changes-id", "rename-old-name-still-found"),
        "rename-changes-email",
    ),
)
@pytest.mark.usefixtures("updatable")
def test_a_new_user_name_reaches_the_same_user(
    entra: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """A renamed person keeps id and addresses, is found by the new name and not by the old."""
    before, new = look.user(assigned.id).object(), people.person().user_name
    entra.act.rename(assigned.person, new)
    user = expect(look.user(assigned.id)).status(200).has("userName", new)
    user.keeps(before, paths=("emails",))
    expect(look.users_named(new)).matches(assigned.id)
    expect(look.users_named(assigned.person.user_name)).nobody()


@requirement("ENTRA-UPDATE-17", proof=("rename-in-capitals-refused",))
@pytest.mark.usefixtures("updatable")
def test_a_user_name_in_capitals_is_no_conflict(
    entra: Replay, assigned: Account, look: ScimClient
) -> None:
    """A person whose userName gets capitals is the same user."""
    new = assigned.person.user_name.upper()
    entra.act.rename(assigned.person, new)
    expect(look.user(assigned.id)).status(200).has("userName", new)


@requirement(
    "ENTRA-UPDATE-18",
    proof=("update-takes-taken-name", "update-to-taken-name-ignored", "patch-taken-name-ignored"),
)
@pytest.mark.usefixtures("updatable")
def test_a_user_name_that_is_taken_is_refused(
    entra: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """A person who is to get the userName of somebody else keeps the own, and so does the other."""
    other = hire(entra, look, people.person())
    outcome = entra.watched(entra.mock.rename(assigned.person, other.person.user_name))
    expect(look.users_named(other.person.user_name)).matches(other.id)
    expect(look.user(assigned.id)).status(200).has("userName", assigned.person.user_name)
    if outcome.ok:
        raise Mismatch(
            expected="the PATCH with a userName that is taken refused",
            actual="it was answered as if it had been done",
            entry=entra.last_entry(),
        )


@requirement(
    "ENTRA-UPDATE-21",
    proof=(
        *("create-drops-display-name", "create-drops-external-id", "external-ids-in-lower-case"),
        *("get-hides-emails", "get-hides-names", "email-types-lost", "types-lost"),
        *("phone-numbers-masked", "locales-with-underscore", "enterprise-texts-as-numbers"),
        *("titles-cut-at-ten", "extension-at-top", "countries-by-name"),
    ),
    dialects=(),
)
def test_who_has_not_changed_is_not_sent_again(
    entra: Replay, people: Registry, definitions: Definitions
) -> None:
    """After the create no attribute differs from what was sent, so that no PATCH follows."""
    person = somebody(people, jobTitle="Engineer of Records", mailNickname=people.unique("Nick"))
    entra.given.assign(person)
    outcome = entra.watched(entra.mock.update(person, ONE[entra.setup.dialect]))
    again = [path for path in _patched(outcome) if _offered(definitions, path)]
    if again:
        raise Mismatch(
            expected="every value as it was sent, and no PATCH",
            actual=f"a PATCH of {', '.join(again)}",
            entry=entra.last_entry(),
        )


@requirement(
    "ENTRA-UPDATE-22", proof=("get-missing-as-200-empty", "get-missing-as-500"), dialects=()
)
def test_a_user_who_is_gone_is_not_found(
    entra: Replay, assigned: Account, look: ScimClient
) -> None:
    """The GET of a user who was deleted elsewhere is answered 404."""
    _delete(look, assigned)
    person = assigned.person
    outcome = entra.watched(entra.mock.update(person, ONE["default"], display_name="Gone Away"))
    first = outcome.exchanges[0].reply
    if first is None or first.status != 404:
        raise Mismatch(
            expected="404 for a user who was deleted",
            actual=str(first.status if first else "no reply"),
            entry=entra.last_entry(),
        )


@requirement("ENTRA-UPDATE-23", proof=("deleted-name-taken", "deleted-still-found"), dialects=())
def test_who_is_gone_is_created_anew_after_a_reset(
    entra: Replay, assigned: Account, look: ScimClient
) -> None:
    """Somebody whose account was deleted elsewhere gets a new one after a full reset."""
    _delete(look, assigned)
    entra.idp.forget(assigned.person)
    entra.act.assign(assigned.person)
    found = expect(look.users_named(assigned.person.user_name))
    found.matches(user_of(entra, assigned.person))
    expect(look.user(user_of(entra, assigned.person))).status(200).not_inactive()


def _delete(look: ScimClient, made: Account) -> None:
    gone = look.delete("Users", made.id)
    if not 200 <= gone.status < 300:
        raise NotOffered(f"DELETE /Users answered {gone.status}; nobody can be gone")


def _patched(outcome: Outcome) -> list[str]:
    """Return the paths that the operations of Entra's PATCH name."""
    last = outcome.exchanges[-1].request
    if last.method != "PATCH":
        return []
    return [str(each["path"]) for each in json.loads(last.body or b"{}")["Operations"]]


def _offered(definitions: Definitions, path: str) -> bool:
    """Tell whether the server's users have an attribute, as far as it says what they have."""
    if not definitions.known:
        return True
    head = path if path.lower().startswith("urn:") else path.partition("[")[0].partition(".")[0]
    return definitions.attribute(head) is not None

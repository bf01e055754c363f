"""JumpCloud's deletion of an account; what triggers it is not known."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import NotOffered

from .conftest import Account
from .outcomes import passed


@requirement("JUMPCLOUD-DELETE-1", proof=("delete-refused", "delete-ignored", "delete-deactivates"))
def test_a_deleted_user_is_gone(jc: Replay, bound: Account, look: ScimClient) -> None:
    """A user whom JumpCloud deletes is gone."""
    passed(jc, jc.mock.delete(bound.person), "delete the user")
    expect(look.user(bound.id)).status(404, 410)


@requirement("JUMPCLOUD-DELETE-2", proof=("deleted-name-taken", "deleted-still-found"))
@pytest.mark.usefixtures("selective")
def test_a_deleted_person_can_come_back(jc: Replay, bound: Account, look: ScimClient) -> None:
    """A person whose account was deleted has an account again once bound."""
    jc.mock.delete(bound.person)
    look.settle()
    if (last := look.user(bound.id).status) not in (404, 410):
        raise NotOffered(f"the deleted user is still there ({last}), which is judged elsewhere")
    passed(jc, jc.mock.bind(bound.person), "create the user", "replace the user")
    made = str(jc.idp.user_id(bound.person))
    expect(look.user(made)).status(200).has("userName", bound.person.user_name)

"""JumpCloud's Activate with group management: the test group is made, changed and deleted."""

from __future__ import annotations

import pytest

from suites.client import ScimClient
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement

from .conftest import Trial
from .outcomes import blocked
from .outcomes import id_from
from .outcomes import passed

CREATE, UPDATE = "create the test group", "update the test group"
DELETE = "delete the test group"


@requirement(
    "JUMPCLOUD-CONN-13",
    proof=("group-create-501", "group-create-empty-body", "group-create-without-id"),
)
def test_the_test_group_is_created(idp: Replay, group_run: Trial) -> None:
    """The test group is created, and its id is known."""
    passed(idp, group_run, CREATE)


@requirement("JUMPCLOUD-CONN-14", proof=("patch-refused-501", "group-patch-501"))
@pytest.mark.usefixtures("selective_groups")
def test_the_test_group_is_updated(idp: Replay, people: Registry) -> None:
    """The test group is updated by a new member, or by another name."""

    def check(form: Replay) -> None:
        first = form.mock.make_test_user(people.person().email)
        if not id_from(first, "create the test user"):
            raise blocked(form, first)
        passed(form, form.mock.try_test_group(people.group().name), UPDATE)

    every_form(idp, "test-connection-groups", check)


@requirement(
    "JUMPCLOUD-CONN-15",
    proof=("group-delete-refused", "group-delete-ignored"),
)
def test_the_test_group_is_deleted(idp: Replay, group_run: Trial, look: ScimClient) -> None:
    """The test group is deleted by DELETE and gone."""
    passed(idp, group_run, DELETE)
    expect(look.group(group_run.id)).status(404, 410)

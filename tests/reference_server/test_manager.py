"""The manager of a user, as the server completes it: RFC 7643 section 4.3."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from conftest import Scim

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def employee_of(scim: Scim, manager: str) -> str:
    return scim.user("employee", **{ENTERPRISE: {"manager": {"value": manager.rpartition("/")[2]}}})


def manager_of(scim: Scim, employee: str) -> dict[str, Any]:
    shown: dict[str, Any] = scim.get(employee).body[ENTERPRISE]["manager"]
    return shown


def test_a_manager_is_shown_with_the_display_name_of_its_own(scim: Scim) -> None:
    employee = employee_of(scim, scim.user("boss", displayName="The Boss"))
    assert manager_of(scim, employee)["displayName"] == "The Boss"


def test_a_user_name_does_not_stand_in_for_the_display_name_of_a_manager(scim: Scim) -> None:
    employee = employee_of(scim, scim.user("boss"))
    assert set(manager_of(scim, employee)) == {"value", "$ref"}


def test_an_employee_has_a_new_version_once_its_manager_has_a_display_name(scim: Scim) -> None:
    manager = scim.user("boss")
    employee = employee_of(scim, manager)
    before = scim.get(employee).body["meta"]["version"]
    # The name that groups show stays as it was.
    scim.patch(manager, {"op": "add", "path": "displayName", "value": "boss"})
    assert manager_of(scim, employee)["displayName"] == "boss"
    assert scim.get(employee).body["meta"]["version"] != before

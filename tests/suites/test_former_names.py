"""Whether a former userName finds nobody is judged only of who has another one now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from typing import TypeAlias

import pytest

from suites.schemas.definitions import rfc
from suites.users import test_rfc7644_3_5_1 as cases
from suites.users.names import Named
from suites.users.names import Names
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

Json: TypeAlias = Any
OLD, NEW = "anna", "berta"


def seen(status: int, **body: Json) -> Json:
    return SimpleNamespace(status=status, entry=None, object=lambda: body, refresh=lambda: False)


def renamed(name: str, *, found: str) -> Names:
    """Return what came of a rename: the name that the user has, and who is found by the old one."""
    user: Json = SimpleNamespace(id="1")
    listed = seen(200, Resources=[{"id": found}])
    after = Named(seen(200), seen(200, userName=name))
    return Names(user, user, {}, after, NEW, rfc(), listed)


def test_a_server_that_kept_the_name_is_not_judged() -> None:
    with pytest.raises(Blocked, match="the userName was 'anna'") as blocked:
        cases.test_a_former_name_finds_nobody(renamed(OLD, found="1"))
    assert blocked.value.by == "RFC7644-3.5.1-4"


def test_a_server_that_changed_the_name_is_judged() -> None:
    cases.test_a_former_name_finds_nobody(renamed(NEW.upper(), found="2"))
    with pytest.raises(Mismatch):
        cases.test_a_former_name_finds_nobody(renamed(NEW, found="1"))

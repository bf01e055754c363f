"""Whose id a server gives to who is created with the userName of a deleted user."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from typing import TypeAlias

import pytest

from reports import Verdict
from suites.attributes import test_rfc7643_3_1 as cases
from suites.making.people import Registry
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

Json: TypeAlias = Any
PEOPLE = Registry(seed=1, run_id="abc123", case="x", domain="mail.example")
NAME, FIRST, SECOND = "anna", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def seen(status: int, **body: Json) -> Json:
    return SimpleNamespace(
        status=status,
        entry=None,
        object=lambda: body,
        json=lambda: body,
        refresh=lambda: False,
        header=lambda _name: None,
    )


def judged(old: str, new: Json) -> list[str]:
    """Let the case judge a server that gives this to the second; return what it noted."""
    stored: Json = {"id": old, "userName": NAME, "meta": {"created": FIRST}}
    gone = Made(
        kind="Users",
        id=old,
        key="gone",
        sent={"userName": NAME},
        stored=stored,
        reply=seen(201, **stored),
    )
    scim = SimpleNamespace(delete=lambda _made: seen(204), post=lambda _path, _body: new)
    lab: Json = SimpleNamespace(
        scim=scim,
        people=PEOPLE,
        plain_user=lambda key: gone,
        user_bodies=lambda body: [body],
        read=lambda _made: seen(200, **new.object()),
    )
    notes: list[str] = []
    cases.test_an_id_does_not_come_back_with_the_name(lab, notes.append)
    return notes


def test_another_id_is_right() -> None:
    assert judged("1", seen(201, id="2", meta={"created": SECOND})) == []


def test_a_deleted_user_who_is_brought_back_is_noted() -> None:
    (note,) = judged("1", seen(201, id="1", meta={"created": FIRST}))
    assert "is the deleted user" in note


@pytest.mark.parametrize(
    ("old", "meta", "at_most"),
    [
        pytest.param("1", {"created": SECOND}, None, id="a resource of its own"),
        pytest.param("1", {}, Verdict.WARN, id="nobody can tell"),
        pytest.param(NAME, {"created": FIRST}, None, id="the id is the userName"),
        pytest.param(NAME, {}, None, id="the id is the userName, and no date"),
    ],
)
def test_the_id_of_somebody_else_is_wrong(
    old: str, meta: dict[str, str], at_most: Verdict | None
) -> None:
    with pytest.raises(Mismatch) as caught:
        judged(old, seen(201, id=old, meta=meta))
    assert caught.value.at_most is at_most


def test_a_name_that_stays_taken_is_judged_elsewhere() -> None:
    with pytest.raises(Blocked) as caught:
        judged("1", seen(409))
    assert caught.value.by == "RFC7644-3.6-5"

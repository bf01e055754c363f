"""What the server announces, what a try finds out, and what follows for a case."""

from __future__ import annotations

from typing import Any

import pytest

from suites.client import ENTERPRISE_URN
from suites.preflight.capabilities import TITLES
from suites.preflight.capabilities import Capabilities
from suites.preflight.capabilities import Probed
from suites.preflight.look import Look
from suites.preflight.probes import _PROBES
from suites.requirements import FEATURES
from suites.verdicts import NotOffered

YES, NO = Probed(works=True, seen="it answered 200"), Probed(works=False, seen="it answered 501")


class Tries:
    def __init__(self, answer: Probed) -> None:
        self.answer = answer
        self.made: list[str] = []

    def __call__(self, feature: str) -> Probed:
        self.made.append(feature)
        return self.answer


def made(
    found: dict[str, Any], tries: Tries, *, tenants: bool = False, **overrides: bool
) -> Capabilities:
    seen = {name: {"value": value, "origin": "announced"} for name, value in found.items()}
    look = Look(capabilities=seen)
    return Capabilities(lambda: look, overrides=overrides, tenants=tenants, probe=tries)


def test_every_feature_of_the_catalogue_has_a_title_and_a_probe() -> None:
    assert set(TITLES) == set(FEATURES) == set(_PROBES)


def test_what_is_announced_is_not_tried() -> None:
    tries = Tries(NO)
    assert made({"patch": True}, tries).check(("patch",)) == ()
    assert tries.made == []


def test_what_is_disclaimed_and_refused_is_skipped_with_the_reason() -> None:
    tries = Tries(NO)
    with pytest.raises(NotOffered, match=r"announces no PATCH \(it answered 501\)"):
        made({"patch": False}, tries).check(("patch",))


def test_what_is_disclaimed_and_works_is_named() -> None:
    assert made({"patch": False}, Tries(YES)).check(("patch",)) == ("patch",)


@pytest.mark.parametrize("found", [{}, {"patch": None}])
def test_what_nothing_is_said_of_is_judged_where_it_works(found: dict[str, Any]) -> None:
    assert made(found, Tries(YES)).check(("patch",)) == ()
    with pytest.raises(NotOffered, match="has no PATCH"):
        made(found, Tries(NO)).check(("patch",))


def test_a_feature_is_tried_once() -> None:
    tries = Tries(YES)
    known = made({}, tries)
    for _ in range(3):
        known.check(("me", "search"))
    assert tries.made == ["me", "search"]


def test_the_target_file_wins() -> None:
    tries = Tries(YES)
    known = made({"patch": True, "sort": False}, tries, patch=False, sort=True)
    assert known.check(("sort",)) == ()
    with pytest.raises(NotOffered, match="has no PATCH, as its file says"):
        known.check(("patch",))
    assert tries.made == []


@pytest.mark.parametrize("given", [True, False])
def test_a_second_tenant_is_there_when_the_target_names_one(*, given: bool) -> None:
    assert made({}, Tries(NO), tenants=given).has("tenants") is given


@pytest.mark.parametrize(
    ("found", "feature", "announced"),
    [
        ({"resourceTypes": ["User", "Group"]}, "groups", True),
        ({"resourceTypes": ["User"]}, "groups", False),
        ({"resourceTypes": None}, "groups", None),
        ({"schemas": [ENTERPRISE_URN]}, "enterprise", True),
        ({"schemas": ["urn:x"]}, "enterprise", False),
        ({}, "enterprise", None),
        ({}, "me", None),
        ({"sort": "true"}, "sort", None),
    ],
)
def test_what_each_document_announces(
    found: dict[str, Any], feature: str, *, announced: bool | None
) -> None:
    assert made(found, Tries(NO)).announced(feature) is announced


def test_an_extension_may_be_announced_by_resource_types_alone() -> None:
    look = Look(extensions=(ENTERPRISE_URN,), cursor=False)
    known = Capabilities(lambda: look, overrides={}, tenants=False, probe=Tries(NO))
    assert known.announced("enterprise") is True
    assert known.announced("cursor") is False


def test_the_report_is_told_what_was_found_out() -> None:
    known = made({"patch": True}, Tries(NO))
    known.has("patch")
    known.has("me")
    assert known.to_json() == {
        "me": {"value": False, "origin": "probed"},
        "patch": {"value": True, "origin": "announced"},
    }

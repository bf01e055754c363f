"""The ledger of the deviations: each says which requirements it breaks and whom it stops."""

from __future__ import annotations

import re

import pytest

from idp_profiles import PROFILES
from reference_server import Handler
from reference_server import deviations
from reference_server.deviations import registry
from suites.requirements import catalogue
from suites.requirements import judged_idps

IDPS = {*PROFILES, "workos"}
ALL = [deviations.get(name) for name in deviations.names()]


def test_the_ledger_and_the_deviations_agree() -> None:
    assert list(registry.ledger()) == list(deviations.names())


def test_the_ledger_has_no_other_fields() -> None:
    known = {"violates", "stops", "legal", "source"}
    assert {key for entry in registry.ledger().values() for key in entry} == known


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_deviation_names_requirements_that_exist(each: registry.Deviation) -> None:
    assert each.violates
    assert len(set(each.violates)) == len(each.violates)
    assert set(each.violates) <= set(catalogue())


def test_a_deviation_breaks_something_that_can_be_judged_unless_it_is_legal() -> None:
    known = catalogue()
    only_noted = [
        each.name
        for each in ALL
        if not each.legal
        if all(known[rid].judgement == "note" or known[rid].reason for rid in each.violates)
    ]
    assert only_noted == []


def test_no_deviation_names_a_double_in_place_of_the_requirement_it_repeats() -> None:
    known = catalogue()
    assert [each.name for each in ALL if any(known[rid].same_as for rid in each.violates)] == []


def test_only_known_identity_providers_are_stopped() -> None:
    assert {name for each in ALL for name in each.stops} <= IDPS


def needed_by(each: registry.Deviation) -> set[str | None]:
    """Return the identity providers one of whose needs a deviation breaks."""
    return {catalogue()[rid].idp for rid in each.violates}


def test_whom_a_deviation_stops_has_its_source_where_no_requirement_tells() -> None:
    unexplained = [
        (each.name, name)
        for each in ALL
        for name in set(each.stops) - set(PROFILES)
        if not each.source
    ]
    assert unexplained == []


def test_an_identity_provider_is_stopped_only_where_one_of_its_requirements_is_broken() -> None:
    unexplained = [
        (each.name, name)
        for each in ALL
        for name in set(each.stops) & set(judged_idps())
        if name not in needed_by(each)
    ]
    assert unexplained == []


def test_a_source_is_a_sentence() -> None:
    sources = [each.source for each in ALL if each.source]
    assert [text for text in sources if not re.fullmatch(r"[A-Z].*\.", text)] == []
    assert [each.name for each in ALL if each.legal and not each.source] == []


def test_a_deviation_of_a_users_own_needs_no_entry() -> None:
    def wrap(handle: Handler) -> Handler:
        """Do nothing wrong."""
        return handle

    registry.deviation("of-my-own", area="own")(wrap)
    try:
        found = deviations.get("of-my-own")
    finally:
        del registry._registered["of-my-own"]
    assert (found.violates, found.stops, found.legal, found.source) == ((), (), False, None)

"""Each deviation of Clockify breaks a promise that the product as documented keeps."""

from __future__ import annotations

import pytest

from reference_server.products import ProductDeviation
from reference_server.products import create_product
from reference_server.products import product_deviations
from tests.reference_server.products import clockify_corner_probes
from tests.reference_server.products import clockify_team_probes
from tests.reference_server.products.clockify_probes import PROBES
from tests.reference_server.products.clockify_talk import Talk

assert clockify_team_probes  # they fill the table
assert clockify_corner_probes

DEVIATIONS = product_deviations("clockify")
SHEET = {
    *(f"CLK-ENABLE-{number}" for number in range(1, 8)),
    *(f"CLK-USER-{number}" for number in range(1, 12)),
    *(f"CLK-GROUP-{number}" for number in range(1, 8)),
    *(f"CLK-LOCK-{number}" for number in range(1, 10)),
    *("CLK-IDP-JC-1", "CLK-IDP-OKTA-1", "CLK-IDP-OKTA-2", "CLK-IDP-OKTA-3", "CLK-IDP-ENTRA-1"),
    *("CLK-IDP-ENTRA-2", "CLK-IDP-ENTRA-3", "CLK-IDP-ENTRA-4", "CLK-AUTH-1"),
}


@pytest.mark.parametrize("name", [each.name for each in DEVIATIONS])
def test_a_deviation_breaks_what_the_product_keeps(name: str) -> None:
    assert PROBES[name](Talk()) is True
    assert PROBES[name](Talk(deviations=[name])) is False


def test_every_deviation_is_probed_and_no_probe_is_left_over() -> None:
    assert {each.name for each in DEVIATIONS} == set(PROBES)
    assert len(DEVIATIONS) >= 30


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda each: each.name)
def test_a_deviation_says_what_it_does_and_what_it_breaks(deviation: ProductDeviation) -> None:
    assert deviation.violates
    assert set(deviation.violates) <= SHEET
    assert deviation.summary.endswith(".")
    assert deviation.summary[0].isupper()


def test_nearly_every_documented_behaviour_can_be_broken() -> None:
    broken = {behaviour for each in DEVIATIONS for behaviour in each.violates}
    # Licences, schedules, scopes and toggles are the identity provider's own.
    theirs = {"CLK-GROUP-6", "CLK-IDP-OKTA-3"} | {f"CLK-IDP-ENTRA-{n}" for n in (2, 3, 4)}
    assert SHEET - broken == theirs


def test_deviations_of_the_protocol_can_be_mixed_in() -> None:
    talk = Talk(deviations=["groups-kept", "patch-remove-ignored"]).switch_on()
    anna = talk.provision("anna", nickName="Annie")
    shown = talk.patch(anna, {"op": "remove", "path": "nickName"}).json
    assert shown["nickName"] == "Annie"
    assert "Designers" in talk.groups()


def test_an_unknown_deviation_is_refused_with_close_names() -> None:
    with pytest.raises(ValueError, match=r"close names: .*groups-kept"):
        create_product("clockify", deviations=["groups-keept"])

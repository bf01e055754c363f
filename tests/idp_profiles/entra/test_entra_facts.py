"""The facts of the Entra profile against the sheet that they come from, and its settings."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.entra.tenant_url import TenantUrl
from idp_profiles.entra.tenant_url import read_tenant_url
from idp_profiles.entra.tenant_url import typed_tenant_url
from idp_profiles.model import Certainty
from tests.idp_profiles.entra.people import ANN
from tests.idp_profiles.entra.people import EMPTY

SHEET = json.loads(
    (Path(__file__).parent.parent / "facts" / "entra.json").read_text(encoding="utf-8")
)
SEQUENCES = {sequence["id"]: sequence for sequence in SHEET["sequences"]}
PROFILE = load("entra")
# Where the sheet's text knows less than the JSON's one word for the whole sequence: that a form
# belongs to the flagged job is inferred from its lower case.
WEAKER = {"manager-set-flag": "inferred", "manager-remove": "inferred"}
# "doc and wild": both show the same form, so the document counts.
STRONGER = {"group-remove-member-default": "doc"}


def default_of(sequence_id: str) -> Certainty:
    return PROFILE.scenarios[sequence_id].variants[0].certainty


def weakest_word(text: str) -> str:
    # What follows a comma or semicolon may speak of failures or of other parts.
    order = ["doc", "code", "wild", "inferred"]
    words = text.replace("(", " ").replace(",", " ").replace(";", " ").split()
    return max((word for word in words if word in order), key=order.index)


class TestCertainty:
    @pytest.mark.parametrize("sequence_id", SEQUENCES)
    def test_no_scenario_claims_more_than_the_sheet(self, sequence_id: str) -> None:
        said = weakest_word(SEQUENCES[sequence_id]["confidence"])
        said = WEAKER.get(sequence_id, STRONGER.get(sequence_id, said))
        if sequence_id in {"test-connection", "oauth-token-header"}:
            # Here the words speak of single steps; these are looked at below.
            return
        assert default_of(sequence_id).value == said

    def test_single_steps_have_their_own_certainty(self) -> None:
        shown = {
            (name, step.name): step.certainty.value
            for name in ("test-connection", "oauth-token-header", "enable-user-default")
            for step in PROFILE.scenarios[name].steps
        }
        assert shown == {
            ("test-connection", "probe users"): "doc",
            ("test-connection", "probe groups"): "inferred",
            ("oauth-token-header", "get a token"): "doc",
            ("oauth-token-header", "probe users"): "doc",
            ("enable-user-default", "look up the user"): "doc",
            ("enable-user-default", "enable the user"): "inferred",
        }

    @pytest.mark.parametrize("sequence_id", SEQUENCES)
    def test_every_source_of_the_sheet_is_named(self, sequence_id: str) -> None:
        steps = PROFILE.scenarios[sequence_id].steps
        named = {key for step in steps for key in step.sources}
        assert set(SEQUENCES[sequence_id]["source"]) <= named <= set(PROFILE.facts.sources)

    @pytest.mark.parametrize("sequence_id", SEQUENCES)
    def test_every_expected_status_is_accepted(self, sequence_id: str) -> None:
        wanted = {
            status
            for step in SEQUENCES[sequence_id]["steps"]
            for status in step["expect"]["status"]
        }
        steps = PROFILE.scenarios[sequence_id].steps
        assert wanted <= {status for step in steps for status in step.accepts}


class TestFacts:
    def test_every_source_of_the_sheet_is_carried_over(self) -> None:
        assert set(SHEET["sources"]) <= set(PROFILE.facts.sources)

    def test_every_source_that_is_named_is_known(self) -> None:
        facts = PROFILE.facts
        named = {
            key
            for item in (*facts.quirks, *facts.never_sent, *facts.limits.values())
            for key in item.sources
        } | {key for mode in facts.auth_modes for key in mode.sources}
        named |= {
            key
            for scenario in PROFILE.scenarios.values()
            for variant in scenario.variants
            for key in variant.sources
        }
        assert named <= set(facts.sources)

    def test_every_feature_has_a_scenario_and_every_scenario_a_feature(self) -> None:
        # Histories are made of many sequences, none of them their own.
        played = {one.feature for one in PROFILE.scenarios.values()}
        assert played | {"Histories"} == set(PROFILE.features)

    def test_what_is_reconstructed_is_called_so(self) -> None:
        for sequence_id, sequence in SEQUENCES.items():
            reconstructed = "reconstructed" in PROFILE.scenarios[sequence_id].title
            assert reconstructed == (sequence["flag"] == "validator")

    def test_limits_are_those_of_the_sheet(self) -> None:
        limits, known = SHEET["limits"], PROFILE.facts.limits
        assert known["rate"].value == limits["requests_per_second_per_tenant_min"]
        assert known["on_demand_members"].value == limits["on_demand_group_members"]
        assert known["cycle"].value == limits["incremental_minutes"]
        assert [known["token_shortest"].value, known["token_longest"].value] == limits[
            "token_minutes"
        ]
        thresholds = SHEET["retry_and_quarantine"]["thresholds"]
        assert [
            known[f"quarantine_{name}"].value
            for name in ("from", "share", "failures", "references")
        ] == [*thresholds.values()]

    def test_switches_hold_the_values_of_the_sheets_knobs(self) -> None:
        knobs = {knob["name"]: knob["values"] for knob in SHEET["mock_knobs"]}
        switches = {switch.key: switch.values for switch in PROFILE.facts.switches}
        sizes = {str(size) for size in knobs["members_per_patch"]}
        assert sizes <= set(switches["members_per_patch"])
        assert set(knobs["manager_form"]) == set(switches["manager_form"])
        assert set(knobs["group_post_members"]) == set(switches["group_post_members"])
        assert set(knobs["retry_after"]) == set(switches["retry_after"])
        assert set(knobs["secret_token_mode"]) <= set(switches["secret_token"])
        assert set(SHEET["tenant_url"]["flag_forms_seen"]) == set(switches["tenant_url"])


class TestTenantUrl:
    @pytest.mark.parametrize("spelling", SHEET["tenant_url"]["flag_forms_seen"])
    def test_a_flag_is_read_as_it_is_typed(self, entra_desk: Any, spelling: str) -> None:
        base = "https://api.example.com/scim"
        assert read_tenant_url(base + spelling) == TenantUrl(base, "flag", spelling)
        desk = entra_desk(EMPTY, dialect="flag", switches={"tenant_url": spelling})
        assert desk.idp.tenant_url(f"{base}/") == base + spelling

    @pytest.mark.parametrize("rest", ["", "/", "?AzureAdScimPatch2017", "?x=aadOptscim062020"])
    def test_without_the_flag_it_is_a_default_job(self, rest: str) -> None:
        read = read_tenant_url(f" https://api.example.com/scim{rest} ")
        assert read == TenantUrl("https://api.example.com/scim", "default")

    def test_a_default_job_types_no_flag(self) -> None:
        assert typed_tenant_url("https://a/b/", "default", "?aadOptscim062020") == "https://a/b"


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "reason"),
        [
            ({"dialect": "oin"}, "no dialect 'oin'; known: default, flag"),
            ({"switches": {"blank": "plus"}}, "did you mean 'blanks'"),
            ({"switches": {"blanks": "x"}}, "known: plus, percent"),
            ({"switches": {"token_endpoint": "/token"}}, "takes an absolute URL"),
            ({"toggles": {"groups": True}}, "no toggle 'groups'"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, entra_desk: Any, settings: dict[str, Any], reason: str
    ) -> None:
        with pytest.raises(ValueError, match=reason):
            entra_desk(EMPTY, **settings)

    def test_a_mapping_that_fills_a_place_twice_is_named(self, entra_desk: Any) -> None:
        mapping = {
            "attribute": [
                {"path": "name", "constant": "x"},
                {"path": "name.givenName", "constant": "y"},
            ]
        }
        desk = entra_desk(EMPTY, mapping=mapping)
        with pytest.raises(ValueError, match="fills 'name' both as a whole and in parts"):
            desk.mock.assign(ANN)

    def test_a_mapping_from_a_table_is_used(self, entra_desk: Any) -> None:
        mapping = {
            "match": "externalId",
            "match_source": "idp_id",
            "attribute": [
                {"path": "addresses.country", "constant": "SK", "type": "home"},
                {"path": "externalId", "source": "idp_id"},
            ],
        }
        desk = entra_desk(EMPTY, (201, {"id": "u-1"}), mapping=mapping)
        assert desk.mock.assign(ANN).ok
        assert desk.lines[0] == "GET /Users?filter=externalId+eq+%22o-1%22"
        assert desk.body()["addresses"] == [{"type": "home", "primary": True, "country": "SK"}]

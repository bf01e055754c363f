"""How a mock Okta is set up: authentication modes, dialects, switches, toggles; and its facts."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

import idp_profiles
from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles.model import Credential
from idp_profiles.okta.steps import STEPS

PROFILE = load("okta")
FACTS = json.loads((Path(__file__).parent / "facts" / "okta.json").read_text(encoding="utf-8"))
BASIC = "Basic " + base64.b64encode(b"user:p:w").decode()


def authorization(seat: Any) -> str:  # noqa: ANN401 # a fixture's class
    seat.mock.test_connection()
    return str(dict(seat.sent[0].headers)["Authorization"])


@pytest.mark.parametrize(
    ("dialect", "credential", "mode", "wire"),
    [
        ("aiw", Credential("bearer", "abc"), None, "Bearer abc"),
        ("aiw", Credential("header", "Bearer abc"), None, "Bearer abc"),
        ("aiw", Credential("basic", "p:w", "user"), None, BASIC),
        ("aiw", Credential("bearer", "abc"), "aiw-oauth2", "Bearer abc"),
        ("oin", Credential("bearer", "abc"), None, "Bearer abc"),
        ("oin", Credential("header", "abc"), None, "abc"),
        ("oin", Credential("header", "Bearer abc"), None, "Bearer abc"),
        ("oin", Credential("header", "Token  x=1"), None, "Token  x=1"),
        ("oin", Credential("basic", "p:w", "user"), None, BASIC),
        ("oin", Credential("bearer", "abc"), "oin-header", "abc"),
        ("oin", Credential("bearer", "abc"), "oin-bearer", "Bearer abc"),
        ("oin", Credential("bearer", "abc"), "oin-oauth2", "Bearer abc"),
        ("governance", Credential("header", "secret"), None, "secret"),
    ],
)
def test_a_credential_goes_out_as_the_mode_says(
    desk: Any,  # noqa: ANN401 # a factory
    dialect: str,
    credential: Credential,
    mode: str | None,
    wire: str,
) -> None:
    answer = (200, {"totalResults": 0, "Resources": []})
    seat = desk(answer, dialect=dialect, credential=credential, auth_mode=mode)
    assert authorization(seat) == wire


@pytest.mark.parametrize(
    ("dialect", "credential", "mode", "complaint"),
    [
        ("aiw", Credential("header", "Token abc"), None, "always put 'Bearer ' before the token"),
        ("aiw", Credential("header", "abc"), None, "always put 'Bearer ' before the token"),
        ("oin", Credential("cookie", "abc"), None, "bearer, header or basic, not 'cookie'"),
        ("oin", Credential("basic", "p", "u"), "oin-basic", "new OIN submissions cannot use Basic"),
        ("oin", Credential("bearer", "a"), "aiw-http-header", "does not exist in the dialect"),
        ("oin", Credential("bearer", "a"), "magic", "there is no mode 'magic'"),
        ("oin", Credential("bearer", "a"), "test-app-basic", "does not take a 'bearer'"),
        ("aiw", Credential("basic", "a", "u"), "aiw-oauth2", "does not take a 'basic'"),
        ("oin", Credential("bearer", "a\nb"), None, "a line break or another control character"),
        ("oin", Credential("bearer", "\N{SNOWMAN}"), None, "no HTTP header can carry"),
        ("dialup", Credential("bearer", "a"), None, "there is no dialect 'dialup'"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    dialect: str, credential: Credential, mode: str | None, complaint: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        PROFILE.start(dialect=dialect, credential=credential, auth_mode=mode)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"switches": {"blank": "plus"}}, "there is no switch 'blank'; did you mean 'blanks'?"),
        ({"switches": {"blanks": "tabs"}}, "has no value 'tabs'; known: percent, plus"),
        ({"switches": {"member_chunk": "99"}}, "goes from 100 to 1000, not '99'"),
        ({"switches": {"member_chunk": "1001"}}, "goes from 100 to 1000"),
        ({"switches": {"member_chunk": "many"}}, "goes from 100 to 1000"),
        ({"toggles": {"create_user": False}}, "no toggle 'create_user'; did you mean"),
        ({"mapping": {"x": 1}}, "unknown key 'x'"),
    ],
)
def test_a_wrong_setting_is_refused_with_the_reason(settings: Any, complaint: str) -> None:  # noqa: ANN401 # keyword arguments
    with pytest.raises(ValueError, match=re.escape(complaint)):
        PROFILE.start(dialect="oin", credential=Credential("bearer", "a"), **settings)


def test_no_secret_is_in_a_printed_value() -> None:
    credential = Credential("bearer", "tops3cret")
    idp = PROFILE.start(dialect="oin", credential=credential)
    assert "tops3cret" not in repr(credential) + repr(idp) + repr(vars(idp))


def test_the_modes_are_those_of_the_sheet() -> None:
    assert [mode.key for mode in PROFILE.facts.auth_modes] == [one["id"] for one in FACTS["auth"]]


def test_every_open_point_of_the_sheet_is_a_switch() -> None:
    # The chunk and the overlay are open as well, though the list of the sheet has 11 points.
    assert len(FACTS["open_switches"]) == 11
    keys = {switch.key for switch in PROFILE.facts.switches}
    assert keys - {"member_chunk", "overlay"} == {
        "group_lookup",
        "members_in_post",
        "name_patch",
        "full_replace",
        "reassign",
        "password_patch",
        "cleared",
        "missing_user",
        "page_advance",
        "enterprise_urn",
        "blanks",
    }


def test_whoever_is_named_as_a_source_is_in_the_table_of_sources() -> None:
    facts = PROFILE.facts
    cited = {key for steps in STEPS.values() for step in steps for key in step.sources}
    for group in (facts.quirks, facts.never_sent, facts.auth_modes, facts.limits.values()):
        cited |= {key for one in group for key in one.sources}
    for scenario in PROFILE.scenarios.values():
        cited |= {key for variant in scenario.variants for key in variant.sources}
    assert cited <= set(facts.sources)


def test_a_step_is_no_surer_than_its_sources() -> None:
    order = ["doc", "test", "code", "wild", "inferred"]
    kinds = {key: source.kind for key, source in PROFILE.facts.sources.items()}
    for steps in STEPS.values():
        for step in steps:
            weakest = max((kinds[key] for key in step.sources), key=order.index)
            assert order.index(step.certainty) >= order.index(weakest), step


def test_quirks_and_what_is_never_sent_are_those_of_the_sheet() -> None:
    assert len(PROFILE.facts.never_sent) >= len(FACTS["never_sent"])
    assert len(PROFILE.facts.quirks) == 17


def test_every_scenario_belongs_to_a_feature_of_the_console() -> None:
    assert {one.feature for one in PROFILE.scenarios.values()} <= set(PROFILE.features)
    used = {one.feature for one in PROFILE.scenarios.values()}
    # The test files are requests of their own, and histories are made of many sequences.
    assert set(PROFILE.features) - used == {"Okta's own tests", "Histories"}


def test_variants_are_told_per_dialect() -> None:
    assert PROFILE.variants("create-user", "oin")[0].name == "default"
    assert PROFILE.variants("deactivate-user-aiw", "oin") == ()
    aiw = {one.name for one in PROFILE.variants("push-empty-group", "aiw")}
    assert aiw == {"default", "without-lookup"}


def test_the_requirements_relied_on_are_named_once_each_and_well_formed() -> None:
    ids = PROFILE.facts.relies_on
    assert len(ids) == len(set(ids)) > 50
    assert all(re.fullmatch(r"RFC764[34]-\d+(\.\d+)*-\d+", one) for one in ids)


def test_the_checklist_has_the_points_of_the_manual_plan() -> None:
    assert len(PROFILE.facts.checklist) == 16


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    assert "okta" in PROFILES
    known = ", ".join(PROFILES)
    with pytest.raises(ValueError, match=f"there is no profile 'zzz'; known: {known}"):
        load("zzz")


def test_no_vendor_is_named_in_shared_code_but_in_the_registry() -> None:
    folder = Path(str(idp_profiles.__file__)).parent
    named = [
        path.name
        for path in folder.glob("*.py")
        if re.search(r"okta", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert named == ["__init__.py"]

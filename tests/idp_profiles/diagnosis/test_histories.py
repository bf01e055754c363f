"""A log of a history that went wrong names the cause; a healthy one accuses nobody."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles.diagnosis.explaining import explain
from idp_profiles.diagnosis.model import Finding
from reference_server import deviations
from tests.idp_profiles.diagnosis.histories import HISTORIES
from tests.idp_profiles.diagnosis.histories import History
from tests.idp_profiles.diagnosis.logs import access_log
from tests.idp_profiles.diagnosis.logs import har
from tests.idp_profiles.diagnosis.logs import played
from tests.idp_profiles.diagnosis.logs import scene

BOTH = {"har": har, "access-log": access_log, "common": partial(access_log, combined=False)}


def found(history: History, path: Path, kind: str) -> list[Finding]:
    return list(explain(BOTH[kind](path / "log", history.play())).findings)


def named(cases: tuple[History, ...]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.parametrize("history", named(HISTORIES))
def test_a_har_names_the_cause_the_idp_and_the_step(history: History, tmp_path: Path) -> None:
    finding = found(history, tmp_path, "har")[0]
    assert (finding.cause, finding.idp, finding.replay.step) == (
        *(history.har, history.idp),
        history.step,
    )


@pytest.mark.parametrize("history", named(tuple(each for each in HISTORIES if each.access)))
def test_an_access_log_names_what_it_can_show(history: History, tmp_path: Path) -> None:
    finding = found(history, tmp_path, "access-log")[0]
    assert (finding.cause, finding.idp) == (history.access, history.idp)


@pytest.mark.parametrize("history", named(tuple(each for each in HISTORIES if not each.access)))
def test_what_needs_bodies_is_not_guessed_from_an_access_log(
    history: History, tmp_path: Path
) -> None:
    found_here = found(history, tmp_path, "access-log")
    assert history.har not in [each.cause for each in found_here]


def test_three_idps_and_both_formats_are_covered() -> None:
    har_of = {idp: {each.har for each in HISTORIES if each.idp == idp} for idp in _IDPS}
    access_of = {idp: {each.access for each in HISTORIES if each.idp == idp} for idp in _IDPS}
    assert all(len(causes) >= 5 for causes in har_of.values())
    assert all(len(causes - {None}) >= 4 for causes in access_of.values())


_IDPS = ("okta", "entra", "jumpcloud")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("name", PROFILES)
def test_a_healthy_log_of_every_scenario_accuses_nobody(
    name: str, kind: str, tmp_path: Path
) -> None:
    everything = []
    for scenario_id in load(name).scenarios:
        try:
            exchanges = played(name, scenario_id).mock.exchanges
        except ValueError:
            # The scenario needs a credential of another kind.
            continue
        everything += exchanges
        if exchanges:
            healthy = explain(BOTH[kind](tmp_path / "log", exchanges))
            assert healthy.findings == (), scenario_id
    whole = explain(BOTH[kind](tmp_path / "log", everything))
    assert whole.findings == ()
    assert whole.entries == len(everything) > 20


@pytest.mark.parametrize("name", ["okta", "entra", "jumpcloud"])
def test_a_healthy_dialect_of_another_kind_accuses_nobody(name: str, tmp_path: Path) -> None:
    profile = load(name)
    for dialect in profile.dialects:
        for scenario in profile.scenarios.values():
            if dialect.key not in scenario.dialects:
                continue
            for variant in profile.variants(scenario.id, dialect.key):
                settings = {"switches": variant.switches, "mapping": variant.mapping}
                try:
                    made = played(name, scenario.id, dialect=dialect.key, **settings)
                except ValueError:
                    continue
                if made.mock.exchanges:
                    log = explain(har(tmp_path / "log", made.mock.exchanges))
                    assert log.findings == (), (scenario.id, dialect.key, variant.name)


LEGAL = [name for name in deviations.names() if deviations.get(name).legal]


@pytest.mark.parametrize(
    ("name", "scenario_id"),
    [
        ("okta", "group-change-put"),
        ("entra", "disable-user-default"),
        ("jumpcloud", "update"),
    ],
)
def test_what_the_rfc_allows_is_no_cause_while_the_idp_goes_on(
    name: str, scenario_id: str, tmp_path: Path
) -> None:
    assert len(LEGAL) > 20
    for deviation in LEGAL:
        made, reached = scene(name, deviation), True
        with suppress(ValueError):
            reached = made.play(scenario_id)
        if reached:
            for write in (har, access_log):
                found = explain(write(tmp_path / "log", made.mock.exchanges)).findings
                assert [each.cause for each in found] == [], deviation


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("har", {"entra", "okta", "google", "authentik", "jumpcloud", "onelogin"}),
        ("access-log", {"entra", "okta", "google", "authentik", "onelogin"}),
        ("common", {"entra", "okta", "onelogin"}),
    ],
)
def test_who_speaks_is_certain_where_the_log_shows_enough(
    kind: str, expected: set[str], tmp_path: Path
) -> None:
    certain = set()
    for name in PROFILES:
        everything = [e for scenario in _SOME[name] for e in played(name, scenario).mock.exchanges]
        (said,) = explain(BOTH[kind](tmp_path / "log", everything)).recognised
        assert said.idp in (name, "") or kind == "common"
        if said.sure == "certain":
            assert said.idp == name
            certain.add(name)
    assert certain == expected


_SOME = {
    "okta": ("test-credentials", "create-user", "group-change-put"),
    "jumpcloud": ("provision-new", "update"),
    "entra": ("test-connection", "create-user", "group-add-member-default"),
    "google": ("probe", "provision-new"),
    "onelogin": ("enable", "provision-new"),
    "authentik": ("user-create", "user-update"),
    "keycloak": ("user-create", "group-create", "user-update"),
}


def test_two_senders_in_one_log_are_told_apart(tmp_path: Path) -> None:
    healthy = played("okta", "create-user").mock.exchanges
    broken = played("entra", "create-user", "empty-search-404").mock.exchanges
    told = explain(access_log(tmp_path / "log", [*healthy, *broken]))
    assert {each.idp for each in told.recognised} == {"okta", "entra"}
    assert [(each.idp, each.cause) for each in told.findings] == [("entra", "lookup-404")]


def test_what_the_user_says_of_the_idp_is_believed(tmp_path: Path) -> None:
    broken = played("jumpcloud", "provision-new", "empty-search-404").mock.exchanges
    told = explain(access_log(tmp_path / "log", broken), idp="google")
    assert told.findings[0].idp == "google"
    assert told.findings[0].replay.scenario == "provision-new"

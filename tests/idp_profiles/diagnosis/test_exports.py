"""The logs that Entra and Okta export: read, explained, and never repeated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from idp_profiles.diagnosis.explaining import explain
from idp_profiles.diagnosis.exports import known
from idp_profiles.diagnosis.formats import read_log
from idp_profiles.diagnosis.model import Diagnosis
from idp_profiles.diagnosis.model import Sure
from idp_profiles.diagnosis.moves import WORDS
from idp_profiles.entra.console import DUPLICATES
from idp_profiles.entra.console import TIMEOUT
from idp_profiles.entra.console import TOO_MANY

NAME = "Ingeborg Unverwechselbar"
MAIL = "ingeborg@unverwechselbar.example"
ID = "7c1e0a2b-0000-4444-8888-1234567890ab"


def entra_event(
    action: str, status: str, code: str = "", reason: str = "", kind: str = "User", step: str = ""
) -> dict[str, Any]:
    """Return one record as Graph and the portal's download have it, with invented contents."""
    problem = {"errorCode": code, "reason": reason, "additionalDetails": None} if code else None
    steps = [{"name": "EntryImportAdd", "provisioningStepType": "import", "status": "success"}]
    if step:
        steps.append({"name": "Entry", "provisioningStepType": step, "status": "failure"})
    return {
        "id": ID,
        "activityDateTime": "2026-11-22T09:41:07.1234567Z",
        "jobId": "scim.0000.1111",
        "cycleId": ID,
        "changeId": ID,
        "provisioningAction": action,
        "provisioningStatusInfo": {"status": status, "errorInformation": problem},
        "provisioningSteps": steps,
        "sourceIdentity": {"id": ID, "displayName": NAME, "identityType": kind},
        "targetIdentity": {"id": "", "displayName": "", "identityType": kind},
        "modifiedProperties": [{"displayName": "mail", "oldValue": None, "newValue": MAIL}],
    }


def okta_event(event_type: str, result: str, reason: str = "") -> dict[str, Any]:
    """Return one event as the System Log has it, with invented contents."""
    return {
        "uuid": ID,
        "published": "2026-11-22T09:41:07.123Z",
        "eventType": event_type,
        "severity": "WARN",
        "displayMessage": f"Push new user {NAME} to external application",
        "actor": {"id": "00uActor", "type": "User", "alternateId": MAIL, "displayName": NAME},
        "outcome": {"result": result, "reason": reason},
        "target": [
            {"id": "0oaApp", "type": "AppInstance", "displayName": "Rocket"},
            {"id": "00uPerson", "type": "User", "alternateId": MAIL, "displayName": NAME},
        ],
        "debugContext": {"debugData": {"requestUri": "/x"}},
    }


def written(path: Path, records: object) -> Path:
    path = path / "export.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def explained(path: Path, records: object) -> Diagnosis:
    return explain(written(path, records))


SAID = "StatusCode: {}, the application said that {} is odd"


@pytest.mark.parametrize(
    ("record", "cause", "scenario"),
    [
        (("create", "failure", "ContosoEntryConflict"), "conflict", "create-user"),
        (
            ("create", "failure", "SystemForCrossDomainIdentityManagementBadRequest"),
            *("create-refused", "create-user"),
        ),
        (
            ("disable", "failure", "SystemForCrossDomainIdentityManagementBadRequest"),
            *("text-boolean", "disable-user-default"),
        ),
        (("other", "failure", "InvalidCredentials"), "credentials-wrong", ""),
        (("update", "failure", TOO_MANY.name), "rate-limited", "disable-user-default"),
        (("update", "failure", TIMEOUT.name), "timed-out", "disable-user-default"),
        (("update", "failure", "InvalidAnchor"), "gone", "disable-user-default"),
        (("update", "failure", "MethodNotAllowed"), "method-refused", "disable-user-default"),
        (("create", "failure", DUPLICATES.name), "finds-strangers", "create-user"),
        (("create", "failure", "InternalServerError"), "server-error", "create-user"),
        (("create", "failure", "SomethingNew"), "unexplained", "create-user"),
    ],
)
def test_a_failure_in_entras_log_names_its_cause(
    record: tuple[str, ...], cause: str, scenario: str, tmp_path: Path
) -> None:
    found = explained(tmp_path, {"value": [entra_event(*record)]})
    assert [each.idp for each in found.recognised] == ["entra"]
    assert [(each.cause, each.replay.scenario) for each in found.findings] == [(cause, scenario)]


def test_a_failed_matching_in_entras_log_is_a_look_up(tmp_path: Path) -> None:
    code = "SystemForCrossDomainIdentityManagementServiceIncompatible"
    event = entra_event("create", "failure", code, SAID.format("NotFound", NAME), step="matching")
    (finding,) = explained(tmp_path, [event]).findings
    assert (finding.cause, finding.replay.step) == ("list-malformed", "look up the user")
    lost = entra_event("create", "failure", "EntryNotFound", "", step="matching")
    (finding,) = explained(tmp_path, [lost]).findings
    assert (finding.cause, finding.replay.step) == ("lookup-404", "look up the user")


def test_a_group_in_entras_log_is_a_group(tmp_path: Path) -> None:
    event = entra_event("create", "failure", "EntryConflict", "", "Group", "export")
    (finding,) = explained(tmp_path, [event]).findings
    assert (finding.move, finding.replay.scenario) == ("create-group", "create-group")
    assert "group-1" in finding.shown[0]


def test_the_same_failure_of_many_people_is_one_finding(tmp_path: Path) -> None:
    events = [entra_event("create", "failure", "EntryConflict") for _ in range(7)]
    (finding,) = explained(tmp_path, events).findings
    assert finding.times == 7


@pytest.mark.parametrize(
    ("event_type", "reason", "cause", "step"),
    [
        (
            "application.provision.user.push",
            "Automatic provisioning of user x to app y failed: Conflict. Errors reported by",
            *("conflict", "create the user"),
        ),
        (
            "application.provision.user.push",
            "Error while creating user x: Bad Request. Errors reported by remote server: no",
            *("create-refused", "create the user"),
        ),
        (
            "application.provision.user.push",
            "Create new user returned empty user.",
            *("create-unreadable", "create the user"),
        ),
        (
            "application.provision.user.verify_exists",
            "Error while verifying if user x exists: Unauthorized. Errors reported by",
            *("credentials-wrong", "look up the user"),
        ),
        (
            "application.provision.user.verify_exists",
            "failed: Invalid JSON: Unrecognized token '<' ... line: 1, column: 2",
            *("gateway-page", "look up the user"),
        ),
        (
            "application.provision.user.verify_exists",
            "Internal Server Error. Errors reported by remote server",
            *("lookup-fails", "look up the user"),
        ),
        (
            "application.provision.user.deactivate",
            "Not Implemented. Errors reported by remote server",
            *("method-refused", "deactivate the user"),
        ),
        (
            "application.provision.user.push_profile",
            "Not Found. Errors reported by remote server: no user",
            *("gone", "replace the user"),
        ),
        (
            "application.provision.group_membership.add",
            "Read timed out",
            *("timed-out", "change members"),
        ),
        ("application.integration.rate_limit_exceeded", "", "rate-limited", ""),
        ("application.provision.user.reactivate", "odd", "unexplained", "activate the user"),
    ],
)
def test_a_failure_in_oktas_log_names_its_cause(
    event_type: str, reason: str, cause: str, step: str, tmp_path: Path
) -> None:
    found = explained(tmp_path, [okta_event(event_type, "FAILURE", reason)])
    assert [(each.cause, each.replay.step) for each in found.findings] == [(cause, step)]
    assert [each.idp for each in found.recognised] == ["okta"]


@pytest.mark.parametrize(
    "records",
    [
        [entra_event("create", "success"), entra_event("update", "skipped")],
        [entra_event("create", "skipped", "NotEffectivelyEntitled", "not assigned")],
        [
            okta_event("application.provision.user.push", "SUCCESS"),
            okta_event("application.provision.user.deactivate", "SKIPPED"),
        ],
    ],
)
def test_a_log_of_successes_accuses_nobody(records: object, tmp_path: Path) -> None:
    assert explained(tmp_path, records).findings == ()


def test_what_is_no_provisioning_is_left_aside(tmp_path: Path) -> None:
    login = okta_event("user.session.start", "FAILURE", "INVALID_CREDENTIALS")
    push = okta_event("application.provision.user.push", "SUCCESS")
    found = explained(tmp_path, [login, push])
    assert (found.entries, found.others, found.findings) == (1, 1, ())


def test_records_one_on_a_line_and_wrapped_ones_are_read(tmp_path: Path) -> None:
    event = entra_event("create", "failure", "EntryConflict")
    lines = [{"category": "ProvisioningLogs", "properties": event}, event]
    path = tmp_path / "lines.json"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (finding,) = explain(path).findings
    assert (finding.cause, finding.times) == ("conflict", 2)


CSV = """{mark}Date (UTC){d}Job ID{d}Cycle ID{d}Change ID{d}Action{d}Source ID{d}Status{d}Error code
2026-11-22T09:41:07Z{d}j{d}c{d}1{d}Create{d}{id}{d}Success{d}
2026-11-22T09:42:07Z{d}j{d}c{d}2{d}Create{d}{id}{d}Failure{d}EntryConflict
"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_of_entra_is_read(delimiter: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "ProvisioningLogs.csv"
    path.write_text(CSV.format(d=delimiter, id=ID, mark=""), encoding=encoding)
    found = explain(path)
    assert (found.format, found.entries) == ("entra-provisioning-log-csv", 2)
    (finding,) = found.findings
    assert (finding.cause, finding.replay.scenario, finding.entry) == ("conflict", "create-user", 3)


def test_a_csv_of_azure_monitor_is_read(tmp_path: Path) -> None:
    head = "TimeGenerated,JobId,CycleId,ProvisioningAction,ResultType,ResultSignature"
    row = f"2026-11-22T09:41:07Z,j,{ID},Disable,Failure,InternalServerError"
    (tmp_path / "log.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    (finding,) = explain(tmp_path / "log.csv").findings
    assert (finding.cause, finding.replay.scenario) == ("text-boolean", "disable-user-default")


def test_what_an_event_says_is_searched_and_not_shown(tmp_path: Path) -> None:
    reason = f"Conflict. {NAME} <{MAIL}> has {ID} already"
    events = [
        *(entra_event("create", "failure", f"{NAME}EntryConflict", reason),),
        entra_event("update", "failure", NAME, reason),
    ]
    told = repr(explained(tmp_path, events))
    for secret in (NAME, MAIL, ID, "Ingeborg", "unverwechselbar"):
        assert secret not in told
    assert "EntryConflict: creating user-1" in told


def test_the_words_of_oktas_console_are_used(tmp_path: Path) -> None:
    event = okta_event("application.provision.user.verify_exists", "FAILURE", "Unauthorized. x")
    (finding,) = explained(tmp_path, [event]).findings
    assert finding.console == (
        "Automatic provisioning of user user-1 to app (your application) failed: "
        "Error while verifying if user user-1 exists: Unauthorized."
    )
    assert finding.sure is Sure.LIKELY


def test_every_move_of_an_export_is_one_that_has_words() -> None:
    moves = {move for export in known() for _, move in export.moves}
    assert moves - set(WORDS) == {"other", "any"}


def test_events_are_put_in_order(tmp_path: Path) -> None:
    late, early = (
        okta_event("application.provision.user.push", "SUCCESS"),
        okta_event("application.provision.user.push", "SUCCESS"),
    )
    early["published"] = "2026-11-21T09:41:07.123Z"
    log = read_log(written(tmp_path, [late, early]))
    assert [event.number for event in log.events] == [2, 1]

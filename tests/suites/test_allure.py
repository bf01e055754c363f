"""What Allure is told of a real run, read back with Allure's own models."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allure_commons import model2  # as a module: pytest takes its TestResult for a class of tests
from allure_commons.types import Severity

from reports import Redactor
from reports import Result
from reports import Verdict
from suites.evidence import CaseLog
from suites.outcome.allure_labels import AllureLabels
from suites.outcome.allure_labels import _status
from suites.outcome.results import CaseRecord
from suites.requirements import by_id

PASSED, FAILED, WARNED = "OKTA-CONN-1", "OKTA-CREATE-1", "OKTA-MEM-4"
SKIPPED, WAIVED, UNDECIDED = "OKTA-MEM-7", "OKTA-CREATE-4", "OKTA-CREATE-2"
BY_RFC = "RFC7643-4.1.1-36"
WANTED = (PASSED, FAILED, WARNED, SKIPPED, WAIVED, UNDECIDED, BY_RFC)
DEVIATIONS = ("create-refuses-password", "members-pathless-replace-refused", "password-echoed")
WAIVER = {"requirement": WAIVED, "reason": "passwords are never ours", "expires": "2999-12-31"}


@dataclass(frozen=True)
class Told:
    """One run, and what Allure made of it."""

    done: Any
    server: Any
    directory: Path

    def results(self, requirement: str = "") -> list[model2.TestResult]:
        read = [read_result(path) for path in sorted(self.directory.glob("*-result.json"))]
        return [each for each in read if requirement in ("", *values(each, "story"))]

    def one(self, requirement: str) -> model2.TestResult:
        return self.results(requirement)[0]


def read_result(path: Path) -> model2.TestResult:
    """Return a result; a member that Allure does not know is an error."""
    data = json.loads(path.read_text(encoding="utf-8"))
    lists = {
        "labels": model2.Label,
        "links": model2.Link,
        "parameters": model2.Parameter,
        "attachments": model2.Attachment,
    }
    for name, kind in lists.items():
        data[name] = [kind(**each) for each in data.get(name, ())]
    if "statusDetails" in data:
        data["statusDetails"] = model2.StatusDetails(**data["statusDetails"])
    return model2.TestResult(**data)


def values(result: model2.TestResult, name: str) -> list[str]:
    return [label.value for label in result.labels if label.name == name]


@pytest.fixture(scope="module")
def told(
    command_in: Callable[[Path], Any],
    recording: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    token: str,
) -> Told:
    server = recording(*DEVIATIONS)
    folder = tmp_path_factory.mktemp("allure")
    only = [word for requirement in WANTED for word in ("--only", requirement)]
    done = command_in(folder).run(
        *(*only, "--url", server.url, "--alluredir", folder / "allure"),
        SCIM_TOKEN=token,
        SCIM_WAIVERS=json.dumps([WAIVER]),
    )
    return Told(done, server, folder / "allure")


def test_every_case_has_its_result(told: Told) -> None:
    found = {each["requirement"]: each["verdict"] for each in told.done.report["results"]}
    assert found == {
        PASSED: "pass",
        FAILED: "fail",
        WARNED: "warn",
        SKIPPED: "skip",
        WAIVED: "waived",
        UNDECIDED: "inconclusive",
        BY_RFC: "fail",
    }
    assert len(told.results()) == len(told.done.report["results"])


@pytest.mark.parametrize(
    ("requirement", "status"),
    [
        (PASSED, "passed"),
        (FAILED, "failed"),
        (WARNED, "passed"),
        (SKIPPED, "skipped"),
        (WAIVED, "skipped"),
        (UNDECIDED, "broken"),
        (BY_RFC, "failed"),
    ],
)
def test_the_status_follows_the_verdict(told: Told, requirement: str, status: str) -> None:
    assert {each.status for each in told.results(requirement)} == {status}


def test_the_trees_lead_from_the_suite_over_the_feature_to_the_requirement(told: Told) -> None:
    result = told.one(WARNED)
    places = {
        name: values(result, name)
        for name in ("epic", "feature", "story", "parentSuite", "suite", "subSuite")
    }
    assert places == {
        "epic": ["idp"],
        "feature": ["Okta: Push Groups: members"],
        "story": [WARNED],
        "parentSuite": ["idp"],
        "suite": ["Okta, oin"],
        "subSuite": ["Push Groups: members"],
    }
    assert values(told.one(BY_RFC), "epic") == ["protocol"]
    assert values(told.one(BY_RFC), "feature") == ["RFC 7643 section 4.1.1"]


def test_each_label_of_a_tree_is_there_once(told: Told) -> None:
    once = ("epic", "feature", "story", "severity", "parentSuite", "suite", "subSuite", "framework")
    for result in told.results():
        assert {name: len(values(result, name)) for name in once} == dict.fromkeys(once, 1)


def test_the_severity_comes_from_what_the_catalogue_makes_of_it(told: Told) -> None:
    assert values(told.one(FAILED), "severity") == [Severity.CRITICAL]
    assert values(told.one(WARNED), "severity") == [Severity.CRITICAL]
    levels = {tag for result in told.results() for tag in values(result, "tag")}
    assert {"NEEDS", "MUST"} <= levels


def test_the_labels_hold_what_to_search_by(told: Told) -> None:
    failed = told.one(WARNED)
    for name, value in {"idp": "okta", "dialect": "oin", "verdict": "warn"}.items():
        assert values(failed, name) == [value]
    (cause,) = values(failed, "cause")
    assert cause.startswith("C-")
    assert values(told.one(PASSED), "cause") == []


@pytest.mark.parametrize(
    ("requirement", "tag"), [(WARNED, "warn"), (WAIVED, "waived"), (UNDECIDED, "inconclusive")]
)
def test_what_is_neither_passed_nor_failed_is_tagged(
    told: Told, requirement: str, tag: str
) -> None:
    assert tag in values(told.one(requirement), "tag")
    assert tag not in values(told.one(FAILED), "tag")


def test_the_message_says_what_was_expected_and_what_came(told: Told) -> None:
    for requirement, head in ((FAILED, "expected: "), (WARNED, "warn: expected: ")):
        message = told.one(requirement).statusDetails.message
        assert message.startswith(head)
        assert "\nactual: " in message
    assert told.one(PASSED).statusDetails is None


def test_the_trace_tells_the_whole_failure(told: Told) -> None:
    trace = told.one(FAILED).statusDetails.trace
    for part in ("FAIL OKTA-CREATE-1 NEEDS", "exchange ", "hint: ", "reproduce: curl"):
        assert part in trace
    assert "Traceback" not in trace


def test_a_waived_case_is_known_and_says_why(told: Told) -> None:
    details = told.one(WAIVED).statusDetails
    assert details.known is True
    assert "passwords are never ours" in details.message
    assert "2999-12-31" in details.message


def test_a_skip_and_a_case_that_could_not_be_judged_say_why(told: Told) -> None:
    assert "gives every member a display" in told.one(SKIPPED).statusDetails.message
    message = told.one(UNDECIDED).statusDetails.message
    assert message.startswith("inconclusive: ")
    assert "blocked by OKTA-CREATE-1" in message


def test_the_links_lead_to_the_documents_of_the_idp_and_to_the_rfc(told: Told) -> None:
    addresses = [link.url for link in told.one(WARNED).links]
    assert any("okta" in each for each in addresses)
    assert any(each.startswith("https://www.rfc-editor.org/rfc/rfc7644#") for each in addresses)
    (link,) = told.one(BY_RFC).links
    assert link.url == "https://www.rfc-editor.org/rfc/rfc7643#section-4.1.1"
    assert all(link.name for result in told.results() for link in result.links)


def test_the_parameters_are_the_idp_and_its_dialect(told: Told) -> None:
    found = [(each.name, each.value) for each in told.one(WARNED).parameters]
    assert found == [("idp", "Okta"), ("dialect", "oin")]
    assert told.one(BY_RFC).parameters == []


def test_the_title_names_requirement_and_dialect(told: Told) -> None:
    assert told.one(WARNED).name.startswith(f"{WARNED} (oin): ")
    assert told.one(BY_RFC).name.startswith(f"{BY_RFC}: ")


def test_the_evidence_is_attached_and_every_attachment_is_there(told: Told) -> None:
    attached = {each.name: each for each in told.one(WARNED).attachments}
    first, second, *rest = attached
    assert (first, second.partition(" ")[0], rest) == ("curl", "exchange", ["exchanges"])
    curl, shown, exchanges = (
        (told.directory / each.source).read_text(encoding="utf-8") for each in attached.values()
    )
    assert curl.startswith("curl -i -X ")
    assert "$SCIM_TOKEN" in curl
    assert "\nstatus 400\n" in shown
    assert "PATCH /Groups/" in shown
    (found,) = [each for each in told.done.report["results"] if each["requirement"] == WARNED]
    assert json.loads(exchanges) == found["evidence"]
    named = {each.source for result in told.results() for each in result.attachments}
    assert named == {path.name for path in told.directory.glob("*-attachment.*")}
    kinds = {each.type for result in told.results() for each in result.attachments}
    assert kinds == {"text/plain", "application/json"}


def test_no_secret_is_in_a_file(told: Told, token: str) -> None:
    secrets = {token, *told.server.seen.passwords()}
    assert len(secrets) > 1
    assert any(
        secret.encode() in reply.body for secret in secrets for reply in told.server.seen.replies
    )
    for path in told.directory.iterdir():
        text = path.read_text(encoding="utf-8")
        escaped = {json.dumps(secret)[1:-1] for secret in secrets}
        assert [secret for secret in secrets | escaped if secret in text] == [], path.name


def test_what_a_fixture_raised_is_masked_and_has_no_traceback() -> None:
    case, result = pytest.StashKey[CaseRecord](), pytest.StashKey[Result]()
    labels = AllureLabels(case, result, strict=False)
    log = CaseLog("a case", Redactor(["s3cret-of-a-test"]), lambda line: None)
    record = CaseRecord(requirement=by_id(PASSED), suite="idp", title="It answers", log=log)
    item: Any = SimpleNamespace(stash={case: record})
    labels.pytest_runtest_protocol(item)
    details = model2.StatusDetails(
        message="Blocked: s3cret-of-a-test\x1b[2J", trace="s3cret-of-a-test"
    )
    step = model2.TestBeforeResult(name="bench", statusDetails=details)
    container = model2.TestResultContainer(befores=[step, model2.TestBeforeResult(name="look")])
    labels.report_container(container)
    assert step.statusDetails == model2.StatusDetails(message="Blocked: [redacted]\\x1b[2J")
    assert container.befores[1].statusDetails is None


def test_the_tests_of_others_are_left_as_allure_has_them() -> None:
    labels = AllureLabels(pytest.StashKey(), pytest.StashKey(), strict=False)
    for item in (None, SimpleNamespace(stash={})):
        labels._item = item  # type: ignore[assignment]  # all it reads
        result = model2.TestResult(name="test_mine", status="passed")
        labels.report_result(result)
        labels.report_container(model2.TestResultContainer())
        assert result == model2.TestResult(name="test_mine", status="passed")


@pytest.mark.parametrize(("strict", "status"), [(True, "failed"), (False, "passed")])
def test_a_warning_fails_where_it_fails_the_run(strict: bool, status: str) -> None:
    warned = Result(
        case="a",
        requirement=PASSED,
        level="NEEDS",
        suite="idp",
        title="It answers",
        verdict=Verdict.WARN,
    )
    assert _status(warned, strict=strict) == status

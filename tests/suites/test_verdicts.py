from __future__ import annotations

import re

import pytest

from idp_profiles.model import Credential
from idp_profiles.model import Reply
from reports import Redactor
from reports import Verdict
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.outcome.results import CaseRecord
from suites.outcome.results import finding_of
from suites.outcome.results import links_of
from suites.outcome.results import message
from suites.outcome.results import result_of
from suites.requirements import Requirement
from suites.target.model import Target
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered
from suites.verdicts import judge

SECRET = "hush-hush-hush"  # noqa: S105 - made up


def requirement(judgement: str = "fail", **more: object) -> Requirement:
    settings: dict[str, object] = {
        "id": "X-1",
        "level": "MUST",
        "wording": "The server answers.",
        "document": "1",
        **more,
    }
    return Requirement(judgement=judgement, **settings)  # type: ignore[arg-type]  # a test's short way


def mismatch(at_most: Verdict | None = None) -> Mismatch:
    return Mismatch(expected="status 201", actual="500", at_most=at_most)


@pytest.mark.parametrize(
    ("judgement", "at_most", "verdict"),
    [
        ("fail", None, Verdict.FAIL),
        ("fail", Verdict.FAIL, Verdict.FAIL),
        ("fail", Verdict.WARN, Verdict.WARN),
        ("warn", None, Verdict.WARN),
        ("warn", Verdict.FAIL, Verdict.WARN),
        ("warn", Verdict.WARN, Verdict.WARN),
        ("note", None, Verdict.PASS),
        ("note", Verdict.WARN, Verdict.PASS),
    ],
)
def test_the_catalogue_decides_what_a_mismatch_is(
    judgement: str, at_most: Verdict | None, verdict: Verdict
) -> None:
    assert judge(requirement(judgement), mismatch(at_most)).verdict is verdict


@pytest.mark.parametrize(
    ("rfc", "verdict"),
    [("asks", Verdict.FAIL), ("beyond", Verdict.WARN), ("open", Verdict.WARN)],
)
def test_on_assumed_traffic_only_what_the_rfc_asks_for_as_well_fails(
    rfc: str, verdict: Verdict
) -> None:
    judged = judge(requirement("fail", rfc=rfc), mismatch(), assumed=True)
    assert judged.verdict is verdict
    assert bool(judged.notes) is (verdict is Verdict.WARN)
    assert judge(requirement("fail", rfc=rfc), mismatch()).verdict is Verdict.FAIL


def test_an_idp_that_no_known_form_lets_through_is_stopped_whatever_is_assumed() -> None:
    problem = mismatch()
    problem.every_form = True
    assert judge(requirement("fail", rfc="beyond"), problem, assumed=True).verdict is Verdict.FAIL


def test_a_note_says_what_was_seen() -> None:
    judged = judge(requirement("note"), mismatch())
    assert judged.notes == ("not followed, and need not be: expected status 201, got 500",)


def test_a_verdict_has_no_note_of_its_own() -> None:
    assert judge(requirement("fail"), mismatch()).notes == ()


@pytest.mark.parametrize(
    ("problem", "verdict", "actual"),
    [
        pytest.param(None, Verdict.PASS, None, id="nothing raised"),
        pytest.param(mismatch(), Verdict.FAIL, "500", id="mismatch"),
        pytest.param(Blocked("in the way"), Verdict.INCONCLUSIVE, "in the way", id="blocked"),
        pytest.param(NotOffered("no groups"), Verdict.SKIP, "no groups", id="not offered"),
        pytest.param(pytest.skip.Exception("not today"), Verdict.SKIP, "not today", id="own skip"),
        pytest.param(KeyError("id"), Verdict.ERROR, "KeyError: 'id'", id="our bug"),
        pytest.param(AssertionError("x"), Verdict.ERROR, "AssertionError: x", id="bare assert"),
        pytest.param(OSError("disk"), Verdict.ERROR, "OSError: disk", id="our disk"),
    ],
)
def test_what_was_raised_decides_the_verdict(
    problem: BaseException | None, verdict: Verdict, actual: str | None
) -> None:
    finding = finding_of(record(), raised(problem))
    assert finding.verdict is verdict
    assert str(finding.actual or "").startswith(actual or "")


def raised(problem: BaseException | None) -> BaseException | None:
    """Return a problem with a traceback, as it comes out of a case."""
    try:
        if problem is not None:
            raise problem
    except BaseException as caught:
        return caught
    return None


def test_our_own_bug_says_where() -> None:
    finding = finding_of(record(), raised(KeyError("id")))
    assert re.fullmatch(r"KeyError: 'id' \(test_verdicts\.py:\d+\)", str(finding.actual))


def test_a_blocked_case_names_its_judge() -> None:
    finding = finding_of(record(), Blocked("in the way", by="OKTA-CREATE-1"))
    assert finding.blocked_by == "OKTA-CREATE-1"


def test_the_consequence_of_the_mismatch_goes_before_the_catalogue() -> None:
    known = record(consequence="in general")
    special = Mismatch(expected="a", actual="b", consequence="here")
    assert finding_of(known, special).consequence == "here"
    assert finding_of(known, mismatch()).consequence == "in general"


def record(judgement: str = "fail", **more: object) -> CaseRecord:
    return CaseRecord(requirement=requirement(judgement, **more), suite="idp", title="It answers")


def full_record() -> CaseRecord:
    """A record with one exchange and texts that hold the secret."""
    log = CaseLog("case", Redactor([SECRET]), lambda line: None)
    log.record(
        RawExchange(
            method="POST",
            target="/Users",
            headers=(("Authorization", f"Bearer {SECRET}"), ("Content-Type", "application/json")),
            body=b'{"userName": "o\'brien"}',
            reply=Reply(500, body=SECRET.encode()),
        )
    )
    log.notes.append(f"saw {SECRET}")
    credential = Credential(kind="bearer", secret=SECRET)
    known = record(hint="Look into the log.", link="https://example.com/doc", consequence="It ends")
    known.log, known.target = log, Target(url="https://example.com/v2", credential=credential)
    return known


def test_a_failed_result_tells_what_is_needed_to_act_on_it() -> None:
    known = full_record()
    assert known.log is not None
    wrong = Mismatch(expected="status 201", actual=f"500 {SECRET}", entry=known.log.last())
    result = result_of("case", known, finding_of(known, wrong), 0.1)
    said = message(result)
    for part in (
        "FAIL X-1 MUST  It answers",
        "expected status 201, got 500 [redacted]",
        "exchange 1 of 1: POST /Users -> 500",
        "then: It ends",
        "hint: Look into the log.",
        "reproduce: curl -i -X POST https://example.com/v2/Users",
        '-H "Authorization: Bearer $SCIM_TOKEN"',
        "source: https://example.com/doc",
    ):
        assert part in said
    assert result.notes == ("saw [redacted]",)
    assert SECRET not in str(result)


def test_a_passed_result_gives_no_advice() -> None:
    result = result_of("case", full_record(), finding_of(full_record(), None), 0.1)
    assert (result.hint, result.reproduce) == (None, None)


def test_an_inconclusive_result_says_by_what_it_is_blocked() -> None:
    known = full_record()
    finding = finding_of(known, Blocked("in the way", by="X-2"))
    said = message(result_of("case", known, finding, 0.1))
    assert said.startswith("INCONCLUSIVE X-1 MUST  It answers\n  in the way\n  blocked by: X-2")


def test_sources_of_an_idp_are_told_with_title_and_place() -> None:
    (link,) = links_of(requirement(idp="okta", sources=("rostr",)))
    title, _, place = link.partition(": ")
    assert title
    assert place


def test_a_requirement_of_an_rfc_without_link_has_none() -> None:
    assert links_of(requirement()) == ()

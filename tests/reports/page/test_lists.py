from __future__ import annotations

from collections.abc import Callable

from reports import Json
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from tests.reports.page.parsed import ReadPage

MakeResult = Callable[..., Result]


def test_a_skip_gives_its_reason_once_for_all_cases(page: ReadPage, result: MakeResult) -> None:
    noted = [result(Verdict.SKIP, case=str(n), notes=("bulk is not announced",)) for n in range(9)]
    said = result(Verdict.SKIP, case="b", actual="no display was ever null")
    text = page(*noted, said).text
    assert text.count("bulk is not announced") == 1
    assert text.count("no display was ever null") == 1


def test_what_could_not_be_judged_stands_under_its_blocker(
    page: ReadPage, result: MakeResult
) -> None:
    blocker = result(requirement="OKTA-CONN-1", case="x")
    blocked = [
        result(Verdict.INCONCLUSIVE, case=str(n), blocked_by="OKTA-CONN-1") for n in range(5)
    ]
    found = page(blocker, *blocked)
    assert found.text.count("Show what stands in the way") == 1
    assert "#OKTA-CONN-1" in found.values("href")


def test_a_waiver_says_who_accepted_what_until_when(page: ReadPage, result: MakeResult) -> None:
    waiver: Json = {
        "reason": "Mended in 4.2",
        "owner": "Ada",
        "link": "https://tickets.example/7",
        "expires": "2027-01-31",
    }
    other = {**waiver, "owner": "Grace"}
    found = page(
        result(Verdict.WAIVED, case="a", waiver=waiver),
        result(Verdict.WAIVED, case="b", waiver=waiver),
        result(Verdict.WAIVED, case="c", waiver=other),
    )
    assert found.text.count("Mended in 4.2") == 2
    assert "Owner: Ada" in found.text
    assert "Owner: Grace" in found.text
    assert "Expires: 2027-01-31" in found.text
    assert "https://tickets.example/7" in found.values("href")
    assert "3 known failures are waived." in found.text


def test_a_waiver_cannot_bring_a_link_that_runs_something(
    page: ReadPage, result: MakeResult
) -> None:
    waiver: Json = {"reason": "x", "link": "javascript:window.pwned=1"}
    found = page(result(Verdict.WAIVED, waiver=waiver))
    assert "javascript:window.pwned=1" in found.text
    assert not any(href.startswith("javascript") for href in found.values("href"))


def test_an_error_says_that_it_is_ours(page: ReadPage, result: MakeResult) -> None:
    text = page(result(Verdict.ERROR, actual="KeyError: 'x'")).text
    assert "scimproof itself went wrong here" in text
    assert "KeyError: 'x'" in text


def test_what_passed_stands_under_its_identity_provider(page: ReadPage, result: MakeResult) -> None:
    found = page(result(case="a", idp="okta"), result(case="b", suite="security"))
    groups = [attrs for tag, attrs in found.elements if attrs.get("class") == "group"]
    assert len(groups) == 2


def test_the_coverage_tells_what_was_not_checked_and_why(
    page: ReadPage, result: MakeResult
) -> None:
    coverage: Json = {
        "checked": ["RFC7644-3.5.2-3"],
        "skipped": {"RFC7644-3.7-1": "bulk is not announced"},
        "not_checkable": {"RFC7644-3.5.2-9": "only a person can tell"},
        "something_new": ["a", "b"],
    }
    found = page(result(requirement="RFC7644-3.5.2-3"), coverage=coverage)
    assert "1 of 2 checked" in found.text
    assert "only a person can tell" in found.text
    assert "something new" in found.text
    assert "RFC7644-3.5.2-9" in found.values("id")
    # What was checked is linked to its result, which has the id already.
    assert found.values("id").count("RFC7644-3.5.2-3") == 1
    assert "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2" in found.values("href")


def test_the_run_tells_what_somebody_needs_to_repeat_it(page: ReadPage) -> None:
    run = Run(
        id="adce20",
        version="0.1.0",
        started="2026-11-22T16:10:43+00:00",
        seconds=77,
        seed=4711,
        options={"idp": ["okta", "entra"], "strict": False},
        versions={"catalogue": "2026-11-01", "profiles": {"okta": "7"}},
    )
    target = Target(url="http://x/", capabilities={"bulk": {"value": True, "origin": "announced"}})
    transcript: Json = {"file": "transcript.jsonl", "sha256": "ab12", "lines": 7}
    text = page(
        run=run, target=target, transcript=transcript, created=9, left_behind=({"id": "u1"},)
    ).text
    for wanted in ("adce20", "4711", "1 min 17 s", "okta, entra", "profiles okta", "ab12", "u1"):
        assert wanted in text
    assert "--idp okta --idp entra" in text
    assert "strict" not in text
    assert "announced" in text

from __future__ import annotations

from collections.abc import Callable

from reports import Json
from reports import Report
from reports import Result
from reports import Verdict
from reports import causes
from tests.reports.page.parsed import Page
from tests.reports.page.parsed import ReadPage

MakeResult = Callable[..., Result]
MakeExchange = Callable[..., dict[str, Json]]


# Every field of a finding, and what the page makes of it.
TEXTS = {
    "expected": "status 200",
    "actual": "status 400",
    "consequence": "This group stops.",
    "hint": "Accept it.",
    "reproduce": "curl -X PATCH",
}
SHOWN = (
    *TEXTS.values(),
    *("A source", "RFC 7644, section 3.5.2", "one note", "inference only"),
    *("A pushed group takes its new name", "OKTA-PUSH-2"),
    "The RFC does not ask for this, so this alone is no violation.",
    *("PATCH /Groups/81", "HTTP 400 after 3 ms", "2 of 3", '"Sales"', '"id is readOnly"'),
    *("Accept: application/scim+json", "no reply: connection reset"),
)
LINKS = (
    "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
    "A source: https://example.com/a?b=c",
)


def test_a_failure_shows_everything_that_a_reader_needs(
    page: ReadPage, result: MakeResult, exchange: MakeExchange
) -> None:
    failed = result(
        Verdict.FAIL,
        idp="okta",
        rfc="beyond",
        certainty="inferred",
        notes=("one note",),
        evidence=(exchange(), exchange(response=None, error="connection reset", n=3)),
        links=LINKS,
        **TEXTS,
    )
    found = page(failed)
    assert [wanted for wanted in SHOWN if wanted not in found.text] == []
    assert {LINKS[0], "https://example.com/a?b=c"} <= set(found.values("href"))


def test_the_words_of_the_server_stand_above_how_to_mend_it(
    page: ReadPage, result: MakeResult, exchange: MakeExchange
) -> None:
    text = page(result(Verdict.FAIL, hint="Accept it.", evidence=(exchange(),))).text
    assert text.index("The server said") < text.index("id is readOnly") < text.index("Accept it.")


def test_one_cause_is_one_entry_with_every_case_behind_it(
    broken_page: Page, broken: Report
) -> None:
    found = broken_page
    expected = causes(broken)
    articles = [attrs for tag, attrs in found.elements if tag == "article"]
    assert [attrs["id"] for attrs in articles] == [
        each.id for each in sorted(expected, key=lambda cause: cause.verdict is not Verdict.FAIL)
    ]
    cases = [attrs for tag, attrs in found.elements if tag == "details" and "data-v" in attrs]
    assert len(cases) == sum(len(each.results) for each in expected)


def test_failures_stand_before_mere_warnings(
    page: ReadPage, result: MakeResult, exchange: MakeExchange
) -> None:
    warned = result(Verdict.WARN, idp="okta", evidence=(exchange(),))
    removal = exchange(request={"method": "DELETE", "target": "/Users/1"})
    failed = result(Verdict.FAIL, requirement="RFC7644-3.6-1", evidence=(removal,))
    text = page(warned, failed).text
    assert text.index("What fails") < text.index("RFC7644-3.6-1") < text.rindex("Warnings")


def test_a_finding_about_the_rfc_says_what_it_breaks_for_identity_providers(
    page: ReadPage, result: MakeResult
) -> None:
    of_the_rfc = result(Verdict.FAIL, requirement="RFC7644-3.5.2-1")
    stopped = result(Verdict.FAIL, idp="okta", rfc="asks", rests_on=("RFC7644-3.5.2-1",))
    found = page(of_the_rfc, stopped)
    assert "Breaks for identity providers" in found.text
    assert "The RFC asks for the same, and is broken (RFC7644-3.5.2-1 fails here)." in found.text


def test_a_case_with_many_exchanges_shows_the_last_and_counts_the_rest(
    page: ReadPage, result: MakeResult, exchange: MakeExchange
) -> None:
    many = tuple(exchange(n=n, of=1000, shows=n == 1000) for n in range(1, 1001))
    found = page(result(Verdict.FAIL, evidence=many))
    assert found.text.count(" of 1000") < 100
    assert "1000 of 1000" in found.text
    assert "970 more in report.json" in found.text


def test_a_case_behind_a_cause_shows_the_write_and_what_shows_the_finding(
    page: ReadPage, result: MakeResult, exchange: MakeExchange
) -> None:
    def sent(method: str, target: str, *, shows: bool = False) -> dict[str, Json]:
        return exchange(request={"method": method, "target": target}, shows=shows)

    evidence = (
        sent("POST", "/Groups"),
        sent("DELETE", "/Groups/7"),
        sent("GET", "/Groups"),
        sent("GET", "/Groups/7", shows=True),
    )
    found = page(*(result(Verdict.FAIL, case=case, evidence=evidence) for case in "abc"))
    assert len([1 for tag, _ in found.elements if tag == "article"]) == 1
    summaries = found.text.count("DELETE /Groups/7"), found.text.count("POST /Groups")
    assert summaries[0] >= 6  # in all three: on the line, and as the first line of the request
    assert "2 more in report.json." in found.text


def test_the_command_is_shown_as_it_is_to_be_typed(page: ReadPage, result: MakeResult) -> None:
    command = """curl -d '{"a": "<b> & \\"c\\""}' "$SCIM_TOKEN" """.strip()
    assert command in page(result(Verdict.FAIL, reproduce=command)).text

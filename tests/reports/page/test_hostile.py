"""What a target says can do nothing to the page; the browser's part is in test_attacks."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from reports import Claim
from reports import Contradiction
from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Outcome
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports import render_html
from tests.reports.page.hostile import FIELDS
from tests.reports.page.hostile import HOSTILE
from tests.reports.page.hostile import hostile_report
from tests.reports.page.parsed import Page
from tests.reports.page.parsed import ReadPage

MakeResult = Callable[..., Result]
MakeExchange = Callable[..., dict[str, Json]]
UNSEEN = "\x00\x1b[31m\u202egnp.exe\u2066\u200b\ud800\ufffe"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_hostile_texts_in_any_field_are_shown_and_do_nothing(verdict: Verdict) -> None:
    page = Page(render_html(hostile_report(HOSTILE, verdict)))
    scripts = [tag for tag in page.tags if tag in ("script", "img", "iframe")]
    assert scripts == ["script"]
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [each for _, attrs in page.elements for each in attrs if each.startswith("on")]
    assert all(href.startswith(("#", "https://")) for href in page.values("href"))
    assert not page.unbalanced
    assert "<script>window.pwned=1</script>" in page.text
    assert "{{ 7*7 }}" in page.text


@pytest.mark.parametrize("status", [400, 500])
def test_hostile_words_of_a_server_are_shown_and_do_nothing(
    page: ReadPage, result: MakeResult, exchange: MakeExchange, status: int
) -> None:
    said: Json = {"status": status, "headers": [["Date", HOSTILE]], "body": {"detail": HOSTILE}}
    sent: Json = {"method": HOSTILE, "target": HOSTILE, "headers": [], "body": None}
    shown = exchange(request=sent, response=said)
    found = page(result(Verdict.FAIL, hint="Mend it.", evidence=(shown,)))
    assert sum(tag in ("script", "img", "iframe") for tag, _ in found.elements) == 1
    assert not [each for _, attrs in found.elements for each in attrs if each.startswith("on")]
    assert not found.unbalanced
    assert "The server said" in found.text


def test_no_text_of_a_target_becomes_an_id_or_a_class() -> None:
    page = Page(render_html(hostile_report(HOSTILE, Verdict.FAIL)))
    for attribute in ("id", "class", "style", "data-i", "data-l", "data-a", "data-v"):
        assert not any("pwned" in value for value in page.values(attribute))


@pytest.mark.parametrize(
    "name", ["__proto__", "constructor", "top", "search", 'C-x"><img src=x>', "x" * 10_000, ""]
)
def test_names_that_a_script_could_stumble_over_are_mere_names(
    page: ReadPage, result: MakeResult, name: str
) -> None:
    given = dict.fromkeys(FIELDS, name)
    summary = IdpSummary(
        idp=name,
        title=name,
        dialect=name,
        dialect_title=name,
        verdict=None,
        features=(Feature(name=name, verdict=None, label=name, results=(name,)),),
    )
    found = page(result(Verdict.FAIL, **given), result(**given), idps=(summary,))
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert "entry-1" in ids
    assert "img" not in found.tags


def test_characters_that_nobody_can_see_become_visible(
    result: MakeResult, report: Callable[..., Report]
) -> None:
    text = render_html(report(result(Verdict.FAIL, actual=UNSEEN, title=UNSEEN)))
    assert not set(UNSEEN) & set(text) - set("[31mgnp.exe")
    assert "\\u202egnp.exe" in text
    text.encode("utf-8")


def test_a_megabyte_in_every_place_stays_a_small_page(
    result: MakeResult, report: Callable[..., Report], exchange: MakeExchange
) -> None:
    huge = "x" * 1_000_000
    message: Json = {"method": "PUT", "target": huge, "body": {"a": huge}, "headers": [["a", huge]]}
    one = result(
        Verdict.FAIL,
        **dict.fromkeys(FIELDS, huge),
        evidence=(exchange(request=message, response={"status": 200, "body": huge}),),
    )
    run = Run(id=huge, version=huge, started=huge, seconds=1, seed=1, options={huge: huge})
    target = Target(url=huge, software=huge, capabilities={huge: huge})
    text = render_html(report(one, run=run, target=target, coverage={"checked": [huge]}))
    assert len(text) < 300_000
    assert "characters more)" in text


def test_300_findings_of_many_large_exchanges_stay_some_megabytes(
    result: MakeResult, report: Callable[..., Report], exchange: MakeExchange
) -> None:
    body: Json = {"members": [{"value": str(n)} for n in range(100)]}
    evidence = tuple(
        exchange(n=n, response={"status": 200, "body": body}, shows=n == 9) for n in range(10)
    )
    findings = [
        result(Verdict.FAIL, case=str(n), requirement=f"RFC7644-3.{n}-1", evidence=evidence)
        for n in range(300)
    ]
    text = render_html(report(*findings))
    assert len(text) < 8_000_000
    assert text.count("shows it") > 250
    assert "more in report.json" in text


def test_a_contradiction_with_hostile_texts_does_nothing(report: Callable[..., Report]) -> None:
    claim = Claim(says=HOSTILE, source=HOSTILE, date=HOSTILE, link="javascript:window.pwned=1")
    contradiction = Contradiction(
        id=HOSTILE,
        product=HOSTILE,
        question=HOSTILE,
        claims=(claim, claim),
        outcome=Outcome.OPEN,
        found=HOSTILE,
    )
    page = Page(render_html(report(contradictions=(contradiction,))))
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert all(href.startswith(("#", "https://")) for href in page.values("href"))
    json.dumps(page.text)

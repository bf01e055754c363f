from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Redactor
from reports import Report
from reports import Result
from reports import Verdict
from reports import idp_summaries
from reports import read_report
from reports import render_html
from reports import view
from reports import write_report
from tests.reports.page.parsed import Page
from tests.reports.page.parsed import ReadPage

MakeResult = Callable[..., Result]
MakeExchange = Callable[..., dict[str, Json]]


def _console() -> IdpSummary:
    features = tuple(
        Feature(name=verdict, verdict=verdict, label=verdict, results=(f"{verdict}-okta",))
        for verdict in Verdict
    )
    return IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="OIN",
        verdict=None,
        features=features,
    )


@pytest.fixture
def full(result: MakeResult, report: Callable[..., Report], exchange: MakeExchange) -> Report:
    """A report with something in every part."""
    results = [
        result(
            verdict,
            case=f"{verdict}-{idp}",
            idp=idp,
            requirement=f"RFC7644-3.{n}-1",
            evidence=(exchange(),),
            **dict.fromkeys(("hint", "reproduce", "consequence", "blocked_by"), "x"),
            notes=("one", "two"),
        )
        for n, verdict in enumerate(Verdict)
        for idp in ("okta", None)
    ]
    checked: Json = [each.requirement for each in results]
    coverage: Json = {"checked": checked, "not_checkable": {"RFC7643-4.1-1": "why"}, "more": 3}
    return report(*results, idps=(_console(),), coverage=coverage, left_behind=({"id": 1},))


def test_the_page_asks_for_nothing_from_outside(full: Report) -> None:
    page = Page(render_html(full))
    assert not page.tags & {"img", "link", "iframe", "object", "embed", "form", "base", "image"}
    assert not page.values("src")
    assert not re.search(r"url\(|@import|https?://", page.source.split("style>")[1])


def test_the_policy_lets_only_our_script_run(full: Report) -> None:
    page = Page(render_html(full))
    (policy,) = [
        str(attrs["content"])
        for _, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    (script,) = re.findall(r"<script>(.*?)</script>", page.source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert "img-src 'none'" in policy


def test_every_element_that_is_opened_is_closed(full: Report, broken_page: Page) -> None:
    for page in (Page(render_html(full)), broken_page):
        assert not page.unbalanced
        assert not page.left_open


def test_every_link_within_the_page_has_its_target_and_every_id_is_used_once(
    full: Report, broken_page: Page
) -> None:
    for page in (Page(render_html(full)), broken_page):
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        within = {href[1:] for href in page.values("href") if href.startswith("#")}
        named = {each for line in page.values("aria-labelledby") for each in line.split()}
        assert len(within) >= len(Verdict)
        assert within | named <= set(ids)


def test_every_result_stands_on_the_page_once(broken: Report, broken_page: Page) -> None:
    page = broken_page
    assert len(page.values("data-v")) == len(broken.results)
    requirements = {each.requirement for each in broken.results}
    assert requirements <= {*page.values("id")}


def test_the_parts_stand_in_the_order_in_which_they_are_read(full: Report) -> None:
    ids = Page(render_html(full)).values("id")
    order = [
        *("verdicts", "okta", "fix-first", "filters", "failures", "warnings", "errors"),
        *("inconclusive", "waived", "skipped", "passed", "coverage", "run"),
    ]
    assert [each for each in ids if each in order] == order


def test_a_passing_entry_leads_to_itself(page: ReadPage, result: MakeResult) -> None:
    found = page(result(), result(case="again"))
    assert found.links_of("a", **{"class": "id"}) == ["#OKTA-PUSH-2", "#entry-1"]


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("https://a.example/b", [("https://a.example/b", "https://a.example/b")]),
        ("A title: https://a.example/b", [("A title", "https://a.example/b")]),
        (
            "See https://a.example/b, then http://c.example/d?e=f.",
            [
                ("See ", ""),
                ("https://a.example/b", "https://a.example/b"),
                (", then ", ""),
                ("http://c.example/d?e=f", "http://c.example/d?e=f"),
                (".", ""),
            ],
        ),
        ("RFC 7644 section 3.5.2", [("RFC 7644 section 3.5.2", "")]),
        ("javascript:alert(1)", [("javascript:alert(1)", "")]),
        ("", []),
    ],
)
def test_only_web_addresses_become_links(source: str, pieces: list[tuple[str, str]]) -> None:
    assert view.links(source) == pieces


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("`PUT` is <accepted>", "<code>PUT</code> is &lt;accepted&gt;"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("a lone ` stays", "a lone ` stays"),
    ],
)
def test_what_stands_between_backticks_is_set_as_code(
    page: ReadPage, result: MakeResult, title: str, shown: str
) -> None:
    assert f'<span class="what">{shown}</span>' in page(result(Verdict.FAIL, title=title)).source


def test_a_page_from_the_file_equals_the_page_from_the_run(
    result: MakeResult, report: Callable[..., Report], exchange: MakeExchange, tmp_path: Path
) -> None:
    results = [result(verdict, case=verdict, evidence=(exchange(),)) for verdict in Verdict]
    fresh = report(*results, idps=idp_summaries(results, ()))
    path = write_report(tmp_path, fresh, Redactor())
    assert render_html(read_report(path)) == render_html(fresh)
    assert json.loads(path.read_bytes())["format"] == "scimproof-report/1"

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Redactor
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports import idp_summaries
from reports import read_report
from reports import render_html
from reports import view
from reports import write_report

HOSTILE = (
    "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>\" onload='x' {{ 7*7 }}"
)
UNSEEN = "\x00\x1b[31m\u202egnp.exe\u2066\u200b\ud800\ufffe"


class Page(HTMLParser):
    """What a browser would make of the page: its elements, links, ids and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [str(attrs[attribute]) for _, attrs in self.elements if attribute in attrs]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def summary(dialect: str, *features: Feature) -> IdpSummary:
    return IdpSummary(
        idp="okta",
        title="Okta",
        dialect=dialect,
        dialect_title=dialect.upper(),
        verdict=Verdict.worst(each.verdict for each in features if each.verdict),
        features=features,
    )


def test_the_page_asks_for_nothing_from_outside_and_runs_nothing(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    page = Page(render_html(report(result(Verdict.FAIL, evidence=(exchange(),)))))
    assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    assert not page.values("src")
    (policy,) = [
        attrs["content"]
        for _, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_every_element_that_is_opened_is_closed(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    class Balance(HTMLParser):
        open: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    results = [
        result(verdict, case=verdict, evidence=(exchange(),), hint="x", reproduce="x", notes=("x",))
        for verdict in Verdict
    ]
    balance = Balance()
    balance.open = []
    feature = Feature(name="Import", verdict=Verdict.FAIL, label="fails", results=("fail",))
    coverage: Json = {"checked": ["a"], "count": 3}
    balance.feed(render_html(report(*results, idps=(summary("oin", feature),), coverage=coverage)))
    assert balance.open == []


def test_the_features_stand_before_the_failures_and_the_failures_before_the_rest(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    feature = Feature(name="Import", verdict=Verdict.FAIL, label="fails", results=("fail",))
    results = [result(verdict, case=verdict) for verdict in Verdict]
    text = Page(render_html(report(*results, idps=(summary("oin", feature),)))).text
    main = text[text.rindex("Feature\n") :]
    order = ["fails", "What fails", "Warnings", "Inconclusive", "Waived", "Skipped", "Passed"]
    positions = [main.index(heading) for heading in order]
    assert positions == sorted(positions)


def test_a_cell_leads_to_the_result_that_decided_it(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    results = [result(case="a"), result(Verdict.FAIL, case="b", title="The culprit")]
    feature = Feature(name="Import", verdict=Verdict.FAIL, label="fails", results=("a", "b"))
    page = Page(render_html(report(*results, idps=(summary("oin", feature),))))
    assert "#result-2" in page.values("href")
    assert "result-2" in page.values("id")


def test_every_link_within_the_page_has_its_target_and_every_id_is_used_once(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    results = [result(verdict, case=verdict) for verdict in Verdict] * 2
    features = [
        Feature(name=verdict, verdict=verdict, label=verdict, results=(verdict,))
        for verdict in Verdict
    ]
    page = Page(render_html(report(*results, idps=(summary("oin", *features),))))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    within = [href[1:] for href in page.values("href") if href.startswith("#")]
    assert len(within) >= len(Verdict)
    assert set(within) <= set(ids)


def test_a_feature_that_one_dialect_lacks_is_said_to_be_absent(
    report: Callable[..., Report],
) -> None:
    idps = (
        summary("aiw", Feature(name="Import", verdict=None, label="not checked")),
        summary("oin", Feature(name="Roles", verdict=None, label="not checked")),
    )
    text = render_html(report(idps=idps))
    assert text.count(">not in this dialect</td>") == 2
    assert text.count("</span>&nbsp;not checked</span></td>") == 2


def test_a_failure_shows_everything_that_a_reader_needs(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    failed = result(
        Verdict.FAIL,
        expected="status 200",
        actual="status 400",
        consequence="This group stops.",
        rfc="beyond",
        hint="Accept it.",
        reproduce="curl -X PATCH",
        certainty="inferred",
        notes=("one note",),
        evidence=(exchange(), exchange(response=None, error="connection reset", n=3)),
        links=(
            "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
            "A source: https://example.com/a?b=c",
        ),
    )
    page = Page(render_html(report(failed)))
    for wanted in (
        "A source",
        "A pushed group takes its new name",
        "OKTA-PUSH-2",
        "status 200",
        "status 400",
        "This group stops.",
        "The RFC does not ask for this, so this alone is no violation.",
        "Accept it.",
        "curl -X PATCH",
        "one note",
        "inference only",
        "exchange 2 of 3: PATCH /Groups/81 -> 400",
        '"displayName": "Sales"',
        "Accept: application/scim+json",
        '"detail": "id is readOnly"',
        "no reply: connection reset",
    ):
        assert wanted in page.text
    assert page.values("href")[-2:] == [
        "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
        "https://example.com/a?b=c",
    ]


def test_a_finding_about_the_rfc_says_what_it_breaks_for_identity_providers(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    of_the_rfc = result(Verdict.FAIL, requirement="RFC7644-3.5.2-1")
    stopped = result(Verdict.FAIL, idp="okta", rfc="asks", rests_on=("RFC7644-3.5.2-1",))
    page = Page(render_html(report(of_the_rfc, stopped)))
    assert "Breaks for identity providers" in page.text
    assert "The RFC asks for the same, and is broken (RFC7644-3.5.2-1 fails here)." in page.text


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
    result: Callable[..., Result], report: Callable[..., Report], title: str, shown: str
) -> None:
    assert f"<h3>{shown}</h3>" in render_html(report(result(Verdict.FAIL, title=title)))


def test_a_skip_gives_its_reason(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    noted = result(Verdict.SKIP, case="a", notes=("bulk is not announced",))
    said = result(Verdict.SKIP, case="b", actual="no display was ever null")
    text = render_html(report(noted, said))
    assert ">bulk is not announced<" in text
    assert ">no display was ever null<" in text


@pytest.mark.parametrize("verdict", list(Verdict))
def test_hostile_texts_in_any_field_are_shown_and_do_nothing(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
    verdict: Verdict,
) -> None:
    fields = (
        "case",
        "requirement",
        "level",
        "suite",
        "title",
        "idp",
        "dialect",
        "scenario",
        "certainty",
        "feature",
        "expected",
        "actual",
        "consequence",
        "hint",
        "reproduce",
        "blocked_by",
    )
    message: Json = {
        "method": HOSTILE,
        "target": HOSTILE,
        "headers": [[HOSTILE, HOSTILE]],
        "body": HOSTILE,
    }
    hostile = exchange(
        step=HOSTILE,
        request=message,
        response={"status": HOSTILE, "headers": [[HOSTILE, HOSTILE]], "body": {HOSTILE: HOSTILE}},
    )
    one = result(
        verdict,
        notes=(HOSTILE,),
        links=(HOSTILE, "javascript:alert(1)", f"https://{HOSTILE}", 'https://x/"onload=x>'),
        evidence=(hostile, exchange(response=None, error=HOSTILE)),
        **dict.fromkeys(fields, HOSTILE),
    )
    idp = IdpSummary(
        idp=HOSTILE,
        title=HOSTILE,
        dialect=HOSTILE,
        dialect_title=HOSTILE,
        verdict=None,
        features=(Feature(name=HOSTILE, verdict=None, label=HOSTILE, results=(HOSTILE,)),),
    )
    page = Page(
        render_html(
            report(
                one,
                idps=(idp,),
                run=Run(
                    id=HOSTILE,
                    version=HOSTILE,
                    started=HOSTILE,
                    seconds=1,
                    seed=1,
                    options={HOSTILE: HOSTILE},
                ),
                target=Target(
                    url=HOSTILE,
                    software=HOSTILE,
                    trouble=HOSTILE,
                    capabilities={HOSTILE: {"value": HOSTILE, "origin": HOSTILE}},
                ),
                coverage={HOSTILE: [HOSTILE], "x": {HOSTILE: HOSTILE}, "y": HOSTILE},
                left_behind=({HOSTILE: HOSTILE},),
            )
        )
    )
    assert not page.tags & {"script", "img"}
    assert not [each for _, attrs in page.elements for each in attrs if each.startswith("on")]
    assert all(href.startswith(("#", "https://")) for href in page.values("href"))
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text


def test_characters_that_nobody_can_see_become_visible(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = render_html(report(result(Verdict.FAIL, actual=UNSEEN, title=UNSEEN)))
    assert not set(UNSEEN) & set(text) - set("[31mgnp.exe")
    assert "\\u202egnp.exe" in text
    text.encode("utf-8")


def test_a_megabyte_in_every_place_stays_a_small_page(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    huge = "x" * 1_000_000
    body: Json = {"a": huge}
    one = result(
        Verdict.FAIL,
        title=huge,
        actual=huge,
        evidence=(exchange(request={"method": "PUT", "target": huge, "body": body}),),
    )
    text = render_html(report(one))
    assert len(text) < 100_000
    assert "characters more)" in text


def test_a_case_with_many_exchanges_shows_some_and_counts_the_rest(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    page = Page(render_html(report(result(Verdict.FAIL, evidence=(exchange(),) * 1_000))))
    assert page.text.count("exchange 2 of 3") < 100
    assert "960 more in report.json" in page.text


def test_a_target_that_nobody_reached_has_one_reason_and_no_wall_of_findings(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    results = [result(Verdict.INCONCLUSIVE, case=str(n)) for n in range(50)]
    target = Target(url="http://127.0.0.1:9/", trouble="connection refused")
    page = Page(render_html(report(*results, target=target)))
    assert page.text.count("connection refused") == 1
    assert "article" not in page.tags


def test_a_simulation_is_called_one_in_the_heading(report: Callable[..., Report]) -> None:
    page = render_html(report(target=Target(url="http://x/", simulated=True)))
    assert "http://x/, simulated</h1>" in page


def test_an_interrupted_run_says_so(report: Callable[..., Report]) -> None:
    run = Run(id="r", version="1", started="x", seconds=1, seed=1, interrupted=True)
    assert "interrupted" in Page(render_html(report(run=run))).text


def test_a_page_from_the_file_equals_the_page_from_the_run(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
    tmp_path: Path,
) -> None:
    results = [result(verdict, case=verdict, evidence=(exchange(),)) for verdict in Verdict]
    fresh = report(*results, idps=idp_summaries(results, ()))
    path = write_report(tmp_path, fresh, Redactor())
    assert render_html(read_report(path)) == render_html(fresh)
    assert json.loads(path.read_bytes())["format"] == "scimproof-report/1"

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports import render_markdown

HOSTILE = (
    "`<script>alert(1)</script>` | **bold** [x](javascript:alert(1)) @octocat #1 \n# head\x1b[31m"
)


def summary(name: str, verdict: Verdict | None, label: str) -> IdpSummary:
    return IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="Catalog",
        verdict=verdict,
        features=(Feature(name=name, verdict=verdict, label=label),),
    )


def html(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


def test_the_features_come_first_and_the_failures_after_them(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = render_markdown(
        report(result(Verdict.FAIL), idps=(summary("Import", Verdict.FAIL, "fails"),))
    )
    assert text.index("| Import | ✗ fails |") < text.index("## Failed (1)")


def test_a_failure_tells_what_a_reader_needs(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> None:
    failed = result(
        Verdict.FAIL,
        dialect="oin",
        expected="status 200",
        actual="status 400",
        consequence="This group stops.",
        rfc="beyond",
        hint="Accept it.",
        reproduce="curl -X PATCH",
        evidence=(exchange(),),
        links=(
            "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
            "A source: https://example.com/a_b",
        ),
    )
    page = html(render_markdown(report(failed)))
    for wanted in (
        "<strong>OKTA-PUSH-2 (oin)</strong> MUST: A pushed group takes its new name",
        "expected <code>status 200</code>, got <code>status 400</code>",
        "<code>exchange 2 of 3: PATCH /Groups/81 -&gt; 400</code>",
        "This group stops.",
        "the RFC does not ask for this, so this alone is no violation",
        "hint: Accept it.",
        "reproduce: <code>curl -X PATCH</code>",
        '<a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2">',
        '<a href="https://example.com/a_b">A source</a>',
    ):
        assert wanted in page


def test_a_skip_gives_its_reason(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = render_markdown(report(result(Verdict.SKIP, notes=("bulk is not announced",))))
    assert "bulk is not announced" in html(text)


def test_what_stands_between_backticks_is_set_as_code(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    page = html(render_markdown(report(result(Verdict.FAIL, title="`PUT <x>` is *not* `lost"))))
    assert "`PUT &lt;x&gt;` is *not* `lost" in page
    page = html(render_markdown(report(result(Verdict.FAIL, title="`PUT <x>` is *not* lost"))))
    assert "<code>PUT &lt;x&gt;</code> is *not* lost" in page


def test_passes_are_counted_and_not_listed(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    text = render_markdown(report(result(title="A quiet pass")))
    assert "1 passed" in text
    assert "A quiet pass" not in text


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.SKIP])
def test_hostile_texts_are_shown_and_do_nothing(
    result: Callable[..., Result], report: Callable[..., Report], verdict: Verdict
) -> None:
    fields = ("requirement", "level", "title", "dialect", "expected", "actual", "consequence")
    texts = ("hint", "reproduce", "blocked_by")
    one = result(
        verdict, notes=(HOSTILE,), links=(HOSTILE,), **dict.fromkeys(fields + texts, HOSTILE)
    )
    target = Target(url=HOSTILE, software=HOSTILE, trouble=HOSTILE)
    text = render_markdown(report(one, idps=(summary(HOSTILE, None, HOSTILE),), target=target))
    page = html(text)
    assert "<script" not in page
    assert "<a " not in page
    assert "\x1b" not in page
    assert page.count("<h1>") == 1
    assert "<strong>bold" not in page
    outside_code = re.sub(r"(?s)<code>.*?</code>", "", page)
    assert "@octocat" not in outside_code
    assert "#1" not in outside_code


@pytest.mark.parametrize("filler", ["x", "é", "`", "|"])
def test_a_huge_report_fits_a_comment_and_says_what_it_leaves_out(
    result: Callable[..., Result], report: Callable[..., Report], filler: str
) -> None:
    failed = [result(Verdict.FAIL, title=filler * 10**4, actual=filler * 10**4)] * 2_000
    warned = [result(Verdict.WARN)] * 500
    idp = summary(filler, None, "not checked")
    many = tuple(replace(idp.features[0], name=f"{n}{filler * 500}") for n in range(900))
    wide = replace(idp, features=many)
    text = render_markdown(report(*failed, *warned, idps=(wide,)))
    assert len(text.encode()) < 60_000
    features, failures, warnings = re.split("## Failed|## Warnings", text)
    for part, listed, whole in (
        (features, features.count("not checked |\n"), 900),
        (failures, failures.count("\n- **"), 2_000),
        (warnings, warnings.count("\n- **"), 500),
    ):
        (left,) = re.findall(r"_(\d+) more in", part)
        assert listed + int(left) == whole


def test_thousands_of_idps_fit_a_comment_too(report: Callable[..., Report]) -> None:
    idps = tuple(
        IdpSummary(idp=str(n), title=str(n), dialect="d", dialect_title="D", verdict=None)
        for n in range(5_000)
    )
    assert len(render_markdown(report(idps=idps)).encode()) < 60_000


def test_a_simulation_is_called_one_in_the_heading(report: Callable[..., Report]) -> None:
    text = render_markdown(report(target=Target(url="http://x/", simulated=True)))
    assert "simulated" in text.splitlines()[0]

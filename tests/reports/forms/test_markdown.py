from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from reports import Contradiction
from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Outcome
from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports import render_markdown
from reports.findings.causes import causes
from reports.forms.markup import cell
from reports.forms.markup import code
from reports.forms.markup import prose
from tests.reports.commonmark import HOSTILE
from tests.reports.commonmark import addresses
from tests.reports.commonmark import automatic
from tests.reports.commonmark import headings
from tests.reports.commonmark import kinds
from tests.reports.commonmark import rendered
from tests.reports.commonmark import tables

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]


def summary(*features: Feature, **given: object) -> IdpSummary:
    plain = IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="Catalog",
        verdict=Verdict.worst(each.verdict for each in features if each.verdict),
        features=features,
    )
    return replace(plain, **given)  # type: ignore[arg-type]  # any field


def feature(name: str, verdict: Verdict | None, label: str) -> Feature:
    return Feature(name=name, verdict=verdict, label=label)


def idp_rows(text: str) -> list[str]:
    section = text.split("## Verdict per identity provider\n\n")[1].split("\n\n")[0]
    return section.splitlines()[2:]


def test_one_table_has_a_row_for_each_identity_provider_and_dialect(report: MakeReport) -> None:
    broken = summary(
        feature("Import", Verdict.PASS, "works"),
        feature("Push", Verdict.FAIL, "stops here"),
        feature("Create", Verdict.PASS, "works"),
        feature("Sync", Verdict.PASS, "works on assumption"),
    )
    fine = summary(feature("Import", Verdict.PASS, "works"), dialect_title="Custom")
    text = render_markdown(report(idps=(broken, fine)))
    assert idp_rows(text) == [
        "| Okta: Catalog | ✗ stops here | stops here: Push; works: 2; works on assumption: 1 |",
        "| Okta: Custom | ✓ works | works: all 1 |",
    ]
    assert tables(text) == [[3, 3, 3]]


def test_a_dialect_of_which_nothing_was_checked_says_so(report: MakeReport) -> None:
    text = render_markdown(report(idps=(summary(), summary(feature("X", None, "not checked")))))
    assert idp_rows(text) == [
        "| Okta: Catalog | · not checked | none was checked |",
        "| Okta: Catalog | · not checked | not checked: all 1 |",
    ]


def test_a_simulated_identity_provider_table_says_simulated(report: MakeReport) -> None:
    tried = summary(
        feature("Import", Verdict.PASS, "works, simulated"),
        feature("Push", Verdict.SKIP, "skipped"),
        verdict=Verdict.FAIL,
    )
    (row,) = idp_rows(render_markdown(report(idps=(tried,))))
    assert "✗ stops here, simulated" in row


def test_the_verdicts_come_first_and_what_to_fix_after_them(broken: Report) -> None:
    found = headings(render_markdown(broken))
    assert found[0].startswith("h1 SCIM compatibility: `http://127.0.0.1:")
    assert found[1] == "h2 Verdict per identity provider"
    number = len(causes(broken))
    assert found[2] == f"h2 What to fix, the most harmful first ({number})"
    first = causes(broken)[0]
    assert found[3] == f"h3 1. {first.title}"
    assert [each[:2] for each in found[3 : 3 + number]] == ["h3"] * number


def test_a_cause_tells_what_a_reader_needs(
    result: MakeResult, report: MakeReport, exchange: Callable[..., dict[str, Json]]
) -> None:
    failed = result(
        Verdict.FAIL,
        idp="okta",
        dialect="oin",
        feature="Push Groups",
        certainty="doc",
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
    shown = summary(replace(feature("Push", Verdict.FAIL, "stops here"), results=(failed.case,)))
    written = report(failed, idps=(shown,))
    (cause,) = causes(written)
    page = rendered(render_markdown(written))
    for wanted in (
        f"<code>{cause.id}</code>",
        "✗ <strong>fail</strong> · reaches this group",
        "known from the identity provider's documentation",
        "What happens: This group stops.",
        "Stops here: Okta, Catalog: Push",
        "Expected <code>status 200</code>, got <code>status 400</code>",
        "<code>exchange 2 of 3: PATCH /Groups/81 -&gt; 400</code>",
        "The RFC does not ask for this, so this alone is no violation",
        "The server said: <code>id is readOnly</code>",
        "Fix: Accept it.",
        "Reproduce: <code>curl -X PATCH</code>",
        '<a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2">',
        '<a href="https://example.com/a_b">A source</a>',
        "<strong>OKTA-PUSH-2 (oin)</strong> MUST: A pushed group takes its new name",
    ):
        assert wanted in page, wanted


def test_findings_of_one_cause_are_one_entry_with_the_cases_behind_it(broken: Report) -> None:
    text = render_markdown(broken)
    for number, cause in enumerate(causes(broken), start=1):
        entry = text.split(f"\n### {number}. ")[1].split("\n###")[0].split("\n## ")[0]
        assert f"Cases behind it ({len(cause.results)}):" in entry
        listed = entry.count("\n  - **")
        left = re.findall(r"_(\d+) more in `report.html`", entry)
        assert listed + sum(map(int, left)) == len(cause.results)


def test_what_could_not_be_judged_stands_under_what_was_in_the_way(
    result: MakeResult, report: MakeReport
) -> None:
    stuck = [
        result(Verdict.INCONCLUSIVE, requirement=f"X-{n}", blocked_by="test_create")
        for n in range(9)
    ]
    other = result(Verdict.INCONCLUSIVE, requirement="Y-1", notes=("no reply in 10 s",))
    text = rendered(render_markdown(report(*stuck, other)))
    assert "<h2>Not judged, by what stood in the way (10)</h2>" in text
    assert "<strong>test_create</strong> (9): X-0, X-1, X-2, X-3, X-4, X-5 and 3 more" in text
    assert "<strong>no reply in 10 s</strong> (1): Y-1" in text


def test_what_is_waived_has_its_reason_its_owner_and_its_day(
    result: MakeResult, report: MakeReport
) -> None:
    waiver = {"reason": "on purpose", "owner": "Anna", "expires": "2027-06-30"}
    text = rendered(
        render_markdown(
            report(
                result(Verdict.WAIVED, waiver=waiver),
                result(Verdict.WAIVED, requirement="OKTA-2", waiver=waiver),
                result(Verdict.WAIVED, requirement="OLD-1", notes=("waived: as before",)),
            )
        )
    )
    assert "<h2>Waived (3)</h2>" in text
    assert "<strong>on purpose, owner Anna, until 2027-06-30</strong> (2): OKTA-PUSH-2" in text
    assert "<strong>waived: as before</strong> (1): OLD-1" in text


def test_a_waiver_that_fails_the_run_is_named(report: MakeReport) -> None:
    waivers: tuple[Json, ...] = (
        {"requirement": "A-1", "reason": "old", "expires": "2026-01-01", "state": "expired"},
        {"cause": "C-1234", "reason": "mended", "state": "needless"},
        {"requirement": "A-2", "reason": "fine", "state": "used"},
    )
    text = rendered(render_markdown(report(waivers=waivers)))
    assert "<h2>Waivers that need a hand (2)</h2>" in text
    assert "The waiver of A-1 is past its date (2026-01-01): old" in text
    assert "The waiver of C-1234 is not needed any more, remove it: mended" in text
    assert "A-2" not in text


def test_an_error_of_scimproof_and_the_skipped_give_their_reasons(
    result: MakeResult, report: MakeReport
) -> None:
    text = rendered(
        render_markdown(
            report(
                result(Verdict.ERROR, notes=("KeyError: 'id'",)),
                result(Verdict.SKIP, notes=("bulk is not announced",)),
            )
        )
    )
    assert "<h2>Errors in scimproof (1)</h2>" in text
    assert "KeyError: 'id'" in text
    assert "<h2>Skipped, by reason (1)</h2>" in text
    assert "<strong>bulk is not announced</strong> (1): OKTA-PUSH-2" in text


def test_the_foot_has_what_a_reader_needs_to_repeat_the_run(report: MakeReport) -> None:
    written = report(transcript={"file": "t", "sha256": "ab12", "lines": 7, "bytes": 9}, created=4)
    written = replace(written, run=replace(written.run, versions={"catalogue": "2026-11-22"}))
    foot = render_markdown(written).split("\n---\n")[1]
    for wanted in ("seed 4711", "7.5 s", "catalogue 2026-11-22", "7 exchanges, sha256 ab12"):
        assert wanted in foot
    assert "4 resources created, 0 left behind" in foot


def test_passes_are_counted_and_not_listed(result: MakeResult, report: MakeReport) -> None:
    text = render_markdown(report(result(title="A quiet pass")))
    assert "1 passed" in text
    assert "No finding." in text
    assert "A quiet pass" not in text


def test_a_simulation_is_called_one_in_the_heading(report: MakeReport) -> None:
    text = render_markdown(report(target=Target(url="http://x/", simulated=True)))
    assert "simulated" in text.splitlines()[0]


# -- hostile texts -----------------------------------------------------------------------------


def hostile(result: MakeResult, report: MakeReport, text: str) -> Report:
    """A report with every verdict, in which each text that comes from elsewhere is this one."""
    fields = ("requirement", "level", "title", "dialect", "expected", "actual", "consequence")
    texts = ("hint", "reproduce", "blocked_by", "idp", "feature", "certainty", "scenario")
    exchange: dict[str, Json] = {
        "shows": True,
        "request": {"method": text, "target": text},
        "response": {"status": text, "body": {text: text}},
    }
    one = result(
        notes=(text,),
        evidence=(exchange,),
        waiver={"reason": text, "owner": text, "expires": text},
        **dict.fromkeys(fields + texts, text),
    )
    shown = summary(
        *(feature(text, each, text) for each in (None, Verdict.FAIL, Verdict.PASS)),
        idp=text,
        title=text,
        dialect_title=text,
    )
    written = report(
        *(replace(one, verdict=verdict, idp=idp) for verdict in Verdict for idp in (None, text)),
        replace(one, product=text),
        idps=(shown,),
        target=Target(url=text, software=text, trouble=text),
        waivers=({"requirement": text, "reason": text, "expires": text, "state": "expired"},),
        contradictions=(
            Contradiction(
                id=text, product=text, question=text, claims=(), outcome=Outcome.OPEN, found=text
            ),
        ),
        transcript={"file": text, "sha256": text, "lines": text, "bytes": text},
    )
    run = replace(written.run, id=text, version=text, started=text, versions={text: text})
    return replace(written, run=run)


@pytest.mark.parametrize("text", [HOSTILE, *HOSTILE.split(" "), "`" * 40, "a`b|c\\|d", "\\|", "|"])
def test_hostile_texts_are_shown_and_do_nothing(
    result: MakeResult, report: MakeReport, text: str
) -> None:
    written = render_markdown(hostile(result, report, text))
    assert kinds(written) & {"html_inline", "html_block", "image", "link_open", "s_open"} == set()
    assert kinds(written) & {"fence", "code_block"} == set()
    assert automatic(written) == []
    assert not set(written) & {"\x1b", "\u202e"}
    assert sum(each.startswith("h1") for each in headings(written)) == 1
    assert [len(set(table)) for table in tables(written)] == [1] * len(tables(written))
    assert "<strong>bold" not in rendered(written)


@pytest.mark.parametrize("text", [HOSTILE, *HOSTILE.split(" "), "`" * 40, "a`b|c\\|d"])
@pytest.mark.parametrize("status", [400, 500])
def test_hostile_words_of_a_server_are_shown_and_do_nothing(
    result: MakeResult, report: MakeReport, text: str, status: int
) -> None:
    exchange: dict[str, Json] = {
        "shows": True,
        "request": {"method": text, "target": text},
        "response": {"status": status, "headers": [["Date", text]], "body": {"detail": text}},
    }
    written = render_markdown(report(result(Verdict.FAIL, evidence=(exchange,), hint="Mend it.")))
    assert kinds(written) & {"html_inline", "html_block", "image", "s_open"} == set()
    assert kinds(written) & {"fence", "code_block"} == set()
    assert automatic(written) == []
    assert not set(written) & {"\x1b", "\u202e"}
    assert "The server said: " in written


@pytest.mark.parametrize("text", ["a|b", "a\\|b", "`a|b`", "x`|`y", "\\", "`\\`"])
def test_a_cell_is_one_cell_to_every_reader_of_tables(text: str) -> None:
    row = f"| a | b |\n| --- | --- |\n| {cell(text)} | end |\n"
    assert tables(row) == [[2, 2]]
    # Readers that split a row before they read code: an unescaped bar would be one too many.
    assert len(re.findall(r"(?:\\.|[^|\\])+", row.splitlines()[2].strip("|"))) == 2
    assert text.strip("`") in rendered(row).replace("</code>", "").replace("<code>", "")


@pytest.mark.parametrize("text", ["`", "``x`", "a ` b `` c", "x"])
def test_a_code_span_holds_what_was_given(text: str) -> None:
    assert rendered(code(text)) == f"<p><code>{text}</code></p>\n"


def test_what_stands_between_backticks_is_code_where_it_is_closed() -> None:
    assert rendered(prose("`PUT <x>` is *not* `lost")) == "<p>`PUT &lt;x&gt;` is *not* `lost</p>\n"
    closed = "<p><code>PUT &lt;x&gt;</code> is *not* lost</p>\n"
    assert rendered(prose("`PUT <x>` is *not* lost")) == closed


def test_links_of_the_catalogue_lead_where_they_say(broken: Report) -> None:
    known = {link for each in broken.results for link in each.links}
    for address in addresses(render_markdown(broken)):
        assert any(address in link for link in known)


# -- size --------------------------------------------------------------------------------------


@pytest.mark.parametrize("filler", ["x", "é", "`", "|", "@", "\u202e"])
def test_a_huge_report_fits_a_comment_and_says_what_it_leaves_out(
    result: MakeResult, report: MakeReport, filler: str
) -> None:
    long = filler * 3_000
    many: list[Result] = []
    for verdict, count in ((Verdict.FAIL, 300), (Verdict.SKIP, 300), (Verdict.INCONCLUSIVE, 300)):
        many += [
            result(
                verdict, requirement=f"R-{n}", title=f"{n}{long}", actual=f"{chr(0x4E00 + n)}{long}"
            )
            for n in range(count)
        ]
    idps = tuple(summary(feature(long, Verdict.FAIL, long), title=f"{n}") for n in range(900))
    written = report(*many, idps=idps)
    text = render_markdown(written)
    assert len(text.encode()) < 60_000
    table, found = text.split("\n## What to fix")
    assert left_out(table) + len(idp_rows(text)) == 900
    fixes = found.split("\n## ")[0]
    entries = fixes.split("\n### ")
    assert left_out(entries[-1].split("\n  - ")[-1]) + len(entries) - 1 == len(causes(written))
    for heading in ("Not judged", "Skipped"):
        section = text.split(f"\n## {heading}")[1].split("\n## ")[0].split("\n---")[0]
        assert left_out(section) + section.count("\n- **") == 300


def left_out(text: str) -> int:
    return sum(map(int, re.findall(r"\n_(\d+) more in", text)))


def test_thousands_of_idps_fit_a_comment_too(report: MakeReport) -> None:
    idps = tuple(summary(title=str(n)) for n in range(5_000))
    assert len(render_markdown(report(idps=idps)).encode()) < 60_000

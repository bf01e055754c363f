from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from markdown_it import MarkdownIt

import idp_profiles
import reports
import suites.requirements
from idp_profiles.model import Certainty
from reports import Redactor
from reports import Report
from reports import Result
from reports import Target
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.vendors.catalogues import NAMES
from reports.vendors.catalogues import Item
from reports.vendors.catalogues import catalogue
from reports.vendors.submission import Line
from reports.vendors.submission import State
from reports.vendors.submission import submission
from reports.vendors.submission_forms import render_submission_markdown
from reports.vendors.submission_forms import render_submission_page

MakeReport = Callable[..., Report]
MakeResult = Callable[..., Result]

DATA = Path(reports.__file__).parent / "vendors" / "submissions"
HOSTILE = [
    "<script>alert(1)</script>",
    "](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "\x1b[2J\u202egnp",
    "| a | b |\n\n# A heading\n\n```",
    "'\"><img src=x onerror=alert(1)>",
    "@somebody #12 certified",
    "x" * 100_000,
]


def items(name: str) -> list[Item]:
    return [item for _, each in catalogue(name).sections for item in each]


def line(name: str, item_id: str, report: Report) -> Line:
    lines = (each for _, part in submission(name, report).sections for each in part)
    return next(each for each in lines if each.item.id == item_id)


# -- the data -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_data_fit_their_schema(name: str) -> None:
    schema = json.loads((DATA / "submission.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)) == []
    assert data["idp"] == name


def test_every_file_of_data_has_its_name() -> None:
    assert {file.stem for file in DATA.glob("*.json")} == {*NAMES, "submission.schema"}


def test_every_line_has_an_id_of_its_own() -> None:
    ids = [item.id for name in NAMES for item in items(name)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_one_of_this_idp_or_of_the_rfc(name: str) -> None:
    known = suites.requirements.catalogue()
    for item in items(name):
        for requirement in item.requirements:
            entry = known[requirement]
            assert entry.idp in (None, name)
            assert entry.product is None
            assert entry.idp is not None or requirement.startswith("RFC")
            dialects = item.dialects or catalogue(name).dialects
            assert not entry.dialects or set(entry.dialects) & set(dialects)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_one_of_the_profile(name: str) -> None:
    facts = idp_profiles.load(name).facts
    used = {key for item in items(name) for key in item.sources}
    assert used == set(catalogue(name).sources)
    for key, source in catalogue(name).sources.items():
        known = facts.sources[key]
        assert source.title == known.title
        assert source.kind == known.kind.value
        assert (source.address or source.where) in known.where


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_surer_than_the_weakest_of_its_sources(name: str) -> None:
    for item in items(name):
        kinds = [Certainty(catalogue(name).sources[key].kind) for key in item.sources]
        own = Certainty(item.certainty)
        assert Certainty.weakest(own, *kinds) is own


@pytest.mark.parametrize("name", NAMES)
def test_every_dialect_is_one_of_the_profile(name: str) -> None:
    known = {dialect.key for dialect in idp_profiles.load(name).dialects}
    asked = {*catalogue(name).dialects, *(each for item in items(name) for each in item.dialects)}
    assert asked <= known


@pytest.mark.parametrize("name", NAMES)
def test_the_profiles_own_checklist_is_part_of_the_list(name: str) -> None:
    asked = {item.asks: item for item in items(name)}
    known, dialects = suites.requirements.catalogue(), set(catalogue(name).dialects)
    for point in idp_profiles.load(name).facts.checklist:
        # A catalogue takes one kind of app only; what another one does shows nothing there.
        here = {each for each in point.requirement_ids if dialects & {*known[each].dialects}}
        assert here <= set(asked[point.text].requirements)
        # What the profile leaves to a person is no more than that here, but where a case was made.
        assert point.requirement_ids or asked[point.text].requirements or asked[point.text].by_hand


def test_the_load_is_shown_by_a_load_test() -> None:
    rate = next(item for item in items("entra") if "25 requests a second" in item.asks)
    assert rate.requirements == ()
    assert "load test" in rate.by_hand


@pytest.mark.parametrize("name", NAMES)
def test_the_command_that_a_line_names_checks_it(name: str) -> None:
    import scimproof

    for item in items(name):
        words = (item.run or catalogue(name).run).split()
        for option in (word for word in words if word.startswith("--")):
            assert {option, option.replace("--", "--scim-")} & set(scimproof.OPTIONS)
        if item.requirements and "--idp" in words:
            assert words[words.index("--idp") + 1] == name
        if "--dialect" in words:
            assert words[words.index("--dialect") + 1] in (
                item.dialects or catalogue(name).dialects
            )


# -- where a line stands --------------------------------------------------------------------


def ran(result: MakeResult, requirement: str, verdict: Verdict, **more: Any) -> Result:  # noqa: ANN401 - any field
    case = f"test::{requirement}[{verdict}]"
    return result(verdict, case=case, requirement=requirement, idp="okta", actual="so", **more)


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ((), State.UNCHECKED),
        ((Verdict.PASS, Verdict.PASS), State.SHOWN),
        ((Verdict.PASS,), State.PARTLY),
        ((Verdict.PASS, Verdict.SKIP), State.PARTLY),
        ((Verdict.SKIP, Verdict.SKIP), State.UNCHECKED),
        ((Verdict.PASS, Verdict.WARN), State.WARNED),
        ((Verdict.PASS, Verdict.WAIVED), State.WAIVED),
        ((Verdict.WARN, Verdict.FAIL), State.CONTRADICTED),
        ((Verdict.FAIL,), State.CONTRADICTED),
        ((Verdict.PASS, Verdict.INCONCLUSIVE), State.UNJUDGED),
        ((Verdict.PASS, Verdict.ERROR), State.UNJUDGED),
        ((Verdict.ERROR, Verdict.FAIL), State.CONTRADICTED),
    ],
)
def test_the_verdicts_decide_where_a_line_stands(
    report: MakeReport, result: MakeResult, verdicts: tuple[Verdict, ...], state: State
) -> None:
    wanted = ("OKTA-CONN-4", "OKTA-SPEC-11")
    found = report(*(ran(result, *pair) for pair in zip(wanted, verdicts, strict=False)))
    refusal = line("okta", "okta-refusal", found)
    assert refusal.item.requirements == wanted
    assert refusal.state is state


def test_one_way_to_authenticate_is_enough(report: MakeReport, result: MakeResult) -> None:
    works = ran(result, "OKTA-AUTH-1", Verdict.PASS)
    fails = ran(result, "OKTA-AUTH-3", Verdict.FAIL)
    assert line("okta", "okta-authentication", report(works, fails)).state is State.SHOWN
    assert line("okta", "okta-authentication", report(fails)).state is State.CONTRADICTED


def test_what_a_person_has_to_do_is_by_hand(report: MakeReport) -> None:
    logo = line("okta", "okta-logo", report())
    assert logo.state is State.BY_HAND
    assert logo.words == "by hand"


@pytest.mark.parametrize("change", [{"dialect": "aiw"}, {"product": "clockify"}])
def test_another_dialect_or_a_products_promise_shows_nothing(
    report: MakeReport, result: MakeResult, change: dict[str, str]
) -> None:
    other = replace(ran(result, "OKTA-CREATE-2", Verdict.PASS), **change)  # type: ignore[arg-type]  # texts
    assert line("okta", "okta-look-up", report(other)).state is State.UNCHECKED
    same = ran(result, "OKTA-CREATE-2", Verdict.PASS, dialect="oin")
    assert line("okta", "okta-look-up", report(same)).state is State.SHOWN


def test_an_interrupted_or_narrowed_run_shows_as_far_as_it_went(
    report: MakeReport, result: MakeResult
) -> None:
    whole = report(ran(result, "OKTA-CREATE-2", Verdict.PASS))
    ended = replace(whole, run=replace(whole.run, interrupted=True))
    narrowed = replace(whole, run=replace(whole.run, options={"only": ["OKTA-CREATE-2"]}))
    one_dialect = replace(whole, run=replace(whole.run, options={"dialect": ["oin"]}))
    said = [line("okta", "okta-look-up", each).words for each in (whole, ended, narrowed)]
    assert said == ["shown by this run", *["shown by this run, as far as checked"] * 2]
    assert line("okta", "okta-look-up", one_dialect).words == "shown by this run"
    assert any("interrupted" in notice for notice in submission("okta", ended).notices)
    assert any("partial" in notice for notice in submission("okta", narrowed).notices)
    assert submission("okta", one_dialect).notices == ()


def test_a_simulation_is_called_one_in_every_line_and_at_the_top(
    report: MakeReport, result: MakeResult
) -> None:
    target = Target(url="http://127.0.0.1:1", simulated=True)
    simulated = report(ran(result, "OKTA-CREATE-2", Verdict.PASS), target=target)
    assert line("okta", "okta-look-up", simulated).words == "shown by this run, simulated"
    assert "Simulated" in submission("okta", simulated).notices[0]
    assert "shown by this run, simulated" in render_submission_page(submission("okta", simulated))


def test_our_own_server_shows_nothing_about_anybody_else(broken: Report) -> None:
    said = " ".join(submission("okta", broken).notices)
    assert "scimproof's own reference server" in said
    assert "group-delete-ignored" in said


def test_a_target_that_was_not_reached_is_said_at_the_top(report: MakeReport) -> None:
    lost = report(target=Target(url="http://127.0.0.1:1", trouble="connection refused"))
    assert "connection refused" in submission("okta", lost).notices[0]


def test_a_contradicted_line_names_what_the_server_does(broken: Report) -> None:
    groups = line("okta", "okta-groups", broken)
    assert groups.state is State.CONTRADICTED
    assert any("group" in title for title in groups.causes)
    assert "OKTA-DEL-1" in [each.requirement for each in groups.tried if not each.is_shown]


@pytest.mark.parametrize("name", NAMES)
def test_the_states_of_a_list_add_up(name: str, broken: Report) -> None:
    asked = submission(name, broken)
    assert sum(asked.states.values()) == len(items(name))
    assert State.CONTRADICTED in asked.states
    assert State.SHOWN in asked.states


# -- the forms ------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would make of a page, as far as it matters here."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_every_line_with_its_state_and_needs_nothing_else(
    name: str, broken: Report
) -> None:
    asked = submission(name, broken)
    page = Page(render_submission_page(asked))
    told = {each["id"]: each["data-state"] for each in page.of("li") if each.get("id")}
    assert told == {each.item.id: each.state.value for _, lines in asked.sections for each in lines}
    policy = next(each for each in page.of("meta") if "http-equiv" in each)
    assert str(policy["content"]).startswith("default-src 'none'")
    assert page.of("script") == page.of("img") == page.of("link") == page.of("iframe") == []
    for anchor in page.of("a"):
        assert re.match(r"https?://|report\.html#[A-Z0-9.-]+$", str(anchor["href"]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", [render_submission_page, render_submission_markdown])
def test_nobody_is_called_certified_or_approved(
    name: str, form: Callable[..., str], broken: Report
) -> None:
    said = form(submission(name, broken))
    assert not re.search(r"certified|certificat|approved|compliant\b", said, re.IGNORECASE)
    assert f"Only {catalogue(name).decides} decides" in said
    assert broken.run.started in said


def test_every_requirement_leads_to_its_place_in_the_report(broken: Report) -> None:
    page = Page(render_submission_page(submission("okta", broken), "../run%201/"))
    links = {str(each["href"]) for each in page.of("a")}
    assert "../run%201/report.html#OKTA-DEL-1" in links


@pytest.mark.parametrize("name", NAMES)
def test_markdown_says_the_same_as_the_page(name: str, broken: Report) -> None:
    asked = submission(name, broken)
    tokens = MarkdownIt().parse(render_submission_markdown(asked))
    strong = [
        "".join(
            part.content for part in token.children or [] if part.type in ("text", "code_inline")
        )
        for token in tokens
        if token.type == "inline"
        and any(part.type == "strong_open" for part in token.children or [])
    ]
    lines = [each for _, part in asked.sections for each in part]
    for each in lines:
        plain = each.item.asks.replace("`", "")
        assert any(plain in text and each.words in text for text in strong), plain


def hostile(report: MakeReport, result: MakeResult, text: str) -> Report:
    bad = result(
        Verdict.FAIL,
        case=text,
        requirement="OKTA-DEL-1",
        idp="okta",
        title=text,
        actual=text,
        expected=text,
        consequence=text,
        hint=text,
        notes=(text,),
    )
    skipped = result(Verdict.SKIP, case="b", requirement="OKTA-CREATE-2", idp="okta", actual=text)
    made = report(bad, skipped, target=Target(url=text, software=text, trouble=text))
    options = {"deviation": [text], "idp": [text], "only": [text]}
    return replace(made, run=replace(made.run, id=text, version=text, options=options))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_target_becomes_markup(
    report: MakeReport, result: MakeResult, text: str
) -> None:
    asked = submission("okta", hostile(report, result, text))
    page = Page(render_submission_page(asked))
    usual = Page(render_submission_page(submission("okta", report())))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in usual.tags}
    assert not any(name.startswith("on") for _, known in page.tags for name in known)
    assert all(re.match(r"https?://|report\.html#", str(each["href"])) for each in page.of("a"))
    written = render_submission_markdown(asked)
    html = MarkdownIt().render(written)
    seen = Page(html)
    assert {tag for tag, _ in seen.tags} <= {
        *("h1", "h2", "p", "ul", "li", "a", "strong", "code", "pre", "blockquote", "em"),
    }
    assert "evil.example" not in " ".join(str(each["href"]) for each in seen.of("a"))
    assert len(seen.of("h1")) == 1
    for said in (written, page.text):
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert len(said) < 200_000


# -- the command ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, report: MakeReport, result: MakeResult) -> Path:
    run = tmp_path / "a run"
    write_report(run, report(ran(result, "OKTA-CREATE-2", Verdict.PASS)), Redactor(()))
    return run


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_list_is_written_where_it_is_wanted(folder: Path, tmp_path: Path, form: str) -> None:
    wanted = tmp_path / f"okta.{form}"
    words = ["submission", "okta", str(folder), "--format", form, "--output", str(wanted)]
    assert main(words) == 0
    said = wanted.read_text("utf-8")
    (way,) = set(re.findall(r"([\w%.]+/report\.html)#OKTA-CREATE-2", said))
    assert (tmp_path / unquote(way)).parent == folder


def test_the_list_is_printed_otherwise(folder: Path, capsysbinary: Any) -> None:  # noqa: ANN401 - pytest's own class
    assert main(["submission", "jumpcloud", str(folder / "report.json"), "--format", "md"]) == 0
    assert capsysbinary.readouterr().out.decode().startswith("# JumpCloud")


@pytest.mark.parametrize("words", [["google"], ["okta", "--format", "pdf"]])
def test_what_there_is_no_list_of_is_refused(folder: Path, words: list[str]) -> None:
    assert main(["submission", words[0], str(folder), *words[1:]]) == 4


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    assert main(["submission", "okta", str(tmp_path)]) == 4


def test_every_text_of_the_list_is_used() -> None:
    texts = tomllib.loads((DATA.parents[1] / "wording" / "submission.toml").read_text("utf-8"))
    files = [DATA.parent / name for name in ("submission.py", "submission_forms.py")]
    files.append(DATA.parents[1] / "templates" / "submission.html.jinja")
    code = "".join(file.read_text("utf-8") for file in files)
    for table in ("page", "notice", "words"):
        for key in texts[table]:
            assert f'"{table}.{key}"' in code or f"'{table}.{key}'" in code, key
    assert set(texts["state"]) == set(texts["sign"]) == {state.value for state in State}

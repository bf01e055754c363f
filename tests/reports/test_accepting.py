"""`report accept`: the text is read back by tomllib and by the loader of target files."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies

from reports import Redactor
from reports import Report
from reports import ReportError
from reports import Result
from reports import Verdict
from reports import write_report
from reports.__main__ import main
from reports.accepting import Offer
from reports.accepting import Terms
from reports.accepting import accept
from reports.accepting import as_toml
from reports.accepting import by_cause
from reports.accepting import chosen
from reports.accepting import of_requirement
from reports.accepting import quoted
from reports.findings.causes import cause_key
from reports.findings.causes import causes
from suites.outcome import waivers
from suites.target.model import load_target

TODAY = date(2026, 11, 22)
TERMS = Terms(reason="on purpose")
HOSTILE = 'a "quoted" \\ back]]slash\n[[waivers]]\nrequirement = "ALL"\r\x00\x1b[2J\x7f\u202e # not'


def offer(requirement: str = "OKTA-UPD-1", title: str = "It answers", **more: Any) -> Offer:  # noqa: ANN401 - any field
    return Offer(title=title, comment=title, requirement=requirement, results=(), **more)


def listed(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(text).get("waivers", [])
    return found


# -- what could be accepted ----------------------------------------------------------------------


def test_every_finding_of_a_real_report_is_offered_once(broken: Report) -> None:
    offers = by_cause(broken)
    findings = [each for each in broken.results if each.verdict in (Verdict.FAIL, Verdict.WARN)]
    offered = [result.case for each in offers for result in each.results]
    assert len(findings) > 20
    assert sorted(offered) == sorted(result.case for result in findings)
    assert [each.cause for each in offers] == list(dict.fromkeys(each.cause for each in offers))
    for each in offers:
        assert {cause_key(result) for result in each.results} == {each.cause}
        assert each.found_in == tuple(sorted({result.requirement for result in each.results}))


def test_the_offers_of_one_idp_leave_out_those_of_others_and_of_the_protocol(
    broken: Report,
) -> None:
    offers = by_cause(broken, "okta")
    assert offers
    assert {result.idp for each in offers for result in each.results} == {"okta"}
    assert {each.idp for each in offers} == {"okta"}


def test_a_cause_is_chosen_by_its_id_and_a_requirement_by_its_own(broken: Report) -> None:
    cause = causes(broken)[0]
    requirement = causes(broken)[1].results[0].requirement
    both = chosen(broken, name="r", causes=[cause.id], requirements=[requirement])
    assert [(each.cause, each.requirement) for each in both] == [
        *((key, None) for key in cause.keys),
        (None, requirement),
    ]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"causes": ["C-00000000"]}, "no finding of the cause 'C-00000000'"),
        ({"requirements": ["OKTA-NOPE-1"]}, "no finding of the requirement 'OKTA-NOPE-1'"),
        ({"requirements": ["RFC7644-3.6-2"], "idp": "okta"}, "'RFC7644-3.6-2' about okta"),
    ],
)
def test_what_a_report_does_not_show_cannot_be_accepted(
    broken: Report, choice: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReportError, match=said):
        chosen(broken, name="r", **choice)


def test_what_passes_skips_or_could_not_be_judged_is_no_offer(
    result: Callable[..., Result], report: Callable[..., Report]
) -> None:
    others = [each for each in Verdict if each not in (Verdict.FAIL, Verdict.WARN)]
    made = report(*(result(each, case=f"case {each}") for each in others))
    assert by_cause(made) == ()
    assert of_requirement(made, made.results[0].requirement).results == ()


# -- as TOML -------------------------------------------------------------------------------------


@given(strategies.text())
def test_any_text_is_read_back_by_another_reader(text: str) -> None:
    # Half of a surrogate pair is no character, and stands in no file of UTF-8.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    assert tomllib.loads(f"it = {quoted(text)}") == {"it": whole}


def test_a_surrogate_from_a_command_line_does_not_stop_it() -> None:
    assert tomllib.loads(f"it = {quoted('a' + chr(0xDC80))}") == {"it": "a?"}


def test_hostile_texts_stay_inside_their_strings_and_comments() -> None:
    terms = Terms(reason=HOSTILE, owner=HOSTILE, link=HOSTILE, expires=TODAY)
    text = as_toml([offer(title=HOSTILE), offer("OKTA-UPD-2", title=HOSTILE)], terms)
    entries = listed(text)
    assert [each["requirement"] for each in entries] == ["OKTA-UPD-1", "OKTA-UPD-2"]
    for each in entries:
        assert each["reason"] == each["owner"] == each["link"] == HOSTILE
        assert each["expires"] == "2026-11-22"
    comments = [line for line in text.split("\n") if line.startswith("#")]
    assert len(comments) == 2
    assert all(line.isprintable() for line in text.split("\n"))


def test_every_entry_stands_under_what_it_is_about(broken: Report) -> None:
    offers = by_cause(broken)
    lines = as_toml(offers, TERMS).splitlines()
    for position, line in enumerate(lines):
        if line == "[[waivers]]":
            assert lines[position - 1].startswith("# ")
            assert len(lines[position - 1]) > 20
    assert lines.count("[[waivers]]") == len(offers)


def test_the_loader_of_target_files_takes_what_was_written(broken: Report, tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    terms = Terms(reason=HOSTILE, owner="ann", link="https://issues.example/7", expires=TODAY)
    offers = (*by_cause(broken), *by_cause(broken, "okta"), of_requirement(broken, "OKTA-DEL-1"))
    accept(file, offers, terms, TODAY)
    target = load_target(
        url="https://scim.example.com",
        target_file=str(file),
        token_file=None,
        environment={"SCIM_TOKEN": "made-up"},
    )
    assert target is not None
    waivers.check(target.waivers)
    assert [each.cause or each.requirement for each in target.waivers] == [
        each.cause or each.requirement for each in offers
    ]
    assert {each.reason for each in target.waivers} == {HOSTILE}
    assert {each.expires for each in target.waivers} == {TODAY}
    for each, waiver in zip(offers, target.waivers, strict=True):
        assert each.results
        assert all(waiver.covers(result) for result in each.results)
        assert waiver.found_in == (each.found_in if each.cause else ())


# -- into a target file --------------------------------------------------------------------------


def test_the_rest_of_the_file_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    before = '# my server\nurl="https://a.example"   # odd   blanks\n[headers]\nX-A = "1"'
    file.write_text(before, encoding="utf-8")
    done = accept(file, [offer()], TERMS, TODAY)
    after = file.read_text(encoding="utf-8")
    assert after.startswith(before + "\n\n# It answers\n[[waivers]]\n")
    assert tomllib.loads(after)["headers"] == {"X-A": "1"}
    assert (len(done.written), done.known, done.is_new) == (1, (), False)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["target.toml"]


def test_lines_end_as_the_file_ends_its_own(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_bytes(b'url = "https://a.example"\r\n')
    accept(file, [offer()], TERMS, TODAY)
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 4
    assert listed(content.decode())[0]["requirement"] == "OKTA-UPD-1"


def test_mode_and_link_of_the_file_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "target.toml"
    real.write_text("settle = 1\n", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    accept(link, [offer()], TERMS, TODAY)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert len(listed(real.read_text(encoding="utf-8"))) == 1


def test_a_file_that_is_not_there_is_created(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    assert accept(file, [offer()], TERMS, TODAY).is_new
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Target file of scimproof")
    assert listed(text)[0]["requirement"] == "OKTA-UPD-1"


def test_nothing_is_waived_twice(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    accept(file, [offer()], TERMS, TODAY)
    before = file.read_bytes()
    for again in (offer(), offer(idp="okta")):
        done = accept(file, [again], TERMS, TODAY)
        assert (done.written, len(done.known)) == ((), 1)
        assert file.read_bytes() == before
    done = accept(file, [offer(), offer("OKTA-UPD-2")], TERMS, TODAY)
    assert [each.requirement for each in done.written] == ["OKTA-UPD-2"]
    assert len(listed(file.read_text(encoding="utf-8"))) == 2


@pytest.mark.parametrize("narrower", ['idp = "okta"', 'dialect = "oin"', 'idp = "entra"'])
def test_a_waiver_of_a_part_does_not_stand_in_for_one_of_all(tmp_path: Path, narrower: str) -> None:
    file = tmp_path / "target.toml"
    entry = f'[[waivers]]\nrequirement = "OKTA-UPD-1"\nreason = "r"\n{narrower}\n'
    file.write_text(entry, encoding="utf-8")
    assert len(accept(file, [offer()], TERMS, TODAY).written) == 1


@pytest.mark.parametrize("spelled", ["2026-11-21", '"2026-11-21"'])
def test_a_waiver_that_is_over_is_not_hidden_behind_a_new_one(tmp_path: Path, spelled: str) -> None:
    file = tmp_path / "target.toml"
    entry = f'[[waivers]]\nrequirement = "OKTA-UPD-1"\nreason = "r"\nexpires = {spelled}\n'
    file.write_text(entry, encoding="utf-8")
    with pytest.raises(ReportError, match="waives OKTA-UPD-1 until 2026-11-21, which is over"):
        accept(file, [offer()], TERMS, TODAY)
    assert file.read_text(encoding="utf-8") == entry


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"url = ", "is not valid TOML"),
        (b"\xff\xfe", "is not valid TOML"),
        (b'waivers = [{requirement = "X-1", reason = "r"}]\n', r"under a \[\[waivers\]\]"),
        (b"waivers = 3\n", r"under a \[\[waivers\]\]"),
        (b"a = " + b"[" * 100_000, "is not valid TOML"),
    ],
)
def test_a_file_that_nothing_can_be_added_to_is_left_alone(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "target.toml"
    file.write_bytes(content)
    with pytest.raises(ReportError, match=said):
        accept(file, [offer()], TERMS, TODAY)
    assert file.read_bytes() == content


def test_what_is_no_file_is_left_as_it_is() -> None:
    with pytest.raises(ReportError, match="cannot write /dev/null: it is no regular file"):
        accept(Path("/dev/null"), [offer()], TERMS, TODAY)
    assert Path("/dev/null").is_char_device()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot write"):
        accept(tmp_path / "nowhere" / "target.toml", [offer()], TERMS, TODAY)


# -- the command ---------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, result: Callable[..., Result], report: Callable[..., Report]) -> Path:
    """The folder of a run with two findings of two requirements, and a case that is stuck."""
    results = (
        result(Verdict.FAIL, case="a", requirement="OKTA-UPD-1"),
        result(Verdict.WARN, case="b", requirement="OKTA-DEL-1", title="It is gone"),
        result(Verdict.INCONCLUSIVE, case="c", requirement="OKTA-DEL-2"),
    )
    write_report(tmp_path / "run", report(*results), Redactor())
    return tmp_path / "run"


def test_without_a_choice_the_causes_are_listed_and_nothing_is_written(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "target.toml"
    assert main(["accept", str(small), "--reason", "r", "--target", str(file)]) == 4
    said = capsys.readouterr()
    assert "These findings could be accepted" in said.out
    assert len([line for line in said.out.splitlines() if line.startswith("  C-")]) == 2
    assert "nothing was chosen" in said.err
    assert not file.exists()


def test_without_a_file_the_waivers_are_printed(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ("--requirement", "OKTA-UPD-1", "--owner", "ann", "--link", "https://a.example/1")
    status = main(["accept", str(small), "--reason", "so", *chosen, "--expires", "2999-01-31"])
    assert status == 0
    assert listed(capsys.readouterr().out) == [
        {
            "requirement": "OKTA-UPD-1",
            "reason": "so",
            "owner": "ann",
            "link": "https://a.example/1",
            "expires": "2999-01-31",
        }
    ]


def test_everything_is_accepted_at_once_and_what_stays_bad_is_said(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "target.toml"
    words = ["accept", str(small / "report.json"), "--all", "--reason", "r", "--target", str(file)]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert f"{file} was not there and is new" in said
    assert f"wrote 2 waiver(s) to {file}" in said
    assert "1 case(s) are inconclusive or errors" in said
    assert [each["found_in"] for each in listed(file.read_text(encoding="utf-8"))] == [
        ["OKTA-UPD-1"],
        ["OKTA-DEL-1"],
    ]
    assert main(words) == 0
    assert "already waived there: C-" in capsys.readouterr().out


def test_findings_about_others_are_said_to_stay(
    tmp_path: Path,
    result: Callable[..., Result],
    report: Callable[..., Report],
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = result(Verdict.FAIL, case="a", requirement="X-1", idp="okta")
    other = result(Verdict.FAIL, case="b", requirement="X-1", idp="entra")
    write_report(tmp_path, report(one, other), Redactor())
    file = tmp_path / "target.toml"
    words = ["--all", "--idp", "okta", "--reason", "r", "--target", str(file)]
    assert main(["accept", str(tmp_path), *words]) == 0
    assert "waived for okta alone; 1 finding(s)" in capsys.readouterr().out
    (entry,) = listed(file.read_text(encoding="utf-8"))
    assert (entry["idp"], entry["found_in"]) == ("okta", ["X-1"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--all", "--expires", "soon"], "must be a day, YYYY-MM-DD, not 'soon'"),
        (["--all", "--expires", "20990131"], "must be a day"),
        (["--all", "--expires", "2099-1-31"], "must be a day"),
        (["--all", "--expires", "2020-01-31"], "is over already"),
        (["--all", "--owner", " "], "--owner is empty"),
        (["--all", "--reason", ""], "--reason is empty"),
        (["--all", "--cause", "C-00000000"], "leave --cause and --requirement out"),
        (["--cause", "C-00000000"], "no finding of the cause"),
        (["--all", "--idp", "entra"], "has no finding that could be accepted"),
        (["--requirement", "OKTA-DEL-2"], "no finding of the requirement"),
    ],
)
def test_a_wrong_choice_is_exit_4_and_one_sentence(
    small: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    reason = [] if "--reason" in words else ["--reason", "r"]
    assert main(["accept", str(small), *reason, *words]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_today_is_the_last_day_that_may_be_given(small: Path) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert main(["accept", str(small), "--all", "--reason", "r", "--expires", today]) == 0


def test_a_reason_is_asked_for(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accept", str(small), "--all"]) == 4
    assert "--reason" in capsys.readouterr().err


def test_a_name_of_a_file_that_is_no_text_is_not_in_the_way(small: Path, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"t\xff.toml")
    assert main(["accept", str(small), "--all", "--reason", "r", "--target", str(file)]) == 0
    assert len(listed(file.read_text(encoding="utf-8"))) == 2

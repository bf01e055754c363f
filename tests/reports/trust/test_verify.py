from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from reports import Redactor
from reports import Report
from reports import Result
from reports import Run
from reports import Verdict
from reports import transcript_proof
from reports import write_renderings
from reports import write_report
from reports.__main__ import main
from reports.model import ChecklistItem
from reports.model import Feature
from reports.model import IdpSummary
from reports.record import read_report
from reports.trust.verify import check_report
from reports.trust.verify import digest
from reports.trust.witness import check_transcript

MakeReport = Callable[..., Report]
MakeResult = Callable[..., Result]
MakeExchange = Callable[..., dict[str, Any]]

# What came out of a JSON reader, and is changed as a test needs.
Data: TypeAlias = Any

SENT = {"displayName": "Sales"}
CAME = {"detail": "id is readOnly"}
LONG = {"Resources": [{"userName": "x" * 50}] * 200}


def case(number: int) -> str:
    return f"suites/idp/test_x.py::test_{number}"


@pytest.fixture
def exchanges(exchange: MakeExchange) -> list[dict[str, Any]]:
    reply = {"status": 200, "headers": [["ETag", '"1"']], "body": LONG}
    return [exchange(), exchange(n=1, of=1, response=reply), exchange(response=None, error="lost")]


@pytest.fixture
def whole(report: MakeReport, result: MakeResult, exchanges: list[dict[str, Any]]) -> Report:
    """A report of three results, with a console, as a run would write it."""
    cut = json.dumps(LONG, ensure_ascii=False)
    shown = {**exchanges[1], "n": 7, "of": 9, "shows": True}
    shown["response"] = {
        **shown["response"],
        "body": f"{cut[:4000]}… ({len(cut):,} characters in all)",
    }
    outline = {**exchanges[0], "request": {**exchanges[0]["request"], "headers": []}}
    outline["request"]["body"] = f"… ({len(json.dumps(SENT))} characters in all)"
    came = f"… ({len(json.dumps(CAME))} characters in all)"
    outline["response"] = {**outline["response"], "body": came}
    results = (
        result(case=case(1), evidence=(outline,)),
        result(Verdict.FAIL, case=case(2), evidence=(shown,), actual="500", reproduce="curl"),
        result(Verdict.SKIP, case=case(3), requirement="OKTA-DEL-1", actual="no groups"),
    )
    console = IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="OIN",
        verdict=Verdict.FAIL,
        features=(
            Feature(
                name="Push", verdict=Verdict.FAIL, label="stops here", results=(case(1), case(2))
            ),
        ),
        checklist=(ChecklistItem(text="It pushes.", verdict=Verdict.PASS, results=(case(1),)),),
    )
    return report(*results, idps=(console,), coverage={"checked": ["OKTA-PUSH-2"]})


@pytest.fixture
def folder(tmp_path: Path, whole: Report, exchanges: list[dict[str, Any]]) -> Path:
    """What a run leaves: the report, the transcript and the renderings."""
    lines = [json.dumps({"case": case(2), **each}, ensure_ascii=False) for each in exchanges]
    # Two processes that write at once may leave an empty line.
    (tmp_path / "transcript.jsonl").write_text(f"{lines[0]}\n\n{lines[1]}\n{lines[2]}\n", "utf-8")
    run = replace(whole.run, versions={"python": "3.11"})
    proof = transcript_proof(tmp_path / "transcript.jsonl")
    kept = replace(whole, run=run, transcript=proof)
    write_report(tmp_path, kept, Redactor(()))
    write_renderings(tmp_path, read_report(tmp_path / "report.json"))
    return tmp_path


def edited(folder: Path, change: Callable[[Any], object]) -> Path:
    path = folder / "report.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    return path


def verified(folder: Path, *options: str) -> int:
    return main(["verify", str(folder / "report.json"), *options])


def failed(folder: Path, *, needed: bool = True) -> list[str]:
    report, checks = check_report(folder / "report.json")
    found = [*checks, *(check_transcript(report, folder, needed=needed) if report else ())]
    return [check.name for check in found if check.holds is False]


def test_what_a_run_wrote_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(folder, "--renderings") == 0
    said = capsys.readouterr().out
    assert "NO " not in said
    assert "3 exchanges" in said
    assert said.count("is what scimproof") == len(list(folder.glob("*.*"))) - 2
    # It says what it cannot tell, and how a reader finds out.
    assert "nothing here is signed" in said
    assert "scimproof run" in said


def test_a_folder_is_as_good_as_the_report_in_it(folder: Path) -> None:
    assert main(["verify", str(folder)]) == 0


def test_the_proof_of_a_transcript_is_its_sha256(folder: Path) -> None:
    content = (folder / "transcript.jsonl").read_bytes()
    proof = read_report(folder / "report.json").transcript
    assert proof == {
        "file": "transcript.jsonl",
        "sha256": hashlib.sha256(content).hexdigest(),
        "lines": 3,
        "bytes": len(content),
    }


@pytest.mark.parametrize("place", [0, 40, -3])
def test_one_byte_of_the_transcript_is_noticed(folder: Path, place: int) -> None:
    path = folder / "transcript.jsonl"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert "transcript" in failed(folder)
    assert verified(folder) == 1


def test_a_line_that_was_added_or_left_out_is_noticed(folder: Path) -> None:
    path = folder / "transcript.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    for changed in (lines[:-1], [*lines, lines[0]], [*reversed(lines)]):
        path.write_bytes(b"".join(changed))
        assert "transcript" in failed(folder)


def set_verdict(data: Data) -> None:
    data["results"][1]["verdict"] = "pass"


def hide_the_failure(data: Data) -> None:
    """Do all that a sum would notice."""
    set_verdict(data)
    data["summary"] |= {"pass": 2, "fail": 0}
    data["idps"][0]["features"][0] |= {"verdict": "pass", "label": "works"}
    data["idps"][0]["verdict"] = "pass"


def hide_the_feature(data: Data) -> None:
    data["idps"][0]["features"][0]["verdict"] = "pass"


def better_the_idp(data: Data) -> None:
    data["idps"][0]["verdict"] = "warn"


def waive(data: Data) -> None:
    data["results"][1]["verdict"] = "waived"
    data["summary"] |= {"waived": 1, "fail": 0}
    data["idps"][0]["features"][0]["verdict"] = "waived"


def waive_too_late(data: Data) -> None:
    waive(data)
    waiver = {"reason": "known", "requirement": "OKTA-PUSH-2", "expires": "2026-11-21"}
    data["results"][1]["waiver"] = waiver


def keep_a_waiver(data: Data) -> None:
    data["results"][1]["waiver"] = {"reason": "known", "requirement": "OKTA-PUSH-2"}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param(set_verdict, ["counts", "consoles", "verdicts"], id="one verdict"),
        pytest.param(hide_the_failure, ["verdicts"], id="a verdict and every sum of it"),
        pytest.param(hide_the_feature, ["consoles"], id="a feature"),
        pytest.param(better_the_idp, ["consoles"], id="an identity provider"),
        pytest.param(lambda data: data["summary"].update(fail=0), ["counts"], id="one count"),
        pytest.param(lambda data: data["summary"].update(error=1), ["counts"], id="a count of 0"),
        pytest.param(
            lambda data: data["results"].pop(0),
            ["counts", "cases", "consoles"],
            id="a result left out",
        ),
        pytest.param(
            lambda data: data["results"].append(data["results"][0]),
            ["counts", "cases"],
            id="a result twice",
        ),
        pytest.param(
            lambda data: data["coverage"]["checked"].append("OKTA-DEL-1"),
            ["coverage"],
            id="a requirement that was skipped",
        ),
        pytest.param(
            lambda data: data["coverage"]["checked"].clear(), ["coverage"], id="one not listed"
        ),
        pytest.param(
            lambda data: data["results"][2].update(actual=None), ["verdicts"], id="no reason"
        ),
        pytest.param(waive, ["waivers"], id="waived without a waiver"),
        pytest.param(waive_too_late, ["waivers"], id="waived by an old waiver"),
        pytest.param(keep_a_waiver, ["waivers"], id="a waiver that took nothing back"),
        pytest.param(
            lambda data: data["transcript"].update(lines=4), ["transcript"], id="a line more"
        ),
        pytest.param(
            lambda data: data["run"].update(started="2019-01-01T00:00:00Z"),
            ["started"],
            id="before there were reports",
        ),
        pytest.param(
            lambda data: data["run"].update(started="2026-13-41T00:00:00Z"),
            ["started"],
            id="no day",
        ),
    ],
)
def test_an_edit_of_the_report_is_noticed(
    folder: Path, change: Callable[[Any], object], names: list[str]
) -> None:
    edited(folder, change)
    assert failed(folder) == names
    assert verified(folder) == 1


def test_a_run_of_tomorrow_is_possible_and_one_of_next_week_is_not(folder: Path) -> None:
    for days, wrong in ((0, []), (7, ["started"])):
        then = datetime.now(UTC) + timedelta(days=days)
        edited(folder, lambda data: data["run"].update(started=then.isoformat("T", "seconds")))  # noqa: B023 - called at once
        assert failed(folder) == wrong


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda e: e["request"].update(method="PUT"), id="method"),
        pytest.param(lambda e: e["request"].update(target="/Groups/82"), id="target"),
        pytest.param(lambda e: e["response"].update(status=204), id="status"),
        pytest.param(lambda e: e["request"]["body"].update(displayName="Other"), id="sent"),
        pytest.param(lambda e: e["response"].update(body="{}"), id="came"),
        pytest.param(lambda e: e["response"].update(headers=[]), id="headers"),
        pytest.param(lambda e: e.update(error="lost"), id="error"),
        pytest.param(lambda e: e.update(step="another"), id="step"),
    ],
)
def test_edited_evidence_is_noticed(
    folder: Path, change: Callable[[Any], object], capsys: pytest.CaptureFixture[str]
) -> None:
    edited(folder, lambda data: change(data["results"][1]["evidence"][0]))
    assert failed(folder) == ["evidence"]
    assert verified(folder) == 1
    assert f"{case(2)}: P" in capsys.readouterr().out


def test_an_edited_outline_is_noticed(folder: Path) -> None:
    edited(folder, lambda data: data["results"][0]["evidence"][0]["response"].update(status=200))
    assert failed(folder) == ["evidence"]


def test_without_the_transcript_the_report_does_not_hold(folder: Path) -> None:
    (folder / "transcript.jsonl").unlink()
    assert failed(folder) == ["transcript"]
    assert verified(folder) == 1


def test_a_report_alone_can_be_checked_where_that_is_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "transcript.jsonl").unlink()
    assert verified(folder, "--without-transcript") == 0
    assert "??" in capsys.readouterr().out


def test_the_name_of_the_transcript_leads_out_of_the_folder_nowhere(folder: Path) -> None:
    # The schema refuses a path; so does the code, should the schema ever change.
    edited(folder, lambda data: data["transcript"].update(file="../../etc/passwd"))
    assert failed(folder) == ["schema"]


@pytest.mark.parametrize("line", [b"no json\n", b"[1]\n", b'{"case": "x"}\n', b"\xff\xfe\n"])
def test_a_line_that_is_no_exchange_is_noticed(folder: Path, line: bytes) -> None:
    with (folder / "transcript.jsonl").open("ab") as stream:
        stream.write(line)
    proof = transcript_proof(folder / "transcript.jsonl")
    edited(folder, lambda data: data.update(transcript=proof))
    assert failed(folder) == ["lines"]


def test_an_interrupted_run_may_have_torn_its_last_line(folder: Path) -> None:
    with (folder / "transcript.jsonl").open("ab") as stream:
        stream.write(b'{"case": "x", "requ')
    proof = transcript_proof(folder / "transcript.jsonl")
    edited(folder, lambda data: data.update(transcript=proof))
    assert failed(folder) == ["lines"]
    edited(folder, lambda data: data["run"].update(interrupted=True))
    assert failed(folder) == []


def test_an_edited_rendering_is_noticed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.trust.verify.version", lambda name: "0.1.0")
    with (folder / "report.md").open("a", encoding="utf-8") as stream:
        stream.write("\nAnd it is certified.\n")
    assert verified(folder) == 0
    assert verified(folder, "--renderings") == 1
    assert "report.md is not what scimproof 0.1.0 makes" in capsys.readouterr().out


def test_a_rendering_of_another_version_may_differ(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(folder, lambda data: data["run"].update(version="0.0.1"))
    (folder / "junit.xml").unlink()
    assert verified(folder, "--renderings") == 0
    said = capsys.readouterr().out
    assert "report.md was made by scimproof 0.0.1" in said
    assert "junit.xml is not beside the report" in said


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"format": "scimproof-report/9"}', b"[" * 100_000],
)
def test_what_is_no_report_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.json").write_bytes(content)
    for options in ([], ["--digest"]):
        assert verified(tmp_path, *options) == 4
        assert capsys.readouterr().err.count("\n") == 1


def test_a_report_that_breaks_the_format_does_not_hold(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(folder, lambda data: data["results"][0].update(verdict="certified"))
    assert verified(folder) == 1
    assert capsys.readouterr().out.startswith("NO  The file does not fit")


def test_the_digest_is_what_sha256sum_reads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(folder, "--digest") == 0
    (folder / "report.json.sha256").write_text(capsys.readouterr().out, "utf-8")
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("there is no sha256sum on this machine")
    done = subprocess.run(  # noqa: S603 - the tool that the line is for
        [tool, "-c", "report.json.sha256"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stdout == "report.json: OK\n"
    content = (folder / "report.json").read_bytes()
    assert digest(folder / "report.json") == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("text", ["\x1b[2J", "\u202egnp", "a\nok  All is well.", "<b>", "x" * 9999])
def test_no_text_of_a_report_can_mislead_the_reader(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def everywhere(data: Data) -> None:
        data["run"]["version"] = data["run"]["id"] = text
        data["run"]["options"] = {"idp": [text], "only": [text]}
        data["results"][0] |= {"case": text, "hint": text}
        data["results"][1]["evidence"][0]["request"] |= {"target": text, "method": text}
        data["idps"][0] |= {"title": text, "dialect": text}

    edited(folder, everywhere)
    assert verified(folder, "--renderings") == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.isprintable() and "\u202e" not in line for line in lines)
    assert all(len(line) < 2_000 for line in lines)
    assert "ok  All is well." not in lines


def test_an_earlier_report_is_checked_as_far_as_it_goes(
    broken_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(broken_file)]) == 0
    said = capsys.readouterr().out
    assert "names no hash of its transcript" in said
    assert "(851 results)" in said


def test_a_run_without_an_option_is_a_report_too(tmp_path: Path, report: MakeReport) -> None:
    empty = Run(id="1", version="1", started="2026-11-22T00:00:00Z", seconds=0, seed=1)
    write_report(tmp_path, replace(report(), run=empty), Redactor(()))
    assert failed(tmp_path) == []

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reports import Feature
from reports import IdpSummary
from reports import Json
from reports import Redactor
from reports import Report
from reports import ReportError
from reports import Result
from reports import Target
from reports import Verdict
from reports import append_jsonl
from reports import kept_report
from reports import read_jsonl
from reports import read_report
from reports import schema
from reports import write_report

TOKEN = "s3cr3t-value-1"  # noqa: S105 - made up, so that its masking can be seen


@pytest.fixture
def whole(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
) -> Report:
    failed = result(
        Verdict.FAIL,
        case="b",
        idp="okta",
        dialect="oin",
        certainty="doc",
        feature="Import",
        rfc="asks",
        rests_on=("RFC7644-3.5.2-1",),
        expected="status 200",
        actual="status 400",
        evidence=(exchange(), exchange(response=None, error="connection reset")),
    )
    idp = IdpSummary(
        idp="okta",
        title="Okta",
        dialect="oin",
        dialect_title="Catalog",
        verdict=Verdict.FAIL,
        features=(Feature(name="Import", verdict=Verdict.FAIL, label="fails", results=("b",)),),
    )
    capabilities: dict[str, Json] = {"patch": {"value": True, "origin": "probed"}}
    target = Target(url="http://127.0.0.1/scim/v2", capabilities=capabilities)
    return report(result(case="a"), failed, idps=(idp,), target=target, created=2)


def test_the_schema_is_itself_valid_and_has_its_name() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == "urn:scimproof:report:1"


def test_a_report_comes_back_from_its_file(whole: Report, tmp_path: Path) -> None:
    path = write_report(tmp_path / "new" / "folder", whole, Redactor())
    assert path.name == "report.json"
    assert read_report(path) == whole


def test_the_file_validates_against_the_published_schema(whole: Report, tmp_path: Path) -> None:
    path = write_report(tmp_path, whole, Redactor())
    Draft202012Validator(schema()).validate(json.loads(path.read_bytes()))


def test_an_empty_report_is_valid(report: Callable[..., Report], tmp_path: Path) -> None:
    assert read_report(write_report(tmp_path, report(), Redactor())) == report()


def test_the_report_that_is_kept_is_the_one_in_the_file(
    report: Callable[..., Report], tmp_path: Path
) -> None:
    tainted = report(coverage={"skipped": {"x": TOKEN}})
    kept = kept_report(tmp_path, tainted, Redactor([TOKEN]))
    assert kept == read_report(tmp_path / "report.json")
    assert kept != tainted


@pytest.mark.parametrize(
    "text", ["\ud800", "שלום \u202e", "a\x00b\x1b[31m", "\U0001f600", "x" * 10**6]
)
def test_any_text_of_a_target_survives_the_file(
    result: Callable[..., Result], report: Callable[..., Report], tmp_path: Path, text: str
) -> None:
    odd = report(result(Verdict.FAIL, actual=text))
    assert read_report(write_report(tmp_path, odd, Redactor())) == odd


def test_no_secret_reaches_the_file(
    whole: Report,
    result: Callable[..., Result],
    exchange: Callable[..., dict[str, Json]],
    tmp_path: Path,
) -> None:
    hidden = result(
        Verdict.FAIL,
        case=f"case[{TOKEN}]",
        title=f"has {TOKEN}",
        notes=(TOKEN,),
        expected=TOKEN,
        actual=TOKEN,
        consequence=TOKEN,
        hint=TOKEN,
        reproduce=f"curl -H 'X-Key: {TOKEN}'",
        blocked_by=TOKEN,
        links=(f"https://x/?t={TOKEN}",),
        evidence=(
            exchange(
                step=TOKEN,
                error=TOKEN,
                request={"method": "GET", "target": f"/{TOKEN}", "body": {TOKEN: [TOKEN]}},
                response={"status": 200, "headers": [["X", TOKEN]], "body": f"<p>{TOKEN}</p>"},
            ),
            {"request": {"method": "GET", "target": "/", "extra": TOKEN}},
        ),
    )
    feature = Feature(name="Import", verdict=None, label="works", results=(f"case[{TOKEN}]",))
    tainted = replace(
        whole,
        run=replace(whole.run, options={"header": TOKEN}),
        target=Target(
            url=f"https://u:{TOKEN}@x/",
            software=TOKEN,
            trouble=TOKEN,
            capabilities={TOKEN: {"value": TOKEN, "origin": "probed"}},
        ),
        results=(hidden,),
        idps=(replace(whole.idps[0], features=(feature,)),),
        coverage={"skipped": {"x": TOKEN}},
        left_behind=({"id": TOKEN},),
    )
    written = write_report(tmp_path, tainted, Redactor([TOKEN])).read_text("utf-8")
    assert TOKEN not in written
    read = read_report(tmp_path / "report.json")
    assert read.idps[0].features[0].results == (read.results[0].case,)


@pytest.mark.parametrize("secret", ["pass", "okta", "fail", "probed", "3.1", "scimproof-report/1"])
def test_a_secret_that_reads_like_our_own_words_does_not_break_the_report(
    whole: Report, tmp_path: Path, secret: str
) -> None:
    path = write_report(tmp_path, whole, Redactor([secret]))
    assert read_report(path).results[1].verdict is Verdict.FAIL


def test_evidence_that_json_cannot_say_is_written_in_words(
    result: Callable[..., Result],
    report: Callable[..., Report],
    exchange: Callable[..., dict[str, Json]],
    tmp_path: Path,
) -> None:
    odd = exchange(response={"status": 200, "headers": [], "body": float("inf")})
    path = write_report(tmp_path, report(result(evidence=(odd,))), Redactor())
    assert json.loads(path.read_bytes())["results"][0]["evidence"][0]["response"]["body"] == "inf"


def test_a_report_that_breaks_the_schema_is_not_written_and_the_old_one_stays(
    whole: Report, tmp_path: Path
) -> None:
    path = write_report(tmp_path, whole, Redactor())
    before = path.read_bytes()
    with pytest.raises(ReportError, match="started"):
        write_report(tmp_path, replace(whole, run=replace(whole.run, started="noon")), Redactor())
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


def test_a_file_in_the_directorys_place_is_one_sentence(whole: Report, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ReportError, match="cannot write"):
        write_report(blocked, whole, Redactor())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"\xff\xfe", "not JSON in UTF-8"),
        (b'{"format": NaN}', "NaN"),
        (b"[]", "list"),
        (b"null", "NoneType"),
        (b"{}", "required"),
        (b'{"format": "scimproof-report/9"}', "no scimproof report"),
        (b"[" * 200_000, "nested"),
        (b"[" * 150 + b"]" * 150, "list"),
        (b'{"a":' * 150 + b"1" + b"}" * 150, "nested deeper"),
    ],
    ids=range(11),
)
def test_a_file_that_is_no_report_is_one_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=words) as caught:
        read_report(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of POSIX")
def test_a_pipe_that_nobody_fills_is_one_sentence(tmp_path: Path) -> None:
    pipe = tmp_path / "report.json"
    os.mkfifo(pipe)
    with pytest.raises(ReportError, match="is not JSON"):
        read_report(pipe)


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="no shell here gives a pipe a name")
def test_a_pipe_that_somebody_fills_slowly_is_read_to_its_end(
    whole: Report, tmp_path: Path
) -> None:
    written = write_report(tmp_path, whole, Redactor())
    words = ["sh", "-c", 'sleep 0.2; cat "$0"', str(written)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as writer:  # noqa: S603 - our own words
        assert writer.stdout is not None
        assert read_report(Path(f"/dev/fd/{writer.stdout.fileno()}")) == whole


def test_a_device_without_end_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.record._LARGEST", 1024**2)
    with pytest.raises(ReportError, match="'/dev/zero' is larger than 1 MB"):
        read_report(Path("/dev/zero"))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="No such file"):
        read_report(tmp_path / "report.json")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), 1),
        (("summary", "pass"), -1),
        (("summary", "great"), 1),
        (("run", "seed"), "x"),
        (("run", "started"), "yesterday"),
        (("target", "capabilities", "patch"), {"value": 1, "origin": "rumour"}),
        (("results", 0, "verdict"), "splendid"),
        (("results", 0, "certainty"), "sure"),
        (("results", 0, "unknown"), 1),
        (("results", 1, "evidence", 0, "request"), None),
        (("results", 1, "evidence", 0, "response", "headers"), [["one"]]),
        (("idps", 0, "features", 0, "verdict"), "fails"),
        (("created",), -1),
    ],
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_each_part_of_a_tampered_report_is_checked(
    whole: Report, tmp_path: Path, path: tuple[str | int, ...], value: Json
) -> None:
    file = write_report(tmp_path, whole, Redactor())
    data = json.loads(file.read_bytes())
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    file.write_text(json.dumps(data))
    with pytest.raises(ReportError):
        read_report(file)


def test_a_log_gives_back_its_objects(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    append_jsonl(log, {"a": "line\nbreak \u2028 \x85"})
    append_jsonl(log, {"b": [1, None]})
    assert read_jsonl(log) == [{"a": "line\nbreak \u2028 \x85"}, {"b": [1, None]}]
    assert log.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("lost", range(1, 8))
def test_a_torn_last_line_is_left_out_and_the_next_one_starts_afresh(
    tmp_path: Path, lost: int
) -> None:
    log = tmp_path / "log.jsonl"
    append_jsonl(log, {"a": 1})
    append_jsonl(log, {"b": 1})
    os.truncate(log, log.stat().st_size - lost)
    whole_line_kept = lost == 1
    expected = [{"a": 1}, {"b": 1}] if whole_line_kept else [{"a": 1}]
    assert read_jsonl(log) == expected
    append_jsonl(log, {"c": 1})
    assert read_jsonl(log) == [*expected, {"c": 1}]


def test_an_empty_log_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b"")
    assert read_jsonl(tmp_path / "log.jsonl") == []


@pytest.mark.parametrize("content", [b"hello\n", b"[1]\n", b'{"a":1}\n3\n', b"\xff\xfe\n"])
def test_a_file_that_is_no_log_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(content)
    with pytest.raises(ReportError, match="no JSON object"):
        read_jsonl(log)


def test_a_missing_log_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot read"):
        read_jsonl(tmp_path / "log.jsonl")


def test_what_json_cannot_say_never_reaches_a_log(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="JSON"):
        append_jsonl(tmp_path / "log.jsonl", {"a": float("nan")})
    assert not (tmp_path / "log.jsonl").exists()


_LINES = 200


def _append_many(path: str, name: str, length: int) -> None:
    for number in range(_LINES):
        append_jsonl(Path(path), {"name": name, "number": number, "filler": "x" * length})


@pytest.mark.parametrize("length", [1, 60_000])
def test_several_processes_write_one_log_without_tearing_it(tmp_path: Path, length: int) -> None:
    """A line of many pages can be seen half written, which must not be taken for a crash."""
    log = tmp_path / "log.jsonl"
    start = multiprocessing.get_context("fork").Process
    workers = [start(target=_append_many, args=(str(log), name, length)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = {(line["name"], line["number"]) for line in read_jsonl(log)}
    assert found == {(name, number) for name in "ab" for number in range(_LINES)}
    assert log.read_bytes().count(b"\n") == 2 * _LINES

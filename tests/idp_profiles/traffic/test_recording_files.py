"""Recordings and HAR files: what is read, and what is refused with the line that is wrong."""

from __future__ import annotations

# ruff: noqa: ANN401 # JSON of any shape
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.traffic.comparison import compare
from idp_profiles.traffic.file import FORMAT
from idp_profiles.traffic.file import as_json
from idp_profiles.traffic.file import read
from idp_profiles.traffic.recorded import TrafficError
from tests.idp_profiles.traffic.booth import lines_of
from tests.idp_profiles.traffic.booth import record

FIRST = json.dumps({"format": FORMAT})


def entry(url: str = "https://app.acme.com/scim/v2/Users?count=1", **changes: Any) -> Any:
    usual = {
        "startedDateTime": "2026-11-22T10:00:00.000Z",
        "request": {
            "method": "GET",
            "url": url,
            "httpVersion": "HTTP/2",
            "headers": [
                {"name": ":authority", "value": "app.acme.com"},
                {"name": "authorization", "value": "Bearer har-t0ken"},
                {"name": "accept", "value": "application/scim+json"},
            ],
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Encoding", "value": "gzip"}],
            "content": {"text": '{"id":"ada"}', "mimeType": "application/json"},
        },
    }
    return {**usual, **changes}


def har(*entries: Any) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}, indent=2)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "r"
    record(path, "okta", "oin", "push-group-create-patch")
    assert [as_json(one) for one in read(path).entries] == lines_of(path)
    assert read(path).faithful


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ("7", "line 2"),
        ("[" * 100_000, "nested too deeply|line 2"),
        ('{"number": 1}', "line 2: it has no member 'request'"),
        ('{"number": 1, "request": {}, "response": null}', "line 2: it has no member"),
        ('{"number": true, "request": [], "response": null}', "line 2"),
        ('{"number": 1, "request": null, "response": 3}', "line 2"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "r"
    path.write_text(f"{FIRST}\n{line}\n")
    with pytest.raises(TrafficError, match=said):
        read(path)


def broken(change: Callable[[Any], None]) -> str:
    line = {
        "number": 1,
        "at": 0,
        "elsewhere": False,
        "request": {"method": "GET", "target": "/", "headers": [], "body": {}},
        "response": None,
        "error": "",
    }
    line["request"]["body"] = {"form": "none", "bytes": 0}  # type: ignore[index] # an object
    change(line)
    return json.dumps(line)


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line["request"].update(method=7),
        lambda line: line["request"].update(headers=[["a"]]),
        lambda line: line["request"].update(headers=[["a", 1]]),
        lambda line: line["request"].update(headers=5),
        lambda line: line["request"]["body"].update(form="odd"),
        lambda line: line["request"]["body"].update(bytes="1"),
        lambda line: line.update(at="soon"),
        lambda line: line.update(response={"status": "200", "headers": [], "body": {}}),
    ],
)
def test_a_member_of_another_type_is_refused(tmp_path: Path, change: Any) -> None:
    path = tmp_path / "r"
    path.write_text(f"{FIRST}\n{broken(lambda line: None)}\n")
    assert len(read(path).entries) == 1
    path.write_text(f"{FIRST}\n{broken(change)}\n")
    with pytest.raises(TrafficError, match="line 2"):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "neither a recording nor a HAR"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"<html>", "neither a recording nor a HAR"),
        (b"[" * 100_000, "neither a recording nor a HAR"),
        (b"{}", "neither a recording nor a HAR"),
        (b'{"log": []}', "neither a recording nor a HAR"),
        (b'{"log": {"entries": 5}}', "neither a recording nor a HAR"),
        (b'{"format": "scimproof-traffic/9"}', "has the format"),
        (b'{"log": {"entries": [5]}}', "entry 1"),
        (b'{"log": {"entries": [{}]}}', "entry 1: no member 'startedDateTime'"),
        (har(entry(startedDateTime="soon")).encode(), "entry 1"),
        (har(entry(), entry(request={})).encode(), "entry 2: no member 'url'"),
        (har(entry(response={"status": 200, "headers": 7})).encode(), "entry 1"),
        (har(entry("http://[broken/Users")).encode(), "entry 1"),
    ],
)
def test_a_file_that_is_neither_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "r"
    path.write_bytes(content)
    with pytest.raises(TrafficError, match=said):
        read(path)


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "r"
    record(path, "okta", "oin", "create-user")
    path.write_text(path.read_text()[:-20])
    assert len(read(path).entries) == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrafficError, match="cannot be read"):
        read(tmp_path / "none")


def test_content_that_is_said_to_be_base64_is_decoded_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "r"
    good = {"text": base64.b64encode(b'{"id":"ada"}').decode(), "encoding": "base64"}
    path.write_text(har(entry(response={"status": 200, "headers": [], "content": good})))
    reply = read(path).entries[0].reply
    assert reply is not None
    assert reply.content.body == {"id": "id-1"}
    bad = {"text": "no base64!", "encoding": "base64"}
    path.write_text(har(entry(response={"status": 200, "headers": [], "content": bad})))
    with pytest.raises(TrafficError, match="base64"):
        read(path)


def test_a_har_file_is_redacted_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r"
    page = entry("https://app.acme.com/static/ada.js")
    aborted = entry(response={"status": 0, "headers": [], "content": {}})
    path.write_text(har(page, entry(), aborted))
    recording = read(path)
    text = json.dumps([as_json(one) for one in recording.entries])
    assert not recording.faithful
    assert "har-t0ken" not in text
    assert "acme" not in text
    assert "ada" not in text
    assert [one.target for one in recording.entries] == ["/Users?count=1"] * 2
    assert recording.entries[0].headers[0] == ("authorization", "Bearer [redacted]")
    assert recording.entries[1].reply is None


def as_har(lines: list[Any]) -> str:
    """Return a recording as a browser would have noted it: small letters, no order."""
    return har(
        *(
            {
                "startedDateTime": f"2026-11-22T10:00:{one['number']:02}Z",
                "request": {
                    "method": one["request"]["method"],
                    "url": f"https://x.org/t/1/scim/v2{one['request']['target']}",
                    "headers": sorted(
                        ({"name": k.lower(), "value": v} for k, v in one["request"]["headers"]),
                        key=lambda pair: pair["name"],
                    ),
                    "postData": {"text": json.dumps(one["request"]["body"]["content"])}
                    if "content" in one["request"]["body"]
                    else None,
                },
                "response": {
                    "status": one["response"]["status"],
                    "headers": [],
                    "content": {"text": json.dumps(one["response"]["body"].get("content"))},
                },
            }
            for one in lines
        )
    )


@pytest.mark.parametrize(
    ("name", "dialect", "scenario"),
    [("okta", "oin", "group-rename-patch"), ("entra", "default", "update-many-default")],
)
def test_a_har_file_is_compared_without_what_it_cannot_know(
    tmp_path: Path, name: str, dialect: str, scenario: str
) -> None:
    path = tmp_path / "r"
    record(path, name, dialect, scenario)
    saved = tmp_path / "saved.har"
    saved.write_text(as_har(lines_of(path)))
    found = compare(read(saved), load(name), [dialect])
    # The masked values of some headers are masked once more: what is left is equal.
    assert [one.difference.sentence for one in found.findings] == []
    assert all(one.scenario for one in found.stretches)

from __future__ import annotations

import shlex
import subprocess
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from reports import Redactor
from suites.evidence import BODY_LIMIT
from suites.evidence import CaseLog
from suites.evidence import Entry
from suites.evidence import RawExchange
from suites.evidence import curl
from suites.reach.connection import shown_authorization

SECRET = "s3cret-of-test"  # noqa: S105 - made up

# Whatever a field of an exchange holds.
Part: TypeAlias = Any


def recorded(**parts: Part) -> tuple[Entry, list[dict[str, Any]]]:
    lines: list[dict[str, Any]] = []
    log = CaseLog("case", Redactor([SECRET]), lines.append)
    plain = {"method": "POST", "target": "/Users", "headers": (), "body": None, "reply": Reply(200)}
    return log.record(RawExchange(**{**plain, **parts})), lines


@pytest.mark.parametrize(
    "parts",
    [
        {"target": f"/Users?token={SECRET}"},
        {"headers": (("Authorization", f"Bearer {SECRET}"),)},
        {"headers": (("X-Api-Key", "unknown-but-named"),)},
        {"body": b'{"password": "unknown-but-named"}'},
        {"body": b'{"Operations": [{"path": "password", "value": "unknown-but-named"}]}'},
        {"body": f"no JSON {SECRET}".encode()},
        {"reply": Reply(200, headers=(("Set-Cookie", "session=unknown-but-named"),))},
        {"reply": Reply(400, body=f'{{"detail": "wrong token {SECRET}"}}'.encode())},
        {"reply": None, "error": f"nobody knows {SECRET}"},
    ],
)
def test_a_secret_is_gone_before_it_is_kept(parts: dict[str, Any]) -> None:
    entry, lines = recorded(**parts)
    for shown in (repr(entry), repr(lines)):
        assert SECRET not in shown
        assert "unknown-but-named" not in shown


def test_each_exchange_is_a_line_of_the_transcript() -> None:
    _, (line,) = recorded(body=b'{"userName": "ann"}', reply=Reply(201, body=b'{"id": "1"}'))
    assert line["case"] == "case"
    assert line["request"]["body"] == {"userName": "ann"}
    assert line["response"] == {"status": 201, "headers": [], "body": {"id": "1"}}


def test_a_missing_reply_is_told_by_its_reason() -> None:
    entry, (line,) = recorded(reply=None, error="nobody answers")
    assert (line["response"], line["error"]) == (None, "nobody answers")
    assert entry.short() == "POST /Users -> no reply (nobody answers)"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 100_000, b'{"a": 1} trailing'])
def test_a_body_that_is_no_json_is_kept_as_text(body: bytes) -> None:
    entry, _ = recorded(reply=Reply(200, body=body))
    assert isinstance(entry.reply_body, str)


def test_a_long_body_is_cut_in_a_report() -> None:
    entry, _ = recorded(reply=Reply(200, body=b'{"a": "' + b"x" * 10_000 + b'"}'))
    shown = entry.to_json(of=1, shows=True, limit=BODY_LIMIT)["response"]
    assert isinstance(shown, dict)
    assert str(shown["body"]).endswith("… (10,009 characters in all)")


def test_evidence_marks_the_exchange_that_decides() -> None:
    log = CaseLog("case", Redactor(), lambda line: None)
    raw = RawExchange(method="GET", target="/", headers=(), body=None, reply=Reply(200))
    log.record(raw)
    deciding = log.record(raw)
    marks = [(each["n"], each["of"], each["shows"]) for each in log.evidence(deciding)]  # type: ignore[index,call-overload]  # objects
    assert marks == [(1, 2, False), (2, 2, True)]


def words(line: str, token: str) -> list[str]:
    """Return the words that curl would get, as a shell makes them."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}; {line}"
    done = subprocess.run(  # noqa: S603 - the shell is what is tested
        ["bash", "-c", script],  # noqa: S607 - whichever bash there is
        env={"SCIM_TOKEN": token, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\0")[:-1]


@pytest.mark.parametrize(
    ("credential", "value"),
    [
        (Credential("bearer", SECRET), "Authorization: Bearer t0ken"),
        (Credential("header", SECRET), "Authorization: t0ken"),
        (Credential("basic", SECRET, "me"), "Authorization: Basic bWU6dDBrZW4="),
    ],
)
def test_the_printed_command_sends_what_was_sent(credential: Credential, value: str) -> None:
    entry, _ = recorded(
        target="/Users?filter=userName%20eq%20%22o'brien%22&count=2",
        headers=(("Content-Type", "application/scim+json"), ("User-Agent", "x")),
        body=b'{"userName": "o\'brien $HOME `id` \\u00fc"}',
    )
    line = curl(entry, "https://scim.example/v2/", shown_authorization(credential))
    assert SECRET not in line
    assert words(line, "t0ken") == [
        *("-i", "-X", "POST"),
        "https://scim.example/v2/Users?filter=userName%20eq%20%22o'brien%22&count=2",
        *("-H", value),
        *("-H", "Content-Type: application/scim+json"),
        *("--data", '{"userName": "o\'brien $HOME `id` ü"}'),
    ]


def test_a_long_basic_credential_stays_one_header() -> None:
    line = curl(
        recorded()[0], "https://x.example", shown_authorization(Credential("basic", SECRET, "me"))
    )
    (header,) = (word for word in words(line, "t" * 200) if word.startswith("Authorization"))
    assert "\n" not in header


def test_a_user_name_cannot_run_a_command() -> None:
    user = "o'brien'; echo $(id) \""
    line = curl(
        recorded()[0], "https://x.example", shown_authorization(Credential("basic", SECRET, user))
    )
    assert "uid=" not in " ".join(words(line, "t0ken"))


def test_a_command_is_one_line_for_a_shell() -> None:
    entry, _ = recorded(body=b'{"a": "line\\nbreak"}')
    assert shlex.split(curl(entry, "https://x.example", "Bearer $SCIM_TOKEN"))[0] == "curl"


def test_a_credential_that_is_wrong_on_purpose_is_told_from_the_right_one() -> None:
    log = CaseLog("case", Redactor([SECRET]), lambda line: None, wrong=("made-up",))
    plain = {"method": "GET", "target": "/Users", "body": None, "reply": Reply(200)}
    wrong = log.record(RawExchange(headers=(("Authorization", "Bearer made-up"),), **plain))  # type: ignore[arg-type]  # a table
    right = log.record(RawExchange(headers=(("Authorization", f"Bearer {SECRET}"),), **plain))  # type: ignore[arg-type]  # a table
    assert '"Authorization: Bearer $SCIM_WRONG_TOKEN"' in curl(
        wrong, "https://x", "Bearer $SCIM_TOKEN"
    )
    assert '"Authorization: Bearer $SCIM_TOKEN"' in curl(right, "https://x", "Bearer $SCIM_TOKEN")


@pytest.mark.parametrize(
    "body",
    [
        b'{"userName": "a", "password": "s3cret-Word"}',
        b'{"Operations": [{"op": "replace", "path": "password", "value": "s3cret-Word"}]}',
        b'{"Operations": [{"op": "replace", "value": {"Password": "s3cret-Word"}}]}',
    ],
)
def test_a_password_that_the_server_repeats_in_a_text_is_masked(body: bytes) -> None:
    lines: list[dict[str, Any]] = []
    log = CaseLog("case", Redactor(), lines.append)
    echo = Reply(400, body=b'{"detail": "s3cret-Word is too weak"}')
    for sent, reply in ((body, echo), (None, echo)):
        log.record(
            RawExchange(method="PATCH", target="/Users/1", headers=(), body=sent, reply=reply)
        )
    assert "too weak" in str(lines)
    assert "s3cret-Word" not in str(lines)
    assert "s3cret-Word" not in log.redactor.text("got 's3cret-Word' in detail")


def test_a_lone_surrogate_is_shown_as_it_was_written() -> None:
    log = CaseLog("case", Redactor([]), lambda line: None)
    raw = RawExchange(
        method="POST", target="/Users", headers=(), body=b'{"a": "\\ud800"}', reply=None
    )
    assert log.record(raw).request_body == '{"a": "\\ud800"}'


def sent(log: CaseLog, method: str, certainty: Certainty | None) -> Entry:
    raw = RawExchange(
        method=method, target="/", headers=(), body=None, reply=Reply(200), certainty=certainty
    )
    return log.record(raw)


def test_the_request_that_decides_tells_how_sure_its_form_is() -> None:
    log = CaseLog("case", Redactor(), lambda line: None)
    first, wild = sent(log, "POST", Certainty.WILD), sent(log, "PUT", Certainty.INFERRED)
    looked_up = sent(log, "GET", Certainty.DOC)
    read_back = sent(log, "GET", None)
    sent(log, "DELETE", Certainty.CODE)
    assert log.decisive(first) is Certainty.WILD
    assert log.decisive(looked_up) is Certainty.DOC
    # An effect that was read back rests on the write before, not on what came after.
    assert log.decisive(read_back) is log.decisive(wild) is Certainty.INFERRED
    assert log.decisive(None) is Certainty.CODE


def test_without_an_idp_nothing_is_assumed() -> None:
    log = CaseLog("case", Redactor(), lambda line: None)
    assert log.decisive(sent(log, "PUT", None)) is None
    assert log.decisive(None) is None


def test_an_outline_has_no_headers_and_of_bodies_their_length() -> None:
    body = b'{"userName": "ann"}'
    reply = Reply(201, headers=(("ETag", "1"),), body=b"made")
    entry, _ = recorded(headers=(("Accept", "*/*"),), body=body, reply=reply)
    outline = entry.to_json(of=1, shows=False, limit=0)
    assert outline["request"] == {
        **{"method": "POST", "target": "/Users", "headers": []},
        "body": "… (19 characters in all)",
    }
    assert outline["response"] == {
        **{"status": 201, "headers": [], "body": "… (4 characters in all)"},
    }


def test_a_body_that_is_not_there_has_no_length_to_tell() -> None:
    entry, _ = recorded(reply=Reply(204))
    outline: Part = entry.to_json(of=1, shows=False, limit=0)
    assert outline["request"]["body"] is None
    assert outline["response"]["body"] is None


def test_an_entry_that_nobody_measured_is_cut_all_the_same() -> None:
    entry = Entry(
        **{"n": 1, "method": "GET", "target": "/Users", "request_headers": ()},
        **{"request_body": None, "status": 200, "reply_body": "x" * 10},
    )
    shown: Part = entry.to_json(of=1, shows=False, limit=4)
    assert shown["response"]["body"] == "xxxx… (10 characters in all)"

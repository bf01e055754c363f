"""Whatever is wrong with the input: one clear sentence, the right exit status, no traceback."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import TypeAlias

import jsonschema
import pytest

import reports
from reference_server.http_adapter import Server

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
BAD_INPUT = 4
# One requirement is enough where every case meets the same trouble.
ONE = ("--only", "OKTA-CONN-1")


def fine(done: Any, status: int) -> None:  # noqa: ANN401 - what the command returns
    assert done.status == status, done.said
    assert "Traceback" not in done.said
    assert "INTERNALERROR" not in done.said


# -- bad options and files: exit 4, before any request ----------------------------------------


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--bogus",), "--bogus"),
        (("--idp", "nobody"), "--idp 'nobody' is unknown; known are: "),
        (
            ("--product", "clockify", "--idp", "onelogin"),
            "promise nothing about it; they speak of entra, google, jumpcloud, okta",
        ),
        (("--suite", "all"), "--scim-suite 'all' is unknown; known are: protocol"),
        (("--only", "NOPE-1"), "--scim-only: no requirement 'NOPE-1'"),
        (("--dialect", "klingon"), "--scim-dialect 'klingon' is unknown; known are: aiw"),
        (("--deviation", "put-ignord"), "close names: put-ignored"),
        (("--timeout", "soon"), "invalid float value"),
        (("--timeout", "-1"), "timeout"),
        (("--url", ""), "--scim-url is empty"),
        (("--url", "http://127.0.0.1:99999"), "not usable"),
        (("--url", "http://127.0.0.1:1", "--token-file", "nowhere"), "token file nowhere"),
        (("--url", "http://127.0.0.1:1", "--deviation", "put-ignored"), "embedded server"),
        (("--target", "broken.toml"), "broken.toml is not valid TOML"),
        (("--target", "wrong.toml"), "timeout: it must be of the type number"),
        (("--report", "broken.toml"), "cannot write the report folder broken.toml"),
        (("nowhere",), "file or directory not found: nowhere"),
    ],
)
def test_a_wrong_option_or_file_is_exit_4(
    command: Command, tmp_path: Path, token: str, words: tuple[str, ...], part: str
) -> None:
    (tmp_path / "broken.toml").write_text("url = ", encoding="utf-8")
    wrong = 'url = "http://127.0.0.1:1"\ntimeout = "soon"'
    (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
    idp = () if "--idp" in words else ("--idp", "okta")
    done = command("run", *idp, *words, SCIM_TOKEN=token)
    fine(done, BAD_INPUT)
    assert part in done.said
    assert not (tmp_path / ".scim-reports").exists()


def test_no_credential_is_exit_4(command: Command) -> None:
    done = command.run("--idp", "okta", "--url", "http://127.0.0.1:1")
    fine(done, BAD_INPUT)
    assert "SCIM_TOKEN" in done.said


def test_a_named_target_is_never_swapped_for_the_embedded_server(
    command: Command, token: str
) -> None:
    done = command.run(
        *("--idp", "okta", "--deviation", "put-ignored"),
        SCIM_TOKEN=token,
        SCIM_URL="http://127.0.0.1:1",
    )
    fine(done, BAD_INPUT)


def test_a_waiver_of_nothing_is_exit_4(command: Command, token: str) -> None:
    done = command.run(
        *("--idp", "okta", "--url", "http://127.0.0.1:1"),
        SCIM_TOKEN=token,
        SCIM_WAIVERS='[{"requirement": "OKTA-NOPE-1", "reason": "typing error"}]',
    )
    fine(done, BAD_INPUT)
    assert "OKTA-NOPE-1" in done.said


def test_a_damaged_journal_in_the_folder_is_exit_4(command: Command, token: str) -> None:
    command.directory.mkdir()
    (command.directory / "journal.jsonl").write_text("not a journal\n", encoding="utf-8")
    done = command.run("--idp", "okta", "--url", "http://127.0.0.1:1", SCIM_TOKEN=token)
    fine(done, BAD_INPUT)
    assert "journal.jsonl" in done.said


# -- targets that cannot be judged: exit 1, one reason, a report -------------------------------


def unjudged(done: Any) -> str:  # noqa: ANN401 - what the command returns
    """Return the one reason of a run in which nothing could be judged."""
    fine(done, 1)
    report = done.report
    assert list(jsonschema.Draft202012Validator(reports.schema()).iter_errors(report)) == []
    assert report["results"]
    assert {each["verdict"] for each in report["results"]} == {"inconclusive"}
    reasons = {each["actual"] for each in report["results"]}
    assert reasons == {report["target"]["trouble"]}
    assert report["coverage"]["checked"] == []
    assert (report["created"], report["left_behind"]) == (0, [])
    (reason,) = reasons
    assert " ".join(reason.split()) in " ".join(done.said.split())
    return str(reason)


def test_a_dead_port_is_one_reason_for_every_case(command: Command, token: str) -> None:
    done = command.run("--idp", "okta", "--url", "http://127.0.0.1:1/v2", SCIM_TOKEN=token)
    assert unjudged(done).startswith("Nothing listens at 127.0.0.1:1")
    assert len(done.report["results"]) > 100
    for name in ("report.html", "report.md", "junit.xml", "transcript.jsonl", "journal.jsonl"):
        assert (done.directory / name).exists()
    assert len(done.said.splitlines()) < 40


def test_a_dead_port_is_not_excused_by_allowing_inconclusive(command: Command, token: str) -> None:
    done = command.run(
        *ONE, "--allow-inconclusive", "--url", "http://127.0.0.1:1", SCIM_TOKEN=token
    )
    unjudged(done)


def test_a_host_that_does_not_exist_is_one_reason(command: Command, token: str) -> None:
    done = command.run(*ONE, "--url", "https://scim.invalid/v2", SCIM_TOKEN=token)
    assert "scim.invalid" in unjudged(done)


def test_a_wrong_token_is_one_reason(command: Command, recording: Callable[..., Any]) -> None:
    wrong = "wr0ng-token-of-test"
    done = command.run(*ONE, "--url", recording().url, SCIM_TOKEN=wrong)
    assert "Check SCIM_TOKEN" in unjudged(done)
    assert wrong not in done.said


def test_a_page_in_place_of_json_is_one_reason(
    command: Command, answering: Callable[..., str], token: str
) -> None:
    url = answering(lambda method, path, body: (200, {}, b"<html>Welcome</html>"))
    assert "HTML" in unjudged(command.run(*ONE, "--url", url, SCIM_TOKEN=token))


def test_a_redirect_to_a_login_page_is_one_reason(
    command: Command, answering: Callable[..., str], token: str
) -> None:
    headers = {"Location": "https://sso.example/login"}
    url = answering(lambda method, path, body: (302, headers, b""))
    reason = unjudged(command.run(*ONE, "--url", url, SCIM_TOKEN=token))
    assert "https://sso.example/login" in reason


def test_a_silent_server_is_one_reason(command: Command, token: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        done = command.run(*ONE, "--timeout", "0.2", "--url", url, SCIM_TOKEN=token)
    assert "within 0.2 seconds" in unjudged(done)


def test_something_that_is_not_http_is_one_reason(command: Command, token: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            connection, _ = other.accept()
            connection.recv(1000)
            connection.sendall(b"220 mail.example ESMTP\r\n")
            connection.close()

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
        done = command.run(*ONE, "--url", url, SCIM_TOKEN=token)
    assert "not HTTP" in unjudged(done)


# -- TLS --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, key and certificate in one file."""
    if shutil.which("openssl") is None:
        assert not os.environ.get("CI"), "continuous integration must have openssl"
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, cert, both = (folder / name for name in ("key.pem", "cert.pem", "both.pem"))
    subprocess.run(  # noqa: S603 - no word of it comes from outside
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-addext", "keyUsage=critical,digitalSignature,keyCertSign"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


@pytest.fixture
def tls_url(
    certificate: Path, recording: Callable[..., Any], token: str
) -> Iterator[tuple[str, Any]]:
    """A reference server behind TLS, and what it was asked."""
    seen = recording().seen
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(seen) as server, _TlsFront(context, server.port) as front:
        threading.Thread(target=front.serve_forever, args=(0.02,), daemon=True).start()
        yield f"https://127.0.0.1:{front.server_address[1]}{seen.base_path}", seen
        front.shutdown()


class _TlsFront(socketserver.ThreadingTCPServer):
    """TLS in front of a server that speaks none, as a reverse proxy puts it there."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _TlsHandler)
        self.context = context
        self.behind = ("127.0.0.1", port)


class _TlsHandler(socketserver.BaseRequestHandler):
    server: _TlsFront

    def handle(self) -> None:
        with (
            # A client that does not trust the certificate breaks the handshake off.
            contextlib.suppress(OSError),
            socket.create_connection(self.server.behind) as plain,
            self.server.context.wrap_socket(self.request, server_side=True) as client,
        ):
            other: dict[socket.socket, socket.socket] = {client: plain, plain: client}
            while ready := select.select(list(other), [], [], 30)[0]:
                content = ready[0].recv(65536)
                if not content:
                    return
                other[ready[0]].sendall(content)
                while client.pending():
                    plain.sendall(client.recv(65536))


def test_a_certificate_that_nobody_vouches_for_is_one_reason(
    command: Command, tls_url: tuple[str, Any], token: str
) -> None:
    url, seen = tls_url
    reason = unjudged(command.run(*ONE, "--url", url, SCIM_TOKEN=token))
    assert "certificate is not trusted" in reason
    assert seen.requests == []


def test_a_certificate_that_the_user_trusts_is_fine(
    command: Command, tls_url: tuple[str, Any], token: str, certificate: Path
) -> None:
    url, seen = tls_url
    done = command.run(*ONE, "--url", url, SCIM_TOKEN=token, SCIM_CA_FILE=str(certificate))
    fine(done, 0)
    assert seen.requests


def test_tls_to_a_server_without_it_is_one_reason(
    command: Command, recording: Callable[..., Any], token: str
) -> None:
    url = recording().url.replace("http://", "https://")
    reason = unjudged(command.run(*ONE, "--url", url, SCIM_TOKEN=token))
    assert "TLS" in reason


def test_a_file_without_certificates_is_exit_4(
    command: Command, tmp_path: Path, token: str
) -> None:
    file = tmp_path / "no.pem"
    file.write_text("no certificate", encoding="utf-8")
    done = command.run(
        *ONE, "--url", "https://127.0.0.1:1", SCIM_TOKEN=token, SCIM_CA_FILE=str(file)
    )
    fine(done, BAD_INPUT)
    assert "no.pem" in done.said


# -- options that leave nothing to do ----------------------------------------------------------


def test_options_that_no_case_fits_are_exit_4(command: Command) -> None:
    done = command.run("--idp", "okta", "--only", "SEC-AUTH-1")
    fine(done, BAD_INPUT)
    assert "not one case" in done.said
    assert not command.directory.exists()


def test_a_suite_that_goes_with_no_single_idp_is_exit_4(command: Command) -> None:
    done = command.run("--idp", "okta", "--suite", "security")
    fine(done, BAD_INPUT)
    assert "security cases run with --idp all or without --idp" in done.said
    assert not command.directory.exists()


def test_a_dialect_alone_runs_no_case_of_another(command: Command) -> None:
    done = command.run("--only", "OKTA-MEM-8", "--dialect", "oin")
    fine(done, 0)
    assert [each["dialect"] for each in done.report["results"]] == ["oin"]
    assert json.dumps(done.report["run"]["options"]["dialect"]) == '["oin"]'


def test_a_report_that_cannot_be_written_is_one_sentence_and_exit_1(command: Command) -> None:
    (command.directory / "report.html").mkdir(parents=True)
    done = command.run("--only", "OKTA-DEL-1")
    fine(done, 1)
    assert "the report is not written: cannot write" in done.said
    assert "Is a directory" in done.said
    assert not (command.directory / ".running").exists()

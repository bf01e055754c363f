"""An application named by its module is called in this process as it would be behind a server."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.transport import Trouble
from idp_profiles.transport import call_wsgi
from suites.cleanup.journal import Journal
from suites.cleanup.journal import write_target
from suites.reach import in_process
from suites.reach.connection import Connection
from suites.target.model import Target
from suites.target.model import TargetError
from suites.target.model import load_target

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
Json: TypeAlias = Any  # whatever the call takes
Write: TypeAlias = Callable[[str], str]

WSGI = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]
"""
# An ASGI application that says what it saw; the body of a test stands in place of ANSWER.
ASGI = """
import asyncio, json

SEEN = []

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        message = await receive()
        SEEN.append(message["type"])
        scope["state"]["kept"] = "from the start"
        await send({"type": "lifespan.startup.complete"})
        SEEN.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})
        return
    ANSWER

async def say(send, what, status=200):
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    await send({"type": "http.response.start", "status": status, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": body})
"""
# A correct server as an application in a module, in memory or in a file.
SERVER = """
import os
from pathlib import Path

from reference_server import Credential, create_app
from reference_server.wsgi import wsgi_app

FILE = os.environ.get("PEOPLE")
app = wsgi_app(
    create_app(
        credentials=[Credential("bearer", os.environ["SCIM_TOKEN"])],
        database=Path(FILE) if FILE else None,
    )
)
"""
ONLY = ("--only", "RFC7644-3.3-7", "--only", "OKTA-CREATE-1")


@pytest.fixture(autouse=True)
def _nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield
    in_process.close_all()
    for name in set(sys.modules) - before:
        if name.startswith("theirs"):
            del sys.modules[name]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a module into the current folder; returns the name of its `app`."""
    monkeypatch.chdir(tmp_path)

    def made(text: str) -> str:
        module = f"theirs_{len(list(tmp_path.glob('*.py')))}_{tmp_path.name}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return f"{module}:app"

    return made


@pytest.fixture
def asgi(write: Write) -> Write:
    def made(answer: str) -> str:
        lines = textwrap.dedent(answer).strip().replace("\n", "\n    ")
        return write(ASGI.replace("ANSWER", lines))

    return made


def ask(name: str, target: str = "/", method: str = "GET", **more: Json) -> Reply:
    app = in_process.application(name, more.pop("timeout", 10.0))
    return call_wsgi(app, method, target, more.pop("headers", ()), more.pop("body", None), **more)


# -- which application ------------------------------------------------------------------------


def test_a_module_of_the_current_folder_is_found(write: Write) -> None:
    assert ask(write(WSGI), "/Users").body == b"/Users"


def test_a_dotted_name_and_a_factory_are_understood(write: Write) -> None:
    name = write(
        f"{WSGI}\nclass Held:\n    inner = staticmethod(app)\n\ndef make():\n    return app"
    )
    module = name.partition(":")[0]
    assert ask(f"{module}:Held.inner", "/a").body == b"/a"
    assert ask(f"{module}:make()", "/b").body == b"/b"


@pytest.mark.parametrize(
    ("text", "named", "said"),
    [
        ("", "nowhere_at_all:app", "there is no module 'nowhere_at_all' in this folder"),
        ("", "{module}:app", r"has no 'app'"),
        ("app = {}", "{module}:app", "a dict, and no application"),
        ("def app(): ...", "{module}:app", r"takes 0 argument.* write \(\) behind its name"),
        ("def app():\n    1/0", "{module}:app()", r"cannot be made: ZeroDivisionError: .*line 2"),
        ("import nothing_like_it", "{module}:app", "nothing_like_it.*line 1"),
        ("x = 1\nraise KeyError('shop')", "{module}:app", r"KeyError: 'shop' \(theirs.*, line 2\)"),
        ("app = (", "{module}:app", "SyntaxError"),
        ("raise SystemExit(3)", "{module}:app", "SystemExit: 3"),
        ("app = 1", "{module}.py:app", "not the name of its file"),
        ("app = 1", "{module}", "write the module and the application in it"),
    ],
)
def test_what_is_no_application_is_told_in_one_sentence(
    write: Write, text: str, named: str, said: str
) -> None:
    module = write(text).partition(":")[0]
    with pytest.raises(TargetError, match=said) as told:
        in_process.application(named.format(module=module), 5)
    assert "\n" not in str(told.value)


def test_a_package_with_the_name_of_a_room_is_named_where_the_import_fails(
    write: Write, tmp_path: Path
) -> None:
    name = write("from reports import of_their_own")
    (tmp_path / "reports").mkdir()
    with pytest.raises(TargetError, match="'reports' has the name of a part of scimproof"):
        in_process.application(name, 5)


def test_an_import_that_serves_is_not_waited_for(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_process, "IMPORT", 0.1)
    name = write("import threading\nthreading.Event().wait(3)")
    with pytest.raises(TargetError, match="__main__"):
        in_process.application(name, 5)


# -- how it is called -------------------------------------------------------------------------

REFUSED = [
    pytest.param("return [b'']", id="start_response is never called"),
    pytest.param("yield b'x'\n    start_response('200 OK', [])", id="a body before the status"),
    pytest.param("start_response('200 OK', [('A', 1)])\n    return []", id="no text in a header"),
    pytest.param(
        "start_response('200 OK', [('A', 'b\\r\\nC: d')])\n    return []", id="two in one"
    ),
    pytest.param("start_response('fine', [])\n    return []", id="no status"),
    pytest.param("start_response('200 OK', [])\n    return ['text']", id="text as a body"),
    pytest.param(
        "start_response('200 OK', [])\n    start_response('200 OK', [])\n    return []", id="twice"
    ),
    pytest.param("raise KeyError('shop')", id="it raises"),
    pytest.param("raise SystemExit(2)", id="it wants to leave"),
    pytest.param(
        "start_response('200 OK', [])\n    yield b'a'\n    raise KeyError('shop')",
        id="its generator raises",
    ),
]


@pytest.mark.parametrize("body", REFUSED)
def test_what_breaks_behind_a_server_is_a_500_here(write: Write, body: str) -> None:
    reply = ask(write(f"def app(environ, start_response):\n    {body}\n"), "/Users/7")
    assert reply.status == 500
    (line,) = in_process.heard()
    assert "while it answered GET /Users/7: " in line
    assert in_process.heard() == []


def test_what_it_raised_is_told_with_its_place(write: Write) -> None:
    name = write("def app(environ, start_response):\n    raise KeyError('shop')")
    ask(name)
    (line,) = in_process.heard()
    assert line.endswith(f"KeyError: 'shop' ({name.partition(':')[0]}.py, line 2)")


def test_what_a_framework_catches_and_logs_is_told_too(write: Write) -> None:
    ask(
        write("""
        import logging

        def app(environ, start_response):
            try:
                1 / 0
            except ArithmeticError:
                logging.getLogger("their.framework").exception("Exception on %s", "/Users")
            start_response("500 Oh", [])
            return [b""]
        """)
    )
    (line,) = in_process.heard()
    assert "Exception on /Users: ZeroDivisionError: division by zero" in line


def test_a_late_start_and_a_second_one_with_its_reason_are_fine(write: Write) -> None:
    name = write("""
    import sys

    class Chunks:
        closed = False
        def __init__(self, start_response): self.start = start_response
        def __iter__(self):
            try:
                self.start("200 OK", [("A", "1")])
                raise ValueError("too late for that")
            except ValueError:
                self.start("503 Busy", [("B", "2")], sys.exc_info())
            yield b"busy"
        def close(self): Chunks.closed = True

    def app(environ, start_response): return Chunks(start_response)
    """)
    assert ask(name) == Reply(503, "Busy", (("B", "2"),), b"busy")
    assert sys.modules[name.partition(":")[0]].Chunks.closed


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "204 No"), ("GET", "304 Same")]
)
def test_a_reply_that_has_no_body_on_a_wire_has_none_here(
    write: Write, method: str, status: str
) -> None:
    name = write(f"""
    def app(environ, start_response):
        start_response({status!r}, [("Content-Length", "9")])
        return [b"some body"]
    """)
    assert ask(name, method=method).body == b""


def test_the_length_that_it_speaks_of_counts(write: Write) -> None:
    name = write("""
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", environ["PATH_INFO"][1:])])
        return [b"some body"]
    """)
    assert ask(name, "/4").body == b"some"
    with pytest.raises(Trouble, match="ends after 9 of the 10 bytes"):
        ask(name, "/10")


def test_it_believes_to_be_where_the_url_says(write: Write) -> None:
    name = write("""
    def app(environ, start_response):
        start_response("200 OK", [])
        keys = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT")
        return [" ".join(environ[key] for key in keys).encode()]
    """)
    assert ask(name).body == b"http localhost localhost 80"
    there = ask(name, origin="https://shop.example.com:8443")
    assert there.body == b"https shop.example.com:8443 shop.example.com 8443"


def test_whoever_hangs_is_left_alone_and_the_next_request_is_answered(write: Write) -> None:
    name = write("""
    import threading

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/hang":
            threading.Event().wait(3)
        start_response("200 OK", [])
        return [b"here"]
    """)
    with pytest.raises(Trouble, match=r"did not answer GET /hang within 0\.2 seconds"):
        ask(name, "/hang", timeout=0.2)
    assert ask(name).body == b"here"


def test_one_thread_imports_and_answers_and_several_answer_at_once(write: Write) -> None:
    name = write("""
    import sqlite3, threading
    DATABASE = sqlite3.connect(":memory:")
    HOME, BOTH = threading.get_ident(), threading.Barrier(2)

    def app(environ, start_response):
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/both":
            BOTH.wait(10)
            return [b"both"]
        DATABASE.execute("select 1")
        return [b"home" if threading.get_ident() == HOME else b"elsewhere"]
    """)
    assert ask(name).body == b"home"
    with ThreadPoolExecutor(2) as threads:
        replies = list(threads.map(lambda path: ask(name, path), ["/both", "/both"]))
    assert [reply.body for reply in replies] == [b"both", b"both"]
    assert ask(name).body == b"home"


# -- ASGI -------------------------------------------------------------------------------------


def test_an_asgi_application_starts_answers_and_ends(asgi: Write) -> None:
    name = asgi("""
    body = (await receive())["body"].decode()
    await say(send, [scope["method"], scope["path"], body, scope["state"]["kept"]])
    """)
    reply = ask(name, "/Users", "POST", body=b"{}")
    assert reply.json() == ["POST", "/Users", "{}", "from the start"]
    assert ("x-a", "1") in reply.headers
    seen = sys.modules[name.partition(":")[0]].SEEN
    in_process.close_all()
    assert seen == ["lifespan.startup", "lifespan.shutdown"]


def test_bytes_that_are_no_utf_8_reach_it_as_from_an_asgi_server(asgi: Write) -> None:
    name = asgi('await say(send, [scope["path"], scope["raw_path"].decode()])')
    assert ask(name, "/Users/%ff%2F1?x=%fe").json() == ["/Users/\ufffd/1", "/Users/%ff%2F1"]


def test_the_scope_has_what_servers_put_there(asgi: Write) -> None:
    name = asgi("""
    keys = ("client", "server", "scheme", "root_path", "http_version")
    await say(send, [*(scope[key] for key in keys), scope["query_string"].decode()])
    """)
    seen = ask(name, "/?a=%20b", origin="https://x.test").json()
    assert seen == [["127.0.0.1", 49152], ["x.test", 443], "https", "", "1.1", "a=%20b"]


def test_a_reply_in_pieces_arrives_whole_and_work_goes_on_behind_it(asgi: Write) -> None:
    name = asgi("""
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"b"})
    assert (await receive())["type"] == "http.request"
    assert (await receive())["type"] == "http.disconnect"
    await asyncio.sleep(30)
    """)
    begun = time.monotonic()
    assert ask(name).body == b"ab"
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("raise KeyError('shop')", "KeyError: 'shop'"),
        ("return", "ended without a whole reply"),
        ("await send({'type': 'http.response.start', 'status': 200})", "without a whole reply"),
        ("await send({'type': 'http.response.body', 'body': b''})", "before http.response.start"),
        ("await say(send, 1, 500)\nraise KeyError('after')", "KeyError: 'after'"),
    ],
)
def test_an_asgi_application_that_breaks_is_a_500_and_is_told(
    asgi: Write, answer: str, said: str
) -> None:
    assert ask(asgi(answer)).status == 500
    assert said in " ".join(in_process.heard())


def test_an_asgi_application_that_hangs_is_left_alone(asgi: Write) -> None:
    name = asgi("""
    if scope["path"] == "/hang":
        await asyncio.sleep(60)
    await say(send, "here")
    """)
    with pytest.raises(Trouble, match=r"within 0\.2 seconds"):
        ask(name, "/hang", timeout=0.2)
    assert ask(name).json() == "here"


def test_many_at_once_are_all_answered(asgi: Write) -> None:
    name = asgi("""
    await asyncio.sleep(0.001)
    await say(send, scope["path"])
    """)
    paths = [f"/Users/{n}" for n in range(200)]
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda path: ask(name, path).json(), paths))
    assert replies == paths


@pytest.mark.parametrize(
    ("life", "said"),
    [
        (
            "await send({'type': 'lifespan.startup.failed', 'message': 'a\\nno database'})",
            "no data",
        ),
        ("await asyncio.sleep(60)", "did not start within"),
    ],
)
def test_an_application_that_does_not_start_is_told(
    write: Write, monkeypatch: pytest.MonkeyPatch, life: str, said: str
) -> None:
    monkeypatch.setattr("suites.reach.asgi.START", 0.2)
    with pytest.raises(TargetError, match=said):
        in_process.application(
            write(f"import asyncio\nasync def app(scope, receive, send):\n    {life}"), 5
        )


def test_an_application_without_a_lifespan_needs_none(write: Write) -> None:
    name = write("""
    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})
    """)
    assert ask(name).status == 204
    assert in_process.heard() == []


def test_the_three_arguments_tell_where_a_decorator_hides_the_coroutine(write: Write) -> None:
    name = write("""
    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    def app(scope, receive, send):
        return inner(scope, receive, send)
    """)
    assert ask(name).status == 204


# -- beside a URL -----------------------------------------------------------------------------


def target(environment: dict[str, str], **options: str) -> Target | None:
    url, app = options.get("url"), options.get("app")
    known = {"SCIM_TOKEN": "t", **environment}
    return load_target(
        url=url, target_file=None, token_file=None, settings={"app": app}, environment=known
    )


def test_an_application_is_at_localhost_unless_a_url_says_more() -> None:
    plain, path = target({}, app="a:b"), target({"SCIM_URL": "http://localhost/v2"}, app="a:b")
    assert (plain and plain.url, path and path.url) == (
        "http://localhost/scim/v2",
        "http://localhost/v2",
    )
    there = "https://shop.example.com/scim"
    named = [target({}, app="a:b", url=there), target({"SCIM_URL": there, "SCIM_APP": "a:b"})]
    assert [each and each.url for each in named] == [there, there]


@pytest.mark.parametrize(
    ("environment", "options", "said"),
    [
        ({"SCIM_URL": "https://shop.example.com/v2"}, {"app": "a:b"}, "SCIM_URL a server"),
        ({"SCIM_APP": "a:b"}, {"url": "https://shop.example.com/v2"}, "SCIM_APP names an appl"),
    ],
)
def test_an_application_and_a_server_are_not_mixed_up(
    environment: dict[str, str], options: dict[str, str], said: str
) -> None:
    with pytest.raises(TargetError, match=said):
        target(environment, **options)


def test_no_name_of_an_application_is_told_with_an_example() -> None:
    with pytest.raises(TargetError, match=r"such as package\.module:app"):
        target({}, app="myapp")


def test_only_what_is_at_its_address_goes_to_the_application(write: Write) -> None:
    url = "http://shop.test/scim/v2"
    credential = Credential("bearer", "t")
    connection = Connection(Target(url=url, credential=credential, app=write(WSGI), timeout=5))
    assert connection.request("GET", "/Users", (), None).content == b"/scim/v2/Users"
    assert connection.literal("GET", "/a/../b", (), None).content == b"/scim/v2/a/../b"
    assert connection.request("GET", "http://shop.test/oauth", (), None).content == b"/oauth"
    with pytest.raises(OSError, match=r"refused|127\.0\.0\.1"):
        connection.request("GET", "http://127.0.0.1:1/else", (), None)
    connection.close()


# -- whole runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_a_run_judges_an_application_and_says_so(
    command: Command, token: str, workers: tuple[str, ...]
) -> None:
    (command.folder / "shop.py").write_text(SERVER, encoding="utf-8")
    done = command.run("--app", "shop:app", *ONLY, *workers, SCIM_TOKEN=token)
    assert done.status == 0, done.said
    assert done.report["target"]["software"] == "the application shop:app in this process"
    assert done.report["target"]["url"] == "http://localhost/scim/v2"
    assert done.report["run"]["options"]["app"] == "shop:app"
    assert done.report["left_behind"] == []
    assert "pending" not in done.said


def test_a_finding_says_how_to_see_it_without_a_server(command: Command, token: str) -> None:
    (command.folder / "shop.py").write_text(
        SERVER + "\ninner = app\n"
        "def app(environ, start_response):\n"
        "    if environ['REQUEST_METHOD'] == 'POST':\n"
        "        raise KeyError('shop')\n"
        "    return inner(environ, start_response)\n",
        encoding="utf-8",
    )
    done = command.run("--app", "shop:app", "--only", "OKTA-CREATE-1", SCIM_TOKEN=token)
    assert done.status == 1
    (result, *_) = (each for each in done.report["results"] if each["verdict"] == "fail")
    assert result["reproduce"].endswith(
        "# first serve shop:app there; or: scimproof run --app shop:app --only OKTA-CREATE-1"
    )
    (note,) = (each for each in result["notes"] if each.startswith("in the application"))
    assert "POST /scim/v2/Users: KeyError: 'shop' (shop.py, line " in note
    page = (done.directory / "report.html").read_text(encoding="utf-8")
    assert "scimproof run --app shop:app --only OKTA-CREATE-1" in page


def test_an_application_that_cannot_be_had_ends_the_run_before_it_begins(
    command: Command, token: str
) -> None:
    for workers in ((), ("-n", "2")):
        done = command.run("--app", "nowhere_at_all:app", *ONLY, *workers, SCIM_TOKEN=token)
        assert done.status == 4
        assert "there is no module 'nowhere_at_all'" in done.said
        assert "Traceback" not in done.said
        assert not done.directory.exists()


def test_one_that_starts_once_leaves_its_workers_without_a_verdict(
    command: Command, token: str
) -> None:
    once = "import os\nif os.environ.get('PYTEST_XDIST_WORKER'):\n    raise OSError('once')\n"
    (command.folder / "shop.py").write_text(once + SERVER, encoding="utf-8")
    done = command.run("--app", "shop:app", *ONLY, "-n", "2", SCIM_TOKEN=token)
    assert done.status == 1
    assert {each["verdict"] for each in done.report["results"]} == {"inconclusive"}
    assert "OSError: once (shop.py, line 3)" in done.report["results"][0]["actual"]


def test_an_interrupted_run_of_an_asgi_application_ends_it_in_order(
    command: Command, token: str
) -> None:
    (command.folder / "slow.py").write_text(
        ASGI.replace("ANSWER", "print('asked'); await asyncio.sleep(60)").replace(
            "SEEN.append(", "open('said', 'a').write('x') and SEEN.append("
        ),
        encoding="utf-8",
    )
    process = command.start("--app", "slow:app", *ONLY, "-s", SCIM_TOKEN=token)
    assert process.stdout is not None
    for line in process.stdout:
        if "asked" in line:
            break
    process.send_signal(signal.SIGINT)
    out = process.communicate(timeout=60)[0]
    assert process.returncode == 2, out
    assert (command.folder / "said").read_text() == "xx"
    assert not re.search("Traceback|pending", out), out


def test_a_killed_run_is_cleaned_up_in_the_application_it_was_about(
    command: Command, token: str
) -> None:
    (command.folder / "shop.py").write_text(SERVER, encoding="utf-8")
    people = {"SCIM_TOKEN": token, "PEOPLE": str(command.folder / "people.db")}
    process = command.start("--app", "shop:app", "--idp", "okta", **people)
    _wait_for(process, command.directory / "journal.jsonl")
    process.kill()
    process.communicate()
    done = command("cleanup", command.directory, **people)
    assert done.status == 4
    assert "add --app shop:app" in done.said
    done = command("cleanup", command.directory, "--app", "shop:app", **people)
    assert done.status == 0, done.said
    assert " 0 left behind" in done.said
    assert "0 resource(s) deleted" not in done.said


def test_a_run_about_a_server_is_not_cleaned_up_in_an_application(
    command: Command, token: str
) -> None:
    (command.folder / "shop.py").write_text(SERVER, encoding="utf-8")
    command.directory.mkdir()
    journal = command.directory / "journal.jsonl"
    write_target(journal, "http://localhost/scim/v2")
    name = "scimproof-0a1b2c-3d4e5f-ann1@example.com"
    Journal(journal, owner="main").intend("POST", "/Users", json.dumps({"userName": name}).encode())
    done = command("cleanup", command.directory, "--app", "shop:app", SCIM_TOKEN=token)
    assert done.status == 4
    assert "the server http://localhost/scim/v2, and no application: leave --app out" in done.said


def _wait_for(process: subprocess.Popen[str], journal: Path) -> None:
    """Wait until something was created."""
    for _ in range(3000):
        if journal.exists() and '"created"' in journal.read_text(encoding="utf-8"):
            return
        assert process.poll() is None, process.communicate()[0]
        threading.Event().wait(0.01)
    raise AssertionError("nothing was created")


def test_somebody_elses_pytest_run_takes_it_too(
    command: Command, token: str, quiet_environment: Callable[..., dict[str, str]]
) -> None:
    (command.folder / "shop.py").write_text(SERVER, encoding="utf-8")
    (command.folder / "test_own.py").write_text("def test_own():\n    assert False\n", "utf-8")
    words = ["-m", "pytest", "-p", "scimproof", "--scim-app", "shop:app", "--scim-only"]
    done = subprocess.run(  # noqa: S603 - our own plugin
        [sys.executable, *words, "OKTA-CREATE-1", "--scim-report", str(command.directory)],
        cwd=command.folder,
        env=quiet_environment(SCIM_TOKEN=token),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the application shop:app in this process" in done.stdout

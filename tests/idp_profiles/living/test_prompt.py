"""`scimproof idp NAME` without a verb: typed on a terminal, piped, and one command at a time."""

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import PROFILES
from idp_profiles.__main__ import main
from idp_profiles.living.commands import COMMANDS
from idp_profiles.living.opening import has_engine
from reference_server import Credential
from reference_server import create_app
from reference_server.http_adapter import Server

TOKEN, OTHER = "prompt-t0ken-1", "prompt-t0ken-2"  # nobody's token
ROOT = Path(__file__).parents[3]
LIVING = [name for name in PROFILES if has_engine(name)]
ANNA, BEN = "anna@example.com", "ben@example.com"


@pytest.fixture
def url() -> Iterator[str]:
    known = [Credential(kind="bearer", secret=each) for each in (TOKEN, OTHER)]
    with Server(create_app(credentials=known)) as server:
        yield server.url


@pytest.fixture
def call(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command with lines on its standard input; return status and both outputs."""
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    monkeypatch.setenv("SCIM_URL", url)
    monkeypatch.delenv("SCIM_AUTH", raising=False)

    def run(*arguments: str, lines: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        status = main([*arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert TOKEN not in captured.out + captured.err
        return status, captured.out, captured.err

    return run


def in_the_app(call: Any, path: str = "import-users") -> list[Any]:
    """Return what is on the server, as an import of another IdP sees it."""
    _, out, _ = call("okta", path, "--json")
    resources: list[Any] = json.loads(out)["response"]["body"]["Resources"]
    return resources


# -- line by line


def test_commands_are_read_line_by_line_and_each_exchange_is_shown(call: Any) -> None:
    lines = f"""
        # joins, and leaves
        assign {ANNA}
        cycle

        block "{ANNA}"
        wait 40m
        """
    status, out, err = call("entra", lines=lines)
    assert status == 0
    told = [line for line in out.splitlines() if line[:1].strip()]
    assert told == [
        f"entra> assign {ANNA}",
        "entra> cycle",
        "look up the user  doc: D1, D3, W6",
        "create the user  doc: D1, D3, D8",
        f"Create {ANNA}: done",
        "Microsoft Entra ID, initial cycle: 1 succeeded, 0 failed, 0 in escrow.",
        f'entra> block "{ANNA}"',
        "entra> wait 40m",
        "read the user  doc: D1, D3",
        "disable the user  doc: D2, D3, W33, W23",
        f"Disable {ANNA}: done",
        "Microsoft Entra ID, cycles: 1 succeeded, 0 failed, 0 in escrow.",
    ]
    assert "  > POST /Users" in out
    assert "  < 201 Created" in out
    assert "pending: the job: the next cycle is to come (due in 40m)" in out
    assert err == "Left in the app: 1 user.\n"
    assert [each["active"] for each in in_the_app(call)] == [False]


@pytest.mark.parametrize("name", LIVING)
def test_every_idp_that_lives_is_driven_the_same_way(call: Any, name: str) -> None:
    lines = f"assign {ANNA}\nsettle\nwho\nstatus\nhelp\nquit --sweep\n"
    status, out, err = call(name, "--json", lines=lines)
    assert (status, err) == (0, "Deleted in the app: 1 user.\n")
    records = [json.loads(line) for line in out.splitlines()]
    (who,) = [each["people"] for each in records if "people" in each]
    assert [each["user_name"] for each in who] == [ANNA]
    (posted,) = [each for each in records if each.get("request", {}).get("method") == "POST"]
    assert who[0]["account"] == posted["response"]["body"]["id"]
    (help_,) = [each["commands"] for each in records if "commands" in each]
    assert any(usage.startswith("assign ") for usage in help_)
    assert in_the_app(call) == []


@pytest.mark.parametrize("way", ["sweep", "quit --sweep", "quit sweep"])
def test_what_was_created_is_swept_or_kept(call: Any, way: str) -> None:
    made = f"group Crew {ANNA} {BEN}\nassign Crew\n"
    _, _, err = call("okta", lines=f"{made}quit\nassign late@example.com")
    assert "Left in the app: 1 group, 2 users." in err
    assert len(in_the_app(call)) == 2
    _, _, err = call("okta", lines=f"assign carl@example.com\n{way}")
    assert "Deleted in the app: 1 user." in err
    assert len(in_the_app(call)) == 2


def test_lines_for_programs_are_json_only(call: Any) -> None:
    status, out, _ = call("entra", "--json", lines=f"assign {ANNA}\ncycle\nstatus")
    first, *exchanges, cycle, state = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert (first["turn"], first["handled"], first["pending"][0]["kind"]) == ("noted", [], "job")
    assert [list(each) for each in exchanges] == [["scenario", "step", "request", "response"]] * 2
    assert cycle["ok"] is True
    assert cycle["handled"] == [
        {"kind": "person", "name": ANNA, "action": "Create", "ok": True, "console": ""}
    ]
    assert cycle["console"] == "1 succeeded, 0 failed, 0 in escrow."
    assert state["status"]["created"] == {"/Users": 1}


def test_what_the_idp_could_not_do_is_told_and_is_status_1(call: Any) -> None:
    lines = f"fault 500 1 POST /Users\nassign {ANNA}\nretry\nwho"
    status, out, err = call("okta", lines=lines)
    assert status == 1
    assert f"create {ANNA}: failed\n  Okta shows: Automatic provisioning" in out
    assert "(an admin has to act)" in out
    assert f"create {ANNA}: done" in out
    assert "Left in the app: 1 user." in err


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("asign x@example.com", "there is no command 'asign'; did you mean 'assign'?"),
        ("xyzzy", "there is no command 'xyzzy'; help shows what there is"),
        ("cycle", "okta has no cycle; help shows what it has"),
        ("cycle now", "okta has no cycle; help shows what it has"),
        ("wait", "that is: wait LENGTH"),
        ("wait soon", "'soon' is no length of time; write 40m, 1h30m or 28d"),
        ("rename a b c", "that is: rename WHO USER_NAME"),
        ("change x@example.com title", "'title' is no field=value"),
        ("block x@example.com", "nobody is called 'x@example.com'; somebody new has a user name"),
        ("hire x@example.com password=1", "password is no field that is set like this"),
        ("fault often", "'often' is no fault: a status, lost, down or off"),
        ("fault 999", "999 is no status of HTTP"),
        ("quit now", "quit takes --sweep or nothing, not 'now'"),
        ("load /nowhere/at/all", "the state '/nowhere/at/all' cannot be read"),
        ("save /nowhere/at/all", "the state '/nowhere/at/all' cannot be written"),
        ("token /nowhere/at/all", "the file '/nowhere/at/all' cannot be read"),
        ("help fly", "there is no command 'fly'; help shows what there is"),
        ('assign "x@example.com', "a quotation mark is not closed"),
    ],
)
def test_wrong_input_is_one_sentence_and_the_next_line_is_read(
    call: Any, line: str, complaint: str
) -> None:
    status, out, err = call("okta", lines=f"{line}\nstatus\n")
    assert status == 4
    assert err.startswith(f"Error: {complaint}")
    assert err.count("\n") == 1
    assert "Nothing is pending." in out


def test_restart_takes_one_word_only(call: Any) -> None:
    _, _, err = call("entra", lines="restart all\nrestart links")
    assert err == "Error: restart takes the word links or nothing, not 'all'\n"


def test_empty_input_says_what_can_be_done(call: Any) -> None:
    status, _, err = call("entra", lines="\n# nothing\n")
    assert status == 4
    assert "either --scenario ID or one verb, or commands on standard input" in err


def test_ctrl_c_between_two_lines_keeps_what_was_done(
    call: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def lines() -> Iterator[str]:
        yield f"assign {ANNA}\n"
        raise KeyboardInterrupt

    class Input:
        isatty = staticmethod(lambda: False)
        __iter__ = staticmethod(lines)

    call("okta", lines="help")
    monkeypatch.setattr("sys.stdin", Input())
    assert main(["okta", "--state", str(tmp_path / "state.json")]) == 1
    assert capsys.readouterr().err.split("\n") == ["", "Interrupted.", ""]
    _, _, err = call("okta", "--state", str(tmp_path / "state.json"), "sweep")
    assert err == "Deleted in the app: 1 user.\n"


def test_input_that_is_no_text_is_one_sentence(
    call: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call("okta", lines="help")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"assign \xff\n"), "utf-8"))
    assert main(["okta"]) == 4
    assert capsys.readouterr().err == "Error: standard input is not UTF-8 text\n"


def test_without_any_input_there_is_nothing_to_do(
    call: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call("okta", lines="help")
    monkeypatch.setattr("sys.stdin", None)
    assert main(["okta"]) == 4
    assert "say what to do" in capsys.readouterr().err


def test_every_command_does_its_work(call: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(OTHER, encoding="utf-8")
    lines = f"""
        hire {ANNA} department=Sales
        assign {ANNA} {BEN}
        group Sales {ANNA}
        group Inner
        assign Sales
        cycle
        change {BEN} manager={ANNA}
        rename {BEN} benno@example.com
        join Sales benno@example.com
        nest Sales Inner
        rename-group Sales Revenue
        wait 40m
        leave Revenue {ANNA}
        block {ANNA}
        cycle
        unblock {ANNA}
        on-demand {ANNA}
        delete benno@example.com
        pause
        wait 1h
        resume
        restore benno@example.com
        token {tmp_path}/token
        restart
        unassign {ANNA}
        dissolve Revenue
        allow-deletions
        purge benno@example.com
        fault 503 1
        cycle
        retry
        settle
        save {tmp_path}/office.json
        load {tmp_path}/office.json
        status
        who
        help
        sweep
        quit
        """
    status, out, err = call("entra", "--dialect", "flag", lines=lines)
    used = {line.split()[0] for line in lines.splitlines() if line.strip()}
    assert used == set(COMMANDS) - {"approve"}
    assert status == 1  # one fault was on purpose
    assert "Error" not in err
    assert out.count(": failed") == 1
    assert "Nothing is pending." in out
    assert in_the_app(call) == []


def test_what_waits_for_an_approval_is_approved(call: Any) -> None:
    lines = f"assign {ANNA}\nblock {ANNA}\napprove {ANNA}\napprove\nquit --sweep"
    status, out, err = call("onelogin", lines=lines)
    assert (status, err) == (0, "Deleted in the app: 1 user.\n")
    assert "onelogin> approve" in out


def test_help_lists_what_fits_the_idp_and_nothing_else(call: Any) -> None:
    _, entra, _ = call("entra", lines="help")
    _, okta, _ = call("okta", lines="help")
    names = [line.split()[0] for line in entra.splitlines()[1:]]
    assert names == [name for name in COMMANDS if name != "approve"]
    assert set(names) - {line.split()[0] for line in okta.splitlines()[1:]} == {
        *("cycle", "on-demand", "restart", "pause", "resume", "allow-deletions")
    }
    _, out, _ = call("entra", lines="help wait")
    assert (
        out.splitlines()[1]
        == "wait LENGTH  let time pass (40m, 1h30m, 28d), with what is due in it"
    )


def test_the_token_is_changed_by_a_file(call: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{OTHER}\n", encoding="utf-8")
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    lines = f"token {tmp_path}/empty\ntoken {tmp_path}/token\nassign {ANNA}\nquit --sweep"
    _, out, err = call("okta", lines=lines)
    assert "holds no credential" in err
    assert "Okta uses another credential from now on." in err
    assert OTHER not in out + err
    assert "Deleted in the app: 1 user." in err


def test_an_office_is_kept_and_taken_up_by_commands(call: Any, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    call("entra", lines=f"assign {ANNA}\ncycle\nsave {file}")
    _, out, _ = call("entra", lines=f"load {file}\nwho\nblock {ANNA}\ncycle\nquit --sweep")
    assert "Nothing is pending.\nCreated in the app: 1 user." in out
    assert f"Disable {ANNA}: done" in out
    assert in_the_app(call) == []
    status, _, err = call("okta", lines=f"load {file}")
    assert (status, err) == (4, "Error: this is a state of 'entra', not 'okta'\n")


def test_a_reply_does_not_steer_the_terminal(call: Any) -> None:
    _, out, err = call("entra", lines="assign \x1b[31mred@example.com\nwho")
    assert "\x1b" not in out + err


# -- one command a call


def test_a_state_is_kept_between_calls(call: Any, url: str, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state.json"))
    first = call("entra", *state, "--scim-url", url, "--setting", "scope=all", "hire", ANNA)
    assert (first[0], first[2]) == (0, "")
    status, out, _ = call("entra", *state, "cycle")
    assert (status, f"Create {ANNA}: done" in out) == (0, True)
    assert TOKEN not in (tmp_path / "state.json").read_text(encoding="utf-8")
    _, out, _ = call("entra", *state, "--json", "cycle")
    assert json.loads(out)["turn"] == "incremental cycle"
    _, out, _ = call("entra", *state, "change", ANNA, "department=Head Office")
    assert "the next cycle is to come" in out
    status, out, _ = call("entra", *state, "wait", "41m")
    assert "update the user" in out
    assert "Head Office" in str(in_the_app(call))
    assert call("entra", *state, "sweep") == (0, "", "Deleted in the app: 1 user.\n")
    assert in_the_app(call) == []


def test_a_state_is_kept_by_the_prompt_as_well(call: Any, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state.json"))
    call("okta", *state, lines=f"assign {ANNA}")
    status, out, err = call("okta", *state, "--json", "who")
    assert (status, err) == (0, "")
    assert json.loads(out)["people"][0]["account"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("assign",), "that is: assign WHO|GROUP ..."),
        (("fly",), "there is no command 'fly'"),
        (("quit",), "quit makes sense in the prompt only"),
        (("fault", "500"), "fault makes sense in the prompt only"),
        (("who", "--user-name", "x"), "a living mock is told by commands: --user-name does not"),
        (("--scenario", "create-user"), "a living mock is told by commands: --scenario does not"),
        (("who", "--keep"), "a living mock is told by commands: --keep does not fit"),
        (("who", "--setting", "scope=x"), "the scope is 'assigned' or 'all', not 'x'"),
        (("who", "--setting", "scoop=x"), "no setting 'scoop'; known: scope, threshold"),
        (("who", "--setting", "threshold=few"), "the setting 'threshold' is a number, not 'few'"),
        (("who", "--dialect", "x"), "there is no dialect 'x'"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_status_4(
    call: Any, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    status, out, err = call("entra", "--state", str(tmp_path / "s.json"), *arguments)
    assert (status, out) == (4, "")
    assert complaint in err
    assert err.count("\n") == 1


def test_a_state_belongs_to_one_idp_and_one_app(call: Any, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state.json"))
    call("entra", *state, "hire", ANNA)
    status, _, err = call("okta", *state, "who")
    assert (status, "is of 'entra', not of 'okta'" in err) == (4, True)
    status, _, err = call("entra", *state, "--url", "http://127.0.0.1:1/v2", "who")
    assert (status, "this state is of the app at" in err) == (4, True)


def test_nothing_is_sent_where_nothing_can_be_kept(call: Any) -> None:
    status, out, err = call("okta", "--state", "/nowhere/at/all.json", "assign", ANNA)
    assert (status, out) == (4, "")
    assert "the state '/nowhere/at/all.json' cannot be written" in err
    assert in_the_app(call) == []


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"idp": "entra"}'])
def test_a_file_that_is_no_state_is_left_alone(call: Any, tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(wrong, encoding="utf-8")
    status, _, err = call("entra", "--state", str(file), "who")
    assert (status, err.count("\n")) == (4, 1)
    assert file.read_text(encoding="utf-8") == wrong


def test_verbs_that_are_done_once_take_no_words(call: Any) -> None:
    status, _, err = call("entra", "assign", ANNA)
    assert (status, "add --state FILE" in err) == (4, True)
    status, _, err = call("entra", "cycle")
    assert (status, "cycle is for a living mock: add --state FILE" in err) == (4, True)
    status, _, err = call("entra", "assign", "--user-name", ANNA, "--setting", "scope=all")
    assert (status, "add --state FILE" in err) == (4, True)


def test_a_verb_that_is_done_once_still_works(call: Any, url: str) -> None:
    assert call("entra", "assign", "--user-name", ANNA, "--scim-url", url)[0] == 0
    assert [each["userName"] for each in in_the_app(call)] == [ANNA]


# -- on a terminal


# The terminal becomes that of the process, so that Ctrl-C is a signal there, as on a real one.
_AT_THE_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from idp_profiles.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


class Terminal:
    """A terminal with the command on it; what it shows is waited for."""

    def __init__(self, url: str, *arguments: str) -> None:
        self._mine, theirs = pty.openpty()
        self.process = subprocess.Popen(  # noqa: S603 # this interpreter, fixed arguments
            [sys.executable, "-c", _AT_THE_TERMINAL, *arguments, "--url", url],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env={"SCIM_TOKEN": TOKEN, "PATH": "", "TERM": "dumb", "INPUTRC": os.devnull},
            start_new_session=True,
            # A run in the background may have inherited deafness to Ctrl-C from its shell.
            preexec_fn=_hear_ctrl_c,
        )
        os.close(theirs)
        self.shown = ""

    def until(self, text: str, again: str = "") -> str:
        """Return what is shown until a text comes, and forget it.

        `again` is typed whenever nothing comes for a while: a signal between the prompt and the
        moment when readline listens is noticed with the next key only, by no fault of ours.
        """
        end = time.monotonic() + 30
        while text not in self.shown and time.monotonic() < end:
            if not select.select([self._mine], [], [], 1)[0]:
                self.type(again)
                continue
            try:
                self.shown += os.read(self._mine, 65536).decode()
            except OSError:  # what Linux says of a terminal that nobody holds any more
                break
        before, found, self.shown = self.shown.partition(text)
        assert found, f"{text!r} did not come, but {before!r}"
        return before

    def type(self, text: str) -> None:
        os.write(self._mine, text.encode())

    def end(self) -> int:
        """Return how it ended, once it did."""
        status = self.process.wait(30)
        os.close(self._mine)
        return status


def _hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def terminal(url: str) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(url, *arguments))
        return opened[-1]

    yield start
    for each in opened:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait(30)


def test_a_person_types_at_a_prompt(terminal: Any, call: Any) -> None:
    desk = terminal("entra")
    assert "A living mock of Microsoft Entra ID." in desk.until("entra> ")
    desk.type(f"assign {ANNA}\n")
    desk.until("the next cycle is to come")
    desk.until("entra> ")
    desk.type("cycle\n")
    assert "POST /Users" in desk.until("initial cycle: 1 succeeded")
    desk.type("asign\n")
    desk.until("did you mean 'assign'?")
    desk.type("quit --sweep\n")
    desk.until("Deleted in the app: 1 user.")
    assert desk.end() == 0
    assert in_the_app(call) == []


def test_names_are_completed(terminal: Any) -> None:
    desk = terminal("entra")
    desk.until("entra> ")
    desk.type(f"hire {ANNA}\n")
    desk.until("entra> ")
    desk.type("unass\tan\t\n")
    assert "Error" not in desk.until("entra> ")
    desk.type("status\n")
    desk.until("the next cycle is to come")
    desk.type("quit\n")
    assert desk.end() == 0


def test_a_program_at_a_terminal_gets_json_and_no_prompt(terminal: Any) -> None:
    desk = terminal("entra", "--json")
    desk.type("status\nquit\n")
    shown = desk.until('"created": {}}}')
    assert shown.splitlines()[-1].startswith('{"status": {"at": "')
    assert "entra>" not in shown
    assert desk.end() == 0


@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["ctrl-d", "ctrl-c"])
def test_the_keys_that_end_a_program_end_it_cleanly(terminal: Any, call: Any, key: str) -> None:
    desk = terminal("okta")
    desk.until("okta> ")
    desk.type(f"assign {ANNA}\n")
    desk.until("No failed tasks.")
    desk.until("okta> ")
    desk.type(key)
    assert "Traceback" not in desk.until("Left in the app: 1 user.", again=key)
    assert desk.end() == 0
    assert len(in_the_app(call)) == 1

"""What pytest makes of each verdict (design: the table of verdicts)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# One case for each way in which a case can end, in its body and in a fixture before it.
CASES = '''
import pytest
from reports import Verdict
from suites.requirements import requirement
from suites.verdicts import Blocked, Mismatch, NotOffered

ENDS = {
    "pass": lambda: None,
    "fail": lambda: wrong(),
    "at_most_warn": lambda: wrong(Verdict.WARN),
    "blocked": lambda: blocked(),
    "not_offered": lambda: not_offered(),
    "skip": lambda: pytest.skip("not today"),
    "error": lambda: {}["id"],
    "bare_assert": lambda: bare(),
}


def wrong(at_most=None):
    raise Mismatch(expected="status 201", actual="500", at_most=at_most)


def blocked():
    raise Blocked("in the way", by="OKTA-CREATE-1")


def not_offered():
    raise NotOffered("no groups")


def bare():
    assert 1 == 2


@pytest.fixture
def prepared(request):
    ENDS[request.param]()


must = requirement("OKTA-CREATE-1", proof=("create-answers-200",))
may_warn = requirement("OKTA-CONN-5", proof=("unauthorized-as-html",))


@must
@pytest.mark.parametrize("end", ENDS)
def test_body(end):
    """Ends in its body."""
    ENDS[end]()


@must
@pytest.mark.parametrize("prepared", ENDS, indirect=True)
def test_fixture(prepared):
    """Ends before its body."""


@may_warn
def test_should():
    """Is about a SHOULD."""
    wrong()


@may_warn
@pytest.mark.parametrize("prepared", ["fail"], indirect=True)
def test_should_fixture(prepared):
    """Is about a SHOULD, and ends before its body."""


@pytest.fixture
def leaving():
    yield
    raise OSError("the deletion fell over")


@must
def test_teardown(leaving):
    """Passes, and then our own deletion fails."""
'''


@dataclass(frozen=True)
class Run:
    status: int
    words: dict[str, str]
    verdicts: dict[str, str]
    said: str


@pytest.fixture(scope="session")
def run(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Callable[..., dict[str, str]]
) -> Callable[..., Run]:
    """Run the cases above with some options, once for each set of options."""
    known: dict[tuple[str, ...], Run] = {}

    def start(*options: str) -> Run:
        if options not in known:
            folder = tmp_path_factory.mktemp("outcomes")
            (folder / "test_throwaway.py").write_text(CASES, encoding="utf-8")
            known[options] = _run(folder, options, quiet_environment())
        return known[options]

    return start


def _run(folder: Path, options: tuple[str, ...], environment: dict[str, str]) -> Run:
    done = subprocess.run(  # noqa: S603 - our own command
        [
            *(sys.executable, "-m", "pytest", "-vv", "-p", "scimproof", "-p", "suites.conftest"),
            *("-c", str(ROOT / "suites" / "isolated.ini"), f"--rootdir={folder}", *options),
            *("--scim-report", str(folder / "report"), str(folder / "test_throwaway.py")),
        ],
        cwd=ROOT,
        env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    return Run(
        done.returncode,
        dict(re.findall(r"::(test_\S+) ([A-Z]+)", done.stdout)),
        {each["case"].rpartition("::")[2]: each["verdict"] for each in report["results"]},
        done.stdout + done.stderr,
    )


Start = Callable[..., Run]
PLAIN: tuple[str, ...] = ()
STRICT = ("--scim-strict",)
LENIENT = ("--scim-allow-inconclusive",)


@pytest.mark.parametrize("place", ["test_body[{}]", "test_fixture[{}]"])
@pytest.mark.parametrize(
    ("end", "verdict", "plain", "strict", "lenient"),
    [
        ("pass", "pass", "PASSED", "PASSED", "PASSED"),
        ("fail", "fail", "FAILED", "FAILED", "FAILED"),
        ("at_most_warn", "warn", "WARN", "FAILED", "WARN"),
        ("blocked", "inconclusive", "INCONCLUSIVE", "INCONCLUSIVE", "INCONCLUSIVE"),
        ("not_offered", "skip", "SKIPPED", "SKIPPED", "SKIPPED"),
        ("skip", "skip", "SKIPPED", "SKIPPED", "SKIPPED"),
        ("error", "error", "FAILED", "FAILED", "FAILED"),
        ("bare_assert", "error", "FAILED", "FAILED", "FAILED"),
    ],
)
def test_each_end_has_its_verdict_and_its_outcome(
    run: Start, place: str, end: str, verdict: str, plain: str, strict: str, lenient: str
) -> None:
    name = place.format(end)
    for options, word in ((PLAIN, plain), (STRICT, strict), (LENIENT, lenient)):
        done = run(*options)
        assert done.verdicts[name] == verdict
        # pytest calls a failure before the body an error; it fails the run all the same.
        before_the_body = place.startswith("test_fixture") and word == "FAILED"
        assert done.words[name] == ("ERROR" if before_the_body else word)


@pytest.mark.parametrize("name", ["test_should", "test_should_fixture[fail]"])
def test_a_should_warns_and_fails_a_strict_run(run: Start, name: str) -> None:
    assert run(*PLAIN).verdicts[name] == "warn"
    assert run(*PLAIN).words[name] == "WARN"
    assert run(*STRICT).words[name] in ("FAILED", "ERROR")


def test_a_deletion_that_falls_over_is_our_error(run: Start) -> None:
    assert run(*PLAIN).verdicts["test_teardown"] == "error"


def test_an_end_before_the_body_is_the_only_end(run: Start) -> None:
    # A case whose fixture was blocked must not go on to its body without that fixture.
    for options in (PLAIN, STRICT, LENIENT):
        assert "KeyError: 'prepared'" not in run(*options).said


@pytest.mark.parametrize(
    ("options", "wanted", "status"),
    [
        (PLAIN, "pass", 0),
        (STRICT, "at_most_warn", 1),
        (LENIENT, "pass or blocked", 0),
        (LENIENT, "blocked", 1),
    ],
)
def test_the_exit_status_follows(
    run: Start, options: tuple[str, ...], wanted: str, status: int
) -> None:
    words = " or ".join(f"[{word}]" for word in wanted.split(" or "))
    assert run(*options, "-k", words).status == status

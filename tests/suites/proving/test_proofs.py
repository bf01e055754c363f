from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from suites.proving import proofs
from suites.proving.case_list import Case
from suites.proving.case_list import all_cases
from suites.proving.case_list import area_of
from tests.sizes import sized

# The fixture of the folder: runs the command.
Command: TypeAlias = Any

PARTS = sized(4, 16)
ROOT = Path(proofs.__file__).resolve().parents[2]
PYTEST = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:random_order"),
    *("-p", "no:cacheprovider", "-c", "suites/isolated.ini", "--rootdir=."),
)

# A case that asks for nothing lets every deviation pass; one that asks for the impossible is
# killed; one that cannot judge has proved nothing.
CASES = '''
from suites.expect import expect
from suites.requirements import requirement
from suites.verdicts import Blocked


@requirement("OKTA-CREATE-1", proof=("create-answers-200",), dialects=())
def test_survivor(look):
    """Asks for nothing."""


@requirement("OKTA-CREATE-1", proof=("create-answers-200", "users-list-500"), dialects=())
def test_killed(look, people):
    """Asks for what both deviations break."""
    expect(look.create_user(people.person())).status(201)
    expect(look.send("GET", "/Users")).status(200)


@requirement("OKTA-CREATE-1", proof=("create-answers-200",), dialects=())
def test_blocked(look):
    """Cannot judge."""
    raise Blocked("something in the way")


@requirement("OKTA-CREATE-1", proof=("create-answers-200",), dialects=())
def test_broken(look):
    """Falls over."""
    raise KeyError("our own bug")
'''


def pytest_run(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own suites
        [*PYTEST, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def cases(known_cases: tuple[Case, ...]) -> list[Case]:
    return [*known_cases]


@pytest.fixture(scope="module")
def page() -> str:
    return proofs.render()


@pytest.fixture
def environment(quiet_environment: Callable[..., dict[str, str]]) -> dict[str, str]:
    return quiet_environment()


# One proof of each case here, all of them in the soak; in parts, so that two workers share them.
@pytest.mark.parametrize("part", range(PARTS))
def test_every_case_is_killed_by_every_deviation_that_it_names(
    cases: list[Case], command: Command, part: int
) -> None:
    done = command(
        *("run", "--proofs", "-p", "tests.suites.some_proofs"), PROOFS_SHARE=f"{part}/{PARTS}"
    )
    assert done.status == 0, done.out[-3000:] + done.err[-1000:]
    proved = {each.name.partition("[")[0] for each in cases if each.proof}
    proofs = sized(len(proved), sum(len(each.proof) for each in cases))
    mine = len(range(part, proofs, PARTS))
    assert re.search(rf"^{mine} passed(, \d+ deselected)? in ", done.out, re.MULTILINE), done.out


def test_a_survivor_fails_the_proofs(tmp_path: Path, environment: dict[str, str]) -> None:
    file = tmp_path / "test_throwaway.py"
    file.write_text(CASES, encoding="utf-8")
    done = pytest_run(
        *("-vv", "--scim-proofs", "-p", "suites.conftest", str(file)), environment=environment
    )
    outcomes = dict(re.findall(r"::(\w+)\[[\w-]+\] ([A-Z]+)", done.stdout))
    assert outcomes == {
        "test_survivor": "FAILED",
        "test_killed": "PASSED",
        "test_blocked": "FAILED",
        "test_broken": "FAILED",
    }
    assert done.returncode == 1
    assert len(re.findall(r"^SURVIVED: ", done.stdout, re.MULTILINE)) == 3


def test_the_collected_cases_keep_the_order_of_their_files(cases: list[Case]) -> None:
    titles = [case.title for case in cases if case.name.startswith("idp/okta/test_spec.py")]
    numbers = [int(re.findall(r"\d+", title)[0]) for title in titles]
    assert numbers == sorted(numbers)


def test_cases_that_cannot_be_collected_are_no_empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    with pytest.raises(RuntimeError, match="cannot be collected"):
        all_cases()


def test_the_page_of_proofs_is_current(page: str) -> None:
    kept = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    assert kept == page, "run: python -m suites.proving.proofs --write docs/proofs.md"


def test_the_page_names_every_pair(cases: list[Case], page: str) -> None:
    rows = defaultdict(list)
    for line in page.splitlines():
        rows[line[:2] + line[2:].partition(" | ")[0]].append(line)
    for case in cases:
        of_it = rows[f"| {case.requirement}"]
        mine = [line for line in of_it if line.startswith(f"| {case.requirement} | {case.title}")]
        shown = [name for line in mine for name in re.findall(r"`([\w+-]+)`", line)]
        assert set(case.proof) <= set(shown), case.name


def test_the_page_counts_each_area(cases: list[Case], page: str) -> None:
    shown = dict(re.findall(r"^\| ([a-z/]+) \| \d+ \| (\d+) \|", page, re.MULTILINE))
    areas = {area_of(case.name) for case in cases}
    assert set(shown) == {*areas, "all"}
    assert int(shown["all"]) == len(cases) == sum(int(shown[area]) for area in areas)


def test_dialects_with_equal_proofs_share_a_row() -> None:
    def made(dialect: str, *proof: str) -> Case:
        return Case(f"x.py::test_x[{dialect}]", "OKTA-MEM-8", "T.", dialect, proof, large=False)

    found = proofs.rows([made("aiw", "a"), made("oin", "a"), made("governance", "b")])
    assert [(row.dialects, row.proof) for row in found] == [
        (("aiw", "oin"), ("a",)),
        (("governance",), ("b",)),
    ]


def test_the_page_is_written_where_it_is_wanted(tmp_path: Path, page: str) -> None:
    file = tmp_path / "page.md"
    done = CliRunner().invoke(proofs.main, ["--write", str(file)])
    assert done.exit_code == 0, done.output
    assert file.read_text(encoding="utf-8") == page

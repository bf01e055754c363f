from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from suites import proofs
from suites.case_list import Case
from suites.case_list import all_cases
from suites.case_list import area_of

PARTS = 4
ROOT = Path(proofs.__file__).resolve().parents[1]
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
def cases() -> list[Case]:
    return all_cases()


@pytest.fixture
def environment(quiet_environment: Callable[..., dict[str, str]]) -> dict[str, str]:
    return quiet_environment()


AREAS = sorted({each.parent.relative_to(ROOT) for each in ROOT.glob("suites/**/test_*.py")})


# In parts, so that two workers share them.
@pytest.mark.parametrize("part", range(PARTS))
def test_every_case_is_killed_by_every_deviation_that_it_names(
    cases: list[Case], environment: dict[str, str], part: int
) -> None:
    areas = [str(area) for area in AREAS[part::PARTS]]
    done = pytest_run("--scim-proofs", *areas, environment=environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    mine = [case for case in cases if str(Path("suites", case.name).parent) in areas]
    pairs = sum(len(case.proof) for case in mine)
    assert re.search(rf"^{pairs} passed in ", done.stdout, re.MULTILINE), done.stdout[-300:]


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


def test_the_page_of_proofs_is_current() -> None:
    page = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    assert page == proofs.render(), "run: python -m suites.proofs --write docs/proofs.md"


def test_the_page_names_every_pair(cases: list[Case]) -> None:
    lines = proofs.render().splitlines()
    for case in cases:
        mine = [line for line in lines if f"| {case.requirement} | {case.title}" in line]
        shown = [name for line in mine for name in re.findall(r"`([\w+-]+)`", line)]
        assert set(case.proof) <= set(shown), case.name


def test_the_page_counts_each_area(cases: list[Case]) -> None:
    shown = dict(re.findall(r"^\| ([a-z/]+) \| \d+ \| (\d+) \|", proofs.render(), re.MULTILINE))
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


def test_the_page_is_written_where_it_is_wanted(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    file = tmp_path / "page.md"
    subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "suites.proofs", "--write", str(file)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    assert file.read_text(encoding="utf-8") == proofs.render()

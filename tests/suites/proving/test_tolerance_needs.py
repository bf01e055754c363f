"""Without a tolerance exactly the identity providers are stopped that need it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from suites.proving import tolerance_needs
from suites.proving.matrix_cases import Catch
from suites.proving.matrix_cases import Seen
from suites.proving.tolerance_needs import NAMES
from suites.requirements import by_id
from tests.sizes import sample
from tests.sizes import sized

ROOT = Path(tolerance_needs.__file__).resolve().parents[2]
SAMPLE = sample(NAMES, 2)
FIGURES = {"tolerances": len(SAMPLE)}
NEEDED = "unchanged-read-only"


def test_each_need_finds_fault_without_its_tolerance_and_no_other() -> None:
    # In full every replay runs without every tolerance; here, without one in two, those whose
    # needs say so.
    found = tolerance_needs.check(SAMPLE, full=sized(1, 2) == 2)
    assert {each.tolerance: each.problems for each in found if each.problems} == {}
    assert [each.tolerance for each in found] == SAMPLE


def test_without_a_tolerance_a_need_is_no_violation_of_the_rfc() -> None:
    needs = [entry for name in NAMES for entry in tolerance_needs.needs_of(name)]
    assert needs
    assert [entry.id for entry in needs if entry.rfc == "asks"] == []


def seen(*caught: tuple[str, str]) -> Seen:
    catches = [
        Catch(case="x", requirement=requirement, area="idp/okta", verdict=verdict, own=False)
        for requirement, verdict in caught
    ]
    return Seen(deviation="", idp=True, caught=tuple(catches))


def test_a_need_that_finds_no_fault_is_a_problem() -> None:
    found = tolerance_needs._found(NEEDED, seen())
    assert f"OKTA-PUSH-4 rests on {NEEDED} and finds no fault without it" in found.problems


def test_a_fault_that_no_need_explains_is_a_problem() -> None:
    found = tolerance_needs._found(NEEDED, seen(("OKTA-CONN-1", "warn"), ("OKTA-CONN-2", "note")))
    told = f"OKTA-CONN-1 (asks) finds fault without {NEEDED} and does not name it"
    assert told in found.problems
    assert not any("OKTA-CONN-2" in problem for problem in found.problems)


@pytest.mark.parametrize("order", [("fail", "warn"), ("warn", "fail")])
def test_of_several_cases_the_worst_verdict_counts(order: tuple[str, str]) -> None:
    found = tolerance_needs._found(NEEDED, seen(*(("OKTA-PUSH-4", each) for each in order)))
    assert found.verdicts == {"OKTA-PUSH-4": "fail"}


def test_the_page_names_every_tolerance_with_those_who_need_it() -> None:
    page = tolerance_needs.render()
    assert [name for name in NAMES if f"| `{name}` |" not in page] == []
    assert "OKTA-PUSH-4" in next(line for line in page.splitlines() if f"`{NEEDED}`" in line)


def test_the_page_of_tolerances_is_current() -> None:
    page = (ROOT / "docs" / "tolerances.md").read_text(encoding="utf-8")
    told = "run: python -m suites.proving.tolerance_needs --write docs/tolerances.md"
    assert page == tolerance_needs.render(), told


def test_a_name_that_there_is_not_is_refused() -> None:
    result = CliRunner().invoke(tolerance_needs.main, ["no-such-tolerance"])
    assert result.exit_code == 2


def test_who_needs_a_tolerance_is_named_by_title() -> None:
    assert tolerance_needs._who([by_id("OKTA-PUSH-4")]) == "Okta (OKTA-PUSH-4)"
    assert tolerance_needs._who([]) == "none of those replayed here"

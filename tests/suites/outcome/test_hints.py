from __future__ import annotations

import pytest

from suites.outcome.results import CaseRecord
from suites.outcome.results import finding_of
from suites.outcome.results import result_of
from suites.requirements import by_id
from suites.verdicts import Mismatch


@pytest.mark.parametrize("hint", [None, "Take PATCH /Users/{id} as it is sent."])
def test_a_finding_may_have_a_hint_of_its_own(hint: str | None) -> None:
    requirement = by_id("OKTA-HIST-10")
    record = CaseRecord(requirement=requirement, suite="idp", title="A story")
    finding = finding_of(record, Mismatch(expected="a", actual="b", hint=hint))
    assert result_of("case", record, finding, 0.1).hint == (hint or requirement.hint)

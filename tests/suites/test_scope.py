"""What an IdP stops for: from its console to the report."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from idp_profiles.model import Outcome
from idp_profiles.model import Stopped
from reports import Verdict
from suites.outcome.results import CaseRecord
from suites.outcome.results import finding_of
from suites.outcome.results import result_of
from suites.replay import Replay
from suites.requirements import by_id
from suites.verdicts import Blocked
from suites.verdicts import Mismatch


def record() -> CaseRecord:
    return CaseRecord(requirement=by_id("OKTA-CREATE-1"), suite="idp", title="A user is made")


def stopped(scope: str | None) -> Mismatch:
    """Return what a replay raises when its IdP stopped, or went on and was wrong."""
    replay = SimpleNamespace(
        setup=SimpleNamespace(profile=SimpleNamespace(title="Acme")), entry_of=lambda outcome: None
    )
    why = Stopped(because="status 500", console="Error", scope=scope) if scope else None
    outcome = Outcome(scenario="create", ok=False, console="Error", exchanges=(), stopped=why)
    return Replay._mismatch(replay, outcome)  # type: ignore[arg-type]  # all that it looks at


@pytest.mark.parametrize("scope", ["object", "job", None])
def test_the_scope_of_a_stop_reaches_the_report(scope: str | None) -> None:
    problem = stopped(scope)
    finding = finding_of(record(), problem)
    assert (problem.scope, finding.scope) == (scope, scope)
    result = result_of("case", record(), finding, 0.1)
    assert (result.verdict, result.scope) == (Verdict.FAIL, scope)


def test_the_words_say_the_same_as_the_scope() -> None:
    assert "stops for this object" in str(stopped("object").consequence)
    assert "stops for the whole job" in str(stopped("job").consequence)


@pytest.mark.parametrize(
    "problem", [None, Blocked("no user"), Mismatch(expected="a user", actual="none")]
)
def test_where_no_idp_stops_there_is_no_scope(problem: BaseException | None) -> None:
    assert result_of("case", record(), finding_of(record(), problem), 0.1).scope is None

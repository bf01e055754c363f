from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]

RESULT = Result(
    case="suites/idp/test_push.py::test_rename[oin]",
    requirement="OKTA-PUSH-2",
    level="MUST",
    suite="idp",
    title="A pushed group takes its new name",
    verdict=Verdict.PASS,
)
REPORT = Report(
    run=Run(id="r-1", version="0.1.0", started="2026-11-22T00:31:05Z", seconds=7.5, seed=4711),
    target=Target(url="http://127.0.0.1:8080/scim/v2"),
    results=(),
)


def _result(verdict: Verdict = Verdict.PASS, **given: object) -> Result:
    return replace(RESULT, verdict=verdict, **given)  # type: ignore[arg-type]  # any field


def _report(*results: Result, **given: object) -> Report:
    return replace(REPORT, results=results, **given)  # type: ignore[arg-type]  # any field


def _exchange(**given: Json) -> dict[str, Json]:
    exchange: dict[str, Json] = {
        "n": 2,
        "of": 3,
        "shows": True,
        "scenario": "push-group-rename",
        "step": "rename the group",
        "request": {
            "method": "PATCH",
            "target": "/Groups/81",
            "headers": [["Accept", "application/scim+json"]],
            "body": {"displayName": "Sales"},
        },
        "response": {"status": 400, "headers": [], "body": {"detail": "id is readOnly"}},
        "error": None,
        "milliseconds": 3.1,
    }
    return exchange | given


@pytest.fixture
def result() -> MakeResult:
    return _result


@pytest.fixture
def report() -> MakeReport:
    return _report


@pytest.fixture
def exchange() -> Callable[..., dict[str, Json]]:
    return _exchange

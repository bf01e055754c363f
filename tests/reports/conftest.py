from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports import Json
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports import read_report

MakeResult = Callable[..., Result]
MakeReport = Callable[..., Report]
SAMPLES = Path(__file__).parent / "samples"

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


@pytest.fixture(scope="session")
def broken_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report.json of an earlier run: Okta, Entra and JumpCloud on a server with five faults.

    It was made by `--idp okta --idp entra --idp jumpcloud --seed 8` with the deviations
    active-text-as-true, bearer-prefix-required, group-delete-ignored,
    members-pathless-replace-refused and patch-pathless-remove-ignored. It is not made again when
    the format grows: a report of an earlier version must stay readable.
    """
    path = tmp_path_factory.mktemp("broken") / "report.json"
    path.write_bytes(gzip.decompress((SAMPLES / "broken.json.gz").read_bytes()))
    return path


@pytest.fixture(scope="session")
def broken(broken_file: Path) -> Report:
    """The report of a server with five faults."""
    return read_report(broken_file)

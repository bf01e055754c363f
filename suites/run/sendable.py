"""What a worker of pytest-xdist hands over: results as JSON, the rest as text of UTF-8.

Results are nearly all of it, and xdist packs and unpacks whatever it is given piece by piece.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest


def sendable(value: Any) -> Any:  # noqa: ANN401 - whatever pytest serialises
    r"""Return data with each lone surrogate as its escape, such as `\ud800`.

    JSON can spell one and UTF-8 cannot, so that a server that answers with one would end the run.
    """
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case dict():
            return {sendable(key): sendable(member) for key, member in value.items()}
        case list():
            return [sendable(member) for member in value]
        case tuple():
            return tuple(map(sendable, value))
        case _:
            return value


_RESULT = "scimproof"  # the member of a report that holds the result of a case


class Sender:
    """The hook of a worker through which every report of a test leaves it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, Any, Any]:
        """Send nothing that cannot travel."""
        report = yield
        if not isinstance(report, dict) or _RESULT not in report:
            return sendable(report)
        result = json.dumps(report.pop(_RESULT))
        return {**sendable(report), _RESULT: result}


class Receiver:
    """The hook of the process that a worker sends to."""

    @pytest.hookimpl(wrapper=True)
    def pytest_report_from_serializable(self) -> Generator[None, Any, Any]:
        """Take a result out of its JSON."""
        report = yield
        if report is not None and isinstance(result := getattr(report, _RESULT, None), str):
            setattr(report, _RESULT, json.loads(result))
        return report

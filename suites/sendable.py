"""What a worker of pytest-xdist hands over: text that UTF-8 can carry."""

from __future__ import annotations

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


class Sender:
    """The hook of a worker through which every report of a test leaves it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, Any, Any]:
        """Send nothing that cannot travel."""
        return sendable((yield))

"""A pytest plugin that breaks scimproof from within, with secrets in its hands.

What it does stands for bugs of ours and for what libraries log, print and warn of.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

import pytest

SECRETS = os.environ.get("SABOTEUR_SECRETS", "").split("\n")
# Long enough for pytest to cut its middle out where it shows a local variable.
PADDING = "x" * 90
# Known by its name alone, since nobody has sent it; in pieces, since a traceback shows the source.
UNSENT = "-".join(["Unsent", "Pa55word"])


def _break(*arguments: Any, captured: bool = True) -> None:  # noqa: ANN401 - stands for anything
    for secret in SECRETS:
        logging.getLogger("library").debug("sent %s", secret)
        warnings.warn(f"it is unwise to send {secret}", stacklevel=1)
        if captured:
            sys.stderr.write(f"captured: {secret}\n")
        logging.getLogger("library").info("%r", {"headers": {"Authorization": secret}})
    first = SECRETS[0]
    password = UNSENT  # noqa: F841 - for the traceback to show
    headers = {"Authorization": f"Bearer {first}", "Cookie": "session=abc"}  # noqa: F841 - as above
    body = {"userName": "ann", "password": UNSENT}  # noqa: F841 - as above
    cut_early = f"{PADDING}{first}{PADDING}{PADDING}"  # noqa: F841 - as above
    cut_late = f"{PADDING}{PADDING}{first}{PADDING}"  # noqa: F841 - as above
    every_secret = [*SECRETS]  # noqa: F841 - as above
    try:
        raise ValueError(f"refused: {SECRETS}")
    except ValueError as problem:
        logging.getLogger("library").exception("it broke")
        raise RuntimeError(f"cannot go on with {first}") from problem


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:  # noqa: ANN401 - as pytest's own
    """Break in the middle of some cases."""
    if "OKTA-LINK-1" in str(item.keywords.get("scim_requirement", "")) or "link" in item.nodeid:
        _break(item)
    return (yield)


def pytest_terminal_summary() -> None:
    """Break where pytest itself falls over it, and Python prints the traceback."""
    if os.environ.get("SABOTEUR_AT_THE_END"):
        _break(captured=False)


def pytest_runtest_logfinish() -> None:
    """Break where pytest catches it, and calls it an internal error."""
    if os.environ.get("SABOTEUR_IN_BETWEEN"):
        _break(captured=False)

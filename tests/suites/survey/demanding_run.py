"""A pytest plugin: runs the cases against a server that wants more of every user.

`SURVEY_TARGET` says how the target file meets the wishes: `required` or `template`.
What each case came to is in `results.json`.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import partial
from typing import Any

import demanding_servers

import reference_server
from suites.reach import embedded
from suites.run import finish
from suites.target.model import Target

NAME = "results.json"
WISHES: dict[str, dict[str, Any]] = {
    "required": {"required_attributes": demanding_servers.REQUIRED},
    "template": {"user_template": demanding_servers.TEMPLATE},
    "nothing": {},
}


def write(run: finish.Ended) -> None:
    """Write what the cases came to in place of a report."""
    found = [
        {
            "verdict": each.verdict.value,
            "requirement": each.requirement,
            "case": each.case,
            "expected": each.expected,
            "actual": each.actual,
            "notes": [*each.notes],
        }
        for each in run.results
    ]
    assert run.state.directory is not None
    (run.state.directory / NAME).write_text(json.dumps(found), encoding="utf-8")


_create, _target = reference_server.create_app, embedded._target


def _demanding_app(**settings: Any) -> reference_server.Application:  # noqa: ANN401 - those of create_app
    if settings.get("base_path") == embedded.BASE_PATH:
        settings["store"] = demanding_servers.demanding
    return _create(**settings)


def _demanding_target(*args: Any, **settings: Any) -> Target:  # noqa: ANN401 - those of the original
    wishes = WISHES[os.environ["SURVEY_TARGET"]]
    domain = demanding_servers.DOMAIN
    return replace(_target(*args, **settings), email_domain=domain, **wishes)


reference_server.create_app = _demanding_app
embedded._target = _demanding_target
embedded.start = partial(embedded.start, sockets=False)
finish.write = write  # there is no report to show

"""Answers that are JSON and that UTF-8 cannot carry, in a run with workers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from typing import TypeAlias

import pytest

import reference_server
from reference_server.http_adapter import Server
from suites.run.sendable import Receiver
from suites.run.sendable import Sender
from suites.run.sendable import sendable

# The fixture of the folder: runs the command.
Command: TypeAlias = Any


class Surrogates:
    """A reference server that begins every displayName with half a character."""

    def __init__(self, app: reference_server.Application) -> None:
        self._app = app
        self.base_path = app.base_path

    def handle(self, request: reference_server.Request) -> reference_server.Response:
        reply = self._app.handle(request)
        body = re.sub(rb'("displayName": ?")', rb"\1\\ud800", reply.body)
        return replace(reply, body=body)


def test_each_half_of_a_character_is_spelled_out_wherever_it_stands() -> None:
    given = {"a\ud800": ["\udfff", ("x", 1, None), {"b": 1.5}], "c": True, "d": "\U0001f600"}
    spelled = {"a\\ud800": ["\\udfff", ("x", 1, None), {"b": 1.5}], "c": True, "d": "\U0001f600"}
    assert sendable(given) == spelled


class Report:
    """What pytest makes of a report that it is sent: each member by its name."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.__dict__.update(data)


def handed_over(report: dict[str, Any]) -> Report:
    """Return a report that went through the hooks of both ends as xdist calls them."""
    sender = Sender().pytest_report_to_serializable()
    next(sender)
    with pytest.raises(StopIteration) as sent:
        sender.send(report)
    json.dumps(sent.value.value, ensure_ascii=False).encode()  # whatever is sent is UTF-8
    receiver = Receiver().pytest_report_from_serializable()
    next(receiver)
    with pytest.raises(StopIteration) as taken:
        receiver.send(Report(sent.value.value))
    told: Report = taken.value.value
    return told


def test_a_result_travels_whole_and_with_half_characters() -> None:
    result = {"actual": "a\ud800", "evidence": [{"n": 1, "shows": False, "body": None}, 1.5]}
    report = handed_over({"nodeid": "a\ud800", "scimproof": result})
    assert vars(report) == {"nodeid": "a\\ud800", "scimproof": result}


def test_a_report_without_a_result_travels_as_it_is() -> None:
    assert vars(handed_over({"nodeid": "a", "when": "setup"})) == {"nodeid": "a", "when": "setup"}


def test_a_server_that_answers_with_half_a_character_does_not_end_a_run_with_workers(
    command: Command, token: str
) -> None:
    credential = reference_server.Credential("bearer", token)
    app = Surrogates(reference_server.create_app(credentials=[credential]))
    with Server(app) as server:  # type: ignore[arg-type]  # handles requests all the same
        only = ("--only", "OKTA-CREATE-17", "--only", "OKTA-PUSH-1", "-n", "1")
        done = command.run("--idp", "okta", *only, "--url", server.url, SCIM_TOKEN=token)
    assert done.status == 1, done.said
    assert "INTERNALERROR" not in done.said
    assert "Traceback" not in done.said
    assert "\\ud800" in json.dumps([each["actual"] for each in done.report["results"]])
    assert "error" not in {each["verdict"] for each in done.report["results"]}

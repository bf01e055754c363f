"""A pytest plugin: runs the cases against legal servers, without sockets and without a report.

What each case came to is in `results.json`.
"""

from __future__ import annotations

import json
from functools import partial

import legal_protocol
import legal_protocol_answers
import legal_protocol_bulk
import legal_protocol_cursors
import legal_protocol_discovery
import legal_protocol_gateways
import legal_protocol_lists
import legal_protocol_names
import legal_protocol_narrow
import legal_protocol_patches
import legal_protocol_routes
import legal_protocol_servers
import legal_protocol_shapes
import legal_protocol_wanting
import legal_protocol_wire

from reports import Verdict
from suites.reach import embedded
from suites.run import finish

TABLE = (
    legal_protocol_answers,
    legal_protocol_bulk,
    legal_protocol_cursors,
    legal_protocol_discovery,
    legal_protocol_gateways,
    legal_protocol_lists,
    legal_protocol_names,
    legal_protocol_narrow,
    legal_protocol_patches,
    legal_protocol_routes,
    legal_protocol_servers,
    legal_protocol_shapes,
    legal_protocol_wanting,
    legal_protocol_wire,
)
NAME = "results.json"


def write(run: finish.Ended) -> None:
    """Write what the cases came to in place of a report."""
    servers = [legal_protocol.TABLE[name] for name in run.state.options.deviations]
    found = [
        {
            "verdict": each.verdict.value,
            "requirement": each.requirement,
            "case": each.case,
            "expected": each.expected,
            "actual": each.actual,
            "notes": [*each.notes],
            "legal": each.verdict in (Verdict.PASS, Verdict.SKIP)
            or any(server.allows(each.requirement, each.verdict) for server in servers),
        }
        for each in run.results
    ]
    assert run.state.directory is not None
    (run.state.directory / NAME).write_text(json.dumps(found), encoding="utf-8")


embedded.start = partial(embedded.start, sockets=False)
finish.write = write  # type: ignore[assignment]  # there is no report to show

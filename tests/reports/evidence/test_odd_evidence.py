"""No evidence, however odd, breaks a picture, a figure or a mark."""

from __future__ import annotations

import re

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reports import Json
from reports import Report
from reports import Result
from reports import Run
from reports import Target
from reports import Verdict
from reports import view
from reports.evidence.differences import marked
from reports.pictures.diagrams import diagram_of
from reports.pictures.diagrams import scenario_diagrams
from reports.pictures.latency import operations
from reports.pictures.latency import requests
from reports.pictures.latency import scenarios
from tests.reports.picture_rules import picture_in

NAMES = st.sampled_from(
    ["id", "active", "members", "value", "Operations", "op", "path", "Resources", "userName"]
) | st.text(max_size=4)
SINGLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["active", "members", "replace", "remove", "1", 'emails[type eq "a"].b'])
    | st.text(max_size=8)
)
ANYTHING = st.recursive(
    SINGLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
EXCHANGE = st.fixed_dictionaries(
    {
        "request": st.fixed_dictionaries(
            {
                "method": st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]) | ANYTHING,
                "target": st.sampled_from(["/Users", "/Users/1", "/Groups/1?a=b"]) | ANYTHING,
                "body": ANYTHING,
            }
        ),
        "response": st.fixed_dictionaries(
            {"status": st.sampled_from([200, 204, 400]) | ANYTHING, "body": ANYTHING}
        )
        | ANYTHING,
        "shows": st.booleans(),
        "scenario": st.sampled_from(["create-user"]) | ANYTHING,
        "step": st.sampled_from(["create the user"]) | ANYTHING,
        "milliseconds": ANYTHING,
    }
)
EXPECTED = st.sampled_from(
    [
        "active false",
        "no value in members",
        'a value with {"value": "1"} in members',
        "no active user 'a' any more",
        "2 member(s) ['1', '2']",
    ]
) | st.text(max_size=20)
ACTUAL = st.sampled_from(["null", "missing ['1'], not wanted ['2']", "active True"]) | st.text(
    max_size=9
)


@settings(
    database=None,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(st.lists(EXCHANGE | ANYTHING, max_size=4), EXPECTED, ACTUAL, st.sampled_from(list(Verdict)))
def test_anything_can_be_drawn_marked_and_counted(
    evidence: list[Json], expected: str, actual: str, verdict: Verdict
) -> None:
    result = Result(
        case="a case",
        requirement="A-1",
        level="MUST",
        suite="idp",
        title="A title with `members`",
        verdict=verdict,
        idp="okta",
        evidence=tuple(evidence),
        expected=expected,
        actual=actual,
    )
    run = Run(id="r", version="0", started="2026-11-22T00:00:00Z", seconds=1, seed=1)
    report = Report(run=run, target=Target(url=None), results=(result, result))

    for each in view.exchanges(result):
        shown = marked(result, each)
        tags = re.findall(r"<[^>]*>", shown.request + shown.response)
        assert all(re.match(r"</?(mark|span)\b", tag) for tag in tags)
    picture_in(diagram_of(result, "Okta"))
    for diagram in scenario_diagrams(report):
        picture_in(diagram.svg)
    assert sum(each.count for each in operations(report)) <= requests(report)
    assert all(each.requests > 0 for each in scenarios(report))

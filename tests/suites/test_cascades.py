"""One mistake, one place: what another case judges is not held against what is compared with it."""

from __future__ import annotations

from typing import Any
from typing import TypeAlias

import pytest

# The fixture of the folder: runs the command.
Command: TypeAlias = Any


@pytest.mark.parametrize(
    ("deviation", "innocent", "judge"),
    [
        pytest.param("sort-ignored", "RFC7644-3.4.3-12", "RFC7644-3.4.2.3-3", id="order-of-get"),
        pytest.param("sort-ignored", "RFC7644-3.4.3-13", "RFC7644-3.4.2.3-3", id="order-by-part"),
        pytest.param("attributes-ignored", "RFC7644-3.4.3-18", "RFC7644-3.9-4", id="view-of-get"),
        pytest.param("put-revives-deleted", "RFC7644-3.6-7", "RFC7644-3.6-2", id="put-of-deleted"),
    ],
)
def test_what_follows_from_a_mistake_is_not_accused(
    command: Command, deviation: str, innocent: str, judge: str
) -> None:
    wanted = ("--only", innocent, "--only", judge)
    done = command.run("--suite", "protocol", "--deviation", deviation, *wanted)
    verdicts: dict[str, set[str]] = {innocent: set(), judge: set()}
    for each in done.report["results"]:
        verdicts[each["requirement"]].add(each["verdict"])
    assert not verdicts[innocent] & {"fail", "warn"}, done.said
    assert verdicts[judge] & {"fail", "warn"}, done.said

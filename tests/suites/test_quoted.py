"""What a filter is given comes from the server, in read-only runs, and may hold anything."""

from __future__ import annotations

import json

import pytest

from suites.values import quoted


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("ada", '"ada"'),
        ('R&D + "Ops"', '"R&D + \\"Ops\\""'),
        ("a\\b", '"a\\\\b"'),
        ("山田", '"山田"'),
        (7, '"7"'),
    ],
)
def test_a_value_in_a_filter_is_a_json_text(value: object, written: str) -> None:
    assert quoted(value) == written
    assert json.loads(quoted(value)) == str(value)

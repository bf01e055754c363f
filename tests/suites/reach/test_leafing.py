from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from suites.cleanup import remains
from suites.reach.leafing import Endless
from suites.reach.leafing import leafed


def book(total: object, *sizes: int) -> Callable[[int], tuple[int, int, Any]]:
    """Pages of these sizes; each is the startIndex that it was asked for by."""
    left = iter(sizes)
    return lambda start: (start, next(left), total)


@pytest.mark.parametrize(
    ("total", "sizes", "starts"),
    [
        (5, (2, 2, 1), [1, 3, 5]),
        (5, (2, 0), [1, 3]),  # it shows less than it says
        (2, (2,), [1]),
        (0, (0,), [1]),
        (None, (2,), [1]),
        ("4", (2,), [1]),
    ],
)
def test_a_list_is_over_where_its_total_is_reached_or_nothing_comes(
    total: object, sizes: tuple[int, ...], starts: list[int]
) -> None:
    assert [*leafed(book(total, *sizes), 9)] == starts


def test_a_list_without_end_is_left_after_as_many_pages() -> None:
    pages = leafed(book(10**6, 1, 1, 1, 1), 3)
    assert [next(pages) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(Endless):
        next(pages)


def test_what_is_left_behind_is_found_on_a_later_page() -> None:
    asked = []

    def call(method: str, target: str) -> tuple[int, bytes]:
        asked.append(target.partition("&")[2])
        name = "ours" if asked[-1] else "theirs"
        user = {"id": name, "userName": name}
        return 200, json.dumps({"totalResults": 2, "Resources": [user]}).encode()

    assert remains.named("Users", "ours", call, listing=False) == ["ours"]
    assert asked == ["", "startIndex=2"]


def test_a_list_without_end_is_no_answer_to_rely_on() -> None:
    def call(method: str, target: str) -> tuple[int, bytes]:
        return 200, b'{"totalResults": 1000000, "Resources": [{"id": "1", "userName": "x"}]}'

    assert remains.named("Users", "ours", call, listing=False) is None

from __future__ import annotations

import pytest

from reports.wording import Wording
from reports.wording import _flat


def test_a_text_is_found_by_its_dotted_key() -> None:
    assert Wording("page", _flat({"findings": {"expected": "Expected"}}))("findings.expected") == (
        "Expected"
    )


def test_the_places_of_a_text_are_filled_in() -> None:
    assert Wording("page", {"seen": "{count} seen"})("seen", count=3) == "3 seen"


def test_braces_of_a_text_without_places_stay() -> None:
    assert Wording("page", {"json": "{}"})("json") == "{}"


def test_a_text_that_nobody_wrote_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match=r"page\.toml has no text 'seen'"):
        Wording("page", {})("seen")

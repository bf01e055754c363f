"""Mappings as input: what goes where, in which order, and what is wrong with a bad one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from idp_profiles.mapping import MappingError
from idp_profiles.mapping import load_mapping
from idp_profiles.okta.mappings import MAPPING

CUSTOM = """
match = "emails.value"
match_source = "email"

[[attribute]]
path = "emails"
source = "email"
type = "home"

[[attribute]]
path = "userName"
source = "email"

[[attribute]]
path = "urn:example:ext:2.0:User:badge.number"
source = "badge"

[[attribute]]
path = "urn:example:ext:2.0:User:badge.colour"
constant = "red"
when = ["create"]

[[attribute]]
path = "active"
constant = false
"""


def test_a_file_decides_paths_order_and_occasions(tmp_path: Path, make_stage: Any) -> None:  # noqa: ANN401 # a factory
    file = tmp_path / "mapping.toml"
    file.write_text(CUSTOM)
    mapping = load_mapping(file)
    person = make_stage(1).person
    emails = [{"primary": True, "value": "mail1@example.com", "type": "home"}]
    assert mapping.body(person, "create") == {
        "emails": emails,
        "userName": "mail1@example.com",
        "urn:example:ext:2.0:User": {"badge": {"colour": "red"}},
        "active": False,
    }
    assert list(mapping.body(person, "update")) == ["emails", "userName", "active"]
    assert mapping.match_value(person) == "mail1@example.com"
    assert mapping.extensions(mapping.body(person, "create")) == ["urn:example:ext:2.0:User"]


def test_the_matching_attribute_is_what_the_lookup_filters_on(
    tmp_path: Path,
    make_stage: Any,  # noqa: ANN401 # a factory
    desk: Any,  # noqa: ANN401 # a factory
) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(CUSTOM)
    answers = ((200, {"totalResults": 0}), (201, {"id": "u1"}))
    seat = desk(*answers, mapping=file)
    assert seat.mock.assign(make_stage(1).person).ok
    assert seat.lines[0] == (
        "GET /Users?filter=emails.value%20eq%20%22mail1%40example.com%22&startIndex=1&count=100"
    )


def test_a_mapping_is_itself_and_an_unmapped_name_is_a_path() -> None:
    assert load_mapping(MAPPING) is MAPPING
    assert MAPPING.path_of("email") == "emails"
    assert MAPPING.path_of("title") == "title"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("match = 1\n[[attribute]]\npath='a'\nsource='b'", "match must be a text, not 1"),
        ("x = 1", "unknown key 'x'; known: match, match_source, attribute"),
        ("", r"at least one \[\[attribute\]\]"),
        ("attribute = [1]", "attribute 1 is no table"),
        ("[[attribute]]\nsource='b'", "attribute 1: path '' is no attribute path"),
        ("[[attribute]]\npath='a[b]'\nsource='b'", "is no attribute path"),
        ("[[attribute]]\npath='a..b'\nsource='b'", "is no attribute path"),
        ("[[attribute]]\npath='a'", "either source or constant"),
        ("[[attribute]]\npath='a'\nsource='b'\nconstant=1", "either source or constant"),
        ("[[attribute]]\npath='a'\nsource='b'\nwhen=['never']", "create, link, update"),
        ("[[attribute]]\npath='a'\nsource='b'\nprimary=1", "primary must be true or false"),
        ("[[attribute]]\npath='a'\nsource='b'\nodd=1", "attribute 1: unknown key 'odd'"),
        ("not toml", "is not TOML"),
    ],
)
def test_a_bad_mapping_is_refused_with_file_and_reason(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(MappingError, match=complaint) as refused:
        load_mapping(file)
    assert "mapping.toml" in str(refused.value)


def test_a_mapping_that_is_not_there_is_refused_with_its_name() -> None:
    with pytest.raises(MappingError, match=r"'/nowhere/m\.toml' cannot be read: No such file"):
        load_mapping(Path("/nowhere/m.toml"))

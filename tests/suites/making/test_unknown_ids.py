from __future__ import annotations

import re
import uuid

import pytest

from suites.making.unknown_ids import NOBODY
from suites.making.unknown_ids import nobody_like
from suites.making.unknown_ids import unlike


@pytest.mark.parametrize(
    ("known", "shape"),
    [
        ("7", r"21\d{8}"),
        ("2819", r"21\d{8}"),
        ("2147483648", r"2\d{9}"),
        ("123456789012345678", r"1\d{17}"),
        ("507f1f77bcf86cd799439011", r"[0-9a-f]{24}"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", r"01ARZ3NDE[0-9A-HJKMNP-TV-Z]{17}"),
        ("auth0|5f7c8ec7c33c6c004bbafe82", r"auth0\|5f7c[0-9a-f]{20}"),
    ],
)
def test_an_unknown_id_has_the_shape_of_a_known_one(known: str, shape: str) -> None:
    made = unlike(known)
    assert made != known
    assert re.fullmatch(shape, made)
    assert unlike(known) == made


@pytest.mark.parametrize("version", [1, 4, 7])
@pytest.mark.parametrize("form", ["{}", "{:upper}", "{:bare}"])
def test_a_uuid_keeps_how_it_is_written_and_its_version(version: int, form: str) -> None:
    bits = uuid.UUID("71ab3d2f-9c32-4594-914f-e0fe83f6e14a").int & ~(0xF << 76) | version << 76
    known = str(uuid.UUID(int=bits))
    known = {"{}": known, "{:upper}": known.upper(), "{:bare}": known.replace("-", "")}[form]
    made = unlike(known)
    assert made != known
    assert uuid.UUID(made).version == version
    assert [each == "-" for each in made] == [each == "-" for each in known]
    assert (made == made.upper()) == (known == known.upper())


@pytest.mark.parametrize("known", ["", "bjensen", "ab", "----------------------"])
def test_an_id_without_a_shape_gives_the_usual_one(known: str) -> None:
    assert unlike(known) == NOBODY


def test_a_path_is_encoded() -> None:
    assert "/" not in nobody_like("auth0/5f7c8ec7c33c6c004bbafe82")[len("/Users/") :]

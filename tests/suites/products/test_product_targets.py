"""What a target file says of a product, and what it must not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from suites.target.model import PRODUCT_KEY
from suites.target.model import ProductPlace
from suites.target.model import TargetError
from suites.target.model import load_target

KEY = "the-key-of-the-owner"
WHOLE = """
url = "https://app.example.com/scim/v2"
[product]
name = "clockify"
url = "https://api.example.com/api/"
workspace = "64a687e29ae1f428e7ebe303"
"""


def loaded(text: str, folder: Path, **environment: str) -> ProductPlace:
    file = folder / "target.toml"
    file.write_text(text, encoding="utf-8")
    variables = {"SCIM_TOKEN": "t", **environment}
    target = load_target(url=None, target_file=str(file), token_file=None, environment=variables)
    assert target is not None
    assert target.product is not None
    return target.product


def refused(text: str, folder: Path, **environment: str) -> str:
    with pytest.raises(TargetError) as caught:
        loaded(text, folder, **environment)
    return str(caught.value)


def test_a_target_file_names_the_product(tmp_path: Path) -> None:
    place = loaded(WHOLE, tmp_path, **{PRODUCT_KEY: KEY})
    assert (place.name, place.url) == ("clockify", "https://api.example.com/api")
    assert (place.workspace, place.key) == ("64a687e29ae1f428e7ebe303", KEY)
    assert not place.groups_may_be_deleted
    assert place.lacks == ""


def test_the_key_comes_from_the_variable_that_the_file_names(tmp_path: Path) -> None:
    place = loaded(WHOLE + 'key_env = "MY_KEY"\n', tmp_path, MY_KEY=KEY, SCIM_PRODUCT_KEY="other")
    assert place.key == KEY


def test_without_a_key_the_target_can_be_used_and_says_what_is_missing(tmp_path: Path) -> None:
    place = loaded(WHOLE + 'key_env = "MY_KEY"\n', tmp_path)
    assert place.lacks == "no credentials for the product: set MY_KEY"


def test_without_a_workspace_it_says_that_it_lacks_one(tmp_path: Path) -> None:
    place = loaded(WHOLE.replace("workspace", "# workspace"), tmp_path, **{PRODUCT_KEY: KEY})
    assert "workspace" in place.lacks


def test_a_key_in_the_file_is_refused_without_being_repeated(tmp_path: Path) -> None:
    said = refused(WHOLE + f'key = "{KEY}"\n', tmp_path)
    assert "product" in said
    assert KEY not in said


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    place = loaded(WHOLE, tmp_path, **{PRODUCT_KEY: KEY})
    assert KEY not in repr(place)


@pytest.mark.parametrize("key", ["line\nbreak", "schlüssel"])
def test_a_key_that_no_header_carries_is_refused(tmp_path: Path, key: str) -> None:
    said = refused(WHOLE, tmp_path, **{PRODUCT_KEY: key})
    assert "key of the product" in said
    assert key not in said


@pytest.mark.parametrize(
    "wrong",
    ['url = "ftp://x"', 'workspace = "../.."', "groups_may_be_deleted = 1", 'surprise = "x"'],
)
def test_what_is_wrong_is_named_in_one_sentence(tmp_path: Path, wrong: str) -> None:
    name = wrong.partition(" ")[0]
    kept = "\n".join(
        line for n, line in enumerate(WHOLE.splitlines()) if n < 3 or not line.startswith(name)
    )
    said = refused(f"{kept}\n{wrong}\n", tmp_path)
    assert "product" in said
    assert "\n" not in said


def test_a_product_without_name_is_refused(tmp_path: Path) -> None:
    said = refused(WHOLE.replace("name", "# name"), tmp_path)
    assert said == "The product has no name: set SCIM_PRODUCT, or name in [product]."


def test_the_environment_names_the_product_as_well(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "SCIM_PRODUCT": "clockwise",
        "SCIM_PRODUCT_URL": "https://other.example.com/admin",
        "SCIM_PRODUCT_WORKSPACE": "one",
        "SCIM_PRODUCT_GROUPS_MAY_BE_DELETED": "true",
        PRODUCT_KEY: KEY,
    }
    place = loaded(WHOLE, tmp_path, **settings)
    assert place == ProductPlace(
        name="clockwise",
        url="https://other.example.com/admin",
        workspace="one",
        key=KEY,
        groups_may_be_deleted=True,
    )


def test_the_key_is_among_the_secrets(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text(WHOLE, encoding="utf-8")
    target = load_target(
        url=None,
        target_file=str(file),
        token_file=None,
        environment={"SCIM_TOKEN": "t", PRODUCT_KEY: KEY},
    )
    assert target is not None
    assert KEY in target.secrets

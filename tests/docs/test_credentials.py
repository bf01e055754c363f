"""The target files of docs/credentials.md are read as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from suites.target.model import Target
from suites.target.model import load_target
from tests.docs import copies

PAGE = "credentials.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", copies.page(PAGE), re.DOTALL)
NAMED = ("SCIM_TOKEN", "SCIM_OTHER_TENANT_TOKEN", "SCIM_EXPIRED_TOKEN", "SCIM_LIMITED_TOKEN")
SECRETS = {name: f"made-up-{name.lower()}" for name in NAMED}


def read(text: str, folder: Path) -> Target:
    file = folder / "scim-target.toml"
    (folder / "private-key.jwk").write_text("a-key-of-our-own", encoding="utf-8")
    file.write_text(text.replace('"private-key.jwk"', f'"{folder}/private-key.jwk"'), "utf-8")
    found = load_target(url=None, target_file=str(file), token_file=None, environment=SECRETS)
    assert found is not None
    return found


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_each_example_is_a_target_file(number: int, tmp_path: Path) -> None:
    assert read(BLOCKS[number], tmp_path).url == "https://app.example.com/scim/v2"


def test_the_examples_show_what_the_page_says(tmp_path: Path) -> None:
    plain, with_endpoint, with_more = (read(block, tmp_path) for block in BLOCKS)
    assert plain.credential.kind == "header"
    assert with_endpoint.credential.kind == "oauth2-client-credentials"
    assert with_endpoint.credential.secret == SECRETS["SCIM_TOKEN"]
    assert [each.kind for each in with_endpoint.also_accepts] == ["oauth2-jwt-bearer"]
    assert with_more.other_tenant is not None
    assert with_more.other_tenant.credential.secret == SECRETS["SCIM_OTHER_TENANT_TOKEN"]
    assert with_more.expired is not None
    assert with_more.rate_limited is not None

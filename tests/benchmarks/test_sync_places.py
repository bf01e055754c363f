"""Where tenants are, how their tokens are found, and what may be put under load."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sync.places import PlaceError
from benchmarks.sync.places import check_consent
from benchmarks.sync.places import numbered_places
from benchmarks.sync.places import read_places
from reference_server.tenants import read_tenants

SECRET = "a-secret-that-nobody-may-read"  # noqa: S105 - of no server
HOST = "http://127.0.0.1:8080"


def written(folder: Path, text: str) -> Path:
    (folder / "tenants.toml").write_text(text, encoding="utf-8")
    return folder / "tenants.toml"


def test_a_pattern_gives_each_tenant_a_base_url_of_its_own() -> None:
    found = numbered_places(2, f"{HOST}/{{tenant}}/scim/v2/", None, {"SCIM_TOKEN": SECRET})
    assert [each.url for each in found] == [
        f"{HOST}/tenant1/scim/v2",
        f"{HOST}/tenant2/scim/v2",
    ]


def test_a_token_file_comes_before_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    (place,) = numbered_places(1, HOST, str(file), {"SCIM_TOKEN": "another"})
    assert place.credential.secret == SECRET


def test_the_tenants_file_of_the_reference_server_serves_here_too(tmp_path: Path) -> None:
    text = '[[tenants]]\nname = "acme"\ntoken_env = "ACME"\n'
    file = written(tmp_path, text + '[[tenants]]\nname = "b"\nbase_path = "/b"\ntoken_env = "ACME"')
    here = read_places(file, HOST, {"ACME": SECRET})
    there = read_tenants(file, {"ACME": SECRET})
    assert [each.url for each in here] == [HOST + each.base_path for each in there]


def test_a_tenant_may_name_its_url_its_idp_and_how_to_get_in(tmp_path: Path) -> None:
    text = (
        '[[tenants]]\nname = "acme"\nurl = "https://acme.example/scim"\nidp = "okta"\n'
        'auth = "basic"\nuser = "scim"\ntoken_env = "ACME"'
    )
    (place,) = read_places(written(tmp_path, text), HOST, {"ACME": SECRET})
    assert (place.url, place.idp) == ("https://acme.example/scim", "okta")
    assert (place.credential.kind, place.credential.user) == ("basic", "scim")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tenants = 3",
        '[[tenants]]\nname = "../up"\ntoken_env = "ACME"',
        '[[tenants]]\nname = "a"',
        '[[tenants]]\nname = "a"\ntoken_env = "NONE"',
        '[[tenants]]\nname = "a"\ntoken_file = "nowhere"',
        '[[tenants]]\nname = "a"\ntoken_env = "ACME"\ntoken = "in the file"',
        '[[tenants]]\nname = "a"\ntoken_env = "ACME"\nauth = "magic"',
        '[[tenants]]\nname = "a"\ntoken_env = "BROKEN"',
        '[[tenants]]\nname = "a"\ntoken_env = "ACME"\n[[tenants]]\nname = "a"\ntoken_env = "ACME"',
    ],
)
def test_a_tenants_file_that_cannot_be_used_is_refused_without_a_token(
    tmp_path: Path, text: str
) -> None:
    environment = {"ACME": SECRET, "BROKEN": f"{SECRET}\nmore"}
    with pytest.raises(PlaceError) as refused:
        read_places(written(tmp_path, text), HOST, environment)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [HOST, "http://localhost/scim", "http://[::1]:9/scim", "http://acme.localhost:8080/scim"],
)
def test_this_machine_may_be_loaded(url: str) -> None:
    check_consent([url], [])


def test_another_machine_may_be_loaded_when_it_is_named() -> None:
    with pytest.raises(PlaceError, match=r"--may-load scim\.example\.com"):
        check_consent(["https://scim.example.com/v2"], ["other.example.com"])
    check_consent(["https://scim.example.com/v2"], ["SCIM.example.com"])


def test_a_token_does_not_go_over_the_network_in_plain_http() -> None:
    with pytest.raises(PlaceError, match="plain HTTP"):
        check_consent(["http://scim.example.com/v2"], ["scim.example.com"])


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "127.0.0.1:80", "http://", "http://127.0.0.1:x/", f"{HOST}/{{a}}"]
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(PlaceError):
        check_consent([url], [])


def test_a_base_url_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(PlaceError) as refused:
        check_consent([f"http://user:{SECRET}@127.0.0.1/"], [])
    assert SECRET not in str(refused.value)

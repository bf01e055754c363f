from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from suites.cleanup.spared import Spared
from suites.target.existing import Existing
from suites.target.model import Target
from suites.verdicts import NotOffered

# A fixture of the folder above, or whatever came out of a reader.
Loose: TypeAlias = Any


NAMES = [f"employee.{n}@corp.example" for n in range(5)]
CASES = ("--suite", "protocol", "--idp", "all")
# Everything that works with four people in groups.
GROUPS = ("-k", "groups or patching or crud")


def written(folder: Path, url: str, names: list[str], more: str = "") -> Path:
    file = folder / "target.toml"
    file.write_text(
        f'url = "{url}"\nexisting_users = {json.dumps(names)}\n{more}\n', encoding="utf-8"
    )
    return file


def ids_of(server: Loose, created: Loose) -> set[str]:
    return {created(server.seen.app, "Users", userName=name, title="Boss") for name in NAMES}


def changed(server: Loose, ids: set[str]) -> list[str]:
    """Every request that would have changed one of these users."""
    return [
        f"{each.method} {each.path}"
        for each in server.seen.requests
        if each.method in ("PUT", "PATCH", "DELETE") and each.path.rpartition("/")[2] in ids
    ]


def test_where_no_users_can_be_created_groups_have_existing_members(
    command: Loose, recording: Callable[..., Any], created: Loose, token: str, tmp_path: Path
) -> None:
    server = recording()
    ids = ids_of(server, created)
    file = written(tmp_path, server.url, NAMES, "[capabilities]\ncreateUsers = false")
    before = len(server.seen.requests)
    done = command.run("--target", file, *CASES, *GROUPS, SCIM_TOKEN=token)
    results = done.report["results"]
    groups = [each for each in results if "groups/" in each["case"]]
    passed = [each for each in groups if each["verdict"] == "pass"]
    assert len(passed) > 15
    assert {each["verdict"] for each in results} <= {"pass", "skip"}, done.said[-2000:]
    sent = server.seen.requests[before:]
    assert not [each for each in sent if each.method == "POST" and each.path.endswith("/Users")]
    assert changed(server, ids) == []
    assert server.seen.stored() == {"Users": len(NAMES), "Groups": 0}
    added = [each for each in sent if any(known.encode() in each.body for known in ids)]
    assert added


def test_too_few_existing_users_are_a_reason_to_skip(
    command: Loose, recording: Callable[..., Any], created: Loose, token: str, tmp_path: Path
) -> None:
    server = recording()
    ids_of(server, created)
    file = written(tmp_path, server.url, NAMES[:2], "[capabilities]\ncreateUsers = false")
    done = command.run("--target", file, "--only", "RFC7643-4.2-6", SCIM_TOKEN=token)
    reasons = {each["actual"] or " ".join(each["notes"]) for each in done.report["results"]}
    assert {each["verdict"] for each in done.report["results"]} == {"skip"}
    assert any("existing_users names the server shows 2" in each for each in reasons), reasons


def test_a_run_leaves_existing_users_as_they_were(
    command: Loose, recording: Callable[..., Any], created: Loose, token: str, tmp_path: Path
) -> None:
    server = recording()
    ids = ids_of(server, created)
    file = written(tmp_path, server.url, NAMES)
    done = command.run("--target", file, "--idp", "google", "--idp", "okta", SCIM_TOKEN=token)
    assert done.report["summary"]["pass"] > 200
    assert changed(server, ids) == []
    assert server.seen.stored() == {"Users": len(NAMES), "Groups": 0}


def bulk(method: str, path: str) -> bytes:
    return json.dumps({"Operations": [{"method": method, "path": path}]}).encode()


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("DELETE", "/Users/7%2F1", None),
        ("PATCH", "/Users/7%2F1?attributes=id", b"{}"),
        ("PUT", "/users/7%2F1/", b"{}"),
        ("POST", "/Bulk", bulk("DELETE", "/Users/7%2F1")),
        ("DELETE", "https://scim.example.com/v2/Users/7%2F1", None),
    ],
)
def test_a_write_to_an_existing_user_does_not_leave(
    method: str, target: str, body: bytes | None
) -> None:
    place = Target(url="https://scim.example.com/v2", credential=Credential("bearer", "token"))
    spared = Spared(place)
    spared.check(method, target, body)
    spared.add([Existing("7/1", "ann", {}, None)])  # type: ignore[arg-type]  # nobody looks
    with pytest.raises(NotOffered, match="existing_users"):
        spared.check(method, target, body)
    spared.check("GET", "/Users/7%2F1", None)
    spared.check("DELETE", "/Groups/7%2F1", None)
    spared.check("DELETE", "/Users/8", None)


@pytest.mark.parametrize(
    ("target", "body"),
    [("/Users", b"{}"), ("/Users?attributes=id", b"{}"), ("/Bulk", bulk("POST", "/Users"))],
)
def test_no_user_is_created_where_the_file_says_so(target: str, body: bytes) -> None:
    place = Target(
        url="https://scim.example.com/v2",
        credential=Credential("bearer", "token"),
        capabilities={"createUsers": False},
    )
    with pytest.raises(NotOffered, match="creates no users"):
        Spared(place).check("POST", target, body)
    Spared(place).check("POST", "/Users/.search", b"{}")
    Spared(place).check("POST", "/Groups", b"{}")

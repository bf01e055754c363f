from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reports import Redactor
from suites.outcome.waivers import read as waiver
from suites.survey.choosing import Chosen
from suites.survey.looking import GROUPS
from suites.survey.looking import USERS
from suites.survey.looking import Answer
from suites.survey.looking import Sight
from suites.survey.looking import amount
from suites.survey.planning import Plan
from suites.survey.planning import is_nobodys
from suites.target.model import Target

# A fixture of the folder above, or whatever came out of a reader.
Loose: TypeAlias = Any


KEY = Credential("bearer", "token-of-test")
TARGET = Target(url="https://scim.example.com", credential=KEY)


def written(folder: Path, url: str, more: str = "") -> Path:
    file = folder / "target.toml"
    file.write_text(f'url = "{url}"\n{more}\n', encoding="utf-8")
    return file


def test_a_check_sends_gets_alone(
    call: Loose, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server = recording()
    file = written(tmp_path, server.url, 'existing_users = ["nobody.there"]')
    status, out, _ = call("target", "check", file, "--idp", "google", SCIM_TOKEN=token)
    assert status == 0
    assert "idp google" in out
    assert "does not show 'nobody.there'" in out
    assert {each.method for each in server.seen.requests} == {"GET"}


def test_offline_nothing_is_sent(
    call: Loose, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server = recording()
    file = written(tmp_path, server.url)
    assert call("target", "check", file, "--offline", SCIM_TOKEN=token)[0] == 0
    assert server.seen.requests == []


def test_a_target_that_cannot_be_used_is_exit_1(call: Loose, tmp_path: Path) -> None:
    file = written(tmp_path, "http://127.0.0.1:1")
    status, out, _ = call("target", "check", file, "--idp", "google", SCIM_TOKEN="a-token")  # noqa: S106 - made up
    assert (status, "cannot be used" in out, "refused" in out) == (1, True, True)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--idp", "nobody"), "--idp 'nobody' is unknown"),
        (("--only", "RFC0-1"), "--only"),
        (("--suite", "all"), "--suite 'all' is unknown"),
    ],
)
def test_options_that_mean_nothing_are_exit_4(
    call: Loose, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    file = written(tmp_path, "http://127.0.0.1:1")
    status, _, err = call("target", "check", file, "--offline", *words, SCIM_TOKEN="a-token")  # noqa: S106 - made up
    assert (status, part in err) == (4, True)


def test_a_variable_that_is_not_set_is_named(call: Loose, tmp_path: Path) -> None:
    more = '[authentication]\nkind = "bearer"\ntoken_env = "MY_SCIM_KEY"'
    status, _, err = call("target", "check", written(tmp_path, "http://127.0.0.1:1", more))
    assert (status, "MY_SCIM_KEY is not set" in err) == (4, True)


@pytest.mark.parametrize(
    "more", ["", '[authentication]\nkind = "bearer"\ntoken_env = "SCIM_TOKEN"'], ids=["", "named"]
)
def test_without_a_token_it_is_said_what_to_do(call: Loose, tmp_path: Path, more: str) -> None:
    status, _, err = call("target", "check", written(tmp_path, "http://127.0.0.1:1", more))
    assert (status, "SCIM_TOKEN" in err, " name a file" in err) == (4, True, True)
    assert " --token-file" in err  # as the option is called here
    assert "--scim" not in err


def plan(**changes: Loose) -> Plan:
    return Plan(replace(TARGET, **changes), ())


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"url": "http://scim.example.com"}, "plain HTTP"),
        ({"email_domain": "corp.com"}, "corp.com may be a real domain"),
        ({"settle": 2.0}, "settle: up to 2 s"),
        (
            {"waivers": (waiver({"requirement": "X-1", "reason": "r", "expires": "2026-01-01"}),)},
            "over since 2026-01-01",
        ),
    ],
)
def test_what_to_think_of_is_said(changes: dict[str, Any], part: str) -> None:
    said = [*plan(**changes).cautions(date(2026, 6, 1))]
    assert [part in line for line in said] == [True]


def test_there_is_nothing_to_think_of_by_default() -> None:
    assert [*plan().cautions()] == []


@pytest.mark.parametrize(
    ("domain", "wanted"),
    [("example.com", True), ("a.b.test", True), ("notexample.com", False), ("corp.com", False)],
)
def test_a_domain_of_nobody_is_known(domain: str, wanted: bool) -> None:
    assert is_nobodys(domain) is wanted


def test_a_feature_that_the_file_denies_is_a_reason_to_skip() -> None:
    case = Chosen("crud/test_x.py::test_y", "RFC7644-3.7-1", "protocol", None, None, ("bulk",))
    denied = Plan(replace(TARGET, capabilities={"bulk": False}), (case, case))
    assert [*denied.skips()] == [
        "2 cases about bulk requests: the file says that there is no such thing"
    ]
    assert [*Plan(TARGET, (case,)).skips()] == []


def test_a_limit_says_how_long_it_takes() -> None:
    case = Chosen("nowhere.py::test_x", "RFC7644-3.7-1", "protocol", None, None)
    slow = Plan(replace(TARGET, requests_per_second=0.5), (case,) * 10)
    assert slow.seconds == pytest.approx(slow.cost.requests / 0.5)
    assert Plan(TARGET, (case,)).seconds is None


LIST = b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]}'


def seen(groups: int) -> Sight:
    answers = {USERS: Answer(200, {}, LIST), GROUPS: Answer(groups, {}, LIST)}
    return Sight(TARGET.url, answers, Redactor(), "bearer")


@pytest.mark.parametrize(
    ("sight", "said", "part"),
    [
        (seen(404), None, ", no groups, as there is no /Groups; all"),
        (seen(501), None, ", no groups, as there is no /Groups; all"),
        (seen(404), True, " groups; all"),
        (seen(200), None, " groups; all"),
        (None, None, " groups; all"),
        (seen(200), False, ", no groups, as the file says; all"),
    ],
)
def test_groups_are_promised_where_they_may_be_made(
    sight: Sight | None, said: bool | None, part: str
) -> None:
    denied = {} if said is None else {"groups": said}
    made = Plan(replace(TARGET, capabilities=denied), (), sight)
    assert any(part in line for line in made.lines() if line.startswith("creates:"))


@pytest.mark.parametrize(
    ("count", "wanted"), [(0.4, "0 users"), (0.9, "1 user"), (1, "1 user"), (1200.0, "1,200 users")]
)
def test_one_is_not_said_in_the_plural(count: float, wanted: str) -> None:
    assert amount(count, "user") == wanted

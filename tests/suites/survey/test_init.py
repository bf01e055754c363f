from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from reports import Redactor
from suites.schemas.definitions import made_of
from suites.survey.looking import CONFIG
from suites.survey.looking import PATHS
from suites.survey.looking import SCHEMAS
from suites.survey.looking import TYPES
from suites.survey.looking import USERS
from suites.survey.looking import Answer
from suites.survey.looking import Sight
from suites.survey.suggesting import pace
from suites.survey.suggesting import required
from suites.survey.writing import text_of
from suites.survey.writing import toml
from suites.target.model import load_target

# A fixture of the folder above, or whatever came out of a reader.
Loose: TypeAlias = Any


LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def test_a_look_sends_gets_alone_and_writes_what_works(
    call: Loose, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server = recording()
    status, out, _ = call("target", "init", server.url, "mine.toml", SCIM_TOKEN=token)
    assert status == 0
    assert "bearer works" in out
    assert {each.method for each in server.seen.requests} == {"GET"}
    assert len(server.seen.requests) == len(PATHS)
    assert read(tmp_path / "mine.toml")["url"] == server.url
    assert read(tmp_path / "mine.toml")["authentication"]["kind"] == "bearer"
    assert call("target", "check", "mine.toml", "--offline", SCIM_TOKEN=token)[0] == 0


def test_no_secret_and_nobody_stands_in_the_file(
    call: Loose, recording: Callable[..., Any], created: Loose, token: str, tmp_path: Path
) -> None:
    server = recording()
    created(server.seen.app, "Users", userName="jane.doe@corp.example", displayName="Jane Doe")
    assert call("target", "init", server.url, SCIM_TOKEN=token)[0] == 0
    text = (tmp_path / "scim-target.toml").read_text(encoding="utf-8")
    assert token not in text
    assert "jane" not in text.lower()
    assert "there are 1 user, 0 groups" in text


def test_a_whole_header_is_tried_where_the_secret_is_one(
    call: Loose, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server = recording()
    assert call("target", "init", server.url, SCIM_TOKEN=f"Bearer {token}")[0] == 0
    assert read(tmp_path / "scim-target.toml")["authentication"]["kind"] == "header"


def test_a_server_that_refuses_the_credential_gets_a_file_with_what_is_known(
    call: Loose, recording: Callable[..., Any], tmp_path: Path
) -> None:
    server = recording()
    wrong = "wrong-token-of-nobody"
    status, _, err = call("target", "init", server.url, SCIM_TOKEN=wrong)
    assert status == 1
    assert "refuses the credential (tried as bearer and as header)" in err
    text = (tmp_path / "scim-target.toml").read_text(encoding="utf-8")
    assert wrong not in text + err
    assert tomllib.loads(text)["url"] == server.url


def test_without_a_secret_none_is_sent(
    call: Loose, recording: Callable[..., Any], tmp_path: Path
) -> None:
    server = recording()
    status, _, err = call("target", "init", server.url)
    assert (status, "it wants a credential" in err) == (1, True)
    assert all(each.header("Authorization") is None for each in server.seen.requests)


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Hi</html>"), "with HTML"),
        ((200, {}, b"{}"), "something that is not SCIM"),
        ((404, {}, b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"]}'), "path of"),
        ((302, {"Location": "https://login.example.com/?next=1"}, b""), "redirects to"),
    ],
)
def test_what_is_no_scim_server_gets_no_file(
    call: Loose, answering: Callable[..., str], tmp_path: Path, answer: Loose, part: str
) -> None:
    url = answering(lambda *asked: answer)
    status, _, err = call("target", "init", url, SCIM_TOKEN="a-token-of-ours")  # noqa: S106 - made up
    assert (status, part in err, "no file was written" in err) == (1, True, True)
    assert [*tmp_path.iterdir()] == []


def test_nobody_at_the_address_gets_no_file(call: Loose, tmp_path: Path) -> None:
    status, _, err = call("target", "init", "http://127.0.0.1:1/scim", SCIM_TOKEN="a-token")  # noqa: S106 - made up
    assert (status, "refused" in err) == (1, True)
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_there_is_left_as_it_is_and_nothing_is_sent(
    call: Loose, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server = recording()
    file = tmp_path / "scim-target.toml"
    file.write_text("mine", encoding="utf-8")
    status, _, err = call("target", "init", server.url, SCIM_TOKEN=token)
    assert (status, "exists already" in err, server.seen.requests) == (4, True, [])
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_link_that_leads_nowhere_is_not_followed(call: Loose, tmp_path: Path) -> None:
    (tmp_path / "scim-target.toml").symlink_to(tmp_path / "elsewhere")
    status, _, err = call("target", "init")
    assert (status, "exists already" in err) == (4, True)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("word", ["example.com", "localhost", "localhost:8080", "a.example/scim"])
def test_an_address_without_its_scheme_is_no_file(call: Loose, tmp_path: Path, word: str) -> None:
    status, out, err = call("target", "init", word, SCIM_TOKEN="a-token")  # noqa: S106 - made up
    assert (status, out) == (4, "")
    assert f"{word!r} is no URL" in err
    assert f"Is https://{word} meant?" in err
    assert [*tmp_path.iterdir()] == []


def test_a_file_to_fill_in_may_have_a_name_of_its_own(call: Loose, tmp_path: Path) -> None:
    assert call("target", "init", "staging.toml")[0] == 0
    assert [each.name for each in tmp_path.iterdir()] == ["staging.toml"]


@pytest.mark.parametrize(
    ("words", "environment", "part"),
    [
        (("--app", "shop"), {}, "scimproof: --app 'shop' names no application: write the module"),
        (("--app", "no.such:app"), {}, "scimproof: --app no.such:app: there is no module"),
        ((), {"SCIM_APP": "shop.py"}, "scimproof: SCIM_APP 'shop.py' names no application"),
    ],
)
def test_an_application_that_is_none_is_told_by_its_option_and_value(
    call: Loose, tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], part: str
) -> None:
    place = () if words else ("http://127.0.0.1:1",)
    status, _, err = call("target", "init", *place, *words, **environment)
    assert (status, part in err) == (4, True), err
    assert [*tmp_path.iterdir()] == []


def test_two_urls_are_a_wrong_word(call: Loose) -> None:
    assert call("target", "init", "http://a.example", "http://b.example")[0] == 4


def test_plain_http_elsewhere_is_refused_unless_allowed(call: Loose) -> None:
    status, _, err = call("target", "init", "http://scim.example.com", SCIM_TOKEN="a-token")  # noqa: S106 - made up
    assert (status, "plain HTTP" in err) == (4, True)


# -- what is suggested


def schema(*attributes: dict[str, Any], urn: str = CORE) -> Loose:
    return {"id": urn, "name": "User", "attributes": [*attributes]}


EXTENSION = "urn:example:extension:2.0:User"
TYPE: Loose = {"name": "User", "endpoint": "/Users", "schema": CORE}
EMAILS = {
    "name": "emails",
    "type": "complex",
    "multiValued": True,
    "required": True,
    "subAttributes": [
        {"name": "value", "required": True},
        {"name": "display", "required": True},
    ],
}


@pytest.mark.parametrize(
    ("attribute", "wanted"),
    [
        ({"name": "userName", "required": True}, {}),
        ({"name": "title", "required": True}, {"title": "Engineer"}),
        ({"name": "title", "required": False}, {}),
        ({"name": "kind", "required": True, "canonicalValues": ["a", "b"]}, {"kind": "a"}),
        ({"name": "on", "type": "boolean", "required": True}, {"on": True}),
        ({"name": "seen", "required": True, "mutability": "readOnly"}, {}),
        (
            {
                "name": "roles",
                "type": "complex",
                "multiValued": True,
                "required": True,
                "subAttributes": [
                    {"name": "value", "required": True, "canonicalValues": ["admin"]},
                    {"name": "display"},
                ],
            },
            {"roles": [{"value": "admin"}]},
        ),
        (
            {
                "name": "name",
                "type": "complex",
                "subAttributes": [
                    {"name": "formatted", "required": True},
                    {"name": "familyName", "required": True},
                    {"name": "middleName"},
                ],
            },
            {"name.formatted": "A Test User"},
        ),
        (EMAILS, {}),
    ],
)
def test_what_is_announced_as_required_is_suggested(
    attribute: dict[str, Any], wanted: dict[str, Any]
) -> None:
    found = made_of({"Resources": [TYPE]}, {"Resources": [schema(attribute)]})
    assert required(found) == wanted


def test_what_is_required_in_a_list_is_told_alone() -> None:
    found = {TYPES: {"Resources": [TYPE]}, SCHEMAS: {"Resources": [schema(EMAILS)]}}
    answers = {path: Answer(200, {}, json.dumps(body).encode()) for path, body in found.items()}
    text = text_of(replace(sight(), answers={**sight().answers, **answers}))
    assert "emails.display is required too" in text
    assert "required_attributes" not in tomllib.loads(text)


def test_limits_of_what_is_not_there_are_left_out() -> None:
    config = {
        "filter": {"supported": False, "maxResults": 0},
        "bulk": {"supported": True, "maxOperations": 7},
    }
    answer = Answer(200, {}, json.dumps(config).encode())
    text = text_of(replace(sight(), answers={**sight().answers, CONFIG: answer}))
    assert "# limits: 7 operations a bulk request\n" in text


def test_how_many_there_are_may_be_unknown() -> None:
    text = text_of(replace(sight(), answers={USERS: Answer(200, {}, b"{}", 0.1)}))
    assert "# how many there are: not told\n" in text


def test_a_list_that_breaks_is_no_sign_of_a_credential_that_works(
    call: Loose, recording: Callable[..., Any], token: str, tmp_path: Path
) -> None:
    server = recording("users-list-500")
    status, out, _ = call("target", "init", server.url, SCIM_TOKEN=token)
    assert (status, "works is not known" in out) == (0, True)
    assert "GET /Users answered 500, so whether bearer" in out
    assert "this worked" not in (tmp_path / "scim-target.toml").read_text(encoding="utf-8")
    status, out, _ = call("target", "check", "scim-target.toml", "--idp", "okta", SCIM_TOKEN=token)
    assert (status, "is fine" in out) == (0, False)
    assert "mind:     GET /Users answered 500" in out


@pytest.mark.parametrize("must", [True, False])
def test_what_an_extension_requires_counts_where_everybody_has_it(must: bool) -> None:
    kind: Loose = {**TYPE, "schemaExtensions": [{"schema": EXTENSION, "required": must}]}
    area = {"name": "area", "required": True}
    found = made_of({"Resources": [kind]}, {"Resources": [schema(), schema(area, urn=EXTENSION)]})
    assert required(found) == ({f"{EXTENSION}:area": "scimproof"} if must else {})


def sight(**headers: str) -> Sight:
    body = json.dumps({"schemas": [LIST], "totalResults": 3, "Resources": []}).encode()
    return Sight(
        "https://scim.example.com/v2",
        {USERS: Answer(200, headers, body, 0.1)},
        Redactor(["s3cret-of-theirs"]),
        "bearer",
    )


@pytest.mark.parametrize(
    ("policy", "wanted"), [("100;w=60", 1.67), ('"default";q=50;w=5', 10.0), ("100", None)]
)
def test_a_policy_with_a_window_becomes_a_pace(policy: str, wanted: float | None) -> None:
    seen = sight(**{"ratelimit-policy": policy})
    assert pace(seen) == wanted
    assert tomllib.loads(text_of(seen)).get("requests_per_second") == wanted


def test_other_limits_are_told_as_they_came() -> None:
    text = text_of(sight(**{"x-ratelimit-limit": "100", "retry-after": "7"}))
    assert "# x-ratelimit-limit: 100\n" in text
    assert "# retry-after: 7\n" in text


def test_a_server_that_repeats_the_secret_does_not_bring_it_into_the_file() -> None:
    text = text_of(sight(server="gate s3cret-of-theirs\nurl = 1\x1b[0m\u2028end"))
    assert "s3cret" not in text
    assert tomllib.loads(text)["url"] == "https://scim.example.com/v2"


@pytest.mark.parametrize(
    "value", ['a "b" \\ \x7f \n é 🦉', [1, 2.5, True], {"a b": ["x"], "c": {}}, "\ud83e"]
)
def test_every_value_can_be_written_in_toml(value: Loose) -> None:
    back = tomllib.loads(f"key = {toml(value)}")["key"]
    assert back == ("?" if value == "\ud83e" else value)


def test_a_written_file_is_a_good_one_with_what_it_suggests(tmp_path: Path) -> None:
    role = {"name": "a b", "required": True, "canonicalValues": ['x "y"']}
    types = json.dumps({"schemas": [LIST], "Resources": [TYPE]}).encode()
    schemas = json.dumps({"schemas": [LIST], "Resources": [schema(role)]}).encode()
    seen = sight()
    answers = {**seen.answers, TYPES: Answer(200, {}, types), "/Schemas": Answer(200, {}, schemas)}
    file = tmp_path / "x.toml"
    file.write_text(text_of(Sight(seen.url, answers, seen.mask, "basic")), encoding="utf-8")
    target = load_target(
        url=None,
        target_file=str(file),
        token_file=None,
        environment={"SCIM_TOKEN": "a-token", "SCIM_USER": "ann"},
    )
    assert target is not None
    assert target.required_attributes == {"a b": 'x "y"'}

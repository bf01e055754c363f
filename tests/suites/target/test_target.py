from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from suites.outcome.waivers import Waiver
from suites.target.model import ENVIRONMENT
from suites.target.model import Target
from suites.target.model import TargetError
from suites.target.model import load_target
from suites.target.tokens import CLIENT_CREDENTIALS
from suites.target.tokens import JWT
from suites.target.tokens import JWT_BEARER

SECRET = "s3cret-of-the-customer"  # noqa: S105 - made up
URL = "https://scim.example.com/v2"

# A text or table, or None.
Setting: TypeAlias = Any


def load(
    text: str = "",
    folder: Path | None = None,
    *,
    url: Setting = URL,
    token_file: Setting = None,
    settings: Setting = None,
    **environment: str,
) -> Target:
    file = None
    if text and folder is not None:
        file = folder / "target.toml"
        file.write_text(text, encoding="utf-8")
    variables = {"SCIM_TOKEN": SECRET, **environment}
    target = load_target(
        url=url,
        target_file=str(file) if file else None,
        token_file=token_file,
        settings=settings,
        environment=variables,
    )
    assert target is not None
    return target


def refused(*args: Any, **more: Any) -> str:  # noqa: ANN401 - as `load`
    with pytest.raises(TargetError) as caught:
        load(*args, **more)
    said = str(caught.value)
    assert SECRET not in said
    assert "\n" not in said
    assert len(said) < 500
    return said


# -- precedence: option, environment, file ----------------------------------------------------


@pytest.mark.parametrize(
    ("key", "attribute", "low", "high"),
    [
        ("timeout", "timeout", 11.0, 12.0),
        ("run_timeout", "run_timeout", 11.0, 12.0),
        ("settle", "settle", 1.5, 2.5),
        ("wait_budget", "wait_budget", 11.0, 12.0),
        ("requests_per_second", "requests_per_second", 3.0, 4.0),
        ("email_domain", "email_domain", "low.example", "high.example"),
        ("case_header", "case_header", False, True),
    ],
)
def test_an_option_beats_the_environment_and_that_the_file(
    tmp_path: Path, key: str, attribute: str, low: object, high: object
) -> None:
    file = f"{key} = {json.dumps(low)}"
    variable = {ENVIRONMENT[key]: high if isinstance(high, str) else json.dumps(high)}
    assert getattr(load(file, tmp_path), attribute) == low
    assert getattr(load(file, tmp_path, **variable), attribute) == high
    third = low if isinstance(low, str | bool) else 7.25
    assert getattr(load(file, tmp_path, settings={key: third}, **variable), attribute) == third


def test_the_url_comes_from_option_then_environment_then_file(tmp_path: Path) -> None:
    file = 'url = "https://file.example/v2"'
    assert load(file, tmp_path, url=None).url == "https://file.example/v2"
    given = {"SCIM_URL": "https://env.example/v2"}
    assert load(file, tmp_path, url=None, **given).url == "https://env.example/v2"
    assert load(file, tmp_path, url="https://opt.example/", **given).url == "https://opt.example"


@pytest.mark.parametrize(
    ("key", "file", "text", "attribute", "from_file", "from_environment"),
    [
        (
            "headers",
            '[headers]\nX-A = "1"',
            '{"X-B": "2"}',
            "headers",
            (("X-A", "1"),),
            (("X-B", "2"),),
        ),
        (
            "required_attributes",
            '[required_attributes]\ntitle = "A"',
            '{"title": "B"}',
            "required_attributes",
            {"title": "A"},
            {"title": "B"},
        ),
        (
            "waivers",
            '[[waivers]]\nrequirement = "X-1"\nreason = "r"\nexpires = 2030-01-31',
            '[{"requirement": "X-2", "reason": "r"}]',
            "waivers",
            (Waiver(requirement="X-1", reason="r", expires=date(2030, 1, 31)),),
            (Waiver(requirement="X-2", reason="r"),),
        ),
        (
            "also_accepts",
            '[[also_accepts]]\nkind = "header"\ntoken_env = "BARE"',
            '[{"kind": "basic", "user": "u", "token_env": "BARE"}]',
            "also_accepts",
            (Credential(kind="header", secret="bare"),),  # noqa: S106 - made up
            (Credential(kind="basic", secret="bare", user="u"),),  # noqa: S106 - made up
        ),
        (
            "rate_limited",
            '[rate_limited]\nkind = "bearer"\ntoken_env = "BARE"',
            '{"kind": "header", "token_env": "BARE"}',
            "rate_limited",
            Credential(kind="bearer", secret="bare"),  # noqa: S106 - made up
            Credential(kind="header", secret="bare"),  # noqa: S106 - made up
        ),
        (
            "expired",
            '[expired]\ntoken_env = "BARE"',
            '{"kind": "header", "token_env": "BARE"}',
            "expired",
            Credential(kind="bearer", secret="bare"),  # noqa: S106 - made up
            Credential(kind="header", secret="bare"),  # noqa: S106 - made up
        ),
    ],
)
def test_structured_keys_are_json_in_the_environment(
    tmp_path: Path,
    key: str,
    file: str,
    text: str,
    attribute: str,
    from_file: object,
    from_environment: object,
) -> None:
    assert getattr(load(file, tmp_path, BARE="bare"), attribute) == from_file
    given = {ENVIRONMENT[key]: text}
    assert getattr(load(file, tmp_path, BARE="bare", **given), attribute) == from_environment


def test_kind_and_user_come_from_environment_then_file(tmp_path: Path) -> None:
    file = '[authentication]\nkind = "basic"\nuser = "file"'
    assert load(file, tmp_path).credential == Credential("basic", SECRET, "file")
    given = {"SCIM_AUTH": "header", "SCIM_USER": "env"}
    assert load(file, tmp_path, **given).credential == Credential("header", SECRET, "env")


def test_the_token_comes_from_option_then_environment_then_file(tmp_path: Path) -> None:
    for name in ("option", "variable", "listed"):
        (tmp_path / name).write_text(f"from-{name}\n", encoding="utf-8")
    file = f'[authentication]\nkind = "bearer"\ntoken_file = "{tmp_path / "listed"}"'
    variable = {"SCIM_TOKEN_FILE": str(tmp_path / "variable")}

    def secret(token_file: str | None = None, **environment: str) -> str:
        return load(file, tmp_path, token_file=token_file, **environment).credential.secret

    assert secret(SCIM_TOKEN="") == "from-listed"
    assert secret(SCIM_TOKEN="", **variable) == "from-variable"
    assert secret(**variable) == SECRET
    assert secret(str(tmp_path / "option"), **variable) == "from-option"


def test_a_variable_that_wins_does_not_need_what_the_file_names(tmp_path: Path) -> None:
    file = '[authentication]\nkind = "bearer"\ntoken_env = "NOT_SET_HERE"'
    assert load(file, tmp_path).credential.secret == SECRET


def test_nothing_that_names_a_server_means_the_embedded_one() -> None:
    assert load_target(url=None, target_file=None, token_file=None, environment={}) is None


def test_every_key_of_the_file_has_a_variable() -> None:
    folder = Path(__file__).resolve().parents[3] / "suites" / "target"
    schema = json.loads((folder / "target.schema.json").read_text(encoding="utf-8"))
    named = {key.partition(".")[0] for key in ENVIRONMENT}
    assert named == set(schema["properties"])


# -- what cannot be used ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("timeout = -1", "timeout"),
        ("timeout = 0", "timeout"),
        ("timeout = nan", "timeout"),
        ("timeout = inf", "timeout"),
        ("timeout = 1e10", "timeout"),
        ("concurrency = 1001", "concurrency"),
        ('timeout = "soon"', "timeout"),
        ("settle = -0.5", "settle"),
        ("settle = nan", "settle"),
        ("requests_per_second = 0", "requests_per_second"),
        ('email_domain = "a b"', "email_domain"),
        ('case_header = "yes"', "case_header"),
        ('surprise = "x"', "surprise"),
        ('[authentication]\nkind = "kerberos"', "authentication.kind"),
        (f'[authentication]\nkind = "bearer"\ntoken = "{SECRET}"', "authentication"),
        (f'authentication = "Bearer {SECRET}"', "authentication"),
        (f'[authentication]\nkind = "Bearer {SECRET}"', "authentication.kind"),
        (f'[headers]\nX-Key = ["{SECRET}"]', "headers.X-Key"),
        (f'headers = "X-Key: {SECRET}"', "headers"),
        ('[[waivers]]\nrequirement = "X-1"', "waivers.0"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = ""', "waivers.0.reason"),
        ('[[waivers]]\nreason = "r"', "waivers.0: it must name a requirement or a cause"),
        (
            '[[waivers]]\nrequirement = "X-1"\ncause = "C-00000000"\nreason = "r"',
            "waivers.0: it must name a requirement or a cause, one of the two",
        ),
        ('[[waivers]]\ncause = "the groups"\nreason = "r"', "waivers.0.cause: it must match"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = "r"\nowner = ""', "waivers.0.owner"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = "r"\nsince = "x"', "waivers.0"),
        ('url = "ftp://example.com"', "url"),
        (f'url = "ftp://user:{SECRET}@example.com"', "url"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(tmp_path: Path, text: str, where: str) -> None:
    assert where in refused(text, tmp_path)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (f'url = "{SECRET}', "not valid TOML"),
        (f"= {SECRET}", "not valid TOML"),
        ("a = " + "[" * 100_000, "target.toml"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = "r"\nexpires = "soon"', "YYYY-MM-DD"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = "r"\nexpires = ""', "YYYY-MM-DD"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = "r"\nexpires = "20300131"', "YYYY-MM-DD"),
        ('[[waivers]]\nrequirement = "X-1"\nreason = "r"\nexpires = "2030-02-30"', "YYYY-MM-DD"),
        (
            '[[waivers]]\nrequirement = "X-1"\nreason = "r"\nexpires = 2030-01-31T00:00:00',
            "YYYY-MM-DD",
        ),
    ],
)
def test_a_file_that_is_no_toml_is_said_to_be_so(tmp_path: Path, text: str, part: str) -> None:
    assert part in refused(text, tmp_path)


def test_a_target_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"Cannot read the target file .*nowhere\.toml: No such"):
        load_target(url=URL, target_file=str(tmp_path / "nowhere.toml"), token_file=None)


def test_a_folder_is_no_target_file(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="Cannot read the target file"):
        load_target(url=URL, target_file=str(tmp_path), token_file=None)


def test_a_binary_target_file_is_not_toml(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TargetError, match="not valid TOML"):
        load_target(url=URL, target_file=str(file), token_file=None)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("SCIM_TIMEOUT", "soon"),
        ("SCIM_TIMEOUT", "NaN"),
        ("SCIM_TIMEOUT", '"5"'),
        ("SCIM_HEADERS", f"X-Key: {SECRET}"),
        ("SCIM_HEADERS", f'["X-Key: {SECRET}"]'),
        ("SCIM_ALSO_ACCEPTS", f'[{{"kind": "{SECRET}"}}]'),
        ("SCIM_RATE_LIMITED", SECRET),
        ("SCIM_WAIVERS", "[" * 100_000),
    ],
)
def test_a_variable_that_cannot_be_read_is_named(variable: str, text: str) -> None:
    key = variable.removeprefix("SCIM_").lower()
    assert key in refused(**{variable: text}).lower()


@pytest.mark.parametrize(
    "url",
    [
        "example.com/scim",
        "ftp://example.com",
        "http://",
        "http:///scim",
        "https://example.com:99999/scim",
        "https://example.com:port/scim",
        "https://[::1/scim",
        f"https://user:{SECRET}@example.com:99999/scim",
        f"https://user:{SECRET}@example.com/scim",
        f"https://{SECRET}@example.com/scim",
        f"https://example.com/scim?token={SECRET}",
        f"https://example.com/scim#{SECRET}",
        f"ftp://user:{SECRET}@example.com",
        "https://example.com/a b",
        "https://exämple.com/ü",
        "",
        "  ",
    ],
)
def test_a_url_that_cannot_be_a_base_is_refused(url: str) -> None:
    assert "URL" in refused(url=url) or url.startswith("ftp") or "://" not in url


def test_an_empty_url_does_not_mean_the_embedded_server() -> None:
    assert "--scim-url is empty" in refused(url="")


def test_a_slash_at_the_end_of_the_url_is_dropped() -> None:
    assert load(url=URL + "/").url == URL


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (None, "Cannot read the token file"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xff\xfe\x00\x01", "is not text"),
        (f"{SECRET}\n{SECRET}".encode(), "line break"),
        (f"{SECRET}\x07".encode(), "no header can carry"),
        (f"{SECRET}ü".encode(), "no header can carry"),
    ],
)
def test_a_token_file_that_holds_no_token_is_refused(
    tmp_path: Path, content: bytes | None, part: str
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    assert part in refused(token_file=str(file))


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_no_token_at_all_is_refused(value: str) -> None:
    assert "SCIM_TOKEN" in refused(SCIM_TOKEN=value)


@pytest.mark.parametrize("value", [f"{SECRET}\n", f"{SECRET}\r\nX-Evil: 1", f" {SECRET}", "a\0b"])
def test_a_token_that_no_header_carries_is_refused(value: str) -> None:
    assert "line break" in refused(SCIM_TOKEN=value)


def test_the_line_end_of_a_token_file_is_no_part_of_the_token(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(f"{SECRET}\r\n".encode())
    assert load(token_file=str(file)).credential.secret == SECRET


def test_a_password_may_hold_what_a_header_may_not() -> None:
    target = load(SCIM_AUTH="basic", SCIM_USER="ü", SCIM_TOKEN="pässword")  # noqa: S106 - made up
    assert target.credential.secret == "pässword"  # noqa: S105 - as above


def test_basic_needs_a_user() -> None:
    assert "SCIM_USER" in refused(SCIM_AUTH="basic")


def test_an_unknown_kind_of_authentication_names_the_known_ones() -> None:
    said = refused(SCIM_AUTH="ntlm")
    assert all(kind in said for kind in ("bearer", "header", "basic"))


TRADED = """
[authentication]
kind = "oauth2-client-credentials"
token_url = "https://login.example.com/token/"
client_id = "an-idp"
scope = "scim more"
where = "body"

[[also_accepts]]
kind = "oauth2-jwt-bearer"
token_url = "https://login.example.com/token"
client_id = "federated"
token_env = "SIGNING_KEY"

[[also_accepts]]
kind = "jwt"
token_env = "SIGNING_KEY"
"""


def test_client_credentials_say_where_they_are_traded(tmp_path: Path) -> None:
    target = load(TRADED, tmp_path, SIGNING_KEY="k" * 32)
    found = target.credential
    assert (found.kind, found.user, found.secret) == (CLIENT_CREDENTIALS, "an-idp", SECRET)
    assert (found.scope, found.location) == ("scim more", "body")
    assert found.token_url == "https://login.example.com/token"  # noqa: S105 - an address
    federated, own = target.also_accepts
    assert (federated.kind, federated.user) == (JWT_BEARER, "federated")
    assert (own.kind, own.token_url) == (JWT, "")
    assert set(target.secrets) == {SECRET, "k" * 32}


def test_client_credentials_may_come_from_the_environment() -> None:
    given: dict[str, Any] = {
        "SCIM_AUTH": CLIENT_CREDENTIALS,
        "SCIM_TOKEN_URL": "https://login.example.com/token",
        "SCIM_CLIENT_ID": "an-idp",
        "SCIM_SCOPE": "scim",
        "SCIM_CLIENT_AUTH": "body",
    }
    found = load(**given).credential
    assert (found.user, found.scope, found.location) == ("an-idp", "scim", "body")
    said = refused(**{**given, "SCIM_CLIENT_ID": ""})
    assert "client_id" in said
    assert "where" in refused(**{**given, "SCIM_CLIENT_AUTH": "query"})


def test_a_key_that_never_leaves_is_no_secret_to_look_for(tmp_path: Path) -> None:
    target = load(TRADED, tmp_path, SIGNING_KEY='{"kty": "RSA"}')
    assert target.secrets == (SECRET,)


@pytest.mark.parametrize("kind", [JWT_BEARER, JWT])
def test_what_an_identity_provider_signs_is_no_credential_of_the_run(kind: str) -> None:
    assert "also_accepts" in refused(SCIM_AUTH=kind)


def test_an_address_of_tokens_with_a_password_is_refused(tmp_path: Path) -> None:
    file = TRADED.replace("https://login", f"https://user:{SECRET}@login")
    assert "user name or password" in refused(file, tmp_path, SIGNING_KEY="k" * 32)


def test_a_token_in_the_place_of_a_variable_name_is_not_repeated(tmp_path: Path) -> None:
    file = f'[authentication]\nkind = "bearer"\ntoken_env = "{SECRET}"'
    assert "token_env" in refused(file, tmp_path, SCIM_TOKEN="")


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    file = '[authentication]\nkind = "bearer"\ntoken_env = "STAGING_TOKEN"'
    assert "STAGING_TOKEN is not set" in refused(file, tmp_path, SCIM_TOKEN="")


def test_a_token_file_without_a_url_is_refused() -> None:
    assert "no URL" in refused(url=None, token_file="x")  # noqa: S106 - a file name


@pytest.mark.parametrize("key", ["ca_file", "client_cert"])
def test_a_tls_file_that_is_not_there_is_named(tmp_path: Path, key: str) -> None:
    assert "nowhere.pem" in refused(f'[tls]\n{key} = "nowhere.pem"', tmp_path)


@pytest.mark.parametrize("key", ["ca_file", "client_cert"])
def test_a_tls_file_without_certificate_is_named(tmp_path: Path, key: str) -> None:
    file = tmp_path / "empty.pem"
    file.write_text("no certificate", encoding="utf-8")
    assert str(file) in refused(f'[tls]\n{key} = "{file}"', tmp_path)


@pytest.mark.parametrize("header", ['"X A" = "1"', '"" = "1"', f'X-Key = "{SECRET}\\r\\nX: 1"'])
def test_a_header_that_cannot_be_sent_is_refused(tmp_path: Path, header: str) -> None:
    assert "header" in refused(f"[headers]\n{header}", tmp_path)


# -- what a target knows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "on_loopback"),
    [
        ("http://localhost:8080/scim", True),
        ("http://127.0.0.1/scim", True),
        ("http://127.9.9.9/scim", True),
        ("http://[::1]:8080/scim", True),
        ("https://128.0.0.1/scim", False),
        ("https://127.0.0.1.example.com/scim", False),
        ("https://localhost.example.com/scim", False),
    ],
)
def test_loopback_is_known_by_the_host(url: str, on_loopback: bool) -> None:
    assert load(url=url).on_loopback is on_loopback


def test_every_secret_is_known_for_redaction(tmp_path: Path) -> None:
    file = """
    [[also_accepts]]
    kind = "header"
    token_env = "A"
    [rate_limited]
    kind = "bearer"
    token_env = "B"
    [expired]
    kind = "bearer"
    token_env = "C"
    """
    known = set(load(file, tmp_path, A="aaa", B="bbb", C="ccc").secrets)
    assert known == {SECRET, "aaa", "bbb", "ccc"}


def test_a_target_does_not_print_its_secret() -> None:
    assert SECRET not in repr(load())


def test_the_keys_of_a_gateway_are_secrets_and_other_headers_are_not(tmp_path: Path) -> None:
    file = """
    [headers]
    X-Gateway-Key = "key-of-a-gateway"
    X-Tenant = "acme"
    """
    target = load(file, tmp_path)
    assert "key-of-a-gateway" in target.secrets
    assert "acme" not in target.secrets
    assert "key-of-a-gateway" not in repr(target)

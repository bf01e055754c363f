"""The server under test: read from options, environment and a target file, in that order."""

from __future__ import annotations

import json
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema

from idp_profiles.mapping import nested
from idp_profiles.model import Credential
from idp_profiles.model import Json
from idp_profiles.transport import WireSend
from idp_profiles.wire import merge
from reports.redact import carries_secret
from suites.manners import encryption
from suites.outcome import waivers
from suites.outcome.waivers import Waiver
from suites.reach import in_process

from .credentials import TargetError as TargetError
from .credentials import checked_url
from .credentials import credential_of
from .credentials import main_credential
from .credentials import secret_parts

# Target file key -> environment variable. SCIM_TOKEN and SCIM_TOKEN_FILE name the secret itself.
ENVIRONMENT = {
    "url": "SCIM_URL",
    "app": "SCIM_APP",
    "timeout": "SCIM_TIMEOUT",
    "run_timeout": "SCIM_RUN_TIMEOUT",
    "settle": "SCIM_SETTLE",
    "wait_budget": "SCIM_WAIT_BUDGET",
    "requests_per_second": "SCIM_REQUESTS_PER_SECOND",
    "concurrency": "SCIM_CONCURRENCY",
    "read_only": "SCIM_READ_ONLY",
    "allow_http": "SCIM_ALLOW_HTTP",
    "allow_redirect": "SCIM_ALLOW_REDIRECT",
    "email_domain": "SCIM_EMAIL_DOMAIN",
    "case_header": "SCIM_CASE_HEADER",
    "headers": "SCIM_HEADERS",
    "required_attributes": "SCIM_REQUIRED_ATTRIBUTES",
    "user_template": "SCIM_USER_TEMPLATE",
    "existing_users": "SCIM_EXISTING_USERS",
    "also_accepts": "SCIM_ALSO_ACCEPTS",
    "rate_limited": "SCIM_RATE_LIMITED",
    "expired": "SCIM_EXPIRED",
    "capabilities": "SCIM_CAPABILITIES",
    "other_tenant": "SCIM_OTHER_TENANT",
    "own_account": "SCIM_OWN_ACCOUNT",
    "waivers": "SCIM_WAIVERS",
    "product.name": "SCIM_PRODUCT",
    "product.url": "SCIM_PRODUCT_URL",
    "product.workspace": "SCIM_PRODUCT_WORKSPACE",
    "product.groups_may_be_deleted": "SCIM_PRODUCT_GROUPS_MAY_BE_DELETED",
    "authentication.kind": "SCIM_AUTH",
    "authentication.user": "SCIM_USER",
    "authentication.token_url": "SCIM_TOKEN_URL",
    "authentication.client_id": "SCIM_CLIENT_ID",
    "authentication.scope": "SCIM_SCOPE",
    "authentication.where": "SCIM_CLIENT_AUTH",
    "tls.ca_file": "SCIM_CA_FILE",
    "tls.client_cert": "SCIM_CLIENT_CERT",
}
_TEXT = {"url", "app", "email_domain"}
APP_URL = "http://localhost/scim/v2"  # where an application in this process is, unless told
_JSON = {"product.groups_may_be_deleted"}
PRODUCT_KEY = "SCIM_PRODUCT_KEY"  # holds the key of a product's API unless key_env names another


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTenant:
    """A second tenant of the same server, whose credential must be worth nothing in the first."""

    url: str
    credential: Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """A credential that stands for a user, whom `/Me` means (RFC 7644 section 3.11)."""

    user_name: str
    credential: Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPlace:
    """Where the product behind the server shows what came of it: its own API, and a key to it.

    Without `lacks` everything is there; else it says what has to be given.
    """

    name: str
    url: str = ""
    workspace: str = ""
    key: str = field(default="", repr=False)
    key_env: str = PRODUCT_KEY
    groups_may_be_deleted: bool = False

    @property
    def lacks(self) -> str:
        """What is not given, in words; empty when nothing is missing."""
        if not self.url or not self.workspace:
            return "the target file does not name url and workspace of the product"
        return "" if self.key else f"no credentials for the product: set {self.key_env}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Everything a run needs to know about the server; times in seconds."""

    url: str
    credential: Credential
    also_accepts: tuple[Credential, ...] = ()
    rate_limited: Credential | None = None
    expired: Credential | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ca_file: Path | None = None
    client_cert: Path | None = None
    timeout: float = 30.0
    run_timeout: float = 1800.0
    settle: float = 0.0
    wait_budget: float = 60.0
    requests_per_second: float | None = None
    concurrency: int | None = None
    app: str = ""  # package.module:app of an application in this process
    read_only: bool = False
    allow_http: bool = False
    allow_redirect: bool = False
    email_domain: str = "example.com"
    case_header: bool = True
    required_attributes: Mapping[str, Json] = field(default_factory=dict)
    user_template: Mapping[str, Json] = field(default_factory=dict)
    existing_users: tuple[str, ...] = ()
    capabilities: Mapping[str, bool] = field(default_factory=dict)  # what discovery says wrongly
    other_tenant: OtherTenant | None = None
    own_account: OwnAccount | None = None
    waivers: tuple[Waiver, ...] = ()
    product: ProductPlace | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for redaction."""
        kept = [self.credential, *self.also_accepts]
        kept += [each for each in (self.rate_limited, self.expired) if each]
        kept += [self.other_tenant.credential] if self.other_tenant else []
        kept += [self.own_account.credential] if self.own_account else []
        # Of a key that is a JWK nothing is sent, and what is secret in it may stand in a traceback.
        sent = [part for each in kept for part in secret_parts(each)]
        sent += [self.product.key] if self.product else []
        sent += [value for name, value in self.headers if carries_secret(name)]
        return tuple(secret for secret in sent if secret)

    @property
    def every_user(self) -> dict[str, Json]:
        """What goes out with every user, beneath what a case sets itself.

        Where both name the same, `required_attributes` go before `user_template`.
        """
        return merge(self.user_template, self.required)

    @property
    def required(self) -> dict[str, Json]:
        """The `required_attributes` as a part of a user."""
        made: dict[str, Json] = {}
        for path, value in self.required_attributes.items():
            made = merge(made, nested(path, value))
        return made

    @property
    def base_path(self) -> str:
        """The path part of the base URL."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def on_loopback(self) -> bool:
        """True when the server runs on this machine."""
        return encryption.is_loopback(self.url)


def load_target(
    *,
    url: str | None,
    target_file: str | None,
    token_file: str | None,
    settings: Mapping[str, Json] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Target | None:
    """Return the target, or None when nothing names one (the embedded server is meant).

    `settings` holds values of options by target file key. Raises TargetError.
    """
    values = _read_file(Path(target_file)) if target_file else {}
    for key, variable in ENVIRONMENT.items():
        if environment.get(variable):
            _set(values, key, _from_environment(key, variable, environment[variable]))
    if url is not None and not url.strip():
        # An unset variable in a CI file: the embedded server would pass in the target's place.
        raise TargetError("--scim-url is empty: give the base URL of the server, or leave it out.")
    for key, value in {"url": url, **(settings or {})}.items():
        if value is not None:
            _set(values, key, value)
    in_process.check_name({"app": (settings or {}).get("app")}, environment)
    _validate(values, "the target settings")
    if values.get("app"):
        values.setdefault("url", APP_URL)
        given = {"url": url, "app": (settings or {}).get("app")}
        in_process.check_place(values["url"], given, environment)
    if not values.get("url"):
        if token_file or target_file:
            raise TargetError("A token or target file is given but no URL: add --scim-url or url.")
        return None
    return _build(values, token_file, environment)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TargetError(f"Cannot read the target file {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetError(f"The target file {path} is not valid TOML: {error}.") from None
    except RecursionError:
        raise TargetError(f"The target file {path} is nested too deeply.") from None
    # Dates in TOML arrive as date objects; the schema speaks of text.
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    _validate(plain, f"the target file {path}")
    return plain


def _validate(values: Mapping[str, Any], what: str) -> None:
    file = files("suites.target").joinpath("target.schema.json")
    schema = json.loads(file.read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(dict(values))
    first = min(errors, key=lambda error: list(map(str, error.absolute_path)), default=None)
    if first is not None:
        where = ".".join(str(part) for part in first.absolute_path) or "top level"
        raise TargetError(f"In {what}, {where}: {_complaint(first)}.")
    for key, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise TargetError(f"In {what}, {key}: {value} is not a number of seconds.")


def _complaint(error: jsonschema.ValidationError) -> str:
    """Return what is wrong; the value itself only where it is a number, for it may be a secret."""
    if list(error.absolute_path) == ["app"]:
        return "name the module and the application in it, such as package.module:app"
    if error.validator in ("additionalProperties", "required") or _is_number(error.instance):
        return str(error.message)[:300]
    return _COMPLAINTS.get(str(error.validator), "the value does not fit").format(
        error.validator_value
    )


_COMPLAINTS = {
    "type": "it must be of the type {}",
    "enum": "it must be one of {}",
    "pattern": "it must match {}",
    "minLength": "it must not be empty",
    "oneOf": "it must name a requirement or a cause, one of the two",
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _from_environment(key: str, variable: str, text: str) -> Json:
    if key in _TEXT or ("." in key and key not in _JSON):
        return text
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        # The text is not repeated: it may be a header with a key in it.
        raise TargetError(f"{variable} must be a number or JSON, for {key!r}.") from None
    return value


def _set(values: dict[str, Any], key: str, value: Json) -> None:
    head, _, tail = key.partition(".")
    if tail:
        values.setdefault(head, {})[tail] = value
    else:
        values[head] = value


def _build(values: dict[str, Any], token_file: str | None, env: Mapping[str, str]) -> Target:
    target = _assembled(values, token_file, env)
    encryption.check(target)
    try:
        # Opens nothing: only finds what no request could leave with.
        WireSend(
            target.url,
            ca_file=target.ca_file,
            client_cert=target.client_cert,
            extra_headers=target.headers,
        ).close()
    except ValueError as fault:
        raise TargetError(f"The target cannot be used: {fault}.") from None
    return target


def _assembled(values: dict[str, Any], token_file: str | None, env: Mapping[str, str]) -> Target:
    limited, expired = values.get("rate_limited"), values.get("expired")
    tls = values.get("tls", {})
    plain = {
        key: values[key]
        for key in (
            *("timeout", "run_timeout", "settle", "wait_budget", "requests_per_second"),
            *("email_domain", "case_header", "required_attributes", "capabilities"),
            *("concurrency", "app", "read_only", "allow_http", "allow_redirect", "user_template"),
        )
        if key in values
    }
    return Target(
        url=checked_url(values["url"]),
        credential=main_credential(values.get("authentication", {}), token_file, env),
        also_accepts=tuple(credential_of(raw, env) for raw in values.get("also_accepts", ())),
        rate_limited=credential_of(limited, env) if limited else None,
        expired=credential_of(expired, env) if expired else None,
        headers=tuple(values.get("headers", {}).items()),
        ca_file=_existing(tls.get("ca_file")),
        client_cert=_existing(tls.get("client_cert")),
        other_tenant=_other_tenant(values.get("other_tenant"), env),
        own_account=_own_account(values.get("own_account"), env),
        existing_users=tuple(values.get("existing_users", ())),
        waivers=tuple(waivers.read(raw) for raw in values.get("waivers", ())),
        product=_product(values.get("product"), env),
        **plain,
    )


def _other_tenant(raw: Mapping[str, Any] | None, env: Mapping[str, str]) -> OtherTenant | None:
    if raw is None:
        return None
    credential = credential_of(raw["authentication"], env)
    return OtherTenant(url=checked_url(raw["url"]), credential=credential)


def _product(raw: Mapping[str, Any] | None, env: Mapping[str, str]) -> ProductPlace | None:
    """Return where the product is; a key that is not there is no error, its cases say so."""
    if raw is None:
        return None
    if not raw.get("name"):
        raise TargetError("The product has no name: set SCIM_PRODUCT, or name in [product].")
    key = env.get(raw.get("key_env", PRODUCT_KEY), "").strip()
    if not (key.isascii() and key.isprintable()):
        raise TargetError("The key of the product holds a character that no header can carry.")
    url = checked_url(raw["url"]) if raw.get("url") else ""
    return ProductPlace(**{**raw, "url": url, "key": key})


def _own_account(raw: Mapping[str, Any] | None, env: Mapping[str, str]) -> OwnAccount | None:
    if raw is None:
        return None
    credential = credential_of(raw["authentication"], env)
    return OwnAccount(user_name=raw["user_name"], credential=credential)


def _existing(name: str | None) -> Path | None:
    if name is None:
        return None
    path = Path(name)
    if not path.is_file():
        raise TargetError(f"There is no file {name!r} for TLS.")
    return path

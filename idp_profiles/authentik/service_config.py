"""What authentik takes from the service provider configuration, and what it makes of a bad one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

from idp_profiles.model import Json

from .names import AWS
from .names import SLACK

_TRUE, _FALSE = {"true", "yes", "on", "1", "t", "y"}, {"false", "no", "off", "0", "f", "n"}


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """The features that decide what is sent; `fallback` when the server's own was not usable."""

    patch: bool = False
    filter: bool = False
    chunk: int = 0
    fallback: bool = True


class Invalid(ValueError):
    """The document does not fit the model; the message names the first member that is wrong."""


def read_config(document: Mapping[str, Json], dialect: str) -> ServiceConfig:
    """Return what a document says, with the dialect's changes; raises Invalid.

    The model wants every one of the five features, `bulk.maxOperations` and the authentication
    schemes with name and description: without one of them the whole document is thrown away.
    """
    features = ("patch", "bulk", "filter", "changePassword", "sort")
    says = {name: _flag(document.get(name), name) for name in features}
    schemes = document.get("authenticationSchemes")
    if not isinstance(schemes, list) or not all(_named(scheme) for scheme in schemes):
        raise Invalid("authenticationSchemes is no list of schemes with name and description")
    operations = _whole_number(document["bulk"])
    config = ServiceConfig(says["patch"], says["filter"], operations, fallback=False)
    if dialect == AWS:
        return replace(config, patch=False)
    return replace(config, filter=True) if dialect == SLACK else config


def _flag(feature: Json, name: str) -> bool:
    said = feature.get("supported") if isinstance(feature, dict) else None
    # The model takes the usual words for true and false too.
    word = str(said).lower()
    if word not in _TRUE | _FALSE:
        raise Invalid(f"{name}.supported is not there")
    return word in _TRUE


def _whole_number(bulk: Json) -> int:
    said = bulk.get("maxOperations") if isinstance(bulk, dict) else None
    # The model takes a number written as text, and one with a fraction of nothing.
    try:
        number = float(said) if isinstance(said, str | int | float) else None
    except ValueError:
        number = None
    if number is None or not number.is_integer():
        raise Invalid("bulk.maxOperations is no number")
    return int(number)


def _named(scheme: Json) -> bool:
    return isinstance(scheme, dict) and all(
        isinstance(scheme.get(key), str) for key in ("name", "description")
    )

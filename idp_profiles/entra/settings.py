"""The settings of a mock Entra, checked: switches that are choices, and texts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from idp_profiles.choices import chosen_switches

from .open_points import SWITCHES
from .open_points import TEXTS

_TEXTS = {switch.key: switch.values[0] for switch in TEXTS}


def checked_switches(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return all switches with their values, or raise ValueError naming what is wrong."""
    choices = {key: value for key, value in given.items() if key not in _TEXTS}
    texts = {key: value for key, value in given.items() if key in _TEXTS}
    _check_endpoint(texts.get("token_endpoint", ""))
    return MappingProxyType({**chosen_switches(choices, SWITCHES), **_TEXTS, **texts})


def _check_endpoint(url: str) -> None:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(f"the switch 'token_endpoint' takes an absolute URL, not {url!r}")

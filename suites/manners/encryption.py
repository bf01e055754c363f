"""Whose wire is read by others: plain HTTP to another machine carries no credential unasked."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from suites.target.credentials import TargetError

if TYPE_CHECKING:
    from idp_profiles.model import Credential
    from suites.target.model import Target


def is_loopback(url: str) -> bool:
    """Return whether a URL names this machine: `localhost`, or an address such as 127.0.0.1."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # such as 127.0.0.1.example.com


def is_bare(url: str) -> bool:
    """Return whether what goes to a URL can be read on its way."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def credentials_of(target: Target) -> Iterator[Credential]:
    """Return everything that a run may authenticate with at the SCIM server."""
    yield target.credential
    yield from target.also_accepts
    yield from (each for each in (target.rate_limited, target.expired) if each)
    if target.other_tenant:
        yield target.other_tenant.credential
    if target.own_account:
        yield target.own_account.credential


def token_urls(target: Target) -> frozenset[str]:
    """Return where credentials are traded for tokens."""
    return frozenset(each.token_url for each in credentials_of(target) if each.token_url)


def check(target: Target) -> None:
    """Raise TargetError where a credential would go out over plain HTTP and nobody allowed it."""
    if target.allow_http:
        return
    for what, url in _places(target):
        if is_bare(url):
            raise TargetError(
                f"{what} {url} is plain HTTP on another host: whoever sits in between reads the "
                "credential and the people. Use https, or say that it is all right with "
                "--scim-allow-http (allow_http in the target file)."
            )


def _places(target: Target) -> Iterator[tuple[str, str]]:
    if not target.app:  # an application in this process has no wire
        yield "The target", target.url
    for url in sorted(token_urls(target)):
        yield "The token endpoint", url
    if target.other_tenant and not target.app:
        yield "The other tenant", target.other_tenant.url
    if target.product and target.product.url:
        yield "The product", target.product.url

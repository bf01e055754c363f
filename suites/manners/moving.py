"""A base URL that redirects: where it leads, and whether a run may go there with its credential."""

from __future__ import annotations

from urllib.parse import urljoin
from urllib.parse import urlsplit

from suites.target.credentials import checked_url
from suites.target.model import Target
from suites.target.model import TargetError

from . import encryption

FOLLOWED = (301, 302, 307, 308)


class NotFollowed(Exception):
    """A redirect leads where the run must not go; the message says why."""


def new_base(target: Target, endpoint: str, location: str | None) -> str:
    """Return the base URL that a redirect of one of its endpoints (`/Users`) means.

    Raises NotFollowed.
    """
    asked = target.url + endpoint
    where = urljoin(asked, location or "").partition("?")[0].partition("#")[0].rstrip("/")
    if target.app:
        raise NotFollowed("an application in this process has no other address")
    if not where.endswith(endpoint):
        raise NotFollowed(f"its path does not end in {endpoint}")
    try:
        base = checked_url(where.removesuffix(endpoint))
    except TargetError as problem:
        raise NotFollowed(str(problem).rstrip(".")) from None
    if base == target.url:
        raise NotFollowed("it leads to where it came from")
    if urlsplit(target.url).scheme == "https" and urlsplit(base).scheme != "https":
        raise NotFollowed("it leads from https to plain HTTP")
    if encryption.is_bare(base) and not target.allow_http:
        raise NotFollowed("it is plain HTTP on another host (--scim-allow-http)")
    return base

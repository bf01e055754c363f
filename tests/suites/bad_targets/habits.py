"""What servers do wrong whose replies are sound: they announce, forget, ignore and limit."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.suites.bad_targets.hostile import Asked
from tests.suites.bad_targets.hostile import HangUp
from tests.suites.bad_targets.hostile import Json
from tests.suites.bad_targets.hostile import Right
from tests.suites.bad_targets.hostile import Rightly
from tests.suites.bad_targets.hostile import changed
from tests.suites.bad_targets.hostile import html
from tests.suites.bad_targets.hostile import reply
from tests.suites.bad_targets.hostile import scim_error

# -- announcing -----------------------------------------------------------------------------------


def announces_nothing(asked: Asked, right: Rightly) -> Right:
    """Has no discovery at all."""
    if asked.place in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
        return scim_error(404)
    return right()


def has_no_patch(asked: Asked, right: Rightly) -> Right:
    """Announces PATCH, and answers it with 501."""
    return scim_error(501) if asked.method == "PATCH" else right()


def has_no_bulk(asked: Asked, right: Rightly) -> Right:
    """Announces bulk, and answers it with 404."""
    return scim_error(404) if asked.place == "Bulk" else right()


def has_no_filter(asked: Asked, right: Rightly) -> Right:
    """Announces filters, and answers each with 500."""
    return scim_error(500) if "filter=" in asked.target else right()


def has_no_sorting(asked: Asked, right: Rightly) -> Right:
    """Announces sorting, and answers it with 501."""
    return scim_error(501) if "sortBy=" in asked.target else right()


def has_no_etags(asked: Asked, right: Rightly) -> Right:
    """Announces ETags, and sends none."""
    kept = changed(right(), _without_version)
    return Right(kept.status, tuple(h for h in kept.headers if h[0] != "ETag"), kept.body)


def _without_version(body: Json) -> Json:
    if isinstance(body, dict):
        return {k: _without_version(v) for k, v in body.items() if k != "version"}
    return [_without_version(each) for each in body] if isinstance(body, list) else body


def has_no_groups(asked: Asked, right: Rightly) -> Right:
    """Announces groups, and answers each request for them with 404."""
    return scim_error(404) if asked.place == "Groups" else right()


# -- dying on certain requests --------------------------------------------------------------------


def dies_on_patch(asked: Asked, right: Rightly) -> Right:
    """Hangs up on every PATCH."""
    if asked.method == "PATCH":
        raise HangUp
    return right()


def fails_on_patch(asked: Asked, right: Rightly) -> Right:
    """Answers every PATCH with 500 and a page."""
    return html(500) if asked.method == "PATCH" else right()


def dies_on_contains(asked: Asked, right: Rightly) -> Right:
    """Hangs up on a filter with `co`."""
    if "%20co%20" in asked.target or b" co " in asked.body:
        raise HangUp
    return right()


def dies_on_groups(asked: Asked, right: Rightly) -> Right:
    """Hangs up on everything about groups."""
    if asked.place == "Groups":
        raise HangUp
    return right()


def dies_on_other_scripts(asked: Asked, right: Rightly) -> Right:
    """Hangs up on a body with anything beyond ASCII."""
    if not asked.body.isascii() or b"\\u" in asked.body:
        raise HangUp
    return right()


def fails_on_every_create(asked: Asked, right: Rightly) -> Right:
    """Answers every POST with 500."""
    return scim_error(500, "the database is full") if asked.method == "POST" else right()


# -- forgetting -----------------------------------------------------------------------------------


def creates_without_id(asked: Asked, right: Rightly) -> Right:
    """Answers a create with 201, and neither an id nor an address."""
    kept = right()
    if asked.method != "POST" or kept.status != 201:
        return kept
    bare = changed(kept, lambda body: {k: v for k, v in body.items() if k not in ("id", "meta")})
    return Right(201, tuple(h for h in bare.headers if h[0] not in ("Location", "ETag")), bare.body)


def forgets_everything(asked: Asked, right: Rightly) -> Right:
    """Answers a create with 201, and knows nobody afterwards."""
    parts = asked.target.strip("/").partition("?")[0].split("/")
    if len(parts) == 2 and parts[0] in ("Users", "Groups") and not parts[1].startswith("."):
        return scim_error(404)
    return right()


def ignores_filters(asked: Asked, right: Rightly) -> Right:
    """Answers a search with everybody."""
    place, _, query = asked.target.partition("?")
    kept = [each for each in query.split("&") if not each.startswith("filter=")]
    body = json.loads(asked.body) if place.endswith("/.search") and asked.body else None
    if isinstance(body, dict):
        body.pop("filter", None)
    rest = "&".join(filter(None, kept))
    target = f"{place}?{rest}" if rest else place
    payload = asked.body if body is None else json.dumps(body).encode()
    return right(replace(asked, target=target, body=payload))


# -- limits ---------------------------------------------------------------------------------------


def throttles_always(asked: Asked, right: Rightly) -> Right:
    """Answers everything with 429, and asks for an hour."""
    return reply(429, {"detail": "slow down"}, ("Retry-After", "3600"))


def throttles_without_end(asked: Asked, right: Rightly) -> Right:
    """Answers everything with 429, and asks for nothing."""
    return reply(429, {"detail": "slow down"}, ("Retry-After", "0"))

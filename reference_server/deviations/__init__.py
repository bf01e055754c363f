"""Deviations: named misbehaviours, each small and of a kind that real servers ship.

A deviation wraps the handler of a correct server and gets one thing wrong; it proves that a test
case which should notice it can fail.
"""

from __future__ import annotations

from collections.abc import Sequence

from reference_server.messages import Handler
from reference_server.messages import in_one_piece

from . import attribute_ids
from . import attribute_meta
from . import attribute_schemas
from . import attribute_values
from . import authentication
from . import content
from . import describing
from . import discovery
from . import discovery_replies
from . import error_types
from . import errors
from . import filter_values
from . import filtering
from . import groups
from . import lifecycle
from . import limits
from . import list_pages
from . import lists
from . import members
from . import metadata
from . import own_account
from . import paging
from . import patch_adds
from . import patch_removes
from . import patch_replaces
from . import patch_requests
from . import patch_targets
from . import patching
from . import posted_searches
from . import projecting
from . import registry
from . import requests
from . import searches
from . import url_versions
from . import users_active
from . import users_create
from . import users_delete
from . import users_duplicate
from . import users_password
from . import users_replace
from . import users_update
from . import versions
from . import views

# Importing an area registers its deviations; the table also tells a reader where to look.
AREAS = (
    attribute_ids,
    attribute_meta,
    attribute_schemas,
    attribute_values,
    authentication,
    content,
    describing,
    discovery,
    discovery_replies,
    error_types,
    errors,
    filter_values,
    filtering,
    groups,
    lifecycle,
    limits,
    list_pages,
    lists,
    members,
    metadata,
    own_account,
    paging,
    patch_adds,
    patch_removes,
    patch_replaces,
    patch_requests,
    patch_targets,
    patching,
    posted_searches,
    projecting,
    requests,
    searches,
    url_versions,
    users_active,
    users_create,
    users_delete,
    users_duplicate,
    users_password,
    users_replace,
    users_update,
    versions,
    views,
)


def apply(names: Sequence[str], handle: Handler) -> Handler:
    """Wrap a handler in the named deviations; the last one named is the outermost."""
    handle = in_one_piece(handle)
    for chosen in [registry.find(name) for name in dict.fromkeys(names)]:
        handle = chosen.wrap(handle)
    return handle


def names() -> tuple[str, ...]:
    """Return the names of all deviations in alphabetical order."""
    return tuple(registry.registered())


def describe(name: str) -> str:
    """Return the sentence that says what a deviation does."""
    return registry.find(name).summary


def get(name: str) -> registry.Deviation:
    """Return one deviation with its area, sentence and wrapper."""
    return registry.find(name)

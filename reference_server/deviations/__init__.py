"""Deviations: named misbehaviours, each small and of a kind that real servers ship.

A deviation wraps the handler of a correct server and gets one thing wrong; it proves that a test
case which should notice it can fail.
"""

from __future__ import annotations

from collections.abc import Sequence

from reference_server.messages import Handler
from reference_server.messages import in_one_piece

from . import active_writes
from . import after_effects
from . import afterlives
from . import attribute_ids
from . import attribute_meta
from . import attribute_schemas
from . import attribute_values
from . import authentication
from . import bare_people
from . import bulk_again
from . import bulk_links
from . import bulk_replies
from . import bulk_requests
from . import bulk_work
from . import configuration
from . import consistency_lags
from . import consistency_races
from . import content
from . import crossed_replies
from . import cursor_pages
from . import cursor_requests
from . import describing
from . import discovered
from . import discovery
from . import discovery_replies
from . import earlier_forms
from . import error_types
from . import errors
from . import filter_clauses
from . import filter_paths
from . import filter_values
from . import filtering
from . import gone_resources
from . import group_keeping
from . import group_names
from . import group_queries
from . import group_twins
from . import groups
from . import half_refused
from . import joins
from . import kept_members
from . import kept_parts
from . import kept_versions
from . import lifecycle
from . import limits
from . import list_pages
from . import lists
from . import look_alikes
from . import manager_writes
from . import managers
from . import member_removals
from . import members
from . import memberships
from . import metadata
from . import namings
from . import overlooked
from . import own_account
from . import paging
from . import patch_adds
from . import patch_keys
from . import patch_losses
from . import patch_parts
from . import patch_removes
from . import patch_replaces
from . import patch_requests
from . import patch_selections
from . import patch_targets
from . import patching
from . import posted_searches
from . import projecting
from . import registry
from . import request_habits
from . import requests
from . import role_writes
from . import schema_claims
from . import schema_forms
from . import searches
from . import security_access
from . import security_browsers
from . import security_errors
from . import security_input
from . import security_queries
from . import security_tenants
from . import security_writes
from . import sparse_requests
from . import spellings
from . import state_rules
from . import token_requests
from . import url_versions
from . import user_contacts
from . import user_formats
from . import user_groups
from . import user_secrets
from . import user_texts
from . import users_active
from . import users_bodies
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
    active_writes,
    after_effects,
    afterlives,
    attribute_ids,
    attribute_meta,
    attribute_schemas,
    attribute_values,
    authentication,
    bare_people,
    bulk_again,
    configuration,
    bulk_links,
    bulk_replies,
    bulk_requests,
    bulk_work,
    consistency_lags,
    consistency_races,
    content,
    crossed_replies,
    cursor_pages,
    cursor_requests,
    describing,
    discovered,
    discovery,
    discovery_replies,
    earlier_forms,
    error_types,
    errors,
    filter_clauses,
    filter_paths,
    filter_values,
    filtering,
    gone_resources,
    group_keeping,
    group_names,
    group_queries,
    group_twins,
    groups,
    half_refused,
    joins,
    kept_members,
    kept_parts,
    kept_versions,
    lifecycle,
    limits,
    list_pages,
    lists,
    look_alikes,
    manager_writes,
    managers,
    member_removals,
    members,
    memberships,
    metadata,
    namings,
    overlooked,
    own_account,
    paging,
    patch_adds,
    patch_keys,
    patch_losses,
    patch_parts,
    patch_removes,
    patch_replaces,
    patch_requests,
    patch_selections,
    patch_targets,
    patching,
    posted_searches,
    projecting,
    request_habits,
    requests,
    role_writes,
    schema_claims,
    schema_forms,
    searches,
    security_access,
    security_browsers,
    security_errors,
    security_input,
    security_queries,
    security_tenants,
    security_writes,
    sparse_requests,
    spellings,
    state_rules,
    token_requests,
    url_versions,
    user_contacts,
    user_formats,
    user_groups,
    user_secrets,
    user_texts,
    users_active,
    users_bodies,
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

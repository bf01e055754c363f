"""Deviations of groups that keep members whom nobody would miss, or lead to the wrong place."""

from __future__ import annotations

from reference_server.messages import Handler

from .documents import Document
from .documents import objects
from .documents import put
from .documents import text_of
from .registry import deviation
from .shaping import edit_resources
from .shaping import on
from .writes import edit_against
from .writes import members


@deviation("group-put-compares-sizes", area="groups")
def group_put_compares_sizes(handle: Handler) -> Handler:
    """Keep the members of a group in a PUT that names as many as there are."""

    def keep(group: Document, before: Document) -> None:
        have = objects(before.get("members"))
        if have and len(have) == len(members(group)):
            put(group, "members", [{"value": each["value"]} for each in have])

    return edit_against(handle, on("PUT", "Groups", one=True), keep)


@deviation("nested-group-refs-to-users", area="members")
def nested_group_refs_to_users(handle: Handler) -> Handler:
    """Show the `$ref` of a group that is a member under /Users."""

    def lead_astray(group: Document) -> None:
        for each in objects(group.get("members")):
            if each.get("type") == "Group" and "$ref" in each:
                each["$ref"] = text_of(each, "$ref").replace("/Groups/", "/Users/")

    return edit_resources(handle, on("GET POST PUT PATCH", "Groups"), lead_astray)

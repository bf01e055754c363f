"""What a case leaves on somebody's product: it is deleted, and who cannot be is switched off."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from idp_profiles.model import Json
from suites.cleanup.journal import Item
from suites.cleanup.tidying import sweep
from suites.client import ScimClient
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .workspace import Workspace

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def clean(workspace: Workspace) -> list[str]:
    """Delete what the case made, and say in words what stays."""
    client = workspace.client()
    sweep(workspace.journal, partial(_delete, workspace, client))
    kept = [item for item in workspace.journal.items if not item.done]
    for item in kept:
        if item.kind == "Users" and item.id:
            _switch_off(item, client)
    told = [f"could not be deleted: {item.kind} {item.name!r}: {item.why}" for item in kept]
    return [workspace.log.redactor.text(each) for each in told]


def _delete(
    workspace: Workspace, client: ScimClient, method: str, target: str
) -> tuple[int, bytes]:
    """Delete over SCIM, and what was made in the product also there; 409 where it stays."""
    status, body = client.raw(method, target)
    for kind, made in workspace.made_by_hand:
        if method == "DELETE" and target == f"/{kind}/{quote(made, safe='')}":
            return (409, b"") if _stays(workspace, kind, made) else (204, b"")
    return status, body


def _stays(workspace: Workspace, kind: str, made: str) -> bool:
    """Take something away in the product itself, and tell whether it is there all the same."""
    owner = workspace.owner
    try:
        (owner.remove_user if kind == "Users" else owner.delete_group)(made)
        found = owner.users() if kind == "Users" else owner.groups()
    except (Blocked, NotOffered):
        return True
    return any(each.id == made for each in found.value)


def _switch_off(item: Item, client: ScimClient) -> None:
    body: Json = {
        "schemas": [PATCH_URN],
        "Operations": [{"op": "replace", "value": {"active": False}}],
    }
    target = f"/Users/{quote(item.id or '', safe='')}"
    try:
        status = client.send("PATCH", target, body=body, settle=False).status
    except Blocked as trouble:
        item.why = f"{item.why}; switching it off failed as well: {trouble}"
        return
    off = "it is switched off" if 200 <= status < 300 else f"switching it off answered {status}"
    item.why = f"{item.why}; {off}"

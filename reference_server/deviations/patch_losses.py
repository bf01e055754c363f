"""Deviations of what a PATCH leaves behind: attributes are lost that no operation names."""

from __future__ import annotations

from reference_server.messages import Handler

from .documents import Document
from .registry import deviation
from .shaping import edit_requests
from .shaping import on

_UNMAPPED = ("title", "nickName")


@deviation("patch-loses-unnamed", area="patching")
def patch_loses_unnamed(handle: Handler) -> Handler:
    """Lose the title and nickName of a user in a PATCH that does not name them, as in a PUT."""

    def edit(body: Document) -> None:
        operations = body.get("Operations")
        if not isinstance(operations, list):
            return
        named = str(operations).lower()
        lost = [name for name in _UNMAPPED if name.lower() not in named]
        operations += [{"op": "remove", "path": name} for name in lost]

    return edit_requests(handle, on("PATCH", "Users", one=True), edit)

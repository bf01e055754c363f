"""Deviations of bulk operations on what is there already: the second change, or a PUT, is lost."""

from __future__ import annotations

from reference_server.messages import Handler

from .bulk_shaping import drop_members
from .bulk_shaping import edit_job
from .bulk_shaping import edit_operations
from .bulk_shaping import method
from .documents import Document
from .documents import put
from .documents import text_of
from .registry import deviation
from .writes import operations
from .writes import patch_body


@deviation("bulk-id-in-put-dropped", area="requests")
def bulk_id_in_put_dropped(handle: Handler) -> Handler:
    """Leave members out of a PUT in a bulk request that are named by a bulkId."""

    def edit(operation: Document) -> None:
        if method(operation) == "PUT":
            drop_members(operation, lambda _name: True)

    return edit_operations(handle, edit)


@deviation("bulk-second-patch-lost", area="requests")
def bulk_second_patch_lost(handle: Handler) -> Handler:
    """Answer the second PATCH of one resource in a bulk request as if done, and lose it."""

    def edit(job: Document) -> None:
        seen: set[str] = set()
        for each in operations(job):
            path = text_of(each, "path")
            if method(each) == "PATCH" and path in seen:
                # To set `id` to itself changes nothing.
                same: Document = {"op": "replace", "value": {"id": path.rpartition("/")[2]}}
                put(each, "data", patch_body(same))
            seen |= {path} if method(each) == "PATCH" else set()

    return edit_job(handle, edit)

"""Deviations of discovery replies: counters, single entries, and entries that are not there."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import listing
from .documents import parse
from .queries import without_parameters
from .registry import deviation
from .shaping import answer_json
from .shaping import change_replies
from .shaping import edit_lists
from .shaping import on

_LISTS = on("GET", "ResourceTypes Schemas", one=False)
_CONFIG = on("GET", "ServiceProviderConfig")
_NOT_FOUND = range(404, 405)


@deviation("discovery-total-too-small", area="discovery")
def discovery_total_too_small(handle: Handler) -> Handler:
    """Leave one out when ResourceTypes and Schemas are counted."""
    return edit_lists(handle, _LISTS, lambda found: found.update(totalResults=_fewer(found)))


@deviation("discovery-list-without-schemas", area="discovery")
def discovery_list_without_schemas(handle: Handler) -> Handler:
    """Leave out of ResourceTypes and Schemas that they are a ListResponse."""
    return edit_lists(handle, _LISTS, lambda found: drop(found, "schemas"))


@deviation("schema-by-id-in-list", area="discovery")
def schema_by_id_in_list(handle: Handler) -> Handler:
    """Answer one schema by its URN with a list that has it as its one resource."""

    def wrap(reply: Response) -> Response:
        return answer_json(200, {**listing([parse(reply.body) or {}])})

    return change_replies(handle, on("GET", "Schemas", one=True), wrap)


@deviation("unknown-schema-200", area="discovery")
def unknown_schema_200(handle: Handler) -> Handler:
    """Answer 200 with an empty object for a schema that is not there."""
    when = on("GET", "Schemas", one=True)
    return change_replies(handle, when, lambda _reply: answer_json(200, {}), _NOT_FOUND)


@deviation("unknown-resource-type-200", area="discovery")
def unknown_resource_type_200(handle: Handler) -> Handler:
    """Answer 200 with an empty object for a resource type that is not there."""
    when = on("GET", "ResourceTypes", one=True)
    return change_replies(handle, when, lambda _reply: answer_json(200, {}), _NOT_FOUND)


@deviation("config-filter-answered", area="discovery")
def config_filter_answered(handle: Handler) -> Handler:
    """Answer a filter on ServiceProviderConfig with all of it in place of 403."""

    def wrapped(request: Request) -> Response:
        return handle(without_parameters(request, "filter") if _CONFIG(request) else request)

    return wrapped


def _fewer(found: Document) -> int:
    total = found.get("totalResults")
    return total - 1 if isinstance(total, int) else 0

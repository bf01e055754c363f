"""Deviations of bulk requests that are wrong in themselves, and are taken all the same."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request

from .bulk_shaping import JOB
from .bulk_shaping import done
from .bulk_shaping import edit_job
from .bulk_shaping import edit_results
from .bulk_shaping import method
from .bulk_shaping import pretend
from .documents import Document
from .documents import drop
from .documents import has
from .documents import parse
from .documents import put
from .documents import text_of
from .registry import deviation
from .shaping import answer_json
from .shaping import instead
from .writes import operations

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_MADE_UP = "bulk-without-id"
_SECOND = "-second"


@deviation("bulk-any-schema-accepted", area="requests")
def bulk_any_schema_accepted(handle: Handler) -> Handler:
    """Take a bulk request whatever its schemas say."""
    return edit_job(handle, lambda job: put(job, "schemas", [REQUEST]))


@deviation("bulk-without-operations-accepted", area="requests")
def bulk_without_operations_accepted(handle: Handler) -> Handler:
    """Answer a bulk request without operations with a reply without results."""
    body: Json = {"schemas": [RESPONSE], "Operations": []}

    def without(request: Request) -> bool:
        job = parse(request.body) if JOB(request) else None
        return job is not None and not operations(job)

    return instead(handle, without, lambda _request: answer_json(200, body))


@deviation("bulk-without-method-accepted", area="requests")
def bulk_without_method_accepted(handle: Handler) -> Handler:
    """Take an operation of a bulk request without a method for a PUT."""
    return pretend(handle, lambda each: not has(each, "method"), done)


@deviation("bulk-get-accepted", area="requests")
def bulk_get_accepted(handle: Handler) -> Handler:
    """Take an operation of a bulk request with a method that bulk does not have."""
    return pretend(handle, lambda each: has(each, "method") and method(each) not in _METHODS, done)


@deviation("bulk-without-path-accepted", area="requests")
def bulk_without_path_accepted(handle: Handler) -> Handler:
    """Answer an operation of a bulk request without a path as if done."""
    return pretend(handle, lambda each: not has(each, "path"), done)


@deviation("bulk-without-data-accepted", area="requests")
def bulk_without_data_accepted(handle: Handler) -> Handler:
    """Answer a POST, PUT or PATCH of a bulk request without data as if done."""
    writes = ("POST", "PUT", "PATCH")
    return pretend(handle, lambda each: method(each) in writes and not has(each, "data"), done)


@deviation("bulk-post-to-resource-accepted", area="requests")
def bulk_post_to_resource_accepted(handle: Handler) -> Handler:
    """Take a POST of a bulk request to a resource for one to its endpoint."""

    def shorten(job: Document) -> None:
        for each in operations(job):
            if method(each) == "POST":
                put(each, "path", "/" + text_of(each, "path").strip("/").partition("/")[0])

    return edit_job(handle, shorten)


@deviation("bulk-put-to-endpoint-accepted", area="requests")
def bulk_put_to_endpoint_accepted(handle: Handler) -> Handler:
    """Answer a PUT of a bulk request to an endpoint as if done."""
    return pretend(
        handle,
        lambda each: method(each) == "PUT" and text_of(each, "path").strip("/").count("/") == 0,
        done,
    )


@deviation("bulk-post-without-id-accepted", area="requests")
def bulk_post_without_id_accepted(handle: Handler) -> Handler:
    """Take a POST of a bulk request without a bulkId."""

    def name(job: Document) -> None:
        for number, each in enumerate(operations(job)):
            if method(each) == "POST" and not has(each, "bulkId"):
                put(each, "bulkId", f"{_MADE_UP}{number}")

    return edit_results(
        edit_job(handle, name),
        lambda each: drop(each, "bulkId"),
        lambda each: text_of(each, "bulkId").startswith(_MADE_UP),
    )


@deviation("bulk-same-id-accepted", area="requests")
def bulk_same_id_accepted(handle: Handler) -> Handler:
    """Take two creates with the same bulkId."""

    def part(job: Document) -> None:
        seen: set[str] = set()
        for each in operations(job):
            name = text_of(each, "bulkId")
            if name in seen and method(each) == "POST":
                put(each, "bulkId", name + _SECOND)
            seen.add(name)

    return edit_results(
        edit_job(handle, part),
        lambda each: put(each, "bulkId", text_of(each, "bulkId").removesuffix(_SECOND)),
        lambda each: text_of(each, "bulkId").endswith(_SECOND),
    )

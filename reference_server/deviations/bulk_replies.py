"""Deviations of the replies to bulk requests: results that lack something or say it wrongly."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .bulk_shaping import JOB
from .bulk_shaping import edit_results
from .bulk_shaping import failed
from .bulk_shaping import keep_results
from .bulk_shaping import method
from .bulk_shaping import results
from .documents import ERROR
from .documents import LIST
from .documents import Document
from .documents import Edit
from .documents import drop
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import Change
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import error
from .shaping import with_status
from .writes import operations


def _succeeded(result: Document) -> bool:
    return not failed(result)


def _created(result: Document) -> bool:
    return method(result) == "POST" and not failed(result)


@deviation("bulk-answers-207", area="requests")
def bulk_answers_207(handle: Handler) -> Handler:
    """Answer bulk requests with 207 in place of 200."""
    return change_replies(handle, JOB, lambda reply: replace(reply, status=207))


@deviation("bulk-answers-202", area="requests")
def bulk_answers_202(handle: Handler) -> Handler:
    """Answer bulk requests with 202 in place of 200."""
    return change_replies(handle, JOB, lambda reply: replace(reply, status=202))


@deviation("bulk-partial-failure-207", area="requests")
def bulk_partial_failure_207(handle: Handler) -> Handler:
    """Answer a bulk request of which an operation failed with 207."""
    return _on_failure(handle, lambda reply: replace(reply, status=207))


@deviation("bulk-partial-failure-400", area="requests")
def bulk_partial_failure_400(handle: Handler) -> Handler:
    """Answer a bulk request of which an operation failed with 400, and carry out the others."""
    return _on_failure(handle, lambda _reply: error(400, "An operation failed."))


@deviation("bulk-as-list-response", area="requests")
def bulk_as_list_response(handle: Handler) -> Handler:
    """Call the reply to a bulk request a list."""
    return edit_replies(handle, JOB, lambda found: found.update(schemas=[LIST]))


@deviation("bulk-without-schemas", area="requests")
def bulk_without_schemas(handle: Handler) -> Handler:
    """Leave schemas out of the reply to a bulk request."""
    return edit_replies(handle, JOB, lambda found: drop(found, "schemas"))


@deviation("bulk-results-misnamed", area="requests")
def bulk_results_misnamed(handle: Handler) -> Handler:
    """Show the results of a bulk request as Results in place of Operations."""
    return edit_replies(handle, JOB, _misnamed)


@deviation("bulk-results-as-object", area="requests")
def bulk_results_as_object(handle: Handler) -> Handler:
    """Show the results of a bulk request as an object with the bulkIds as keys."""
    return edit_replies(handle, JOB, _keyed)


@deviation("bulk-results-of-failures-only", area="requests")
def bulk_results_of_failures_only(handle: Handler) -> Handler:
    """Show only the results of operations that failed."""
    return keep_results(handle, failed)


@deviation("bulk-results-of-successes-only", area="requests")
def bulk_results_of_successes_only(handle: Handler) -> Handler:
    """Show only the results of operations that succeeded."""
    return keep_results(handle, _succeeded)


@deviation("bulk-echoes-fail-on-errors", area="requests")
def bulk_echoes_fail_on_errors(handle: Handler) -> Handler:
    """Repeat failOnErrors in the reply to a bulk request."""

    def wrapped(request: Request) -> Response:
        job = parse(request.body) if JOB(request) else None
        limit = value_of(job or {}, "failOnErrors")
        told = edit_replies(handle, JOB, lambda found: found.update(failOnErrors=limit))
        return handle(request) if limit is None else told(request)

    return wrapped


@deviation("bulk-lists-what-it-left", area="requests")
def bulk_lists_what_it_left(handle: Handler) -> Handler:
    """Show the operations that failOnErrors left undone with the status 424."""

    def wrapped(request: Request) -> Response:
        every = operations(parse(request.body) or {}) if JOB(request) else []

        def complete(found: Document) -> None:
            rest = every[len(results(found)) :]
            left: list[Document] = [{"method": method(each), "status": "424"} for each in rest]
            put(found, "Operations", [*results(found), *left])

        return edit_replies(handle, JOB, complete)(request)

    return wrapped


@deviation("bulk-method-left-out", area="requests")
def bulk_method_left_out(handle: Handler) -> Handler:
    """Leave the method out of the results of a bulk request."""
    return edit_results(handle, lambda each: drop(each, "method"))


@deviation("bulk-location-left-out", area="requests")
def bulk_location_left_out(handle: Handler) -> Handler:
    """Leave the location out of the results of operations that succeeded."""
    return edit_results(handle, lambda each: drop(each, "location"), _succeeded)


@deviation("bulk-location-left-out-of-errors", area="requests")
def bulk_location_left_out_of_errors(handle: Handler) -> Handler:
    """Leave the location out of the results of operations that failed."""
    return edit_results(handle, lambda each: drop(each, "location"), failed)


@deviation("bulk-location-is-endpoint", area="requests")
def bulk_location_is_endpoint(handle: Handler) -> Handler:
    """Give the address of the endpoint as the location in each result."""

    def shorten(result: Document) -> None:
        put(result, "location", text_of(result, "location").rpartition("/")[0])

    return edit_results(handle, shorten, lambda each: has(each, "location"))


@deviation("bulk-failed-post-with-location", area="requests")
def bulk_failed_post_with_location(handle: Handler) -> Handler:
    """Give a location in the result of a POST that failed."""
    return edit_results(
        handle,
        lambda each: put(each, "location", "https://scim.example.com/v2/Users/none"),
        lambda each: method(each) == "POST" and failed(each),
    )


@deviation("bulk-id-left-out", area="requests")
def bulk_id_left_out(handle: Handler) -> Handler:
    """Leave the bulkId out of the results of a bulk request."""
    return edit_results(handle, lambda each: drop(each, "bulkId"))


@deviation("bulk-id-made-anew", area="requests")
def bulk_id_made_anew(handle: Handler) -> Handler:
    """Show a bulkId of the server's own for each new resource."""
    return edit_results(handle, lambda each: put(each, "bulkId", "bulk-1"), _created)


@deviation("bulk-ids-swapped", area="requests")
def bulk_ids_swapped(handle: Handler) -> Handler:
    """Give the new resources of a bulk request each other's bulkIds."""

    def swap(found: Document) -> None:
        fresh = [each for each in results(found) if _created(each)]
        names = [value_of(each, "bulkId") for each in fresh]
        for each, name in zip(fresh, reversed(names), strict=True):
            put(each, "bulkId", name)

    return edit_replies(handle, JOB, swap)


@deviation("bulk-version-outdated", area="requests")
def bulk_version_outdated(handle: Handler) -> Handler:
    """Show a version in each result that the resource no longer has."""
    return edit_results(
        handle, lambda each: put(each, "version", 'W/"0"'), lambda each: has(each, "version")
    )


@deviation("bulk-status-left-out", area="requests")
def bulk_status_left_out(handle: Handler) -> Handler:
    """Leave the status out of the results of operations that succeeded."""
    return edit_results(handle, lambda each: drop(each, "status"), _succeeded)


@deviation("bulk-status-as-number", area="requests")
def bulk_status_as_number(handle: Handler) -> Handler:
    """Show the status of an operation as a number."""
    return edit_results(handle, lambda each: put(each, "status", int(text_of(each, "status"))))


@deviation("bulk-status-in-words", area="requests")
def bulk_status_in_words(handle: Handler) -> Handler:
    """Say failed in place of the status of an operation that failed."""
    return edit_results(handle, lambda each: put(each, "status", "failed"), failed)


@deviation("bulk-statuses-simplified", area="requests")
def bulk_statuses_simplified(handle: Handler) -> Handler:
    """Show 200 for every operation that succeeded and 400 for each that failed."""
    return edit_results(
        edit_results(handle, lambda each: put(each, "status", "200"), _succeeded),
        lambda each: _refused(each, "400"),
        failed,
    )


@deviation("bulk-failures-500", area="requests")
def bulk_failures_500(handle: Handler) -> Handler:
    """Show 500 for every operation that failed."""
    return edit_results(handle, lambda each: _refused(each, "500"), failed)


@deviation("bulk-response-left-out-of-errors", area="requests")
def bulk_response_left_out_of_errors(handle: Handler) -> Handler:
    """Leave the response out of the results of operations that failed."""
    return edit_results(handle, lambda each: drop(each, "response"), failed)


@deviation("bulk-error-as-text", area="requests")
def bulk_error_as_text(handle: Handler) -> Handler:
    """Show a text as the response to an operation that failed."""
    return edit_results(handle, lambda each: put(each, "response", "It failed."), failed)


@deviation("bulk-error-without-schemas", area="requests")
def bulk_error_without_schemas(handle: Handler) -> Handler:
    """Leave schemas out of the error of an operation that failed."""
    return _edit_errors(handle, lambda found: drop(found, "schemas"))


@deviation("bulk-error-with-other-status", area="requests")
def bulk_error_with_other_status(handle: Handler) -> Handler:
    """Show the status 500 in the error of each operation that failed."""
    return _edit_errors(handle, lambda found: put(found, "status", "500"))


@deviation("bulk-error-without-detail", area="requests")
def bulk_error_without_detail(handle: Handler) -> Handler:
    """Leave the explanation out of the error of an operation that failed."""
    return _edit_errors(handle, lambda found: drop(found, "detail"))


@deviation("bulk-error-as-response-of-success", area="requests")
def bulk_error_as_response_of_success(handle: Handler) -> Handler:
    """Show an error message as the response to an operation that succeeded."""
    body: Document = {"schemas": [ERROR], "status": "200", "detail": "OK"}
    return edit_results(handle, lambda each: put(each, "response", {**body}), _succeeded)


@deviation("bulk-broken-json-500", area="requests")
def bulk_broken_json_500(handle: Handler) -> Handler:
    """Answer 500 to a bulk request that is refused with 400."""
    return change_replies(handle, JOB, lambda reply: with_status(reply, 500), range(400, 401))


@deviation("bulk-broken-json-200", area="requests")
def bulk_broken_json_200(handle: Handler) -> Handler:
    """Answer 200 with the error to a bulk request that is refused with 400."""
    return change_replies(handle, JOB, lambda reply: with_status(reply, 200), range(400, 401))


def _on_failure(handle: Handler, change: Change) -> Handler:
    def told(reply: Response) -> Response:
        return change(reply) if any(map(failed, results(parse(reply.body) or {}))) else reply

    return change_replies(handle, JOB, told)


def _edit_errors(handle: Handler, edit: Edit) -> Handler:
    return edit_results(
        handle, lambda each: [edit(found) for found in objects(value_of(each, "response"))], failed
    )


def _refused(result: Document, status: str) -> None:
    put(result, "status", status)
    for found in objects(value_of(result, "response")):
        put(found, "status", status)


def _misnamed(found: Document) -> None:
    if has(found, "Operations"):
        found["Results"] = [*results(found)]
        drop(found, "Operations")


def _keyed(found: Document) -> None:
    if has(found, "Operations"):
        names = {str(n): each for n, each in enumerate(results(found))}
        put(found, "Operations", {**names})

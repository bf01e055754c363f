"""Deviations of what bulk requests do: operations lost or refused, jobs stopped or undone."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .bulk_shaping import JOB
from .bulk_shaping import done
from .bulk_shaping import edit_job
from .bulk_shaping import edit_operations
from .bulk_shaping import failed
from .bulk_shaping import method
from .bulk_shaping import paired
from .bulk_shaping import path_of
from .bulk_shaping import pretend
from .bulk_shaping import refusal
from .documents import Document
from .documents import Test
from .documents import drop
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import FAILURE
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import error
from .shaping import on
from .shaping import refuse
from .writes import operations
from .writes import patch_body

_CONFIG = on("GET", "ServiceProviderConfig")


@deviation("bulk-not-announced-404", area="discovery")
def bulk_not_announced_404(handle: Handler) -> Handler:
    """Announce no bulk requests, and answer them 404."""

    def deny(found: Document) -> None:
        for each in objects(value_of(found, "bulk")):
            each["supported"] = False

    return refuse(edit_replies(handle, _CONFIG, deny), JOB, 404, "Not found.")


@deviation("bulk-post-not-done", area="requests")
def bulk_post_not_done(handle: Handler) -> Handler:
    """Answer the creates of a bulk request as if done, and keep nothing."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        _undo(handle, request, reply)
        return reply

    return wrapped


@deviation("bulk-post-refused", area="requests")
def bulk_post_refused(handle: Handler) -> Handler:
    """Refuse the creates of a bulk request with 501."""
    return pretend(handle, _is("POST"), refusal(501, "There is no POST in bulk requests."))


@deviation("bulk-put-ignored", area="requests")
def bulk_put_ignored(handle: Handler) -> Handler:
    """Answer the PUT operations of a bulk request as if done, and change nothing."""
    return pretend(handle, _is("PUT"), done)


@deviation("bulk-patch-ignored", area="requests")
def bulk_patch_ignored(handle: Handler) -> Handler:
    """Answer the PATCH operations of a bulk request as if done, and change nothing."""
    return pretend(handle, _is("PATCH"), done)


@deviation("bulk-patch-refused", area="requests")
def bulk_patch_refused(handle: Handler) -> Handler:
    """Refuse the PATCH operations of a bulk request with 501."""
    return pretend(handle, _is("PATCH"), refusal(501, "There is no PATCH in bulk requests."))


@deviation("bulk-delete-ignored", area="requests")
def bulk_delete_ignored(handle: Handler) -> Handler:
    """Answer the DELETE operations of a bulk request as if done, and delete nothing."""
    return pretend(handle, _is("DELETE"), done)


@deviation("bulk-patch-half-done", area="requests")
def bulk_patch_half_done(handle: Handler) -> Handler:
    """Carry out the good part of a PATCH that fails in a bulk request."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        for operation, result in paired(request, reply):
            if method(operation) == "PATCH" and failed(result):
                for data in objects(value_of(operation, "data")):
                    _apply(handle, request, text_of(operation, "path"), data)
        return reply

    return wrapped


@deviation("bulk-stops-at-first-error", area="requests")
def bulk_stops_at_first_error(handle: Handler) -> Handler:
    """Give up a bulk job at its first error, whatever failOnErrors says."""
    return edit_job(handle, lambda job: put(job, "failOnErrors", 1))


@deviation("bulk-fail-on-errors-ignored", area="requests")
def bulk_fail_on_errors_ignored(handle: Handler) -> Handler:
    """Go on with a bulk job whatever failOnErrors says."""
    return edit_job(handle, lambda job: drop(job, "failOnErrors"))


@deviation("bulk-fail-on-errors-one-late", area="requests")
def bulk_fail_on_errors_one_late(handle: Handler) -> Handler:
    """Give up a bulk job one error later than failOnErrors says."""

    def raised(job: Document) -> None:
        limit = value_of(job, "failOnErrors")
        if isinstance(limit, int):
            put(job, "failOnErrors", limit + 1)

    return edit_job(handle, raised)


@deviation("bulk-all-or-nothing", area="requests")
def bulk_all_or_nothing(handle: Handler) -> Handler:
    """Take back what a bulk job created when one of its operations fails."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if any(failed(result) for _, result in paired(request, reply)):
            _undo(handle, request, reply)
        return reply

    return wrapped


@deviation("bulk-in-reverse", area="requests")
def bulk_in_reverse(handle: Handler) -> Handler:
    """Carry out the operations of a bulk request from the last to the first."""
    return _reordered(handle, lambda every: [*reversed(every)])


@deviation("bulk-creates-first", area="requests")
def bulk_creates_first(handle: Handler) -> Handler:
    """Carry out the creates of a bulk request before all else."""
    return _reordered(handle, lambda every: sorted(every, key=lambda e: method(e) != "POST"))


@deviation("bulk-deletes-last", area="requests")
def bulk_deletes_last(handle: Handler) -> Handler:
    """Carry out the deletes of a bulk request after all else."""
    return _reordered(handle, lambda every: sorted(every, key=lambda e: method(e) == "DELETE"))


@deviation("bulk-version-ignored", area="requests")
def bulk_version_ignored(handle: Handler) -> Handler:
    """Overlook the version of a PUT or PATCH in a bulk request."""
    return edit_operations(
        handle, lambda each: None if method(each) == "DELETE" else drop(each, "version")
    )


@deviation("bulk-version-ignored-by-delete", area="requests")
def bulk_version_ignored_by_delete(handle: Handler) -> Handler:
    """Overlook the version of a DELETE in a bulk request."""
    return edit_operations(
        handle, lambda each: drop(each, "version") if method(each) == "DELETE" else None
    )


@deviation("bulk-version-always-refused", area="requests")
def bulk_version_always_refused(handle: Handler) -> Handler:
    """Take every version in a bulk request for an outdated one."""
    return edit_operations(
        handle, lambda each: put(each, "version", 'W/"0"') if has(each, "version") else None
    )


@deviation("bulk-limits-zero", area="discovery")
def bulk_limits_zero(handle: Handler) -> Handler:
    """Announce 0 as both limits of bulk requests."""
    return _limits(handle, 0, 0)


@deviation("bulk-takes-more-operations", area="discovery")
def bulk_takes_more_operations(handle: Handler) -> Handler:
    """Announce that a bulk request may have 100 operations, and take more."""
    return _limits(handle, 100, None)


@deviation("bulk-takes-larger-payloads", area="discovery")
def bulk_takes_larger_payloads(handle: Handler) -> Handler:
    """Announce that a bulk request may have 100 kB, and take more."""
    return _limits(handle, None, 100_000)


@deviation("bulk-limit-as-400", area="requests")
def bulk_limit_as_400(handle: Handler) -> Handler:
    """Answer 400 to a bulk request that exceeds a limit."""
    return change_replies(
        handle, JOB, lambda _reply: error(400, "The limit of operations or size is exceeded."), _413
    )


@deviation("bulk-limit-not-named", area="requests")
def bulk_limit_not_named(handle: Handler) -> Handler:
    """Say no more than that a bulk request is too large."""
    return change_replies(handle, JOB, lambda _reply: error(413, "Too large."), _413)


@deviation("bulk-limit-as-text", area="requests")
def bulk_limit_as_text(handle: Handler) -> Handler:
    """Refuse a bulk request that exceeds a limit with a plain text."""
    plain = Response(413, (("Content-Type", "text/plain"),), b"Request Entity Too Large")
    return change_replies(handle, JOB, lambda _reply: plain, _413)


@deviation("bulk-limit-met-late", area="requests")
def bulk_limit_met_late(handle: Handler) -> Handler:
    """Carry out the creates of a bulk request before it is refused for its length."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if JOB(request) and reply.status == 413:
            _create_all(handle, request)
        return reply

    return wrapped


_413 = range(413, 414)


def _is(name: str) -> Test:
    return lambda operation: method(operation) == name


def _reordered(handle: Handler, order: Callable[[list[Document]], list[Document]]) -> Handler:
    """Carry out operations in another order, and show the results in that order."""
    return edit_job(handle, lambda job: put(job, "Operations", [*order(operations(job))]))


def _undo(handle: Handler, request: Request, reply: Response) -> None:
    """Delete what a job created."""
    for operation, result in paired(request, reply):
        if method(operation) == "POST" and not failed(result):
            ask(handle, request, "DELETE", path_of(result))


def _apply(handle: Handler, request: Request, path: str, data: Document) -> None:
    """Carry out the operations of a PATCH one by one, until one fails."""
    for each in operations(data):
        if ask(handle, request, "PATCH", path, body=patch_body(each)).status in FAILURE:
            break


def _create_all(handle: Handler, request: Request) -> None:
    for each in operations(parse(request.body) or {}):
        for data in objects(value_of(each, "data")) if method(each) == "POST" else ():
            ask(handle, request, "POST", text_of(each, "path"), body=data)


def _limits(handle: Handler, most: int | None, size: int | None) -> Handler:
    """Announce other limits than those that are kept; None leaves one as it is."""

    def announce(found: Document) -> None:
        for each in objects(value_of(found, "bulk")):
            each["maxOperations"] = each.get("maxOperations") if most is None else most
            each["maxPayloadSize"] = each.get("maxPayloadSize") if size is None else size

    return edit_replies(handle, _CONFIG, announce)

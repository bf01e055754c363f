"""Servers within the RFCs that take bulk requests in other ways than the reference server."""

from __future__ import annotations

from collections.abc import Callable

from legal_protocol import CONFIG
from legal_protocol import legal

from reference_server.deviations import bulk_shaping
from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import has
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import put
from reference_server.deviations.documents import text_of
from reference_server.deviations.documents import value_of
from reference_server.deviations.writes import operations
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

MOST = 4


@legal
def bulk_results_with_resources(handle: Handler) -> Handler:
    """Show results last first, each with an object as status and the resource as response."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)

        def enrich(result: Document) -> None:
            status = text_of(result, "status")
            put(result, "status", {"code": status, "description": "What came of it."})
            shown = shaping.ask(handle, request, "GET", bulk_shaping.path_of(result))
            if status in ("200", "201") and shown.status == 200:
                put(result, "response", parse(shown.body))

        def reverse(found: Document) -> None:
            put(found, "Operations", [*reversed(bulk_shaping.results(found))])

        told = bulk_shaping.edit_results(lambda _request: reply, enrich)
        return shaping.edit_replies(told, bulk_shaping.JOB, reverse)(request)

    return wrapped


@legal
def bulk_errors_beside_the_status(handle: Handler) -> Handler:
    """Show the parts of an error beside the status of a result (erratum 7916), and no version."""

    def beside(result: Document) -> None:
        drop(result, "version")
        for found in objects(value_of(result, "response")):
            drop(result, "response")
            result.update({**found, **result})

    return bulk_shaping.edit_results(handle, beside)


@legal
def a_small_bulk(handle: Handler) -> Handler:
    """Take no more than a few operations, none that refers to a later one, and say so."""

    def announce(found: Document) -> None:
        for each in objects(value_of(found, "bulk")):
            each["maxOperations"] = MOST

    def long(job: Document) -> bool:
        return len(operations(job)) > MOST

    for name in ("bulk-forward-reference-refused", "bulk-id-in-path-refused"):
        handle = registry.find(name).wrap(handle)
    handle = shaping.edit_replies(handle, CONFIG, announce)
    detail = f"No more than maxOperations, which is {MOST}."
    return shaping.refuse(handle, shaping.on("POST", "Bulk", body=long), 413, detail)


@legal
def bulk_refused_for_one_fault(handle: Handler) -> Handler:
    """Refuse a bulk request as a whole for an operation that is not as it has to be, or a circle.

    A job that is given up is an error as a whole, too, as the definition of failOnErrors has it.
    """
    handle = _given_up_with_an_error(handle)
    circular = shaping.on("POST", "Bulk", body=bulk_shaping.circle)
    handle = shaping.refuse(handle, circular, 409, "There is a circle.")
    faulty = shaping.on("POST", "Bulk", body=lambda job: any(map(_is_faulty, operations(job))))
    return shaping.refuse(handle, faulty, 400, "An operation is wrong.", "invalidSyntax")


@legal
def bulk_ids_as_the_client_likes(handle: Handler) -> Handler:
    """Take bulk requests without bulkIds, with the same twice, and under any schema."""
    names = ("post-without-id", "same-id", "any-schema")
    for name in names:
        handle = registry.find(f"bulk-{name}-accepted").wrap(handle)
    return handle


def _given_up_with_an_error(handle: Handler) -> Handler:
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        job = parse(request.body) if bulk_shaping.JOB(request) else None
        found = bulk_shaping.results(parse(reply.body) or {})
        given_up = job is not None and reply.status == 200 and len(found) < len(operations(job))
        return shaping.error(412, "Too many errors.") if given_up else reply

    return wrapped


def _is_faulty(operation: Document) -> bool:
    checks: tuple[Callable[[], bool], ...] = (
        lambda: bulk_shaping.method(operation) not in ("POST", "PUT", "PATCH", "DELETE"),
        lambda: not text_of(operation, "path"),
        lambda: bulk_shaping.method(operation) != "DELETE" and not has(operation, "data"),
        lambda: bulk_shaping.method(operation) == "POST" and not text_of(operation, "bulkId"),
    )
    return any(check() for check in checks)

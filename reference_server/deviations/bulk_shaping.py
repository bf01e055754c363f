"""The vocabulary of the deviations of bulk: operations, their results, and results made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator

from reference_server.bulk_messages import MAX_PAYLOAD
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ERROR
from .documents import Document
from .documents import Edit
from .documents import Test
from .documents import dump
from .documents import edit_each
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .shaping import SUCCESS
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import with_document
from .writes import operations

JOB = on("POST", "Bulk")
PREFIX = "bulkId:"

_REFERENCE = re.compile(r'"bulkId:([^"]+)"')
# What a job carries out when nothing of it is left: it changes nothing.
_NOTHING: Document = {"method": "DELETE", "path": "/Users/nobody"}


def method(operation: Document) -> str:
    """Return the method of an operation or of its result."""
    return text_of(operation, "method")


def results(document: Document) -> list[Document]:
    """Return the results that a reply has."""
    return objects(value_of(document, "Operations") or [])


def failed(result: Document) -> bool:
    """Tell whether a result is that of an operation that failed."""
    return text_of(result, "status")[:1] in ("4", "5")


def path_of(result: Document) -> str:
    """Return where the resource of a result is, relative to the base URL."""
    return "/" + "/".join(text_of(result, "location").split("/")[-2:])


def edit_job(handle: Handler, edit: Edit) -> Handler:
    """Edit the body of bulk requests; one that is too large stays so, as it came."""

    def meant(request: Request) -> bool:
        return JOB(request) and len(request.body) <= MAX_PAYLOAD

    return edit_requests(handle, meant, edit)


def edit_operations(handle: Handler, edit: Edit) -> Handler:
    """Edit each operation of bulk requests."""
    return edit_job(handle, lambda job: edit_each(operations(job), edit))


def edit_results(handle: Handler, edit: Edit, when: Test | None = None) -> Handler:
    """Edit each result in the replies to bulk requests that passes a test."""

    def all_of(found: Document) -> None:
        edit_each([each for each in results(found) if when is None or when(each)], edit)

    return edit_replies(handle, JOB, all_of)


def keep_results(handle: Handler, keep: Test) -> Handler:
    """Show only the results that pass a test."""

    def shorten(found: Document) -> None:
        put(found, "Operations", [each for each in results(found) if keep(each)])

    return edit_replies(handle, JOB, shorten)


def paired(request: Request, reply: Response) -> Iterator[tuple[Document, Document]]:
    """Yield each operation of a bulk request with its result, as far as they go."""
    if JOB(request) and reply.status in SUCCESS:
        job, found = parse(request.body) or {}, parse(reply.body) or {}
        yield from zip(operations(job), results(found), strict=False)


def pretend(handle: Handler, meant: Test, result: Callable[[Document], Document]) -> Handler:
    """Leave the operations that are meant out of bulk jobs, and make up their results."""

    def wrapped(request: Request) -> Response:
        job = parse(request.body) if JOB(request) else None
        every = operations(job or {})
        rest = [each for each in every if not meant(each)]
        if job is None or len(rest) == len(every):
            return handle(request)
        put(job, "Operations", [*rest] or [_NOTHING])
        base = place(request).base

        def complete(found: Document) -> None:
            real = iter(results(found))
            shown: list[Json] = []
            for each in every:
                answer = _made_up(each, result(each), base) if meant(each) else next(real, None)
                shown += [answer] if answer is not None else []
            put(found, "Operations", shown)

        return edited(handle(with_document(request, job)), complete)

    return wrapped


def done(operation: Document) -> Document:
    """Return what a result says of an operation that was carried out."""
    return {"status": {"POST": "201", "DELETE": "204"}.get(method(operation), "200")}


def refusal(status: int, detail: str) -> Callable[[Document], Document]:
    """Return what a result says of an operation that was refused."""
    body: Document = {"schemas": [ERROR], "status": str(status), "detail": detail}
    return lambda _operation: {"status": str(status), "response": body}


def referred(operation: Document) -> list[str]:
    """Return the bulkIds that the data of an operation refers to, one after the other."""
    found: list[str] = _REFERENCE.findall(dump(value_of(operation, "data")).decode())
    return found


def references(operation: Document) -> frozenset[str]:
    """Return the bulkIds that the data of an operation refers to."""
    return frozenset(referred(operation))


def creators(job: Document) -> dict[str, int]:
    """Return the number of the operation that creates each bulkId."""
    return {
        text_of(each, "bulkId"): number
        for number, each in enumerate(operations(job))
        if method(each) == "POST"
    }


def circle(job: Document) -> set[int]:
    """Return the numbers of operations that refer to one that refers to them."""
    known = creators(job)
    every = operations(job)
    return {
        number
        for number, each in enumerate(every)
        for name in references(each)
        if name in known and text_of(each, "bulkId") in references(every[known[name]])
    }


def drop_members(operation: Document, unwanted: Callable[[str], bool]) -> None:
    """Leave members out that are given by a bulkId."""
    for data in objects(value_of(operation, "data")):
        members = value_of(data, "members")
        if isinstance(members, list):
            kept = [
                each
                for each in members
                if not (
                    isinstance(each, dict)
                    and text_of(each, "value").startswith(PREFIX)
                    and unwanted(text_of(each, "value").removeprefix(PREFIX))
                )
            ]
            put(data, "members", kept)


def _made_up(operation: Document, known: Document, base: str) -> Document:
    """Return a result with what every result tells."""
    shown: Document = {"method": method(operation) or "PUT"}
    if text_of(operation, "bulkId"):
        shown["bulkId"] = text_of(operation, "bulkId")
    if method(operation) != "POST":
        shown["location"] = base + (text_of(operation, "path") or "/Users/nobody")
    return {**shown, **known}

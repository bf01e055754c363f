"""Deviations of the references between the operations of a bulk request (RFC 7644 3.7.2)."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .bulk_shaping import JOB
from .bulk_shaping import PREFIX
from .bulk_shaping import circle
from .bulk_shaping import creators
from .bulk_shaping import done
from .bulk_shaping import drop_members
from .bulk_shaping import edit_job
from .bulk_shaping import failed
from .bulk_shaping import method
from .bulk_shaping import paired
from .bulk_shaping import path_of
from .bulk_shaping import pretend
from .bulk_shaping import references
from .bulk_shaping import referred
from .bulk_shaping import refusal
from .documents import Document
from .documents import Test
from .documents import change_strings
from .documents import has
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_replies
from .shaping import error
from .shaping import instead
from .shaping import on
from .writes import operations

_READ = on("GET", "Users Groups", one=True)
_NAMES = {"Users": "userName", "Groups": "displayName"}


@deviation("bulk-references-dropped", area="requests")
def bulk_references_dropped(handle: Handler) -> Handler:
    """Leave members out of a bulk request that are named by a bulkId."""
    return _dropping(handle, lambda job: lambda number, name: True)


@deviation("bulk-forward-lost", area="requests")
def bulk_forward_lost(handle: Handler) -> Handler:
    """Leave members out whom a later operation of a bulk request creates."""
    return _dropping(handle, lambda job: lambda number, name: creators(job).get(name, -1) > number)


@deviation("bulk-circle-left-open", area="requests")
def bulk_circle_left_open(handle: Handler) -> Handler:
    """Leave members out that would close a circle in a bulk request."""

    def closing(job: Document) -> Callable[[int, str], bool]:
        return lambda number, name: number in circle(job) and creators(job)[name] > number

    return _dropping(handle, closing)


@deviation("bulk-unknown-id-accepted", area="requests")
def bulk_unknown_id_accepted(handle: Handler) -> Handler:
    """Leave members out that are named by a bulkId of no operation, and create the group."""
    return _dropping(handle, lambda job: lambda number, name: name not in creators(job))


@deviation("bulk-failed-id-accepted", area="requests")
def bulk_failed_id_accepted(handle: Handler) -> Handler:
    """Leave members out whose own create lacks a name, and create the group."""

    def nameless(job: Document) -> Callable[[int, str], bool]:
        return lambda number, name: name in _nameless(job)

    return _dropping(handle, nameless)


@deviation("bulk-forward-reference-refused", area="requests")
def bulk_forward_reference_refused(handle: Handler) -> Handler:
    """Refuse an operation that refers to a later one with 409."""
    return _judging(handle, _ahead, 409, "The bulkId is not known yet.")


@deviation("bulk-forward-reference-500", area="requests")
def bulk_forward_reference_500(handle: Handler) -> Handler:
    """Answer 500 to an operation that refers to a later one."""
    return _judging(handle, _ahead, 500, "Null reference.")


@deviation("bulk-circle-as-400", area="requests")
def bulk_circle_as_400(handle: Handler) -> Handler:
    """Refuse operations that refer to each other with 400."""
    return _judging(handle, circle, 400, "There is a circle.")


@deviation("bulk-circle-500", area="requests")
def bulk_circle_500(handle: Handler) -> Handler:
    """Answer 500 to a bulk request with a circle."""

    def circular(request: Request) -> bool:
        job = parse(request.body) if JOB(request) else None
        return job is not None and bool(circle(job))

    return instead(handle, circular, lambda _request: error(500, "Maximum recursion depth."))


@deviation("bulk-id-in-path-refused", area="requests")
def bulk_id_in_path_refused(handle: Handler) -> Handler:
    """Answer 404 to an operation whose path has a bulkId."""
    return pretend(
        handle,
        lambda each: PREFIX in text_of(each, "path"),
        refusal(404, "There is no such resource."),
    )


@deviation("bulk-id-in-path-ignored", area="requests")
def bulk_id_in_path_ignored(handle: Handler) -> Handler:
    """Answer an operation whose path has a bulkId as if done, and change nothing."""
    return pretend(handle, lambda each: PREFIX in text_of(each, "path"), done)


@deviation("bulk-id-not-replaced", area="requests")
def bulk_id_not_replaced(handle: Handler) -> Handler:
    """Keep the bulkId as the value of a member of a group that a bulk request creates."""
    return _unreplaced(
        handle, lambda each: method(each) == "POST" and text_of(each, "path") == "/Groups"
    )


@deviation("bulk-last-id-replaced-only", area="requests")
def bulk_last_id_replaced_only(handle: Handler) -> Handler:
    """Replace only the last of several bulkIds that one create of a bulk request has."""
    return _unreplaced(handle, lambda each: method(each) == "POST", but_last=True)


@deviation("bulk-id-not-replaced-in-patch", area="requests")
def bulk_id_not_replaced_in_patch(handle: Handler) -> Handler:
    """Keep the bulkId as the value of a member whom a PATCH of a bulk request adds."""
    return _unreplaced(handle, lambda each: method(each) == "PATCH")


@deviation("bulk-id-not-replaced-in-manager", area="requests")
def bulk_id_not_replaced_in_manager(handle: Handler) -> Handler:
    """Keep the bulkId as the manager of a user whom a bulk request creates."""
    return _unreplaced(
        handle, lambda each: method(each) == "POST" and text_of(each, "path") == "/Users"
    )


def _dropping(handle: Handler, choose: Callable[[Document], Callable[[int, str], bool]]) -> Handler:
    """Leave members out that are chosen by the number of the operation and the bulkId."""

    def edit(job: Document) -> None:
        unwanted = choose(job)
        chosen = [
            (each, {name for name in references(each) if unwanted(number, name)})
            for number, each in enumerate(operations(job))
        ]
        for each, names in chosen:
            drop_members(each, names.__contains__)

    return edit_job(handle, edit)


def _judging(
    handle: Handler, choose: Callable[[Document], set[int]], status: int, detail: str
) -> Handler:
    """Refuse the operations whose numbers are chosen."""

    def wrapped(request: Request) -> Response:
        job = parse(request.body) if JOB(request) else None
        chosen = choose(job or {})
        names = {text_of(operations(job or {})[n], "bulkId") for n in chosen}
        refusing = pretend(
            handle, lambda each: text_of(each, "bulkId") in names, refusal(status, detail)
        )
        return refusing(request) if chosen else handle(request)

    return wrapped


def _unreplaced(handle: Handler, meant: Test, *, but_last: bool = False) -> Handler:
    """Show names in place of the ids that they stand for, in what some operations wrote."""
    shown: dict[str, dict[str, str]] = {}

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        pairs = [pair for pair in paired(request, reply) if not failed(pair[1])]
        ids = {
            path_of(result).rpartition("/")[2]: PREFIX + text_of(each, "bulkId")
            for each, result in pairs
        }
        for each, result in pairs:
            names = [PREFIX + name for name in referred(each)]
            if meant(each) and names:
                kept = names[-1] if but_last else ""
                shown[path_of(result)] = {i: name for i, name in ids.items() if name != kept}
        return reply

    def show(request: Request) -> Response:
        path = "/" + "/".join(request.path.split("/")[-2:])
        ids = shown.get(path, {})

        def rename(found: Document) -> None:
            kept = text_of(found, "id")
            renamed = change_strings(found, lambda each: ids.get(each, each))
            found.update(renamed if isinstance(renamed, dict) else {})
            found["id"] = kept

        return edit_replies(wrapped, _READ, rename)(request) if ids else wrapped(request)

    return show


def _ahead(job: Document) -> set[int]:
    """Return the numbers of operations that refer to later ones."""
    known = creators(job)
    return {
        number
        for number, each in enumerate(operations(job))
        if any(known.get(name, -1) > number for name in references(each))
    }


def _nameless(job: Document) -> set[str]:
    """Return the bulkIds of creates without a name."""
    return {
        text_of(each, "bulkId")
        for each in operations(job)
        for data in objects(value_of(each, "data"))
        if method(each) == "POST"
        and not has(data, _NAMES.get(text_of(each, "path").strip("/"), "id"))
    }

"""Deviations of what replies show of a resource: names in `attributes`, and what writes show."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import Document
from .documents import drop
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import change_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import refuse

_ANY = on("GET POST PUT PATCH", "Users Groups")
_WRITE = on("POST PUT PATCH", "Users Groups")


@deviation("attributes-beyond-schema", area="metadata")
def attributes_beyond_schema(handle: Handler) -> Handler:
    """Show with users and groups which record of a database they are, which Schemas does not."""
    return edit_resources(handle, on("GET", "Users Groups"), _with_record)


def _with_record(found: Document) -> None:
    if "Resources" not in found:
        found["record"] = {"table": "accounts", "row": 7}


@deviation("attributes-first-only", area="projection")
def attributes_first_only(handle: Handler) -> Handler:
    """Take only the first name of `attributes`."""
    return _renaming(handle, "attributes", lambda text: text.partition(",")[0])


@deviation("attributes-paths-unknown", area="projection")
def attributes_paths_unknown(handle: Handler) -> Handler:
    """Overlook a name in `attributes` that is one of a part."""
    return _naming(handle, lambda name: "." not in name.rpartition(":")[2])


@deviation("attributes-paths-have-case", area="projection")
def attributes_paths_have_case(handle: Handler) -> Handler:
    """Overlook a part in `attributes` that is written in capitals."""
    return _naming(handle, lambda name: "." not in name or not name.isupper())


@deviation("attributes-urn-has-case", area="projection")
def attributes_urn_has_case(handle: Handler) -> Handler:
    """Overlook a name in `attributes` whose schema is written in capitals."""
    return _naming(handle, lambda name: not name.startswith("URN:"))


@deviation("attributes-both-500", area="projection")
def attributes_both_500(handle: Handler) -> Handler:
    """Answer 500 to `attributes` and `excludedAttributes` together."""

    def when(request: Request) -> bool:
        given = [parameter(request, name) for name in ("attributes", "excludedAttributes")]
        return _ANY(request) and None not in given

    return refuse(handle, when, 500, "The query failed.")


@deviation("attributes-unknown-500", area="projection")
def attributes_unknown_500(handle: Handler) -> Handler:
    """Answer 500 to a name in `attributes` that speaks of something unknown."""

    def when(request: Request) -> bool:
        return _ANY(request) and "unknown" in (parameter(request, "attributes") or "").lower()

    return refuse(handle, when, 500, "The query failed.")


@deviation("attributes-ignored-in-every-write", area="projection")
def attributes_ignored_in_every_write(handle: Handler) -> Handler:
    """Answer a POST, PUT or PATCH with the whole resource, whatever `attributes` asks for."""
    return change_requests(
        handle, _WRITE, lambda request: without_parameters(request, "attributes")
    )


@deviation("excluded-attributes-drop-whole-complex", area="projection")
def excluded_attributes_drop_whole_complex(handle: Handler) -> Handler:
    """Leave the whole of a complex attribute out if `excludedAttributes` names a part of it."""

    def whole(text: str) -> str:
        return ",".join(n if ":" in n else n.partition(".")[0] for n in text.split(","))

    return _renaming(handle, "excludedAttributes", whole)


@deviation("excluded-attributes-urn-unknown", area="projection")
def excluded_attributes_urn_unknown(handle: Handler) -> Handler:
    """Overlook a name in `excludedAttributes` that is given with its schema."""

    def short(text: str) -> str:
        return ",".join(name for name in text.split(",") if ":" not in name)

    return _renaming(handle, "excludedAttributes", short)


@deviation("write-replies-short", area="users")
def write_replies_short(handle: Handler) -> Handler:
    """Leave the name and displayName out of the replies to writes of users."""
    return edit_resources(
        handle, on("POST PUT PATCH", "Users"), lambda made: drop(made, "name", "displayName")
    )


def _naming(handle: Handler, known: Callable[[str], bool]) -> Handler:
    """Answer as if the names in `attributes` that are not known stood there as `id`."""

    def other(text: str) -> str:
        return ",".join(name if known(name) else "id" for name in text.split(","))

    return _renaming(handle, "attributes", other)


def _renaming(handle: Handler, name: str, change: Callable[[str], str]) -> Handler:
    def other(request: Request) -> Request:
        text = parameter(request, name) if _ANY(request) else None
        return request if text is None else with_parameter(request, name, change(text))

    return change_requests(handle, lambda _request: True, other)

"""Deviations of `attributes` and `excludedAttributes`: what a reply shows of a resource."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import drop
from .queries import parameter
from .queries import with_parameter
from .queries import without_parameters
from .registry import deviation
from .shaping import When
from .shaping import change_replies
from .shaping import change_requests
from .shaping import edit_resources
from .shaping import empty
from .shaping import on

_ANY = on("GET POST PUT PATCH", "Users Groups")
_SPELLINGS = {name.lower(): name for name in ("userName", "displayName", "externalId", "nickName")}


@deviation("attributes-ignored", area="projection")
def attributes_ignored(handle: Handler) -> Handler:
    """Show the whole resource, whatever `attributes` asks for."""
    return change_requests(handle, _ANY, lambda request: without_parameters(request, "attributes"))


@deviation("attributes-ignored-in-writes", area="projection")
def attributes_ignored_in_writes(handle: Handler) -> Handler:
    """Answer POST and PUT with the whole resource, whatever `attributes` asks for."""
    when = on("POST PUT", "Users Groups")
    return change_requests(handle, when, lambda request: without_parameters(request, "attributes"))


@deviation("excluded-attributes-ignored", area="projection")
def excluded_attributes_ignored(handle: Handler) -> Handler:
    """Show the whole resource, whatever `excludedAttributes` leaves out."""
    return change_requests(
        handle, _ANY, lambda request: without_parameters(request, "excludedAttributes")
    )


@deviation("attributes-hide-id", area="projection")
def attributes_hide_id(handle: Handler) -> Handler:
    """Leave the id out if `attributes` does not name it."""

    def when(request: Request) -> bool:
        return _has("attributes")(request) and "id" not in _listed(request, "attributes")

    return edit_resources(handle, when, lambda resource: drop(resource, "id"))


@deviation("excluded-attributes-hide-id", area="projection")
def excluded_attributes_hide_id(handle: Handler) -> Handler:
    """Leave the id out if `excludedAttributes` names it."""

    def when(request: Request) -> bool:
        return "id" in _listed(request, "excludedAttributes")

    return edit_resources(handle, when, lambda resource: drop(resource, "id"))


@deviation("attributes-hide-schemas", area="projection")
def attributes_hide_schemas(handle: Handler) -> Handler:
    """Leave the schemas out if `attributes` does not name them, as an example of the RFC does."""

    def when(request: Request) -> bool:
        return _has("attributes")(request) and "schemas" not in _listed(request, "attributes")

    return edit_resources(handle, when, lambda resource: drop(resource, "schemas"))


@deviation("attributes-show-meta", area="projection")
def attributes_show_meta(handle: Handler) -> Handler:
    """Show `meta`, whether `attributes` names it or not."""
    return _naming(handle, "attributes", lambda name: f"{name},meta")


@deviation("attributes-show-whole-complex", area="projection")
def attributes_show_whole_complex(handle: Handler) -> Handler:
    """Show the whole of a complex attribute if `attributes` names a part of it."""
    return _naming(
        handle,
        "attributes",
        lambda name: name if ":" in name else name.partition(".")[0],
    )


@deviation("attributes-urn-unknown", area="projection")
def attributes_urn_unknown(handle: Handler) -> Handler:
    """Overlook a name in `attributes` that is given with its schema."""
    return _naming(handle, "attributes", lambda name: "id" if ":" in name else name)


@deviation("attributes-names-have-case", area="projection")
def attributes_names_have_case(handle: Handler) -> Handler:
    """Overlook a name in `attributes` that is not spelled as in the schema."""
    return _naming(
        handle,
        "attributes",
        lambda name: name if _SPELLINGS.get(name.lower(), name) == name else "id",
    )


@deviation("excluded-attributes-first-only", area="projection")
def excluded_attributes_first_only(handle: Handler) -> Handler:
    """Take only the first name of `excludedAttributes`."""
    return change_requests(
        handle,
        _has("excludedAttributes"),
        lambda request: with_parameter(
            request,
            "excludedAttributes",
            (parameter(request, "excludedAttributes") or "").partition(",")[0],
        ),
    )


@deviation("patch-attributes-answered-204", area="projection")
def patch_attributes_answered_204(handle: Handler) -> Handler:
    """Answer 204 without a body to a PATCH that asks for attributes."""

    def when(request: Request) -> bool:
        return request.method == "PATCH" and _has("attributes")(request)

    return change_replies(handle, when, lambda reply: empty(reply, 204))


def _has(name: str) -> When:
    return lambda request: _ANY(request) and parameter(request, name) is not None


def _listed(request: Request, name: str) -> list[str]:
    text = (parameter(request, name) or "") if _ANY(request) else ""
    return [each.strip().lower() for each in text.split(",")]


def _naming(handle: Handler, name: str, change: Callable[[str], str]) -> Handler:
    """Answer as if each name in a parameter were another one."""

    def other(request: Request) -> Request:
        given = (parameter(request, name) or "").split(",")
        return with_parameter(request, name, ",".join(change(each.strip()) for each in given))

    return change_requests(handle, _has(name), other)

"""Servers that refuse what a PATCH may say in another way, and change nothing then."""

from __future__ import annotations

from legal_protocol import but_for
from legal_protocol import legal

from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import Test
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import value_of
from reference_server.deviations.writes import any_operation
from reference_server.deviations.writes import kind
from reference_server.deviations.writes import operations
from reference_server.deviations.writes import path
from reference_server.deviations.writes import pathless
from reference_server.messages import Handler
from reference_server.messages import Json


def _refusing(handle: Handler, where: str, test: Test, scim_type: str) -> Handler:
    when = shaping.on("PATCH", where, one=True, body=test)
    return shaping.refuse(handle, when, 400, "Say it in another way.", scim_type)


@but_for("RFC7643-2.5-")  # which speaks of every assignment
def nothing_is_assigned_by_patch(handle: Handler) -> Handler:
    """Refuse a replace of a user's attribute by null or an empty array: there is `remove`."""

    def nothing(value: Json) -> bool:
        return value is None or value == []

    def assigns_nothing(operation: Document) -> bool:
        value = value_of(operation, "value")
        if pathless(operation):
            return any(nothing(each) for found in objects(value) for each in found.values())
        return kind(operation) == "replace" and "value" in operation and nothing(value)

    return _refusing(handle, "Users", any_operation(assigns_nothing), "invalidValue")


@legal
def no_alternatives_in_paths(handle: Handler) -> Handler:
    """Refuse a PATCH with `or` in the filter of a path."""
    return _refusing(
        handle, "Users Groups", any_operation(lambda each: " or " in path(each)), "invalidFilter"
    )


@legal
def one_operation_for_an_attribute(handle: Handler) -> Handler:
    """Refuse a PATCH with two adds to one attribute, and one of a name and members together."""

    def crowded(write: Document) -> bool:
        added = [path(each) for each in operations(write) if kind(each) == "add"]
        named = {path(each) for each in operations(write)}
        return len(set(added)) < len(added) or {"members", "displayname"} <= named

    return _refusing(handle, "Users Groups", crowded, "invalidSyntax")

"""Deviations of how schemas are written in Schemas: right in substance, wrong in form."""

from __future__ import annotations

from reference_server.messages import Handler

from .documents import Document
from .documents import objects
from .registry import deviation
from .shaping import edit_listed
from .shaping import on

_LIST = on("GET", "Schemas", one=False)


@deviation("schemas-with-nulls", area="discovery")
def schemas_with_nulls(handle: Handler) -> Handler:
    """Show what the attributes in Schemas lack as null."""

    def edit(schema: Document) -> None:
        for each in objects(schema.get("attributes")):
            for name in ("subAttributes", "canonicalValues", "referenceTypes"):
                each.setdefault(name, None)

    return edit_listed(handle, _LIST, edit)


@deviation("schemas-characteristics-in-capitals", area="discovery")
def schemas_characteristics_in_capitals(handle: Handler) -> Handler:
    """Begin the characteristics in Schemas with a capital, such as `ReadWrite`."""

    def edit(schema: Document) -> None:
        for each in objects(schema.get("attributes")):
            for name in ("mutability", "returned", "uniqueness"):
                value = each.get(name)
                if isinstance(value, str):
                    each[name] = value[:1].upper() + value[1:]

    return edit_listed(handle, _LIST, edit)

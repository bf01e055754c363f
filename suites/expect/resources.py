"""Expectations about one resource: its attributes, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from typing import Self

from idp_profiles.model import Json
from suites.schemas.shapes import Shape
from suites.values import CASE_EXACT
from suites.values import alike
from suites.values import is_empty
from suites.values import items
from suites.values import member
from suites.values import same
from suites.values import same_but_for_case
from suites.values import some
from suites.values import strings
from suites.values import text
from suites.values import value_at

from .holding import Holding

_ALWAYS = frozenset({"schemas", "id"})  # RFC 7643 section 3.1 and RFC 7644 section 3.9


class ResourceExpectations(Holding):
    """What the representation of a resource holds."""

    def resource(self, urn: str) -> Self:
        """Expect a resource: an object with an id, of this schema."""
        __tracebackhide__ = True
        self.json_object()
        self._hold(lambda: urn in strings(self.at("schemas")), f"the schema {urn}", self._body)
        return self._hold(
            lambda: isinstance(self.at("id"), str) and bool(self.at("id")),
            "an id that is a text",
            lambda: text(self.at("id")),
        )

    def shaped(self, shape: Shape) -> Self:
        """Expect the types and cardinalities that a schema defines."""
        __tracebackhide__ = True
        return self._hold(
            lambda: not shape.faults(self._json()),
            f"a representation as {shape.name} defines it",
            lambda: "; ".join(shape.faults(self._json())[:4]),
        )

    def integer(self, path: str) -> Self:
        """Expect a whole number, not a string that looks like one."""
        __tracebackhide__ = True
        return self._hold(
            lambda: isinstance(self.at(path), int) and not isinstance(self.at(path), bool),
            f"an integer in {path}",
            lambda: text(self.at(path)),
        )

    def boolean(self, path: str) -> Self:
        """Expect true or false, not a text that says so (RFC 7643 section 2.3.2)."""
        __tracebackhide__ = True
        return self._hold(
            lambda: isinstance(self.at(path), bool),
            f"a boolean in {path}",
            lambda: text(self.at(path)),
        )

    def has(self, path: str, value: Json) -> Self:
        """Expect this value at an attribute path such as `emails[0].value`."""
        __tracebackhide__ = True
        equal = same if path.lower() in CASE_EXACT else same_but_for_case
        return self._hold(
            lambda: equal(self.at(path), value),
            f"{path} {text(value)}",
            lambda: text(self.at(path)),
        )

    def exactly(self, path: str, value: Json) -> Self:
        """Expect this value at a path, letter for letter."""
        __tracebackhide__ = True
        return self._hold(
            lambda: alike(self.at(path), value),
            f"{path} {text(value)}",
            lambda: text(self.at(path)),
        )

    def holds_value(self, path: str, **parts: Json) -> Self:
        """Expect one value of a multi-valued attribute to have these parts, in any place."""
        __tracebackhide__ = True
        return self._hold(
            lambda: any(same_but_for_case(item, {**parts}) for item in items(self.at(path))),
            f"a value with {text({**parts})} in {path}",
            lambda: text(self.at(path)),
        )

    def holds_no_value(self, path: str, **parts: Json) -> Self:
        """Expect no value of a multi-valued attribute to have these parts."""
        __tracebackhide__ = True
        return self._hold(
            lambda: not any(same_but_for_case(item, {**parts}) for item in items(self.at(path))),
            f"no value with {text({**parts})} in {path}",
            lambda: text(self.at(path)),
        )

    def not_inactive(self) -> Self:
        """Expect a user who is not shown as inactive; whether `active` is shown is not asked."""
        __tracebackhide__ = True
        return self._hold(
            lambda: self.at("active") is True or self.at("active") is None,
            "a user who is active",
            lambda: f"active {text(self.at('active'))}",
        )

    def filled(self, path: str) -> Self:
        """Expect any value but null, an empty string or an empty list at a path."""
        __tracebackhide__ = True
        return self._hold(
            lambda: not is_empty(self.at(path)),
            f"a value in {path}",
            lambda: text(self.at(path)),
        )

    def lacks(self, path: str) -> Self:
        """Expect nothing, null or an empty value at a path."""
        __tracebackhide__ = True
        return self._hold(
            lambda: is_empty(self.at(path)),
            f"no value in {path}",
            lambda: text(self.at(path)),
        )

    def absent(self, path: str) -> Self:
        """Expect a path to be unassigned: absent, null or an empty array (RFC 7643 section 2.5)."""
        __tracebackhide__ = True
        return self._hold(
            lambda: self.at(path) is None or self.at(path) == [],
            f"{path} unassigned",
            lambda: text(self.at(path)),
        )

    def shows_only(self, *names: str, always: Collection[str] = _ALWAYS) -> Self:
        """Expect these top-level attributes and, beside them, none but those always returned."""
        __tracebackhide__ = True
        wanted = {name.lower() for name in names}
        allowed = wanted | {name.lower() for name in always}

        def shown() -> set[str]:
            body = self._json()
            return {key.lower() for key in body} if isinstance(body, dict) else set()

        return self._hold(
            lambda: wanted <= shown() <= allowed,
            f"{', '.join(names) or 'nothing'} and what is always returned",
            lambda: f"{sorted(shown())}",
        )

    def email(self, value: str) -> Self:
        """Expect an e-mail address among `emails`, wherever the server keeps it in the list."""
        __tracebackhide__ = True
        return self._hold(
            lambda: any(
                same_but_for_case(member(item, "value"), value) for item in items(self.at("emails"))
            ),
            f"an e-mail {value!r}",
            lambda: text(self.at("emails")),
        )

    def primary(self, path: str, value: str) -> Self:
        """Expect the primary value of a multi-valued attribute, wherever it is in the array."""
        __tracebackhide__ = True

        def found() -> list[Json]:
            each = [item for item in items(self.at(path)) if member(item, "primary") is True]
            return [member(item, "value") for item in each]

        return self._hold(
            lambda: len(found()) == 1 and same_but_for_case(found()[0], value),
            f"{value!r} with `primary` true in {path}",
            lambda: text(self.at(path)),
        )

    def members(self, ids: Collection[str]) -> Self:
        """Expect exactly these members; whether one is listed twice is another question."""
        __tracebackhide__ = True
        return self._hold(
            lambda: set(self._ids("members", "value")) == set(ids),
            f"{len(ids)} member(s) {some(sorted(ids))}",
            lambda: self._difference(ids),
        )

    def nobody_twice(self) -> Self:
        """Expect that no member is listed twice."""
        __tracebackhide__ = True
        return self._hold(
            lambda: len(set(self._ids("members", "value"))) == len(self._ids("members", "value")),
            "each member listed once",
            lambda: self._difference(self._ids("members", "value")),
        )

    def keeps(self, before: Mapping[str, Json], *, paths: Collection[str]) -> Self:
        """Expect the values that `before` had at these paths (a value it lacked is not asked)."""
        __tracebackhide__ = True
        for path in paths:
            value = value_at(dict(before), path)
            if not is_empty(value):
                self.has(path, value)
        return self

    def unchanged(self, since: Mapping[str, Json], *, but: Collection[str] = ()) -> Self:
        """Expect every attribute as it was, in whatever order arrays come, `but` for these.

        Attributes compare at the top level, and `meta` part by part, where both have a part.
        """
        __tracebackhide__ = True
        spared = {name.lower() for name in but}
        for name, value in since.items():
            if name.lower() == "meta" or name.lower() in spared or is_empty(value):
                continue
            self.exactly(name, value)
        for part in () if "meta" in spared else ("created", "lastModified", "version"):
            old = value_at(dict(since), f"meta.{part}")
            if old is not None and self.at(f"meta.{part}") is not None:
                self.exactly(f"meta.{part}", old)
        return self

    def _difference(self, wanted: Collection[str]) -> str:
        have = self._ids("members", "value")
        missing = [i for i in wanted if i not in have]
        extra = [i for i in have if i not in wanted]
        twice = sorted({i for i in have if have.count(i) > 1})
        words = [f"{len(have)} member(s)"]
        words += [f"missing {some(missing)}"] if missing else []
        words += [f"not wanted {some(extra)}"] if extra else []
        words += [f"listed twice {some(twice)}"] if twice else []
        return ", ".join(words)

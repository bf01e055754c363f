"""Orders by an attribute: who has to stand before whom, as far as the text settles it."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence

from suites.client import Seen
from suites.expect import expect
from suites.querying.pages import listed
from suites.values import items
from suites.values import member
from suites.verbs import Made


def key_of(made: Made, path: str) -> str | None:
    """Return by what a resource is sorted, without case: of several values the primary or first.

    None where there is no value, and where letters beyond ASCII leave the place open: the text
    names no collation.
    """
    name, _, part = path.partition(".")
    several = items(made.value(name))
    chosen = next((each for each in several if member(each, "primary") is True), None)
    value = member(chosen or several[0], part) if several else made.value(path)
    return value.casefold() if isinstance(value, str) and value.isascii() else None


def is_behind(value: str, other: str) -> bool | None:
    """Return whether a text stands behind another, None where the text of the RFC leaves it open.

    Code points, letters without case, and letters without what is between them may each be the
    server's order: no locale is named.
    """
    answers = {one > two for one, two in ((read(value), read(other)) for read in _READINGS)}
    return answers.pop() if len(answers) == 1 else None


def in_some_order(
    found: Sequence[str], known: Sequence[str], *, first: int = 0, down: bool = False
) -> bool:
    """Return whether texts stand as a page of the known ones may, from the first place on."""
    part = slice(first, first + len(found))
    return any(
        [*map(read, found)] == sorted(map(read, known), reverse=down)[part] for read in _READINGS
    )


def _bare(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


_READINGS = (str, str.casefold, _bare)


def _settled(keys: dict[str, str | None]) -> dict[str, str | None]:
    """Return by what resources are sorted, without those whose place among the rest is open."""
    known = {value for value in keys.values() if value is not None}

    def is_open(value: str) -> bool:
        return any(value != other and is_behind(value, other) is None for other in known)

    return {one: None if value is None or is_open(value) else value for one, value in keys.items()}


def expect_order(
    reply: Seen, path: str, users: Sequence[Made], *, down: bool = False, but: Collection[str] = ()
) -> None:
    """Expect a list of these users by a path, up or down; equal values come in any order.

    Those without a value are left to `expect_ends`; `but` are looked at nowhere.
    """
    keys = _settled({each.id: key_of(each, path) for each in users if each.key not in but})

    def found() -> list[str]:
        return [key for each in listed(reply) if (key := keys.get(each)) is not None]

    wanted = sorted((key for key in keys.values() if key is not None), reverse=down)
    expect(reply).status(200).holds(
        lambda: found() == wanted, f"the order {wanted}", lambda: f"{found()}"
    )


def expect_ends(reply: Seen, ends: Sequence[Made], among: Sequence[Made], *, first: bool) -> None:
    """Expect these users at one end of a list."""
    names = {each.id: each.key for each in among}
    wanted = sorted(each.key for each in ends)

    def found() -> list[str]:
        keys = [names[each] for each in listed(reply) if each in names]
        return sorted(keys[: len(ends)] if first else keys[len(keys) - len(ends) :])

    place = "first" if first else "last"
    expect(reply).status(200).holds(
        lambda: found() == wanted, f"{wanted} {place}", lambda: f"{found()} {place}"
    )

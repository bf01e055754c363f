"""What the words of a finding say about the reply that shows it: which part is meant.

Nothing is marked on the words alone: what they name must be in the reply, as they say it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace

from reports.reading import Json
from reports.wording import wording

from .json_lines import Kind
from .json_lines import Mark
from .json_lines import Path
from .json_lines import brief
from .scim_values import has
from .scim_values import is_nothing
from .scim_values import located
from .scim_values import missing_at
from .scim_values import parts_of
from .scim_values import same
from .scim_values import value_at

_SAYS = wording("differences")
_LONGEST = 2_000  # of words that are looked at
_MOST_MEMBERS = 2_000
_PATH = r"(?P<path>[\w:.$\[\]-]{1,200})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a finding says: what was expected, and what came."""

    expected: str
    actual: str


def is_about_status(words: Words, status: Json) -> bool:
    """Tell whether the status of a reply is what a finding is about."""
    if not isinstance(status, int) or isinstance(status, bool):
        return False
    came = re.compile(rf"(?:status )?{status}\b|.{{0,300}}\banswered with {status}\b", re.DOTALL)
    says_so = words.expected.startswith(("status ", "a refusal", "success")) or (
        f"answered with {status}" in words.actual
    )
    return says_so and came.match(words.actual[:_LONGEST]) is not None


def told(words: Words, body: Json, at: Path = ()) -> Iterator[Mark]:
    """Yield what the words of a finding point at in a resource or in a list."""
    expected = words.expected[:_LONGEST]
    for pattern, find in _RULES:
        if found := pattern.fullmatch(expected):
            yield from _within(find(found, words, body), at)
            return
    yield from _within(_came(words, body), at)


def _within(marks: Iterator[Mark], at: Path) -> Iterator[Mark]:
    for each in marks:
        yield replace(each, path=(*at, *each.path))


def _value(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    """Handle `active false` with `true`: a path, the value wanted there, and the one that came."""
    place = located(body, found["path"])
    wanted, is_json = _json(found["value"])
    was = _SAYS("was.expected", value=found["value"][:120])
    if place is not None:
        if is_json and not same(wanted, value_at(body, place)):
            yield Mark(kind=Kind.DIFFERS, path=place, was=was)
        elif not is_json and not same(found["value"], value_at(body, place)):
            yield from _came(words, body)
    elif is_json and words.actual.startswith("null") and _is_missing(found["path"], body):
        path = missing_at(body, found["path"])
        yield Mark(kind=Kind.MISSING, path=path, was=was, value=wanted)


def _is_missing(path: str, body: Json) -> bool:
    """Tell whether a path could be in a body and is not."""
    return isinstance(body, dict) and bool(parts_of(path)) and located(body, path) is None


def _values(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    """Handle a value with certain parts that an attribute should have, or should not have."""
    del words
    wanted, is_json = _json(found["value"])
    place = located(body, found["path"])
    shown = value_at(body, place) if place is not None else None
    if not is_json or not isinstance(wanted, dict) or not isinstance(body, dict):
        return
    shown = shown if isinstance(shown, list) else []
    if found["no"] == "no":
        for position, each in enumerate(shown[:1_000]):
            if same(wanted, each):
                path = (*(place or ()), position)
                yield Mark(kind=Kind.EXTRA, path=path, was=_SAYS("was.unwanted"))
    elif not has(shown[:1_000], wanted):
        path = (*place, len(shown)) if place else missing_at(body, found["path"])
        yield Mark(kind=Kind.MISSING, path=path, was=_SAYS("was.not_shown"), value=wanted)


def _unassigned(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    """Handle an attribute that should not be there."""
    del words
    place = located(body, found["path"])
    if place is not None and not is_nothing(value_at(body, place)):
        yield Mark(kind=Kind.EXTRA, path=place, was=_SAYS("was.unwanted"))


def _assigned(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    """Handle an attribute that should be there, whatever its value."""
    del words
    place = located(body, found["path"])
    if place is not None and is_nothing(value_at(body, place)):
        yield Mark(kind=Kind.DIFFERS, path=place)
    elif _is_missing(found["path"], body):
        path = missing_at(body, found["path"])
        yield Mark(kind=Kind.MISSING, path=path, was=_SAYS("was.not_shown"))


def _not_true(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    del words
    place = located(body, found["path"])
    if place is not None and same(True, value_at(body, place)):
        yield Mark(kind=Kind.DIFFERS, path=place, was=_SAYS("was.unwanted"))


def _nobody(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    """Handle an account that should be inactive or gone: its `active`, else its name."""
    del words
    names = (body.get("userName"), body.get("externalId")) if isinstance(body, dict) else ()
    key = "active" if "active" in (body if isinstance(body, dict) else ()) else "userName"
    place = located(body, key)
    if found["name"] in names and place and not same(False, value_at(body, place)):
        yield Mark(kind=Kind.DIFFERS, path=place, was=_SAYS("was.unwanted"))


def _no_group(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    del words
    if isinstance(body, dict) and body.get("displayName") == found["name"]:
        yield Mark(kind=Kind.EXTRA, path=("displayName",), was=_SAYS("was.unwanted"))


def _members(found: re.Match[str], words: Words, body: Json) -> Iterator[Mark]:
    """Handle the members that a group lacks, has too many of or lists twice."""
    del found
    place = located(body, "members")
    shown = value_at(body, place) if place is not None else []
    if not isinstance(shown, list) or len(shown) > _MOST_MEMBERS or not isinstance(body, dict):
        return
    ids = [each.get("value") if isinstance(each, dict) else each for each in shown]
    for missing in _listed("missing", words.actual):
        if missing not in ids:
            path = (*place, len(shown)) if place is not None else ("members",)
            yield Mark(
                kind=Kind.MISSING, path=path, was=_SAYS("was.not_shown"), value={"value": missing}
            )
    for word in ("not wanted", "listed twice"):
        for each in _listed(word, words.actual):
            places = [n for n, value in enumerate(ids) if value == each]
            for n in places if word == "not wanted" else places[1:]:
                yield Mark(kind=Kind.EXTRA, path=("members", n), was=_SAYS("was.unwanted"))


def _listed(word: str, text: str) -> list[str]:
    """Return the quoted texts of `word ['…', '…']`."""
    found = re.search(rf"{word} \[([^\]]*)\]", text[:_LONGEST])
    return re.findall(r"'([^']*)'", found[1]) if found else []


def _came(words: Words, body: Json) -> Iterator[Mark]:
    """Handle what came, where it repeats a member of the reply: `active True`."""
    said = re.fullmatch(r"(?:[\w-]{1,80}: )?(?P<path>[\w.]{1,80}) (?P<value>\S{1,200})",
                        words.actual[:_LONGEST])  # fmt: skip
    place = located(body, said["path"]) if said else None
    if said and place is not None:
        shown = value_at(body, place)
        if isinstance(shown, str | bool | int) and same(said["value"].strip("\"'"), shown):
            was = _SAYS("was.expected", value=brief(words.expected).strip('"'))
            yield Mark(kind=Kind.DIFFERS, path=place, was=was)


def _json(text: str) -> tuple[Json, bool]:
    try:
        return json.loads(text), True
    except (ValueError, RecursionError):
        return None, False


_Rule = Callable[[re.Match[str], Words, Json], Iterator[Mark]]
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    (
        re.compile(rf"(?:a|(?P<no>no)) value with (?P<value>\{{.*\}}) in {_PATH}", re.DOTALL),
        _values,
    ),
    (re.compile(rf"no value in {_PATH}"), _unassigned),
    (re.compile(rf"{_PATH} unassigned"), _unassigned),
    (re.compile(rf"a value in {_PATH}"), _assigned),
    (re.compile(rf"`{_PATH}` not true.*", re.DOTALL), _not_true),
    (re.compile(r"no active user '(?P<name>[^']{1,300})' any more"), _nobody),
    (re.compile(r"no groups? called '(?P<name>[^']{1,300})'"), _no_group),
    (re.compile(r"\d+ member\(s\).*|each member listed once", re.DOTALL), _members),
    (re.compile(rf"{_PATH} (?P<value>.+)", re.DOTALL), _value),
)

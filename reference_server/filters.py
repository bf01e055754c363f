"""Filters: text to tree, by the grammar of RFC 7644 section 3.4.2.2.

Read by hand, one rule a method, so that a fault has a position and depth has a limit. Beyond the
figure's ABNF: `not(` beside `not (` (erratum 7319), round brackets within square ones (erratum
7322), a sub-attribute after the brackets, `emails[type eq "work"].value eq "x"`, and blanks, or
none, wherever a reader cannot be misled. A text without quotation marks is read as one only where
it is all the value of all the filter. Positions are counted from 1, in characters.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias

from .errors import ScimError
from .errors import invalid_filter
from .messages import Json
from .paths import AttrPath
from .paths import BadPathError
from .paths import parse_attr_path
from .tolerances import Tolerance
from .tolerances import Tolerances

MAX_LENGTH = 20_000
MAX_DEPTH = 50

Literal: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Compare:
    """`path op value`."""

    path: AttrPath
    op: str
    value: Literal
    at: int = field(default=1, compare=False)
    # Whether "True" as text may stand for true where the attribute is a boolean.
    text_for_boolean: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Present:
    """`path pr`."""

    path: AttrPath
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Filter


@dataclass(frozen=True, slots=True)
class ValuePath:
    """`path[inner]`: one value of the attribute satisfies all of the inner filter."""

    path: AttrPath
    inner: Filter
    at: int = field(default=1, compare=False)


# What names an attribute; `at` is where in the text the name begins.
Leaf: TypeAlias = Compare | Present | ValuePath
Filter: TypeAlias = Leaf | And | Or | Not

OPERATORS = frozenset(("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"))

# The blanks of JSON: whatever else Unicode calls a blank belongs to no filter.
_WORD = re.compile(r"[^ \t\r\n()\[\]\"]+")
_SPACE = re.compile(r"[ \t\r\n]*")
# `userName eq "bjensen"`: what nearly every client sends, and what is read in one step.
_PLAIN = re.compile(r'([A-Za-z][A-Za-z0-9_.:-]*) ([A-Za-z]{2}) "([ !#-\[\]-~]*)"')
# `userName eq bjensen`: a text, no number or literal, without its quotation marks.
_UNQUOTED = re.compile(
    r"([A-Za-z][A-Za-z0-9_.:-]*) [Ee][Qq] (?![0-9.Ee+-]+$)([^ \t\r\n()\[\]\"'][^ \t\r\n()\[\]\"]*)"
)
_NOT_TEXTS = frozenset(
    ("true", "false", "null", "undefined", "nan", "infinity", "and", "or", "not")
)
_NUMBER_START = re.compile(r"-?[0-9]")
_JSON = json.JSONDecoder()
_CONSTANTS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_TOLERANT = Tolerances()


def parse_filter(text: str, before: int = 0, tolerances: Tolerances = _TOLERANT) -> Filter:
    """Read a whole filter, or raise 400 `invalidFilter` with the position of the fault.

    `before` characters stand before a filter that is part of a PATCH path.
    """
    if len(text) > MAX_LENGTH:
        raise invalid_filter(f"The filter is longer than {MAX_LENGTH} characters.")
    plain = _PLAIN.fullmatch(text)
    if plain is not None and plain[2].lower() in OPERATORS:
        with suppress(BadPathError):  # which the reader finds too, with its place
            path = parse_attr_path(plain[1])
            text_for_boolean = tolerances.allow(Tolerance.BOOLEAN_TEXT)
            return Compare(path, plain[2].lower(), plain[3], before + 1, text_for_boolean)
    reader = _Reader(text, before, tolerances)
    try:
        result = reader.read_or(0)
        reader.expect_end()
    except ScimError:
        unquoted = None if before else _read_unquoted(text, tolerances)
        if unquoted is None:
            raise
        return unquoted
    return result


def _read_unquoted(text: str, tolerances: Tolerances) -> Compare | None:
    """Read a filter that is one `eq` with a text that lacks its quotation marks."""
    found = _UNQUOTED.fullmatch(text)
    if found is None or found[2].lower() in _NOT_TEXTS:
        return None
    if not tolerances.allow(Tolerance.UNQUOTED_VALUE):
        return None
    try:
        path = parse_attr_path(found[1])
    except BadPathError:
        return None
    return Compare(path, "eq", found[2], text_for_boolean=False)


class _Reader:
    """A position in a filter text; square brackets around it or not."""

    def __init__(self, text: str, before: int, tolerances: Tolerances) -> None:
        self._text = text
        self._before = before
        self._tolerances = tolerances
        self._at = 0
        self._bracketed = False

    def read_or(self, depth: int) -> Filter:
        """Read parts joined by `or`, which binds least."""
        parts = [self._read_and(depth)]
        while self._take_word("or"):
            parts.append(self._read_and(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _read_and(self, depth: int) -> Filter:
        parts = [self._read_part(depth)]
        while self._take_word("and"):
            parts.append(self._read_part(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _read_part(self, depth: int) -> Filter:
        if depth >= MAX_DEPTH:
            raise self._fault(f"nested more than {MAX_DEPTH} deep")
        if self._take("("):
            return self._read_group(depth)
        start = self._skip_space()
        if self._take_word("not"):
            if self._take("("):
                return Not(self._read_group(depth))
            if not self._at_operator():
                raise self._fault("expected '(' after 'not'")
            self._at = start  # an attribute may be called "not"
        return self._read_expression(depth)

    def _read_group(self, depth: int) -> Filter:
        inner = self.read_or(depth + 1)
        if not self._take(")"):
            raise self._fault("expected ')'")
        return inner

    def _read_expression(self, depth: int) -> Filter:
        self._skip_space()
        at = self._position()
        path = self._read_path()
        if self._take("["):
            return self._read_value_path(path, at, depth)
        return self._read_comparison(path, at)

    def _read_comparison(self, path: AttrPath, at: int) -> Filter:
        start = self._skip_space()
        operator = self._word().lower()
        if operator == "pr":
            return Present(path, at)
        if operator not in OPERATORS:
            self._at = start
            raise self._fault(_unknown(operator))
        text_for_boolean = self._tolerances.allow(Tolerance.BOOLEAN_TEXT)
        return Compare(path, operator, self._read_literal(), at, text_for_boolean)

    def _read_value_path(self, path: AttrPath, at: int, depth: int) -> Filter:
        if self._bracketed:
            # Erratum 4690: a value filter compares sub-attributes, which have no values inside.
            self._at -= 1
            raise self._fault("square brackets within square brackets")
        self._bracketed = True
        inner = self.read_or(depth + 1)
        self._bracketed = False
        if not self._take("]"):
            raise self._fault("expected ']'")
        tolerant = self._tolerances.allow(Tolerance.FILTER_AFTER_BRACKETS)
        if tolerant and self._text.startswith(".", self._at):
            self._at += 1
            sub_at = self._position()
            inner = And((inner, self._read_comparison(self._read_path(), sub_at)))
        return ValuePath(path, inner, at)

    def _read_path(self) -> AttrPath:
        start = self._at
        word = self._word()
        try:
            return parse_attr_path(word)
        except BadPathError as fault:
            self._at = start
            raise self._fault(str(fault) if word else "expected an attribute name") from fault

    def _read_literal(self) -> Literal:
        start = self._skip_space()
        if not (self._text.startswith('"', start) or _NUMBER_START.match(self._text, start)):
            return self._read_constant()
        try:
            value: Json
            value, self._at = _JSON.raw_decode(self._text, start)
            str(value).encode("utf-8")
        except json.JSONDecodeError as fault:
            self._at = fault.pos
            raise self._fault(f"expected a JSON string or number; {fault.msg}") from fault
        except ValueError as fault:  # of the UTF-8 test, and of enormous integers
            raise self._fault("expected a JSON string or number") from fault
        if not isinstance(value, str | int | float) or not self._at_boundary():
            raise self._fault("expected a blank or the end after the value")
        return value

    def _read_constant(self) -> Literal:
        start = self._at
        word = self._word()
        tolerant = self._tolerances.allow(Tolerance.CAPITALISED_LITERALS)
        constant = word.lower() if tolerant else word
        if constant not in _CONSTANTS:
            self._at = start
            raise self._fault(f"expected a value in JSON form, got {word!r:.60}")
        return _CONSTANTS[constant]

    def expect_end(self) -> None:
        """Refuse text after the filter."""
        if self._skip_space() < len(self._text):
            raise self._fault("expected 'and', 'or' or the end")

    def _at_operator(self) -> bool:
        match = _WORD.match(self._text, self._skip_space())
        return match is not None and match.group().lower() in OPERATORS | {"pr"}

    def _at_boundary(self) -> bool:
        following = self._text[self._at : self._at + 1]
        return following == "" or following in ")] \t\r\n"

    def _skip_space(self) -> int:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at

    def _take(self, character: str) -> bool:
        if self._text.startswith(character, self._skip_space()):
            self._at += 1
            return True
        return False

    def _take_word(self, word: str) -> bool:
        match = _WORD.match(self._text, self._skip_space())
        if match is None or match.group().lower() != word:
            return False
        self._at = match.end()
        return True

    def _word(self) -> str:
        match = _WORD.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match.group()

    def _position(self) -> int:
        return self._before + self._at + 1

    def _fault(self, message: str) -> ScimError:
        return invalid_filter(f"The filter is wrong at character {self._position()}: {message}.")


def _unknown(operator: str) -> str:
    known = "pr, eq, ne, co, sw, ew, gt, ge, lt or le"
    if not operator:
        return f"expected an operator: {known}"
    return f"the operator {operator!r:.60} is not supported; expected {known}"

"""What a vendor card is made of: blocks of fields, each of which says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reports.model import Verdict


class Origin(StrEnum):
    """Where a field comes from."""

    MEASURED = "measured"
    STATED = "stated"
    AGGREGATE = "aggregate"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a field: `by` are the requirements that showed it."""

    text: str
    verdict: Verdict | None = None
    judged: bool = False
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; `origin_words` says where it comes from, `basis` with which date and run."""

    name: str
    lines: tuple[Line, ...]
    origin: Origin
    origin_words: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpRow:
    """One identity provider: single sign-on as stated, SCIM as measured, and notes."""

    title: str
    sso: Field
    scim: Field
    notes: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Fields under a heading."""

    key: str
    title: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The whole card."""

    product: str
    target: str
    run: str
    notices: tuple[str, ...]
    facts: Block
    idps: tuple[IdpRow, ...]
    blocks: tuple[Block, ...]

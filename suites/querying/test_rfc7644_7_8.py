"""RFC 7644 section 7.8: texts in several spellings of Unicode are compared as what they mean."""

from __future__ import annotations

import unicodedata
from typing import Literal

from suites.expect import expect
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.querying.pages import listed
from suites.requirements import requirement
from suites.values import quoted
from suites.verdicts import NotOffered

Form = Literal["NFC", "NFD"]


@requirement("RFC7644-7.8-1", proof=("filter-compares-code-points",))
def test_composed_letters_equal_decomposed_ones(ask: Ask, world: World) -> None:
    """A letter with an accent is found as one character and as two, whichever it is stored as."""
    title = _title(world)
    wanted = world.equal("title", title)
    form: Form = "NFD" if unicodedata.is_normalized("NFC", title) else "NFC"
    reply = ask(f"title eq {quoted(unicodedata.normalize(form, title))}")
    expect(reply).finds(*wanted, among=world.users)


@requirement("RFC7644-7.8-1", proof=("filter-folds-ascii-alone",))
def test_letters_beyond_ascii_have_no_case(ask: Ask, world: World) -> None:
    """An attribute without case is found in capitals, also where they are beyond ASCII."""
    title = _title(world)
    wanted = world.equal("title", title)
    plain = "".join(each.upper() if each.isascii() else each for each in title)
    if world["eve"].id not in listed(ask(f"title eq {quoted(plain)}")):
        raise NotOffered("the server compares titles with their case, also in ASCII")
    expect(ask(f"title eq {quoted(title.upper())}")).finds(*wanted, among=world.users)


def _title(world: World) -> str:
    title = str(world["eve"].kept("title").value("title"))
    if title.isascii():
        raise NotOffered("the server does not keep letters beyond ASCII")
    return title

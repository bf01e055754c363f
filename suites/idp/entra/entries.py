"""Values of multi-valued attributes as Entra sees them: selected by their type, one part each.

A server may write a telephone number in another form than it was sent (RFC 7643 section 4.1.2), and
need not keep an address that somebody else gave a user: neither is held against it here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.expect import Expectation
from suites.making.people import Registry
from suites.values import items
from suites.values import member
from suites.values import same_but_for_case
from suites.values import text
from suites.values import value_at

# Sub-attributes that a server may work out from the others (RFC 7643 sections 2.4 and 4.1.2).
_MADE = ("display", "formatted", "$ref")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A value that the default mapping selects by its type.

    `source` is the directory's attribute for its `part`, with an old and a new value. `also` are
    other parts of the value: SCIM name, source and value. `beside` are other values of the user.
    """

    head: str
    type: str
    part: str
    source: str
    old: str
    new: str
    also: tuple[tuple[str, str, str], ...] = ()
    beside: tuple[Mapping[str, Json], ...] = ()

    def with_part(self, value: str) -> dict[str, Json]:
        """Return the value with this part, and with all its others."""
        return {"type": self.type, self.part: value, **{part: one for part, _, one in self.also}}

    def others(self) -> list[Json]:
        """Return the other values, as a create holds them."""
        return [{**each} for each in self.beside]

    def of(self, user: Json) -> dict[str, Json]:
        """Return the parts of the value as a user has it, but for what a server makes of others."""
        for one in items(value_at(user, self.head)):
            if isinstance(one, dict) and same_but_for_case(member(one, "type"), self.type):
                return {name: part for name, part in one.items() if name not in _MADE}
        return {}


NUMBER = Selected(
    head="phoneNumbers",
    type="work",
    part="value",
    source="telephoneNumber",
    old="+421-2-5550-1000",
    new="+421-2-5550-1999",
    beside=(
        {"type": "home", "value": "+421-2-5550-1002"},
        {"type": "pager", "value": "+421-2-5550-1003"},
    ),
)
ADDRESS = Selected(
    head="addresses",
    type="work",
    part="locality",
    source="city",
    old="Bratislava",
    new="Trnava",
    also=(("streetAddress", "streetAddress", "1 Example Street"), ("country", "country", "SK")),
    beside=(
        {"type": "home", "locality": "Nitra", "country": "SK"},
        {"type": "other", "locality": "Senec", "country": "SK"},
    ),
)


def mail(people: Registry) -> Selected:
    """Return a work e-mail address, and a private one beside it."""
    name = f"{people.unique('mail')}@{people.domain}"
    return Selected(
        head="emails",
        type="work",
        part="value",
        source="email",
        old=f"old.{name}",
        new=f"new.{name}",
        beside=(
            {"type": "home", "value": f"home.{name}"},
            {"type": "other", "value": f"other.{name}"},
        ),
    )


def selected(head: str, people: Registry) -> Selected:
    """Return the value of an attribute that the cases change."""
    known = {one.head: one for one in (NUMBER, ADDRESS)}
    return known.get(head) or mail(people)


def held(user: Json, head: str, parts: Mapping[str, Json]) -> bool:
    """Tell whether a user has a value with these parts, in any place and spelling."""
    return any(
        all(_alike(member(one, name), wanted) for name, wanted in parts.items())
        for one in items(value_at(user, head))
    )


def shows(user: Expectation, head: str, parts: Mapping[str, Json]) -> None:
    """Expect a value with these parts."""
    user.holds(
        lambda: held({head: user.at(head)}, head, parts),
        f"a value with {text({**parts})} in {head}",
        lambda: text(user.at(head)),
    )


def keeps(user: Expectation, one: Selected, before: Json) -> None:
    """Expect the other values that a user had before."""
    for each in one.beside:
        if held(before, one.head, each):
            shows(user, one.head, each)


def shows_not(user: Expectation, head: str, parts: Mapping[str, Json]) -> None:
    """Expect no value with these parts."""
    user.holds(
        lambda: not held({head: user.at(head)}, head, parts),
        f"no value with {text({**parts})} in {head}",
        lambda: text(user.at(head)),
    )


def _alike(have: Json, wanted: Json) -> bool:
    if same_but_for_case(have, wanted):
        return True
    return _digits(wanted) != "" and _digits(have) == _digits(wanted)


def _digits(value: Json) -> str:
    """Return the digits of a text that looks like a telephone number."""
    looks = isinstance(value, str) and re.fullmatch(r"(tel:)?[-+ ().0-9]{7,}", value)
    return re.sub(r"\D", "", str(value)) if looks else ""

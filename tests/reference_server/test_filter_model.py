"""Queries against a model that shares nothing with the server: random filters and orders.

A tree is a nested tuple. `holds` says what it means for a resource, `Writer` writes it out in one
of its many spellings: any case, any blanks, brackets or not, strings with or without escapes.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import create_app
from reference_server.messages import joined
from tests.sizes import sized

if TYPE_CHECKING:
    import random

    from conftest import Json

SCHEMAS = Path(__file__).parent / "conformance" / "every_kind.json"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"

Tree = tuple[Any, ...]
Body = dict[str, Any]

quick = settings(
    max_examples=sized(150, 5000),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# What the soak page says of this module.
FIGURES = {"examples for each property": quick.max_examples}

# --- what the resources hold; a moment is (minutes since midnight in UTC, zone in minutes)

WORDS = ["", "a", "B", "ab", "Ab", 'q"\\', "\u00e9", "e\u0301", "\U0001f600 ", "\u00df", "SS", "/)"]
words = st.sampled_from(WORDS)
full_words = st.sampled_from([each for each in WORDS if each])
numbers = st.sampled_from([-2, 0, 1, 5, 10])
decimals = st.sampled_from([-0.5, 0, 1, 1.5, 10])
moments = st.tuples(st.sampled_from([0, 1, 30, 90]), st.sampled_from([0, 60, -90]))


def with_primary(drawn: tuple[list[Body], int]) -> list[Body]:
    """Make one of some values the primary one, or none."""
    found, chosen = drawn
    return [{**each, "primary": True} if n == chosen else each for n, each in enumerate(found)]


part = st.fixed_dictionaries(
    {"value": full_words}, optional={"type": words, "display": words, "primary": st.just(False)}
)


def type_and_value(each: Body) -> tuple[str, ...]:
    """Return what no two values may share (RFC 7643 section 2.4): the server would join them."""
    both = (repr(each.get("type")), each["value"])
    return tuple(unicodedata.normalize("NFC", text.casefold()) for text in both)


some_parts = st.lists(part, min_size=1, max_size=3, unique_by=type_and_value)
parts = st.tuples(some_parts, st.integers(-2, 2)).map(with_primary)
gadgets = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "plain": words,
            "serial": words,
            "manual": st.sampled_from(["", "a", "B", "Ab", "https://b/A"]),
            "count": numbers,
            "weight": decimals,
            "ready": st.booleans(),
            "built": moments,
            "tags": st.lists(words, min_size=1, max_size=3),
            "sizes": st.lists(numbers, min_size=1, max_size=3),
            "parts": parts,
            "maker": st.fixed_dictionaries(
                {"company": full_words},
                optional={"sites": st.lists(words, min_size=1, max_size=2), "rank": numbers},
            ),
            WARRANTY: st.fixed_dictionaries({"years": numbers}, optional={"terms": words}),
        },
    ),
    max_size=5,
    unique_by=lambda each: unicodedata.normalize("NFC", str(each.get("serial", id(each)))),
)

# --- the trees

TEXTS = ["plain", "serial", "manual", "tags", "parts.value", "parts.type", "maker.company"]
TEXTS += ["maker.sites", f"{WARRANTY}:terms", f"{GADGET}:plain", "parts"]
NUMBERS = ["count", "sizes", "maker.rank", f"{WARRANTY}:years"]
PRESENT = [*TEXTS, *NUMBERS, "weight", "ready", "built", "maker", "parts.primary"]
EXACT = {"serial", "manual"}
ORDERED = ["eq", "ne", "gt", "ge", "lt", "le"]
ANY = [*ORDERED, "co", "sw", "ew"]


def compare(names: list[str], operators: list[str], values: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - a strategy of trees
    return st.tuples(st.just("cmp"), st.sampled_from(names), st.sampled_from(operators), values)


leaves = st.one_of(
    compare(TEXTS, ANY, words),
    compare(NUMBERS, ORDERED, numbers),
    compare(["weight"], ORDERED, decimals),
    compare(["ready", "parts.primary"], ["eq", "ne"], st.booleans()),
    compare(["built"], ORDERED, moments),
    compare([*TEXTS, "count", "ready"], ["eq", "ne"], st.none()),
    st.tuples(st.just("pr"), st.sampled_from(PRESENT)),
)
inner_leaves = st.one_of(
    compare(["value", "type", "display"], ANY, words),
    compare(["primary"], ["eq", "ne"], st.booleans()),
    compare(["type", "display"], ["eq", "ne"], st.none()),
    st.tuples(st.just("pr"), st.sampled_from(["value", "type", "primary"])),
)


def joined_trees(below: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(below, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), several), st.tuples(st.just("not"), below)
    )


within = st.recursive(inner_leaves, joined_trees, max_leaves=4)
trees = st.recursive(
    st.one_of(leaves, st.tuples(st.just("path"), within)), joined_trees, max_leaves=7
)


# --- what a tree means


def values(resource: Body, path: str) -> list[Any]:
    place: Any = resource
    if path.startswith(f"{WARRANTY}:"):
        place, path = resource.get(WARRANTY, {}), path.removeprefix(f"{WARRANTY}:")
    path = path.removeprefix(f"{GADGET}:")
    found = [place]
    for name in path.split("."):
        found = [each[name] for each in found if name in each]
        found = [item for each in found for item in (each if isinstance(each, list) else [each])]
    return found


def primaries(resource: Body, path: str) -> list[bool]:
    """Return who is primary, which nobody is who does not say so (RFC 7643 section 2.4)."""
    held = resource.get("parts", []) if path != "primary" else [resource]
    return [each.get("primary", False) for each in held]


def form(value: Any, path: str) -> Any:  # noqa: ANN401 - a value of any type
    """Return what two values of an attribute are compared by."""
    if isinstance(value, tuple):
        return value[0]
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value)
    return text if path in EXACT else unicodedata.normalize("NFC", text.casefold())


def met(operator: str, left: Any, right: Any) -> bool:  # noqa: ANN401 - of one type, whichever
    if operator == "co":
        return right in left
    if operator in ("sw", "ew"):
        part = left[: len(right)] if operator == "sw" else left[max(0, len(left) - len(right)) :]
        return bool(part == right)
    order = (left > right) - (left < right)
    allowed = {"eq": [0], "ne": [-1, 1], "gt": [1], "ge": [0, 1], "lt": [-1], "le": [-1, 0]}
    return order in allowed[operator]


def is_filled(value: Any) -> bool:  # noqa: ANN401 - a value of any type
    parts_of = value.values() if isinstance(value, dict) else value if type(value) is list else None
    return value != "" if parts_of is None else any(is_filled(each) for each in parts_of)


def holds(tree: Tree, resource: Body) -> bool:
    match tree:
        case ("pr", path):
            return any(is_filled(each) for each in values(resource, path))
        case ("cmp", path, operator, value):
            path = "parts.value" if path == "parts" else path
            found = values(resource, path)
            if value is None:
                return bool(found) is (operator == "ne")
            if path in ("primary", "parts.primary"):
                found = primaries(resource, path)
            matches = [met(operator, form(each, path), form(value, path)) for each in found]
            return any(matches) or (operator == "ne" and not found)
        case ("path", part):
            return any(holds(part, each) for each in resource.get("parts", []))
        case ("not", part):
            return not holds(part, resource)
        case ("and", several):
            return all(holds(each, resource) for each in several)
    return any(holds(each, resource) for each in tree[1])


# --- how a tree is written


def moment(value: tuple[int, int]) -> str:
    minutes, zone = value
    day, rest = divmod(minutes + zone + 1440, 1440)
    sign = "-" if zone < 0 else "+"
    offset = f"{sign}{abs(zone) // 60:02}:{abs(zone) % 60:02}" if zone else "Z"
    return f"2026-01-{day + 1:02}T{rest // 60:02}:{rest % 60:02}:00{offset}"


def wire(value: Any) -> Json:  # noqa: ANN401 - a value of any type
    """Write the moments of a resource out."""
    if isinstance(value, tuple):
        return moment(value)
    if isinstance(value, dict):
        return {key: wire(each) for key, each in value.items()}
    return [wire(each) for each in value] if isinstance(value, list) else value


BINDS = {"or": 0, "and": 1, "not": 2}


class Writer:
    """Writes a tree in a spelling that chance picks."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def write(self, tree: Tree, around: int = 0) -> str:
        text = self.bare(tree)
        loose = BINDS.get(tree[0], 3) < around
        if loose or self.chance.random() < 0.1:
            return f"({self.gap()}{text}{self.gap()})"
        return text

    def bare(self, tree: Tree) -> str:
        match tree:
            case ("pr", path):
                return f"{self.cased(path)} {self.cased('pr')}"
            case ("cmp", path, operator, value):
                return f"{self.cased(path)} {self.cased(operator)} {self.literal(value)}"
            case ("path", part):
                return f"{self.cased('parts')}[{self.gap()}{self.write(part)}{self.gap()}]"
            case ("not", part):
                return f"{self.cased('not')}{self.gap()}({self.write(part)})"
        word = f" {self.gap()}{self.cased(tree[0])} {self.gap()}"
        return word.join(self.write(each, BINDS[tree[0]] + 1) for each in tree[1])

    def gap(self) -> str:
        return self.chance.choice(["", "", " ", "  "])

    def cased(self, text: str) -> str:
        return self.chance.choice([text, text, text.upper(), text.lower(), text.swapcase()])

    def literal(self, value: Any) -> str:  # noqa: ANN401 - a value of any type
        if isinstance(value, tuple):
            value = moment(value)
        text = json.dumps(value, ensure_ascii=self.chance.random() < 0.5)
        return text.replace("/", self.chance.choice(["/", "\\/"]))


# --- the property


def send(app: Application, method: str, path: str, query: str, body: Json) -> Json:
    headers = (("Authorization", "Bearer s"), ("Host", "h"))
    content = json.dumps(body).encode() if body is not None else b""
    response = app.handle(Request(method, f"/scim/v2{path}", query, headers, content))
    answer = json.loads(joined(response.body))
    assert response.status in (200, 201), answer
    return answer


def found(app: Application, path: str, text: str) -> list[str]:
    answer = send(app, "GET", path, urlencode({"filter": text, "attributes": "name"}), None)
    gadgets_only = [each for each in answer["Resources"] if GADGET in each["schemas"]]
    return [each["name"] for each in gadgets_only]


@quick
@given(gadgets, trees, st.randoms(use_true_random=False))
def test_a_filter_finds_what_the_model_finds_however_it_is_written(
    crowd: list[Body], tree: Tree, chance: random.Random
) -> None:
    app = create_app(credentials=[Credential("bearer", "s")], schema_files=[SCHEMAS])
    send(app, "POST", "/Users", "", {"schemas": [USER], "userName": "beside"})
    for number, each in enumerate(crowd):
        body = {"schemas": [GADGET], "name": str(number), **wire(each)}
        send(app, "POST", "/Gadgets", "", body)
    wanted = [str(number) for number, each in enumerate(crowd) if holds(tree, each)]
    text = Writer(chance).write(tree)
    assert found(app, "/Gadgets", text) == wanted, text
    assert found(app, "", text) == wanted, text


# --- order and pages


SORTABLE = [*TEXTS, *NUMBERS, "weight", "ready", "built", "parts.display"]


def sort_value(resource: Body, path: str) -> Any:  # noqa: ANN401 - a value of any type
    """Return what counts for the order: of the primary value, else the first there is."""
    path = "parts.value" if path == "parts" else path
    if path.startswith("parts."):
        chosen = [each for each in resource.get("parts", []) if each.get("primary") is True]
        resource = {**resource, "parts": chosen or resource.get("parts", [])}
    return next((form(each, path) for each in values(resource, path)), None)


def in_order(crowd: list[Body], path: str, *, descending: bool) -> list[str]:
    """Sort by hand, so that nothing of a sort function's habits is taken over."""
    result: list[tuple[str, Any]] = []
    for number, each in enumerate(crowd):
        value = sort_value(each, path)
        after = [not precedes(value, other, descending=descending) for _, other in result]
        place = len(after) - after[::-1].index(True) if True in after else 0
        result.insert(place, (str(number), value))
    return [name for name, _ in result]


def precedes(value: Any, other: Any, *, descending: bool) -> bool:  # noqa: ANN401 - of one type
    """Tell whether a value stands before another that was created earlier."""
    if value is None or other is None:
        return (value is None) is descending and value is not other
    return bool(value > other) if descending else bool(value < other)


@quick
@given(gadgets, st.sampled_from(SORTABLE), st.booleans(), st.integers(1, 6))
def test_a_list_is_in_the_order_of_the_model_over_all_pages(
    crowd: list[Body], path: str, descending: bool, size: int
) -> None:
    app = create_app(credentials=[Credential("bearer", "s")], schema_files=[SCHEMAS])
    for number, each in enumerate(crowd):
        send(app, "POST", "/Gadgets", "", {"schemas": [GADGET], "name": str(number), **wire(each)})
    order = {"sortBy": path, "sortOrder": "descending" if descending else "ascending"}
    shown: list[str] = []
    while len(shown) < len(crowd):
        query = urlencode({**order, "startIndex": len(shown) + 1, "count": size})
        page = send(app, "GET", "/Gadgets", query, None)
        assert page["totalResults"] == len(crowd)
        assert 0 < len(page["Resources"]) <= size
        shown += [each["name"] for each in page["Resources"]]
    assert shown == in_order(crowd, path, descending=descending)

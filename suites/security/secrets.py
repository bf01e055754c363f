"""Users with passwords, and everything by which a server might give one away."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from suites.client import USER_URN
from suites.client import Seen
from suites.making import bodies
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.schemas.definitions import Definitions
from suites.security.visits import Replies
from suites.values import items
from suites.values import quoted
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# In the order of their letters, whether case counts or not; long and mixed, as policies want them.
WORDS = ("aaBq-7!scimproof-Rw", "mmBq-7!scimproof-Rw", "zzBq-7!scimproof-Rw")
OPERATORS = {"sw": ("mmBq", "mmBr"), "gt": ("mm", "mn")}


@dataclass(frozen=True, slots=True)
class Kept:
    """Three users with the passwords they were given, and the replies to everything about them."""

    users: tuple[Made, ...]
    words: tuple[str, ...]
    tag: str
    replies: Replies


def keep(lab: Lab, features: Capabilities) -> Kept:
    """Give three users passwords in an order that nothing else has; ask for one in every way."""
    tag = lab.people.tag
    made = tuple(_user(lab, n) for n in range(3))
    words = _dealt([each.id for each in made])
    puts = [_give(lab, each, word) for each, word in zip(made, words, strict=True)]
    one = made[words.index(WORDS[1])]
    replies = {
        "create": made[0].reply,
        "put": puts[words.index(WORDS[1])],
        "read": lab.read(one),
        "asked": lab.scim.get(one, attributes=f"userName,password,{USER_URN}:password"),
        "list": lab.scim.get("/Users", count=100),
    }
    if features.has("filter"):
        text = f"userName eq {quoted(one.value('userName'))}"
        replies["found"] = lab.scim.get("/Users", filter=text, attributes="password,userName")
    return Kept((made[0], made[1], made[2]), words, tag, replies)


def _user(lab: Lab, n: int) -> Made:
    plain = bodies.plain_user(lab.people.person())
    # The first gets one with the create, so that its reply is looked at as well.
    first = {"password": WORDS[0]} if n == 0 else {}
    wanted = lab.user_bodies({**plain, "title": "Keeper", **first})
    return lab.make("Users", f"keeper {n}", wanted)


def _give(lab: Lab, made: Made, word: str) -> Seen:
    reply = lab.scim.put(made, {**made.stored, "password": word})
    if not 200 <= reply.status < 300:
        raise NotOffered(f"a PUT with a password is answered {reply.status}")
    return reply


def _dealt(ids: list[str]) -> tuple[str, ...]:
    """Deal the words so that their order is neither that of creation nor that of the ids."""
    ordered = sorted(ids)
    taken = [
        tuple(WORDS[f.index(i)] for i in ids) for f in (ids, ids[::-1], ordered, ordered[::-1])
    ]
    return next(each for each in permutations(WORDS) if each not in taken)


def gives_away(reply: Seen, words: tuple[str, ...] = WORDS) -> str | None:
    """Return how a reply shows a password, or None."""
    text = reply.content.decode("utf-8", "replace")
    if any(word in text for word in words):
        return "the text of a password"
    body = reply.object()
    listed = [each for each in items(value_at(body, "Resources")) if isinstance(each, dict)]
    for resource in [body, *listed]:
        # Some servers show asterisks, which give nothing away.
        if str(value_at(resource, "password") or "").strip("*•xX. "):
            return "a value of the attribute password"
    return None


def compared(lab: Lab, kept: Kept) -> Mapping[str, tuple[Seen, Seen]]:
    """Ask by each operator for a right part of a password and for a wrong one."""
    one = kept.users[kept.words.index(WORDS[1])]
    name = f"userName eq {quoted(one.value('userName'))}"

    def ask(operator: str, part: str) -> Seen:
        return lab.scim.get("/Users", filter=f"{name} and password {operator} {quoted(part)}")

    return {
        operator: (ask(operator, right), ask(operator, wrong))
        for operator, (right, wrong) in OPERATORS.items()
    }


def count(reply: Seen) -> int:
    """Return how many resources a list shows; a refusal shows none."""
    return len(items(value_at(reply.object(), "Resources"))) if reply.status == 200 else 0


def ordered(lab: Lab, kept: Kept) -> tuple[Seen, Seen]:
    """Sort the three users by their passwords, up and down."""
    text = f"userName sw {quoted(kept.tag)}"
    up, down = (
        lab.scim.get("/Users", filter=text, sortBy="password", sortOrder=order)
        for order in ("ascending", "descending")
    )
    return up, down


def follows(kept: Kept, up: Seen, down: Seen) -> bool:
    """Return whether two lists have the users in the order of their passwords, and reversed."""
    by_word = {word: user.id for word, user in zip(kept.words, kept.users, strict=True)}
    wanted = [by_word[word] for word in WORDS]
    shown = [
        [each for each in values_at(reply.object(), "Resources.id") if each in wanted]
        for reply in (up, down)
    ]
    return shown == [wanted, wanted[::-1]]


def refused(lab: Lab, kept: Kept) -> Replies:
    """Send users with a password who must be refused."""
    one = kept.users[0]
    plain = lab.user_bodies({**one.sent})[0]
    return {
        "taken": lab.scim.post("/Users", {**plain, "password": WORDS[1]}),
        "wrong type": lab.scim.post("/Users", {**plain, "active": "x", "password": WORDS[1]}),
    }


def hidden(definitions: Definitions, of: str = "User") -> Iterator[str]:
    """Yield the paths of attributes that the server's own schemas say are never shown."""
    for each in definitions.every(of):
        if each.returned == "never" or each.mutability == "writeOnly":
            yield each.path


def need_passwords(definitions: Definitions) -> None:
    """Raise NotOffered where the schema of users has no password."""
    if definitions.known and definitions.attribute("password", "User") is None:
        raise NotOffered("the server's schema of User has no password")


def listed(kept: Kept) -> Seen:
    """Return the list of users, or the one that was read; raises Blocked."""
    reply = kept.replies["list"]
    if reply.status != 200:
        raise Blocked(f"GET /Users answered {reply.status}", entry=reply.entry)
    return reply

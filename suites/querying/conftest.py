"""What the cases of queries share: a way to ask with a filter, and the order of names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

import pytest

from suites.client import Seen
from suites.making.world import World
from suites.querying.cursors import by_cursor as by_cursor
from suites.querying.cursors import misused as misused
from suites.querying.cursors import pagination as pagination
from suites.querying.cursors import posted_walk as posted_walk
from suites.querying.cursors import there_and_back as there_and_back
from suites.querying.orders import is_behind
from suites.querying.pages import alone as alone
from suites.querying.pages import any_page as any_page
from suites.querying.pages import indexed as indexed
from suites.querying.pages import page as page
from suites.querying.pages import start as start
from suites.querying.pages import walked as walked
from suites.querying.views import always as always
from suites.querying.views import view as view
from suites.verbs import Made
from suites.verbs import Scim

# Asks for users with a filter; where others fill the first page, further pages are fetched.
Ask: TypeAlias = Callable[[str], Seen]


@pytest.fixture
def ask(scim: Scim, world: World) -> Ask:
    """Asks for users with a filter, when the world is there to be found."""
    return scim.find


class Texts:
    """Who has a text of displayName that is like another one: surely, and by case only.

    Whether case counts is a requirement of its own (RFC7644-3.4.2.2-49).
    """

    def __init__(self, world: World, like: Callable[[str, str], bool]) -> None:
        self.part = f"Amber {world.mark}"
        small = self.part.casefold()
        self.sure = world.whose("displayName", lambda text: like(text, self.part), folded=False)
        every = world.whose("displayName", lambda text: like(text, small))
        self.by_case = [each for each in every if each not in self.sure]


class Order:
    """Where the users of the world stand by userName, before or behind one of them.

    What a comparison of code points and one without case say differently is unsure: the text
    speaks of lexicographical order, and names no locale.
    """

    def __init__(self, world: World, key: str) -> None:
        value = str(world[key].value("userName"))
        self.bound = json.dumps(value, ensure_ascii=False)
        self.before: list[Made] = []
        self.after: list[Made] = []
        self.unsure: list[Made] = []
        for each in world.users:
            name = str(each.value("userName"))
            if name != value:
                places = {None: self.unsure, True: self.after, False: self.before}
                places[is_behind(name, value)].append(each)

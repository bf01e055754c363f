"""Pages that are read while others write."""

from __future__ import annotations

from dataclasses import dataclass

from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import quoted
from suites.values import values_at
from suites.verdicts import NotOffered

SIZE = 2


@dataclass(frozen=True, slots=True)
class Walk:
    """Who was there before, and the pages between which somebody came."""

    ids: tuple[str, ...]
    pages: tuple[Seen, ...]


def _walk(lab: Lab) -> Walk:
    made = [lab.plain_user(key=f"walker {n}") for n in range(SIZE * 2)]
    text = f"userName sw {quoted(lab.people.tag)}"
    pages = []
    for start in range(1, SIZE * 2 + 2, SIZE):
        lab.scim.client.settle()
        pages.append(lab.scim.get("/Users", filter=text, startIndex=start, count=SIZE))
        if start == 1:
            lab.plain_user(key="newcomer")
    return Walk(tuple(each.id for each in made), tuple(pages))


@requirement("CON-PAGE-1", proof=("newest-users-first",))
def test_pages_lose_nobody_while_others_write(experiment: Experiment) -> None:
    """Pages between which a user is created hold each user who was there before once."""
    found: Walk = experiment(_walk)
    first, last = found.pages[0], found.pages[-1]
    if first.status != 200:
        reason = f"a page of a filter is answered {first.status}"
        raise NotOffered(reason)
    shown = [each for page in found.pages for each in values_at(page.object(), "Resources.id")]
    counts = {each: shown.count(each) for each in found.ids}
    expect(last).holds(
        lambda: set(counts.values()) == {1},
        "each of them once",
        lambda: (
            f"{sum(n == 0 for n in counts.values())} lost, "
            f"{sum(n > 1 for n in counts.values())} repeated"
        ),
    )

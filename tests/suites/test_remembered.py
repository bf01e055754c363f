"""Where nothing can have changed nobody looks again, and everywhere else somebody does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.evidence import Unmasked
from suites.idp.histories.model import Crew
from suites.idp.histories.model import Place
from suites.idp.histories.remembered import Remembered

ANN, BOB = (
    Person(
        user_name=f"{name}@example.com",
        given_name=name,
        family_name="Example",
        email=f"{name}@example.com",
        display_name=name,
        idp_id=f"key-{name}",
    )
    for name in ("ann", "bob")
)
PLACES = [Place(each.user_name, each) for each in (ANN, BOB)]
FORMER = Place("former@example.com", None)
CREW = Crew("crew", frozenset({"key-ann"}))


class Looks:
    """A history with two people who were found in order."""

    def __init__(self) -> None:
        self.log = CaseLog("case", Unmasked(), lambda line: None)
        self.seen = Remembered(self.log)
        self.write("POST", "/Users", {"userName": ANN.user_name})
        self.find([*PLACES, FORMER])
        self.seen.crew_found(CREW, "g", whole=True)

    def write(self, method: str, target: str, body: Json = None) -> None:
        raw = RawExchange(method=method, target=target, headers=(), body=None, reply=None)
        entry = self.log.record(raw)
        self.log.entries[-1] = replace(entry, request_body=body)

    def find(self, places: list[Place]) -> None:
        for place in places:
            name = place.name.partition("@")[0]
            self.seen.found(place, [f"id-{name}"] if place.person else [])

    def due(self, *places: Place, whole: bool = False) -> tuple[list[str], list[str]]:
        due, rest = self.seen.people_due(places or [*PLACES, FORMER], whole=whole)
        return [each.name for each in due], [each.name for each in rest]


@pytest.fixture
def looks() -> Looks:
    return Looks()


def test_nobody_is_due_while_nothing_is_written(looks: Looks) -> None:
    looks.write("GET", "/Users/id-ann")
    assert looks.due(whole=True) == ([], [])
    assert looks.seen.crews_due([CREW], whole=True) == []


def test_who_is_expected_otherwise_is_due(looks: Looks) -> None:
    other = replace(ANN, family_name="Other")
    assert looks.due(Place(ANN.user_name, other), PLACES[1])[0] == [ANN.user_name]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_who_was_written_to_by_id_is_due_and_the_bystander_at_the_end(
    looks: Looks, method: str
) -> None:
    looks.write(method, "/Users/id-ann?attributes=id")
    assert looks.due(whole=True) == ([ANN.user_name], [BOB.user_name, FORMER.name])


def test_who_was_written_to_by_name_is_due(looks: Looks) -> None:
    looks.write("POST", "/Users", {"userName": FORMER.name.upper()})
    assert looks.due() == ([FORMER.name], [])


def test_a_write_that_may_be_about_anybody_makes_all_due(looks: Looks) -> None:
    looks.write("POST", "/Bulk", {"Operations": []})
    assert looks.due()[0] == [ANN.user_name, BOB.user_name, FORMER.name]


def test_who_is_due_has_no_account_until_found_again(looks: Looks) -> None:
    assert looks.seen.accounts == {"id-ann": "key-ann", "id-bob": "key-bob"}
    looks.write("DELETE", "/Users/id-ann")
    looks.due()
    assert looks.seen.accounts == {"id-bob": "key-bob"}


@pytest.mark.parametrize(
    "write",
    [
        ("PATCH", "/Groups/g"),
        ("POST", "/Groups", {"displayName": "Crew"}),
        ("PUT", "/Users/id-ann"),
        ("POST", "/Bulk"),
    ],
    ids=lambda write: " ".join(write[:2]),
)
def test_a_group_is_due_when_it_or_a_member_was_written_to(
    looks: Looks, write: tuple[str, ...]
) -> None:
    looks.write(*write)
    assert looks.seen.crews_due([CREW], whole=False) == [CREW]
    assert looks.seen.group_id(CREW) == ""


def test_a_group_that_nothing_happened_to_is_due_at_the_end_alone(looks: Looks) -> None:
    looks.write("PUT", "/Users/id-bob")
    assert looks.seen.crews_due([CREW], whole=False) == []
    assert looks.seen.crews_due([CREW], whole=True) == [CREW]


def test_a_group_with_other_people_is_due_and_its_id_is_not_taken_for_granted(looks: Looks) -> None:
    ended = Crew("crew", None)
    assert looks.seen.crews_due([ended], whole=False) == [ended]
    assert looks.seen.group_id(ended) == ""


def test_a_group_that_was_only_listed_is_read_at_the_end(looks: Looks) -> None:
    looks.seen.crew_found(CREW, "g", whole=False)
    assert looks.seen.crews_due([CREW], whole=False) == []
    assert looks.seen.crews_due([CREW], whole=True) == [CREW]
    assert looks.seen.group_id(CREW) == "g"

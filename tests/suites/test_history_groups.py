"""What histories demand of groups: which there must be, which may lack, and who is in them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from idp_profiles.living.clock import Clock
from idp_profiles.living.directory import Directory
from idp_profiles.model import Group
from idp_profiles.model import Person
from suites.idp.histories.embedded_office import embedded_office
from suites.idp.histories.habits import every
from suites.idp.histories.model import Crew
from suites.idp.histories.model import Memory
from suites.idp.histories.model import Model
from suites.idp.histories.office import Office
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

Open = Callable[..., Office]
ADA = Person(
    user_name="ada@example.com",
    given_name="Ada",
    family_name="Lovelace",
    email="ada@example.com",
    display_name="Ada Lovelace",
    idp_id="ada",
)


@pytest.fixture
def office() -> Iterator[Open]:
    """Open offices that close with the test."""
    with ExitStack() as stack:

        def start(idp: str, *deviations: str) -> Office:
            dialect = every()[idp].dialects[0]
            return stack.enter_context(embedded_office(idp, dialect, deviations))

        yield start


def demands(idp: str, people: tuple[Person, ...], memory: Memory, **names: str) -> list[Crew]:
    """Return what there must be of a group that is renamed, or is as it was formed."""
    directory = Directory(Clock())
    directory.hire(ADA)
    directory.assign("ada")
    directory.form(Group("crew", people, "g"))
    directory.assign("g")
    for name in names.values():
        directory.rename("g", name)
    return [*Model(directory, memory, every()[idp]).groups()]


@pytest.mark.parametrize(
    ("idp", "people"), [("okta", frozenset[str]()), ("jumpcloud", None), ("onelogin", None)]
)
def test_a_group_that_nobody_was_ever_in_exists_with_some(
    idp: str, people: frozenset[str] | None
) -> None:
    assert demands(idp, (), Memory()) == [Crew("crew", people)]


def test_no_group_is_asked_for_where_none_is_sent() -> None:
    assert demands("google", (ADA,), Memory(groups={"g": ["crew"]})) == []


@pytest.mark.parametrize("idp", ["okta", "jumpcloud", "onelogin"])
def test_a_group_with_somebody_who_is_active_has_to_be_there(idp: str) -> None:
    assert demands(idp, (ADA,), Memory()) == [Crew("crew", frozenset({"ada"}))]


@pytest.mark.parametrize(
    ("idp", "former"),
    [
        ("okta", Crew("crew", None)),
        ("jumpcloud", Crew("crew", None)),
        ("onelogin", Crew("crew", frozenset(), may_lack=True)),
    ],
)
def test_a_former_name_is_free_or_has_nobody(idp: str, former: Crew) -> None:
    known = Memory(groups={"g": ["crew"]})
    assert demands(idp, (ADA,), known, new="band") == [Crew("band", frozenset({"ada"})), former]


@pytest.mark.parametrize(("idp", "may_lack"), [("jumpcloud", False), ("onelogin", True)])
def test_a_group_that_everybody_left_goes_by_its_key_or_by_its_name(
    office: Open, idp: str, may_lack: bool
) -> None:
    here = office(idp)
    (key,) = here.hire()
    group = here.form(key)
    here.in_step()
    here.directory.leave(group, key)
    name = here.new_group_name()
    here.directory.rename(group, name)
    here.in_step()
    model = Model(here.directory, here.memory, here.habits)
    assert next(model.groups()) == Crew(name, frozenset(), may_lack=may_lack)
    found = here.site.look.groups_named(name).object()["totalResults"]
    assert found == (0 if may_lack else 1)


def test_a_member_who_is_left_in_a_former_group_is_found(office: Open) -> None:
    here = office("onelogin", "member-remove-ignored")
    group = here.form(*here.hire())
    here.in_step()
    here.directory.rename(group, here.new_group_name())
    with pytest.raises(Mismatch, match="1 person who should not be there"):
        here.in_step()


def test_a_former_group_that_stays_where_it_has_to_go_is_found(office: Open) -> None:
    here = office("jumpcloud", "group-delete-ignored")
    group = here.form(*here.hire())
    here.in_step()
    here.directory.dissolve(group)
    with pytest.raises(Mismatch, match="no groups called"):
        here.in_step()


@pytest.mark.parametrize("idp", ["authentik", "keycloak", "onelogin"])
def test_a_group_that_is_listed_is_there_though_a_search_overlooks_it(
    office: Open, idp: str
) -> None:
    here = office(idp, "group-filter-finds-nothing")
    one, two = here.hire(2)
    here.form(one)
    here.form(one, two)
    here.in_step()
    reads = [each.target for each in here.site.log.entries if each.method == "GET"]
    assert "/Groups" in reads


def test_a_group_that_is_listed_twice_is_called_two(office: Open) -> None:
    here = office("authentik", "group-filter-finds-nothing")
    group = here.form(*here.hire())
    here.in_step()
    here.site.look.create_group(here.directory.group(group).name)
    with pytest.raises(Mismatch, match="got 2 groups"):
        here.check()


def test_who_is_lost_in_a_group_that_a_search_overlooks_is_found(office: Open) -> None:
    here = office("authentik", "group-filter-finds-nothing", "member-remove-ignored")
    one, two = here.hire(2)
    group = here.form(one, two)
    here.in_step()
    here.directory.leave(group, one)
    with pytest.raises(Mismatch, match="1 person who should not be there"):
        here.in_step()


def test_a_server_that_keeps_new_users_inactive_is_not_accused(office: Open) -> None:
    here = office("jumpcloud", "put-deactivates")
    (key,) = here.hire()
    here.site.look.create_user(here.directory.person(key))
    with pytest.raises(NotOffered, match="inactive"):
        here.in_step()


def test_an_account_that_is_switched_off_later_is_found(office: Open) -> None:
    here = office("jumpcloud", "put-deactivates")
    (key,) = here.hire()
    here.in_step()
    here.rename(key)
    with pytest.raises(Mismatch, match="switched off"):
        here.in_step()


def test_a_server_that_deletes_no_users_cannot_lose_one(office: Open) -> None:
    here = office("jumpcloud", "delete-refused")
    (key,) = here.hire()
    here.in_step()
    with pytest.raises(NotOffered, match="deletes no users"):
        here.delete_account(key)

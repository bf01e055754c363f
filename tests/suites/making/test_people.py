from __future__ import annotations

import pytest

from suites.making import bodies
from suites.making.people import Registry
from suites.making.people import is_ours
from suites.making.people import mark_in
from suites.making.people import new_run_id
from suites.values import value_at
from suites.values import values_at


def registry(seed: int = 1, run_id: str = "abc123", case: str = "test_x") -> Registry:
    return Registry(seed=seed, run_id=run_id, case=case, domain="mail.example")


def test_the_same_seed_makes_the_same_people() -> None:
    assert registry().people(5) == registry().people(5)


def test_another_seed_makes_other_people() -> None:
    assert registry(seed=1).person().password != registry(seed=2).person().password


def test_neither_cases_nor_runs_meet() -> None:
    names = [
        person.user_name
        for run_id in ("abc123", "def456")
        for case in ("test_x", "test_y", "test_x[oin]")
        for person in registry(run_id=run_id, case=case).people(3)
    ]
    assert len(set(names)) == len(names)


def test_names_say_whose_they_are() -> None:
    made = registry()
    assert made.person().user_name.startswith("scimproof-abc123-")
    assert made.group().name.startswith("scimproof-abc123-")


def test_addresses_say_whose_they_are() -> None:
    # Some servers make the main address the userName, by which a run knows its own users.
    words = {"tag": registry().tag, "mark": "abc1231a2b3c", "domain": "mail.example"}
    world = bodies.filled(bodies.template("world.json"), words)
    made = [each["user"] for each in dict(world).values()]  # type: ignore[arg-type]  # an object
    made += [bodies.full_user(registry().person()), bodies.plain_user(registry().person())]
    addresses = [str(value) for user in made for value in values_at(user, "emails.value")]
    assert len(addresses) > 8
    assert all(map(is_ours, addresses))


def test_mail_goes_to_the_chosen_domain() -> None:
    assert registry().person().email.endswith("@mail.example")


def test_passwords_differ() -> None:
    made = registry()
    assert len({made.password() for _ in range(5)} | {made.person().password}) == 6


def test_runs_have_ids_of_their_own() -> None:
    assert len({new_run_id() for _ in range(20)}) > 1


def test_an_employee_has_a_number_an_address_and_a_title() -> None:
    described = registry().employee().attributes
    assert set(described) == {
        *("phone", "streetAddress", "locality", "region", "postalCode", "country", "title"),
    }
    assert all(described.values())
    # What is set aside for fiction reaches nobody.
    assert str(described["phone"]).startswith("+1-555-555-01")


def test_an_employee_can_have_other_attributes() -> None:
    described = registry().employee(department="Tours", title="Guide").attributes
    assert (described["department"], described["title"]) == ("Tours", "Guide")


def test_the_same_seed_makes_the_same_employees() -> None:
    assert registry().employee() == registry().employee()


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("scimproof-0a1b2c-3d4e5f-ann1@example.com", True),
        ("Ada-SCIMPROOF-0A1B2C-3D4E5F@example.com", True),
        ("scimproof-0a1b2c-3d4e5f", True),
        ("scimproof-0a1b2c-3d4e5f0@example.com", False),
        ("scimproof-0a1b2c-3d4e5@example.com", False),
        ("scimproof", False),
        ("not-scimproof-abcdef-@example.com", False),
    ],
)
def test_a_name_of_ours_holds_the_run_and_the_case(name: str, ours: bool) -> None:
    assert is_ours(name) is ours
    assert mark_in(name) == ("scimproof-0a1b2c-" if ours else None)


def test_everybody_in_the_world_has_a_name_of_ours() -> None:
    registry = Registry(seed=1, run_id="0a1b2c", case="case", domain="example.com")
    everybody = bodies.filled(
        bodies.template("world.json"), {"tag": registry.tag, "mark": "m", "domain": "example.com"}
    )
    assert isinstance(everybody, dict)
    names = [str(value_at(entry, "user.userName")) for entry in everybody.values()]
    assert len(names) > 5
    assert all(map(is_ours, names))

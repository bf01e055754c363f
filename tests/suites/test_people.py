from __future__ import annotations

from suites.people import Registry
from suites.people import new_run_id


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

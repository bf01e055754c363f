"""People whom Entra creates: the plainest of them, and those of whom the directory knows more."""

from __future__ import annotations

from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.conftest import Bench
from suites.making.people import Registry
from suites.replay import Replay

from .conftest import DIRECTORY
from .conftest import Acted
from .conftest import object_id


def plainest_of(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """Return a person with names and e-mail whom Entra has just assigned; made once, to be read."""

    def make() -> Acted:
        maker = entra.on(bench.shared.journal)
        person = people.person()
        # Not what a server would make of the names.
        person = replace(person, display_name=f"{person.display_name} (Vienna)")
        outcome = maker.mock.assign(person)
        return Acted(person, user_of(maker, person), outcome)

    return bench.shared.once("entra-plainest", bench.log, make)


def described(people: Registry, *sources: str, **attributes: Json) -> Person:
    """Return a new person of whom the directory knows some of its attributes, and those given."""
    known = {source: DIRECTORY[source] for source in sources}
    person = people.person()
    return replace(person, idp_id=object_id(person.user_name), attributes={**known, **attributes})


def user_of(entra: Replay, person: Person) -> str:
    """Return the id under which Entra knows a person."""
    return str(entra.idp.user_id(person))

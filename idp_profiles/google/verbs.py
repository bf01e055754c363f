"""What can be done by hand, one verb at a time; every verb finds by a look-up what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Iterator

from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

from .behaviour import Google


def _person(wishes: Wishes) -> Person:
    # Google's ids are 21 digits; deriving ours from the login keeps them equal between commands.
    digest = int(hashlib.sha256(wishes.user_name.encode()).hexdigest(), 16)
    return wished_person(wishes, f"{digest % 10**21:021d}")


def _adopted(
    act: Callable[[Google, Person, Wishes], Script],
) -> Callable[[Google, Wishes], Iterator[Script]]:
    """Return a verb that looks the user up before it acts."""

    def run(idp: Google, wishes: Wishes) -> Iterator[Script]:
        person = _person(Wishes(user_name=wishes.user_name))
        yield idp.adopt(person)
        yield act(idp, person, wishes)

    return run


def _update(idp: Google, person: Person, wishes: Wishes) -> Script:
    names = ("given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {name: getattr(wishes, name) for name in names}
    return idp.update_as("", person, {key: value for key, value in changes.items() if value})


VERBS: dict[str, Verb[Google]] = {
    "test-connection": Verb(
        "enter endpoint URL and access token", (), lambda idp, _: iter([idp.test_connection()])
    ),
    "assign": Verb(
        "turn the app on for a user",
        ("user_name",),
        lambda idp, wishes: iter([idp.turn_on(_person(wishes))]),
    ),
    "update": Verb("change a user's attributes", ("user_name",), _adopted(_update)),
    "rename": Verb(
        "change a user's primary e-mail address",
        ("user_name", "new_user_name"),
        _adopted(lambda idp, person, wishes: idp.update(person, email=wishes.new_user_name)),
    ),
    "deactivate": Verb(
        "turn the app off for a user",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.turn_off(person)),
    ),
    "reactivate": Verb(
        "turn the app on again for a user",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.turn_on(person)),
    ),
    "delete": Verb(
        "delete a user where the app's settings offer a deletion",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.delete_in_idp(person, hard=True)),
    ),
}

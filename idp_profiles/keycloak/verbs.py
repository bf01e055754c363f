"""What can be done by hand: the extension never looks anything up, so only creating works."""

from __future__ import annotations

import uuid

from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

from .behaviour import Keycloak


def _person(wishes: Wishes) -> Person:
    return wished_person(wishes, str(uuid.uuid5(uuid.NAMESPACE_URL, wishes.user_name)))


def _group(wishes: Wishes) -> Group:
    return Group(wishes.group, (), str(uuid.uuid5(uuid.NAMESPACE_URL, wishes.group)))


# A change needs the link that a create left behind, and a command forgets it when it ends.
VERBS: dict[str, Verb[Keycloak]] = {
    "assign": Verb(
        "create a user", ("user_name",), lambda kc, wishes: iter([kc.assign(_person(wishes))])
    ),
    "push-group": Verb(
        "create a group without members",
        ("group",),
        lambda kc, wishes: iter([kc.push_group(_group(wishes))]),
    ),
}

"""What a mock Okta keeps about the app over a long history: which account and group is whose."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import replace
from typing import Any

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person

from .org import Link
from .org import Org
from .org import PushedGroup


class Links:
    """The links of one mock Okta; all state lives in the org."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def save(self) -> dict[str, Json]:
        """Return every link as JSON types, without passwords."""
        links: dict[str, Json] = {
            key: {"user_id": one.user_id, "active": one.active, "pushed": _person(one.pushed)}
            for key, one in self._org.links.items()
        }
        groups: dict[str, Json] = {
            key: {
                "name": one.group.name,
                "key": one.group.idp_id,
                "group_id": one.group_id,
                "push": one.push,
                "members": [_person(each) for each in one.group.members],
            }
            for key, one in self._org.groups.items()
        }
        people: list[Json] = [_person(each) for each in self._org.people.values()]
        return {"links": links, "groups": groups, "people": people}

    def load(self, kept: Any) -> None:  # noqa: ANN401 - JSON
        """Take up what `save` returned; raises KeyError or TypeError for anything else."""
        org = self._org
        people = [Person(**row) for row in kept["people"]]
        org.links = {
            key: Link(row["user_id"], Person(**row["pushed"]), row["active"])
            for key, row in kept["links"].items()
        }
        org.groups = {
            key: PushedGroup(_group(row), row["group_id"], row["push"])
            for key, row in kept["groups"].items()
        }
        for person in people:
            org.remember(person)


def _person(person: Person) -> dict[str, Json]:
    row: dict[str, Json] = asdict(replace(person, attributes={}))
    del row["password"]
    return {**row, "attributes": dict(person.attributes)}


def _group(row: Any) -> Group:  # noqa: ANN401 - JSON
    members = tuple(Person(**each) for each in row["members"])
    return Group(row["name"], members, row["key"])

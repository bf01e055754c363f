"""What the cases of discovery ask once: lists with parameters, and single entries."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import pytest

from suites.bench import Discovery
from suites.client import USER_URN
from suites.client import Seen
from suites.lab import Lab
from suites.scim_fixtures import Experiment
from suites.values import items
from suites.values import value_at
from suites.verdicts import NotOffered


@dataclass(frozen=True, slots=True)
class Asked:
    """A reply, the id or name of what was asked for, and all there is without parameters."""

    reply: Seen
    id: str = ""
    all: tuple[str, ...] = ()

    def ids(self) -> tuple[str, ...]:
        """Return what the reply lists."""
        return _names(self.reply)


def _names(reply: Seen) -> tuple[str, ...]:
    listed = items(value_at(reply.object(), "Resources"))
    return tuple(sorted(str(value_at(each, "id") or value_at(each, "name")) for each in listed))


def _lists(discovery: Discovery, lab: Lab, query: str) -> dict[str, Asked]:
    replies = {
        "ResourceTypes": lab.scim.get(f"/ResourceTypes?{query}"),
        "Schemas": lab.scim.get(f"/Schemas?{query}"),
    }
    known = {"ResourceTypes": discovery.types, "Schemas": discovery.schemas}
    return {name: Asked(reply, all=_names(known[name])) for name, reply in replies.items()}


@pytest.fixture
def paged(discovery: Discovery, experiment: Experiment) -> dict[str, Asked]:
    """The lists asked for by pages of one, from the second entry on, in an order."""
    query = "startIndex=2&count=1&sortBy=name"
    return experiment(lambda lab: _lists(discovery, lab, query), key="discovery by pages")


@pytest.fixture
def filtered(discovery: Discovery, experiment: Experiment) -> dict[str, Asked]:
    """The three endpoints asked with a filter that the entry of users matches."""

    def ask(lab: Lab) -> dict[str, Asked]:
        config = lab.scim.get("/ServiceProviderConfig", filter="patch.supported eq true")
        lists = _lists(discovery, lab, "filter=name%20eq%20%22User%22")
        return {**lists, "ServiceProviderConfig": Asked(config)}

    return experiment(ask, key="discovery with a filter")


@pytest.fixture
def single_schema(discovery: Discovery, experiment: Experiment) -> Asked:
    """The schema of users by itself."""

    def ask(lab: Lab) -> Asked:
        return Asked(lab.scim.get(f"/Schemas/{quote(USER_URN, safe=':')}"), USER_URN)

    return experiment(ask, key="one schema")


@pytest.fixture
def single_type(discovery: Discovery, experiment: Experiment) -> Asked:
    """The resource type of users by itself, at its own address."""
    listed = items(value_at(discovery.types.object(), "Resources"))
    mine = next((each for each in listed if value_at(each, "name") == "User"), None)
    if mine is None or not isinstance(value_at(mine, "id"), str):
        raise NotOffered("/ResourceTypes gives no id for users, which is optional")
    place = quote(str(value_at(mine, "id")), safe="")

    def ask(lab: Lab) -> Asked:
        return Asked(lab.scim.get(f"/ResourceTypes/{place}"), "User")

    return experiment(ask, key="one resource type")

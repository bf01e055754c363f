"""What the cases of discovery ask once: lists, single entries, and what announced features do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import pytest

from suites.bench import Discovery
from suites.client import USER_URN
from suites.client import Seen
from suites.discovery import writing
from suites.discovery.entries import Entry
from suites.discovery.entries import entries_of
from suites.discovery.writing import Handled
from suites.discovery.writing import Written
from suites.making.lab import Lab
from suites.schemas.listed import listing
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verdicts import Blocked
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
    names = [value_at(each, "id") or value_at(each, "name") for each in listing(reply)]
    return tuple(sorted(map(str, names)))


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
    every = listing(discovery.types)
    mine = next((each for each in every if value_at(each, "name") == "User"), None)
    if mine is None or not isinstance(value_at(mine, "id"), str):
        raise NotOffered("/ResourceTypes gives no id for users, which is optional")
    place = quote(str(value_at(mine, "id")), safe="")

    def ask(lab: Lab) -> Asked:
        return Asked(lab.scim.get(f"/ResourceTypes/{place}"), "User")

    return experiment(ask, key="one resource type")


@pytest.fixture
def config(discovery: Discovery) -> Seen:
    """The configuration, which is there; whether it is has a case of its own."""
    seen = discovery.config
    if seen.status in (404, 501):
        raise NotOffered("the server has no /ServiceProviderConfig")
    if seen.status != 200 or not seen.object() or "Resources" in seen.object():
        reason = f"GET /ServiceProviderConfig answered {seen.status} without the configuration"
        raise Blocked(reason, by="RFC7644-4-2", entry=seen.entry)
    return seen


@pytest.fixture
def listed_types(discovery: Discovery) -> tuple[Entry, ...]:
    """The resource types as they are listed; skips the case where there are none."""
    return entries_of(discovery.types, "the server does not publish its resource types")


@pytest.fixture
def listed_schemas(discovery: Discovery) -> tuple[Entry, ...]:
    """The schemas as they are listed; skips the case where there are none."""
    return entries_of(discovery.schemas, "the server does not publish its schemas")


@pytest.fixture
def written(discovery: Discovery, experiment: Experiment) -> dict[str, Written]:
    """Each kind of discovery document replaced by itself with a change."""
    return experiment(lambda lab: writing.write(discovery, lab), key="discovery replaced")


@pytest.fixture
def handled(experiment: Experiment) -> Handled:
    """A user who is changed by PATCH, and given another password."""
    return experiment(writing.handle)

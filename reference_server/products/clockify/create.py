"""How the simulated Clockify begins: its settings, its workspace, and the people in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from dataclasses import replace

from reference_server.messages import Json
from reference_server.products.building import Parts
from reference_server.products.product import Product
from reference_server.tolerances import Tolerance

from . import deviations
from .door import Door
from .rules import Rules
from .service import Clockify
from .view import ClockifyView
from .workspace import PLANS
from .workspace import Group
from .workspace import Member
from .workspace import Role
from .workspace import Status
from .workspace import Workspace
from .workspace import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the workspace is at the start."""

    plan: str = "ENTERPRISE_2021"
    empty: bool = False  # nobody but the owner, no groups and no invitation
    workspace_name: str = "Cool Company"
    domain: str = "example.com"  # of the people at the start, and for joining automatically
    owner_key: str = field(default="", repr=False)  # made up when empty


def settings_of(values: Mapping[str, Json]) -> Settings:
    """Read settings, or raise ValueError for one that there is not, or of another type."""
    known = {each.name: type(each.default) for each in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise ValueError(f"clockify has no setting {name!r}; known: {', '.join(known)}")
        if type(value) is not known[name]:
            raise ValueError(f"the setting {name} must be of type {known[name].__name__}")
    settings = Settings(**values)  # type: ignore[arg-type]  # checked above
    if settings.plan not in PLANS:
        raise ValueError(f"there is no plan {settings.plan!r}; known: {', '.join(PLANS)}")
    return settings


def create(parts: Parts) -> Product:
    """Build the product with its people."""
    settings = settings_of(parts.settings)
    rules, wrap = deviations.departed(Rules(), parts.departures)
    if not rules.repeated_bearer:
        off = (*parts.without_tolerances, Tolerance.REPEATED_BEARER.value)
        parts = replace(parts, without_tolerances=off)
    workspace = Workspace(parts.new_id(), settings.workspace_name, settings.plan, settings.domain)
    clockify = Clockify(workspace, rules, parts)
    people = _people(settings, parts)
    for member in people.values():
        workspace.add(member)
    if not settings.empty:
        _fill(workspace, people, parts)
    return Product(
        "clockify",
        wrap(Door(clockify).handle),
        keys={label: each.key for label, each in people.items() if each.status is Status.ACTIVE},
        workspace=workspace.id,
        view=lambda: ClockifyView(clockify),
    )


def _people(settings: Settings, parts: Parts) -> dict[str, Member]:
    """Return the people at the start by what they are."""

    def person(name: str, role: Role, *, limited: bool = False, key: str = "") -> Member:
        address = f"{name.replace(' ', '.').lower()}@{settings.domain}"
        return Member(
            id=parts.new_id(),
            email=address,
            name=name,
            role=role,
            limited=limited,
            key=key or new_key(),
            time_zone="Europe/Belgrade",
        )

    owner = person("Olivia Owner", Role.OWNER, key=settings.owner_key)
    if settings.empty:
        return {"owner": owner}
    return {
        "owner": owner,
        "admin": person("Adam Admin", Role.ADMIN),
        "user": person("Uma User", Role.USER),
        "limited": person("Liam Limited", Role.USER, limited=True),
    }


def _fill(workspace: Workspace, people: Mapping[str, Member], parts: Parts) -> None:
    """Put an open invitation and two groups into a workspace."""
    email = f"ines.invited@{workspace.join_domain}"
    workspace.add(
        Member(id=parts.new_id(), email=email, name="ines.invited", status=Status.PENDING)
    )
    for name, labels in (("Designers", ("user", "limited")), ("Developers", ("admin", "user"))):
        members = dict.fromkeys(people[label].id for label in labels)
        workspace.add_group(Group(id=parts.new_id(), name=name, members=members))

"""RFC 7643 sections 8.1 to 8.4: users and groups have the shape of the examples."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from idp_profiles.model import Json
from suites.attributes.conftest import Creates
from suites.attributes.showing import shows
from suites.client import ENTERPRISE_URN
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import is_empty
from suites.values import items
from suites.values import value_at
from suites.verbs import Made


@requirement("RFC7643-8.1-1", proof=("meta-left-out", "users-without-schemas"))
def test_a_minimal_user_is_whole(creates: Creates) -> None:
    """A user with nothing but a userName has schemas, id, userName and `meta`."""
    seen = expect(creates["least"].made().after).status(200)
    for name in ("schemas", "id", "userName", "meta"):
        seen.filled(name)


def _paths(document: Mapping[str, Json]) -> Iterator[str]:
    """Yield the paths of core attributes and sub-attributes that have values."""
    for name, value in document.items():
        if name.startswith("urn:") or name == "password":
            continue
        parts = [each for each in (value, *items(value)) if isinstance(each, dict)]
        yield from ([f"{name}.{key}" for each in parts for key in each] or [name])


@requirement(
    "RFC7643-8.2-1", proof=("create-drops-name", "create-drops-display-name", "email-types-lost")
)
def test_a_full_user_is_kept(calm_user: Made) -> None:
    """A user is shown with every attribute with which it was created."""
    paths = sorted({*_paths(calm_user.sent)})
    lost: list[Json] = [path for path in paths if not calm_user.has(path)]
    shows(calm_user.reply, holds=not lost, wanted="every attribute", came=lost)


@requirement("RFC7643-8.3-1", proof=("enterprise-dropped",))
def test_a_full_enterprise_user_is_kept(calm_user: Made) -> None:
    """A user is shown with every attribute of the extension with which it was created."""
    sent = value_at({**calm_user.sent}, ENTERPRISE_URN)
    shown = value_at({**calm_user.stored}, ENTERPRISE_URN)
    lost: list[Json] = [
        name for name in (sent if isinstance(sent, dict) else {}) if is_empty(value_at(shown, name))
    ]
    shows(calm_user.reply, holds=not lost, wanted="the whole extension", came=lost)


@requirement("RFC7643-8.4-1", proof=("group-create-ignores-members", "members-without-value"))
def test_a_group_has_a_name_and_members(calm_group: Made, reading: Reading) -> None:
    """A group is shown with its displayName and its members, each with a value."""
    entries = items(calm_group.value("members"))
    for name in ("$ref", "display"):
        there = entries and all(value_at(each, name) for each in entries)
        reading(f"members are shown {'with' if there else 'without'} {name}")
    good = calm_group.has("displayName") and all(value_at(each, "value") for each in entries)
    wanted = f"displayName and {len(items(calm_group.sent['members']))} members"
    same = len(entries) == len(items(calm_group.sent["members"]))
    shows(
        calm_group.reply, holds=good and same, wanted=wanted, came=calm_group.stored.get("members")
    )

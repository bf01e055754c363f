"""What the admin API shows of an organisation, as JSON."""

from __future__ import annotations

from reference_server.messages import Json

from .organisation import Organisation
from .state import PENDING
from .state import Listed
from .state import Member
from .state import PushedGroup


def member_view(member: Member) -> dict[str, Json]:
    """Show an account."""
    return {
        "id": member.id,
        "email": member.email,
        "name": member.name,
        "firstName": member.first_name,
        "lastName": member.last_name,
        "title": member.title,
        "role": member.role,
        "plan": member.plan,
        "blocked": member.blocked,
    }


def waiting_view(listed: Listed) -> dict[str, Json]:
    """Show an address whose owner has not signed up yet; there is no account to show."""
    return {
        "id": None,
        "email": listed.email,
        "name": "",
        "firstName": "",
        "lastName": "",
        "title": "",
        "role": None,
        "plan": PENDING,
        "blocked": False,
    }


def people_view(organisation: Organisation) -> list[Json]:
    """Show all accounts, and after them the addresses that wait."""
    members = [member_view(each) for each in organisation.state.members]
    return [*members, *(waiting_view(each) for each in organisation.waiting())]


def organisation_view(organisation: Organisation) -> dict[str, Json]:
    """Show the organisation: its subscription and what decides who has a seat."""
    state, settings = organisation.state, organisation.settings
    return {
        "subscription": settings.subscription,
        "directory": directory_view(organisation) if state.connected else None,
        "pushed": sum(each.active for each in state.listed.values()),
        "threshold": settings.threshold,
        "switched": state.switched,
        "blockingGroup": state.blocking_group,
    }


def directory_view(organisation: Organisation) -> dict[str, Json]:
    """Show the directory that is connected, without its token."""
    connected = organisation.directory_in_use()
    return {"id": connected.id, "type": connected.type, "state": "linked"}


def listed_view(listed: Listed, groups: list[PushedGroup]) -> dict[str, Json]:
    """Show a user of the directory, with the names that the directory service uses."""
    emails: list[Json] = [{"value": listed.email, "primary": True}] if listed.email else []
    return {
        "id": listed.id,
        "idp_id": listed.idp_id,
        "emails": emails,
        "username": listed.username,
        "first_name": listed.first_name,
        "last_name": listed.last_name,
        "job_title": listed.title,
        "state": listed.state,
        "groups": [each.name for each in groups if listed.idp_id in each.people],
        "raw_attributes": dict(listed.raw),
    }


def group_view(group: PushedGroup, organisation: Organisation) -> dict[str, Json]:
    """Show a group of the directory, with the addresses of the people in it."""
    listed = organisation.state.listed
    people = [listed[each] for each in sorted(group.people) if each in listed]
    return {
        "id": group.idp_id,
        "name": group.name,
        "idp_ids": [each.idp_id for each in people],
        "emails": [each.email for each in people],
    }

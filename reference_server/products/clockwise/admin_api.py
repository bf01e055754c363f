"""The admin API: who has which seat, and what the directory says.

The real product shows this in its web application only; the paths and shapes are our own.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from reference_server.messages import Json
from reference_server.messages import Response
from reference_server.products.routes import Call
from reference_server.products.routes import Refused
from reference_server.products.routes import json_reply

from . import views
from .organisation import Organisation
from .state import ADMIN
from .state import Member

ADMIN_PATH = "/admin/v1"
Answer: TypeAlias = Callable[[Call, Member], Response]


@dataclass(frozen=True, slots=True)
class AdminApi:
    """Answers what is below `/admin/v1`; whoever calls holds the product's lock."""

    organisation: Organisation

    @property
    def table(self) -> Mapping[str, Answer]:
        """Who answers what."""
        return {
            f"GET {ADMIN_PATH}/me": self._me,
            f"GET {ADMIN_PATH}/organization": self._organization,
            f"GET {ADMIN_PATH}/members": self._members,
            f"POST {ADMIN_PATH}/members": self._add,
            f"GET {ADMIN_PATH}/directory/users": self._users,
            f"GET {ADMIN_PATH}/directory/groups": self._groups,
            f"GET {ADMIN_PATH}/directory/events": self._events,
        }

    def _me(self, _call: Call, who: Member) -> Response:
        return json_reply(200, views.member_view(who))

    def _organization(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        return json_reply(200, views.organisation_view(self.organisation))

    def _members(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        return json_reply(200, {"data": views.people_view(self.organisation)})

    def _add(self, call: Call, who: Member) -> Response:
        expect_admin(who)
        return json_reply(201, views.member_view(self.organisation.add(*person_of(call))))

    def _users(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        state = self.organisation.state
        groups = list(state.groups.values())
        shown: list[Json] = [views.listed_view(each, groups) for each in state.listed.values()]
        return json_reply(200, {"data": shown})

    def _groups(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        groups = self.organisation.state.groups.values()
        shown: list[Json] = [views.group_view(each, self.organisation) for each in groups]
        return json_reply(200, {"data": shown})

    def _events(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        shown: list[Json] = [
            {"id": each.number, "event": each.name, "data": {"id": each.subject}}
            for each in self.organisation.state.events
        ]
        return json_reply(200, {"data": shown})


def expect_admin(who: Member) -> None:
    """Let only an admin of the plan do something."""
    if who.role != ADMIN:
        raise Refused(403, "This is for admins of the plan.")


def person_of(call: Call) -> tuple[str, str, str]:
    """Return address, first name and last name of who is to have an account."""
    first = call.text("firstName") if "firstName" in call.body else ""
    last = call.text("lastName") if "lastName" in call.body else ""
    return call.text("email"), first, last

"""What the real product has only in its web application, so that each promise can be tried."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

from reference_server.http_rules import HOST
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.products.product import SIMULATION_PATH
from reference_server.products.routes import Call
from reference_server.products.routes import Refused
from reference_server.products.routes import json_reply

from . import views
from .admin_api import Answer
from .admin_api import expect_admin
from .admin_api import person_of
from .organisation import Organisation
from .settings import SettingsError
from .state import Connected
from .state import Member

TOKEN_TYPE = "OAuth Bearer Token"  # noqa: S105 # the words of the set-up guide, no token


@dataclass(frozen=True, slots=True)
class SimulationApi:
    """Answers what is below `/simulation/v1`; whoever calls holds the product's lock.

    `changed` lets the SCIM service be as the organisation has it now.
    """

    organisation: Organisation
    changed: Callable[[], None]
    scim_path: str

    @property
    def table(self) -> Mapping[str, Answer]:
        """Who answers what."""
        base = SIMULATION_PATH
        return {
            f"GET {base}/directory": self._directory,
            f"POST {base}/directory": self._connect,
            f"DELETE {base}/directory": self._disconnect,
            f"POST {base}/directory/token": self._rotate,
            f"POST {base}/sign-up": self._sign_up,
            f"PUT {base}/blocking": self._block,
            f"GET {base}/settings": self._settings,
            f"PUT {base}/settings": self._change_settings,
            f"GET {base}/members/{{memberId}}/key": self._key,
        }

    def _directory(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        return json_reply(200, views.directory_view(self.organisation))

    def _connect(self, call: Call, who: Member) -> Response:
        connected = self.organisation.connect(who, call.text("type"))
        self.changed()
        shown = views.directory_view(self.organisation)
        return json_reply(201, {**shown, **self._secrets(call.request, connected)})

    def _rotate(self, call: Call, who: Member) -> Response:
        connected = self.organisation.rotate(who)
        self.changed()
        return json_reply(200, self._secrets(call.request, connected))

    def _disconnect(self, _call: Call, who: Member) -> Response:
        self.organisation.disconnect(who)
        self.changed()
        return json_reply(204, None)

    def _sign_up(self, call: Call, who: Member) -> Response:
        expect_admin(who)
        member = self.organisation.sign_up(*person_of(call))
        return json_reply(201, {**views.member_view(member), "key": member.key})

    def _block(self, call: Call, who: Member) -> Response:
        expect_admin(who)
        group = call.body.get("group")
        if group is not None and not isinstance(group, str):
            raise Refused(400, "group: the id of a group is expected, or null.")
        self.organisation.block_unlisted(group)
        return json_reply(200, views.organisation_view(self.organisation))

    def _settings(self, _call: Call, who: Member) -> Response:
        expect_admin(who)
        return json_reply(200, self.organisation.settings.to_json())

    def _change_settings(self, call: Call, who: Member) -> Response:
        expect_admin(who)
        try:
            settings = self.organisation.settings.changed(call.body)
        except SettingsError as fault:
            raise Refused(400, f"{fault}.") from fault
        self.organisation.change_settings(settings)
        return json_reply(200, settings.to_json())

    def _key(self, call: Call, who: Member) -> Response:
        """Hand out somebody's API key, so that a test can see what that person still can do."""
        expect_admin(who)
        for each in self.organisation.state.members:
            if each.id == call.parts["memberId"]:
                return json_reply(200, {"key": each.key})
        raise Refused(404, "There is no account with this id.")

    def _secrets(self, request: Request, connected: Connected) -> dict[str, Json]:
        return {
            "baseUrl": f"{origin(request)}{self.scim_path}",
            "token": connected.token,
            "tokenType": TOKEN_TYPE,
        }


def origin(request: Request) -> str:
    """Return scheme and host as the client sees them, or nothing without a usable Host."""
    spoken = (request.header("X-Forwarded-Proto") or "").partition(",")[0].strip().lower()
    scheme = "https" if spoken == "https" else "http"
    host = request.header("Host") or ""
    match = HOST.fullmatch(host)
    return f"{scheme}://{host.lower()}" if match is not None and match["name"] else ""
